//! A new second factor in place of the old one, and new recovery codes.

use axum::http::HeaderMap;
use axum::response::Response;
use belisha_vault::SessionToken;

use crate::accounts::codes::Code;
use crate::accounts::enrolment::{self, EnrolmentPage, Form};
use crate::accounts::guesses::{self, GuessAt};
use crate::accounts::standing::Stored;
use crate::accounts::totp::Seed;
use crate::accounts::{arrival, devices::Device, endings, sessions};
use crate::actor::Factor;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};

pub(super) fn url() -> String {
    "/account/second-factor".to_owned()
}

pub(super) fn codes_url() -> String {
    "/account/recovery-codes".to_owned()
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let account = super::load(&viewer).await?;
    let seed = Seed::new(&viewer.school);
    crate::web::page(&page(&viewer, &account, &seed)?)
}

fn page(viewer: &Viewer, account: &Stored, seed: &Seed) -> Result<EnrolmentPage, Problem> {
    EnrolmentPage::of(
        &viewer.school,
        account,
        seed,
        frame::of(viewer),
        url(),
        &super::url(),
    )
}

pub(crate) async fn post(
    viewer: Viewer,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let account = super::load(&viewer).await?;
    let school = &viewer.school;
    let seed = enrolment::read_seed(school, viewer.person, &form.seed)?;
    let name = &account.sign_in_name;
    let guess = match guesses::begin(school, GuessAt::Code, name, None, viewer.address).await? {
        Ok(guess) => guess,
        Err(later) => return page(&viewer, &account, &seed)?.refused(later.sentence()),
    };
    let Some(step) = seed.step_of(&form.code, viewer.now)? else {
        guess.was_wrong(school, Some(viewer.person)).await?;
        return page(&viewer, &account, &seed)?.refused(enrolment::WRONG);
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
    show(&viewer, &codes, &token)
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
    show(&viewer, &codes, &token)
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

fn show(viewer: &Viewer, codes: &[Code], token: &SessionToken) -> Result<Response, Problem> {
    let page = enrolment::shown(frame::of(viewer), codes, super::url())?;
    Ok(arrival::with_token(page, token))
}
