//! Sharing: a reader adds a reader, for this one case. Shares cannot be passed on.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::{Action, may_receive};
use belisha_rules::giving::GiveRefused;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{Html, Label, Select, SelectOption, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
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
    may_receive(&worn.identity, &worn.hats, &found.facts)
        .map_err(|why| giving::refused("The case was not shared", &GiveRefused::Receiver(why)))?;
    giving::give_keys(tx, viewer, found, person).await?;
    let already_told = found.readers.iter().any(|reading| {
        reading.person == person && matches!(reading.why.as_str(), "first" | "copy" | "next")
    });
    if already_told {
        // They were told by the route and lacked a key until now.
        return Ok(());
    }
    giving::insert_reader(tx, found, person, "shared", None).await
}
