//! The weekly slip: the newest checkpoint on paper, for two people outside the office.

use askama::Template;
use axum::response::Response;
use belisha_journal::Checkpoint;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{BackLink, EmptyState, Frame};

use super::signer::signer;
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::viewer::Viewer;

pub(super) fn url() -> String {
    "/journal/slip".to_owned()
}

/// The newest checkpoint that was kept.
pub(crate) async fn newest(
    connection: &mut Connection,
    school: &School,
) -> Result<Option<Checkpoint>, Fault> {
    let key = signer(school)?.verifier_key();
    sql("select note from journal_checkpoint order by size desc limit 1")
        .optional(connection)
        .await?
        .map(|row| {
            Checkpoint::open(&row.get::<String>("note")?, &key)
                .map_err(|error| Fault::at("reading the newest checkpoint".into(), error))
        })
        .transpose()
}

#[derive(Template)]
#[template(path = "audit/slip.html")]
struct SlipPage {
    frame: Frame,
    back: BackLink,
    school: String,
    slip: Option<String>,
    key: String,
    empty: EmptyState,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::TakeCheckpoint, &RecordFacts::of(Kind::Journal))?;
    let newest = newest(&mut viewer.read().await?, &viewer.school).await?;
    crate::web::page(&SlipPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::url()),
        school: viewer.school.settings().name.clone(),
        slip: newest.map(|checkpoint| checkpoint.to_slip()),
        key: signer(&viewer.school)?.verifier_key().to_string(),
        empty: EmptyState::new(
            "No slip yet",
            "The journal is signed each night and with each backup. Come back tomorrow.",
        ),
    })
}
