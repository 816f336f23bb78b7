//! The clause page: the words, the sentences, whether the school keeps them, and why.
//! It can look at a past day, as far as the records still know that day.

use std::borrow::Cow;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::{Clause, Policy, difference::Run};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    BackLink, Button, DateInput, ErrorSummary, EvidenceMark, FieldError, Frame, Html, StatusTag,
};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::attestation;
use super::days::{Typed, read_day, written};
use super::evidence::Moment;
use super::shown::{self, ControlShown};
use super::standing;
use super::versions::queries;
use crate::db::Connection;
use crate::home;
use crate::problem::{Fault, Problem};
use crate::school::{InForce, School};
use crate::viewer::Viewer;
use crate::web::path::Path;

pub(crate) fn url(id: &str) -> String {
    format!("{}/clauses/{id}", super::url())
}

/// The words of a clause; links to other clauses lead to the whole policy.
pub(super) fn words(clause: &Clause) -> Html {
    Html::trusted(
        clause
            .words_as_html()
            .replace("href=\"#", &format!("href=\"{}#", super::url())),
    )
}

/// The day that somebody asks for.
#[derive(Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default, rename = "on-day")]
    day: String,
    #[serde(default, rename = "on-month")]
    month: String,
    #[serde(default, rename = "on-year")]
    year: String,
}

struct WordShown {
    mark: EvidenceMark,
    says: String,
}

struct Changed {
    version: i64,
    since: String,
    words: Html,
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Template)]
#[template(path = "policies/clause.html")]
struct ClausePage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    number: String,
    title: String,
    version: i64,
    /// The day that is shown, where it is a past one.
    past: Option<String>,
    status: Option<StatusTag>,
    words: Html,
    controls: Vec<ControlShown>,
    word: Option<WordShown>,
    attest: Option<Button>,
    below: Vec<(String, String)>,
    changed: Option<Changed>,
    here: String,
    on: DateInput,
    look: Button,
}

pub(super) async fn get(
    viewer: Viewer,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    viewer.require(Action::ReadPolicy, &RecordFacts::of(Kind::PolicyDocument))?;
    let today = viewer.today();
    let mut records = viewer.read().await?;
    let (day, error) = day(&asked, today);
    let version = version_on(&mut records, &viewer, day).await?;
    let (Some(version), error) = (version, error) else {
        return Err(Problem::refused(
            "No policy was in force on that day",
            "Choose a later day: the clause page looks at days since the first version came into force.",
        ));
    };
    let clause = version.policy.clause(&id).ok_or(Problem::NotFound)?;
    let moment = Moment {
        day,
        instant: if day == today {
            viewer.now
        } else {
            end_of(&viewer.school, day)?
        },
    };
    let standings =
        standing::of_clauses(&mut records, std::iter::once(clause), moment, today).await?;
    let standing = standings
        .get(id.as_str())
        .ok_or_else(|| Fault::said(format!("the clause {id} has no standing")))?;
    let changed = changed(&mut records, &version, &id).await?;
    drop(records);

    let is_past = day != today;
    let may_attest = !is_past
        && attestation::open_to(clause).is_some()
        && viewer
            .may(Action::AttestClause, &RecordFacts::of(Kind::Assurance))
            .is_allowed();
    let mut frame = home::frame::of(&viewer);
    frame.has_errors = error.is_some();
    let answer = crate::web::page(&ClausePage {
        frame,
        back: BackLink {
            text: "The policy".into(),
            ..BackLink::to(format!("{}#{id}", super::url()))
        },
        errors: ErrorSummary::new(
            error
                .iter()
                .map(|says| FieldError::new("on-day", says.clone()))
                .collect(),
        ),
        number: clause.number.clone(),
        title: clause.title.clone(),
        version: version.number,
        past: is_past.then(|| written(day)),
        status: standing.status.map(shown::tag),
        words: words(clause),
        controls: standing
            .controls
            .iter()
            .map(|control| shown::control(&viewer, control, day))
            .collect(),
        word: standing.word.as_ref().map(|word| WordShown {
            mark: EvidenceMark::attested(&word.by, written(word.on)),
            says: attestation::in_words(word, day),
        }),
        attest: may_attest
            .then(|| Button::link("Give your word for this clause", attestation::url(&id))),
        below: version
            .policy
            .children(&id)
            .map(|child| (url(&child.id), format!("{} {}", child.number, child.title)))
            .collect(),
        changed,
        here: url(&id),
        on: DateInput {
            error: error.clone(),
            hint: Some("For example, 27 3 2026.".into()),
            day: asked.day,
            month: asked.month,
            year: asked.year,
            ..DateInput::new("on", "See how this clause stood on a past day")
        },
        look: Button::secondary("Show that day"),
    })?;
    Ok(if error.is_some() {
        (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
    } else {
        answer
    })
}

/// The day to look at, and what is wrong with the day that was asked for.
fn day(asked: &Asked, today: Date) -> (Date, Option<String>) {
    match read_day(&asked.day, &asked.month, &asked.year) {
        Typed::Nothing => (today, None),
        Typed::NoDay => (today, Some("Enter a real date, such as 27 3 2026.".into())),
        Typed::Day(day) if day > today => (
            today,
            Some(
                "Enter today’s date or an earlier one: what is still to come is not on record."
                    .into(),
            ),
        ),
        Typed::Day(day) => (day, None),
    }
}

/// The policy of a day, with its number.
struct OnDay<'v> {
    number: i64,
    policy: Cow<'v, Policy>,
    /// The version as the program holds it, where it is the one in force.
    held: Option<&'v InForce>,
    begun_from: Option<belisha_rules::ids::PolicyVersionId>,
    in_force_on: Option<Date>,
}

