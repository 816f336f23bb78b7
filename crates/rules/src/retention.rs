//! How long a closed case is kept, and who may end it. The clock only says what is due:
//! a person decides, another agrees, and a hold comes before either.

use belisha_policy::Policy;
use belisha_policy::controls::record_keeping::{self, LowLevel};
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::access::Kind;
use crate::people::Identity;

/// Why a case is kept as long as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    ChildProtection,
    Welfare,
    /// A nude image or grooming was reviewed in it (Independent Inquiry into Child Sexual Abuse).
    Abuse,
    /// "Keeping children safe in education", part four.
    Allegation,
    /// The same: malicious and false ones leave the adult's record.
    FalseAllegation,
    LowLevel,
}

impl Rule {
    pub const ALL: [Self; 6] = [
        Self::ChildProtection,
        Self::Welfare,
        Self::Abuse,
        Self::Allegation,
        Self::FalseAllegation,
        Self::LowLevel,
    ];

    /// As the certificate keeps it.
    pub fn key(self) -> &'static str {
        match self {
            Self::ChildProtection => "child-protection",
            Self::Welfare => "welfare",
            Self::Abuse => "abuse",
            Self::Allegation => "allegation",
            Self::FalseAllegation => "false-allegation",
            Self::LowLevel => "low-level",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }

    /// Why, as a page says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::ChildProtection => "Child protection: until the youngest child is of age",
            Self::Welfare => "A case about pupils: until the youngest child is of age",
            Self::Abuse => "A nude image or grooming was reviewed in it",
            Self::Allegation => {
                "An allegation: until the adult’s pension age, and some years at least"
            }
            Self::FalseAllegation => {
                "A malicious or false allegation: it leaves the adult’s record, unless they agree \
                 that it stays"
            }
            Self::LowLevel => "A low-level concern: until the adult has left",
        }
    }
}

/// What must be known of a closed case to say how long it is kept.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Of the pupils who were harmed or are said to have done it, with those of merged cases.
    pub children: Vec<Option<Date>>,
    /// The adults whom it is about.
    pub adults: Vec<Adult>,
    /// What came of an allegation, as the review spells it; empty where none was signed.
    pub outcome: String,
    /// Whether a nude image or grooming was reviewed.
    pub abuse: bool,
}

/// An adult whom a case is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Adult {
    pub born_on: Option<Date>,
    pub last_day: Option<Date>,
}

/// How long a case is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// To be decided on from this day.
    Until(Date, Rule),
    /// No end can be said yet, and why not.
    Unknown(Lacks, Rule),
}

/// Why no end can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacks {
    /// The date of birth of a child, or of an adult after the years that are kept at least.
    BirthDate,
    /// The adult is still here: there is nothing to do.
    StillHere,
    /// The school has not decided how long.
    Decision,
}

impl Lacks {
    pub fn key(self) -> &'static str {
        match self {
            Self::BirthDate => "birth-date",
            Self::StillHere => "still-here",
            Self::Decision => "decision",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        [Self::BirthDate, Self::StillHere, Self::Decision]
            .into_iter()
            .find(|lacks| lacks.key() == key)
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Self::BirthDate => {
                "A date of birth is missing from the register. Enter it on the person’s page."
            }
            Self::StillHere => "The adult is still at the school.",
            Self::Decision => {
                "The policy does not say how long. Set it in the control “How long cases are kept”."
            }
        }
    }
}

/// How long a case of this kind is kept that was opened and closed on these days.
pub fn term(policy: &Policy, kind: Kind, opened_on: Date, closed_on: Date, facts: &Facts) -> Term {
    if kind == Kind::LowLevelConcern {
        low_level(policy, closed_on, facts)
    } else if kind.is_sealed() {
        allegation(policy, opened_on, closed_on, facts)
    } else {
        about_pupils(policy, kind, opened_on, closed_on, facts)
    }
}

