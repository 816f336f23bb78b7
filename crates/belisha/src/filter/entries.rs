//! The names that the school judged itself. A row is never changed but to say when it ended, so
//! that what stood before a change can be read and put back.

use belisha_rules::ids::ApprovalId;
use jiff::Timestamp;

use crate::db::{Connection, Row, sql};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;

/// What the school says of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Allow,
    Deny,
    /// Open for a while, whatever else the school says.
    Approval,
}

impl Decision {
    fn key(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Approval => "approval",
        }
    }

    fn read(word: &str) -> Option<Self> {
        [Self::Allow, Self::Deny, Self::Approval]
            .into_iter()
            .find(|decision| decision.key() == word)
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Allow => "open",
            Self::Deny => "blocked",
            Self::Approval => "open for a time",
        }
    }
}

/// An entry to be written. Without a decision, what stands for the name is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewEntry {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) decision: Option<Decision>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
}

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) approval: ApprovalId,
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) decision: Decision,
    pub(crate) reason: String,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
}

/// All that stand, by name.
pub(crate) async fn in_force(connection: &mut Connection) -> Result<Vec<Stored>, Fault> {
    sql("select filter_entry.approval, approval.number, filter_entry.name, filter_entry.for_group,
                filter_entry.decision, filter_entry.reason, filter_entry.from_at, filter_entry.until_at
         from filter_entry join approval on approval.id = filter_entry.approval
         where filter_entry.ended_at is null
         order by filter_entry.name, filter_entry.for_group, filter_entry.made_at, filter_entry.id")
    .all(connection)
    .await?
    .iter()
    .map(stored)
    .collect()
}

/// What stands for a name and a group.
pub(crate) async fn of_name(
    connection: &mut Connection,
    name: &str,
    group: &str,
) -> Result<Vec<Stored>, Fault> {
    Ok(in_force(connection)
        .await?
        .into_iter()
        .filter(|entry| entry.name == name && entry.group == group)
        .collect())
}

/// What stands for a name and a group but for one approval: what stood before it, and stands
/// beside it.
pub(crate) async fn before(
    connection: &mut Connection,
    approval: ApprovalId,
    name: &str,
    group: &str,
) -> Result<Vec<Stored>, Fault> {
    sql("select filter_entry.approval, approval.number, filter_entry.name, filter_entry.for_group,
                filter_entry.decision, filter_entry.reason, filter_entry.from_at, filter_entry.until_at
         from filter_entry join approval on approval.id = filter_entry.approval
         where filter_entry.name = $1 and filter_entry.for_group = $2 and filter_entry.approval <> $3
           and (filter_entry.ended_at is null or filter_entry.ended_for = $3)
         order by filter_entry.made_at, filter_entry.id")
    .bind(name)
    .bind(group)
    .bind(approval.to_string())
    .all(connection)
    .await?
    .iter()
    .map(stored)
    .collect()
}

fn stored(row: &Row) -> Result<Stored, Fault> {
    Ok(Stored {
        approval: row.read("approval", |text| text.parse().ok())?,
        number: row.get("number")?,
        name: row.get("name")?,
        group: row.get("for_group")?,
        decision: row.read("decision", Decision::read)?,
        reason: row.get("reason")?,
        from: row.instant_optional("from_at")?,
        until: row.instant_optional("until_at")?,
    })
}

/// Writes what was agreed. What is for good takes the place of what stood for good; what is for a
/// time stands beside it, so that the former is there again afterwards.
pub(crate) async fn set(
    tx: &mut Tx,
    approval: ApprovalId,
    reason: &str,
    entries: &[NewEntry],
) -> Result<(), Problem> {
    let now = tx.now();
    for entry in entries {
        if entry.until.is_none() {
            tx.run(
                sql("update filter_entry set ended_at = $3, ended_for = $4
                     where name = $1 and for_group = $2 and ended_at is null and until_at is null")
                .bind(&entry.name)
                .bind(&entry.group)
                .bind(now)
                .bind(approval.to_string()),
            )
            .await?;
        }
        let Some(decision) = entry.decision else {
            continue;
        };
        let id = tx.school().new_row_id();
        tx.run_one(
            sql("insert into filter_entry (id, approval, name, decision, for_group, reason, from_at,
                                           until_at, made_at, ended_at, ended_for)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, null)")
            .bind(id)
            .bind(approval.to_string())
            .bind(&entry.name)
            .bind(decision.key())
            .bind(&entry.group)
            .bind(reason)
            .bind(entry.from)
            .bind(entry.until)
            .bind(now),
        )
        .await?;
    }
    Ok(())
}

/// Ends the entries of an approval whose time is over.
pub(crate) async fn end(tx: &mut Tx, approval: ApprovalId) -> Result<(), Problem> {
    let now = tx.now();
    tx.run(
        sql("update filter_entry set ended_at = $2 where approval = $1 and ended_at is null")
            .bind(approval.to_string())
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Takes back what an approval did: its own entries end, and what it took away stands again, unless
/// somebody has judged the name anew since.
pub(crate) async fn undo(tx: &mut Tx, approval: ApprovalId) -> Result<(), Problem> {
    end(tx, approval).await?;
    tx.run(
        sql("update filter_entry set ended_at = null, ended_for = null
             where ended_for = $1
               and not exists (
                   select 1 from filter_entry newer
                   where newer.name = filter_entry.name
                     and newer.for_group = filter_entry.for_group
                     and newer.ended_at is null and newer.until_at is null)")
        .bind(approval.to_string()),
    )
    .await?;
    Ok(())
}
