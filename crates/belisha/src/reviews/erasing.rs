//! The end of the reviews of a case that is destroyed.

use belisha_rules::ids::IncidentId;

use crate::db::sql;
use crate::problem::Problem;
use crate::tx::Tx;

/// Deletes every review of a case with its answers.
pub(crate) async fn erase(tx: &mut Tx, incident: IncidentId) -> Result<(), Problem> {
    for statement in [
        sql("delete from review_escalation
             where review in (select id from review where incident = $1)"),
        sql("delete from review_signature
             where review in (select id from review where incident = $1)"),
        sql("delete from review_answer
             where review in (select id from review where incident = $1)"),
        sql("delete from review where incident = $1"),
    ] {
        tx.run(statement.bind(incident.to_string())).await?;
    }
    Ok(())
}
