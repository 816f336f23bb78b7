//! Parents informed, or a reasoned hold: telling is the rule, and the lead may hold it
//! back where telling could raise the risk or hinder the police.

use belisha_policy::{Standing, Word as _};
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::{ParentsRefused, inform_parents, withhold_from_parents};
use belisha_ui::{Choice, DateInput, Html, Label, Radios, Select, SelectOption, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::words::Part;
use super::{case, entry, giving};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::words::read_date;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/parents")
}

/// What the parents of one case's pupil know.
pub(super) struct ParentsTold {
    case: Case,
    /// The children whose parents may be told, where there are several.
    children: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    person: String,
    decision: String,
    on_day: String,
    on_month: String,
    on_year: String,
    words: String,
}

/// Told on a day, or held back; and what was said, or why not.
pub(super) struct Decision {
    /// Whose parents; none where it holds for every child of the case.
    person: Option<PersonId>,
    informed_on: Option<Date>,
    words: String,
}

impl Act for ParentsTold {
    type At = IncidentId;
    type Form = Form;
    type Read = Decision;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::RecordParentsInformed, &case.facts)?;
        let mut children = case.with_parts(&[Part::Harmed, Part::Alleged]);
        children.retain(|(person, _)| {
            case.people.iter().any(|involved| {
                involved.person == *person && involved.standing == Standing::Pupil.key()
            })
        });
        if children.len() < 2 {
            children.clear();
        }
        Ok(Self { case, children })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
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
        if self.case.allows(viewer, Action::WithholdFromParents) {
            choices.push(Choice {
                hint: Some("Only the safeguarding lead or a deputy decides this.".into()),
                ..Choice::new("held", "They are not told for now, for a reason")
            });
        }
        let mut page = ActPage::of(viewer, &self.case, "Parents", "Save");
        if !self.children.is_empty() {
            let all = std::iter::once(SelectOption::new("", "Every child of this case"));
            let each = self
                .children
                .iter()
                .map(|(person, name)| SelectOption::new(person.to_string(), name.clone()));
            page.fields.push(Html::of(&Select {
                chosen: Some(form.person.clone()),
                error: wrong.at("person"),
                ..Select::new(
                    "person",
                    Label::medium("Whose parents?"),
                    all.chain(each).collect(),
                )
            }));
        }
        page.fields.extend([
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
        ]);
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Decision>, Problem> {
        let informed_on = match form.decision.as_str() {
            "informed" => {
                let on = read_date(&form.on_day, &form.on_month, &form.on_year)
                    .filter(|on| *on <= viewer.today());
                if on.is_none() {
                    wrong.say("on-day", "Enter the day, up to today, such as 27 3 2026");
                }
                on
            }
            "held" => None,
            _ => {
                let says = "Say whether the parents or carers have been told";
                wrong.say("decision", says);
                None
            }
        };
        let says = "Say what was said, or why they are not told";
        let words = wrong.text("words", &form.words, says);
        let person = giving::chosen(&self.children, &form.person);
        if person.is_none() && !form.person.is_empty() {
            wrong.say("person", "Choose a child of this case");
        }
        Ok(words.map(|words| Decision {
            person,
            informed_on,
            words,
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, decision: Decision) -> Result<Entry, Problem> {
        let Decision {
            person,
            informed_on,
            words,
        } = decision;
        let id = self.case.id;
        if informed_on.is_some() {
            inform_parents(&self.case.incident)
        } else {
            let by_the_lead = self.case.allows(viewer, Action::WithholdFromParents);
            withhold_from_parents(&self.case.incident, by_the_lead, &words)
        }
        .map_err(refused)?;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("insert into incident_parents (id, incident, decision, made_at, made_by, informed_on,
                                               sealed_reason, person)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(&row)
            .bind(id.to_string())
            .bind(if informed_on.is_some() { "informed" } else { "held" })
            .bind(now)
            .bind(by)
            .bind(informed_on)
            .bind(record.seal(&school, &format!("parents-{row}"), 0, &words))
            .bind(person.map(|person| person.to_string())),
        )
        .await?;
        let on = informed_on.unwrap_or(today);
        entry::write(tx, &record, id, "parents", &words, on, None).await?;
        settle(tx, id).await?;
        let kind = if informed_on.is_some() {
            EntryKind::IncidentParentsInformed
        } else {
            EntryKind::IncidentParentsHeld
        };
        Ok(Entry::of(kind, object(id)))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
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
