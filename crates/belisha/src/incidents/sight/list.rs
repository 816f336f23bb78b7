//! The emergency sights that a person took, or was alerted to and may judge.

use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::Role;
use belisha_ui::{BackLink, Button, Column, EmptyState, Frame, Html, Table, Tag, TagColour};

use super::{judging, queries};
use crate::home::frame;
use crate::incidents::{list, times};
use crate::problem::Problem;
use crate::viewer::Viewer;

pub(in crate::incidents) fn url() -> String {
    "/incidents/emergency-sights".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/sight/list.html")]
struct SightsPage {
    frame: Frame,
    back: BackLink,
    ask: Option<Button>,
    table: Option<Table>,
    empty: EmptyState,
}

/// Whether the page exists for the viewer: those who may ask, and those who are alerted.
fn may_look(viewer: &Viewer) -> bool {
    super::may_ask(viewer)
        || [Role::Lead, Role::Head, Role::Chair]
            .iter()
            .any(|role| viewer.access.roles().contains(role))
}

pub(in crate::incidents) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    if !may_look(&viewer) {
        return Err(Problem::NotFound);
    }
    let mut records = viewer.read().await?;
    let rows: Vec<Vec<Html>> = queries::all(&mut records, &viewer)
        .await?
        .into_iter()
        .map(|sight| {
            let state = match (sight.was_right, sight.review_due_on < viewer.today()) {
                (Some(true), _) => tag("It was right", TagColour::Green),
                (Some(false), _) => tag("It was not right", TagColour::Red),
                (None, true) => tag("Overdue", TagColour::Red),
                (None, false) => Html::join(&[
                    tag("To be judged", TagColour::Amber),
                    format!(" by {}", times::day(sight.review_due_on)).into(),
                ]),
            };
            vec![
                Html::link(
                    &times::moment(&viewer.school, sight.asked_at),
                    &judging::url(&sight.id),
                ),
                sight.name.into(),
                sight.category.name().into(),
                state,
            ]
        })
        .collect();
    crate::web::page(&SightsPage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url()),
        ask: super::may_ask(&viewer).then(|| Button {
            href: Some(super::url()),
            once: false,
            ..Button::secondary("Ask for emergency sight")
        }),
        table: (!rows.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Emergency sights",
                ["When", "Who", "Why", "Judged"].map(Column::new).to_vec(),
                rows,
            )
        }),
        empty: EmptyState::new(
            "There was no emergency sight that concerns you",
            "When somebody opens a case in an emergency, those who are alerted find it here and one of them judges it.",
        ),
    })
}

fn tag(text: &str, colour: TagColour) -> Html {
    Html::of(&Tag {
        colour,
        ..Tag::new(text)
    })
}
