//! Verifying a journal, beside hashing the same bytes and nothing more.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use belisha_journal::{
    Actor, Draft, Export, Factor, Head, Origin, Outcome, Signer, Verdict, verify,
};
use sha2::{Digest as _, Sha256};

use crate::server::now;
use crate::table::Table;

pub(crate) fn measure(table: &mut Table, entries: usize) -> anyhow::Result<()> {
    let origin = Origin::new("bench.example/journal")?;
    let signer = Signer::from_seed(origin.clone(), [7; 32]);
    let file = journal(&origin, &signer, entries)?;
    let began = now();
    let hash = Sha256::digest(&file);
    let hashing = began.elapsed().as_secs_f64();
    ensure!(hash.iter().any(|byte| *byte != 0), "nothing was hashed");
    let began = now();
    let verdict = verify(file.as_slice(), &signer.verifier_key(), &[]);
    let verifying = began.elapsed().as_secs_f64();
    let Verdict::Sound(_) = verdict else {
        bail!("the journal that was measured does not verify: {verdict:?}");
    };
    let rate = entries as f64 / verifying;
    table.single(
        "Verifying the journal",
        &format!("{rate:.0} entries a second"),
        &format!("{:.2} of hashing the same bytes once", hashing / verifying),
    );
    Ok(())
}

/// A journal of so many entries such as a case leaves behind.
fn journal(origin: &Origin, signer: &Signer, entries: usize) -> anyhow::Result<Vec<u8>> {
    let mut head = Head::empty();
    let mut export = Export::begin(Vec::new(), origin)?;
    for number in 0..entries as u64 {
        let recorded = head.append(Draft {
            at_ms: 1_790_000_000_000 + number * 1000,
            clock_ms: number * 1000,
            actor: Actor::Person(uuid::Uuid::from_u128(u128::from(number % 40))),
            session: Some("a1b2c3d4".to_owned()),
            factor: Factor::SecondFactor,
            action: "incident.entry-added".to_owned(),
            object: format!("incident:{}", uuid::Uuid::from_u128(u128::from(number))),
            facts: BTreeMap::from([("kind".to_owned(), "chronology".to_owned())]),
            revision: None,
            result: Outcome::Done,
            payload: None,
        })?;
        export.entry(&recorded.line)?;
    }
    let last = 1_790_000_000_000 + entries as u64 * 1000;
    export.checkpoint(&signer.checkpoint(&head, last).note())?;
    Ok(export.finish()?)
}
