//! Merging a second report of one event into the case that is worked on, and separating
//! them again. All reporters and times stay; nothing is deleted.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{Other, SeparateRefused, merge, separate};
use belisha_ui::{Html, InsetText};

use super::act_page::{Act, ActPage, Why, Wrong};
use super::linking::{self, Form};
use super::queries::{self, Case, object, report_object, settle};
use super::words::Part;
use super::{case, entry, giving};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/merging")
}

pub(super) fn separation_url(id: IncidentId) -> String {
    format!("/incidents/{id}/separation")
}

/// The merging of one case into another.
pub(super) struct Merging {
    case: Case,
    into: Option<IncidentId>,
}

impl Act for Merging {
    type At = IncidentId;
    type Form = Form;
    /// The case that lives on, and why.
    type Read = (Case, String);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        Ok(Self { case, into: None })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Merge into another case";
        let mut page = ActPage::of(viewer, &self.case, title, "Merge into the other case");
        page.lead = Html::paragraphs(
            "This report is about what another case is about already. That case goes on, with all reporters, times and people of both. This one ends, stays readable, and can be separated again.",
        );
        page.fields = linking::fields(form, wrong, "How do you know that both are about the same?");
        page
    }

    async fn read(
        &mut self,
        records: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(Case, String)>, Problem> {
        let other = linking::other(records, viewer, form, wrong).await?;
        let says = "Say how you know that both are about the same";
        let reason = wrong.text("reason", &form.reason, says);
        let Some((other, reason)) = other.zip(reason) else {
            return Ok(None);
        };
        viewer.require(Action::Triage, &other.facts)?;
        self.into = Some(other.id);
        Ok(Some((other, reason)))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (other, reason): (Case, String),
    ) -> Result<Entry, Problem> {
        let id = self.case.id;
        let into = Other {
            kind: other.kind,
            state: other.incident.state(),
            is_same: other.id == id,
        };
        merge(&self.case.incident, into, &reason)
            .map_err(|refused| Problem::refused("The case was not merged", refused.sentence()))?;
        let (row, now, by, today) = (
            tx.school().new_row_id(),
            tx.now(),
            tx.actor().key(),
            tx.today(),
        );
        tx.run_one(
            sql("insert into incident_merge (id, incident, into_incident, made_at, made_by, undone_at, undone_by)
                 values ($1, $2, $3, $4, $5, null, null)")
            .bind(&row)
            .bind(id.to_string())
            .bind(other.id.to_string())
            .bind(now)
            .bind(&by),
        )
        .await?;
        for involved in &self.case.people {
            add_person(tx, other.id, involved, &row).await?;
        }
        // Whoever is a subject of one is a subject of all: a case that was merged tells that
        // there is another, and to its subject there is none.
        let people = self.case.people.iter().chain(&other.people);
        let subjects: Vec<_> = people
            .filter(|involved| involved.part == Part::Alleged)
            .collect();
        for case in giving::with_merged(tx, other.id).await? {
            for subject in &subjects {
                add_person(tx, case, subject, &row).await?;
            }
        }
        give_reports(tx, viewer, id, &other).await?;
        tx.run_one(
            sql("update incident set moves_on_at = null where id = $1").bind(id.to_string()),
        )
        .await?;
        for of in [id, other.id] {
            let record = records::open(tx, viewer, &object(of)).await?;
            entry::write(tx, &record, of, "merging", &reason, today, None).await?;
            settle(tx, of).await?;
        }
        Ok(Entry::of(EntryKind::IncidentMerged, object(id)).fact("into", other.id))
    }

    fn leads_to(&self) -> String {
        case::url(self.into.unwrap_or(self.case.id))
    }

    fn revision(&self) -> Option<i64> {
        Some(self.case.revision)
    }
}

/// Brings somebody into a case with a merge, unless they have this part in it already.
async fn add_person(
    tx: &mut Tx,
    case: IncidentId,
    involved: &queries::Involved,
    merge: &str,
) -> Result<(), Problem> {
    let (row, now, by) = (tx.school().new_row_id(), tx.now(), tx.actor().key());
    tx.run(
        sql("insert into incident_person (id, incident, person, part, added_at, added_by, removed_at, merge)
             select $1, $2, $3, $4, $5, $6, null, $7
             where not exists (select 1 from incident_person
               where incident = $2 and person = $3 and part = $4 and removed_at is null)")
        .bind(row)
        .bind(case.to_string())
        .bind(involved.person.to_string())
        .bind(involved.part_key())
        .bind(now)
        .bind(by)
        .bind(merge),
    )
    .await?;
    Ok(())
}

/// Of a sealed case, the readers of the other one get the keys of its reports.
async fn give_reports(
    tx: &mut Tx,
    viewer: &Viewer,
    id: IncidentId,
    other: &Case,
) -> Result<(), Problem> {
    if !other.kind.is_sealed() {
        return Ok(());
    }
    for report in giving::reports(tx, id).await? {
        let words = records::open(tx, viewer, &report_object(report)).await?;
        for reading in other.readers.iter().filter(|reading| reading.has_key) {
            records::give(tx, &report_object(report), &words, reading.person).await?;
        }
    }
    Ok(())
}

/// The separation of a case that was merged.
pub(super) struct Separation {
    case: Case,
    into: Case,
    merge: String,
}

impl Act for Separation {
    type At = IncidentId;
    type Form = Why;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        let row = sql("select id, into_incident from incident_merge
             where incident = $1 and undone_at is null")
        .bind(id.to_string())
        .optional(records)
        .await?
        .ok_or(Problem::NotFound)?;
        let into = row.read("into_incident", |text| text.parse().ok())?;
        let into = queries::load(records, viewer, into).await?;
        viewer.require(Action::Triage, &case.facts)?;
        viewer.require(Action::Triage, &into.facts)?;
        Ok(Self {
            merge: row.get("id")?,
            case,
            into,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Why, wrong: &Wrong) -> ActPage {
        let title = "Separate from the other case";
        let mut page = ActPage::of(viewer, &self.case, title, "Separate the two");
        page.lead = Html::of(&InsetText::new(format!(
            "This case stands for itself again, where it was. The people who came into case {} with it are taken out of that one.",
            self.into.reference
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
        Ok(form.read("Say why they are not the same", wrong))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reason: String) -> Result<Entry, Problem> {
        let id = self.case.id;
        separate(&self.case.incident, &reason).map_err(|refused| match refused {
            SeparateRefused::WrongState(wrong) => {
                Problem::refused("This case cannot be separated", wrong.sentence())
            }
            SeparateRefused::ReasonMissing => Problem::refused("A reason is missing", "Say why."),
        })?;
        let (now, by, today) = (tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("update incident_merge set undone_at = $2, undone_by = $3
                 where id = $1 and undone_at is null")
            .bind(&self.merge)
            .bind(now)
            .bind(by),
        )
        .await?;
        tx.run(
            sql("update incident_person set removed_at = $2 where merge = $1 and removed_at is null")
                .bind(&self.merge)
                .bind(now),
        )
        .await?;
        for of in [id, self.into.id] {
            let record = records::open(tx, viewer, &object(of)).await?;
            entry::write(tx, &record, of, "merging", &reason, today, None).await?;
            settle(tx, of).await?;
        }
        Ok(Entry::of(EntryKind::IncidentSeparated, object(id)).fact("from", self.into.id))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}
