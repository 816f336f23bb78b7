//! The turn of the filter: opens and shuts what has a time, sets the filter anew where anything has
//! changed, and tests what was applied. It runs as soon as an act asks for it, at each beginning and
//! end, and every few minutes in case a server died.

use std::sync::Arc;

use belisha_filter::verdict::Policy;
use jiff::SignedDuration;

use super::{Judge, devices, entries, extension, settings};
use crate::actor::Actor;
use crate::approvals;
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs::{Again, Duty, Weight, or_next_time};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::upkeep::{Upkeep, keep};

const NAME: &str = "filter";

/// Finished turns of this duty are of no interest for longer.
const TURNS_KEPT: SignedDuration = SignedDuration::from_hours(24);

pub(crate) static TURN: Duty = Duty {
    key: NAME,
    says: "Opens and shuts what has a time, and keeps the settings of the filter as the policy and the approvals say.",
    again: Again::Every(SignedDuration::from_mins(5)),
    weight: Weight::Light,
    run: |school, _| Box::pin(async move { turn(&school).await }),
};

pub(super) async fn turn(school: &Arc<School>) -> Result<(), Fault> {
    or_next_time(done(school).await)
}

async fn done(school: &Arc<School>) -> Result<(), Problem> {
    let forgotten = Upkeep::TurnsForgotten {
        kind: NAME,
        before: school.clock.now() - TURNS_KEPT,
    };
    keep(&school.database, forgotten).await?;
    approvals::by_the_clock(school).await?;
    let written = set(school).await?;
    extension::set(school, &written).await?;
    let judge = Judge::of(school, written);
    approvals::test_applied(school, &judge).await
}

/// Writes the file, with an entry where it changed; the settings as they were read back.
async fn set(school: &Arc<School>) -> Result<Policy, Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let in_force = school.in_force(&mut tx).await?;
    let calendar = crate::schools::calendar::of(&mut tx, school).await?;
    let entries = entries::in_force(&mut tx).await?;
    let policy = settings::policy(&in_force.policy, &calendar, &entries)?;
    let text = settings::text(&policy)?;
    let known = devices::all(&mut tx).await?;
    // A register that somebody wrote by hand stays theirs until the school writes a device down.
    let register = if devices::has_any(&mut tx).await? {
        Some(devices::text(&devices::register(&known, &policy))?)
    } else {
        None
    };
    let (file, register_file) = (settings::file(school), settings::register_file(school));
    let register = register.filter(|text| settings::differs(&register_file, text));
    if settings::differs(&file, &text) || register.is_some() {
        let both = format!("{text}{}", register.as_deref().unwrap_or_default());
        let hash = belisha_journal::Hash::of_payload(both.as_bytes());
        let entry = Entry::of(EntryKind::FilterSet, Object::new("filter", "settings"))
            .fact("groups", policy.groups.len())
            .fact("entries", policy.own.len())
            .fact("devices", known.len())
            .fact("version", in_force.number)
            .revision(hash.0);
        // The entry first: a server that dies between the two writes the file at its next turn, with
        // another entry, and never without one.
        tx.commit(entry).await?;
        settings::write(&file, &text)?;
        if let Some(register) = register {
            settings::write(&register_file, &register)?;
        }
    }
    let kept = std::fs::read_to_string(settings::file(school))
        .map_err(|error| Fault::at("reading the settings of the filter".into(), error))?;
    Ok(Policy::parse(&kept)
        .map_err(|error| Fault::at("reading the settings of the filter".into(), error))?)
}
