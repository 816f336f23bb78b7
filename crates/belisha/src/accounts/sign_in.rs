//! Signing in with name and password. What is wrong is said in one sentence,
//! whichever it was, so that nobody learns who has an account.

use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_policy::controls::notice::Place;
use belisha_ui::{
    Button, ErrorSummary, FieldError, Frame, Html, InputKind, NotificationBanner, PasswordInput,
    TextInput,
};
use belisha_vault::PersonPrivate;

use super::arrival::{self, Arrival};
use super::devices::Device;
use super::guesses::{self, Guess, GuessAt};
use super::passwords::{self, Password};
use super::standing::{self, Stored};
use super::then;
use crate::actor::{Actor, Factor};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::sent::Sent;

const URL: &str = "/sign-in";
const WRONG: &str = "The e-mail address or the password is not right. Check both, and whether \
                     capital letters are switched on.";

/// The page, and where to go afterwards.
pub(crate) fn url_then(then: &str) -> String {
    super::with_then(URL, then)
}

/// The page, after signing out.
pub(crate) fn url_signed_out() -> String {
    "/sign-in?signed_out=yes".to_owned()
}

#[derive(Debug, Default, serde::Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    then: String,
    #[serde(default)]
    signed_out: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    email: String,
    password: Password,
    #[serde(default)]
    then: String,
}

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    frame: Frame,
    errors: ErrorSummary,
    here: &'static str,
    then: String,
    school: String,
    email: TextInput,
    password: PasswordInput,
    sign_in: Button,
    invitation_url: String,
    tell_url: String,
    concern_url: String,
    notices: Vec<(String, Html)>,
}

impl SignInPage {
    async fn of(here: &Here, then: &str) -> Result<Self, Problem> {
        let school = here.school.settings().name.clone();
        Ok(Self {
            here: URL,
            frame: frame::of_school(&school),
            errors: ErrorSummary::default(),
            then: then.to_owned(),
            school,
            email: TextInput {
                kind: InputKind::Email,
                autocomplete: Some("username".into()),
                spellcheck: Some(false),
                ..TextInput::new("email", "E-mail")
            },
            password: PasswordInput::current("password", "Password"),
            sign_in: Button::submit("Sign in"),
            invitation_url: super::invitation::url(),
            tell_url: crate::incidents::tell::url(),
            concern_url: crate::incidents::concern::url(),
            notices: notices(here).await?,
        })
    }

    fn refused(mut self, typed: String, says: &str) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        self.email.value = typed;
        self.errors = ErrorSummary::new(vec![FieldError::new("email", says)]);
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

/// What the policy tells everyone before they sign in; nothing while none is in force.
async fn notices(here: &Here) -> Result<Vec<(String, Html)>, Problem> {
    let mut records = here.school.database.read().await?;
    let in_force = match here.school.in_force(&mut records).await {
        Ok(in_force) => in_force,
        Err(Problem::Refused(_)) => return Ok(Vec::new()),
        Err(problem) => return Err(problem),
    };
    Ok(in_force
        .policy
        .notices(Place::SignIn)
        .map(|clause| {
            let words = Html::trusted(clause.words_as_html());
            (clause.title, words)
        })
        .collect())
}

pub(crate) async fn get(here: Here, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    if here.viewer.is_some() {
        return Err(Problem::GoTo(then::safe(&asked.then)));
    }
    let mut page = SignInPage::of(&here, &asked.then).await?;
    if !asked.signed_out.is_empty() {
        page.frame.banner = Some(NotificationBanner::success("You are signed out."));
    }
    crate::web::page(&page)
}

pub(crate) async fn post(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let school = &here.school;
    let name = standing::sign_in_name(&form.email);
    let page = SignInPage::of(&here, &form.then).await?;
    let device = Device::of(&headers);
    let guess = guesses::begin(
        school,
        GuessAt::Password,
        &name,
        device.as_ref(),
        here.address,
    )
    .await?;
    let guess = match guess {
        Ok(guess) => guess,
        Err(later) => return page.refused(form.email, later.sentence()),
    };
    let stored = {
        let mut records = school.database.read().await?;
        standing::by_name(&mut records, &name).await?
    };
    let private = passwords::open(school, stored.as_ref(), &form.password).await?;
    let zone = school.settings().time_zone.clone();
    match (stored, private) {
        (Some(account), Some(private)) if account.facts.lets_in(school.today(), &zone) => {
            let arrival =
                sign_in(&here, &headers, guess, &account, private, &form.password).await?;
            let next = then::next(school, account.person, &form.then).await?;
            Ok(arrival.on(crate::web::go_to(&next)))
        }
        (stored, _) => {
            guess
                .was_wrong(school, stored.map(|account| account.person))
                .await?;
            page.refused(form.email, WRONG)
        }
    }
}

/// Begins the session. A password that was wrapped at a lower cost is wrapped anew.
async fn sign_in(
    here: &Here,
    headers: &HeaderMap,
    guess: Guess,
    account: &Stored,
    private: PersonPrivate,
    password: &Password,
) -> Result<Arrival, Problem> {
    let school = &here.school;
    let (private, raised) = match account.password.as_ref().is_some_and(passwords::is_cheap) {
        true => {
            let (private, wrap) =
                passwords::wrap(school, account.person, private, password).await?;
            (private, Some(wrap))
        }
        false => (private, None),
    };
    let mut tx = school
        .write(Actor::Person {
            person: account.person,
            session: None,
            factor: Factor::Password,
        })
        .await?;
    guess.was_right(&mut tx).await?;
    // The password was checked before the transaction began: it must still be the one.
    let before = account.password.as_ref().map(|wrap| wrap.to_bytes());
    let after = raised
        .map(|wrap| wrap.to_bytes())
        .or_else(|| before.clone());
    tx.run_one(
        sql("update account set password_record = $3 where person = $1 and password_record = $2")
            .bind(account.person.to_string())
            .bind(before)
            .bind(after),
    )
    .await?;
    let arrival = arrival::begin(&mut tx, here, headers, account.person, &private).await?;
    tx.commit(
        Entry::of(
            EntryKind::SessionStarted,
            Object::new("session", arrival.session),
        )
        .fact("factor", "password"),
    )
    .await?;
    Ok(arrival)
}
