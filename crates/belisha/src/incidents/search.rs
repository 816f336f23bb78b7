//! Search in what the viewer may open: read and opened in memory. No index of case text stands
//! on the disk. What was sought stands in no address and in no entry; that somebody searched does.

mod opened;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::Kind;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::asks_to_prove;
use belisha_ui::{
    BackLink, Button, Column, ErrorSummary, FieldError, Frame, Html, Label, Select, SelectOption,
    Table, TextInput,
};
use serde::Deserialize;

use super::queries::{self, Row, Show};
use super::words::kind_name;
use super::{case, guidance, list, times};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::people::queries::pattern;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) use opened::OpenedTexts;
use opened::Text;

pub(super) fn url() -> String {
    "/incidents/search".to_owned()
}

/// So many cases are shown; with more, the words are too common to help.
const SHOWN: usize = 50;
/// So many letters stand around a word that was found.
const AROUND: usize = 60;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    words: String,
    person: String,
    category: String,
}

#[derive(Template)]
#[template(path = "incidents/search.html")]
struct SearchPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    action: String,
    words: TextInput,
    person: TextInput,
    category: Select,
    send: Button,
    says: Option<String>,
    table: Option<Table>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    prove(&viewer)?;
    page(&viewer, &Form::default(), None, None)
}

/// A search shows what is restricted, so it asks for what opening that asks for.
fn prove(viewer: &Viewer) -> Result<(), Problem> {
    let policy = &viewer.policy.policy;
    if asks_to_prove(
        policy,
        Kind::ChildProtection,
        viewer.proved_at(),
        viewer.now,
    ) {
        return Err(Problem::GoTo(crate::accounts::step_up::url_then(&url())));
    }
    Ok(())
}

fn page(
    viewer: &Viewer,
    form: &Form,
    wrong: Option<&str>,
    found: Option<Vec<Found>>,
) -> Result<Response, Problem> {
    let categories = std::iter::once(SelectOption::new("", "Any kind of risk"))
        .chain(guidance::newest().areas.iter().flat_map(|area| {
            area.risks.iter().map(|risk| {
                SelectOption::new(risk.key.clone(), format!("{}: {}", area.name, risk.name))
            })
        }))
        .collect();
    let says = found.as_ref().map(|found| match found.len() {
        0 => "Nothing was found in the cases that you can open.".to_owned(),
        1 => "Found in 1 case.".to_owned(),
        several if several >= SHOWN => {
            format!("Found in many cases; the newest {SHOWN} are shown. Add a word to find fewer.")
        }
        several => format!("Found in {several} cases, the newest first."),
    });
    let lines: Vec<Vec<Html>> = found
        .unwrap_or_default()
        .into_iter()
        .map(|found| {
            vec![
                Html::link(&found.reference, &case::url(found.id)),
                found.about.into(),
                found.on.into(),
                Html::join(&found.snippets),
            ]
        })
        .collect();
    let status = if wrong.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = SearchPage {
        frame: Frame {
            has_errors: wrong.is_some(),
            ..frame::of(viewer)
        },
        back: BackLink::to(list::url()),
        action: url(),
        errors: ErrorSummary::new(
            wrong
                .map(|says| FieldError::new("words", says))
                .into_iter()
                .collect(),
        ),
        words: TextInput {
            value: form.words.clone(),
            error: wrong.map(str::to_owned),
            hint: Some("All of them must stand in the case, in any order.".into()),
            ..TextInput::new("words", Label::medium("Words"))
        },
        person: TextInput {
            value: form.person.clone(),
            hint: Some(
                "Part of the name of somebody in the case; leave it empty for anybody".into(),
            ),
            ..TextInput::new("person", Label::medium("Person"))
        },
        category: Select {
            chosen: Some(form.category.clone()),
            ..Select::new("category", Label::medium("Kind of risk"), categories)
        },
        send: Button::submit("Search"),
        says,
        table: (!lines.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Cases that were found",
                ["Case", "About", "Reported", "Where it stands"]
                    .map(Column::new)
                    .to_vec(),
                lines,
            )
        }),
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

/// A case in which all words were found.
struct Found {
    id: IncidentId,
    reference: String,
    about: String,
    on: String,
    snippets: Vec<Html>,
}

pub(super) async fn post(viewer: Viewer, sent: Sent<Form>) -> Result<Response, Problem> {
    prove(&viewer)?;
    let form = &sent.form;
    let words: Vec<String> = form
        .words
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() && form.person.trim().is_empty() {
        return page(
            &viewer,
            form,
            Some("Enter a word, or a person’s name"),
            None,
        );
    }
    let mut records = viewer.read().await?;
    let cases = cases(&mut records, &viewer, form).await?;
    // Before any word of a case is shown.
    let tx = viewer.write().await?;
    let object = Object::new("incident-search", viewer.school.new_row_id());
    tx.commit(Entry::of(EntryKind::IncidentSearched, object).fact("cases", cases.len()))
        .await?;
    let mut hits = if words.is_empty() {
        HashMap::new()
    } else {
        let ordinary = opened::ordinary(&mut records, &viewer).await?;
        let sealed = opened::sealed_to(&mut records, &viewer).await?;
        let among: HashSet<IncidentId> = cases.iter().copied().collect();
        let words = words.clone();
        tokio::task::spawn_blocking(move || {
            let texts = ordinary.values().chain(sealed.values()).flatten();
            search(&words, texts.filter(|text| among.contains(&text.incident)))
        })
        .await
        .map_err(|error| Fault::at("searching".into(), error))?
    };
    let shown: Vec<IncidentId> = cases
        .into_iter()
        .filter(|id| words.is_empty() || hits.contains_key(id))
        .take(SHOWN)
        .collect();
    let found = queries::lines(&mut records, &viewer, &shown)
        .await?
        .into_iter()
        .map(|row| {
            let snippets = hits.remove(&row.id).unwrap_or_default();
            found(&viewer, row, snippets)
        })
        .collect();
    page(&viewer, form, None, Some(found))
}

