//! The page of nodes: which there are, when each was last heard of, and whether it follows what is newest.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, Column, EmptyState, Frame, Html, Table, Tag, TagColour};
use jiff::SignedDuration;

use super::stored::{self, Node};
use super::{ending, inviting, speaking};
use crate::filter::devices;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::moment_at;

/// Where the nodes stand.
pub(in crate::filter) fn url() -> String {
    "/filter/nodes".to_owned()
}

/// A node asks four times a minute; after this it is late.
const LATE: SignedDuration = SignedDuration::from_mins(5);

#[derive(Template)]
#[template(path = "filter/nodes/list.html")]
struct ListPage {
    frame: Frame,
    invite: Option<Button>,
    nodes: Option<Table>,
    empty: Option<EmptyState>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilter, &RecordFacts::of(Kind::Filter))?;
    let nodes = stored::all(&mut viewer.read().await?).await?;
    let manages = devices::manages(&viewer);
    let newest = speaking::newest(&viewer.school).await;
    let rows: Vec<Vec<Html>> = nodes
        .iter()
        .map(|node| row(&viewer, node, newest.as_deref(), manages))
        .collect();
    let columns = ["Site", "Stands", "Last heard of", "Follows", "Change"]
        .map(Column::new)
        .to_vec();
    crate::web::page(&ListPage {
        frame: frame::of(&viewer),
        invite: manages.then(|| Button {
            once: false,
            ..Button::link("Add a site", inviting::url())
        }),
        empty: rows.is_empty().then(|| {
            EmptyState::new(
                "No other site has a resolver of its own",
                "A building with its own connection runs a small resolver. It follows this school’s settings, and goes on when this server is away.",
            )
        }),
        nodes: (!rows.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new("Resolvers at other sites", columns, rows)
        }),
    })
}

fn row(viewer: &Viewer, node: &Node, newest: Option<&str>, manages: bool) -> Vec<Html> {
    let tag = |word: &str, colour| {
        Html::of(&Tag {
            colour,
            ..Tag::new(word)
        })
    };
    let at = |instant| moment_at(&viewer.school, instant);
    let late = node
        .seen_at
        .is_none_or(|seen| viewer.now.duration_since(seen) > LATE);
    let (stands, heard) = match node.enrolled_at {
        None if node.code_until <= viewer.now => (
            tag("Code too old", TagColour::Red),
            format!("invited on {}", at(node.invited_at)),
        ),
        None => (
            tag("Invited", TagColour::Grey),
            format!("its code is good until {}", at(node.code_until)),
        ),
        Some(_) if late => (
            tag("Silent", TagColour::Red),
            node.seen_at.map_or_else(|| "never".to_owned(), at),
        ),
        Some(_) => (
            tag("At work", TagColour::Green),
            node.seen_at.map_or_else(|| "never".to_owned(), at),
        ),
    };
    let follows = match (node.snapshot.as_str(), newest) {
        ("", _) => "nothing yet",
        (own, Some(newest)) if own == newest => "what is newest",
        _ => "an earlier version",
    };
    vec![
        node.name.clone().into(),
        stands,
        heard.into(),
        follows.into(),
        if manages {
            Html::link("Take it out of use", &ending::url(&node.id))
        } else {
            Html::default()
        },
    ]
}
