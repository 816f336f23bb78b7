//! Withdrawal: a share or a delegation ends. What the person read they have read; a sealed
//! case gets a new key, so that nothing written from now on opens with the old one.

use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{Html, InsetText};

use super::act_page::{Act, ActPage, Why, Wrong};
use super::queries::{self, Case, Reading, object, report_object, settle};
use super::reports::answers;
use super::{entry, giving, readers};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId, person: PersonId) -> String {
    format!("/incidents/{id}/readers/{person}/withdrawal")
}

/// The end of one person's access to one case.
pub(super) struct Withdrawal {
    case: Case,
    reading: Reading,
}

/// Whether a reader's access is one that can be ended, and has not ended yet.
pub(super) fn can_end(reading: &Reading, now: jiff::Timestamp) -> bool {
    matches!(reading.why.as_str(), "shared" | "delegated")
        && reading.until_at.is_none_or(|until| until > now)
}

impl Act for Withdrawal {
    type At = (IncidentId, PersonId);
    type Form = Why;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, person): (IncidentId, PersonId),
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::ShareCase, &case.facts)?;
        let reading = case
            .readers
            .iter()
            .find(|reading| reading.person == person && can_end(reading, viewer.now))
            .cloned()
            .ok_or(Problem::NotFound)?;
        Ok(Self { case, reading })
    }

    fn page(&self, viewer: &Viewer, form: &Why, wrong: &Wrong) -> ActPage {
        let title = "End a person’s access";
        let mut page = ActPage::of(viewer, &self.case, title, "End the access");
        page.lead = Html::of(&InsetText::new(format!(
            "{} will no longer find this case. What they have read they have read.",
            self.reading.name
        )));
        page.fields = form.fields("Why?", wrong);
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Why,
        wrong: &mut Wrong,
    ) -> Result<Option<String>, Problem> {
        Ok(form.read("Say why the access ends", wrong))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reason: String) -> Result<Entry, Problem> {
        let id = self.case.id;
        end(tx, viewer, &self.case, &self.reading).await?;
        let record = records::open(tx, viewer, &object(id)).await?;
        let today = tx.today();
        entry::write(tx, &record, id, "sharing", &reason, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentShareEnded, object(id)).fact("with", self.reading.person))
    }

    fn leads_to(&self) -> String {
        readers::url(self.case.id)
    }
}

async fn end(tx: &mut Tx, viewer: &Viewer, found: &Case, reading: &Reading) -> Result<(), Problem> {
    let now = tx.now();
    tx.run_one(
        sql("update incident_reader set until_at = $4
             where incident = $1 and person = $2 and why = $3")
        .bind(found.id.to_string())
        .bind(reading.person.to_string())
        .bind(&reading.why)
        .bind(now),
    )
    .await?;
    let still_reads = found.readers.iter().any(|other| {
        other.person == reading.person
            && other.why != reading.why
            && other.until_at.is_none_or(|until| until > now)
    });
    if !found.kind.is_sealed() || still_reads {
        return Ok(());
    }
    let record = records::open(tx, viewer, &object(found.id)).await?;
    records::take(tx, &object(found.id), reading.person).await?;
    records::replace_key(tx, &object(found.id), record).await?;
    let reported = found.facts.reporters.contains(&reading.person);
    for report in giving::reports(tx, found.id).await? {
        // Whoever reported keeps a view of their own words.
        if !reported {
            records::take(tx, &report_object(report), reading.person).await?;
        }
    }
    for report in answers::with_code(tx, found.id).await? {
        records::take(tx, &answers::object(report), reading.person).await?;
    }
    Ok(())
}
