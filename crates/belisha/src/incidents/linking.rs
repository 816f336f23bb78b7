//! Links: two cases that belong together and stay two. Each stands on the other's page for
//! those who may read both.

use belisha_rules::access::Action;
use belisha_rules::guides::imagery::may_link;
use belisha_rules::ids::IncidentId;
use belisha_ui::{Html, InsetText, Label, TextInput};
use serde::Deserialize;

use super::act_page::{self, Act, ActPage, Why, Wrong};
use super::queries::{self, Case, object};
use super::{entry, related};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/links/new")
}

pub(super) fn removal_url(id: IncidentId, link: &str) -> String {
    format!("/incidents/{id}/links/{link}/removal")
}

/// The linking of one case with another.
pub(super) struct Linking {
    case: Case,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    pub(super) reference: String,
    pub(super) reason: String,
}

/// The fields for the other case, which linking and merging share.
pub(super) fn fields(form: &Form, wrong: &Wrong, why: &'static str) -> Vec<Html> {
    vec![
        Html::of(&TextInput {
            value: form.reference.clone(),
            error: wrong.at("reference"),
            spellcheck: Some(false),
            hint: Some("Such as K7M2-Q4PX. It must be one that you can read.".into()),
            ..TextInput::new("reference", Label::medium("Reference of the other case"))
        }),
        act_page::why(&form.reason, why, wrong),
    ]
}

/// The other case, if there is one that the viewer may read; else a word at its field, the
/// same for a case that is not there and for one that is hidden.
pub(super) async fn other(
    records: &mut Connection,
    viewer: &Viewer,
    form: &Form,
    wrong: &mut Wrong,
) -> Result<Option<Case>, Problem> {
    let letters: String = form
        .reference
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let written = letters
        .split_at_checked(4)
        .map_or_else(String::new, |(first, second)| format!("{first}-{second}"));
    let row = sql("select id from incident where reference = $1")
        .bind(written)
        .optional(records)
        .await?;
    let found = match row {
        None => None,
        Some(row) => {
            let id = row.read("id", |text| text.parse().ok())?;
            match queries::load(records, viewer, id).await {
                Ok(found) => Some(found),
                Err(Problem::NotFound) => None,
                Err(problem) => return Err(problem),
            }
        }
    };
    if found.is_none() {
        wrong.say(
            "reference",
            "There is no case with this reference that you can read",
        );
    }
    Ok(found)
}

impl Act for Linking {
    type At = IncidentId;
    type Form = Form;
    /// The other case, and why.
    type Read = (Case, String);

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
        let mut page = ActPage::of(viewer, &self.case, "Link another case", "Link the two");
        page.fields = fields(form, wrong, "How do they belong together?");
        page
    }

    async fn read(
        &mut self,
        records: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(Case, String)>, Problem> {
        let other = other(records, viewer, form, wrong).await?;
        if other.as_ref().is_some_and(|other| other.id == self.case.id) {
            wrong.say(
                "reference",
                "That is this case. Enter the reference of the other one",
            );
        }
        let reason = wrong.text("reason", &form.reason, "Say how they belong together");
        Ok(other.zip(reason))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (other, reason): (Case, String),
    ) -> Result<Entry, Problem> {
        let id = self.case.id;
        may_link(
            (self.case.kind, self.case.imagery()),
            (other.kind, other.imagery()),
        )
        .map_err(|says| Problem::refused("The two were not linked", says))?;
        let (row, now, by, today) = (
            tx.school().new_row_id(),
            tx.now(),
            tx.actor().key(),
            tx.today(),
        );
        let linked = tx
            .run(
                sql("insert into incident_link (id, incident, other, made_at, made_by, removed_at, removed_by)
                     select $1, $2, $3, $4, $5, null, null
                     where not exists (select 1 from incident_link
                       where removed_at is null
                         and ((incident = $2 and other = $3) or (incident = $3 and other = $2)))")
                .bind(&row)
                .bind(id.to_string())
                .bind(other.id.to_string())
                .bind(now)
                .bind(by),
            )
            .await?;
        if linked == 0 {
            return Err(Problem::refused(
                "These two are linked already",
                "Nothing was changed.",
            ));
        }
        let record = records::open(tx, viewer, &object(id)).await?;
        entry::write(tx, &record, id, "link", &reason, today, None).await?;
        Ok(Entry::of(EntryKind::IncidentLinked, object(id)).fact("link", row))
    }

    fn leads_to(&self) -> String {
        related::url(self.case.id)
    }
}

/// The end of one link.
pub(super) struct Unlinking {
    case: Case,
    link: String,
}

impl Act for Unlinking {
    type At = (IncidentId, String);
    type Form = Why;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, link): (IncidentId, String),
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        let row = sql("select incident, other from incident_link
             where id = $1 and removed_at is null and (incident = $2 or other = $2)")
        .bind(&link)
        .bind(id.to_string())
        .optional(records)
        .await?
        .ok_or(Problem::NotFound)?;
        for side in ["incident", "other"] {
            let side = row.read(side, |text| text.parse().ok())?;
            queries::load(records, viewer, side).await?;
        }
        viewer.require(Action::AddEntry, &case.facts)?;
        Ok(Self { case, link })
    }

    fn page(&self, viewer: &Viewer, form: &Why, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::of(viewer, &self.case, "Remove a link", "Remove the link");
        page.lead = Html::of(&InsetText::new("Both cases stay as they are."));
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
        Ok(form.read("Say why", wrong))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reason: String) -> Result<Entry, Problem> {
        let id = self.case.id;
        let (now, by, today) = (tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("update incident_link set removed_at = $2, removed_by = $3
                 where id = $1 and removed_at is null")
            .bind(&self.link)
            .bind(now)
            .bind(by),
        )
        .await?;
        let record = records::open(tx, viewer, &object(id)).await?;
        entry::write(tx, &record, id, "link", &reason, today, None).await?;
        Ok(Entry::of(EntryKind::IncidentUnlinked, object(id)).fact("link", self.link))
    }

    fn leads_to(&self) -> String {
        related::url(self.case.id)
    }
}
