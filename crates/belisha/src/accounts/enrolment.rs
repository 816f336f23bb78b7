//! Setting up the second factor: a QR code, the same to type, a code to confirm, and
//! ten recovery codes that are shown once.

use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use belisha_rules::ids::PersonId;
use belisha_ui::{
    Button, ErrorSummary, FieldError, Figure, Frame, Html, InputWidth, PasswordInput, TextInput,
};

use super::codes::Code;
use super::guesses::{self, GuessAt};
use super::standing::Stored;
use super::then::{self, Then};
use super::totp::{self, Seed};
use super::{arrival, endings, second_factor, sessions, step_url};
use crate::actor::{Actor, Factor};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::viewer::HalfWay;
use crate::web::route::Step;
use crate::web::sent::Sent;

const RECOVERY_CODES: usize = 10;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    /// The seed, sealed for this person: nobody else's can be put in its place.
    seed: String,
    code: String,
    #[serde(default)]
    then: String,
}

#[derive(Template)]
#[template(path = "accounts/enrolment.html")]
pub(super) struct EnrolmentPage {
    frame: Frame,
    errors: ErrorSummary,
    then: String,
    action: String,
    demonstration: Option<String>,
    seed: String,
    picture: Figure,
    /// Where nothing else has proved who this is.
    password: Option<PasswordInput>,
    code: TextInput,
    confirm: Button,
}

impl EnrolmentPage {
    pub(super) fn of(
        school: &School,
        account: &Stored,
        seed: &Seed,
        frame: Frame,
        action: String,
        then: &str,
    ) -> Result<Self, Problem> {
        let settings = school.settings();
        let address = seed.address(&settings.name, &account.sign_in_name)?;
        let now = school.clock.now();
        Ok(Self {
            frame,
            errors: ErrorSummary::default(),
            then: then.to_owned(),
            action,
            demonstration: settings
                .demonstration
                .then(|| seed.code_at(totp::step_at(now)))
                .transpose()?,
            seed: BASE64_URL_SAFE_NO_PAD.encode(seed.seal(school, account.person)),
            picture: Figure::code(
                "Scan this with the authenticator app",
                picture(&address)?,
                Html::join(&[
                    "Or type this key into the app: ".into(),
                    seed.in_groups().into(),
                ]),
            ),
            password: None,
            code: TextInput {
                hint: Some("The six figures that the app shows now".into()),
                width: Some(InputWidth::Ten),
                autocomplete: Some("one-time-code".into()),
                spellcheck: Some(false),
                ..TextInput::new("code", "Code")
            },
            confirm: Button::submit("Confirm"),
        })
    }

    /// The same, asking for the password too.
    pub(super) fn with_password(self) -> Self {
        Self {
            password: Some(PasswordInput::current("password", "Your password")),
            ..self
        }
    }

    pub(super) fn refused(self, says: &str) -> Result<Response, Problem> {
        self.refused_at("code", says)
    }

