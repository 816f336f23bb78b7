//! An entry: one line that says who did what, to which record, when, and how surely we
//! knew them. It is canonical JSON, so that a person can read it and one act has one line.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::hash::Hash;
use crate::time::readable;

/// Who acts. Somebody not yet signed in acts through the job that received them,
/// such as `system:sign-in`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person by their random id, written `person:<uuid>`.
    Person(Uuid),
    /// A job of the program, written `system:<job>`.
    System(String),
}

/// The strongest proof of identity that stood behind the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Factor {
    None,
    Password,
    SecondFactor,
    /// Authenticated afresh for this act.
    StepUp,
}

/// Whether the act happened or was refused; a refusal is an entry too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Done,
    Refused,
}

/// What the caller knows of an act, before it has its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Milliseconds since 1970 in UTC, at most the end of the year 9998.
    pub at_ms: u64,
    /// Milliseconds since the program started. Set beside `at_ms` it shows a clock that
    /// was moved; the order of entries never depends on either.
    pub clock_ms: u64,
    pub actor: Actor,
    /// A short id of the session, 1 to 32 of `A-Z a-z 0-9 _ -`; never its token.
    pub session: Option<String>,
    pub factor: Factor,
    /// Noun and verb joined by a dot, such as `incident.closed`.
    pub action: String,
    /// Kind and random id of the record, such as `incident:7f3a…`.
    pub object: String,
    /// At most 16 facts that say nothing about a person, such as `version` = `3`. Keys
    /// are lower-case words joined by hyphens, values one line of at most 200 characters.
    pub facts: BTreeMap<String, String>,
    /// The hash of the record as it now stands. Hash the sealed form, or something with
    /// a secret in it: the hash of a guessable text gives the text away.
    pub revision: Option<Hash>,
    pub result: Outcome,
    /// The hash of an encrypted payload kept elsewhere. Once the key of the payload is
    /// destroyed it says nothing, and still proves that nothing was exchanged.
    pub payload: Option<Hash>,
}

/// An act with its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counted from 0 without a gap.
    pub sequence: u64,
    pub draft: Draft,
    /// The leaf hash of the entry before, [`Hash::ZERO`] for the first.
    pub previous: Hash,
}

/// A draft that the journal does not take: which field, and what it must look like.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("The journal entry cannot be written: its {field} must be {rule}.")]
pub struct DraftRefused {
    pub field: &'static str,
    pub rule: &'static str,
}

/// Why a line is not an entry of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LineRefused {
    #[error("the line is not an entry in its one exact form")]
    Form,
    #[error("the readable time and the time in milliseconds differ")]
    Time,
}

/// The keys of a line, in their order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    sequence: u64,
    time: String,
    at: u64,
    clock: u64,
    actor: String,
    session: Option<String>,
    factor: Factor,
    action: String,
    object: String,
    facts: BTreeMap<String, String>,
    revision: Option<String>,
    result: Outcome,
    previous: String,
    payload: Option<String>,
}

impl Actor {
    fn read(text: &str) -> Option<Self> {
        let actor = match text.split_once(':')? {
            ("person", id) => Self::Person(id.parse().ok()?),
            ("system", job) => Self::System(job.to_owned()),
            _ => return None,
        };
        (actor.to_string() == text).then_some(actor)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::System(job) => write!(f, "system:{job}"),
        }
    }
}

