//! A person comes in: a session begins, its cookie is set, and the account will know
//! the browser again.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use belisha_rules::ids::PersonId;
use belisha_rules::sessions::SessionRule;
use belisha_vault::{PersonPrivate, SessionToken};

use super::devices::{self, Device};
use super::sessions;
use crate::actor::Factor;
use crate::people::hats;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Here;
use crate::web::cookies;

/// What is set in the browser of a person who has come in.
pub(crate) struct Arrival {
    token: SessionToken,
    device: Device,
    pub(crate) session: belisha_rules::ids::SessionId,
}

/// Begins a session of a person who has given the password.
pub(crate) async fn begin(
    tx: &mut Tx,
    here: &Here,
    headers: &HeaderMap,
    person: PersonId,
    private: &PersonPrivate,
) -> Result<Arrival, Problem> {
    let (school, today) = (tx.school().clone(), tx.today());
    let policy = school.in_force(tx).await?;
    let worn = hats::of(tx, person, today).await?;
    let (token, session) = sessions::start(
        tx,
        person,
        private,
        Factor::Password,
        &devices::described(headers),
        &here.address.to_string(),
        SessionRule::of(&policy.policy, &worn.hats),
    )
    .await?;
    let device = Device::of(headers).unwrap_or_else(|| Device::new(&school));
    device.remember(tx, person).await?;
    Ok(Arrival {
        token,
        device,
        session,
    })
}

impl Arrival {
    /// Adds both cookies to an answer.
    pub(crate) fn on(&self, response: Response) -> Response {
        let mut response = with_token(response, &self.token);
        append(&mut response, cookies::device(&self.device.value));
        response
    }
}

/// Adds the cookie of a session that was given a new token.
pub(crate) fn with_token(mut response: Response, token: &SessionToken) -> Response {
    append(&mut response, cookies::session(&token.text()));
    response
}

fn append(response: &mut Response, cookie: HeaderValue) {
    response.headers_mut().append(header::SET_COOKIE, cookie);
}
