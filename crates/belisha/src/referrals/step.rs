//! A step of a referral: sent, acknowledged, advice, not taken, outcome, asked again.

use belisha_policy::{Measure, Word as _};
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::referrals::{Step, next};
use belisha_ui::{Choice, DateInput, Html, Label, Radios, TextInput, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::queries::Referral;
use super::show::{self, find, to_whom};
use crate::agencies;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::{self, Case, object, settle};
use crate::incidents::{completion, entry};
use crate::problem::Problem;
use crate::records;
use crate::schools::calendar;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::words::read_date;
use crate::web::wrong::Wrong;

pub(super) fn url(id: IncidentId, referral: &str, step: Step) -> String {
    format!("/incidents/{id}/referrals/{referral}/steps/{}", step.key())
}

/// How a referral can be sent: the word that is kept, the choice, the end of a sentence.
const HOW: [(&str, &str, &str); 4] = [
    ("telephone", "By telephone", " by telephone"),
    (
        "form",
        "By their form on the web",
        " by their form on the web",
    ),
    ("secure-mail", "By secure e-mail", " by secure e-mail"),
    ("in-person", "In person", " in person"),
];

/// How it was sent, for the end of a sentence.
pub(super) fn how_name(how: &str) -> &'static str {
    HOW.iter()
        .find(|(key, _, _)| *key == how)
        .map_or("", |(_, _, ends)| ends)
}

/// One step of one referral.
pub(super) struct StepTaken {
    case: Case,
    referral: Referral,
    step: Step,
    /// The day on which to ask again, unless somebody says otherwise.
    usual_chase: Date,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    agency: String,
    how: String,
    reference: String,
    words: String,
    chase_day: String,
    chase_month: String,
    chase_year: String,
}

/// What the form says.
pub(super) struct Said {
    agency: String,
    how: &'static str,
    reference: String,
    words: String,
    chase_on: Option<Date>,
}

impl Act for StepTaken {
    type At = (IncidentId, String, String);
    type Form = Form;
    type Read = Said;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, referral, step): (IncidentId, String, String),
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        let referral = find(records, id, &referral).await?;
        let step = Step::from_key(&step).ok_or(Problem::NotFound)?;
        viewer.require(Action::AddEntry, &case.facts)?;
        let days = calendar::of(records, &viewer.school).await?;
        Ok(Self {
            usual_chase: days.date_after(viewer.today(), Measure::WorkingDays(2)),
            case,
            referral,
            step,
        })
    }

    fn blank(&self) -> Form {
        let chase = self.usual_chase;
        Form {
            chase_day: chase.day().to_string(),
            chase_month: chase.month().to_string(),
            chase_year: chase.year().to_string(),
            ..Form::default()
        }
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            show::url(self.case.id, &self.referral.id),
            format!(
                "Case {}: referral to {}",
                self.case.reference,
                to_whom(&self.referral)
            ),
            title(self.step),
            "Save",
        );
        page.fields = self.fields(form, wrong);
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        let (referral, step) = (&self.referral, self.step);
        let agency = match (step, referral.agencies.as_slice()) {
            (Step::Sent, [only]) => Some(only.clone()),
            (Step::Sent, several) => {
                let chosen = several.iter().find(|key| **key == form.agency).cloned();
                if chosen.is_none() {
                    wrong.say("agency", "Choose to whom it was sent");
                }
                chosen
            }
            _ => Some(referral.sent_to.clone().unwrap_or_default()),
        };
        let how = HOW.iter().find(|(key, _, _)| *key == form.how);
        if step == Step::Sent && how.is_none() {
            wrong.say("how", "Choose how it was sent");
        }
        if needs_words(step) {
            wrong.need("words", &form.words, "Say what was said");
        } else {
            wrong.no_picture("words", &form.words);
        }
        wrong.no_picture("reference", &form.reference);
        if form.reference.chars().count() > 200 {
            wrong.say("reference", "Shorten this to 200 characters");
        }
        let mut chase_on = None;
        if waits(step) {
            chase_on = read_date(&form.chase_day, &form.chase_month, &form.chase_year)
                .filter(|day| *day >= viewer.today());
            if chase_on.is_none() {
                wrong.say("chase-day", "Enter a day from today on, such as 27 3 2027");
            }
        }
        Ok(agency.map(|agency| Said {
            agency,
            how: how.map_or("", |(key, _, _)| key),
            reference: form.reference.trim().to_owned(),
            words: form.words.trim().to_owned(),
            chase_on,
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        self.fits()?;
        let (id, referral) = (self.case.id, &self.referral);
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("insert into referral_step (id, referral, number, step, agency, how, made_at, made_by, sealed_words, sealed_reference)
                 values ($1, $2, (select count(*) + 1 from referral_step where referral = $2), $3, $4, $5, $6, $7, $8, $9)")
            .bind(&row)
            .bind(&referral.id)
            .bind(self.step.key())
            .bind(&said.agency)
            .bind(said.how)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("step-{row}"), 0, &said.words))
            .bind(record.seal(&school, &format!("reference-{row}"), 0, &said.reference)),
        )
        .await?;
        tx.run_one(
            sql("update referral set chase_on = $2, told_on = null where id = $1")
                .bind(&referral.id)
                .bind(said.chase_on),
        )
        .await?;
        let told = told(self.step, referral, &said);
        entry::write(tx, &record, id, "referral", &told, today, None).await?;
        if self.step == Step::Sent && said.agency == "lado" {
            completion::officer_contacted(tx, &record, id, &told).await?;
        }
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::ReferralStep, object(id))
            .fact("referral", &referral.id)
            .fact("step", self.step.key())
            .fact("agency", &said.agency))
    }

    fn leads_to(&self) -> String {
        show::url(self.case.id, &self.referral.id)
    }
}

