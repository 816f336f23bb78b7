//! The look, every hour, at who owes which agreement: people start, leave, and
//! signatures run out without anybody doing anything.

use std::sync::Arc;

use jiff::SignedDuration;

use super::due;
use crate::actor::Actor;
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs::{Again, Duty, Running, Weight, Work};
use crate::problem::{Fault, Problem};
use crate::school::School;

pub(crate) static OWED: Duty = Duty {
    key: "agreements",
    says: "Finds who owes which agreement, and tells those who have come to owe one.",
    again: Again::Every(SignedDuration::from_hours(1)),
    weight: Weight::Light,
    run,
};

fn run(school: Arc<School>, _: Running) -> Work {
    Box::pin(async move { look(&school).await })
}

/// Works everything out and, where something has changed, records that it did.
pub(super) async fn look(school: &Arc<School>) -> Result<(), Fault> {
    let mut tx = school.write(Actor::School("agreements")).await?;
    let changes = match due::everybody_changed(&mut tx).await {
        Ok(changes) => changes,
        Err(Problem::Fault(fault)) => return Err(fault),
        Err(other) => return Err(Fault::said(format!("finding who owes what: {other:?}"))),
    };
    if changes.any() {
        tx.commit(
            Entry::of(EntryKind::AgreementOwed, Object::new("agreement", "all"))
                .fact("changed", changes.written)
                .fact("ended", changes.removed)
                .fact("told", changes.told),
        )
        .await?;
    }
    Ok(())
}