    pub(super) fn refused_at(
        mut self,
        field: &'static str,
        says: &str,
    ) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        match (&mut self.password, field) {
            (Some(password), "password") => password.error = Some(says.to_owned()),
            _ => self.code.error = Some(says.to_owned()),
        }
        self.errors = ErrorSummary::new(vec![FieldError::new(field, says)]);
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

/// A QR code as an SVG that scales with the page.
fn picture(address: &str) -> Result<Html, Fault> {
    let code = qrcode::QrCode::new(address)
        .map_err(|error| Fault::at("drawing a QR code".into(), error))?;
    let svg = code.render::<qrcode::render::svg::Color<'_>>().build();
    let from = svg.find("<svg").unwrap_or_default();
    // A width and a height of its own would overflow a telephone.
    let svg = svg[from..].replacen(
        "<svg ",
        "<svg role=\"img\" aria-label=\"QR code for the authenticator app\" ",
        1,
    );
    Ok(Html::trusted(svg))
}

pub(crate) async fn get(half_way: HalfWay, Query(asked): Query<Then>) -> Result<Response, Problem> {
    show(&half_way, Within::sign_in(&half_way), &asked.then).await
}

pub(crate) async fn post(
    half_way: HalfWay,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let within = Within::sign_in(&half_way);
    confirm(&half_way, &headers, form, within).await
}

/// What the page stands in: signing in, or the set-up of the school.
pub(crate) struct Within {
    pub(crate) frame: Frame,
    pub(crate) action: String,
    /// Where it goes on, if not where the person came from.
    pub(crate) next: Option<String>,
}

impl Within {
    fn sign_in(half_way: &HalfWay) -> Self {
        Self {
            frame: frame::of_school(&half_way.school.settings().name),
            action: step_url(Step::Enrolment),
            next: None,
        }
    }
}

/// The page with a new seed.
pub(crate) async fn show(
    half_way: &HalfWay,
    within: Within,
    then: &str,
) -> Result<Response, Problem> {
    let seed = Seed::new(&half_way.school);
    crate::web::page(&page(half_way, within, &seed, then).await?)
}

async fn page(
    half_way: &HalfWay,
    within: Within,
    seed: &Seed,
    then: &str,
) -> Result<EnrolmentPage, Problem> {
    let account = second_factor::account_of(half_way).await?;
    EnrolmentPage::of(
        &half_way.school,
        &account,
        seed,
        within.frame,
        within.action,
        then,
    )
}

/// Sets the factor that the code confirms, and shows the recovery codes.
pub(crate) async fn confirm(
    half_way: &HalfWay,
    headers: &HeaderMap,
    form: Form,
    within: Within,
) -> Result<Response, Problem> {
    let (school, session) = (&half_way.school, &half_way.session);
    let account = second_factor::account_of(half_way).await?;
    let seed = read_seed(school, account.person, &form.seed)?;
    let guess = guesses::begin(
        school,
        GuessAt::Code,
        &account.sign_in_name,
        None,
        half_way.address,
    )
    .await?;
    let guess = match guess {
        Ok(guess) => guess,
        Err(later) => {
            return page(half_way, within, &seed, &form.then)
                .await?
                .refused(later.sentence());
        }
    };
    let Some(step) = seed.step_of(&form.code, half_way.now)? else {
        guess.was_wrong(school, Some(account.person)).await?;
        return page(half_way, within, &seed, &form.then)
            .await?
            .refused(WRONG);
    };
    let token = crate::viewer::token(headers).ok_or(Problem::NotFound)?;
    let private = session
        .open_key(school, &token)?
        .ok_or_else(|| Fault::said("a session without its key came to enrol".into()))?;
    let mut tx = school
        .write(Actor::Person {
            person: session.person,
            session: Some(session.id),
            factor: Factor::SecondFactor,
        })
        .await?;
    guess.was_right(&mut tx).await?;
    let codes = set(&mut tx, account.person, &seed, step).await?;
    endings::of_access(&mut tx, account.person, Some(session.id), "new factor").await?;
    let token = sessions::renew(
        &mut tx,
        session.id,
        session.person,
        &private,
        Factor::SecondFactor,
        true,
    )
    .await?;
    tx.commit(Entry::of(
        EntryKind::AccountSecondFactorSet,
        Object::new("account", account.person),
    ))
    .await?;
    let next = match within.next {
        Some(next) => next,
        None => then::next(school, account.person, &form.then).await?,
    };
    Ok(arrival::with_token(
        shown(within.frame, &codes, next)?,
        &token,
    ))
}

pub(super) const WRONG: &str = "That code is not right. Type the six figures that the app shows \
                                now, and check that your telephone’s clock is right.";

/// The seed that travelled with the form.
pub(super) fn read_seed(school: &School, person: PersonId, sent: &str) -> Result<Seed, Problem> {
    let changed = || {
        Problem::refused(
            "This page is out of date",
            "Go back, reload the page and scan the new picture.",
        )
    };
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(sent).map_err(|_| changed())?;
    Seed::open(school, person, &sealed).map_err(|_| changed())
}

/// Writes the factor with the code that confirmed it used up, and makes recovery codes.
pub(super) async fn set(
    tx: &mut Tx,
    person: PersonId,
    seed: &Seed,
    step: i64,
) -> Result<Vec<Code>, Problem> {
    let (school, now) = (tx.school().clone(), tx.now());
    tx.run_one(
        sql(
            "update account set totp_sealed = $2, totp_last_step = $3, second_factor_at = $4
             where person = $1",
        )
        .bind(person.to_string())
        .bind(seed.seal(&school, person))
        .bind(step)
        .bind(now),
    )
    .await?;
    make_recovery_codes(tx, person).await
}

/// Makes ten recovery codes in place of those there were.
pub(super) async fn make_recovery_codes(
    tx: &mut Tx,
    person: PersonId,
) -> Result<Vec<Code>, Problem> {
    let school = tx.school().clone();
    tx.run(sql("delete from account_recovery_code where person = $1").bind(person.to_string()))
        .await?;
    let codes: Vec<Code> = (0..RECOVERY_CODES).map(|_| Code::new(&school)).collect();
    for code in &codes {
        tx.run_one(
            sql(
                "insert into account_recovery_code (id, person, code_hash, used_at)
                 values ($1, $2, $3, null)",
            )
            .bind(school.new_row_id())
            .bind(person.to_string())
            .bind(code.hash().as_slice()),
        )
        .await?;
    }
    Ok(codes)
}

#[derive(Template)]
#[template(path = "accounts/recovery_codes.html")]
struct RecoveryCodesPage {
    frame: Frame,
    codes: Vec<String>,
    go_on: Button,
}

/// The page that shows recovery codes, once.
pub(super) fn shown(frame: Frame, codes: &[Code], next: String) -> Result<Response, Problem> {
    crate::web::page(&RecoveryCodesPage {
        frame,
        codes: codes.iter().map(Code::shown).collect(),
        go_on: Button::link("Continue", next),
    })
}
