//! My reports: what a person sent, and its state.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, ReportId};
use belisha_ui::{Button, Column, EmptyState, Frame, Html, Table};

use crate::db::sql;
use crate::home::frame;
use crate::incidents::{queries, times};
use crate::problem::Problem;
use crate::viewer::Viewer;

pub(crate) fn url() -> String {
    "/reports".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/reports/own.html")]
struct OwnReportsPage {
    frame: Frame,
    report: Button,
    table: Option<Table>,
    empty: EmptyState,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let found = sql(
        "select id, incident, reported_at from report where reporter = $1
         order by reported_at desc, id limit 100",
    )
    .bind(viewer.person.to_string())
    .all(&mut records)
    .await?;
    let mut rows = Vec::new();
    for row in found {
        let id: ReportId = row.read("id", |text| text.parse().ok())?;
        let incident: IncidentId = row.read("incident", |text| text.parse().ok())?;
        let Some(case) = queries::find(&mut records, incident).await? else {
            continue;
        };
        if viewer.may(Action::ReadOwnReport, &case.facts).is_allowed() {
            rows.push(vec![
                Html::link(&case.reference, &super::show::url(id)),
                times::moment(&viewer.school, row.instant("reported_at")?).into(),
                case.incident.state().name().into(),
            ]);
        }
    }
    let columns = ["Reference", "Sent", "State"].map(Column::new).to_vec();
    crate::web::page(&OwnReportsPage {
        frame: frame::of(&viewer),
        report: Button::link("Report a concern", super::new::url()),
        table: (!rows.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new("My reports", columns, rows)
        }),
        empty: EmptyState::new(
            "You have reported nothing yet",
            "What you report stands here with its reference, so that you can see whether it was taken up.",
        ),
    })
}
