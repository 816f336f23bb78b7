//! A sealed case whose readers have all left. Those who could be handed such a case are told
//! that there is one, and take it up with two sheets of the recovery kit.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::giving as law;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{Html, Label, Textarea};
use belisha_vault::Kit;
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object, report_object, settle};
use super::{case, entry, giving, list};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/recovery")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
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

/// A case that nobody is left to read, for somebody to whom it could be handed over; to
/// everybody else it does not exist.
async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<Case, Problem> {
    let found = queries::find(connection, id)
        .await?
        .ok_or(Problem::NotFound)?;
    let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
    law::hand_over(identity, &viewer.hats, &found.facts).map_err(|_| Problem::NotFound)?;
    if has_reader(connection, &found, viewer.now, viewer.today()).await? {
        return Err(Problem::NotFound);
    }
    Ok(found)
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let found = load(&mut viewer.read().await?, &viewer, id).await?;
    page(&viewer, &found, &Form::default(), Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(
        viewer,
        found,
        "Take up a case whose readers have left",
        "Open the case to me",
    );
    page.back_to(list::url());
    page.lead = Html::paragraphs(
        "Everybody to whom this case was sealed has left or lost their key, so nobody can open it. Its key is also sealed to the recovery kit.\n\nFetch any two of the three printed sheets from those who keep them, type what stands on each, and the case opens to you and to nobody else. Put the sheets back where they were: nothing of them is kept here.",
    );
    page.fields = vec![
        Html::of(&Textarea {
            error: wrong.at("first_sheet"),
            rows: 4,
            ..Textarea::new("first_sheet", Label::medium("One sheet"))
        }),
        Html::of(&Textarea {
            error: wrong.at("second_sheet"),
            rows: 4,
            ..Textarea::new("second_sheet", Label::medium("Another sheet"))
        }),
        Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            rows: 3,
            ..Textarea::new("reason", Label::medium("Why you take it up"))
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
    let found = load(&mut tx, &viewer, id).await?;
    let form = &sent.form;
    let mut wrong = Wrong::default();
    wrong.need(
        "first_sheet",
        &form.first_sheet,
        "Type what stands on one sheet",
    );
    wrong.need(
        "second_sheet",
        &form.second_sheet,
        "Type what stands on another sheet",
    );
    wrong.need("reason", &form.reason, "Say why you take it up");
    let kit = match Kit::join(&form.first_sheet, &form.second_sheet) {
        Ok(kit) => Some(kit),
        Err(refused) if wrong.is_empty() => {
            wrong.say("first_sheet", refused.to_string());
            None
        }
        Err(_) => None,
    };
    let (Some(kit), true) = (kit, wrong.is_empty()) else {
        drop(tx);
        return page(&viewer, &found, form, wrong, Some(sent.submission));
    };
    let school = viewer.school.clone();
    let Some(record) = records::open_with_kit(&mut tx, &school, &kit, &object(id)).await? else {
        drop(tx);
        wrong.say(
            "first_sheet",
            "These sheets are of another kit. Look for the sheets whose printed name is that of the kit in use",
        );
        return page(&viewer, &found, form, wrong, Some(sent.submission));
    };
    tx.once(&sent.submission, &case::url(id)).await?;
    if !records::give(&mut tx, &object(id), &record, viewer.person).await? {
        return Err(Problem::refused(
            "You have no key yet",
            "Finish setting your account up, then come back here.",
        ));
    }
    for report in giving::reports(&mut tx, id).await? {
        let name = report_object(report);
        if let Some(words) = records::open_with_kit(&mut tx, &school, &kit, &name).await? {
            records::give(&mut tx, &name, &words, viewer.person).await?;
        }
    }
    giving::insert_reader(&mut tx, &found, viewer.person, "handed-over", None).await?;
    let (now, by, today) = (tx.now(), viewer.person, tx.today());
    tx.run(
        sql("update incident_left set taken_up_at = $2, taken_up_by = $3 where incident = $1")
            .bind(id.to_string())
            .bind(now)
            .bind(by.to_string()),
    )
    .await?;
    entry::write(&mut tx, &record, id, "sharing", &form.reason, today, None).await?;
    settle(&mut tx, id).await?;
    let entry = Entry::of(EntryKind::IncidentTakenUp, object(id)).fact("by", by);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}
