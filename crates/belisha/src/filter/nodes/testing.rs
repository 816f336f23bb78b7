//! The test of the resolvers at other sites. The server says what each group must hear there, as it does for its
//! own resolver, and the node says what was heard.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_filter::node::{GroupTrial, GroupTried};
use belisha_policy::controls::filter_test;
use jiff::SignedDuration;

use super::speaking::{self, NAME, unknown};
use crate::actor::Actor;
use crate::filter::selftest::{self, Tested};
use crate::problem::Problem;
use crate::viewer::Here;

/// What failed is asked again after so long.
const AGAIN: SignedDuration = SignedDuration::from_hours(6);
/// More than a resolver can do wrong, and longer than a sentence of a test is.
const MOST_FAILED: usize = 40;
const LONGEST: usize = 300;

/// What is to be asked now: nothing where no test is due, or the node has not taken up what is newest.
pub(super) async fn plan(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(node) = speaking::node(&here, &headers).await? else {
        return Ok(unknown());
    };
    let nothing = || Json(Vec::<GroupTrial>::new()).into_response();
    if speaking::newest(&here.school).await.as_deref() != Some(node.snapshot.as_str()) {
        return Ok(nothing());
    }
    let mut records = here.school.database.read().await?;
    let in_force = here.school.in_force(&mut records).await?;
    let every = in_force.policy.get(&filter_test::EVERY);
    let newest = selftest::newest(&mut records, &node.id).await?;
    let now = here.school.clock.now();
    let again =
        newest.is_some_and(|newest| newest.failed && now.duration_since(newest.at) >= AGAIN);
    if !again && !selftest::is_due(newest, every, now) {
        return Ok(nothing());
    }
    let judge = crate::filter::judge(&mut records, &here.school).await?;
    let trials: Vec<GroupTrial> = selftest::groups(&judge)
        .map(|(_, group)| GroupTrial {
            group: group.name.clone(),
            trial: selftest::planned(&judge, group, now).0,
        })
        .collect();
    Ok(Json(trials).into_response())
}

/// What was heard. Groups that the policy does not know are left out.
pub(super) async fn heard(
    here: Here,
    headers: HeaderMap,
    Json(heard): Json<Vec<GroupTried>>,
) -> Result<Response, Problem> {
    let Some(node) = speaking::node(&here, &headers).await? else {
        return Ok(unknown());
    };
    let judge = crate::filter::judge(&mut here.school.database.read().await?, &here.school).await?;
    let now = here.school.clock.now();
    let mut tested = Vec::new();
    for (_, group) in selftest::groups(&judge) {
        let (_, mut tried) = selftest::planned(&judge, group, now);
        match heard.iter().find(|heard| heard.group == group.name) {
            Some(heard) => {
                tried.asked += heard.asked.min(10_000);
                let said = heard.failed.iter().take(MOST_FAILED);
                tried
                    .failed
                    .extend(said.map(|words| words.chars().take(LONGEST).collect()));
            }
            None => tried
                .failed
                .push("The site did not try this group".to_owned()),
        }
        tested.push(Tested {
            group: group.name.clone(),
            tried,
        });
    }
    if tested.is_empty() {
        return Ok(StatusCode::BAD_REQUEST.into_response());
    }
    let mut tx = here.school.write(Actor::School(NAME)).await?;
    let entry = selftest::keep(&mut tx, &node.id, &tested).await?;
    tx.commit(entry.fact("node", &node.id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
