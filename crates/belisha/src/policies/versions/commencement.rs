//! Commencement: an approved version comes into force, today or at the start of a day
//! to come, and the one before it is superseded.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::controls::policy_review;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::{PersonId, PolicyVersionId};
use belisha_rules::policies::{self as rules, InForceRefused};
use belisha_ui::{BackLink, Button, DateInput, ErrorSummary, FieldError, Frame};
use jiff::civil::Date;

use super::queries::{self, Version};
use super::{object, show};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::home;
use crate::jobs::{Again, Duty, Running, Weight, Work};
use crate::notices::{NoticeKind, tell};
use crate::policies::days::{Typed, read_day};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

pub(super) fn url(id: PolicyVersionId) -> String {
    format!("{}/commencement", show::url(id))
}

/// Brings versions into force whose day has come.
pub(crate) static DUTY: Duty = Duty {
    key: "policy-in-force",
    says: "Brings approved versions of the policy into force at the start of their day",
    again: Again::At(|_, now| {
        now.tomorrow()
            .and_then(|tomorrow| tomorrow.start_of_day())
            .map_or_else(|_| now.timestamp(), |start| start.timestamp())
    }),
    weight: Weight::Light,
    run,
};

fn run(school: Arc<School>, _: Running) -> Work {
    Box::pin(async move { commence_due(&school).await })
}

/// The version whose day has come, into force. At most one has a day set.
pub(crate) async fn commence_due(school: &Arc<School>) -> Result<(), Fault> {
    let mut tx = school.write(Actor::School("policy-in-force")).await?;
    let today = tx.today();
    let due = sql("select id, in_force_on from policy_version
         where state = 'approved' and in_force_on <= $1")
    .bind(today)
    .optional(&mut tx)
    .await?;
    let Some(row) = due else {
        return Ok(());
    };
    let id: PolicyVersionId = row.read("id", |text| text.parse().ok())?;
    let from = row.date("in_force_on")?;
    match enter(&mut tx, id, from).await {
        Ok(entry) => tx.commit(entry).await.map(drop),
        Err(Problem::Fault(fault)) => Err(fault),
        Err(_) => Err(Fault::said(format!(
            "version {id} of the policy could not come into force on {from}"
        ))),
    }
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    #[serde(default, rename = "from-day")]
    day: String,
    #[serde(default, rename = "from-month")]
    month: String,
    #[serde(default, rename = "from-year")]
    year: String,
}

#[derive(Template)]
#[template(path = "policies/versions/commencement.html")]
struct CommencementPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    number: i64,
    in_force: i64,
    action: String,
    submission: String,
    from: DateInput,
    button: Button,
}

