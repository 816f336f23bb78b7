//! Who acts: a person in a session, a program with a token, or the school's own
//! nightly duties.

use belisha_rules::ids::{PersonId, SessionId};

/// How sure we are that the person is who they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    None,
    Password,
    SecondFactor,
    /// Confirmed again within the last minutes; see rules::accounts.
    SteppedUp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Person {
        person: PersonId,
        session: Option<SessionId>,
        factor: Factor,
    },
    /// A duty that the program carries out by itself, by its name: `backups`.
    School(&'static str),
}

impl Actor {
    /// The person, where it is one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person { person, .. } => Some(*person),
            Self::School(_) => None,
        }
    }

    /// As the journal names the actor.
    pub fn in_journal(&self) -> belisha_journal::Actor {
        match self {
            Self::Person { person, .. } => {
                belisha_journal::Actor::Person(uuid::Uuid::from_u128(person.bits()))
            }
            Self::School(duty) => belisha_journal::Actor::System((*duty).to_owned()),
        }
    }

    /// As the journal's lines and the `_by` columns write it: `person:<id>` or `system:<duty>`.
    pub fn key(&self) -> String {
        self.in_journal().to_string()
    }
}
