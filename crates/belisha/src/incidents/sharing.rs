//! Sharing: a reader adds a reader, for this one case. Shares cannot be passed on.

use belisha_rules::access::{Action, ShareRefused, may_receive};
use belisha_rules::ids::{IncidentId, PersonId, ReportId};
use belisha_ui::{Html, Label, Select, SelectOption, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, report_object, settle};
use super::{case, entry};
use crate::db::{Connection, sql};
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
        let options = std::iter::once(SelectOption::new("", "Choose"))
            .chain(
                self.receivers
                    .iter()
                    .map(|(person, name)| SelectOption::new(person.to_string(), name.clone())),
            )
            .collect();
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

/// Those it may be shared with. Whoever may not know of it is not in the list, and
/// the page does not say why.
async fn receivers(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Vec<(PersonId, String)>, Fault> {
    let rows = sql("select person.id, person.name from person
         join account on account.person = person.id
         where person.merged_into is null and account.state <> 'disabled'
           and (person.ends_on is null or person.ends_on >= $1)
         order by person.sort_name, person.id")
    .bind(viewer.today())
    .all(connection)
    .await?;
    let mut receivers = Vec::new();
    for row in rows {
        let person: PersonId = row.read("id", |text| text.parse().ok())?;
        let worn = hats::of(connection, person, viewer.today()).await?;
        if person != viewer.person && may_receive(&worn.identity, &worn.hats, &found.facts).is_ok()
        {
            receivers.push((person, row.get("name")?));
        }
    }
    Ok(receivers)
}

async fn share(
    tx: &mut Tx,
    viewer: &Viewer,
    found: &Case,
    person: PersonId,
) -> Result<(), Problem> {
    let worn = hats::of(tx, person, viewer.today()).await?;
    may_receive(&worn.identity, &worn.hats, &found.facts).map_err(|refused| {
        let why = match refused {
            ShareRefused::CannotBeChosen => "This person cannot be chosen. Choose somebody else.",
            ShareRefused::PostsNeverRead => {
                "Nobody with this person’s posts reads cases of this kind. Choose somebody else."
            }
            ShareRefused::RunsTheSystem => {
                "This person runs the system, and running the system is not reading it. Choose somebody else."
            }
        };
        Problem::refused("The case was not shared", why)
    })?;
    if found.kind.is_sealed() {
        // The giver opens every key of the case and wraps it to the receiver.
        let case = records::open(tx, viewer, &object(found.id)).await?;
        if !records::give(tx, &object(found.id), &case, person).await? {
            return Err(Problem::refused(
                "This person cannot open anything sealed yet",
                "They have no account with a key. Invite them first, then share the case.",
            ));
        }
        for report in reports(tx, found.id).await? {
            let words = records::open(tx, viewer, &report_object(report)).await?;
            records::give(tx, &report_object(report), &words, person).await?;
        }
    }
    let already_told = found
        .readers
        .iter()
        .any(|reading| reading.person == person && reading.why != "shared");
    if already_told {
        // They were told by the route and lacked a key until now.
        return Ok(());
    }
    let (now, by, stage) = (tx.now(), tx.actor().key(), found.stage);
    tx.run(
        sql("insert into incident_reader (incident, person, why, stage, from_at, until_at, given_by)
             values ($1, $2, 'shared', $3, $4, null, $5)
             on conflict (incident, person, why) do update set until_at = null")
        .bind(found.id.to_string())
        .bind(person.to_string())
        .bind(stage)
        .bind(now)
        .bind(by),
    )
    .await?;
    Ok(())
}

async fn reports(connection: &mut Connection, id: IncidentId) -> Result<Vec<ReportId>, Fault> {
    sql("select id from report where incident = $1 order by reported_at, id")
        .bind(id.to_string())
        .all(connection)
        .await?
        .iter()
        .map(|row| row.read("id", |text| text.parse().ok()))
        .collect()
}
