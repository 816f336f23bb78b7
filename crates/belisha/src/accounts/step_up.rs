//! Confirming again who you are, before something that matters: with the second factor
//! and nothing else. Whoever has none is told to set one up.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{Button, ErrorSummary, FieldError, Frame, InputWidth, TextInput};

use super::own::factor;
use super::second_factor;
pub(crate) use super::second_factor::Given;
use super::standing::{self, Stored};
use super::then::{self, Then};
use super::{arrival, sessions};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;
use belisha_vault::SessionToken;

/// The page.
pub(crate) fn url() -> String {
    "/step-up".to_owned()
}

/// The page, and where to go afterwards.
pub(crate) fn url_then(then: &str) -> String {
    super::with_then(&url(), then)
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    #[serde(default)]
    code: String,
    #[serde(default)]
    then: String,
}

#[derive(Template)]
#[template(path = "accounts/step_up.html")]
struct StepUpPage {
    frame: Frame,
    errors: ErrorSummary,
    then: String,
    action: String,
    demonstration: Option<String>,
    /// None for somebody without a second factor.
    code: Option<TextInput>,
    go_on: Button,
    set_up: Button,
}

impl StepUpPage {
    fn of(viewer: &Viewer, account: &Stored, then: &str) -> Result<Self, Problem> {
        Ok(Self {
            frame: frame::of(viewer),
            errors: ErrorSummary::default(),
            then: then.to_owned(),
            action: url(),
            demonstration: second_factor::shown_in_demonstration(
                &viewer.school,
                account,
                viewer.now,
            )?,
            code: account.facts.has_second_factor.then(|| TextInput {
                hint: Some(
                    "Six figures from the authenticator app on your telephone, or a recovery code"
                        .into(),
                ),
                width: Some(InputWidth::Twenty),
                autocomplete: Some("one-time-code".into()),
                spellcheck: Some(false),
                ..TextInput::new("code", "Code")
            }),
            go_on: Button::submit("Continue"),
            set_up: Button::link("Set up a second factor", factor::url_then(then)),
        })
    }

    fn refused(mut self, says: &str) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        if let Some(code) = &mut self.code {
            code.error = Some(says.to_owned());
        }
        self.errors = ErrorSummary::new(vec![FieldError::new("code", says)]);
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

pub(crate) async fn get(viewer: Viewer, Query(asked): Query<Then>) -> Result<Response, Problem> {
    let account = account_of(&viewer).await?;
    crate::web::page(&StepUpPage::of(&viewer, &account, &asked.then)?)
}

pub(crate) async fn post(
    viewer: Viewer,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let account = account_of(&viewer).await?;
    if !account.facts.has_second_factor {
        return Err(Problem::GoTo(url_then(&form.then)));
    }
    let page = StepUpPage::of(&viewer, &account, &form.then)?;
    if form.code.trim().is_empty() {
        return page.refused("Enter the code that your app shows now");
    }
    let given =
        second_factor::begin(&viewer.school, &account, &form.code, viewer.address, None).await?;
    match given {
        Given::Right(tx) => confirm(*tx, &viewer, &form.then).await,
        Given::Wrong => {
            page.refused("That code is not right, or it was used already. Wait for the next one.")
        }
        Given::TooOften(later) => page.refused(later.sentence()),
    }
}

/// Judges a code for an act that asks for the second factor itself. A right one is used up
/// in the transaction that comes back, and the act goes on in it.
pub(crate) async fn by_code(viewer: &Viewer, typed: &str) -> Result<Given, Problem> {
    let account = account_of(viewer).await?;
    second_factor::begin(&viewer.school, &account, typed, viewer.address, None).await
}

/// What the app would show, in a school of made-up people.
pub(crate) async fn shown_code(viewer: &Viewer) -> Result<Option<String>, Problem> {
    let account = account_of(viewer).await?;
    Ok(second_factor::shown_in_demonstration(
        &viewer.school,
        &account,
        viewer.now,
    )?)
}

/// Gives the session of whoever was judged by [`by_code`] a new token that counts as fresh.
pub(crate) async fn freshen(tx: &mut Tx, viewer: &Viewer) -> Result<SessionToken, Problem> {
    let session = viewer.session.ok_or(Problem::NotFound)?;
    sessions::renew(
        tx,
        session,
        viewer.person,
        viewer.key()?,
        viewer.session_factor(),
        true,
    )
    .await
}

/// Gives the session a new token that counts as fresh.
async fn confirm(mut tx: Tx, viewer: &Viewer, then: &str) -> Result<Response, Problem> {
    let session = viewer.session.ok_or(Problem::NotFound)?;
    let token = freshen(&mut tx, viewer).await?;
    tx.commit(
        Entry::of(EntryKind::SessionSteppedUp, Object::new("session", session)).fact("by", "code"),
    )
    .await?;
    let next = then::next(&viewer.school, viewer.person, then).await?;
    Ok(arrival::with_token(crate::web::go_to(&next), &token))
}

async fn account_of(viewer: &Viewer) -> Result<Stored, Problem> {
    let mut records = viewer.read().await?;
    standing::of(&mut records, viewer.person)
        .await?
        .ok_or(Problem::NotFound)
}
