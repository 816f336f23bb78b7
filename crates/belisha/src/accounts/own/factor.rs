//! The second factor of whoever is signed in, and new recovery codes. Whoever has one proves
//! with it before another takes its place; whoever sets up the first types the password.

use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::Response;
use belisha_vault::SessionToken;

use crate::accounts::codes::Code;
use crate::accounts::enrolment::{self, EnrolmentPage};
use crate::accounts::guesses::{self, GuessAt};
use crate::accounts::passwords::{self, Password};
use crate::accounts::standing::Stored;
use crate::accounts::then::{self, Then};
use crate::accounts::totp::Seed;
use crate::accounts::{arrival, devices::Device, endings, sessions, step_up};
use crate::actor::Factor;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};

pub(crate) fn url() -> String {
    "/account/second-factor".to_owned()
}

/// The page, and where to go afterwards.
pub(crate) fn url_then(then: &str) -> String {
    crate::accounts::with_then(&url(), then)
}

pub(super) fn codes_url() -> String {
    "/account/recovery-codes".to_owned()
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    seed: String,
    code: String,
    /// Asked of whoever has no second factor to prove themselves with.
    #[serde(default)]
    password: Password,
    #[serde(default)]
    then: String,
}

pub(crate) async fn get(viewer: Viewer, Query(asked): Query<Then>) -> Result<Response, Problem> {
    let account = super::load(&viewer).await?;
    prove(&viewer, &account, &asked.then)?;
    let seed = Seed::new(&viewer.school);
    crate::web::page(&page(&viewer, &account, &seed, &asked.then)?)
}

/// Sends whoever has a second factor to prove themselves with it.
fn prove(viewer: &Viewer, account: &Stored, then: &str) -> Result<(), Problem> {
    if account.facts.has_second_factor && viewer.factor != Factor::SteppedUp {
        return Err(Problem::GoTo(step_up::url_then(&url_then(then))));
    }
    Ok(())
}

fn page(
    viewer: &Viewer,
    account: &Stored,
    seed: &Seed,
    then: &str,
) -> Result<EnrolmentPage, Problem> {
    let page = EnrolmentPage::of(
        &viewer.school,
        account,
        seed,
        frame::of(viewer),
        url(),
        then,
    )?;
    Ok(if account.facts.has_second_factor {
        page
    } else {
        page.with_password()
    })
}

pub(crate) async fn post(
    viewer: Viewer,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let account = super::load(&viewer).await?;
    prove(&viewer, &account, &form.then)?;
    let school = &viewer.school;
    let seed = enrolment::read_seed(school, viewer.person, &form.seed)?;
    let again = || page(&viewer, &account, &seed, &form.then);
    let name = &account.sign_in_name;
    if !account.facts.has_second_factor {
        let device = Device::of(&headers);
        let guess = guesses::begin(
            school,
            GuessAt::Password,
            name,
            device.as_ref(),
            viewer.address,
        )
        .await?;
        let guess = match guess {
            Ok(guess) => guess,
            Err(later) => return again()?.refused_at("password", later.sentence()),
        };
        if passwords::open(school, Some(&account), &form.password)
            .await?
            .is_none()
        {
            guess.was_wrong(school, Some(viewer.person)).await?;
            return again()?.refused_at("password", "That password is not right.");
        }
    }
    let guess = match guesses::begin(school, GuessAt::Code, name, None, viewer.address).await? {
        Ok(guess) => guess,
        Err(later) => return again()?.refused(later.sentence()),
    };
    let Some(step) = seed.step_of(&form.code, viewer.now)? else {
        guess.was_wrong(school, Some(viewer.person)).await?;
        return again()?.refused(enrolment::WRONG);
    };
    let mut tx = viewer.write().await?;
    guess.was_right(&mut tx).await?;
    let codes = enrolment::set(&mut tx, viewer.person, &seed, step).await?;
    let token = changed(&mut tx, &viewer, &headers, Factor::SecondFactor).await?;
    tx.commit(Entry::of(
        EntryKind::AccountSecondFactorSet,
        Object::new("account", viewer.person),
    ))
    .await?;
    let next = if form.then.is_empty() {
        super::url()
    } else {
        then::next(school, viewer.person, &form.then).await?
    };
    show(&viewer, &codes, &token, next)
}

/// Makes new recovery codes and shows them, once.
pub(crate) async fn post_codes(
    viewer: Viewer,
    headers: HeaderMap,
    _: Sent<Nothing>,
) -> Result<Response, Problem> {
    let account = super::load(&viewer).await?;
    if !account.facts.has_second_factor {
        return Err(Problem::GoTo(url()));
    }
    let mut tx = viewer.write().await?;
    let codes = enrolment::make_recovery_codes(&mut tx, viewer.person).await?;
    let token = changed(&mut tx, &viewer, &headers, viewer.session_factor()).await?;
    tx.commit(Entry::of(
        EntryKind::AccountRecoveryCodesMade,
        Object::new("account", viewer.person),
    ))
    .await?;
    show(&viewer, &codes, &token, super::url())
}

/// What follows a change of factor: every other way in closes, and the person is told.
async fn changed(
    tx: &mut Tx,
    viewer: &Viewer,
    headers: &HeaderMap,
    factor: Factor,
) -> Result<SessionToken, Problem> {
    let session = viewer.session.ok_or(Problem::NotFound)?;
    endings::of_access(tx, viewer.person, Some(session), "new factor").await?;
    if let Some(device) = Device::of(headers) {
        device.remember(tx, viewer.person).await?;
    }
    let object = Object::new("account", viewer.person);
    notices::tell(
        tx,
        viewer.person,
        NoticeKind::AccountChanged,
        &object,
        false,
    )
    .await?;
    sessions::renew(tx, session, viewer.person, viewer.key()?, factor, true).await
}

fn show(
    viewer: &Viewer,
    codes: &[Code],
    token: &SessionToken,
    next: String,
) -> Result<Response, Problem> {
    let page = enrolment::shown(frame::of(viewer), codes, next)?;
    Ok(arrival::with_token(page, token))
}
