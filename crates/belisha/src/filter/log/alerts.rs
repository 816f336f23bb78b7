//! The page of alerts: what is unusual and nobody has looked into, and what was. Which device and
//! which name stands on the alert's own page.

use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::monitoring::Unusual;
use belisha_ui::{Column, EmptyState, Frame, Html, Table, Tag, TagColour};

use super::alert;
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::moment_at;

/// Where alerts stand.
pub(super) fn url() -> String {
    "/filter/alerts".to_owned()
}

/// Which alerts a viewer may know of: those about what was asked for, and those about the systems.
pub(super) fn may(viewer: &Viewer, technical: bool) -> bool {
    let action = if technical {
        Action::ReadTechnicalAlert
    } else {
        Action::HandleFilterAlert
    };
    viewer
        .may(action, &RecordFacts::of(Kind::FilterLog))
        .is_allowed()
}

#[derive(Template)]
#[template(path = "filter/log/alerts.html")]
struct AlertsPage {
    frame: Frame,
    empty: Option<EmptyState>,
    open: Option<Table>,
    over: Option<Table>,
}

struct Line {
    id: String,
    why: Unusual,
    technical: bool,
    cells: [Html; 4],
    is_open: bool,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(
        Action::ReadTechnicalAlert,
        &RecordFacts::of(Kind::FilterLog),
    )?;
    let lines = lines(&mut viewer.read().await?, &viewer).await?;
    let shown: Vec<&Line> = lines
        .iter()
        .filter(|line| may(&viewer, line.technical))
        .collect();
    let table = |caption: &str, open: bool| {
        let rows: Vec<Vec<Html>> = shown
            .iter()
            .filter(|line| line.is_open == open)
            .map(|line| {
                let mut row = vec![Html::link(line.why.name(), &alert::url(&line.id))];
                row.extend(line.cells.iter().cloned());
                row
            })
            .collect();
        let columns = ["What", "Group", "About", "When", "Stands"].map(Column::new);
        (!rows.is_empty()).then(|| Table::new(caption, columns.to_vec(), rows))
    };
    crate::web::page(&AlertsPage {
        frame: frame::of(&viewer),
        empty: shown.is_empty().then(|| {
            EmptyState::new(
                "No alerts",
                "What is unusual in the log of the filter is listed here. The program looks every few minutes.",
            )
        }),
        open: table("To be looked into", true),
        over: table("Looked into", false),
    })
}

async fn lines(records: &mut Connection, viewer: &Viewer) -> Result<Vec<Line>, Fault> {
    sql(
        "select id, kind, technical, at_once, first_at, for_group, category, handled_at, outcome
         from filter_alert order by made_at desc, id",
    )
    .all(records)
    .await?
    .iter()
    .map(|row| {
        let open = row.instant_optional("handled_at")?.is_none();
        let at_once: bool = row.get("at_once")?;
        let stands = match (open, at_once) {
            (true, true) => Html::of(&Tag {
                colour: TagColour::Red,
                ..Tag::new("At once")
            }),
            (true, false) => Html::of(&Tag {
                colour: TagColour::Amber,
                ..Tag::new("Open")
            }),
            (false, _) => row
                .read_optional("outcome", alert::Outcome::from_key)?
                .map_or_else(Html::default, |outcome| outcome.name().into()),
        };
        let category: String = row.get("category")?;
        Ok(Line {
            id: row.get("id")?,
            why: row.read("kind", Unusual::from_key)?,
            technical: row.get("technical")?,
            cells: [
                row.get::<String>("for_group")?.into(),
                alert::about(&category).into(),
                moment_at(&viewer.school, row.instant("first_at")?).into(),
                stands,
            ],
            is_open: open,
        })
    })
    .collect()
}
