//! The investigation of a case: asked for by the triage, or by a policy that has every
//! breach of its rules investigated. Until there is a finding, the case does not close.

use belisha_policy::controls::breach_investigation;
use belisha_policy::{Matter, Policy, Word as _};

use super::{Act, Incident, WrongState, in_state, is_in_hand};
use crate::access::Kind;

/// How the investigation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Investigation {
    NotAsked,
    /// Asked for, and nothing is found yet.
    UnderWay,
    /// What was found is on record.
    Found,
}

/// The risks, by their keys in the editions of the guidance, that are breaches of the rules.
const RISKS: [&str; 2] = ["conduct/rules", "conduct/copyright"];

/// Whether a category, as the records spell it, says that rules of the school were broken.
pub fn is_breach(category: &str) -> bool {
    match category.strip_prefix("matter/") {
        None => RISKS.contains(&category),
        Some(matter) => Matter::from_key(matter) == Some(Matter::RulesBreach),
    }
}

/// Whether the policy has a case with these categories investigated, and a decision about
/// the police written down.
pub fn is_investigated(policy: &Policy, categories: &[&str]) -> bool {
    policy.get(&breach_investigation::EVERY_BREACH)
        && categories.iter().any(|category| is_breach(category))
}

impl Investigation {
    /// How it stands in a case of this kind. An allegation is investigated by its own guided
    /// review, after the designated officer's advice; once it is lowered, it is owed like any other.
    pub fn of(kind: Kind, asked: bool, found: bool) -> Self {
        let by_its_review = match kind {
            Kind::AllegationStaff | Kind::AllegationHead | Kind::AllegationChair => true,
            Kind::PupilWelfare
            | Kind::ChildProtection
            | Kind::LowLevelConcern
            | Kind::NewConcern
            | Kind::EmergencySight
            | Kind::Agreement
            | Kind::PolicyDocument
            | Kind::Assurance
            | Kind::Register
            | Kind::Appointment
            | Kind::Account
            | Kind::Journal
            | Kind::Backup
            | Kind::ApiToken
            | Kind::School
            | Kind::Operations
            | Kind::Approval
            | Kind::Filter
            | Kind::FilterLog
            | Kind::DataRequest => false,
        };
        if found {
            Self::Found
        } else if asked && !by_its_review {
            Self::UnderWay
        } else {
            Self::NotAsked
        }
    }
}

/// Writes down what was found, as often as more is found.
pub fn investigate(incident: &Incident) -> Result<(), WrongState> {
    in_state(incident, Act::Investigate, is_in_hand)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_is_investigated_where_the_policy_says_so() {
        let policy = |block: &str| {
            let text = format!(
                "# P\n\n## S {{#s}}\n\n### C {{#c}}\n\nw\n\n```control breach-investigation\n{block}\n```\n"
            );
            belisha_policy::parse(&text).unwrap()
        };
        let (each, none) = (policy("every_breach = true"), policy(""));
        let check = |policy: &Policy, categories: &[&str], expected: bool| {
            assert_eq!(
                is_investigated(policy, categories),
                expected,
                "{categories:?}"
            );
        };
        check(&each, &["conduct/rules"], true);
        check(&each, &["conduct/copyright"], true);
        check(&each, &["content/hate", "matter/rules-breach"], true);
        check(&each, &["content/hate", "hate/race"], false);
        check(&each, &[], false);
        check(&none, &["conduct/rules"], false);
    }

    #[test]
    fn an_allegation_is_investigated_by_its_review_until_it_is_lowered() {
        use Investigation::{Found, NotAsked, UnderWay};
        for (kind, asked) in [
            (Kind::PupilWelfare, UnderWay),
            (Kind::ChildProtection, UnderWay),
            (Kind::LowLevelConcern, UnderWay),
            (Kind::AllegationStaff, NotAsked),
            (Kind::AllegationHead, NotAsked),
            (Kind::AllegationChair, NotAsked),
        ] {
            assert_eq!(Investigation::of(kind, true, false), asked, "{kind:?}");
            assert_eq!(Investigation::of(kind, false, false), NotAsked, "{kind:?}");
            assert_eq!(Investigation::of(kind, false, true), Found, "{kind:?}");
            assert_eq!(Investigation::of(kind, true, true), Found, "{kind:?}");
        }
    }
}
