//! The second factor: a code from the app, or one of the recovery codes.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::ids::PersonId;
use belisha_rules::throttle::TryLater;
use belisha_ui::{Button, Details, ErrorSummary, FieldError, Frame, Html, InputWidth, TextInput};
use belisha_vault::SessionToken;

use super::codes::Code;
use super::guesses::{self, GuessAt};
use super::standing::{self, Stored};
use super::then::{self, Then};
use super::totp::{self, Seed};
use super::{arrival, sessions};
use crate::actor::{Actor, Factor};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::viewer::HalfWay;
use crate::web::sent::Sent;

const WRONG: &str = "That code is not right, or it was used already. Wait for the app to show \
                     the next one, and check that your telephone’s clock is right.";

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    code: String,
    #[serde(default)]
    then: String,
}

#[derive(Template)]
#[template(path = "accounts/second_factor.html")]
struct SecondFactorPage {
    frame: Frame,
    errors: ErrorSummary,
    then: String,
    action: String,
    /// What the app would show, in a school of made-up people.
    demonstration: Option<String>,
    code: TextInput,
    go_on: Button,
    without_the_app: Details,
    sign_out_url: String,
}

impl SecondFactorPage {
    async fn of(half_way: &HalfWay, then: &str) -> Result<Self, Problem> {
        let school = &half_way.school;
        let settings = school.settings();
        let account = account_of(half_way).await?;
        Ok(Self {
            frame: frame::of_school(&settings.name),
            errors: ErrorSummary::default(),
            then: then.to_owned(),
            action: super::step_url(crate::web::route::Step::SecondFactor),
            demonstration: shown_in_demonstration(school, &account, half_way.now)?,
            code: TextInput {
                hint: Some("Six figures from the authenticator app on your telephone".into()),
                width: Some(InputWidth::Twenty),
                autocomplete: Some("one-time-code".into()),
                spellcheck: Some(false),
                ..TextInput::new("code", "Code")
            },
            go_on: Button::submit("Continue"),
            without_the_app: Details::new(
                "I do not have my telephone",
                Html::paragraphs(
                    "Type one of your recovery codes instead: sixteen letters and figures from \
                     the list you printed. Each works once.\n\n\
                     If you have lost both, two people help: the headteacher or the network \
                     manager asks for your second factor to be reset, and another of the \
                     headteacher, the designated safeguarding lead and the chair of governors \
                     agrees.",
                ),
            ),
            sign_out_url: super::sign_out::url(),
        })
    }

    fn refused(mut self, says: &str) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        self.code.error = Some(says.to_owned());
        self.errors = ErrorSummary::new(vec![FieldError::new("code", says)]);
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

pub(crate) async fn get(half_way: HalfWay, Query(asked): Query<Then>) -> Result<Response, Problem> {
    crate::web::page(&SecondFactorPage::of(&half_way, &asked.then).await?)
}

pub(crate) async fn post(
    half_way: HalfWay,
    headers: axum::http::HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let (school, session) = (&half_way.school, &half_way.session);
    let account = account_of(&half_way).await?;
    let mut tx = match begin(
        school,
        &account,
        &form.code,
        half_way.address,
        Some(session),
    )
    .await?
    {
        Given::Right(tx) => tx,
        Given::Wrong => {
            return SecondFactorPage::of(&half_way, &form.then)
                .await?
                .refused(WRONG);
        }
        Given::TooOften(later) => {
            return SecondFactorPage::of(&half_way, &form.then)
                .await?
                .refused(later.sentence());
        }
    };
    let token = renewed(&mut tx, session, &headers).await?;
    tx.commit(
        Entry::of(
            EntryKind::SessionStarted,
            Object::new("session", session.id),
        )
        .fact("factor", "second-factor"),
    )
    .await?;
    let next = then::next(school, session.person, &form.then).await?;
    Ok(arrival::with_token(crate::web::go_to(&next), &token))
}

/// Gives the session the token that the second factor earns.
async fn renewed(
    tx: &mut Tx,
    session: &sessions::Found,
    headers: &axum::http::HeaderMap,
) -> Result<SessionToken, Problem> {
    let school = tx.school().clone();
    let token = crate::viewer::token(headers).ok_or(Problem::NotFound)?;
    let private = session
        .open_key(&school, &token)?
        .ok_or_else(|| Fault::said("a session without its key came to the second factor".into()))?;
    sessions::renew(
        tx,
        session.id,
        session.person,
        &private,
        Factor::SecondFactor,
        true,
    )
    .await
}

/// What became of a code.
pub(crate) enum Given {
    /// It was right and is used up in this transaction, which the caller commits.
    Right(Box<Tx>),
    Wrong,
    TooOften(TryLater),
}

/// Judges a code of the app or a recovery code, and begins the act that it allows.
pub(crate) async fn begin(
    school: &std::sync::Arc<School>,
    account: &Stored,
    typed: &str,
    address: std::net::IpAddr,
    session: Option<&sessions::Found>,
) -> Result<Given, Problem> {
    let guess = guesses::begin(school, GuessAt::Code, &account.sign_in_name, None, address).await?;
    let guess = match guess {
        Ok(guess) => guess,
        Err(later) => return Ok(Given::TooOften(later)),
    };
    let mut tx = school
        .write(Actor::Person {
            person: account.person,
            session: session.map(|session| session.id),
            factor: Factor::SecondFactor,
        })
        .await?;
    if is_right(&mut tx, account, typed).await? {
        guess.was_right(&mut tx).await?;
        return Ok(Given::Right(Box::new(tx)));
    }
    drop(tx);
    guess.was_wrong(school, Some(account.person)).await?;
    Ok(Given::Wrong)
}

async fn is_right(tx: &mut Tx, account: &Stored, typed: &str) -> Result<bool, Problem> {
    let (school, now) = (tx.school().clone(), tx.now());
    if let Some(sealed) = &account.totp_sealed {
        let seed = Seed::open(&school, account.person, sealed)?;
        if let Some(step) = seed.step_of(typed, now)? {
            return totp::use_up(tx, account.person, step).await;
        }
    }
    match Code::read(typed) {
        Some(code) => use_recovery_code(tx, account.person, &code).await,
        None => Ok(false),
    }
}

async fn use_recovery_code(tx: &mut Tx, person: PersonId, code: &Code) -> Result<bool, Problem> {
    let now = tx.now();
    let used = tx
        .run(
            sql("update account_recovery_code set used_at = $3
                 where person = $1 and code_hash = $2 and used_at is null")
            .bind(person.to_string())
            .bind(code.hash().as_slice())
            .bind(now),
        )
        .await?;
    Ok(used == 1)
}

/// In a school of made-up people, the code that the app would show: the first that has
/// not been used.
pub(crate) fn shown_in_demonstration(
    school: &School,
    account: &Stored,
    now: jiff::Timestamp,
) -> Result<Option<String>, Fault> {
    let Some(sealed) = account
        .totp_sealed
        .as_ref()
        .filter(|_| school.settings().demonstration)
    else {
        return Ok(None);
    };
    let fresh = totp::step_at(now).max(account.totp_last_step.map_or(0, |last| last + 1));
    if !totp::is_in_reach(fresh, now) {
        return Ok(Some(
            "none just now: reload this page in half a minute".to_owned(),
        ));
    }
    Seed::open(school, account.person, sealed)?
        .code_at(fresh)
        .map(Some)
}

pub(crate) async fn account_of(half_way: &HalfWay) -> Result<Stored, Problem> {
    let mut records = half_way.school.database.read().await?;
    standing::of(&mut records, half_way.session.person)
        .await?
        .ok_or(Problem::NotFound)
}
