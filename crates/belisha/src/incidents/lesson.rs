//! A lesson: what was learnt from a case, and which clause of the policy it bears on.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::respond;
use belisha_ui::{Html, Label, Select, SelectOption, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{case, entry};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/lessons/new")
}

/// What was learnt from one case.
pub(super) struct Lesson {
    case: Case,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    words: String,
    clause: String,
}

impl Act for Lesson {
    type At = IncidentId;
    type Form = Form;
    /// What, and the clause that it bears on.
    type Read = (String, Option<String>);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::AddEntry, &case.facts)?;
        Ok(Self { case })
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
        let title = "Write down what was learnt";
        let mut page = ActPage::of(viewer, &self.case, title, "Save");
        page.fields = vec![
            Html::of(&Textarea {
                value: form.words.clone(),
                error: wrong.at("words"),
                rows: 5,
                hint: Some("What should be done differently, in the policy or in daily work. If nothing, say so.".into()),
                ..Textarea::new("words", Label::medium("What was learnt?"))
            }),
            Html::of(&Select {
                chosen: Some(form.clause.clone()),
                error: wrong.at("clause"),
                ..Select::new("clause", Label::medium("Which clause of the policy does it bear on?"), clauses)
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
    ) -> Result<Option<(String, Option<String>)>, Problem> {
        let clause = (!form.clause.is_empty()).then(|| form.clause.clone());
        if let Some(clause) = &clause
            && viewer.policy.policy.clause(clause).is_none()
        {
            wrong.say("clause", "Choose a clause from the list");
        }
        let words = wrong.text(
            "words",
            &form.words,
            "Say what was learnt, or that it was nothing",
        );
        Ok(words.map(|words| (words, clause)))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (words, clause): (String, Option<String>),
    ) -> Result<Entry, Problem> {
        let id = self.case.id;
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be added now", wrong.sentence()))?;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql(
                "insert into incident_lesson (id, incident, clause, made_at, made_by, sealed_words)
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(&row)
            .bind(id.to_string())
            .bind(clause)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("lesson-{row}"), 0, &words)),
        )
        .await?;
        entry::write(tx, &record, id, "lesson", &words, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentLessonWritten, object(id)).fact("lesson", row))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}
