//! The page of all lists.

use askama::Template;
use axum::response::Response;
use belisha_filter::categories;
use belisha_filter::lists::Kind;
use belisha_rules::access::{Action, Kind as RecordKind, RecordFacts};
use belisha_ui::{Column, EmptyState, Frame, Html, Table, Tag, TagColour};
use jiff::Timestamp;

use super::{show, stands, stored};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::moment_at;

/// Where the lists stand.
pub(crate) fn url() -> String {
    "/filter/lists".to_owned()
}

#[derive(Template)]
#[template(path = "filter/versions/list.html")]
struct ListPage {
    frame: Frame,
    refreshed: Option<String>,
    compiled: Option<String>,
    lists: Option<Table>,
    empty: Option<EmptyState>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilter, &RecordFacts::of(RecordKind::Filter))?;
    let stood = stored::stood(&viewer.school);
    let lists = stood
        .as_ref()
        .map(|stood| stood.lists.as_slice())
        .unwrap_or_default();
    let rows: Vec<Vec<Html>> = lists
        .iter()
        .map(|list| {
            let held = list.held.is_some();
            vec![
                if list.kind == Kind::Illegal {
                    // Its name is not shown: it would say where to look.
                    "A list of illegal content".into()
                } else {
                    Html::link(&list.name, &show::url(&list.name))
                },
                match list.kind {
                    Kind::Block => categories::title(&list.category),
                    Kind::Allow => "opens what other lists stop",
                    Kind::Illegal => "illegal content",
                }
                .into(),
                list.entries.to_string().into(),
                Html::of(&Tag {
                    colour: if held {
                        TagColour::Amber
                    } else {
                        TagColour::Green
                    },
                    ..Tag::new(if held { "Held" } else { "In use" })
                }),
                match (&list.held, list.kind) {
                    (Some(why), _) => format!("{}: {why}", stands(list)).into(),
                    (None, Kind::Illegal) => stands(list).into(),
                    // Its place in the column before says so.
                    (None, _) => "".into(),
                },
            ]
        })
        .collect();
    let columns = vec![
        Column::new("List"),
        Column::new("About"),
        Column::numeric("Entries"),
        Column::new("Stands"),
        Column::new("Why"),
    ];
    let at = |seconds: Option<i64>| {
        let at = Timestamp::from_second(seconds?).ok()?;
        Some(moment_at(&viewer.school, at))
    };
    crate::web::page(&ListPage {
        frame: frame::of(&viewer),
        refreshed: at(stood.as_ref().and_then(|stood| stood.refreshed_at)),
        compiled: at(stood.as_ref().map(|stood| stood.compiled_at)),
        empty: rows.is_empty().then(|| {
            EmptyState::new(
                "No lists are in use",
                "Whoever runs the server fetches them with “belisha filter update” or puts them into the filter’s folder.",
            )
        }),
        lists: (!rows.is_empty()).then(|| {
            Table {
                caption_hidden: true,
                ..Table::new("Lists", columns, rows)
            }
        }),
    })
}
