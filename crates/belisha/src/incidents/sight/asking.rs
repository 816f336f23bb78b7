//! Asking for emergency sight, by the reference that somebody gives. The code of the second
//! factor, the alerts and the entry are one act; only then does the case open.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_rules::access::{Action, Decision, Kind, RecordFacts};
use belisha_rules::emergency_sight::{self as law, Asked, Category, REASON_AT_LEAST, Terms};
use belisha_rules::ids::PersonId;
use belisha_ui::{
    BackLink, Button, Choice, ErrorSummary, Frame, Html, InputWidth, Label, Radios, TextInput,
    Textarea,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::queries::sight_object;
use crate::accounts::{arrival, step_up};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::act_page::Wrong;
use crate::incidents::queries::{self, Case, object};
use crate::incidents::{case, giving, list};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records::{self, Tier};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::incidents) struct Form {
    reference: String,
    category: String,
    reason: String,
    code: String,
}

#[derive(Template)]
#[template(path = "incidents/sight/asking.html")]
struct AskingPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    says: String,
    demonstration: Option<String>,
    fields: Vec<Html>,
    send: Button,
}

/// Whether the viewer may ask at all, of some kind of case.
pub(in crate::incidents) fn may_ask(viewer: &Viewer) -> bool {
    let terms = Terms::of(&viewer.policy.policy);
    Kind::ALL
        .into_iter()
        .filter(|kind| kind.is_case())
        .any(|kind| {
            let record = RecordFacts {
                named_deputies: named(viewer, &terms),
                ..RecordFacts::of(kind)
            };
            viewer.may(Action::BreakGlass, &record).is_allowed()
        })
}

fn named(viewer: &Viewer, terms: &Terms) -> Vec<PersonId> {
    terms
        .names(&viewer.hats)
        .then_some(viewer.person)
        .into_iter()
        .collect()
}

pub(in crate::incidents) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    if !may_ask(&viewer) {
        return Err(Problem::NotFound);
    }
    page(&viewer, &Form::default(), Wrong::default()).await
}

