//! A sealed case whose readers have all left. Those who could be handed such a case are told
//! that there is one, and take it up with two sheets of the recovery kit.

use belisha_rules::giving as law;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{Html, Label, Textarea};
use belisha_vault::Kit;
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, report_object, settle};
use super::reports::answers;
use super::{case, entry, giving, list};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/recovery")
}

/// The taking up of one case.
pub(super) struct Recovery {
    case: Case,
    /// Every record of the case, opened with the sheets that were typed.
    opened: Vec<(Object, OpenRecord)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    first_sheet: String,
    second_sheet: String,
    reason: String,
}

/// Whether anybody who may read the case now is still here and has its key.
pub(super) async fn has_reader(
    connection: &mut Connection,
    found: &Case,
    now: jiff::Timestamp,
    today: jiff::civil::Date,
) -> Result<bool, Fault> {
    for reading in found.readers.iter().filter(|reading| reading.has_key) {
        if is_here(connection, reading.person, today).await? {
            let worn = hats::of(connection, reading.person, today).await?;
            let asked = belisha_rules::access::Viewer::person(
                worn.identity,
                &worn.hats,
                belisha_rules::access::AccountState::Active,
            );
            let reads = belisha_rules::access::Action::ReadCase;
            let decision = belisha_rules::access::may(&asked, reads, &found.facts, now);
            if decision.is_allowed() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a person has not left and can still sign in.
pub(super) async fn is_here(
    connection: &mut Connection,
    person: PersonId,
    today: jiff::civil::Date,
) -> Result<bool, Fault> {
    Ok(sql(
        "select 1 as here from person join account on account.person = person.id
         where person.id = $1 and person.merged_into is null and account.state <> 'disabled'
           and (person.ends_on is null or person.ends_on >= $2)",
    )
    .bind(person.to_string())
    .bind(today)
    .optional(connection)
    .await?
    .is_some())
}

impl Act for Recovery {
    type At = IncidentId;
    type Form = Form;
    type Read = String;

    /// For somebody to whom the case could be handed over; to everybody else it does not exist.
    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::find(records, id).await?.ok_or(Problem::NotFound)?;
        let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
        law::hand_over(identity, &viewer.hats, &case.facts).map_err(|_| Problem::NotFound)?;
        if has_reader(records, &case, viewer.now, viewer.today()).await? {
            return Err(Problem::NotFound);
        }
        Ok(Self {
            case,
            opened: Vec::new(),
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            list::url(),
            format!("Case {}", self.case.reference),
            "Take up a case whose readers have left",
            "Open the case to me",
        );
        page.lead = Html::paragraphs(
            "Everybody to whom this case was sealed has left or lost their key, so nobody can open it. Its key is also sealed to the recovery kit.\n\nFetch any two of the three printed sheets from those who keep them, type what stands on each, and the case opens to you and to nobody else. Put the sheets back where they were: nothing of them is kept here.",
        );
        page.fields = vec![
            Html::of(&Textarea {
                error: wrong.at("first-sheet"),
                rows: 4,
                ..Textarea::new("first-sheet", Label::medium("One sheet"))
            }),
            Html::of(&Textarea {
                error: wrong.at("second-sheet"),
                rows: 4,
                ..Textarea::new("second-sheet", Label::medium("Another sheet"))
            }),
            Html::of(&Textarea {
                value: form.reason.clone(),
                error: wrong.at("reason"),
                rows: 3,
                ..Textarea::new("reason", Label::medium("Why you take it up"))
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
    ) -> Result<Option<String>, Problem> {
        let reason = wrong.text("reason", &form.reason, "Say why you take it up");
        let kit = match Kit::join(&form.first_sheet, &form.second_sheet) {
            Ok(kit) => kit,
            Err(refused) => {
                wrong.say("first-sheet", refused.to_string());
                return Ok(None);
            }
        };
        let reports = giving::reports(records, self.case.id).await?;
        let coded = answers::with_code(records, self.case.id).await?;
        let names = reports
            .into_iter()
            .map(report_object)
            .chain(coded.into_iter().map(answers::object));
        for name in std::iter::once(object(self.case.id)).chain(names) {
            let opened = records::open_with_kit(records, &viewer.school, &kit, &name).await?;
            let Some(opened) = opened else {
                wrong.say(
                    "first-sheet",
                    "These sheets are of another kit. Look for the sheets of the kit that is in use",
                );
                return Ok(None);
            };
            self.opened.push((name, opened));
        }
        Ok(reason)
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reason: String) -> Result<Entry, Problem> {
        let id = self.case.id;
        for (name, record) in &self.opened {
            if !records::give(tx, name, record, viewer.person).await? {
                return Err(Problem::refused(
                    "You have no key yet",
                    "Finish setting your account up, then come back here.",
                ));
            }
        }
        giving::insert_reader(tx, &self.case, viewer.person, "handed-over", None).await?;
        let (now, by, today) = (tx.now(), viewer.person, tx.today());
        tx.run(
            sql("update incident_left set taken_up_at = $2, taken_up_by = $3 where incident = $1")
                .bind(id.to_string())
                .bind(now)
                .bind(by.to_string()),
        )
        .await?;
        let record = records::open(tx, viewer, &object(id)).await?;
        entry::write(tx, &record, id, "sharing", &reason, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentTakenUp, object(id)).fact("by", by))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}
