//! What an editor is told about a policy: its faults, or what it sets.

use crate::parse::parse;
use crate::policy::{Depth, Policy};
use crate::prose::{capital, number_of};

/// The whole report on a policy's text, for `belisha policy check`.
pub fn check_report(text: &str) -> String {
    let policy = match parse(text) {
        Ok(policy) => policy,
        Err(faults) => {
            let mut report = format!("{}:\n\n", number_of(faults.len(), "fault"));
            for fault in faults {
                report.push_str(&format!("{fault}\n"));
            }
            return report;
        }
    };
    let mut report = format!("No faults. {}.\n", counts(&policy));
    if let Err(lacks) = policy.ready() {
        report.push_str("\nBefore it can come into force:\n\n");
        for lack in lacks {
            let help = lack.help.unwrap_or_default();
            report.push_str(&format!("- {} {help}\n", capital(&lack.message)));
        }
    }
    let mut sentences = policy.controls().peekable();
    if sentences.peek().is_some() {
        report.push_str("\nWhat it sets:\n\n");
    }
    for bound in sentences {
        let number = policy
            .clause(&bound.clause)
            .map_or("", |clause| clause.number.as_str());
        report.push_str(&format!(
            "{number}  {} ({})\n",
            bound.sentence(),
            bound.control().key
        ));
    }
    report
}

/// "7 sections, 34 clauses, 21 controls".
fn counts(policy: &Policy) -> String {
    let sections = policy.sections().count();
    let sub_clauses = policy
        .clauses
        .iter()
        .filter(|clause| clause.depth == Depth::SubClause)
        .count();
    let clauses = policy.clauses.len() - sections - sub_clauses;
    [
        number_of(sections, "section"),
        number_of(clauses, "clause"),
        number_of(sub_clauses, "sub-clause"),
        number_of(policy.controls().count(), "control"),
    ]
    .join(", ")
}
