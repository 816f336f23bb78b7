//! Sharing: a reader adds a reader, for this one case. Shares cannot be passed on.

use belisha_rules::access::{Action, may_receive};
use belisha_rules::giving::GiveRefused;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{Html, Label, Select, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{case, entry, giving};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/sharing")
}

/// The sharing of one case.
pub(super) struct Sharing {
    case: Case,
    receivers: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    person: String,
    reason: String,
}

impl Act for Sharing {
    type At = IncidentId;
    type Form = Form;
    /// With whom, and why.
    type Read = (PersonId, String);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::ShareCase, &case.facts)?;
        let receivers = receivers(records, viewer, &case).await?;
        Ok(Self { case, receivers })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let options = giving::options(&self.receivers);
        let title = "Share the case";
        let mut page = ActPage::of(viewer, &self.case, title, title);
        page.fields = vec![
            Html::of(&Select {
                chosen: Some(form.person.clone()),
                error: wrong.at("person"),
                hint: Some(
                    "Those whose posts allow it. They can read the case, and cannot pass it on."
                        .into(),
                ),
                ..Select::new("person", Label::medium("With whom?"), options)
            }),
            Html::of(&Textarea {
                value: form.reason.clone(),
                error: wrong.at("reason"),
                rows: 3,
                ..Textarea::new("reason", Label::medium("Why do they need to know?"))
            }),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(PersonId, String)>, Problem> {
        let person: Option<PersonId> = form.person.parse().ok();
        if person.is_none() {
            wrong.say("person", "Choose somebody");
        }
        let reason = wrong.text("reason", &form.reason, "Say why they need to know");
        Ok(person.zip(reason))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (person, reason): (PersonId, String),
    ) -> Result<Entry, Problem> {
        share(tx, viewer, &self.case, person).await?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let today = tx.today();
        entry::write(tx, &record, id, "sharing", &reason, today, None).await?;
        settle(tx, id).await?;
        let kind = NoticeKind::IncidentCopied;
        notices::tell(tx, person, kind, &object(id), false).await?;
        Ok(Entry::of(EntryKind::IncidentShared, object(id)).fact("with", person))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// Those it may be shared with.
async fn receivers(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Vec<(PersonId, String)>, Fault> {
    giving::receivers(connection, viewer, |worn| {
        may_receive(&worn.identity, &worn.hats, &found.facts).is_ok()
    })
    .await
}

async fn share(
    tx: &mut Tx,
    viewer: &Viewer,
    found: &Case,
    person: PersonId,
) -> Result<(), Problem> {
    let worn = hats::of(tx, person, viewer.today()).await?;
    may_receive(&worn.identity, &worn.hats, &found.facts)
        .map_err(|why| giving::refused("The case was not shared", &GiveRefused::Receiver(why)))?;
    giving::give_keys(tx, viewer, found, person).await?;
    let already_told = found.readers.iter().any(|reading| {
        reading.person == person
            && reading.stage <= found.stage
            && matches!(reading.why.as_str(), "first" | "copy" | "next")
    });
    if already_told {
        // They were told by the route and lacked a key until now.
        return Ok(());
    }
    giving::insert_reader(tx, found, person, "shared", None).await
}
