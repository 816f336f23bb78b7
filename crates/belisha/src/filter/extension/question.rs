//! A page did not load: was it the filter? The device asks of the one name that failed, and gets the word and
//! the category, so that its page can say why. The resolver has logged the name already; nothing is kept here.

use axum::Json;
use axum::body::Bytes;
use axum::response::{IntoResponse as _, Response};
use belisha_filter::resolver::engines;
use belisha_filter::verdict::{Outcome, Reason};
use serde::{Deserialize, Serialize};

use super::admission::{Enrolled, is_device};
use super::given::too_often;
use crate::filter::lists::{self, Judge};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    device: String,
    name: String,
}

/// The word of the log for what was done, and the category where a list spoke.
#[derive(Serialize, Default)]
struct Answer {
    word: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    category: String,
}

pub(super) async fn post(enrolled: Enrolled, body: Bytes) -> Result<Response, Problem> {
    let asked: Asked = serde_json::from_slice(&body)
        .map_err(|error| Problem::field("body", format!("This is not as documented: {error}.")))?;
    if !is_device(&asked.device) {
        return Err(Problem::field(
            "device",
            "Use letters, digits, -, _ and full stops.",
        ));
    }
    let (name, _) = belisha_filter::lists::split_page(&asked.name)
        .map_err(|why| Problem::field("name", format!("This is not the name of a site: {why}.")))?;
    if let Some(refused) = too_often(&enrolled, &asked.device) {
        return Ok(refused);
    }
    let school = &enrolled.school;
    let judge = lists::judge(&mut school.database.read().await?, school).await?;
    let verdict = judge.verdict(&enrolled.group, &name, school.clock.now());
    let answer = match verdict.map(|verdict| (verdict.outcome, verdict.reason)) {
        Some((Outcome::Blocked, reason)) => blocked(reason),
        _ if is_unsafe_search(&judge, &enrolled.group, &name) => word("unsafe-search"),
        _ => word("allowed"),
    };
    Ok(Json(answer).into_response())
}

fn word(word: &'static str) -> Answer {
    Answer {
        word,
        category: String::new(),
    }
}

fn blocked(reason: Reason) -> Answer {
    match reason {
        Reason::Illegal => word("illegal"),
        Reason::Own(_) => word("denied"),
        Reason::Closed => word("closed"),
        Reason::NotAllowed => word("not-allowed"),
        Reason::Category { category, .. } => Answer {
            word: "listed",
            category,
        },
        Reason::Protected { .. } | Reason::ListAllows { .. } | Reason::Nothing => word("allowed"),
    }
}

/// Whether the resolver stops an engine because it cannot be made safe.
fn is_unsafe_search(judge: &Judge, group: &str, name: &str) -> bool {
    let safe_search = judge
        .policy
        .group(group)
        .is_ok_and(|group| group.safe_search);
    let is_its_own = |known: &String| known.trim_start_matches("www.") == name;
    safe_search
        && engines()
            .iter()
            .any(|engine| engine.strict.is_none() && engine.names.iter().any(is_its_own))
}
