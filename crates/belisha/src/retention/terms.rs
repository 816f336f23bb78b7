//! The term of a case, as it is kept beside it: worked out when the case is closed, by
//! whoever closes it, because what came of an allegation is sealed to persons.

use belisha_rules::ids::IncidentId;
use belisha_rules::retention::{self as law, Term};

use super::queries::{closed_at, facts};
use crate::db::sql;
use crate::incidents::queries::Case;
use crate::problem::Problem;
use crate::records::OpenRecord;
use crate::tx::Tx;

/// Keeps until when a case is kept that was closed this moment.
pub(crate) async fn closed(tx: &mut Tx, case: &Case, record: &OpenRecord) -> Result<(), Problem> {
    let school = tx.school().clone();
    let mut facts = facts(tx, case.id).await?;
    if case.kind.is_sealed() {
        facts.outcome = crate::reviews::outcome(tx, record, case.id).await?;
    }
    let in_force = school.in_force(tx).await?;
    let opened_on = school.date_of(case.opened_at);
    let closed_on = match closed_at(tx, case.id).await? {
        Some(at) => school.date_of(at),
        None => tx.today(),
    };
    let term = law::term(&in_force.policy, case.kind, opened_on, closed_on, &facts);
    keep(tx, case.id, term, None).await
}

/// Writes down a term; those who may decide are told anew once it is over.
pub(super) async fn keep(
    tx: &mut Tx,
    id: IncidentId,
    term: Term,
    kept_until: Option<jiff::civil::Date>,
) -> Result<(), Problem> {
    let lacks = match term {
        Term::Until(_, _) => "",
        Term::Unknown(lacks, _) => lacks.key(),
    };
    tx.run_one(
        sql(
            "insert into retention_term (incident, due_on, lacks, told_at)
             values ($1, $2, $3, null)
             on conflict (incident) do update
             set due_on = excluded.due_on, lacks = excluded.lacks, told_at = null",
        )
        .bind(id.to_string())
        .bind(law::due_on(term, kept_until))
        .bind(lacks),
    )
    .await
}

/// A case that is open again has no end in sight.
pub(crate) async fn reopened(tx: &mut Tx, id: IncidentId) -> Result<(), Problem> {
    tx.run(sql("delete from retention_term where incident = $1").bind(id.to_string()))
        .await?;
    Ok(())
}

/// What was decided about a case ends with it.
pub(crate) async fn forget(tx: &mut Tx, id: IncidentId) -> Result<(), Problem> {
    for statement in [
        sql("delete from retention_decision where incident = $1"),
        sql("delete from retention_hold where incident = $1"),
        sql("delete from retention_term where incident = $1"),
    ] {
        tx.run(statement.bind(id.to_string())).await?;
    }
    Ok(())
}
