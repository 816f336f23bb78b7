//! How long the record of an allegation is kept, by its outcome. The periods are data,
//! with their sources: `guidance/retention-2026-11.toml`.

use std::sync::LazyLock;

use belisha_policy::Policy;
use belisha_policy::controls::record_keeping;

/// How long a record is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub key: String,
    /// For the page.
    pub words: String,
    pub source: String,
    pub checked_on: String,
}

const DATA: &str = include_str!("../../../../guidance/retention-2026-11.toml");

static PERIODS: LazyLock<Vec<Kept>> =
    LazyLock::new(|| read().expect("the periods are part of the program; a test reads them"));

/// How long an allegation with this outcome is kept; none for a word that is no outcome.
pub fn of_outcome(outcome: &str) -> Option<&'static Kept> {
    let key = match outcome {
        "substantiated" | "unsubstantiated" | "unfounded" => "staff-allegation",
        "malicious" | "false" => "staff-allegation-malicious-or-false",
        _ => return None,
    };
    PERIODS.iter().find(|kept| kept.key == key)
}

/// The same under this policy, which may keep it longer. When it is due, two people decide;
/// the terms themselves are [`crate::retention`].
pub fn said(policy: &Policy, outcome: &str) -> Option<String> {
    let kept = of_outcome(outcome)?;
    Some(match outcome {
        "malicious" | "false" => kept.words.clone(),
        _ => format!(
            "until the adult is {}, and for at least {} years from the allegation; then two people decide",
            policy.get(&record_keeping::PENSION_AGE),
            policy.get(&record_keeping::ALLEGATION_YEARS)
        ),
    })
}

fn read() -> Option<Vec<Kept>> {
    let document: toml_edit::DocumentMut = DATA.parse().ok()?;
    let checked_on = document.get("checked_on")?.as_str()?.to_owned();
    document
        .get("record")?
        .as_array_of_tables()?
        .iter()
        .map(|table| {
            let word = |key: &str| table.get(key)?.as_str().map(str::to_owned);
            Some(Kept {
                key: word("key")?,
                words: word("kept")?,
                source: word("source")?,
                checked_on: checked_on.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_its_period_with_a_source() {
        for (outcome, _) in super::super::allegation_outcomes() {
            let kept = of_outcome(outcome).unwrap_or_else(|| panic!("{outcome}"));
            assert!(
                kept.source.starts_with("Keeping children safe"),
                "{outcome}"
            );
            assert!(!kept.checked_on.is_empty());
        }
        let policy = crate::testing::policy_with(
            "```control record-keeping\nallegation_years = 30\npension_age = 70\n```\n",
        );
        let said = said(&policy, "unfounded").unwrap();
        assert!(
            said.contains("is 70") && said.contains("30 years"),
            "{said}"
        );
        assert!(of_outcome("malicious") != of_outcome("substantiated"));
        assert_eq!(of_outcome("maybe"), None);
    }
}