async fn page(viewer: &Viewer, form: &Form, wrong: Wrong) -> Result<Response, Problem> {
    let terms = Terms::of(&viewer.policy.policy);
    let minutes = terms.lasts.as_mins();
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let fields = vec![
        Html::of(&TextInput {
            value: form.reference.clone(),
            error: wrong.at("reference"),
            width: Some(InputWidth::Twenty),
            spellcheck: Some(false),
            hint: Some("As somebody who knows the case gives it to you, such as K7M2-Q4PX".into()),
            ..TextInput::new("reference", Label::medium("Reference of the case"))
        }),
        Html::of(&Radios {
            chosen: (!form.category.is_empty()).then(|| form.category.clone()),
            error: wrong.at("category"),
            ..Radios::new(
                "category",
                Label::medium("Why must it be now?"),
                Category::all()
                    .map(|category| Choice::new(category.key(), category.name()))
                    .collect(),
            )
        }),
        Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            rows: 4,
            hint: Some(format!(
                "Who may be in danger, and why it cannot wait: {REASON_AT_LEAST} letters or more. Those who are alerted read it."
            )),
            ..Textarea::new("reason", Label::medium("Your reason"))
        }),
        Html::of(&TextInput {
            error: wrong.at("code"),
            width: Some(InputWidth::Twenty),
            autocomplete: Some("one-time-code".into()),
            spellcheck: Some(false),
            hint: Some(
                "Six figures from your authenticator app, or one of your recovery codes".into(),
            ),
            ..TextInput::new("code", Label::medium("A code of your second factor"))
        }),
    ];
    let page = AskingPage {
        frame: Frame {
            has_errors: !wrong.is_empty(),
            ..frame::of(viewer)
        },
        back: BackLink::to(list::url()),
        says: format!(
            "The case opens to you for {minutes} minutes, to read and nothing else. Before it opens, \
             the safeguarding lead, the headteacher and the chair of governors are alerted, as far as the \
             case does not concern them, and one of them judges afterwards whether it was right. \
             The governors see how often it happens."
        ),
        demonstration: step_up::shown_code(viewer).await?,
        errors: ErrorSummary::new(wrong.clone().into_errors()),
        fields,
        send: Button::warning("Alert them and open the case"),
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

pub(in crate::incidents) async fn post(
    viewer: Viewer,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    if !may_ask(&viewer) {
        return Err(Problem::NotFound);
    }
    let form = &sent.form;
    let mut wrong = Wrong::default();
    let mut records = viewer.read().await?;
    let found = by_reference(&mut records, &viewer, &form.reference).await?;
    drop(records);
    if found.is_none() {
        // The same for a case that is not there and for one that this person may not know of.
        wrong.say(
            "reference",
            "No case with this reference can be opened by you in this way. Check it with whoever gave it to you",
        );
    }
    let category = Category::from_key(&form.category);
    if category.is_none() {
        wrong.say("category", "Choose why it must be now");
    }
    if form.reason.trim().chars().count() < REASON_AT_LEAST {
        wrong.say("reason", law::SightRefused::ReasonTooShort.sentence());
    }
    if form.code.trim().is_empty() {
        wrong.say("code", "Enter a code of your second factor");
    }
    let (Some(found), Some(category), true) = (found, category, wrong.is_empty()) else {
        return page(&viewer, form, wrong).await;
    };
    if found.allows(&viewer, Action::ReadCase) {
        return Ok(crate::web::go_to(&case::url(found.id)));
    }
    let mut tx = match step_up::by_code(&viewer, &form.code).await? {
        step_up::Given::Right(tx) => *tx,
        step_up::Given::Wrong => {
            wrong.say(
                "code",
                "That code is not right, or it was used already. Wait for the next one",
            );
            return page(&viewer, form, wrong).await;
        }
        step_up::Given::TooOften(later) => {
            wrong.say("code", later.sentence());
            return page(&viewer, form, wrong).await;
        }
    };
    let entry = take(&mut tx, &viewer, &found.reference, category, &form.reason).await?;
    match entry {
        Ok(entry) => {
            let token = step_up::freshen(&mut tx, &viewer).await?;
            tx.commit(entry).await?;
            let answer = crate::web::go_to(&case::url(found.id));
            Ok(arrival::with_token(answer, &token))
        }
        Err((refused, entry)) => {
            tx.commit(entry).await?;
            Err(Problem::refused(
                "The case was not opened",
                refused.sentence(),
            ))
        }
    }
}

/// A case of which this person may ask for emergency sight.
async fn by_reference(
    connection: &mut Connection,
    viewer: &Viewer,
    typed: &str,
) -> Result<Option<Case>, Problem> {
    let letters: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let Some((first, second)) = letters.split_at_checked(4) else {
        return Ok(None);
    };
    let row = sql("select id from incident where reference = $1")
        .bind(format!("{first}-{second}"))
        .optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let id = row.read("id", |text| text.parse().ok())?;
    let Some(mut found) = queries::find(connection, id).await? else {
        return Ok(None);
    };
    found.facts.named_deputies = named(viewer, &Terms::of(&viewer.policy.policy));
    Ok(match viewer.may(Action::BreakGlass, &found.facts) {
        Decision::Allowed(_) => Some(found),
        // Who reads the case already needs no emergency.
        Decision::Refused(_) if found.allows(viewer, Action::ReadCase) => Some(found),
        Decision::Hidden | Decision::Refused(_) => None,
    })
}

type Taken = Result<Entry, (law::SightRefused, Entry)>;

async fn take(
    tx: &mut Tx,
    viewer: &Viewer,
    reference: &str,
    category: Category,
    reason: &str,
) -> Result<Taken, Problem> {
    let terms = Terms::of(&viewer.policy.policy);
    let found = by_reference(tx, viewer, reference)
        .await?
        .ok_or(Problem::NotFound)?;
    viewer.require(Action::BreakGlass, &found.facts)?;
    let alerted = alerted(tx, viewer, &found).await?;
    let earlier = earlier(tx, viewer).await?;
    let asked = Asked {
        fresh_second_factor: true,
        reason,
        earlier: &earlier,
        alerted: alerted.len(),
        has_key: !found.kind.is_sealed()
            || records::open(tx, viewer, &object(found.id)).await.is_ok(),
    };
    let until = match law::ask(&viewer.hats, &asked, &terms, tx.now()) {
        Ok(until) => until,
        Err(refused) => {
            let entry = Entry::of(EntryKind::IncidentSightTaken, object(found.id)).refused();
            return Ok(Err((refused, entry)));
        }
    };
    let (school, now, today) = (tx.school().clone(), tx.now(), tx.today());
    let id = school.new_row_id();
    let tier = if found.kind.is_sealed() {
        Tier::Persons(alerted.iter().copied().chain([viewer.person]).collect())
    } else {
        Tier::School
    };
    let (record, _) = records::create(tx, &sight_object(&id), &tier).await?;
    let calendar = crate::schools::calendar::of(tx, &school).await?;
    let due_on = calendar.date_after(today, terms.review_within);
    tx.run_one(
        sql("insert into incident_sight (id, incident, person, category, sealed_reason, asked_at, until_at,
                                         review_due_on, reviewed_at, reviewed_by, finding,
                                         sealed_judgement, reminded_on)
             values ($1, $2, $3, $4, $5, $6, $7, $8, null, null, null, null, null)")
        .bind(&id)
        .bind(found.id.to_string())
        .bind(viewer.person.to_string())
        .bind(category.key())
        .bind(record.seal(&school, "reason", 0, reason.trim()))
        .bind(now)
        .bind(until)
        .bind(due_on),
    )
    .await?;
    giving::insert_reader(tx, &found, viewer.person, "emergency", Some(until)).await?;
    for person in alerted {
        tx.run_one(
            sql("insert into incident_sight_alert (sight, person) values ($1, $2)")
                .bind(&id)
                .bind(person.to_string()),
        )
        .await?;
        let kind = NoticeKind::IncidentSightTaken;
        notices::tell(tx, person, kind, &sight_object(&id), true).await?;
    }
    Ok(Ok(Entry::of(
        EntryKind::IncidentSightTaken,
        object(found.id),
    )
    .fact("sight", id)
    .fact("category", category.key())
    .fact("minutes", terms.lasts.as_mins())))
}

/// Those who are told before the case opens: never the subject, nor whoever asks.
async fn alerted(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Vec<PersonId>, Fault> {
    let mut alerted = Vec::new();
    for post in law::ALERTED {
        for (person, _) in hats::holders(connection, post, viewer.today()).await? {
            let identity = hats::identity(connection, person).await?;
            let is_right = !identity.is(viewer.person)
                && !found.facts.excludes(&identity)
                && !alerted.contains(&person);
            if is_right {
                alerted.push(person);
            }
        }
    }
    Ok(alerted)
}

async fn earlier(connection: &mut Connection, viewer: &Viewer) -> Result<Vec<Timestamp>, Fault> {
    sql("select asked_at from incident_sight where person = $1 order by asked_at desc limit 10")
        .bind(viewer.person.to_string())
        .all(connection)
        .await?
        .iter()
        .map(|row| row.instant("asked_at"))
        .collect()
}