fn found(viewer: &Viewer, row: Row, snippets: Vec<Html>) -> Found {
    let edition = guidance::of(&row.guidance);
    let about = match edition.risk(&row.category) {
        Some(risk) => format!("{}: {}", kind_name(row.kind), risk.name),
        None => kind_name(row.kind).to_owned(),
    };
    Found {
        id: row.id,
        reference: row.reference,
        about,
        on: times::day(viewer.school.date_of(row.opened_at)),
        snippets,
    }
}

/// The cases that the viewer may open, newest first, narrowed by what stands in columns.
async fn cases(
    connection: &mut Connection,
    viewer: &Viewer,
    form: &Form,
) -> Result<Vec<IncidentId>, Problem> {
    let mut cases = Vec::new();
    for show in [
        Show::Open,
        Show::Closed,
        Show::LowLevel,
        Show::LowLevelClosed,
    ] {
        let readable = queries::readable(connection, viewer, show).await?;
        cases.extend(
            readable
                .into_iter()
                .filter(|case| form.category.is_empty() || case.category == form.category),
        );
    }
    cases.sort_by_key(|case| std::cmp::Reverse(case.opened_at));
    let mut cases: Vec<IncidentId> = cases.into_iter().map(|case| case.id).collect();
    if !form.person.trim().is_empty() {
        let rows = sql(
            "select distinct incident_person.incident from incident_person
             join person on person.id = incident_person.person
             where incident_person.removed_at is null and person.sort_name like $1 escape '!'",
        )
        .bind(pattern(&form.person))
        .all(connection)
        .await?;
        let mut with: BTreeSet<IncidentId> = BTreeSet::new();
        for row in rows {
            with.insert(row.read("incident", |text| text.parse().ok())?);
        }
        cases.retain(|id| with.contains(id));
    }
    Ok(cases)
}

/// Looks through the texts. A case is found when each word stands somewhere in it.
fn search<'t>(
    words: &[String],
    texts: impl Iterator<Item = &'t Arc<Text>>,
) -> HashMap<IncidentId, Vec<Html>> {
    struct Hit {
        found: Vec<bool>,
        snippets: Vec<Html>,
    }
    let mut hits: HashMap<IncidentId, Hit> = HashMap::new();
    for text in texts {
        let lowered = text.lowered.as_str();
        let mut first = None;
        for (index, word) in words.iter().enumerate() {
            if let Some(at) = lowered.find(word.as_str()) {
                let hit = hits.entry(text.incident).or_insert_with(|| Hit {
                    found: vec![false; words.len()],
                    snippets: Vec::new(),
                });
                hit.found[index] = true;
                first = first.or(Some((at, word)));
            }
        }
        if let Some((at, word)) = first
            && let Some(hit) = hits.get_mut(&text.incident)
            && hit.snippets.len() < 3
        {
            hit.snippets
                .push(snippet(lowered, &text.words, at, word.len()));
        }
    }
    hits.into_iter()
        .filter(|(_, hit)| hit.found.iter().all(|found| *found))
        .map(|(id, hit)| (id, hit.snippets))
        .collect()
}

/// The words around a place, with the place marked.
fn snippet(lowered: &str, text: &str, at: usize, length: usize) -> Html {
    // Small letters may be longer than capital ones; then the small ones are shown.
    let shown = if text.len() == lowered.len()
        && text.is_char_boundary(at)
        && text.is_char_boundary(at + length)
    {
        text
    } else {
        lowered
    };
    let (before, rest) = shown.split_at(at);
    let (word, after) = rest.split_at(length);
    let skip = before.chars().count().saturating_sub(AROUND);
    let before: String = before.chars().skip(skip).collect();
    let after: String = after.chars().take(AROUND).collect();
    Html::join(&[
        Html::trusted("<p>"),
        if skip > 0 { "… ".into() } else { "".into() },
        before.into(),
        Html::trusted("<mark>"),
        word.into(),
        Html::trusted("</mark>"),
        after.into(),
        Html::trusted("</p>"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_marks_the_word_and_escapes_the_rest() {
        let check = |text: &str, word: &str, expected: &str| {
            let lowered = text.to_lowercase();
            let at = lowered.find(word).expect("the word");
            assert_eq!(
                snippet(&lowered, text, at, word.len()).to_string(),
                expected
            );
        };
        check(
            "A <b> Picture",
            "picture",
            "<p>A &#60;b&#62; <mark>Picture</mark></p>",
        );
        // The capital İ grows when it is made small: nothing is cut in the middle of a letter.
        check(
            "İİ picture",
            "picture",
            "<p>i\u{307}i\u{307} <mark>picture</mark></p>",
        );
    }
}
