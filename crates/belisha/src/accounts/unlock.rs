//! A screen that locked: it says who was here, and the password opens it again.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{Button, ErrorSummary, FieldError, Frame, PasswordInput};

use super::devices::Device;
use super::guesses::{self, GuessAt};
use super::passwords::{self, Password};
use super::then::{self, Then};
use super::{arrival, second_factor, sessions, step_url};
use crate::actor::Actor;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::HalfWay;
use crate::web::route::Step;
use crate::web::sent::Sent;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    password: Password,
    #[serde(default)]
    then: String,
}

#[derive(Template)]
#[template(path = "accounts/unlock.html")]
struct UnlockPage {
    frame: Frame,
    errors: ErrorSummary,
    then: String,
    action: String,
    name: String,
    password: PasswordInput,
    unlock: Button,
    not_you: Button,
    sign_out_url: String,
}

impl UnlockPage {
    fn of(half_way: &HalfWay, then: &str) -> Self {
        Self {
            frame: frame::of_school(&half_way.school.settings().name),
            errors: ErrorSummary::default(),
            then: then.to_owned(),
            action: step_url(Step::Unlock),
            name: half_way.session.name.clone(),
            password: PasswordInput::current("password", "Password"),
            unlock: Button::submit("Unlock"),
            not_you: Button::secondary("Not you? Sign out"),
            sign_out_url: super::sign_out::url(),
        }
    }

    fn refused(mut self, says: &str) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        self.password.error = Some(says.to_owned());
        self.errors = ErrorSummary::new(vec![FieldError::new("password", says)]);
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

pub(crate) async fn get(half_way: HalfWay, Query(asked): Query<Then>) -> Result<Response, Problem> {
    crate::web::page(&UnlockPage::of(&half_way, &asked.then))
}

pub(crate) async fn post(
    half_way: HalfWay,
    headers: axum::http::HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let (school, session) = (&half_way.school, &half_way.session);
    let account = second_factor::account_of(&half_way).await?;
    let page = UnlockPage::of(&half_way, &form.then);
    let guess = guesses::begin(
        school,
        GuessAt::Password,
        &account.sign_in_name,
        Device::of(&headers).as_ref(),
        half_way.address,
    )
    .await?;
    let guess = match guess {
        Ok(guess) => guess,
        Err(later) => return page.refused(later.sentence()),
    };
    let Some(private) = passwords::open(school, Some(&account), &form.password).await? else {
        guess.was_wrong(school, Some(account.person)).await?;
        return page.refused("That password is not right.");
    };
    let mut tx = school
        .write(Actor::Person {
            person: session.person,
            session: Some(session.id),
            factor: session.factor,
        })
        .await?;
    guess.was_right(&mut tx).await?;
    let token = sessions::renew(
        &mut tx,
        session.id,
        session.person,
        &private,
        session.factor,
        false,
    )
    .await?;
    tx.commit(Entry::of(
        EntryKind::SessionUnlocked,
        Object::new("session", session.id),
    ))
    .await?;
    let next = then::next(school, session.person, &form.then).await?;
    Ok(arrival::with_token(crate::web::go_to(&next), &token))
}
