//! A file that went to the next school and whose receipt is owed: whoever sent it is told.

use std::sync::Arc;

use belisha_rules::ids::ExportId;
use jiff::SignedDuration;

use super::pack::object;
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::jobs::{Again, Duty, Weight};
use crate::notices::{self, NoticeKind};
use crate::problem::{Fault, Problem};
use crate::school::School;

const NAME: &str = "chase-receipts";

/// The duty, once an hour; each pack is chased once, on the day after the receipt was due.
pub(crate) static CHASE: Duty = Duty {
    key: NAME,
    says: "Tells whoever sent a file to another school that its receipt is owed.",
    again: Again::Every(SignedDuration::from_hours(1)),
    weight: Weight::Light,
    run: |school, _| Box::pin(async move { chase(&school).await }),
};

pub(super) async fn chase(school: &Arc<School>) -> Result<(), Fault> {
    let today = school.today();
    let owed = sql("select id, begun_by from export
         where state = 'finished' and receipt_due_on < $1 and received_on is null and chased_at is null
         order by receipt_due_on, id")
    .bind(today)
    .all(&mut school.database.read().await?)
    .await?;
    for row in owed {
        let id: ExportId = row.read("id", |text| text.parse().ok())?;
        let by: String = row.get("begun_by")?;
        match tell(school, id, &by).await {
            Ok(()) => {}
            Err(Problem::Fault(fault)) => return Err(fault),
            // The receipt came in this very moment.
            Err(_) => {}
        }
    }
    Ok(())
}

async fn tell(school: &Arc<School>, id: ExportId, by: &str) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let now = tx.now();
    tx.run_one(
        sql("update export set chased_at = $2 where id = $1 and received_on is null and chased_at is null")
            .bind(id.to_string())
            .bind(now),
    )
    .await?;
    if let Some(person) = by
        .strip_prefix("person:")
        .and_then(|person| person.parse().ok())
    {
        notices::tell(
            &mut tx,
            person,
            NoticeKind::ExportNotReceived,
            &object(id),
            true,
        )
        .await?;
    }
    tx.commit(Entry::of(EntryKind::ExportChased, object(id)).fact("export", id))
        .await?;
    Ok(())
}
