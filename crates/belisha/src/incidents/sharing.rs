//! Sharing: a reader adds a reader, for this one case. Shares cannot be passed on.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::{Action, ShareRefused, may_receive};
use belisha_rules::ids::{IncidentId, PersonId, ReportId};
use belisha_ui::{Html, Label, Select, SelectOption, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object, report_object, settle};
use super::reports::answers;
use super::{case, entry};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/sharing")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    person: String,
    reason: String,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let found = queries::load(&mut records, &viewer, id).await?;
    viewer.require(Action::ShareCase, &found.facts)?;
    let receivers = receivers(&mut records, &viewer, &found).await?;
    page(
        &viewer,
        &found,
        receivers,
        &Form::default(),
        Wrong::default(),
        None,
    )
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

fn page(
    viewer: &Viewer,
    found: &Case,
    receivers: Vec<(PersonId, String)>,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let options = std::iter::once(SelectOption::new("", "Choose"))
        .chain(
            receivers
                .into_iter()
                .map(|(person, name)| SelectOption::new(person.to_string(), name)),
        )
        .collect();
    let mut page = ActPage::of(viewer, found, "Share the case", "Share the case");
    page.fields = vec![
        Html::of(&Select {
            chosen: Some(form.person.clone()),
            error: wrong.at("person"),
            hint: Some(
                "Those whose posts allow it. They can read the case, and cannot pass it on.".into(),
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
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let found = queries::load(&mut tx, &viewer, id).await?;
    viewer.require(Action::ShareCase, &found.facts)?;
    let mut wrong = Wrong::default();
    let person: Option<PersonId> = sent.form.person.parse().ok();
    if person.is_none() {
        wrong.say("person", "Choose somebody");
    }
    wrong.need("reason", &sent.form.reason, "Say why they need to know");
    let (Some(person), true) = (person, wrong.is_empty()) else {
        let receivers = receivers(&mut tx, &viewer, &found).await?;
        drop(tx);
        return page(
            &viewer,
            &found,
            receivers,
            &sent.form,
            wrong,
            Some(sent.submission),
        );
    };
    tx.once(&sent.submission, &case::url(id)).await?;
    share(&mut tx, &viewer, &found, person).await?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let today = tx.today();
    let words = &sent.form.reason;
    entry::write(&mut tx, &record, id, "sharing", words, today, None).await?;
    settle(&mut tx, id).await?;
    notices::tell(
        &mut tx,
        person,
        NoticeKind::IncidentCopied,
        &object(id),
        false,
    )
    .await?;
    let entry = Entry::of(EntryKind::IncidentShared, object(id)).fact("with", person);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
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
        for report in answers::with_code(tx, found.id).await? {
            let messages = records::open(tx, viewer, &answers::object(report)).await?;
            records::give(tx, &answers::object(report), &messages, person).await?;
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