async fn version_on<'v>(
    connection: &mut Connection,
    viewer: &'v Viewer,
    day: Date,
) -> Result<Option<OnDay<'v>>, Problem> {
    let id = if day == viewer.today() {
        viewer.policy.id
    } else {
        match queries::on_day(connection, day).await? {
            Some(id) => id,
            None => return Ok(None),
        }
    };
    if id == viewer.policy.id {
        return Ok(Some(OnDay {
            number: viewer.policy.number,
            policy: Cow::Borrowed(&viewer.policy.policy),
            held: Some(&viewer.policy),
            begun_from: queries::begun_from(connection, id).await?,
            in_force_on: Some(viewer.policy.in_force_on),
        }));
    }
    let version = queries::version(connection, id).await?;
    Ok(Some(OnDay {
        number: version.row.number,
        policy: Cow::Owned(version.policy),
        held: None,
        begun_from: version.row.begun_from,
        in_force_on: version.row.in_force_on,
    }))
}

/// The last instant of a day by the school's clock.
fn end_of(school: &School, day: Date) -> Result<jiff::Timestamp, Fault> {
    let zone = school.settings().time_zone.clone();
    day.tomorrow()
        .and_then(|next| next.to_zoned(zone))
        .and_then(|start| start.timestamp().checked_sub(1.millisecond()))
        .map_err(|error| Fault::at(format!("the end of {day}"), error))
}

/// What this version changed in the clause, against the one before it.
async fn changed(
    connection: &mut Connection,
    version: &OnDay<'_>,
    id: &str,
) -> Result<Option<Changed>, Problem> {
    let (Some(before), Some(since)) = (version.begun_from, version.in_force_on) else {
        return Ok(None);
    };
    let compared;
    let difference = match version.held.and_then(|held| held.changed.get()) {
        Some(known) => known,
        None => {
            let old = queries::version(connection, before).await?.policy;
            let fresh = belisha_policy::difference(&old, &version.policy);
            match version.held {
                Some(held) => held.changed.get_or_init(|| fresh),
                None => {
                    compared = fresh;
                    &compared
                }
            }
        }
    };
    let words = difference
        .clauses
        .iter()
        .find(|change| change.id == id)
        .map(|change| change.words.as_slice())
        .unwrap_or_default();
    let effects = difference.effects.iter().filter(|effect| {
        [&effect.before, &effect.after]
            .into_iter()
            .flatten()
            .any(|held| held.clause.as_deref() == Some(id))
    });
    let (mut was, mut is) = (Vec::new(), Vec::new());
    for effect in effects {
        was.extend(effect.before.iter().map(|held| held.sentence.clone()));
        is.extend(effect.after.iter().map(|held| held.sentence.clone()));
    }
    if words.is_empty() && was.is_empty() && is.is_empty() {
        return Ok(None);
    }
    Ok(Some(Changed {
        version: version.number,
        since: written(since),
        words: runs(words),
        before: was,
        after: is,
    }))
}

/// Words that were taken out and put in, as HTML.
pub(super) fn runs(runs: &[Run]) -> Html {
    let pieces: Vec<Html> = runs
        .iter()
        .map(|run| {
            let (tag, text) = match run {
                Run::Same(text) => return Html::from(text.as_str()),
                Run::Removed(text) => ("del", text),
                Run::Added(text) => ("ins", text),
            };
            Html::trusted(format!("<{tag}>{}</{tag}>", Html::from(text.as_str())))
        })
        .collect();
    Html::join(&pieces)
}
