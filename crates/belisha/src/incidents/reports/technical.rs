//! A fault of the systems that a report named. The network manager hears what failed,
//! on which service and when; the report itself, and whoever is in it, stays closed.

use askama::Template;
use axum::response::Response;
use belisha_policy::{Matter, Post, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{BackLink, Button, Frame, SummaryList, SummaryRow};

use super::report::Report;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::incidents::{classification, times};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::{Nothing, Sent};

pub(crate) fn url(id: &str) -> String {
    format!("/technical-faults/{id}")
}

fn object(id: &str) -> Object {
    Object::new("technical-fault", id)
}

/// Tells whoever runs the systems, unless they are in the report themselves.
pub(super) async fn tell(tx: &mut Tx, report: &Report) -> Result<(), Problem> {
    let (id, now, today) = (tx.school().new_row_id(), tx.now(), tx.today());
    let Some(matter) = report.matters().into_iter().find(is_technical) else {
        return Ok(());
    };
    tx.run_one(
        sql("insert into report_technical (id, matter, services, happened_on, happened_at, made_at, seen_at, seen_by)
             values ($1, $2, $3, $4, $5, $6, null, null)")
        .bind(&id)
        .bind(matter.key())
        .bind(report.services.join(" "))
        .bind(report.happened_on)
        .bind(report.happened_at)
        .bind(now),
    )
    .await?;
    for (person, _) in hats::holders(tx, Post::NetworkManager, today).await? {
        if !report.people.iter().any(|(named, _)| *named == person) {
            notices::tell(tx, person, NoticeKind::TechnicalFault, &object(&id), false).await?;
        }
    }
    Ok(())
}

/// Whether a matter is about systems, so that its kind alone says nothing of a child.
fn is_technical(matter: &Matter) -> bool {
    match matter {
        Matter::FilterFailure | Matter::SuspectMessage | Matter::DataBreach => true,
        Matter::Bullying
        | Matter::UpsettingMaterial
        | Matter::IllegalMaterial
        | Matter::NudeImage
        | Matter::StrangerContact
        | Matter::AskedToMeet
        | Matter::Hate
        | Matter::RulesBreach
        | Matter::VisitorConcern => false,
    }
}

#[derive(Template)]
#[template(path = "incidents/reports/technical.html")]
struct TechnicalFaultPage {
    frame: Frame,
    back: BackLink,
    facts: SummaryList,
    here: String,
    submission: String,
    seen: Option<Button>,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    viewer.require(Action::ReadOperations, &RecordFacts::of(Kind::Operations))?;
    let mut records = viewer.read().await?;
    let row = sql(
        "select matter, services, happened_on, happened_at, made_at, seen_at
         from report_technical where id = $1",
    )
    .bind(&id)
    .optional(&mut records)
    .await?
    .ok_or(Problem::NotFound)?;
    let happened = match row.instant_optional("happened_at")? {
        Some(at) => times::moment(&viewer.school, at),
        None => times::day(row.date("happened_on")?),
    };
    let services: Vec<String> = row
        .get::<String>("services")?
        .split_whitespace()
        .filter_map(classification::service)
        .map(|service| service.name.clone())
        .collect();
    let seen_at = row.instant_optional("seen_at")?;
    let mut facts = vec![
        SummaryRow::new("What", row.read("matter", Matter::from_key)?.name()),
        SummaryRow::new("When", happened),
        SummaryRow::new(
            "On which service",
            if services.is_empty() {
                "Not said".to_owned()
            } else {
                belisha_policy::and(&services)
            },
        ),
        SummaryRow::new(
            "Reported",
            times::moment(&viewer.school, row.instant("made_at")?),
        ),
    ];
    if let Some(at) = seen_at {
        facts.push(SummaryRow::new(
            "Looked into",
            times::moment(&viewer.school, at),
        ));
    }
    crate::web::page(&TechnicalFaultPage {
        frame: frame::of(&viewer),
        back: BackLink::to(notices::url()),
        facts: SummaryList::new(facts),
        here: url(&id),
        submission: viewer.school.new_row_id(),
        seen: seen_at
            .is_none()
            .then(|| Button::submit("I have looked into it")),
    })
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let entry = look_into(&mut tx, &viewer, &id, &sent.submission).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&url(&id)))
}

async fn look_into(
    tx: &mut Tx,
    viewer: &Viewer,
    id: &str,
    submission: &str,
) -> Result<Entry, Problem> {
    viewer.require(Action::ReadOperations, &RecordFacts::of(Kind::Operations))?;
    sql("select id from report_technical where id = $1")
        .bind(id)
        .optional(tx)
        .await?
        .ok_or(Problem::NotFound)?;
    tx.once(submission, &url(id)).await?;
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run_one(
        sql("update report_technical set seen_at = $2, seen_by = $3
             where id = $1 and seen_at is null")
        .bind(id)
        .bind(now)
        .bind(by),
    )
    .await?;
    notices::settled(tx, viewer.person, NoticeKind::TechnicalFault, &object(id)).await?;
    Ok(Entry::of(EntryKind::TechnicalFaultSeen, object(id)))
}
