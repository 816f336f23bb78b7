//! Whether somebody who opens a case must prove again who they are.

use belisha_policy::Policy;
use belisha_policy::controls::case_history::{self, StepUp};
use jiff::{SignedDuration, Timestamp};

use crate::access::Kind;

/// Whether the proof is asked for now. Reporting never asks; this is about opening what
/// was recorded.
pub fn asks_to_prove(
    policy: &Policy,
    kind: Kind,
    proved_at: Option<Timestamp>,
    now: Timestamp,
) -> bool {
    let is_restricted = kind.is_sealed() || kind == Kind::ChildProtection;
    let asks = match policy.get(&case_history::STEP_UP) {
        StepUp::Never => false,
        StepUp::Restricted => is_restricted,
        StepUp::EveryCase => true,
    };
    let serves = SignedDuration::from_mins(policy.get(&case_history::LASTS).0.into());
    asks && proved_at.is_none_or(|at| at + serves <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_asked_for_as_the_policy_says() {
        let check = |block: &str, kind, minutes_ago: Option<i64>, expected: bool| {
            let text = format!(
                "# P\n\n## S {{#s}}\n\n### C {{#c}}\n\nw\n\n```control case-history\n{block}\n```\n"
            );
            let policy = belisha_policy::parse(&text).unwrap();
            let now: Timestamp = "2026-09-23T08:00:00Z".parse().unwrap();
            let proved = minutes_ago.map(|minutes| now - SignedDuration::from_mins(minutes));
            assert_eq!(
                asks_to_prove(&policy, kind, proved, now),
                expected,
                "{block} {kind:?} {minutes_ago:?}"
            );
        };
        let restricted = "step_up = \"restricted\"";
        check(restricted, Kind::ChildProtection, Some(59), false);
        check(restricted, Kind::ChildProtection, Some(60), true);
        check(restricted, Kind::ChildProtection, None, true);
        check(restricted, Kind::AllegationHead, Some(61), true);
        check(restricted, Kind::LowLevelConcern, Some(61), true);
        check(restricted, Kind::PupilWelfare, None, false);
        check("step_up = \"every-case\"", Kind::PupilWelfare, None, true);
        check(
            "step_up = \"every-case\"\nlasts = \"5 minutes\"",
            Kind::PupilWelfare,
            Some(5),
            true,
        );
        check("step_up = \"never\"", Kind::AllegationStaff, None, false);
        check("", Kind::AllegationStaff, Some(61), true);
    }
}
