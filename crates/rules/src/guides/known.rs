//! What is known of a review when a rule is asked: the answers that stand, and the
//! facts of the case that they are weighed with.

use std::collections::{BTreeMap, BTreeSet};

use belisha_policy::Policy;
use jiff::civil::Date;

use crate::access::Kind;
use crate::ids::PersonId;

/// An answer that stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// A word of ours, several with spaces between, or what was written.
    pub value: String,
    pub reason: String,
}

/// The answers that stand, by question.
pub type Answers = BTreeMap<String, Answer>;

/// All that a guide's rules may look at.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub answers: &'a Answers,
    pub policy: &'a Policy,
    pub kind: Kind,
    /// The day of the event, from which ages are counted.
    pub happened_on: Date,
    /// Dates of birth of the people of the case; none where it is not on the register.
    pub born: &'a BTreeMap<PersonId, Option<Date>>,
    /// The needs of this review whose referral has been sent.
    pub sent: &'a BTreeSet<String>,
    /// Whether a device has been set aside and its custody recorded.
    pub device_set_aside: bool,
    /// Whether the evidence log of the case has an entry.
    pub evidence_noted: bool,
}

/// Somebody who is not on the register.
pub const NOT_ON_REGISTER: &str = "not-on-register";

impl Known<'_> {
    /// The answer that stands, as it is kept; empty where there is none.
    pub fn value(&self, question: &str) -> &str {
        self.answers
            .get(question)
            .map_or("", |answer| answer.value.as_str())
    }

    pub fn is(&self, question: &str, value: &str) -> bool {
        self.value(question) == value
    }

    pub fn yes(&self, question: &str) -> bool {
        self.is(question, "yes")
    }

    pub fn no(&self, question: &str) -> bool {
        self.is(question, "no")
    }

    /// Yes, or not known yet: it is treated as yes until it is answered.
    pub fn yes_or_unknown(&self, question: &str) -> bool {
        self.yes(question) || self.is(question, "unknown")
    }

    /// Whether one of these stands among the answers.
    pub fn any_of(&self, question: &str, values: &[&str]) -> bool {
        self.value(question)
            .split(' ')
            .any(|value| values.contains(&value))
    }

    pub fn is_sent(&self, need: &str) -> bool {
        self.sent.contains(need)
    }

    /// Whether any of the people in this answer was under this age on the day of the
    /// event: "yes", "no", "unknown" where a date of birth or a person is not known, and
    /// nothing while the question is not answered.
    pub fn any_under(&self, question: &str, age: i16) -> &'static str {
        let people = self.value(question);
        if people.trim().is_empty() {
            return "";
        }
        let mut unknown = false;
        for person in people.split(' ') {
            let born = person
                .parse()
                .ok()
                .and_then(|id: PersonId| self.born.get(&id).copied().flatten());
            match born {
                Some(born) if is_under(born, age, self.happened_on) => return "yes",
                Some(_) => {}
                None => unknown = true,
            }
        }
        if unknown { "unknown" } else { "no" }
    }
}

/// Whether somebody born on this day has not had this birthday by that day. Whoever was
/// born on 29 February is a year older on 1 March of a common year.
fn is_under(born: Date, age: i16, on: Date) -> bool {
    let years = on.year() - born.year();
    let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
    years - i16::from(!had_birthday) < age
}
