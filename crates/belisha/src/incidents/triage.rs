//! Triage: what it is, whether a child is at risk, and what follows.

use crate::web::path::Path;
use axum::response::Response;
use belisha_policy::{Post, Word as _};
use belisha_rules::access::{Action, Kind};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::{self, FollowUp, Triage};
use belisha_ui::{Html, Label, Radios, Select, SelectOption, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::words::kind_key;
use super::{case, categories, classification, entry, guidance};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/triage")
}

/// What the triage decided should happen.
const OUTCOMES: [(&str, &str); 3] = [
    ("respond", "Deal with it in school"),
    ("investigate", "Find out more first"),
    ("refer", "Refer it to an agency"),
];

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    category: String,
    child_at_risk: String,
    disturbing: String,
    outcome: String,
    reason: String,
    revision: i64,
    /// What else it is about, as the records spell it.
    also: Vec<String>,
    /// The people of the case, and what is said of each in the same order.
    of: Vec<String>,
    said: Vec<String>,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let found = queries::load(&mut records, &viewer, id).await?;
    viewer.require(Action::Triage, &found.facts)?;
    let given = categories::of(&mut records, id).await?;
    drop(records);
    let of_whole = |(category, person): &(String, Option<PersonId>)| {
        (person.is_none() && *category != found.category).then(|| category.clone())
    };
    let of_person = |person: PersonId| {
        let said = given.iter().find(|(_, of)| *of == Some(person));
        said.map_or_else(String::new, |(category, _)| category.clone())
    };
    let people = categories::people(&found);
    // Before the first triage, what the reporter said suggests a line of the list.
    let suggested = given
        .iter()
        .find_map(|(category, _)| classification::risk_of(category))
        .filter(|_| found.category.is_empty())
        .map_or_else(|| found.category.clone(), str::to_owned);
    let form = Form {
        category: suggested,
        revision: found.revision,
        also: given.iter().filter_map(of_whole).collect(),
        of: people
            .iter()
            .map(|(person, _, _)| person.to_string())
            .collect(),
        said: people
            .iter()
            .map(|(person, _, _)| of_person(*person))
            .collect(),
        ..Form::default()
    };
    page(&viewer, &found, &form, Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let chosen = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let edition = guidance::of(&found.guidance);
    let categories = std::iter::once(SelectOption::new("", "Choose"))
        .chain(edition.areas.iter().flat_map(|area| {
            area.risks.iter().map(|risk| {
                SelectOption::new(risk.key.clone(), format!("{}: {}", area.name, risk.name))
            })
        }))
        .collect();
    let says: Vec<String> = edition
        .areas
        .iter()
        .map(|area| format!("{}: {}", area.name, area.says))
        .collect();
    let mut page = ActPage::of(viewer, found, "Triage", "Save the triage");
    page.revision = Some(form.revision);
    page.fields = vec![
        Html::of(&Select {
            error: wrong.at("category"),
            chosen: Some(form.category.clone()),
            hint: Some(format!("{}. ({})", says.join("; "), edition.name)),
            ..Select::new("category", Label::medium("What kind of risk is it?"), categories)
        }),
        categories::fields(viewer, found, &form.also, &form.of, &form.said),
        Html::of(&Radios {
            error: wrong.at("child-at-risk"),
            chosen: chosen(&form.child_at_risk),
            hint: Some("If so, the designated safeguarding lead is told, whoever has the case.".into()),
            ..Radios::yes_or_no("child-at-risk", Label::medium("Is a child at risk of significant harm?"))
        }),
        Html::of(&Radios {
            error: wrong.at("disturbing"),
            chosen: chosen(&form.disturbing),
            hint: Some("If so, somebody must decide whether the police are told before the case can be closed.".into()),
            ..Radios::yes_or_no(
                "disturbing",
                Label::medium("Was a message especially disturbing or unlawful, or may material be illegal?"),
            )
        }),
        Html::of(&Radios {
            error: wrong.at("outcome"),
            chosen: chosen(&form.outcome),
            ..Radios::new(
                "outcome",
                Label::medium("What should happen?"),
                OUTCOMES
                    .iter()
                    .map(|(key, name)| belisha_ui::Choice::new(*key, *name))
                    .collect(),
            )
        }),
        Html::of(&Textarea {
            error: wrong.at("reason"),
            value: form.reason.clone(),
            ..Textarea::new("reason", Label::medium("Why?"))
        }),
    ];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let found = queries::load(&mut tx, &viewer, id).await?;
    viewer.require(Action::Triage, &found.facts)?;
    let form = &sent.form;
    let mut wrong = Wrong::default();
    let risk = guidance::of(&found.guidance).risk(&form.category);
    if risk.is_none() {
        wrong.say("category", "Choose the kind of risk that fits best");
    }
    for (field, value) in [
        ("child-at-risk", &form.child_at_risk),
        ("disturbing", &form.disturbing),
    ] {
        if !matches!(value.as_str(), "yes" | "no") {
            wrong.say(field, "Answer yes or no");
        }
    }
    let outcome = OUTCOMES.iter().find(|(key, _)| *key == form.outcome);
    if outcome.is_none() {
        wrong.say("outcome", "Choose what should happen");
    }
    wrong.need("reason", &form.reason, "Say why, in a sentence or two");
    let (Some(risk), Some((outcome, _)), true) = (risk, outcome, wrong.is_empty()) else {
        drop(tx);
        return page(&viewer, &found, form, wrong, Some(sent.submission));
    };
    let triage = Triage {
        child_at_risk: form.child_at_risk == "yes",
        police_question: risk.police_question || form.disturbing == "yes",
    };
    tx.once(&sent.submission, &case::url(id)).await?;
    let decided = Decided {
        told_apart: categories::Said::read(&viewer, &found, &form.also, &form.of, &form.said),
        triage,
        category: &form.category,
        outcome,
        reason: &form.reason,
        revision: form.revision,
    };
    let entry = decide(&mut tx, &viewer, &found, &decided).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}

