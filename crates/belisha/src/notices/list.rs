//! A person's notices. Opening one leads to what it speaks of.

use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_ui::{Column, EmptyState, Frame, Html, Table, Tag, TagColour};

use super::{open, queries};
use crate::db::Connection;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::moment;

/// So many are shown; older ones have long been dealt with.
const SHOWN: i64 = 100;

pub(crate) fn url() -> String {
    "/notices".to_owned()
}

/// An unopened notice as the Today page shows it.
pub(crate) struct Waiting {
    pub(crate) says: &'static str,
    pub(crate) since: String,
    pub(crate) href: String,
    pub(crate) urgent: bool,
}

/// The newest unopened notices of a person.
pub(crate) async fn waiting(
    connection: &mut Connection,
    viewer: &Viewer,
    at_most: usize,
) -> Result<Vec<Waiting>, Problem> {
    let zone = viewer.school.settings().time_zone.clone();
    let limit = i64::try_from(at_most).unwrap_or(SHOWN);
    Ok(queries::unopened(connection, viewer.person, limit)
        .await?
        .into_iter()
        .map(|notice| Waiting {
            says: notice.kind.name(),
            since: moment(notice.made_at, &zone),
            href: open::url(&notice.id),
            urgent: notice.urgent,
        })
        .collect())
}

#[derive(Template)]
#[template(path = "notices/list.html")]
struct NoticesPage {
    frame: Frame,
    table: Option<Table>,
    nothing: EmptyState,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let zone = viewer.school.settings().time_zone.clone();
    let mut records = viewer.read().await?;
    let rows: Vec<Vec<Html>> = queries::of(&mut records, viewer.person, SHOWN)
        .await?
        .iter()
        .map(|notice| {
            let tag = match (notice.read_at, notice.urgent) {
                (Some(_), _) => Tag {
                    colour: TagColour::Grey,
                    ..Tag::new("Opened")
                },
                (None, true) => Tag {
                    colour: TagColour::Red,
                    ..Tag::new("Urgent")
                },
                (None, false) => Tag {
                    colour: TagColour::Amber,
                    ..Tag::new("New")
                },
            };
            vec![
                Html::link(notice.kind.name(), &open::url(&notice.id)),
                moment(notice.made_at, &zone).into(),
                Html::of(&tag),
            ]
        })
        .collect();
    crate::web::page(&NoticesPage {
        frame: frame::of(&viewer),
        table: (!rows.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Your notices",
                ["What waits", "Since", "State"].map(Column::new).to_vec(),
                rows,
            )
        }),
        nothing: EmptyState::new(
            "Nothing waits for you",
            "When something needs you, such as an agreement to sign, it is listed here and on Today. You get a mail that says no more than that something waits.",
        ),
    })
}
