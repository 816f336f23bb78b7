//! Sending a report from the report page: the act of whoever is signed in.

use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::ReportId;

use super::form::Form;
use super::opening;
use super::report::{Channel, Sender, Source};
use crate::problem::{Fault, Problem};
use crate::upkeep::{Upkeep, keep};
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) async fn post(viewer: Viewer, sent: Sent<Form>) -> Result<Response, Problem> {
    let read = sent.form.read(&mut viewer.read().await?, &viewer).await?;
    let report = match read {
        Ok(report) => report,
        Err(faulty) => return super::new::page(&viewer, &sent.form, faulty, sent.submission),
    };
    let mut tx = viewer.write().await?;
    let id: ReportId = tx.new_id();
    // Whoever reports themselves may not read the case afterwards, nor this report of it.
    let led_to = if report.subjects().contains(&viewer.person) {
        super::sent::plain_url()
    } else {
        super::sent::url(id)
    };
    let alert = sent.form.alert.as_str();
    let source = Source {
        channel: if alert.is_empty() {
            Channel::Page
        } else {
            Channel::Filter
        },
        from: Sender::Account,
        reporter: Some(viewer.person),
        named: String::new(),
        chosen: None,
    };
    viewer.require(Action::RaiseConcern, &RecordFacts::of(Kind::NewConcern))?;
    tx.once(&sent.submission, &led_to).await?;
    let entry = opening::open(&mut tx, &report, &source, id, None).await?;
    if !alert.is_empty() {
        super::alert::used(&mut tx, &viewer, alert, id).await?;
    }
    tx.commit(entry).await?;
    drop_draft(&viewer).await?;
    Ok(crate::web::go_to(&led_to))
}

/// What was being typed is no longer needed once it was sent.
async fn drop_draft(viewer: &Viewer) -> Result<(), Fault> {
    let upkeep = Upkeep::DraftDropped {
        person: viewer.person,
        form: super::DRAFT,
    };
    keep(&viewer.school.database, upkeep).await
}
