//! Parents informed, or a reasoned hold: telling is the rule, and the lead may hold it
//! back where telling could raise the risk or hinder the police.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{ParentsRefused, inform_parents, withhold_from_parents};
use belisha_ui::{Choice, DateInput, Html, Label, Radios, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::reports::read_date;
use super::{case, entry};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/parents")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    decision: String,
    on_day: String,
    on_month: String,
    on_year: String,
    words: String,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let found = queries::load(&mut viewer.read().await?, &viewer, id).await?;
    viewer.require(Action::RecordParentsInformed, &found.facts)?;
    page(&viewer, &found, &Form::default(), Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let on = DateInput {
        day: form.on_day.clone(),
        month: form.on_month.clone(),
        year: form.on_year.clone(),
        error: wrong.at("on-day"),
        ..DateInput::new("on", "On which day?")
    };
    let mut choices = vec![Choice {
        reveals: Some(Html::of(&on)),
        ..Choice::new("informed", "They have been told")
    }];
    if found.allows(viewer, Action::WithholdFromParents) {
        choices.push(Choice {
            hint: Some("Only the safeguarding lead or a deputy decides this.".into()),
            ..Choice::new("held", "They are not told for now, for a reason")
        });
    }
    let mut page = ActPage::of(viewer, found, "Parents", "Save");
    page.fields = vec![
        Html::of(&Radios {
            chosen: (!form.decision.is_empty()).then(|| form.decision.clone()),
            error: wrong.at("decision"),
            ..Radios::new(
                "decision",
                Label::medium("Have the parents or carers been told?"),
                choices,
            )
        }),
        Html::of(&Textarea {
            value: form.words.clone(),
            error: wrong.at("words"),
            ..Textarea::new(
                "words",
                Label::medium("What was said, or why they are not told"),
            )
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
    viewer.require(Action::RecordParentsInformed, &found.facts)?;
    let form = &sent.form;
    let mut wrong = Wrong::default();
    wrong.need(
        "words",
        &form.words,
        "Say what was said, or why they are not told",
    );
    let informed_on = match form.decision.as_str() {
        "informed" => {
            let on = read_date(&form.on_day, &form.on_month, &form.on_year)
                .filter(|on| *on <= tx.today());
            if on.is_none() {
                wrong.say("on-day", "Enter the day, up to today, such as 27 3 2026");
            }
            on
        }
        "held" => None,
        _ => {
            wrong.say(
                "decision",
                "Say whether the parents or carers have been told",
            );
            None
        }
    };
    if !wrong.is_empty() {
        drop(tx);
        return page(&viewer, &found, form, wrong, Some(sent.submission));
    }
    tx.once(&sent.submission, &case::url(id)).await?;
    let informed = form.decision == "informed";
    if informed {
        inform_parents(&found.incident)
    } else {
        let by_the_lead = found.allows(&viewer, Action::WithholdFromParents);
        withhold_from_parents(&found.incident, by_the_lead, &form.words)
    }
    .map_err(refused)?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let school = tx.school().clone();
    let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
    tx.run_one(
        sql("insert into incident_parents (id, incident, decision, made_at, made_by, informed_on, sealed_reason)
             values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(&row)
        .bind(id.to_string())
        .bind(if informed { "informed" } else { "held" })
        .bind(now)
        .bind(by)
        .bind(informed_on)
        .bind(record.seal(&school, &format!("parents-{row}"), 0, form.words.trim())),
    )
    .await?;
    let on = informed_on.unwrap_or(today);
    entry::write(&mut tx, &record, id, "parents", &form.words, on, None).await?;
    settle(&mut tx, id).await?;
    let kind = if informed {
        EntryKind::IncidentParentsInformed
    } else {
        EntryKind::IncidentParentsHeld
    };
    tx.commit(Entry::of(kind, object(id))).await?;
    Ok(crate::web::go_to(&case::url(id)))
}

fn refused(refused: ParentsRefused) -> Problem {
    let why = match refused {
        ParentsRefused::NotAPupilsCase => {
            "This case is about an adult. Whoever is in charge decides whom to tell, and writes it in the chronology."
        }
        ParentsRefused::CaseHasEnded => "This case has ended. Open it again first.",
        ParentsRefused::OnlyTheLeadWithholds => {
            "Only the designated safeguarding lead or a deputy may hold this back. Ask one of them to decide."
        }
        ParentsRefused::ReasonMissing => "Say why the parents are not told.",
        ParentsRefused::AlreadyInformed => {
            "The parents have been told already, so it cannot be held back any more."
        }
    };
    Problem::refused("This was not recorded", why)
}
