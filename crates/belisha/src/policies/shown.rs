//! How the standing of clauses and controls looks on a page, and who sees how much of
//! it: everyone the status, those who answer for the school the numbers, and names only
//! those who may see the records behind them.

use belisha_policy::controls::agreement;
use belisha_policy::{Query, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::assurance::{Standing, Status};
use belisha_ui::{Column, EvidenceMark, Html, NavigationItem, StatusTag, SubNavigation, Table};
use jiff::civil::Date;

use super::attestation;
use super::days::written;
use super::evidence::Line;
use super::standing::{Basis, ControlStanding};
use crate::viewer::Viewer;

/// The tag of a status.
pub(super) fn tag(status: Status) -> StatusTag {
    StatusTag::new(match status {
        Status::Enforced => belisha_ui::Status::Enforced,
        Status::Met => belisha_ui::Status::Met,
        Status::Attested => belisha_ui::Status::Attested,
        Status::DueSoon => belisha_ui::Status::DueSoon,
        Status::NotMet => belisha_ui::Status::NotMet,
        Status::Stated => belisha_ui::Status::Stated,
    })
}

/// The pages about the policy, with this one marked.
pub(super) fn parts(viewer: &Viewer, here: &str) -> SubNavigation {
    let mut items = vec![("The policy", super::url())];
    if sees_numbers(viewer) {
        items.push(("Assurance", super::assurance::url()));
    }
    if viewer
        .may(
            Action::ReadPolicyDraft,
            &RecordFacts::of(Kind::PolicyDocument),
        )
        .is_allowed()
    {
        items.push(("Versions", super::versions::list::url()));
    }
    items.push(("Controls", super::controls::url()));
    SubNavigation::new(
        "Policy",
        items
            .into_iter()
            .map(|(text, href)| NavigationItem {
                current: href == here,
                ..NavigationItem::new(text, href)
            })
            .collect(),
    )
}

/// Whether the person sees what was counted.
pub(super) fn sees_numbers(viewer: &Viewer) -> bool {
    viewer
        .may(Action::ReadAssurance, &RecordFacts::of(Kind::Assurance))
        .is_allowed()
}

/// Whether the person may see the records that this feature's evidence is counted from.
pub(super) fn sees_records(viewer: &Viewer, feature: &str) -> bool {
    let (action, kind) = match feature {
        "agreements" => (Action::ListUnsigned, Kind::Agreement),
        "accounts" => (Action::ListAccounts, Kind::Account),
        "people" => (Action::ReadAppointments, Kind::Appointment),
        "backups" => (Action::ReadBackups, Kind::Backup),
        "policy" => (Action::ReadPolicyDraft, Kind::PolicyDocument),
        // A feature that nobody has thought about here shows numbers only.
        _ => return false,
    };
    viewer.may(action, &RecordFacts::of(kind)).is_allowed()
}

/// One control on the clause page.
pub(super) struct ControlShown {
    pub(super) sentence: String,
    pub(super) owner: String,
    pub(super) status: Option<StatusTag>,
    pub(super) mark: Option<EvidenceMark>,
    /// What the standing rests on, in a sentence.
    pub(super) says: String,
    /// The records that were counted, for those who may see them.
    pub(super) why: Option<Table>,
    /// Where those records are kept.
    pub(super) opens: Option<String>,
}

/// A control as this person may see it, on this day.
pub(super) fn control(viewer: &Viewer, standing: &ControlStanding, day: Date) -> ControlShown {
    let control = standing.bound.control();
    let records = sees_records(viewer, control.feature);
    let mut shown = ControlShown {
        sentence: standing.bound.sentence(),
        owner: control.owner.name().to_owned(),
        status: standing.status.map(tag),
        mark: None,
        says: String::new(),
        why: None,
        opens: None,
    };
    match &standing.basis {
        Basis::Enforced => {
            "The program makes the contrary impossible, so there is nothing to count."
                .clone_into(&mut shown.says);
        }
        Basis::Counted {
            query,
            lines,
            tally,
            ..
        } => {
            shown.mark = Some(EvidenceMark::measured());
            if records {
                shown.says = tally.words(query.said, day);
                shown.why = (!lines.is_empty()).then(|| why(lines, day));
                shown.opens = Some(records_of(standing, query));
            } else if sees_numbers(viewer) {
                shown.says = numbers(standing, day);
            } else {
                "Counted from records. The numbers are for those who answer for the school."
                    .clone_into(&mut shown.says);
            }
        }
        Basis::Untold(why) => {
            shown.says = format!("How this stood on that day cannot be told. {why}");
        }
        Basis::Word(Some(word)) => {
            shown.mark = Some(EvidenceMark::attested(&word.by, written(word.on)));
            shown.says = attestation::in_words(word, day);
        }
        Basis::Word(None) => {
            "No record can prove it, and nobody has given their word yet."
                .clone_into(&mut shown.says);
        }
    }
    shown
}

/// Where the records are kept that were counted; an agreement has a page of its own.
fn records_of(standing: &ControlStanding, query: &Query) -> String {
    if standing.bound.control() == &agreement::CONTROL {
        crate::agreements::signers::url(&standing.bound.get(&agreement::OF))
    } else {
        query.opens.to_owned()
    }
}

/// What was counted, without a name and without a number so small that it is one.
pub(super) fn numbers(standing: &ControlStanding, day: Date) -> String {
    match &standing.basis {
        Basis::Enforced => "Enforced by the program.".to_owned(),
        Basis::Counted {
            query,
            of_people,
            tally,
            ..
        } => {
            if *of_people && standing.bound.control().feature != "people" {
                tally.guarded_words(query.said, day)
            } else {
                tally.words(query.said, day)
            }
        }
        Basis::Untold(_) => "Cannot be told for a day gone by.".to_owned(),
        Basis::Word(Some(word)) => format!("{}, {}", word.by, written(word.on)),
        Basis::Word(None) => "Nobody has given their word.".to_owned(),
    }
}

/// The records that were counted, those that ask for action first.
fn why(lines: &[Line], day: Date) -> Table {
    let mut sorted: Vec<&Line> = lines.iter().collect();
    sorted.sort_by_key(|line| match line.standing {
        Standing::NotMet { .. } => 0,
        Standing::Due => 1,
        Standing::Met { .. } => 2,
    });
    let rows = sorted
        .into_iter()
        .map(|line| {
            vec![
                Html::from(line.label.as_str()),
                Html::of(&tag(super::evidence::tally(
                    std::slice::from_ref(line),
                    day,
                )
                .status())),
                line.since
                    .map_or_else(|| "–".into(), |since| written(since).into()),
                line.until
                    .map_or_else(|| "–".into(), |until| written(until).into()),
            ]
        })
        .collect();
    Table {
        caption_hidden: true,
        ..Table::new(
            "What was counted",
            vec![
                Column::new("Record"),
                Column::new("Stands"),
                Column::new("Since"),
                Column::new("Until"),
            ],
            rows,
        )
    }
}