struct Decided<'a> {
    triage: Triage,
    told_apart: categories::Said,
    category: &'a str,
    outcome: &'a str,
    reason: &'a str,
    /// The revision that the decision was made on.
    revision: i64,
}

async fn decide(
    tx: &mut Tx,
    viewer: &Viewer,
    found: &Case,
    decided: &Decided<'_>,
) -> Result<Entry, Problem> {
    incidents::triage(&found.incident)
        .map_err(|wrong| Problem::refused("This case cannot be triaged now", wrong.sentence()))?;
    let (school, now, today) = (tx.school().clone(), tx.now(), tx.today());
    let (id, by) = (school.new_row_id(), tx.actor().key());
    let record = records::open(tx, viewer, &object(found.id)).await?;
    let kind = match found.kind {
        Kind::PupilWelfare if decided.triage.child_at_risk => Kind::ChildProtection,
        kind => kind,
    };
    tx.run_one(
        sql("update incident set category = $3, kind = $4 where id = $1 and revision = $2")
            .bind(found.id.to_string())
            .bind(decided.revision)
            .bind(decided.category)
            .bind(kind_key(kind)),
    )
    .await?;
    tx.run_one(
        sql("insert into incident_triage (id, incident, triaged_at, triaged_by, category, child_at_risk,
                                          outcome, sealed_reason, police_question)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(&id)
        .bind(found.id.to_string())
        .bind(now)
        .bind(by)
        .bind(decided.category)
        .bind(decided.triage.child_at_risk)
        .bind(decided.outcome)
        .bind(record.seal(&school, &format!("triage-{id}"), 0, decided.reason.trim()))
        .bind(decided.triage.police_question),
    )
    .await?;
    decided
        .told_apart
        .write(tx, found.id, decided.category)
        .await?;
    for follow_up in incidents::follow_ups(found.kind, decided.triage) {
        match follow_up {
            FollowUp::TellTheLead => tell_the_lead(tx, found).await?,
            // The close-check asks for it until it is recorded.
            FollowUp::DecideOnPolice => {}
        }
    }
    entry::write(tx, &record, found.id, "triage", decided.reason, today, None).await?;
    settle(tx, found.id).await?;
    Ok(Entry::of(EntryKind::IncidentTriaged, object(found.id)).fact("triage", id))
}

/// Tells the lead, and the deputies, of a child at risk; the lead reads the case by their post.
async fn tell_the_lead(tx: &mut Tx, found: &Case) -> Result<(), Problem> {
    let (now, today) = (tx.now(), tx.today());
    for post in [
        Post::DesignatedSafeguardingLead,
        Post::DeputyDesignatedSafeguardingLead,
    ] {
        for (person, _) in hats::holders(tx, post, today).await? {
            let identity = hats::identity(tx, person).await?;
            if found.facts.excludes(&identity) {
                continue;
            }
            tx.run(
                sql("insert into incident_reader (incident, person, why, stage, from_at, until_at, given_by)
                     values ($1, $2, 'first', 0, $3, null, $4)
                     on conflict (incident, person, why) do nothing")
                .bind(found.id.to_string())
                .bind(person.to_string())
                .bind(now)
                .bind(format!("post:{}", post.key())),
            )
            .await?;
            notices::tell(
                tx,
                person,
                NoticeKind::IncidentForYou,
                &object(found.id),
                true,
            )
            .await?;
        }
    }
    Ok(())
}
