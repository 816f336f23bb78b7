//! Closure: the case ends when nothing is missing, and says what came of it.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{CloseRefused, ClosureRule, close, close_check};
use belisha_ui::{Html, Label, Textarea, WarningText};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{case, entry, withholding};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::retention;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/closure")
}

/// The closing of one case.
pub(super) struct Closure {
    case: Case,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    outcome: String,
}

impl Act for Closure {
    type At = IncidentId;
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::CloseCase, &case.facts)?;
        Ok(Self { case })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::of(viewer, &self.case, "Close the case", "Close the case");
        let missing = close_check(&self.case.incident, &ClosureRule::of(&viewer.policy.policy));
        if !missing.is_empty() {
            let lines: Vec<Html> = missing
                .iter()
                .map(|missing| {
                    Html::trusted(format!("<li>{}</li>", Html::from(missing.sentence())))
                })
                .collect();
            page.lead = Html::join(&[
                Html::of(&WarningText::new("Before this case can be closed:")),
                Html::trusted(format!("<ul>{}</ul>", Html::join(&lines))),
            ]);
        }
        page.fields = vec![Html::of(&Textarea {
            value: form.outcome.clone(),
            error: wrong.at("outcome"),
            ..Textarea::new("outcome", Label::medium("What came of it?"))
        })];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<String>, Problem> {
        Ok(wrong.text("outcome", &form.outcome, "Say what came of it"))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, outcome: String) -> Result<Entry, Problem> {
        let rule = ClosureRule::of(&viewer.policy.policy);
        let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
        if let Err(why) = close(&self.case.incident, &rule, identity) {
            return Err(refused(tx, &self.case, why).await?);
        }
        end(tx, viewer, &self.case, "closed", &outcome).await?;
        Ok(Entry::of(EntryKind::IncidentClosed, object(self.case.id)))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }

    /// Somebody else's change in between is not closed over.
    fn revision(&self) -> Option<i64> {
        Some(self.case.revision)
    }
}

async fn refused(
    connection: &mut Connection,
    found: &Case,
    refused: CloseRefused,
) -> Result<Problem, Problem> {
    Ok(match refused {
        CloseRefused::WrongState(wrong) => {
            let who = who_ended(connection, found).await?;
            let says = format!("{}{who}", wrong.sentence());
            Problem::refused("This case cannot be closed now", says)
        }
        CloseRefused::Missing(missing) => {
            let lines: Vec<String> = missing.iter().map(|missing| missing.sentence()).collect();
            Problem::refused("This case cannot be closed yet", lines.join(" "))
        }
        CloseRefused::OwnReport => Problem::refused(
            "Somebody else closes this case",
            "You reported it yourself, and the policy asks that somebody else closes it.",
        ),
    })
}

/// Who ended the case, for somebody who comes second.
pub(super) async fn who_ended(
    connection: &mut Connection,
    found: &Case,
) -> Result<String, Problem> {
    let row = sql("select person.name from incident_closure
         join person on 'person:' || person.id = incident_closure.closed_by
         where incident = $1 and reopened_at is null")
    .bind(found.id.to_string())
    .optional(connection)
    .await?;
    Ok(match row {
        Some(row) => format!(" {} has ended it.", row.get::<String>("name")?),
        None => String::new(),
    })
}

/// Ends a case.
pub(super) async fn end(
    tx: &mut Tx,
    viewer: &Viewer,
    found: &Case,
    ending: &'static str,
    words: &str,
) -> Result<(), Problem> {
    let record = records::open(tx, viewer, &object(found.id)).await?;
    let school = tx.school().clone();
    let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
    tx.run_one(
        sql("update incident set is_open = false, moves_on_at = null where id = $1")
            .bind(found.id.to_string()),
    )
    .await?;
    tx.run_one(
        sql("insert into incident_closure (id, incident, closed_at, closed_by, sealed_outcome, reopened_at,
                                           reopened_by, sealed_reopen_reason, ending)
             values ($1, $2, $3, $4, $5, null, null, null, $6)")
        .bind(&row)
        .bind(found.id.to_string())
        .bind(now)
        .bind(by)
        .bind(record.seal(&school, &format!("closure-{row}"), 0, words.trim()))
        .bind(ending),
    )
    .await?;
    entry::write(tx, &record, found.id, "closure", words, today, None).await?;
    retention::closed(tx, found, &record).await?;
    withholding::ends(tx, found.id).await?;
    settle(tx, found.id).await
}