fn page(
    viewer: &Viewer,
    version: &Version,
    form: &Form,
    error: Option<&str>,
) -> Result<Response, Problem> {
    let id = version.row.id;
    let mut frame = home::frame::of(viewer);
    frame.has_errors = error.is_some();
    let answer = crate::web::page(&CommencementPage {
        frame,
        back: BackLink::to(show::url(id)),
        errors: ErrorSummary::new(
            error
                .iter()
                .map(|says| FieldError::new("from-day", *says))
                .collect(),
        ),
        number: version.row.number,
        in_force: viewer.policy.number,
        action: url(id),
        submission: viewer.school.new_row_id(),
        from: DateInput {
            hint: Some("Today, or a day to come: then it begins when that day begins.".into()),
            error: error.map(str::to_owned),
            day: form.day.clone(),
            month: form.month.clone(),
            year: form.year.clone(),
            ..DateInput::new("from", "From which day is it in force?")
        },
        button: Button::submit("Bring into force"),
    })?;
    Ok(if error.is_some() {
        (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
    } else {
        answer
    })
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
) -> Result<Response, Problem> {
    viewer.require(
        Action::ApprovePolicy,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    let version = queries::version(&mut viewer.read().await?, id).await?;
    let today = viewer.today();
    may_begin(&viewer, &version, today, today)?;
    let form = Form {
        day: today.day().to_string(),
        month: today.month().to_string(),
        year: today.year().to_string(),
    };
    page(&viewer, &version, &form, None)
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    tx.once(&submission, &show::url(id)).await?;
    let version = queries::version(&mut tx, id).await?;
    viewer.require(
        Action::ApprovePolicy,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    let today = tx.today();
    let wrong = match read_day(&form.day, &form.month, &form.year) {
        Typed::Day(from) if from >= today => {
            let entry = commence(&mut tx, &viewer, &version, from).await?;
            tx.commit(entry).await?;
            return Ok(crate::web::go_to(&show::url(id)));
        }
        Typed::Day(_) => {
            "Enter today’s date or a later one: a promise cannot be made for days gone by."
        }
        Typed::Nothing => "Enter the day from which this version is in force.",
        Typed::NoDay => "Enter a real date, such as 27 3 2027.",
    };
    drop(tx);
    page(&viewer, &version, &form, Some(wrong))
}

fn may_begin(viewer: &Viewer, version: &Version, from: Date, today: Date) -> Result<(), Problem> {
    let chain = version.chain(&viewer.policy.policy);
    let current = version.is_begun_from(viewer.policy.id);
    rules::bring_into_force(&version.facts(), &chain, from, current, today).map_err(|why| match why
    {
        InForceRefused::NotApproved(_) => Problem::refused(
            "This version is not approved",
            "It comes into force when every body that the policy in force names has approved it.",
        ),
        InForceRefused::InThePast => Problem::refused(
            "That day has passed",
            "A promise cannot be made for days gone by. Choose today or a day to come.",
        ),
        InForceRefused::BegunFromAnOlderVersion => Problem::refused(
            "Another version came into force since this one was begun",
            "Take it back, bring it up to the version in force, and put it forward again.",
        ),
    })
}

/// Sets the day; where it is today, the version is in force at once.
async fn commence(
    tx: &mut Tx,
    viewer: &Viewer,
    version: &Version,
    from: Date,
) -> Result<Entry, Problem> {
    viewer.require(
        Action::ApprovePolicy,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    let (id, today) = (version.row.id, tx.today());
    may_begin(viewer, version, from, today)?;
    let waiting = sql("select number from policy_version
         where state = 'approved' and in_force_on is not null and id <> $1")
    .bind(id.to_string())
    .optional(tx)
    .await?;
    if let Some(row) = waiting {
        return Err(Problem::refused(
            "Another version waits for its day",
            format!(
                "Version {} comes into force on a day already set. Take that one back first, or wait until \
                 it is in force and bring this one up to it.",
                row.get::<i64>("number")?
            ),
        ));
    }
    tx.run_one(
        sql("update policy_version set in_force_on = $2
             where id = $1 and state = 'approved' and in_force_on is null")
        .bind(id.to_string())
        .bind(from),
    )
    .await?;
    if from > today {
        return Ok(Entry::of(EntryKind::PolicyInForce, object(id)).fact("from", from));
    }
    enter(tx, id, from).await
}

/// The version is in force from now on: the one before is superseded, whoever signed
/// words that changed is asked again, and all staff are told.
async fn enter(tx: &mut Tx, id: PolicyVersionId, from: Date) -> Result<Entry, Problem> {
    let school = tx.school().clone();
    let before = school.in_force(tx).await?;
    let version = queries::version(tx, id).await?;
    let next_review = version.policy.get(&policy_review::EVERY).after(from);
    tx.run_one(
        sql(
            "update policy_version set state = 'superseded', superseded_on = $2
             where id = $1 and state = 'in-force'",
        )
        .bind(before.id.to_string())
        .bind(from),
    )
    .await?;
    tx.run_one(
        sql(
            "update policy_version set state = 'in-force', reviewed_on = $2, next_review_on = $3
             where id = $1 and state = 'approved'",
        )
        .bind(id.to_string())
        .bind(from)
        .bind(next_review),
    )
    .await?;
    crate::agreements::versions_changed(tx, &before.policy, &version.policy).await?;
    crate::filter::ask(tx).await?;
    for person in staff_with_accounts(tx).await? {
        tell(tx, person, NoticeKind::PolicyInForce, &object(id), false).await?;
    }
    Ok(Entry::of(EntryKind::PolicyInForce, object(id))
        .fact("from", from)
        .fact("number", version.row.number)
        .fact("before", before.number))
}

async fn staff_with_accounts(tx: &mut Tx) -> Result<Vec<PersonId>, Fault> {
    let today = tx.today();
    sql("select person.id
         from account
         join person on person.id = account.person
         where account.state = 'active' and person.merged_into is null
           and person.standing in ('staff', 'student-teachers', 'governors')
           and person.starts_on <= $1 and (person.ends_on is null or person.ends_on >= $1)
         order by person.id")
    .bind(today)
    .all(tx)
    .await?
    .iter()
    .map(|row| row.read("id", |text| text.parse().ok()))
    .collect()
}