impl Draft {
    /// Whether every field has the shape that the journal asks for.
    pub fn check(&self) -> Result<(), DraftRefused> {
        let rules = [
            (
                readable(self.at_ms).is_some(),
                "time",
                "before the year 9999",
            ),
            (self.clock_ms < 1 << 53, "clock", "below 2^53 milliseconds"),
            (
                match &self.actor {
                    Actor::Person(_) => true,
                    Actor::System(job) => is_word(job),
                },
                "actor",
                "a person or a job named in lower-case words joined by hyphens",
            ),
            (
                self.session.as_ref().is_none_or(|id| is_id(id, 32, "_-")),
                "session",
                "1 to 32 letters, digits, hyphens or underscores",
            ),
            (
                is_action(&self.action),
                "action",
                "a noun and a verb such as incident.closed",
            ),
            (
                is_object(&self.object),
                "object",
                "a kind and an id such as incident:7f3a",
            ),
            (
                self.facts.len() <= 16
                    && self
                        .facts
                        .iter()
                        .all(|(key, value)| is_word(key) && is_fact(value)),
                "facts",
                "at most 16 words with one line of at most 200 characters each",
            ),
        ];
        match rules.into_iter().find(|(holds, _, _)| !holds) {
            None => Ok(()),
            Some((_, field, rule)) => Err(DraftRefused { field, rule }),
        }
    }
}

impl Entry {
    /// The entry's one exact line, without a line end.
    pub(crate) fn line(&self) -> String {
        let Draft {
            at_ms,
            clock_ms,
            factor,
            result,
            ..
        } = self.draft;
        let line = Line {
            sequence: self.sequence,
            time: readable(at_ms).expect("a draft is checked before it becomes a line"),
            at: at_ms,
            clock: clock_ms,
            actor: self.draft.actor.to_string(),
            session: self.draft.session.clone(),
            factor,
            action: self.draft.action.clone(),
            object: self.draft.object.clone(),
            facts: self.draft.facts.clone(),
            revision: self.draft.revision.map(|hash| hash.to_string()),
            result,
            previous: self.previous.to_string(),
            payload: self.draft.payload.map(|hash| hash.to_string()),
        };
        serde_json::to_string(&line).expect("a line has only strings, integers and string keys")
    }

    /// Reads a line, and refuses every spelling but the canonical one.
    pub fn read(text: &str) -> Result<Self, LineRefused> {
        let line: Line = serde_json::from_str(text).map_err(|_| LineRefused::Form)?;
        let hash = |text: &str| Hash::from_hex(text).ok_or(LineRefused::Form);
        let time = line.time;
        let entry = Self {
            sequence: line.sequence,
            draft: Draft {
                at_ms: line.at,
                clock_ms: line.clock,
                actor: Actor::read(&line.actor).ok_or(LineRefused::Form)?,
                session: line.session,
                factor: line.factor,
                action: line.action,
                object: line.object,
                facts: line.facts,
                revision: line.revision.as_deref().map(hash).transpose()?,
                result: line.result,
                payload: line.payload.as_deref().map(hash).transpose()?,
            },
            previous: hash(&line.previous)?,
        };
        entry.draft.check().map_err(|_| LineRefused::Form)?;
        let canonical = entry.line();
        if canonical == text {
            Ok(entry)
        } else if readable(entry.draft.at_ms).as_ref() != Some(&time) && is_readable_time(&time) {
            Err(LineRefused::Time)
        } else {
            Err(LineRefused::Form)
        }
    }
}

/// Digits where the readable time has digits, and its own marks elsewhere.
fn is_readable_time(text: &str) -> bool {
    let shape = "0000-00-00T00:00:00.000Z";
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, mark)| {
            if mark == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == mark
            }
        })
}

/// A lower-case letter, then lower-case letters, digits and hyphens; 40 at most.
fn is_word(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn is_id(text: &str, longest: usize, marks: &str) -> bool {
    (1..=longest).contains(&text.len())
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || marks.contains(letter))
}

fn is_action(text: &str) -> bool {
    text.split_once('.')
        .is_some_and(|(noun, verb)| is_word(noun) && is_word(verb))
}

fn is_object(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(kind, id)| is_word(kind) && is_id(id, 80, "._-"))
}

/// No control character, and none that breaks a line or turns the direction of reading:
/// what a person sees on the line is what the line says.
fn is_fact(text: &str) -> bool {
    text.chars().count() <= 200
        && !text.chars().any(|letter| {
            letter.is_control()
                || matches!(letter,
                    '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
}