fn low_level(policy: &Policy, closed_on: Date, facts: &Facts) -> Term {
    if policy.get(&record_keeping::LOW_LEVEL) == LowLevel::NotDecided {
        return Term::Unknown(Lacks::Decision, Rule::LowLevel);
    }
    let longer = policy.get(&record_keeping::LOW_LEVEL_YEARS);
    match latest(facts.adults.iter().map(|adult| adult.last_day)) {
        Latest::None => Term::Until(closed_on, Rule::LowLevel),
        Latest::Unknown => Term::Unknown(Lacks::StillHere, Rule::LowLevel),
        Latest::Is(left) => Term::Until(years_after(left, longer).max(closed_on), Rule::LowLevel),
    }
}

fn allegation(policy: &Policy, opened_on: Date, closed_on: Date, facts: &Facts) -> Term {
    if matches!(facts.outcome.as_str(), "malicious" | "false") {
        return Term::Until(closed_on, Rule::FalseAllegation);
    }
    let least = years_after(opened_on, policy.get(&record_keeping::ALLEGATION_YEARS));
    let age = policy.get(&record_keeping::PENSION_AGE);
    match latest(facts.adults.iter().map(|adult| adult.born_on)) {
        Latest::None => Term::Until(least, Rule::Allegation),
        Latest::Unknown => Term::Unknown(Lacks::BirthDate, Rule::Allegation),
        Latest::Is(born) => Term::Until(years_after(born, age).max(least), Rule::Allegation),
    }
}

fn about_pupils(
    policy: &Policy,
    kind: Kind,
    opened_on: Date,
    closed_on: Date,
    facts: &Facts,
) -> Term {
    let (rule, age) = if kind == Kind::ChildProtection {
        (Rule::ChildProtection, &record_keeping::CHILD_PROTECTION)
    } else {
        (Rule::Welfare, &record_keeping::WELFARE)
    };
    let age = policy.get(age);
    // Where no child is named, as if one had been born on the day it was opened.
    let of_age = match latest(facts.children.iter().copied()) {
        Latest::None => years_after(opened_on, age),
        Latest::Unknown => return Term::Unknown(Lacks::BirthDate, rule),
        Latest::Is(born) => years_after(born, age),
    };
    let abuse = years_after(opened_on, policy.get(&record_keeping::ABUSE_YEARS));
    if facts.abuse && abuse > of_age {
        Term::Until(abuse, Rule::Abuse)
    } else {
        Term::Until(of_age.max(closed_on), rule)
    }
}

/// The latest of some dates.
enum Latest {
    /// There is nobody to ask of.
    None,
    /// One of them is not known, so that none is the latest.
    Unknown,
    Is(Date),
}

fn latest(dates: impl Iterator<Item = Option<Date>>) -> Latest {
    dates.fold(Latest::None, |so_far, date| match (so_far, date) {
        (Latest::Unknown, _) | (_, None) => Latest::Unknown,
        (Latest::None, Some(date)) => Latest::Is(date),
        (Latest::Is(other), Some(date)) => Latest::Is(other.max(date)),
    })
}

/// So many years after a day. Whoever was born on 29 February is a year older on 1 March of
/// a common year.
fn years_after(born: Date, years: u32) -> Date {
    let later = born.saturating_add(i64::from(years).years());
    if later.day() == born.day() {
        later
    } else {
        later.saturating_add(1.day())
    }
}

/// Where a case stands when somebody wants to end it.
#[derive(Debug, Clone)]
pub struct Standing {
    pub is_open: bool,
    /// It lives on in another case, and is kept as long as that one.
    pub is_merged: bool,
    pub term: Term,
    /// A day until which somebody decided that it is kept.
    pub kept_until: Option<Date>,
    pub held: bool,
    /// Somebody asks to see what is held about a person of the case.
    pub asked_for: bool,
    /// Who decided that it is to be destroyed, under every id; none where nobody did.
    pub decided_by: Option<Identity>,
}

