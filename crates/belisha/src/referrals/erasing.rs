//! The end of the referrals of a case that is destroyed.

use belisha_rules::ids::IncidentId;

use crate::db::sql;
use crate::problem::Problem;
use crate::tx::Tx;

/// Deletes every referral of a case with its steps.
pub(crate) async fn erase(tx: &mut Tx, incident: IncidentId) -> Result<(), Problem> {
    for statement in [
        sql("delete from referral_step
             where referral in (select id from referral where incident = $1)"),
        sql("delete from referral where incident = $1"),
    ] {
        tx.run(statement.bind(incident.to_string())).await?;
    }
    Ok(())
}
