//! The end of the packs that held a case which is destroyed: what left the school has left,
//! but no copy of it stays here.

use belisha_rules::ids::{ExportId, IncidentId};

use super::pack::object;
use crate::db::sql;
use crate::notices;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;

/// Deletes every pack that held the case and destroys its key: how many keys there were.
pub(crate) async fn erase(tx: &mut Tx, incident: IncidentId) -> Result<u64, Problem> {
    let packs = sql("select export from export_case where incident = $1")
        .bind(incident.to_string())
        .all(tx)
        .await?;
    let mut keys = 0;
    for row in packs {
        let id: ExportId = row.read("export", |text| text.parse().ok())?;
        keys += u64::from(records::destroy(tx, &object(id)).await?);
        notices::forget(tx, &object(id)).await?;
        for statement in [
            sql("delete from export_case where export = $1"),
            sql("delete from export where id = $1"),
        ] {
            tx.run(statement.bind(id.to_string())).await?;
        }
    }
    Ok(keys)
}
