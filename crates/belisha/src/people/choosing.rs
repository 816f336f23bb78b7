//! Finding one person by name, for forms that are about somebody: a search that
//! works without script, and suggestions for the script to fetch.

use axum::extract::Query;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{Choice, InputKind, Label, Radios, TextInput};
use serde::Deserialize;

use super::queries::{self, Listed};
use crate::problem::Problem;
use crate::viewer::Viewer;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Sought {
    pub(crate) q: String,
}

pub(crate) async fn suggestions(
    viewer: Viewer,
    Query(sought): Query<Sought>,
) -> Result<Response, Problem> {
    let found = queries::search(&mut viewer.read().await?, &viewer, &sought.q).await?;
    let lines: Vec<String> = found.into_iter().map(|listed| listed.name).collect();
    Ok((
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        lines.join("\n"),
    )
        .into_response())
}

/// The search box of a page that chooses somebody.
pub(super) fn box_for(label: &str, typed: &str) -> TextInput {
    TextInput {
        kind: InputKind::Search,
        spellcheck: Some(false),
        value: typed.to_owned(),
        hint: Some("Part of the name is enough".into()),
        ..TextInput::new("q", label)
    }
}

/// Those found, as answers; nothing where nobody was found.
pub(super) fn radios(
    name: &str,
    legend: &str,
    found: &[Listed],
    chosen: Option<String>,
) -> Option<Radios> {
    let choices: Vec<Choice> = found
        .iter()
        .map(|listed| Choice::new(listed.id.to_string(), listed.in_full()))
        .collect();
    (!choices.is_empty()).then(|| Radios {
        chosen,
        ..Radios::new(name, Label::medium(legend), choices)
    })
}
