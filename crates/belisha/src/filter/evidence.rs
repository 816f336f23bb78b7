//! Standing evidence: what the United Kingdom's published definitions of appropriate filtering and
//! of appropriate monitoring, and the Department for Education's standards, ask for, line by line,
//! each answered from the live configuration, the self-test and the records. What is not covered is
//! said as plainly as what is.

mod definitions;
mod live;

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, Column, Frame, Html, Status, StatusTag, Table};

use self::definitions::{filtering, monitoring, standards};
use super::lists;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::moment_at;

/// Where the evidence stands.
pub(crate) fn url() -> String {
    "/filter/evidence".to_owned()
}

#[derive(Template)]
#[template(path = "filter/evidence.html")]
struct EvidencePage {
    frame: Frame,
    made_at: String,
    definitions: Vec<Shown>,
    tests: Option<Table>,
    tested_at: Option<String>,
    /// The submission and the button, for those who may have it tested.
    test: Option<(String, Button)>,
}

struct Shown {
    title: &'static str,
    source: &'static str,
    table: Table,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilter, &RecordFacts::of(Kind::Filter))?;
    let mut records = viewer.read().await?;
    let judge = lists::judge(&mut records, &viewer.school).await?;
    let live = live::read(&mut records, &viewer, &judge).await?;
    drop(records);
    let columns = ["It asks for", "Stands", "Here"].map(Column::new).to_vec();
    let definitions = [filtering(&live), monitoring(&live), standards(&live)]
        .into_iter()
        .map(|definition| Shown {
            title: definition.title,
            source: definition.source,
            table: Table {
                caption_hidden: true,
                ..Table::new(
                    definition.title,
                    columns.clone(),
                    definition
                        .criteria
                        .into_iter()
                        .map(|criterion| {
                            vec![
                                criterion.asks.into(),
                                criterion.stands.tag(),
                                criterion.answer.into(),
                            ]
                        })
                        .collect(),
                )
            },
        })
        .collect();
    let rows: Vec<Vec<Html>> = live
        .tests
        .iter()
        .map(|test| {
            let status = if test.failed == 0 {
                Status::Met
            } else {
                Status::NotMet
            };
            vec![
                test.group.clone().into(),
                if test.place.is_empty() {
                    "this server"
                } else {
                    test.place.as_str()
                }
                .into(),
                Html::of(&StatusTag::new(status)),
                test.asked.to_string().into(),
                if test.says.is_empty() {
                    "nothing"
                } else {
                    test.says.as_str()
                }
                .into(),
            ]
        })
        .collect();
    let columns = ["Group", "At", "Test", "Questions", "Failed"]
        .map(Column::new)
        .to_vec();
    crate::web::page(&EvidencePage {
        frame: frame::of(&viewer),
        made_at: moment_at(&viewer.school, viewer.now),
        definitions,
        tests: (!rows.is_empty())
            .then(|| Table::new("The newest test of each group", columns, rows)),
        tested_at: live.tested_at,
        test: viewer
            .may(Action::TestFilter, &RecordFacts::of(Kind::Filter))
            .is_allowed()
            .then(|| (viewer.school.new_row_id(), Button::submit("Test it now"))),
    })
}
