//! Who owes which agreement: the table `agreement_due`, worked out by the rules and
//! written where the answer has changed.

use std::collections::BTreeMap;

use belisha_policy::{Policy, Word as _};
use belisha_rules::agreements::{Agreement, DueBecause, Signature, Signer, Signing, standing};
use belisha_rules::calendar::SchoolCalendar;
use belisha_rules::ids::PersonId;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::queries;
use crate::db::sql;
use crate::entries::Object;
use crate::notices::{NoticeKind, tell};
use crate::problem::{Fault, Problem};
use crate::schools::calendar;
use crate::tx::Tx;

/// What working it out has changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) written: u64,
    pub(crate) removed: u64,
    pub(crate) told: u64,
}

impl Changes {
    pub(super) fn any(self) -> bool {
        self != Self::default()
    }
}

/// What `agreement_due` should say of one person and one agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DueRow {
    pub(super) due_on: Date,
    pub(super) signed_on: Option<Date>,
    pub(super) until_on: Option<Date>,
    pub(super) changed_clauses: String,
    pub(super) gate: &'static str,
    /// Since when a signature is owed; none while one holds.
    pub(super) since: Option<Date>,
}

/// Works out afresh what a person owes. Whatever adds, changes, merges or ends a
/// person calls it in its own transaction; without a policy in force nothing is owed.
pub(crate) async fn person_changed(tx: &mut Tx, person: PersonId) -> Result<Changes, Problem> {
    work_out(tx, Some(person)).await
}

/// Works out what everybody owes under the version that this transaction has brought
/// into force. Nothing is to be done where the two versions ask for the same.
pub(crate) async fn versions_changed(
    tx: &mut Tx,
    old: &Policy,
    new: &Policy,
) -> Result<Changes, Problem> {
    // Compared as of one day, so that only what is asked counts.
    let on = tx.today();
    if Agreement::all(old, on) == Agreement::all(new, on) {
        return Ok(Changes::default());
    }
    everybody_changed(tx).await
}

/// Works out what everybody owes: every hour, and when the school is set up.
pub(crate) async fn everybody_changed(tx: &mut Tx) -> Result<Changes, Problem> {
    work_out(tx, None).await
}

async fn work_out(tx: &mut Tx, only: Option<PersonId>) -> Result<Changes, Problem> {
    let school = tx.school().clone();
    let agreements = match queries::in_force(tx, &school).await {
        Ok((_, agreements)) => agreements,
        Err(Problem::Refused(_)) => Vec::new(),
        Err(problem) => return Err(problem),
    };
    let today = tx.today();
    let calendar = calendar::of(tx, &school).await?;
    let signers = queries::signers(tx, only, today).await?;
    let mut kept = kept_rows(tx, only).await?;
    let mut changes = Changes::default();
    for agreement in &agreements {
        let mut signatures = queries::signatures(tx, &agreement.of, only).await?;
        for (person, signer) in &signers {
            let signed = signatures.remove(person).unwrap_or_default();
            let before = kept.remove(&(*person, agreement.of.clone()));
            let Some(row) = row_of(agreement, signer, &signed, today, &calendar) else {
                if before.is_some() {
                    remove(tx, *person, &agreement.of).await?;
                    changes.removed += 1;
                }
                continue;
            };
            if before.as_ref() != Some(&key_of(&row)) {
                write(tx, *person, &agreement.of, &row).await?;
                changes.written += 1;
            }
            if let Some(since) = row.since.filter(|_| signer.starts_on <= today) {
                changes.told += u64::from(tell_once(tx, *person, &agreement.of, since).await?);
            }
        }
    }
    // What is left was asked of somebody who has gone, or by an agreement that has.
    for (person, of) in kept.into_keys() {
        remove(tx, person, &of).await?;
        changes.removed += 1;
    }
    Ok(changes)
}

