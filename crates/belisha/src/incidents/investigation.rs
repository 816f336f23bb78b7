//! An investigation: who looked into it, what was done, what was found, and which clause of
//! the policy was broken. Another row follows when more is found, and the newest counts.

use belisha_policy::Policy;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{Investigation, investigate, is_investigated};
use belisha_ui::{
    Choice, Column, Html, InsetText, Label, Radios, Select, SelectOption, Table, Textarea,
};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::fields::line;
use super::queries::{self, Case, object, settle};
use super::telling::Told;
use super::{case, categories, entry, times};
use crate::db::{Connection, Row, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/investigation")
}

/// What an investigation may find.
const FINDINGS: [(&str, &str); 3] = [
    ("shown", "It is shown"),
    ("not-shown", "It is not shown"),
    ("nobody-known", "It is shown, and nobody knows who did it"),
];

/// What was found out in one case.
pub(super) struct Finding {
    case: Case,
    /// The policy has it investigated as a breach, so the clause that was broken is named.
    names_clause: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    investigator: String,
    words: String,
    finding: String,
    clause: String,
}

/// What the form says.
pub(super) struct Found {
    investigator: String,
    words: String,
    finding: &'static str,
    clause: Option<String>,
}

impl Act for Finding {
    type At = IncidentId;
    type Form = Form;
    type Read = Found;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        let given = categories::of(records, id).await?;
        let mut about: Vec<&str> = given
            .iter()
            .map(|(category, _)| category.as_str())
            .collect();
        about.push(&case.category);
        Ok(Self {
            names_clause: is_investigated(&viewer.policy.policy, &about),
            case,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let clauses = std::iter::once(SelectOption::new("", "None in particular"))
            .chain(viewer.policy.policy.clauses.iter().map(|clause| {
                SelectOption::new(
                    clause.id.clone(),
                    format!("{} {}", clause.number, clause.title),
                )
            }))
            .collect();
        let title = "What the investigation found";
        let mut page = ActPage::of(viewer, &self.case, title, "Save what was found");
        if self.case.incident.investigation == Investigation::UnderWay {
            page.lead = Html::of(&InsetText::new(
                "The case stays open until this is written down. Whether the police are told, and any sanction, are decisions of their own.",
            ));
        }
        page.fields = vec![
            line(
                "investigator",
                "Who looked into it?",
                "Name and post",
                &form.investigator,
                wrong,
            ),
            Html::of(&Textarea {
                value: form.words.clone(),
                error: wrong.at("words"),
                rows: 6,
                hint: Some("Who was spoken to, what was looked at, and what it shows".into()),
                ..Textarea::new("words", Label::medium("What was done, and what was found?"))
            }),
            Html::of(&Radios {
                chosen: (!form.finding.is_empty()).then(|| form.finding.clone()),
                error: wrong.at("finding"),
                ..Radios::new(
                    "finding",
                    Label::medium("What is the finding?"),
                    FINDINGS
                        .iter()
                        .map(|(key, name)| Choice::new(*key, *name))
                        .collect(),
                )
            }),
            Html::of(&Select {
                chosen: Some(form.clause.clone()),
                error: wrong.at("clause"),
                ..Select::new(
                    "clause",
                    Label::medium("Which clause of the policy or of an agreement was broken?"),
                    clauses,
                )
            }),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Found>, Problem> {
        let says = "Say who looked into it";
        let investigator = wrong.text("investigator", &form.investigator, says);
        let says = "Say what was done and what was found";
        let words = wrong.text("words", &form.words, says);
        let finding = FINDINGS.iter().find(|(key, _)| *key == form.finding);
        if finding.is_none() {
            wrong.say("finding", "Choose the finding");
        }
        let clause = (!form.clause.is_empty()).then(|| form.clause.clone());
        if let Some(clause) = &clause
            && viewer.policy.policy.clause(clause).is_none()
        {
            wrong.say("clause", "Choose a clause from the list");
        }
        if self.names_clause
            && clause.is_none()
            && finding.is_some_and(|(key, _)| *key != "not-shown")
        {
            wrong.say("clause", "Choose the clause that was broken");
        }
        let (Some(investigator), Some(words), Some((finding, _))) = (investigator, words, finding)
        else {
            return Ok(None);
        };
        Ok(Some(Found {
            investigator,
            words,
            finding,
            clause,
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, found: Found) -> Result<Entry, Problem> {
        investigate(&self.case.incident).map_err(|wrong| {
            Problem::refused("This cannot be written down now", wrong.sentence())
        })?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("insert into incident_investigation (id, incident, clause, finding, made_at, made_by,
                                                     sealed_investigator, sealed_words)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(&row)
            .bind(id.to_string())
            .bind(found.clause)
            .bind(found.finding)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("investigator-{row}"), 0, &found.investigator))
            .bind(record.seal(&school, &format!("investigation-{row}"), 0, &found.words)),
        )
        .await?;
        entry::write(tx, &record, id, "investigation", &found.words, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentInvestigated, object(id))
            .fact("investigation", row)
            .fact("finding", found.finding))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// What a finding is called.
fn finding_name(key: &str) -> &'static str {
    FINDINGS
        .iter()
        .find(|(finding, _)| *finding == key)
        .map_or("", |(_, name)| name)
}

/// A clause as the page names it; its id where the policy no longer has it.
fn clause_name(policy: &Policy, id: Option<String>) -> String {
    id.map_or_else(String::new, |id| {
        policy.clause(&id).map_or_else(
            || id.clone(),
            |clause| format!("{} {}", clause.number, clause.title),
        )
    })
}

/// What was found in a case, in order of time.
async fn findings(connection: &mut Connection, found: &Case) -> Result<Vec<Row>, Fault> {
    sql(
        "select id, clause, finding, made_at, made_by, sealed_investigator, sealed_words
         from incident_investigation where incident = $1 order by made_at, id",
    )
    .bind(found.id.to_string())
    .all(connection)
    .await
}

fn investigator(record: &OpenRecord, row: &Row) -> Result<String, Fault> {
    let id: String = row.get("id")?;
    let sealed: Vec<u8> = row.get("sealed_investigator")?;
    record.read(&format!("investigator-{id}"), 0, &sealed)
}

/// The findings as plain lines, for what leaves the school; the words are in the chronology.
pub(super) async fn told(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    record: &OpenRecord,
) -> Result<Vec<Told>, Problem> {
    let mut told = Vec::new();
    for row in findings(connection, found).await? {
        let mut text = format!(
            "Looked into by: {}\nFinding: {}",
            investigator(record, &row)?,
            finding_name(&row.get::<String>("finding")?)
        );
        let clause = clause_name(&viewer.policy.policy, row.get("clause")?);
        if !clause.is_empty() {
            text.push_str(&format!("\nClause that was broken: {clause}"));
        }
        told.push(Told {
            at: row.instant("made_at")?,
            on: None,
            what: "Investigation".into(),
            by: row.get("made_by")?,
            text,
        });
    }
    Ok(told)
}

/// What was found in a case that the viewer has open.
pub(super) async fn table(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    record: &OpenRecord,
) -> Result<Option<Table>, Problem> {
    let mut lines = Vec::new();
    for row in findings(connection, found).await? {
        let id: String = row.get("id")?;
        let words = record.read(
            &format!("investigation-{id}"),
            0,
            &row.get::<Vec<u8>>("sealed_words")?,
        )?;
        lines.push(vec![
            finding_name(&row.get::<String>("finding")?).into(),
            clause_name(&viewer.policy.policy, row.get("clause")?).into(),
            investigator(record, &row)?.into(),
            times::day(viewer.school.date_of(row.instant("made_at")?)).into(),
            Html::paragraphs(&words),
        ]);
    }
    Ok((!lines.is_empty()).then(|| Table {
        caption_hidden: true,
        ..Table::new(
            "Investigation",
            ["Finding", "Clause", "By", "On", "In words"]
                .map(Column::new)
                .to_vec(),
            lines,
        )
    }))
}
