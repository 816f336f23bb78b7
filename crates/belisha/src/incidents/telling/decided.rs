//! What was decided in a case and about whom, beside the words that stand in the
//! chronology: triage, parents, police, sanctions, support, findings, evidence, devices set
//! aside.

use belisha_policy::Word as _;

use super::Told;
use crate::db::{Connection, Row, sql};
use crate::incidents::queries::Case;
use crate::incidents::words::Part;
use crate::incidents::{classification, custody, evidence, investigation, sanction, times};
use crate::problem::{Fault, Problem};
use crate::records::OpenRecord;
use crate::viewer::Viewer;

/// Adds a line for each.
pub(super) async fn add(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    record: &OpenRecord,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    people(connection, case, told).await?;
    triage(connection, viewer, case, told).await?;
    parents(connection, case, told).await?;
    police(connection, case, told).await?;
    told.extend(sanction::told(connection, viewer, case).await?);
    support(connection, case, told).await?;
    told.extend(investigation::told(connection, viewer, case, record).await?);
    told.extend(evidence::told(connection, viewer, case, record).await?);
    told.extend(custody::told(connection, viewer, case, record).await?);
    external(connection, case, record, told).await?;
    Ok(())
}

fn line(
    row: &Row,
    at: &str,
    by: &str,
    what: &str,
    lines: &[(&str, String)],
) -> Result<Told, Fault> {
    let text: Vec<String> = lines
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(label, value)| format!("{label}: {value}"))
        .collect();
    Ok(Told {
        at: row.instant(at)?,
        on: None,
        what: what.to_owned(),
        by: row.get(by)?,
        text: text.join("\n"),
    })
}

async fn people(
    connection: &mut Connection,
    case: &Case,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql(
        "select incident_person.added_at, incident_person.added_by, incident_person.part, person.name
         from incident_person join person on person.id = incident_person.person
         where incident_person.incident = $1 and incident_person.part <> 'reporter'
         order by incident_person.added_at, incident_person.id",
    )
    .bind(case.id.to_string())
    .all(connection)
    .await?;
    for row in rows {
        let part = row.read("part", Part::from_key)?;
        let name: String = row.get("name")?;
        told.push(line(
            &row,
            "added_at",
            "added_by",
            "Who is involved",
            &[(&name, part.name().to_owned())],
        )?);
    }
    Ok(())
}

async fn triage(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql(
        "select triaged_at, triaged_by, category, child_at_risk, outcome, police_question, imagery
         from incident_triage where incident = $1 order by triaged_at, id",
    )
    .bind(case.id.to_string())
    .all(connection)
    .await?;
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    for row in rows {
        let category: String = row.get("category")?;
        let imagery: String = row.get("imagery")?;
        let outcome = match row.get::<String>("outcome")?.as_str() {
            "respond" => "dealt with in school",
            "investigate" => "more was to be found out first",
            "refer" => "referred to an agency",
            _ => "",
        };
        told.push(line(
            &row,
            "triaged_at",
            "triaged_by",
            "Triage",
            &[
                (
                    "What kind of risk",
                    classification::name_of(&category, &case.guidance, &viewer.policy.policy),
                ),
                (
                    "A child at risk of significant harm",
                    yes(row.get("child_at_risk")?),
                ),
                (
                    "The police had to be thought of",
                    yes(row.get("police_question")?),
                ),
                (
                    "A nude picture of a child may be part of it",
                    if imagery == "unknown" {
                        "not sure".into()
                    } else {
                        imagery
                    },
                ),
                ("What should happen", outcome.to_owned()),
            ],
        )?);
    }
    Ok(())
}

async fn parents(
    connection: &mut Connection,
    case: &Case,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql(
        "select incident_parents.decision, incident_parents.made_at, incident_parents.made_by,
                incident_parents.informed_on, person.name
         from incident_parents left join person on person.id = incident_parents.person
         where incident_parents.incident = $1 order by incident_parents.made_at, incident_parents.id",
    )
    .bind(case.id.to_string())
    .all(connection)
    .await?;
    for row in rows {
        let decision = match row.get::<String>("decision")?.as_str() {
            "informed" => "told",
            "held" => "not told yet, for the reason given",
            _ => "to be told after all",
        };
        let on = row.date_optional("informed_on")?.map(times::day);
        told.push(line(
            &row,
            "made_at",
            "made_by",
            "Parents",
            &[
                ("Of", row.get::<Option<String>>("name")?.unwrap_or_default()),
                ("Decision", decision.to_owned()),
                ("Told on", on.unwrap_or_default()),
            ],
        )?);
    }
    Ok(())
}

async fn police(
    connection: &mut Connection,
    case: &Case,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql("select decision, made_at, made_by from incident_police
         where incident = $1 order by made_at, id")
    .bind(case.id.to_string())
    .all(connection)
    .await?;
    for row in rows {
        let decision = match row.get::<String>("decision")?.as_str() {
            "told" => "the police were told",
            _ => "the police were not told",
        };
        let lines = [("Decision", decision.to_owned())];
        told.push(line(
            &row,
            "made_at",
            "made_by",
            "Decision about the police",
            &lines,
        )?);
    }
    Ok(())
}

async fn support(
    connection: &mut Connection,
    case: &Case,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql(
        "select incident_support.decision, incident_support.review_on, incident_support.decided_at,
                incident_support.decided_by, person.name, helper.name as helper_name
         from incident_support
         join person on person.id = incident_support.person
         left join person as helper on helper.id = incident_support.responsible
         where incident_support.incident = $1
         order by incident_support.decided_at, incident_support.id",
    )
    .bind(case.id.to_string())
    .all(connection)
    .await?;
    for row in rows {
        let decision = match row.get::<String>("decision")?.as_str() {
            "planned" => "supported",
            "declined" => "declined",
            _ => "ended",
        };
        let review = row.date_optional("review_on")?.map(times::day);
        told.push(line(
            &row,
            "decided_at",
            "decided_by",
            "Support",
            &[
                ("For", row.get("name")?),
                ("Decision", decision.to_owned()),
                (
                    "By",
                    row.get::<Option<String>>("helper_name")?
                        .unwrap_or_default(),
                ),
                ("To be looked at again on", review.unwrap_or_default()),
            ],
        )?);
    }
    Ok(())
}

async fn external(
    connection: &mut Connection,
    case: &Case,
    record: &OpenRecord,
    told: &mut Vec<Told>,
) -> Result<(), Problem> {
    let rows = sql("select recorded_at, recorded_by, log_name, sealed_reference
         from incident_external_record where incident = $1")
    .bind(case.id.to_string())
    .all(connection)
    .await?;
    for row in rows {
        let sealed: Vec<u8> = row.get("sealed_reference")?;
        let reference = record.read("external-reference", 0, &sealed)?;
        let log: String = row.get("log_name")?;
        let lines = [(log.as_str(), reference)];
        let what = "Recorded elsewhere";
        told.push(line(&row, "recorded_at", "recorded_by", what, &lines)?);
    }
    Ok(())
}
