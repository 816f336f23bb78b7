//! An alert of the filter as a report: what the filter knows is filled in, a person
//! checks it, adds what they know, and sends it. Nothing is reported by itself.

use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::{PersonId, ReportId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::form::{Faulty, Form};
use super::report::How;
use crate::db::sql;
use crate::incidents::classification;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::school_keys::rewrapping::{Batch, Turn};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;

/// The kind under which it is sealed aside.
const KIND: &str = "report-alert";

/// What the filter knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AlertFacts {
    /// As the school calls it: "Tablet 14".
    pub(crate) device: String,
    /// The group whose rules applied: "Year 5".
    pub(crate) group: String,
    /// When, in milliseconds since 1970.
    pub(crate) at_ms: i64,
    /// The name that was asked for: "example.org".
    pub(crate) name: String,
    /// The filter's category in words: "gambling".
    pub(crate) category: String,
}

/// The page on which a person checks an alert.
pub(crate) fn url(id: &str) -> String {
    format!("/reports/alerts/{id}")
}

/// Keeps an alert for one person to check and send; the address of its page.
pub(crate) async fn from_alert(
    tx: &mut Tx,
    facts: &AlertFacts,
    to: PersonId,
) -> Result<String, Problem> {
    let (school, now, id) = (tx.school().clone(), tx.now(), tx.school().new_row_id());
    let bytes = serde_json::to_vec(facts)
        .map_err(|error| Fault::at("keeping an alert of the filter".into(), error))?;
    tx.run_one(
        sql(
            "insert into report_alert (id, person, made_at, sealed, report)
             values ($1, $2, $3, $4, null)",
        )
        .bind(&id)
        .bind(to.to_string())
        .bind(now)
        .bind(records::seal_aside(&school, KIND, &id, &bytes)),
    )
    .await?;
    Ok(url(&id))
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    viewer.require(Action::RaiseConcern, &RecordFacts::of(Kind::NewConcern))?;
    let mut found = viewer.read().await?;
    let row = sql("select sealed, report from report_alert where id = $1 and person = $2")
        .bind(&id)
        .bind(viewer.person.to_string())
        .optional(&mut found)
        .await?
        .ok_or(Problem::NotFound)?;
    let report: Option<ReportId> = row.read_optional("report", |text| text.parse().ok())?;
    if let Some(report) = report {
        return Err(Problem::GoTo(super::show::url(report)));
    }
    let bytes = records::open_aside(&viewer.school, KIND, &id, &row.get::<Vec<u8>>("sealed")?)?;
    let facts: AlertFacts = serde_json::from_slice(&bytes)
        .map_err(|error| Fault::at("reading an alert of the filter".into(), error))?;
    let submission = viewer.school.new_row_id();
    super::new::page(
        &viewer,
        &filled(&viewer, &id, &facts)?,
        Faulty::default(),
        submission,
    )
}

/// Wraps the keys of the next alerts anew, under the school's current key.
pub(crate) async fn rewrap(tx: &mut Tx, turn: &Turn<'_>) -> Result<Batch, Problem> {
    let school = tx.school().clone();
    let rows = sql("select id, sealed from report_alert
         where substr(sealed, 7, 8) <> $1 and id > $2 order by id limit $3")
    .bind(turn.keys.current_id().to_bytes().as_slice())
    .bind(turn.after)
    .bind(turn.limit)
    .all(tx)
    .await?;
    let mut batch = Batch::default();
    for row in rows {
        let (id, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed")?);
        let anew = records::rewrap_aside(&school, turn.keys, KIND, &id, &sealed);
        if let Some(anew) = batch.took(&id, anew) {
            tx.run_one(
                sql("update report_alert set sealed = $3 where id = $1 and sealed = $2")
                    .bind(&id)
                    .bind(sealed)
                    .bind(anew),
            )
            .await?;
        }
    }
    Ok(batch)
}

/// The report page with what the filter knows.
fn filled(viewer: &Viewer, id: &str, facts: &AlertFacts) -> Result<Form, Problem> {
    let at = Timestamp::from_millisecond(facts.at_ms)
        .map_err(|error| Fault::at("reading an alert of the filter".into(), error))?;
    let here = at.to_zoned(viewer.school.settings().time_zone.clone());
    let date = here.date();
    Ok(Form {
        words: format!(
            "The filter stopped {} ({}) on {}, which follows the rules of {}.",
            facts.name, facts.category, facts.device, facts.group
        ),
        when: "other".into(),
        on_day: date.day().to_string(),
        on_month: date.month().to_string(),
        on_year: date.year().to_string(),
        on_time: here.strftime("%-H:%M").to_string(),
        place: facts.device.clone(),
        how: How::DeviceShowed.key().to_owned(),
        knows_how: "An alert of the filter".into(),
        category: vec![classification::matter_key(
            belisha_policy::Matter::UpsettingMaterial,
        )],
        told_lead: "no".into(),
        alert: id.to_owned(),
        ..Form::new()
    })
}

/// Notes that an alert was sent as this report. An alert is reported once.
pub(super) async fn used(
    tx: &mut Tx,
    viewer: &Viewer,
    id: &str,
    report: ReportId,
) -> Result<(), Problem> {
    tx.run_one(
        sql("update report_alert set report = $3 where id = $1 and person = $2 and report is null")
            .bind(id)
            .bind(viewer.person.to_string())
            .bind(report.to_string()),
    )
    .await
}
