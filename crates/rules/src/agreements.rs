//! Agreements: who must sign which, by when, for how long a signature holds,
//! and which gate stays shut until it is given.

use std::collections::{BTreeMap, BTreeSet};

use belisha_policy::controls::agreement::{self, Asks, Gate};
use belisha_policy::{Bound, Measure, Period, Policy, Standing, fingerprint};
use jiff::civil::Date;

use crate::calendar::SchoolCalendar;

/// Whoever has signed before has this long to sign anew, or as long as the policy
/// allows newcomers if that is longer, so that neither a new version nor a
/// yearly round shuts a whole school out on one morning.
pub const TIME_TO_SIGN_ANEW: Measure = Measure::Weeks(2);

/// The clauses of an agreement: the id of each, and the mark of its words.
pub type Clauses = BTreeMap<String, String>;

/// An agreement as the policy in force states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The short name under which signatures are kept.
    pub of: String,
    pub title: String,
    pub signed_by: Vec<Standing>,
    pub gate: Gate,
    /// How soon after a start, a change or a lapse it is signed.
    pub within: Measure,
    pub again: Option<Period>,
    pub asks: Vec<Asks>,
    pub clauses: Clauses,
    /// Since when these words have been in force.
    pub in_force_on: Date,
}

impl Agreement {
    /// Every agreement of a policy that came into force on this day.
    pub fn all(policy: &Policy, in_force_on: Date) -> Vec<Self> {
        policy
            .all(&agreement::CONTROL)
            .map(|bound| Self::of(policy, bound, in_force_on))
            .collect()
    }

    fn of(policy: &Policy, bound: &Bound, in_force_on: Date) -> Self {
        let of = bound.get(&agreement::OF);
        let clauses = policy
            .agreement_text(&of)
            .into_iter()
            .map(|clause| (clause.id.clone(), fingerprint(&clause)))
            .collect();
        Self {
            of,
            title: bound.get(&agreement::TITLE),
            signed_by: bound.get(&agreement::SIGNED_BY),
            gate: bound.get(&agreement::GATE),
            within: bound.get(&agreement::WITHIN),
            again: bound.get(&agreement::AGAIN),
            asks: bound.get(&agreement::ASKS),
            clauses,
            in_force_on,
        }
    }
}

/// One signature: the clauses that were signed, as they read then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub signed_on: Date,
    pub clauses: Clauses,
}

/// A person as far as it decides what they sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    pub standings: BTreeSet<Standing>,
    pub starts_on: Date,
    /// The last day, if it is known.
    pub ends_on: Option<Date>,
}

/// Where a person stands with an agreement on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signing {
    NotRequired,
    Due {
        /// The last day in time.
        on: Date,
        overdue: bool,
        why: DueBecause,
    },
    Signed {
        /// The oldest of the signatures that count.
        on: Date,
        /// The last day on which it holds; none where it is signed once.
        until: Option<Date>,
    },
}

/// Why a signature is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DueBecause {
    NeverSigned,
    /// These clauses have changed, or are new, since the person signed.
    Changed {
        clauses: Vec<String>,
    },
    /// The signature held until this day.
    RunOut {
        on: Date,
    },
}

/// Where a person stands with an agreement.
///
/// Each clause is looked up on its own: a signature counts for the clauses whose
/// words are still the same, so that a new version asks only for what changed, and
/// only those people whom the change concerns.
pub fn standing(
    agreement: &Agreement,
    signer: &Signer,
    signatures: &[Signature],
    today: Date,
    calendar: &SchoolCalendar,
) -> Signing {
    let asked = agreement
        .signed_by
        .iter()
        .any(|s| signer.standings.contains(s));
    if !asked || signer.ends_on.is_some_and(|last| last < today) {
        return Signing::NotRequired;
    }
    let due = |from: Date, why: DueBecause| {
        let within = calendar.date_after(from, agreement.within);
        let on = match why {
            DueBecause::NeverSigned => within,
            DueBecause::Changed { .. } | DueBecause::RunOut { .. } => {
                within.max(calendar.date_after(from, TIME_TO_SIGN_ANEW))
            }
        };
        Signing::Due {
            on,
            overdue: today > on,
            why,
        }
    };
    if signatures.is_empty() {
        // Whoever was here before the agreement owes it from the day it came into force.
        let from = signer.starts_on.max(agreement.in_force_on);
        return due(from, DueBecause::NeverSigned);
    }
    let mut changed = Vec::new();
    let mut oldest: Option<Date> = None;
    for (clause, mark) in &agreement.clauses {
        let signed = signatures
            .iter()
            .filter(|signature| signature.clauses.get(clause) == Some(mark))
            .map(|signature| signature.signed_on)
            .max();
        match signed {
            None => changed.push(clause.clone()),
            Some(on) => oldest = Some(oldest.map_or(on, |oldest| oldest.min(on))),
        }
    }
    if !changed.is_empty() {
        return due(
            agreement.in_force_on,
            DueBecause::Changed { clauses: changed },
        );
    }
    let Some(on) = oldest else {
        // An agreement without a clause asks for nothing.
        return Signing::NotRequired;
    };
    match agreement.again.map(|period| period.after(on)) {
        Some(until) if until < today => due(until, DueBecause::RunOut { on: until }),
        until => Signing::Signed { on, until },
    }
}

