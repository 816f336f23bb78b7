//! How the clauses of a policy stand on one day: from what their controls count and
//! from the words that named people gave.

use std::collections::HashMap;

use belisha_policy::{Assurance, Bound, Clause, Past, Policy, Query};
use belisha_rules::assurance::{self, Attestation, Status, Tally, USUAL_NOTICE};
use jiff::civil::Date;

use super::attestation::{self, Word};
use super::counted;
use super::evidence::{self, Line, Moment};
use crate::db::Connection;
use crate::problem::Fault;
use crate::viewer::Viewer;

/// How a clause stands.
pub(super) struct ClauseStanding {
    /// None where a control of it cannot be told for the day.
    pub(super) status: Option<Status>,
    pub(super) controls: Vec<ControlStanding>,
    /// The newest word that somebody gave for the clause itself.
    pub(super) word: Option<Word>,
}

/// How one use of a control stands.
pub(super) struct ControlStanding {
    pub(super) bound: Bound,
    pub(super) basis: Basis,
    /// None where a past day cannot be told from the records.
    pub(super) status: Option<Status>,
}

/// What a control's standing rests on.
pub(super) enum Basis {
    /// The program does it.
    Enforced,
    Counted {
        query: Query,
        lines: Vec<Line>,
        /// Whether a small count could tell of a person.
        of_people: bool,
        tally: Tally,
    },
    /// The day is past and the records keep only how things stand.
    Untold(&'static str),
    Word(Option<Word>),
}

impl ClauseStanding {
    /// Keeps how many were counted and lets go of which: a school has thousands.
    pub(super) fn forget_lines(&mut self) {
        for control in &mut self.controls {
            if let Basis::Counted { lines, .. } = &mut control.basis {
                *lines = Vec::new();
            }
        }
    }
}

/// How each clause stands, by its id. `today` is the day on which somebody looks,
/// `moment` the day that is looked at.
pub(super) async fn of_clauses(
    connection: &mut Connection,
    clauses: impl Iterator<Item = &Clause>,
    moment: Moment,
    today: Date,
) -> Result<HashMap<String, ClauseStanding>, Fault> {
    let mut words = attestation::newest(connection, moment).await?;
    let mut standings = HashMap::new();
    for clause in clauses {
        let mut controls = Vec::with_capacity(clause.controls.len());
        for bound in &clause.controls {
            let word = words.remove(&(clause.id.clone(), bound.control().key.to_owned()));
            controls.push(of_control(connection, bound, word, moment, today).await?);
        }
        let word = words.remove(&(clause.id.clone(), String::new()));
        let status = if clause.controls.is_empty() {
            Some(assurance::stated(
                word.as_ref().map(|word| word.until),
                moment.day,
            ))
        } else {
            let told: Option<Vec<Status>> = controls.iter().map(|control| control.status).collect();
            told.map(assurance::of_clause)
        };
        let standing = ClauseStanding {
            status,
            controls,
            word,
        };
        standings.insert(clause.id.clone(), standing);
    }
    Ok(standings)
}

/// The same for every clause of a policy.
pub(super) async fn of_policy(
    connection: &mut Connection,
    policy: &Policy,
    moment: Moment,
) -> Result<HashMap<String, ClauseStanding>, Fault> {
    of_clauses(connection, policy.clauses.iter(), moment, moment.day).await
}

/// How each clause of the policy in force stands today; no status where it cannot be told.
pub(crate) async fn statuses(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<HashMap<String, Option<Status>>, Fault> {
    Ok(counted::today(connection, viewer)
        .await?
        .iter()
        .map(|(clause, standing)| (clause.clone(), standing.status))
        .collect())
}

async fn of_control(
    connection: &mut Connection,
    bound: &Bound,
    word: Option<Word>,
    moment: Moment,
    today: Date,
) -> Result<ControlStanding, Fault> {
    let (basis, status) = match bound.control().assurance {
        Assurance::Enforced => (Basis::Enforced, Some(Status::Enforced)),
        Assurance::Counted(Query {
            past: Past::Untold(why),
            ..
        }) if moment.day < today => (Basis::Untold(why), None),
        Assurance::Counted(query) => {
            let lines = evidence::lines(connection, &query, &bound.settings, moment).await?;
            let tally = evidence::tally(&lines, moment.day);
            let basis = Basis::Counted {
                query,
                of_people: lines.iter().any(|line| is_of_people(&line.item)),
                lines,
                tally,
            };
            (basis, Some(tally.status()))
        }
        Assurance::Attested { every } => {
            let latest = word.as_ref().map(|word| Attestation { on: word.on });
            let status = assurance::attested(latest, every, USUAL_NOTICE, moment.day);
            (Basis::Word(word), Some(status))
        }
    };
    Ok(ControlStanding {
        bound: bound.clone(),
        basis,
        status,
    })
}

/// Whether a count of such items could tell of a person: of people themselves, and of the cases
/// of one kind of risk.
fn is_of_people(item: &str) -> bool {
    item.starts_with("person:") || item.starts_with("risk:")
}
