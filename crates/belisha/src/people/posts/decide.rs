//! Approving or refusing a proposal, by somebody other than proposer and appointee.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::appointments;
use belisha_ui::{BackLink, Button, Frame, SummaryList, SummaryRow, WarningText};
use serde::Deserialize;

use super::holdings::{self, Proposal};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::people::hats;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url(id: &str) -> String {
    format!("/people/posts/proposals/{id}")
}

#[derive(Template)]
#[template(path = "people/posts/decide.html")]
struct DecidePage {
    frame: Frame,
    back: BackLink,
    facts: SummaryList,
    not_yours: Option<WarningText>,
    approve: Button,
    refuse: Button,
}

pub(crate) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    viewer.require(
        Action::ApproveAppointment,
        &RecordFacts::of(Kind::Appointment),
    )?;
    let mut records = viewer.read().await?;
    let proposal = waiting(&mut records, &id).await?;
    let refused = rule(&mut records, &viewer, &proposal).await?;
    crate::web::page(&DecidePage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::url()),
        facts: SummaryList::new(vec![
            SummaryRow::new("Proposal", proposal.says),
            SummaryRow::new("Proposed by", proposal.proposer),
        ]),
        not_yours: refused.map(|why| WarningText::new(why.sentence())),
        approve: Button {
            name: Some("decision".into()),
            value: Some("approve".into()),
            ..Button::submit("Approve the appointment")
        },
        refuse: Button {
            name: Some("decision".into()),
            value: Some("refuse".into()),
            ..Button::secondary("Refuse it")
        },
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decided {
    decision: String,
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Decided>,
) -> Result<Response, Problem> {
    viewer.require(
        Action::ApproveAppointment,
        &RecordFacts::of(Kind::Appointment),
    )?;
    let mut tx = viewer.write().await?;
    let proposal = waiting(&mut tx, &id).await?;
    if let Some(why) = rule(&mut tx, &viewer, &proposal).await? {
        return Err(Problem::refused(
            "This is not yours to decide",
            why.sentence(),
        ));
    }
    let approved = match sent.form.decision.as_str() {
        "approve" => true,
        "refuse" => false,
        _ => return Err(Problem::NotFound),
    };
    let entry = decide(&mut tx, &proposal, approved).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&super::url()))
}

/// Writes the decision; an approval appoints.
pub(crate) async fn decide(
    tx: &mut Tx,
    proposal: &Proposal,
    approved: bool,
) -> Result<Entry, Problem> {
    let (now, by) = (tx.now(), tx.person()?);
    tx.run_one(
        sql(
            "update post_proposal set decided_at = $2, decided_by = $3, approved = $4
             where id = $1 and decided_at is null",
        )
        .bind(&proposal.id)
        .bind(now)
        .bind(by.to_string())
        .bind(approved),
    )
    .await?;
    if !approved {
        return Ok(Entry::of(
            EntryKind::PostProposalRefused,
            Object::new("post-proposal", &proposal.id),
        )
        .fact("post", proposal.post.key()));
    }
    let id = tx.school().new_row_id();
    tx.run_one(
        sql(
            "insert into post_holding (id, post, person, deputy, from_on, until_on)
             values ($1, $2, $3, $4, $5, null)",
        )
        .bind(&id)
        .bind(proposal.post.key())
        .bind(proposal.person.to_string())
        .bind(proposal.deputy)
        .bind(proposal.from_on),
    )
    .await?;
    Ok(
        Entry::of(EntryKind::PostAppointed, Object::new("post-holding", &id))
            .fact("post", proposal.post.key())
            .fact("person", proposal.person)
            .fact("deputy", proposal.deputy)
            .fact("from", proposal.from_on)
            .fact("proposed-by", proposal.proposed_by),
    )
}

async fn waiting(connection: &mut Connection, id: &str) -> Result<Proposal, Problem> {
    holdings::proposals(connection)
        .await?
        .into_iter()
        .find(|proposal| proposal.id == id)
        .ok_or(Problem::NotFound)
}

async fn rule(
    connection: &mut Connection,
    viewer: &Viewer,
    proposal: &Proposal,
) -> Result<Option<appointments::ApproveRefused>, Problem> {
    let appointee = hats::identity(connection, proposal.person).await?;
    let proposer = hats::identity(connection, proposal.proposed_by).await?;
    let approver = hats::identity(connection, viewer.person).await?;
    let roles = viewer.access.roles();
    Ok(appointments::approve(proposal.post, &appointee, &proposer, &approver, roles).err())
}
