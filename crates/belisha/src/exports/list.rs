//! The packs that the viewer may know of, newest first.

use askama::Template;
use axum::response::Response;
use belisha_rules::ids::ExportId;
use belisha_ui::{Column, EmptyState, Frame, Html, Table};

use super::pack::load;
use super::show::state;
use super::show_url;
use crate::db::sql;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::moment;

#[derive(Template)]
#[template(path = "exports/list.html")]
struct ExportsPage {
    frame: Frame,
    table: Option<Table>,
    nothing: Option<EmptyState>,
}

/// As many as one page shows.
const SHOWN: usize = 50;

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let rows = sql("select id from export order by begun_at desc, id limit 300")
        .all(&mut records)
        .await?;
    let zone = viewer.school.settings().time_zone.clone();
    let mut lines = Vec::new();
    for row in rows {
        let id: ExportId = row.read("id", |text| text.parse().ok())?;
        let loaded = match load(&mut records, &viewer, id).await {
            Ok(loaded) => loaded,
            Err(Problem::NotFound | Problem::Refused(_)) => continue,
            Err(problem) => return Err(problem),
        };
        lines.push(vec![
            Html::link(&loaded.pack.about, &show_url(id)),
            loaded.purpose.title().into(),
            format!("{}, {}", loaded.pack.recipient, loaded.pack.organisation).into(),
            moment(loaded.begun_at, &zone).into(),
            state(&loaded).into(),
        ]);
        if lines.len() == SHOWN {
            break;
        }
    }
    crate::web::page(&ExportsPage {
        frame: frame::of(&viewer),
        nothing: lines.is_empty().then(|| {
            EmptyState::new(
                "No packs",
                "A pack is made from the page of a case or of a person, by whoever may export it.",
            )
        }),
        table: (!lines.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Packs",
                ["About", "What it is", "For", "Begun", "State"]
                    .map(Column::new)
                    .to_vec(),
                lines,
            )
        }),
    })
}
