//! The referrals of a case as plain lines, for what leaves the school: why, to whom, and
//! what has happened with each.

use belisha_policy::Word as _;
use belisha_rules::referrals::Step;

use super::queries::of_case;
use super::show::{to_whom, why};
use super::step::how_name;
use crate::agencies;
use crate::db::{Connection, sql};
use crate::incidents::queries::Case;
use crate::incidents::telling::Told;
use crate::problem::Problem;
use crate::records::OpenRecord;

/// Each referral, and each of its steps.
pub(crate) async fn told(
    connection: &mut Connection,
    case: &Case,
    record: &OpenRecord,
) -> Result<Vec<Told>, Problem> {
    let mut told = Vec::new();
    for referral in of_case(connection, case.id).await? {
        let row = sql("select made_at, made_by from referral where id = $1")
            .bind(&referral.id)
            .one(connection)
            .await?;
        let reason = why(connection, record, &referral.id).await?;
        told.push(Told {
            at: row.instant("made_at")?,
            on: None,
            what: format!("Referral to be sent: {}", to_whom(&referral)),
            by: row.get("made_by")?,
            text: reason,
        });
        let steps = sql(
            "select id, step, agency, how, made_at, made_by, sealed_words, sealed_reference
             from referral_step where referral = $1 order by number",
        )
        .bind(&referral.id)
        .all(connection)
        .await?;
        for row in steps {
            let id: String = row.get("id")?;
            let read = |field: &str, column: &str| {
                record.read(&format!("{field}-{id}"), 0, &row.get::<Vec<u8>>(column)?)
            };
            let (words, reference) = (
                read("step", "sealed_words")?,
                read("reference", "sealed_reference")?,
            );
            let agency = agencies::name(&row.get::<String>("agency")?).to_owned();
            let what = match row.read("step", Step::from_key)? {
                Step::Sent => format!(
                    "Referral sent to {agency}{}",
                    how_name(&row.get::<String>("how")?)
                ),
                other => format!("Referral, {agency}: {}", other.name()),
            };
            let mut lines = vec![words];
            if !reference.is_empty() {
                lines.push(format!("Reference: {reference}"));
            }
            told.push(Told {
                at: row.instant("made_at")?,
                on: None,
                what,
                by: row.get("made_by")?,
                text: lines.join("\n").trim().to_owned(),
            });
        }
    }
    Ok(told)
}