impl StepTaken {
    fn fits(&self) -> Result<(), Problem> {
        if !self.case.incident.state().is_open() {
            return Err(Problem::refused(
                "This case has ended",
                "Open the case again first.",
            ));
        }
        let state = self.referral.state;
        if next(state).contains(&self.step) {
            return Ok(());
        }
        Err(Problem::refused(
            "This does not fit where the referral stands",
            format!(
                "It stands at “{}”. Go back to the referral to see what can be recorded next.",
                state.name()
            ),
        ))
    }

    fn fields(&self, form: &Form, wrong: &Wrong) -> Vec<Html> {
        let chosen = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let mut fields = Vec::new();
        if self.step == Step::Sent {
            if self.referral.agencies.len() > 1 {
                let agencies = self.referral.agencies.iter();
                fields.push(Html::of(&Radios {
                    chosen: chosen(&form.agency),
                    error: wrong.at("agency"),
                    ..Radios::new(
                        "agency",
                        Label::medium("To whom?"),
                        agencies
                            .map(|key| Choice::new(key.clone(), agencies::name(key)))
                            .collect(),
                    )
                }));
            }
            fields.push(Html::of(&Radios {
                chosen: chosen(&form.how),
                error: wrong.at("how"),
                ..Radios::new(
                    "how",
                    Label::medium("How?"),
                    HOW.iter()
                        .map(|(key, name, _)| Choice::new(*key, *name))
                        .collect(),
                )
            }));
        }
        fields.push(Html::of(&TextInput {
            value: form.reference.clone(),
            error: wrong.at("reference"),
            hint: Some("Their number, if they gave one".into()),
            spellcheck: Some(false),
            ..TextInput::new("reference", Label::medium("Reference"))
        }));
        fields.push(Html::of(&Textarea {
            value: form.words.clone(),
            error: wrong.at("words"),
            rows: 4,
            hint: Some(hint(self.step).into()),
            ..Textarea::new("words", Label::medium("What was said?"))
        }));
        if waits(self.step) {
            fields.push(Html::of(&DateInput {
                day: form.chase_day.clone(),
                month: form.chase_month.clone(),
                year: form.chase_year.clone(),
                error: wrong.at("chase-day"),
                hint: Some("If no outcome is there by then, you are reminded to ask again".into()),
                ..DateInput::new("chase", Label::medium("When do you ask again?"))
            }));
        }
        fields
    }
}

fn title(step: Step) -> &'static str {
    match step {
        Step::Sent => "Record that it was sent",
        Step::Acknowledged => "They have it",
        Step::Advice => "What they advised",
        Step::Refused => "They did not take it",
        Step::Outcome => "What came of it",
        Step::Chased => "Asked again",
    }
}

fn hint(step: Step) -> &'static str {
    match step {
        Step::Sent => "Who was spoken to, and what was said",
        Step::Acknowledged | Step::Chased => "Who answered, and what they said",
        Step::Advice => "What they advised, and who said it",
        Step::Refused => "Why not, and what they suggest",
        Step::Outcome => {
            "What they decided. If the police recorded it under Outcome 21, say so: it means that \
             nothing further was in the public interest"
        }
    }
}

/// Whether the next day to ask is part of this step.
fn waits(step: Step) -> bool {
    match step {
        Step::Sent | Step::Acknowledged | Step::Advice | Step::Chased => true,
        Step::Refused | Step::Outcome => false,
    }
}

/// Whether the step means nothing without words.
fn needs_words(step: Step) -> bool {
    match step {
        Step::Advice | Step::Refused | Step::Outcome => true,
        Step::Sent | Step::Acknowledged | Step::Chased => false,
    }
}

/// The step as the chronology tells it.
fn told(step: Step, referral: &Referral, said: &Said) -> String {
    let who = agencies::name(&said.agency);
    let mut parts = vec![match step {
        Step::Sent => format!("Referred to {who}{}.", how_name(said.how)),
        Step::Acknowledged => format!("{who}: they have the referral."),
        Step::Advice => format!("{who} advised."),
        Step::Refused => format!("{who} did not take the referral."),
        Step::Outcome => format!("{}: outcome.", to_whom(referral)),
        Step::Chased => format!("{who}: asked again."),
    }];
    if !said.reference.is_empty() {
        parts.push(format!("Reference: {}.", said.reference));
    }
    if !said.words.is_empty() {
        parts.push(said.words.clone());
    }
    parts.join(" ")
}
