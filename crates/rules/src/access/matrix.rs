//! The whole table as text, made by asking the decision function and not by
//! reading the table, so that a person can review what really happens.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::records::{Grant, Granted, Kind, RecordFacts, Relation};
use super::roles::Role;
use super::viewer::Viewer;
use super::{Decision, may};
use crate::ids::PersonId;
use crate::people::Identity;

const LEGEND: &str = "\
Who may do what. One row for each record and action, one column for each role.

  yes   always
  r     as the reporter                  s   when it was shared with them
  o     when it is their own             d   when the headteacher delegated it
  c     when the pupil is in their care  h   when it was handed over to them
  i     when they are in charge of it    b   within emergency sight
  n     when they were told for information
  e     as the deputy named for emergencies
  no    refused, and they may know that the thing exists
  .     hidden, as if the record did not exist

Above this table: a subject of a concern, and whoever is marked as close to one,
finds every row of that record hidden. Accounts that are not active reach nothing.
";

/// The table, with its legend.
pub fn matrix() -> String {
    let mut text = String::from(LEGEND);
    for kind in Kind::ALL {
        let _ = write!(text, "\n{:<24}", format!("{kind:?}"));
        for role in Role::ALL {
            let _ = write!(text, " {:<8}", heading(role));
        }
        trim_end(&mut text);
        text.push('\n');
        for action in kind.actions() {
            let _ = write!(text, "  {:<22}", format!("{action:?}"));
            for role in Role::ALL {
                let cell = cell(role, kind, |viewer, record, now| {
                    may(viewer, *action, record, now)
                });
                let _ = write!(text, " {cell:<8}");
            }
            trim_end(&mut text);
            text.push('\n');
        }
    }
    text
}

fn trim_end(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
}

fn cell(
    role: Role,
    kind: Kind,
    ask: impl Fn(&Viewer, &RecordFacts, Timestamp) -> Decision,
) -> String {
    let person = PersonId::new(1);
    let viewer = Viewer::in_role(Identity::of(person), role);
    let now = Timestamp::UNIX_EPOCH;
    let stranger = ask(&viewer, &RecordFacts::of(kind), now);
    if stranger.is_allowed() {
        return "yes".to_owned();
    }
    let letters: String = Relation::ALL
        .into_iter()
        .filter(|relation| ask(&viewer, &related(kind, person, *relation), now).is_allowed())
        .map(letter)
        .collect();
    if !letters.is_empty() {
        return letters;
    }
    match stranger {
        Decision::Hidden => ".".to_owned(),
        Decision::Refused(_) => "no".to_owned(),
        Decision::Allowed(_) => "yes".to_owned(),
    }
}

/// A record to which the person stands in this relation and no other.
pub(super) fn related(kind: Kind, person: PersonId, relation: Relation) -> RecordFacts {
    let mut record = RecordFacts::of(kind);
    let grant = |how| Grant {
        to: person,
        how,
        until: Some(Timestamp::MAX),
    };
    match relation {
        Relation::Reporter => record.reporters.push(person),
        Relation::Own => record.owners.push(person),
        Relation::Cohort => record.cohort.push(person),
        Relation::InCharge => record.in_charge.push(person),
        Relation::Informed => record.informed.push(person),
        Relation::NamedDeputy => record.named_deputies.push(person),
        Relation::Shared => record.grants.push(grant(Granted::Shared)),
        Relation::Delegated => record.grants.push(grant(Granted::Delegated)),
        Relation::HandedOver => record.grants.push(grant(Granted::HandedOver)),
        Relation::BreakGlass => record.grants.push(grant(Granted::BreakGlass)),
    }
    record
}

fn letter(relation: Relation) -> char {
    match relation {
        Relation::Reporter => 'r',
        Relation::Own => 'o',
        Relation::Cohort => 'c',
        Relation::InCharge => 'i',
        Relation::Informed => 'n',
        Relation::Shared => 's',
        Relation::Delegated => 'd',
        Relation::HandedOver => 'h',
        Relation::BreakGlass => 'b',
        Relation::NamedDeputy => 'e',
    }
}

fn heading(role: Role) -> &'static str {
    match role {
        Role::Pupil => "pupil",
        Role::Outsider => "outsider",
        Role::Staff => "staff",
        Role::Pastoral => "pastoral",
        Role::Coordinator => "co-ord",
        Role::SeniorLeader => "senior",
        Role::DeputyLead => "dep lead",
        Role::Lead => "lead",
        Role::Head => "head",
        Role::Chair => "chair",
        Role::ViceChair => "vice",
        Role::LinkGovernor => "link gov",
        Role::Governor => "governor",
        Role::DataProtectionOfficer => "dpo",
        Role::RiskOwner => "siro",
        Role::Office => "office",
        Role::Technician => "technic",
        Role::NightlyDuties => "duties",
    }
}