/// The row that the rules' answer makes; none where nothing is asked of the person.
pub(super) fn row_of(
    agreement: &Agreement,
    signer: &Signer,
    signatures: &[Signature],
    today: Date,
    calendar: &SchoolCalendar,
) -> Option<DueRow> {
    let on = |day: Date| standing(agreement, signer, signatures, day, calendar);
    let gate = agreement.gate.key();
    let row = |due_on, signed_on, until_on| DueRow {
        due_on,
        signed_on,
        until_on,
        changed_clauses: String::new(),
        gate,
        since: None,
    };
    match on(today) {
        Signing::NotRequired => None,
        Signing::Due {
            on: due_on,
            why: DueBecause::NeverSigned,
            ..
        } => Some(DueRow {
            since: Some(signer.starts_on.max(agreement.in_force_on)),
            ..row(due_on, None, None)
        }),
        Signing::Due {
            on: due_on,
            why: DueBecause::Changed { clauses },
            ..
        } => Some(DueRow {
            changed_clauses: clauses.join(" "),
            since: Some(agreement.in_force_on),
            ..row(due_on, None, None)
        }),
        Signing::Due {
            on: due_on,
            why: DueBecause::RunOut { on: until },
            ..
        } => {
            let signed_on = match on(until) {
                Signing::Signed { on, .. } => Some(on),
                Signing::NotRequired | Signing::Due { .. } => None,
            };
            Some(DueRow {
                since: until.checked_add(1.day()).ok(),
                ..row(due_on, signed_on, Some(until))
            })
        }
        Signing::Signed {
            on: signed_on,
            until,
        } => {
            // The row outlives the signature: it says already when the next one is due.
            let next = until
                .and_then(|until| until.checked_add(1.day()).ok())
                .map(on);
            let due_on = match next {
                Some(Signing::Due { on, .. }) => on,
                Some(Signing::NotRequired | Signing::Signed { .. }) | None => signed_on,
            };
            Some(row(due_on, Some(signed_on), until))
        }
    }
}

type Key = (String, Option<String>, Option<String>, String, String);

fn key_of(row: &DueRow) -> Key {
    (
        row.due_on.to_string(),
        row.signed_on.map(|date| date.to_string()),
        row.until_on.map(|date| date.to_string()),
        row.changed_clauses.clone(),
        row.gate.to_owned(),
    )
}

async fn kept_rows(
    tx: &mut Tx,
    only: Option<PersonId>,
) -> Result<BTreeMap<(PersonId, String), Key>, Fault> {
    sql(
        "select person, agreement, due_on, signed_on, until_on, changed_clauses, gate
         from agreement_due where $1 = '' or person = $1",
    )
    .bind(only.map(|person| person.to_string()).unwrap_or_default())
    .all(tx)
    .await?
    .iter()
    .map(|row| {
        Ok((
            (
                row.read("person", |text| text.parse().ok())?,
                row.get("agreement")?,
            ),
            (
                row.get("due_on")?,
                row.get("signed_on")?,
                row.get("until_on")?,
                row.get("changed_clauses")?,
                row.get("gate")?,
            ),
        ))
    })
    .collect()
}

async fn write(tx: &mut Tx, person: PersonId, of: &str, row: &DueRow) -> Result<(), Problem> {
    tx.run_one(
        sql(
            "insert into agreement_due (person, agreement, due_on, signed_on, until_on,
                                        changed_clauses, gate)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (person, agreement) do update
             set due_on = excluded.due_on, signed_on = excluded.signed_on,
                 until_on = excluded.until_on, changed_clauses = excluded.changed_clauses,
                 gate = excluded.gate",
        )
        .bind(person.to_string())
        .bind(of)
        .bind(row.due_on)
        .bind(row.signed_on)
        .bind(row.until_on)
        .bind(&row.changed_clauses)
        .bind(row.gate),
    )
    .await
}

async fn remove(tx: &mut Tx, person: PersonId, of: &str) -> Result<(), Problem> {
    tx.run_one(
        sql("delete from agreement_due where person = $1 and agreement = $2")
            .bind(person.to_string())
            .bind(of),
    )
    .await
}

/// Tells a person once for each time that they come to owe a signature.
async fn tell_once(tx: &mut Tx, person: PersonId, of: &str, since: Date) -> Result<bool, Problem> {
    let object = Object::new("agreement", of);
    let zone = tx.school().settings().time_zone.clone();
    let midnight = since
        .to_zoned(zone)
        .map_err(|error| Fault::at("the start of a day".into(), error))?
        .timestamp();
    let told = sql("select count(*) as told from notice
         where person = $1 and kind = $2 and object = $3 and made_at >= $4")
    .bind(person.to_string())
    .bind(NoticeKind::AgreementToSign.key())
    .bind(object.as_str())
    .bind(midnight)
    .one(tx)
    .await?
    .get::<i64>("told")?;
    if told > 0 {
        return Ok(false);
    }
    tell(tx, person, NoticeKind::AgreementToSign, &object, false).await?;
    Ok(true)
}
