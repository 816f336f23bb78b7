//! What one person is asked to sign, with everything that decides it.

use std::sync::Arc;

use belisha_rules::access::{Kind, RecordFacts};
use belisha_rules::agreements::{Agreement, Signing, standing};
use belisha_rules::ids::PersonId;
use jiff::civil::Date;

use super::queries;
use crate::db::Connection;
use crate::problem::Problem;
use crate::school::{InForce, School};
use crate::schools::calendar;

/// An agreement in force, and where one person stands with it.
pub(super) struct Asked {
    pub(super) in_force: Arc<InForce>,
    pub(super) agreement: Agreement,
    pub(super) signing: Signing,
}

/// Loads it. An agreement that the policy does not have is not found.
pub(super) async fn of(
    connection: &mut Connection,
    school: &School,
    person: PersonId,
    of: &str,
    today: Date,
) -> Result<Asked, Problem> {
    let (in_force, agreements) = queries::in_force(connection, school).await?;
    let agreement = agreements
        .into_iter()
        .find(|agreement| agreement.of == of)
        .ok_or(Problem::NotFound)?;
    let signers = queries::signers(connection, Some(person), today).await?;
    let signatures = queries::signatures(connection, of, Some(person)).await?;
    let calendar = calendar::of(connection, school).await?;
    let signing = signers.get(&person).map_or(Signing::NotRequired, |signer| {
        let signed = signatures.get(&person).map_or(&[][..], Vec::as_slice);
        standing(&agreement, signer, signed, today, &calendar)
    });
    Ok(Asked {
        in_force,
        agreement,
        signing,
    })
}

/// The facts of one person's signature, for the rights table.
pub(super) fn facts(owner: PersonId) -> RecordFacts {
    RecordFacts {
        owners: vec![owner],
        ..RecordFacts::of(Kind::Agreement)
    }
}
