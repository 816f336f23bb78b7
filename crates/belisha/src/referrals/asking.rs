//! A referral becomes due: a review's answers ask for it, or ask for it no longer.

use belisha_rules::ids::IncidentId;
use jiff::Timestamp;

use crate::db::sql;
use crate::problem::Problem;
use crate::records::OpenRecord;
use crate::tx::Tx;

/// How the need of an escalation begins: no answer takes it back.
pub(crate) const ESCALATION: &str = "escalation/";

/// What a review asks for.
pub(crate) struct Ask<'a> {
    pub(crate) case: IncidentId,
    pub(crate) review: &'a str,
    /// The name by which it is asked for once.
    pub(crate) need: &'a str,
    pub(crate) agencies: &'a [&'static str],
    pub(crate) why: &'a str,
    pub(crate) due_at: Timestamp,
}

/// Makes the referral due, once. Asked again with other agencies, one that is not sent
/// goes to those; its time stays what it was, unless an answer says since when it runs.
pub(crate) async fn ask(
    tx: &mut Tx,
    record: &OpenRecord,
    ask: &Ask<'_>,
    time_moves: bool,
) -> Result<(), Problem> {
    let agencies = ask.agencies.join(" ");
    let standing = sql("select id, due_at from referral
         where review = $1 and need = $2 and withdrawn_at is null")
    .bind(ask.review)
    .bind(ask.need)
    .optional(tx)
    .await?;
    let school = tx.school().clone();
    if let Some(row) = standing {
        let id: String = row.get("id")?;
        let due_at = if time_moves {
            Some(ask.due_at)
        } else {
            row.instant_optional("due_at")?
        };
        tx.run(
            sql("update referral set agencies = $2, due_at = $3, sealed_why = $4
                 where id = $1 and not exists (select 1 from referral_step where referral_step.referral = $1)")
            .bind(&id)
            .bind(agencies)
            .bind(due_at)
            .bind(record.seal(&school, &format!("referral-{id}"), 0, ask.why)),
        )
        .await?;
        return Ok(());
    }
    let (id, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
    tx.run_one(
        sql("insert into referral (id, incident, review, need, agencies, made_at, made_by, due_at, chase_on,
                                   withdrawn_at, told_on, sealed_why)
             values ($1, $2, $3, $4, $5, $6, $7, $8, null, null, null, $9)")
        .bind(&id)
        .bind(ask.case.to_string())
        .bind(ask.review)
        .bind(ask.need)
        .bind(agencies)
        .bind(now)
        .bind(by)
        .bind(ask.due_at)
        .bind(record.seal(&school, &format!("referral-{id}"), 0, ask.why)),
    )
    .await
}

/// Takes back what a review asks for no longer, as far as it has not been sent.
pub(crate) async fn withdraw_unless(
    tx: &mut Tx,
    review: &str,
    wanted: &[&str],
) -> Result<(), Problem> {
    let rows = sql(
        "select id, need from referral
         where review = $1 and withdrawn_at is null
           and not exists (select 1 from referral_step where referral_step.referral = referral.id)",
    )
    .bind(review)
    .all(tx)
    .await?;
    let now = tx.now();
    for row in rows {
        let need: String = row.get("need")?;
        if wanted.contains(&need.as_str()) || need.starts_with(ESCALATION) {
            continue;
        }
        tx.run_one(
            sql("update referral set withdrawn_at = $2 where id = $1")
                .bind(row.get::<String>("id")?)
                .bind(now),
        )
        .await?;
    }
    Ok(())
}

/// Takes back all that a review asks for and that was not sent.
pub(crate) async fn withdraw_unsent(tx: &mut Tx, review: &str) -> Result<(), Problem> {
    withdraw_unless(tx, review, &[]).await
}
