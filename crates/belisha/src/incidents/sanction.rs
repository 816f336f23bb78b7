//! A sanction for one person: a step of the policy's graded table, or something else with a
//! reason, and who agreed to it.

use belisha_policy::controls::sanction::For;
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::respond;
use belisha_rules::sanctions::{self, Decided, SanctionRefused, Step};
use belisha_ui::{Choice, Column, Html, Label, Radios, Select, Table, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::telling::Told;
use super::words::Part;
use super::{action, case, entry, giving, times};
use crate::db::{Connection, Row, sql};
use crate::entries::{Entry, EntryKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/sanctions/new")
}

const OTHER: &str = "other";
const NOTHING: &str = "nothing";

/// The decision for somebody in one case.
pub(super) struct Sanction {
    case: Case,
    alleged: Vec<(PersonId, String)>,
    steps: Vec<Step>,
    may_agree: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    person: String,
    step: String,
    agreed: String,
    reason: String,
}

/// For whom, which step, agreed by whom, and why.
pub(super) struct Sanctioned {
    person: PersonId,
    step: String,
    agreed: PersonId,
    reason: String,
}

/// Which part of the table is for the people of a case.
fn meant_for(case: &Case) -> For {
    if case.kind.is_sealed() {
        For::Adults
    } else {
        For::Pupils
    }
}

impl Act for Sanction {
    type At = IncidentId;
    type Form = Form;
    type Read = Sanctioned;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        Ok(Self {
            alleged: case.with_parts(&[Part::Alleged]),
            steps: sanctions::table(&viewer.policy.policy, meant_for(&case)),
            may_agree: action::who_may(records, viewer, &case, Action::ReadCase).await?,
            case,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Decide on a sanction";
        let mut page = ActPage::of(viewer, &self.case, title, "Save the decision");
        if self.alleged.is_empty() {
            page.lead = Html::paragraphs(
                "Nobody in this case is said to have done it. Change who is involved first.",
            );
        }
        let mut steps: Vec<Choice> = self
            .steps
            .iter()
            .map(|step| Choice::new(step.key.clone(), format!("{}. {}", step.grade, step.title)))
            .collect();
        steps.push(Choice {
            hint: Some("Outside the policy’s table: give the reason.".into()),
            ..Choice::new(OTHER, "Something else")
        });
        steps.push(Choice::new(NOTHING, "No sanction"));
        page.fields = vec![
            Html::of(&Select {
                chosen: Some(form.person.clone()),
                error: wrong.at("person"),
                ..Select::new(
                    "person",
                    Label::medium("For whom?"),
                    giving::options(&self.alleged),
                )
            }),
            Html::of(&Radios {
                chosen: (!form.step.is_empty()).then(|| form.step.clone()),
                error: wrong.at("step"),
                hint: Some("The steps are those of the policy, the mildest first.".into()),
                ..Radios::new("step", Label::medium("What is decided?"), steps)
            }),
            Html::of(&Select {
                chosen: Some(form.agreed.clone()),
                error: wrong.at("agreed"),
                ..Select::new(
                    "agreed",
                    Label::medium("Who agreed to it?"),
                    giving::options(&self.may_agree),
                )
            }),
            Html::of(&Textarea {
                value: form.reason.clone(),
                error: wrong.at("reason"),
                rows: 3,
                hint: Some("Age, what was meant, what was said, whether it happened before".into()),
                ..Textarea::new("reason", Label::medium("Why does this fit?"))
            }),
        ];
        page
    }

    async fn read(
        &mut self,
        records: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Sanctioned>, Problem> {
        let person = giving::chosen(&self.alleged, &form.person);
        if person.is_none() {
            wrong.say("person", "Choose for whom it is decided");
        }
        let agreed = giving::chosen(&self.may_agree, &form.agreed);
        if agreed.is_none() {
            wrong.say("agreed", "Choose who agreed to it");
        }
        let decided = match form.step.as_str() {
            OTHER => Some(Decided::Other),
            NOTHING => Some(Decided::Nothing),
            key => self
                .steps
                .iter()
                .find(|step| step.key == key)
                .map(Decided::Step),
        };
        if decided.is_none() {
            wrong.say("step", "Choose what is decided");
        }
        let reason = wrong.text("reason", &form.reason, "Say why this fits");
        let (Some(person), Some(agreed), Some(decided), Some(reason)) =
            (person, agreed, decided, reason)
        else {
            return Ok(None);
        };
        let worn = hats::of(records, agreed, viewer.today()).await?;
        match sanctions::decide(&decided, &worn.hats, &reason) {
            Ok(()) => {}
            Err(refused @ SanctionRefused::AgreementOf(_)) => {
                wrong.say("agreed", refused.sentence());
                return Ok(None);
            }
            Err(refused @ SanctionRefused::ReasonMissing) => {
                wrong.say("reason", refused.sentence());
                return Ok(None);
            }
        }
        Ok(Some(Sanctioned {
            person,
            step: form.step.clone(),
            agreed,
            reason,
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, read: Sanctioned) -> Result<Entry, Problem> {
        let id = self.case.id;
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be decided now", wrong.sentence()))?;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql(
                "insert into incident_sanction (id, incident, person, step, agreed_by, decided_at,
                                                decided_by, sealed_words)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&row)
            .bind(id.to_string())
            .bind(read.person.to_string())
            .bind(&read.step)
            .bind(read.agreed.to_string())
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("sanction-{row}"), 0, &read.reason)),
        )
        .await?;
        entry::write(tx, &record, id, "sanction", &read.reason, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentSanctionDecided, object(id)).fact("sanction", row))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// What a step of the table is called; its word where the policy no longer knows it.
fn step_name(steps: &[Step], key: &str) -> String {
    match key {
        NOTHING => "No sanction".to_owned(),
        OTHER => "Outside the table".to_owned(),
        _ => steps.iter().find(|step| step.key == key).map_or_else(
            || key.to_owned(),
            |step| format!("{}. {}", step.grade, step.title),
        ),
    }
}

/// What was decided in a case, in order of time.
async fn decisions(connection: &mut Connection, found: &Case) -> Result<Vec<Row>, Fault> {
    sql(
        "select incident_sanction.id, incident_sanction.step, incident_sanction.decided_at,
                incident_sanction.decided_by, incident_sanction.sealed_words, person.name,
                agreed.name as agreed_name
         from incident_sanction
         join person on person.id = incident_sanction.person
         join person as agreed on agreed.id = incident_sanction.agreed_by
         where incident_sanction.incident = $1
         order by incident_sanction.decided_at, incident_sanction.id",
    )
    .bind(found.id.to_string())
    .all(connection)
    .await
}

/// The decisions as plain lines, for what leaves the school; why is in the chronology.
pub(super) async fn told(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Vec<Told>, Problem> {
    let steps = sanctions::table(&viewer.policy.policy, meant_for(found));
    decisions(connection, found)
        .await?
        .iter()
        .map(|row| {
            Ok(Told {
                at: row.instant("decided_at")?,
                on: None,
                what: "Sanction".into(),
                by: row.get("decided_by")?,
                text: format!(
                    "For: {}\nDecided: {}\nAgreed by: {}",
                    row.get::<String>("name")?,
                    step_name(&steps, &row.get::<String>("step")?),
                    row.get::<String>("agreed_name")?
                ),
            })
        })
        .collect()
}

/// What was decided in a case that the viewer has open.
pub(super) async fn table(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    record: &OpenRecord,
) -> Result<Option<Table>, Problem> {
    let steps = sanctions::table(&viewer.policy.policy, meant_for(found));
    let mut lines = Vec::new();
    for row in decisions(connection, found).await? {
        let id: String = row.get("id")?;
        let what = step_name(&steps, &row.get::<String>("step")?);
        let words = record.read(
            &format!("sanction-{id}"),
            0,
            &row.get::<Vec<u8>>("sealed_words")?,
        )?;
        lines.push(vec![
            row.get::<String>("name")?.into(),
            what.into(),
            row.get::<String>("agreed_name")?.into(),
            times::day(viewer.school.date_of(row.instant("decided_at")?)).into(),
            Html::paragraphs(&words),
        ]);
    }
    Ok((!lines.is_empty()).then(|| Table {
        caption_hidden: true,
        ..Table::new(
            "Sanctions",
            ["For", "Decided", "Agreed by", "On", "Why"]
                .map(Column::new)
                .to_vec(),
            lines,
        )
    }))
}