/// What stays shut for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// Signing in leads to the agreement and no further.
    Account,
    /// The person is shown as not cleared for contact with pupils.
    ContactWithPupils,
}

/// The gate that this agreement holds shut, if any.
///
/// Somebody who never signed is held at once. Somebody who must sign anew is held
/// when the time to do so has passed.
pub fn shut(agreement: &Agreement, signing: &Signing) -> Option<Shut> {
    let holds = match signing {
        Signing::NotRequired | Signing::Signed { .. } => false,
        Signing::Due {
            why: DueBecause::NeverSigned,
            ..
        } => true,
        Signing::Due {
            overdue,
            why: DueBecause::Changed { .. } | DueBecause::RunOut { .. },
            ..
        } => *overdue,
    };
    match agreement.gate {
        Gate::Account => holds.then_some(Shut::Account),
        Gate::ContactWithPupils => holds.then_some(Shut::ContactWithPupils),
        Gate::None => None,
    }
}

/// What a person gives when signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub full_name: String,
    pub post: String,
    pub date: Option<Date>,
    /// The marks of the words that were shown, and the policy opened beside them.
    pub shown: Clauses,
    pub policy_opened: bool,
}

/// Why a signature was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignRefused {
    NotAsked,
    FullNameMissing,
    PostMissing,
    DateIsNotToday,
    /// The policy stands beside the agreement and must have been opened.
    PolicyNotOpened,
    /// A new version came into force while the page was open.
    WordsHaveChanged,
}

impl SignRefused {
    /// What to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotAsked => "You are not asked to sign this agreement.",
            Self::FullNameMissing => "Enter your full name, first name and surname.",
            Self::PostMissing => "Enter your post, such as class teacher.",
            Self::DateIsNotToday => "Enter today's date.",
            Self::PolicyNotOpened => "Open the policy and read it before you sign.",
            Self::WordsHaveChanged => {
                "The agreement has changed since you opened this page. Read it again, then sign."
            }
        }
    }
}

/// Whether the signature can be taken as given on this day.
pub fn sign(
    agreement: &Agreement,
    signing: &Signing,
    given: &Given,
    today: Date,
) -> Result<(), SignRefused> {
    if *signing == Signing::NotRequired {
        return Err(SignRefused::NotAsked);
    }
    if given.shown != agreement.clauses {
        return Err(SignRefused::WordsHaveChanged);
    }
    if !given.policy_opened {
        return Err(SignRefused::PolicyNotOpened);
    }
    for asked in &agreement.asks {
        match asked {
            Asks::FullName if given.full_name.split_whitespace().count() < 2 => {
                return Err(SignRefused::FullNameMissing);
            }
            Asks::Post if given.post.trim().is_empty() => return Err(SignRefused::PostMissing),
            Asks::Date if given.date != Some(today) => return Err(SignRefused::DateIsNotToday),
            Asks::FullName | Asks::Post | Asks::Date => {}
        }
    }
    Ok(())
}

/// Why a signature on paper was not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperRefused {
    NotAsked,
    SignedAlready,
    NotYet,
    /// Before the words stood as they do now, the paper said something else.
    OtherWords,
}

impl PaperRefused {
    /// What to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotAsked => "This person is not asked to sign this agreement.",
            Self::SignedAlready => "This person's signature is on record and still holds.",
            Self::NotYet => "The date on the paper is in the future. Check it.",
            Self::OtherWords => {
                "The agreement has changed since that day. Ask for a signature on its present words."
            }
        }
    }
}

/// Whether a paper that bears this date can be recorded as a signature.
pub fn record_paper(
    agreement: &Agreement,
    signing: &Signing,
    signed_on: Date,
    today: Date,
) -> Result<(), PaperRefused> {
    match signing {
        Signing::NotRequired => Err(PaperRefused::NotAsked),
        Signing::Signed { .. } => Err(PaperRefused::SignedAlready),
        Signing::Due { .. } if signed_on > today => Err(PaperRefused::NotYet),
        Signing::Due { .. } if signed_on < agreement.in_force_on => Err(PaperRefused::OtherWords),
        Signing::Due { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests;
