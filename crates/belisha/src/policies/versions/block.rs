//! One control of a draft as a form: names, allowed values, bounds and defaults come
//! from its declaration, and saving rewrites its block and nothing else of the text.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::{Bound, Fault};
use belisha_rules::ids::PolicyVersionId;
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, Html};

use super::block_form::{self, Typed};
use super::queries::{self, Version};
use super::{show, text};
use crate::home;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

/// The form of the control at this place among those of the clause, counted from 0.
pub(super) fn url(id: PolicyVersionId, clause: &str, at: usize) -> String {
    format!("{}/clauses/{clause}/controls/{at}", show::url(id))
}

#[derive(Template)]
#[template(path = "policies/versions/block.html")]
struct BlockPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    title: &'static str,
    of: Option<String>,
    about: &'static str,
    clause: String,
    sentence: String,
    action: String,
    revision: i64,
    fields: Vec<Html>,
    button: Button,
}

/// What is wrong, by parameter where it belongs to one.
#[derive(Default)]
struct Wrong {
    fields: Vec<(&'static str, String)>,
    general: Vec<String>,
}

impl Wrong {
    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.general.is_empty()
    }
}

fn page(
    viewer: &Viewer,
    version: &Version,
    bound: &Bound,
    action: String,
    typed: &Typed,
    wrong: &Wrong,
) -> Result<Response, Problem> {
    let control = bound.control();
    let mut errors: Vec<FieldError> = wrong
        .general
        .iter()
        .map(|says| FieldError {
            field_id: None,
            text: says.clone(),
        })
        .collect();
    errors.extend(
        wrong
            .fields
            .iter()
            .map(|(field, says)| FieldError::new(*field, says.clone())),
    );
    let mut frame = home::frame::of(viewer);
    frame.has_errors = !wrong.is_empty();
    let answer = crate::web::page(&BlockPage {
        frame,
        back: BackLink::to(show::url(version.row.id)),
        errors: ErrorSummary::new(errors),
        title: control.title,
        of: bound.settings.repeat_key().map(|key| key.words()),
        about: control.about,
        clause: version.policy.clause(&bound.clause).map_or_else(
            || bound.clause.clone(),
            |clause| format!("Clause {} {}", clause.number, clause.title),
        ),
        sentence: bound.sentence(),
        action,
        revision: version.row.revision,
        fields: block_form::fields(control, typed, &wrong.fields),
        button: Button::submit("Save into the draft"),
    })?;
    Ok(if wrong.is_empty() {
        answer
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
    })
}

pub(crate) async fn get(
    viewer: Viewer,
    Path((id, clause, at)): Path<(PolicyVersionId, String, usize)>,
) -> Result<Response, Problem> {
    let version = queries::version(&mut viewer.read().await?, id).await?;
    text::may_edit(&viewer, &version)?;
    let bound = find(&version, &clause, at)?;
    let typed = block_form::typed(&bound.settings);
    let action = url(id, &clause, at);
    page(&viewer, &version, bound, action, &typed, &Wrong::default())
}

pub(crate) async fn post(
    viewer: Viewer,
    Path((id, clause, at)): Path<(PolicyVersionId, String, usize)>,
    Sent { form, .. }: Sent<Typed>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let version = queries::version(&mut tx, id).await?;
    text::may_edit(&viewer, &version)?;
    let bound = find(&version, &clause, at)?;
    let (revision, typed) = read(bound, form)?;
    let mut wrong = Wrong::default();
    if revision != version.row.revision {
        wrong.general.push(format!(
            "Somebody else saved this draft while you were editing. What you typed is below and not saved; \
             the draft now says: “{}” Save again if yours should take its place.",
            bound.sentence()
        ));
    }
    let written = block_form::written(bound.control(), &typed);
    let changed = belisha_policy::with_block(&version.text, bound, &written.block);
    let text = match belisha_policy::parse(&changed) {
        Ok(policy) => policy
            .clause(&clause)
            .and_then(|clause| clause.controls.get(at))
            // As an editor would write it, without what is the default anyway.
            .map(|now| belisha_policy::with_block(&version.text, bound, &now.settings.block())),
        Err(faults) => {
            for fault in &faults {
                blame(&mut wrong, bound, &written.lines, fault);
            }
            None
        }
    };
    let (Some(text), true) = (text, wrong.is_empty()) else {
        drop(tx);
        let action = url(id, &clause, at);
        return page(&viewer, &version, bound, action, &typed, &wrong);
    };
    let entry = text::save(&mut tx, &viewer, &version, &text)
        .await?
        .fact("clause", &clause)
        .fact("control", bound.control().key);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&show::url(id)))
}

fn find<'a>(version: &'a Version, clause: &str, at: usize) -> Result<&'a Bound, Problem> {
    version
        .policy
        .clause(clause)
        .and_then(|clause| clause.controls.get(at))
        .ok_or(Problem::NotFound)
}

/// The revision that the form was made from, and the fields of the control. What tells
/// this use of the control from another stays as it is.
fn read(bound: &Bound, form: Typed) -> Result<(i64, Typed), Problem> {
    let control = bound.control();
    let mut typed: Typed = block_form::typed(&bound.settings)
        .into_iter()
        .filter(|(name, _)| {
            control
                .param(name)
                .is_some_and(|param| block_form::is_fixed(control, param))
        })
        .collect();
    let mut revision = None;
    for (name, value) in form {
        match control.param(&name) {
            Some(param) if !block_form::is_fixed(control, param) => typed.push((name, value)),
            None if name == "revision" => revision = value.parse().ok(),
            Some(_) | None => {
                return Err(Problem::refused(
                    "This form could not be read",
                    "It holds a field that this control does not have. Nothing was saved. Go back, reload \
                     the page and try again.",
                ));
            }
        }
    }
    let revision = revision.ok_or(Problem::NotFound)?;
    Ok((revision, typed))
}

/// Puts a fault beside the field on whose line it stands.
fn blame(wrong: &mut Wrong, bound: &Bound, lines: &[&'static str], fault: &Fault) {
    let help = fault.help.as_deref().unwrap_or_default();
    let says = format!("{} {help}", crate::web::words::capital(&fault.message))
        .trim_end()
        .to_owned();
    let param = fault
        .line
        .checked_sub(bound.line + 1)
        .and_then(|at| lines.get(at));
    match param {
        Some(param) => wrong.fields.push((param, says)),
        None => wrong.general.push(says),
    }
}
