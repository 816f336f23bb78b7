//! One's own report: what was sent, and how far it has come. Nothing of the handling
//! but its state is shown: a reporter needs to know that something happens, not what.

use crate::web::path::Path;
use askama::Template;
use axum::response::Response;
use belisha_policy::{About, Word as _};
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, ReportId};
use belisha_rules::incidents::ClosureRule;
use belisha_ui::{BackLink, Button, Frame, Html, SummaryList, SummaryRow};
use jiff::Timestamp;

use super::report::{Channel, How, Sender};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::incidents::queries::{Case, report_object};
use crate::incidents::{queries, times};
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;

pub(crate) fn url(id: ReportId) -> String {
    format!("/reports/{id}")
}

/// What a reporter may know of their report.
pub(super) struct OwnReport {
    pub(super) incident: IncidentId,
    pub(super) reference: String,
    pub(super) about: About,
    pub(super) reported_at: Timestamp,
    pub(super) case: Case,
}

#[derive(Template)]
#[template(path = "incidents/reports/show.html")]
struct OwnReportPage {
    frame: Frame,
    back: BackLink,
    reference: String,
    status: SummaryList,
    sent: SummaryList,
    confirm_at: String,
    submission: String,
    confirm: Option<Button>,
    more: Button,
}

/// A report of the viewer's own; to everybody else it does not exist.
pub(super) async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    id: ReportId,
) -> Result<OwnReport, Problem> {
    let row = sql("select incident, reporter, reported_at from report where id = $1")
        .bind(id.to_string())
        .optional(connection)
        .await?
        .ok_or(Problem::NotFound)?;
    let incident: IncidentId = row.read("incident", |text| text.parse().ok())?;
    let reporter = row.read_optional("reporter", |text| text.parse().ok())?;
    let is_own = reporter.is_some_and(|reporter| {
        viewer
            .access
            .identity()
            .is_some_and(|identity| identity.is(reporter))
    });
    let case = queries::find(connection, incident)
        .await?
        .ok_or(Problem::NotFound)?;
    if !is_own {
        return Err(Problem::NotFound);
    }
    viewer.require(Action::ReadOwnReport, &case.facts)?;
    Ok(OwnReport {
        incident,
        reference: case.reference.clone(),
        about: case.about,
        reported_at: row.instant("reported_at")?,
        case,
    })
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<ReportId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let own = load(&mut records, &viewer, id).await?;
    let sent = words(&mut records, &viewer, id).await?;
    let state = own.case.incident.state();
    let mut status = vec![
        SummaryRow::new("State", state.name()),
        SummaryRow::new("Sent", times::moment(&viewer.school, own.reported_at)),
    ];
    if let Some(at) = own.case.acknowledged_at {
        status.push(SummaryRow::new(
            "Taken up",
            times::moment(&viewer.school, at),
        ));
    }
    let asked = ClosureRule::of(&viewer.policy.policy).reporter_confirms
        && !own.case.incident.confirmed_by_a_reporter;
    crate::web::page(&OwnReportPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::own::url()),
        reference: own.reference,
        status: SummaryList::new(status),
        sent: SummaryList::new(sent),
        confirm_at: super::confirmation::url(id),
        submission: viewer.school.new_row_id(),
        confirm: asked.then(|| Button::submit("This record is right")),
        more: Button::link("Report something more", super::new::url()),
    })
}

/// The report's own words, opened with the viewer's key where they are sealed.
pub(crate) async fn words(
    connection: &mut Connection,
    viewer: &Viewer,
    id: ReportId,
) -> Result<Vec<SummaryRow>, Problem> {
    let row = sql(
        "select happened_at, happened_on, sealed_words, sealed_place, sealed_knows_how,
                sealed_others, sealed_from, told_lead, audience, how_known, channel
         from report where id = $1",
    )
    .bind(id.to_string())
    .one(connection)
    .await?;
    let record = records::open(connection, viewer, &report_object(id)).await?;
    let read = |field: &str, column: &str| {
        row.get::<Option<Vec<u8>>>(column)?
            .map_or(Ok(String::new()), |sealed| record.read(field, 0, &sealed))
    };
    let when = match row.instant_optional("happened_at")? {
        Some(at) => times::moment(&viewer.school, at),
        None => times::day(row.date("happened_on")?),
    };
    let mut rows = vec![
        SummaryRow::new(
            "What happened",
            Html::paragraphs(&read("words", "sealed_words")?),
        ),
        SummaryRow::new("When", when),
    ];
    if let Some(how) = How::from_key(&row.get::<String>("how_known")?) {
        rows.push(SummaryRow::new("How they know", how.name()));
    }
    for (name, field, column) in [
        ("Where", "place", "sealed_place"),
        (
            "How they know, in their words",
            "knows-how",
            "sealed_knows_how",
        ),
        ("Named, and not on the register", "others", "sealed_others"),
        ("Who they say they are", "from", "sealed_from"),
    ] {
        let text = read(field, column)?;
        if !text.is_empty() {
            rows.push(SummaryRow::new(name, Html::paragraphs(&text)));
        }
    }
    let sender = row.read("audience", Sender::from_key)?;
    match sender {
        Sender::Account => {
            let told = row.get::<String>("told_lead")? == "yes";
            rows.push(SummaryRow::new(
                "Told the lead in person",
                if told { "Yes" } else { "No" },
            ));
        }
        Sender::Pupil
        | Sender::Parent
        | Sender::Visitor
        | Sender::Governor
        | Sender::FormerPupil
        | Sender::Other => rows.insert(
            0,
            SummaryRow::new(
                "Reported by",
                format!("{}, without an account", sender.name()),
            ),
        ),
    }
    if row.read("channel", Channel::from_key)? == Channel::Filter {
        rows.insert(0, SummaryRow::new("Came from", "An alert of the filter"));
    }
    Ok(rows)
}
