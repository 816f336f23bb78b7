//! Answering whoever reported without an account: what is written here is all that they
//! ever see of the case, under the code that they were given.

use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, ReportId};
use belisha_ui::{Html, InsetText, Label, Textarea, Timeline, TimelineItem};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::reports::answers;
use super::{case, entry, times};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/answer")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    words: String,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let found = queries::load(&mut records, &viewer, id).await?;
    viewer.require(Action::AddEntry, &found.facts)?;
    to_answer(&mut records, id).await?;
    let so_far = messages(&mut records, &viewer, id).await?;
    drop(records);
    page(
        &viewer,
        &found,
        &Form::default(),
        so_far,
        Wrong::default(),
        None,
    )
}

/// The reports of the case that can be answered; without one there is nothing here.
async fn to_answer(connection: &mut Connection, id: IncidentId) -> Result<Vec<ReportId>, Problem> {
    let reports = answers::with_code(connection, id).await?;
    if reports.is_empty() {
        return Err(Problem::NotFound);
    }
    Ok(reports)
}

/// What was written so far, for the case page too; nothing where nobody can be answered.
pub(super) async fn messages(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<Option<Timeline>, Problem> {
    let mut items = Vec::new();
    for report in answers::with_code(connection, id).await? {
        for message in answers::for_viewer(connection, viewer, report).await? {
            let title = match (message.from_school, message.read_at) {
                (true, Some(at)) => {
                    format!("We wrote; read {}", times::moment(&viewer.school, at))
                }
                (true, None) => "We wrote; not read yet".to_owned(),
                (false, _) => "They wrote".to_owned(),
            };
            items.push((
                message.at,
                TimelineItem {
                    description: Some(Html::paragraphs(&message.words)),
                    ..TimelineItem::new(title, times::element(&viewer.school, message.at))
                },
            ));
        }
    }
    items.sort_by_key(|(at, _)| *at);
    Ok((!items.is_empty())
        .then(|| Timeline::new(items.into_iter().map(|(_, item)| item).collect())))
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    so_far: Option<Timeline>,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(viewer, found, "Answer whoever reported", "Send the answer");
    let lead = Html::of(&InsetText::new(
        "They may be a child, and they may read this with somebody looking on. Write kindly and \
         plainly. Name nobody, and say what happens next and whom they can talk to.",
    ));
    page.lead = Html::join(&[
        lead,
        so_far.map_or_else(Html::default, |so_far| Html::of(&so_far)),
    ]);
    page.fields = vec![Html::of(&Textarea {
        value: form.words.clone(),
        error: wrong.at("words"),
        rows: 6,
        hint: Some("They see this and nothing else of the case.".into()),
        ..Textarea::new("words", Label::medium("Your answer"))
    })];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let found = queries::load(&mut tx, &viewer, id).await?;
    viewer.require(Action::AddEntry, &found.facts)?;
    let reports = to_answer(&mut tx, id).await?;
    let mut wrong = Wrong::default();
    wrong.need(
        "words",
        &sent.form.words,
        "Write what they should read under their code",
    );
    if !wrong.is_empty() {
        let so_far = messages(&mut tx, &viewer, id).await?;
        drop(tx);
        return page(
            &viewer,
            &found,
            &sent.form,
            so_far,
            wrong,
            Some(sent.submission),
        );
    }
    tx.once(&sent.submission, &case::url(id)).await?;
    let entry = write(&mut tx, &viewer, &found, &reports, &sent.form.words).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&case::url(id)))
}

async fn write(
    tx: &mut Tx,
    viewer: &Viewer,
    found: &Case,
    reports: &[ReportId],
    words: &str,
) -> Result<Entry, Problem> {
    for report in reports {
        answers::answer(tx, viewer, *report, words).await?;
    }
    let today = tx.today();
    let record = records::open(tx, viewer, &object(found.id)).await?;
    entry::write(tx, &record, found.id, "answer", words, today, None).await?;
    notices::settled(
        tx,
        viewer.person,
        NoticeKind::IncidentWroteBack,
        &object(found.id),
    )
    .await?;
    settle(tx, found.id).await?;
    Ok(Entry::of(EntryKind::IncidentAnswered, object(found.id)))
}
