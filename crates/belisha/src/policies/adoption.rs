//! Adoption: the first version of a school's policy comes into force at set-up, on the
//! word of whoever sets the school up that it was approved. Later versions are
//! approved step by step; see [`super::versions`].

use belisha_policy::Word as _;
use belisha_policy::controls::policy_review;
use belisha_rules::ids::PolicyVersionId;
use belisha_rules::policies::Chain;

use super::packs::Pack;
use super::versions::fingerprint;
use crate::db::sql;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;

/// Brings a pack into force today as version 1, with each approval of its own chain
/// recorded as given by the actor. `minute` is the reference of the minute that
/// records the decision; empty where there is none yet. The entry is the caller's.
pub(crate) async fn adopt(
    tx: &mut Tx,
    pack: &Pack,
    minute: &str,
) -> Result<PolicyVersionId, Problem> {
    let policy = belisha_policy::parse(pack.text).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        Fault::said(format!("the pack “{}” does not read: {first}", pack.key))
    })?;
    let there_are = sql("select count(*) as count from policy_version")
        .one(tx)
        .await?
        .get::<i64>("count")?;
    if there_are > 0 {
        return Err(Problem::refused(
            "The school has a policy already",
            "A pack is adopted once, at set-up. To change the policy, begin a draft under Policy.",
        ));
    }
    let chain = Chain::of(&policy, None)
        .ok_or_else(|| Fault::said(format!("the pack “{}” names nobody who approves", pack.key)))?;
    let id: PolicyVersionId = tx.new_id();
    let (now, today, by) = (tx.now(), tx.today(), tx.actor().key());
    let next_review = policy.get(&policy_review::EVERY).after(today);
    tx.run_one(
        sql(
            "insert into policy_version (id, number, text, pack, state, revision, made_at, made_by,
                                         in_force_on, reviewed_on, next_review_on)
             values ($1, 1, $2, $3, 'in-force', 1, $4, $5, $6, $6, $7)",
        )
        .bind(id.to_string())
        .bind(pack.text)
        .bind(pack.key)
        .bind(now)
        .bind(&by)
        .bind(today)
        .bind(next_review),
    )
    .await?;
    for step in chain.steps {
        let approval = tx.school().new_row_id();
        tx.run_one(
            sql(
                "insert into policy_approval (id, version, approver, decision, minute, reason,
                                              approved_at, approved_by, fingerprint)
                 values ($1, $2, $3, 'approved', $4, '', $5, $6, $7)",
            )
            .bind(approval)
            .bind(id.to_string())
            .bind(step.key())
            .bind(minute.trim())
            .bind(now)
            .bind(&by)
            .bind(fingerprint(pack.text, 1)),
        )
        .await?;
    }
    crate::agreements::everybody_changed(tx).await?;
    Ok(id)
}
