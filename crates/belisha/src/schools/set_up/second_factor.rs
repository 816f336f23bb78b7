//! Step six, continued: the second factor of whoever sets the school up, and their recovery codes.

use axum::http::HeaderMap;
use axum::response::Response;

use super::{account, begun, closing};
use crate::accounts::enrolment::{self, Form, Within};
use crate::accounts::sessions;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::{self, HalfWay, Here};
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/set-up/second-factor".to_owned()
}

fn within() -> Within {
    Within {
        frame: frame::bare(),
        action: url(),
        next: Some(closing::url()),
    }
}

pub(super) async fn get(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let half_way = half_way(&here, &headers).await?;
    enrolment::show(&half_way, within(), &closing::url()).await
}

pub(super) async fn post(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let half_way = half_way(&here, &headers).await?;
    enrolment::confirm(&half_way, &headers, form, within()).await
}

/// The session that the password began. Without it, the account is opened anew.
async fn half_way(here: &Here, headers: &HeaderMap) -> Result<HalfWay, Problem> {
    let again = || Problem::GoTo(account::url());
    let token = viewer::token(headers).ok_or_else(again)?;
    let mut records = here.school.database.read().await?;
    let session = sessions::find(&mut records, &token)
        .await?
        .ok_or_else(again)?;
    Ok(HalfWay {
        school: here.school.clone(),
        session,
        now: here.school.clock.now(),
        address: here.address,
    })
}
