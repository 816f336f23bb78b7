//! A site is added: whoever sets its resolver up gets a code that is good once, and for an hour.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{
    BackLink, Button, ErrorSummary, FieldError, Frame, InputWidth, Label, Panel, TextInput,
};
use jiff::SignedDuration;
use serde::Deserialize;

use super::{list, stored};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::devices::require;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    format!("{}/new", list::url())
}

/// How long a code is good.
const GOOD: SignedDuration = SignedDuration::from_hours(1);
const LONGEST_NAME: usize = 40;

#[derive(Template)]
#[template(path = "filter/nodes/inviting.html")]
struct InvitePage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    submission: String,
    name: TextInput,
    send: Button,
}

#[derive(Template)]
#[template(path = "filter/nodes/invited.html")]
struct InvitedPage {
    frame: Frame,
    back: BackLink,
    panel: Panel,
    command: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    name: String,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    require(&viewer)?;
    page(&viewer, &Form::default(), viewer.school.new_row_id(), None)
}

pub(super) async fn post(
    viewer: Viewer,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    require(&viewer)?;
    let name = form.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        return page(
            &viewer,
            &form,
            submission,
            Some("Enter what the site is called, in up to 40 characters"),
        );
    }
    let mut tx = viewer.write().await?;
    let taken = stored::all(&mut tx).await?;
    if taken
        .iter()
        .any(|node| node.name.to_lowercase() == name.to_lowercase())
    {
        drop(tx);
        return page(
            &viewer,
            &form,
            submission,
            Some("There is a site of this name already"),
        );
    }
    tx.once(&submission, &list::url()).await?;
    let (id, code) = (tx.school().new_row_id(), tx.school().new_row_id());
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run_one(
        sql("insert into filter_node (id, name, name_key, invited_at, invited_by, code_hash, code_until,
                                      token_hash, enrolled_at, seen_at, snapshot, ended_at, ended_by, ended_for)
             values ($1, $2, $3, $4, $5, $6, $7, null, null, null, '', null, null, null)")
        .bind(&id)
        .bind(&name)
        .bind(name.to_lowercase())
        .bind(now)
        .bind(by)
        .bind(stored::hash_of(&code))
        .bind(now + GOOD),
    )
    .await?;
    let object = Object::new("filter-node", &id);
    tx.commit(Entry::of(EntryKind::FilterNodeInvited, object))
        .await?;
    crate::web::page(&InvitedPage {
        frame: frame::of(&viewer),
        back: back(),
        panel: Panel::with_reference(
            "The site is added",
            "Code, good once and for an hour",
            &code,
        ),
        command: format!(
            "belisha filter node enrol --server {} --folder /var/lib/belisha-node",
            viewer.school.address.trim_end_matches('/')
        ),
    })
}

fn back() -> BackLink {
    BackLink {
        text: "Other sites".into(),
        href: list::url(),
    }
}

fn page(
    viewer: &Viewer,
    form: &Form,
    submission: String,
    error: Option<&str>,
) -> Result<Response, Problem> {
    let mut frame = frame::of(viewer);
    frame.has_errors = error.is_some();
    let page = crate::web::page(&InvitePage {
        frame,
        back: back(),
        errors: ErrorSummary::new(
            error
                .map(|text| FieldError::new("name", text))
                .into_iter()
                .collect(),
        ),
        submission,
        name: TextInput {
            value: form.name.clone(),
            error: error.map(str::to_owned),
            hint: Some("Such as Infants’ block".into()),
            width: Some(InputWidth::Twenty),
            ..TextInput::new("name", Label::medium("What is the site called?"))
        },
        send: Button::submit("Add the site"),
    })?;
    Ok(if error.is_some() {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}
