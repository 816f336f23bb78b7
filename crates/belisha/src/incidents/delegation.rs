//! Delegation: the headteacher lets the lead read one concern about an adult, for a time.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::{Action, Relation, may_be_given};
use belisha_rules::giving::{self as law, GiveRefused};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{DateInput, Html, Label, Select, SelectOption, Textarea};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::reports::read_date;
use super::{entry, giving, readers};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/delegation")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    person: String,
    until_day: String,
    until_month: String,
    until_year: String,
    reason: String,
}

async fn receivers(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Vec<(PersonId, String)>, Fault> {
    giving::receivers(connection, viewer, |worn| {
        may_be_given(
            &worn.identity,
            &worn.hats,
            &found.facts,
            Relation::Delegated,
        )
        .is_ok()
    })
    .await
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let found = queries::load(&mut records, &viewer, id).await?;
    viewer.require(Action::DelegateCase, &found.facts)?;
    let receivers = receivers(&mut records, &viewer, &found).await?;
    let form = Form::default();
    page(&viewer, &found, receivers, &form, Wrong::default(), None)
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
    let mut page = ActPage::of(viewer, found, "Delegate the case", "Delegate the case");
    page.lead = Html::paragraphs(
        "The safeguarding lead or a deputy reads the case until a day that you choose, and you go on handling it. They cannot write in it, share it or pass it on.",
    );
    page.fields = vec![
        Html::of(&Select {
            chosen: Some(form.person.clone()),
            error: wrong.at("person"),
            ..Select::new("person", Label::medium("To whom?"), options)
        }),
        Html::of(&DateInput {
            day: form.until_day.clone(),
            month: form.until_month.clone(),
            year: form.until_year.clone(),
            error: wrong.at("until-day"),
            hint: Some(format!(
                "The last day, at most {} days from now. You can end it sooner.",
                law::DELEGATED_AT_MOST
            )),
            ..DateInput::new("until", Label::medium("Until when?"))
        }),
        Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            rows: 3,
            ..Textarea::new("reason", Label::medium("Why?"))
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
    viewer.require(Action::DelegateCase, &found.facts)?;
    let form = &sent.form;
    let mut wrong = Wrong::default();
    let person: Option<PersonId> = form.person.parse().ok();
    if person.is_none() {
        wrong.say("person", "Choose somebody");
    }
    wrong.need("reason", &form.reason, "Say why it is delegated");
    let until = read_date(&form.until_day, &form.until_month, &form.until_year);
    let mut last_day = None;
    if let Some(person) = person {
        let worn = hats::of(&mut tx, person, viewer.today()).await?;
        match law::delegate(&worn.identity, &worn.hats, &found.facts, until, tx.today()) {
            Ok(until) => last_day = Some(until),
            Err(late @ GiveRefused::Until { .. }) => wrong.say("until-day", late.sentence()),
            Err(why) => return Err(giving::refused("The case was not delegated", &why)),
        }
    }
    let (Some(person), Some(last_day), true) = (person, last_day, wrong.is_empty()) else {
        let receivers = receivers(&mut tx, &viewer, &found).await?;
        drop(tx);
        return page(
            &viewer,
            &found,
            receivers,
            form,
            wrong,
            Some(sent.submission),
        );
    };
    tx.once(&sent.submission, &readers::url(id)).await?;
    giving::give_keys(&mut tx, &viewer, &found, person).await?;
    let calendar = crate::schools::calendar::of(&mut tx, &viewer.school).await?;
    let until = calendar.passes_at(belisha_rules::calendar::Deadline::EndOf(last_day));
    giving::insert_reader(&mut tx, &found, person, "delegated", Some(until)).await?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let today = tx.today();
    entry::write(&mut tx, &record, id, "sharing", &form.reason, today, None).await?;
    settle(&mut tx, id).await?;
    notices::tell(
        &mut tx,
        person,
        NoticeKind::IncidentCopied,
        &object(id),
        false,
    )
    .await?;
    let entry = Entry::of(EntryKind::IncidentDelegated, object(id))
        .fact("to", person)
        .fact("until", last_day);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&readers::url(id)))
}
