//! What an editor is told about a policy: its faults, or what it sets.

use crate::fault::Fault;
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

/// What a new text changes against an old one, for `belisha policy difference`: in effect
/// first, then clause by clause. The faults of either, where one does not read.
pub fn difference_report(old: &str, new: &str) -> Result<String, Vec<Fault>> {
    let difference = crate::difference(&parse(old)?, &parse(new)?);
    if difference.is_empty() {
        return Ok("The two say and do the same.\n".to_owned());
    }
    let mut report = "In effect:\n\n".to_owned();
    for effect in &difference.effects {
        let of = effect
            .of
            .as_ref()
            .map_or_else(String::new, |of| format!(", {of}"));
        report.push_str(&format!("- {}{of}\n", effect.control.title));
        for (word, held) in [("before", &effect.before), ("after", &effect.after)] {
            let sentence = held
                .as_ref()
                .map_or("nothing is set", |held| held.sentence.as_str());
            report.push_str(&format!("  {word}: {sentence}\n"));
        }
    }
    if difference.effects.is_empty() {
        report.push_str("Nothing that the program does changes.\n");
    }
    report.push_str("\nIn words:\n\n");
    if let Some((before, after)) = &difference.title {
        report.push_str(&format!("- The title, from “{before}” to “{after}”\n"));
    }
    if !difference.introduction.is_empty() {
        report.push_str("- The introduction\n");
    }
    for clause in &difference.clauses {
        report.push_str(&format!("- {}\n", clause.summary()));
    }
    if difference.title.is_none()
        && difference.introduction.is_empty()
        && difference.clauses.is_empty()
    {
        report.push_str("No clause reads differently.\n");
    }
    Ok(report)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_in_effect_and_in_words() {
        let text = |minutes: u32, words: &str| {
            format!(
                "# P\n\n## S {{#s}}\n\n### C {{#c}}\n\n{words}\n\n```control idle-lock\nafter = \"{minutes} minutes\"\n```\n"
            )
        };
        let told = difference_report(&text(10, "a"), &text(5, "b")).unwrap();
        for line in [
            "- Idle lock\n  before: The screen locks after 10 minutes",
            "  after: The screen locks after 5 minutes",
            "- 1.1 C: words changed\n",
        ] {
            assert!(told.contains(line), "{line} in {told}");
        }
        let same = difference_report(&text(10, "a"), &text(10, "a")).unwrap();
        assert_eq!(same, "The two say and do the same.\n");
        assert!(difference_report("no title", &text(10, "a")).is_err());
    }
}
