//! Whether anything speaks of an image of a child that could be indecent: on record of a
//! case, of one that it was merged with, or of one that it is linked to.

use belisha_rules::access::Kind;
use belisha_rules::guides::guide;
use belisha_rules::guides::imagery::{OnRecord, carries_over, speaks_of_one};
use belisha_rules::ids::IncidentId;

use crate::db::{Connection, sql};
use crate::incidents::guidance;
use crate::incidents::words::kind_from;
use crate::problem::Fault;

/// Whether one voice, of the case itself or of those that belong to it, speaks of one.
pub(super) async fn spoken_of(
    connection: &mut Connection,
    id: IncidentId,
    kind: Kind,
) -> Result<bool, Fault> {
    for case in belonging(connection, id, kind).await? {
        if speaks(connection, &case).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The case, those it was merged with, those that these are linked to, and what they were
/// merged with, as far as what they say holds here.
async fn belonging(
    connection: &mut Connection,
    id: IncidentId,
    kind: Kind,
) -> Result<Vec<String>, Fault> {
    let mut cases = vec![id.to_string()];
    merged(connection, &mut cases).await?;
    for case in cases.clone() {
        let rows = sql("select incident.id, incident.kind
             from incident_link join incident on incident.id =
                  case when incident_link.incident = $1 then incident_link.other else incident_link.incident end
             where incident_link.removed_at is null
               and (incident_link.incident = $1 or incident_link.other = $1)")
        .bind(&case)
        .all(connection)
        .await?;
        for row in rows {
            let other: String = row.get("id")?;
            if carries_over(row.read("kind", kind_from)?, kind) && !cases.contains(&other) {
                cases.push(other);
            }
        }
    }
    merged(connection, &mut cases).await?;
    Ok(cases)
}

/// Adds what these were merged with, however often.
async fn merged(connection: &mut Connection, cases: &mut Vec<String>) -> Result<(), Fault> {
    let mut next = 0;
    while let Some(case) = cases.get(next).cloned() {
        let rows = sql(
            "select case when incident = $1 then into_incident else incident end as other
             from incident_merge where undone_at is null and (incident = $1 or into_incident = $1)",
        )
        .bind(case)
        .all(connection)
        .await?;
        for row in rows {
            let other: String = row.get("other")?;
            if !cases.contains(&other) {
                cases.push(other);
            }
        }
        next += 1;
    }
    Ok(())
}

/// Whether anything that stands on record of this one case speaks of one. A triage stands
/// until the next, also while the case is open again.
async fn speaks(connection: &mut Connection, case: &str) -> Result<bool, Fault> {
    let rows = sql("select 'category' as what, category as said, '' as edition
         from incident_category where incident = $1 and removed_at is null
         union all
         select 'risk' as what, category as said, guidance as edition from incident where id = $1
         union all
         select 'triage' as what, imagery as said, '' as edition from incident_triage
         where incident = $1 and triaged_at = (
             select max(triaged_at) from incident_triage where incident = $1)
         union all
         select 'review' as what, guide as said, '' as edition from review
         where incident = $1 and withdrawn_at is null")
    .bind(case)
    .all(connection)
    .await?;
    for row in rows {
        let said: String = row.get("said")?;
        let on_record = match row.get::<String>("what")?.as_str() {
            "category" => OnRecord::Category(&said),
            "risk" => OnRecord::Risk {
                key: &said,
                imagery: guidance::of(&row.get::<String>("edition")?)
                    .risk(&said)
                    .is_some_and(|risk| risk.imagery),
            },
            "triage" => OnRecord::Triage(&said),
            _ => OnRecord::Review(row.read("said", guide)?),
        };
        if speaks_of_one(on_record) {
            return Ok(true);
        }
    }
    Ok(false)
}
