//! Every version there was, and the way to begin the next.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, Column, Frame, Html, SubNavigation, Table, Tag, TagColour};

use super::queries::{self, Listed};
use super::show;
use crate::home;
use crate::policies::days::written;
use crate::policies::shown;
use crate::problem::Problem;
use crate::viewer::Viewer;

pub(crate) fn url() -> String {
    format!("{}/versions", crate::policies::url())
}

#[derive(Template)]
#[template(path = "policies/versions/list.html")]
struct VersionsPage {
    frame: Frame,
    navigation: SubNavigation,
    table: Table,
    action: String,
    submission: String,
    begin: Option<Button>,
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let facts = RecordFacts::of(Kind::PolicyDocument);
    viewer.require(Action::ReadPolicyDraft, &facts)?;
    let versions = queries::list(&mut viewer.read().await?).await?;
    let rows = versions
        .iter()
        .map(|version| row(&viewer, version))
        .collect();
    crate::web::page(&VersionsPage {
        frame: home::frame::of(&viewer),
        navigation: shown::parts(&viewer, &url()),
        table: Table {
            caption_hidden: true,
            ..Table::new(
                "Versions of the policy, newest first",
                vec![
                    Column::new("Version"),
                    Column::new("State"),
                    Column::new("In force"),
                    Column::new("Begun"),
                ],
                rows,
            )
        },
        action: url(),
        submission: viewer.school.new_row_id(),
        begin: viewer
            .may(Action::EditPolicyDraft, &facts)
            .is_allowed()
            .then(|| Button::submit("Begin a draft from the version in force")),
    })
}

fn row(viewer: &Viewer, version: &Listed) -> Vec<Html> {
    let in_force = match (version.in_force_on, version.superseded_on) {
        (None, _) => "–".to_owned(),
        (Some(from), None) => format!("from {}", written(from)),
        (Some(from), Some(until)) => format!("{} to {}", written(from), written(until)),
    };
    let colour = match version.state.as_str() {
        "in-force" => TagColour::Green,
        "proposed" | "approved" => TagColour::Amber,
        "superseded" | "withdrawn" => TagColour::Grey,
        _ => TagColour::Plain,
    };
    let state = Tag {
        colour,
        ..Tag::new(version.state.replace('-', " "))
    };
    vec![
        Html::link(
            &format!("Version {}", version.number),
            &show::url(version.id),
        ),
        Html::of(&state),
        in_force.into(),
        format!(
            "{} by {}",
            written(viewer.school.date_of(version.made_at)),
            version.made_by
        )
        .into(),
    ]
}