/// Why it cannot be decided on, or not be destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Open,
    Merged,
    Held,
    AskedFor,
    NotDue(Option<Date>),
    NobodyDecided,
    SamePerson,
    ReasonMissing,
    /// The day until which it is kept must lie ahead, and not absurdly far.
    WrongDay,
    /// A malicious or false allegation stays on an adult's record only if they agree (Keeping
    /// children safe in education, part four).
    NotAgreed,
}

impl Refused {
    pub fn sentence(self) -> String {
        match self {
            Self::Open => "The case is open. Close it first.".to_owned(),
            Self::Merged => {
                "It was merged into another case, and is kept as long as that one.".to_owned()
            }
            Self::Held => {
                "A hold keeps it. End the hold first, if the reason for it has gone.".to_owned()
            }
            Self::AskedFor => "Somebody asks to see what is held about a person of this case. \
                 Answer that request first."
                .to_owned(),
            Self::NotDue(Some(day)) => {
                format!("It is kept until {}.", day.strftime("%-d %B %Y"))
            }
            Self::NotDue(None) => "Nobody can say yet how long it is kept.".to_owned(),
            Self::NobodyDecided => "Nobody has decided that it is to be destroyed.".to_owned(),
            Self::SamePerson => {
                "You decided that it is to be destroyed. Somebody else must agree.".to_owned()
            }
            Self::ReasonMissing => "Say why.".to_owned(),
            Self::WrongDay => "Choose a day after today, at most 25 years ahead.".to_owned(),
            Self::NotAgreed => {
                "A malicious or false allegation is kept only if the adult has agreed to it in \
                 writing. Without that it leaves their record."
                    .to_owned()
            }
        }
    }
}

/// The day from which somebody may decide on it; none where no end can be said.
pub fn due_on(term: Term, kept_until: Option<Date>) -> Option<Date> {
    match term {
        Term::Until(day, _) => Some(kept_until.map_or(day, |kept| kept.max(day))),
        Term::Unknown(_, _) => None,
    }
}

/// Whether somebody may decide on the case today.
pub fn may_decide(standing: &Standing, today: Date) -> Result<(), Refused> {
    let due = due_on(standing.term, standing.kept_until);
    if standing.is_merged {
        Err(Refused::Merged)
    } else if standing.is_open {
        Err(Refused::Open)
    } else if standing.held {
        Err(Refused::Held)
    } else if due.is_none_or(|due| due > today) {
        Err(Refused::NotDue(due))
    } else {
        Ok(())
    }
}

/// Whether it is kept longer only with the consent of the adult whom it was about.
pub fn needs_consent(standing: &Standing) -> bool {
    matches!(standing.term, Term::Until(_, Rule::FalseAllegation))
}

/// Keeps it longer. `agreed`: the adult whom it was about has agreed in writing.
pub fn keep(
    standing: &Standing,
    until: Date,
    reason: &str,
    agreed: bool,
    today: Date,
) -> Result<(), Refused> {
    may_decide(standing, today)?;
    if needs_consent(standing) && !agreed {
        Err(Refused::NotAgreed)
    } else if reason.trim().is_empty() {
        Err(Refused::ReasonMissing)
    } else if until <= today || until > today.saturating_add(25.years()) {
        Err(Refused::WrongDay)
    } else {
        Ok(())
    }
}

/// Decides that it is to be destroyed, once another agrees.
pub fn propose(standing: &Standing, reason: &str, today: Date) -> Result<(), Refused> {
    may_decide(standing, today)?;
    if standing.asked_for {
        Err(Refused::AskedFor)
    } else if reason.trim().is_empty() {
        Err(Refused::ReasonMissing)
    } else {
        Ok(())
    }
}

/// Agrees that it is destroyed: another person than whoever decided.
pub fn destroy(standing: &Standing, second: &Identity, today: Date) -> Result<(), Refused> {
    may_decide(standing, today)?;
    if standing.asked_for {
        return Err(Refused::AskedFor);
    }
    match &standing.decided_by {
        None => Err(Refused::NobodyDecided),
        Some(first) if first.is(second.person) || second.is(first.person) => {
            Err(Refused::SamePerson)
        }
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
