//! Lowering an allegation to a low-level concern: it turned out to be below the harm
//! threshold ("Keeping children safe in education", part four, section two).

use super::{Act, Incident, WrongState, in_state, is_in_hand};
use crate::access::Kind;

/// Why an allegation was not lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LowerRefused {
    NotAnAllegation,
    WrongState(WrongState),
    ReasonMissing,
    /// The contact with the designated officer is owed, and falls away only with a reason.
    OfficerReasonMissing,
}

/// What the case becomes. Whoever is in charge lowers it, once it is triaged.
pub fn lower(
    incident: &Incident,
    reason: &str,
    officer_reason: &str,
) -> Result<Kind, LowerRefused> {
    let is_allegation = matches!(
        incident.kind,
        Kind::AllegationStaff | Kind::AllegationHead | Kind::AllegationChair
    );
    if !is_allegation {
        return Err(LowerRefused::NotAnAllegation);
    }
    in_state(incident, Act::Lower, is_in_hand).map_err(LowerRefused::WrongState)?;
    let owed = incident
        .officer
        .is_some_and(|contact| contact.made_at.is_none());
    if reason.trim().is_empty() {
        Err(LowerRefused::ReasonMissing)
    } else if owed && officer_reason.trim().is_empty() {
        Err(LowerRefused::OfficerReasonMissing)
    } else {
        Ok(Kind::LowLevelConcern)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::calendar::Deadline;
    use crate::incidents::{Ending, OfficerContact, State, Triage};

    #[test]
    fn only_a_triaged_allegation_is_lowered_and_only_with_reasons() {
        let owed = OfficerContact {
            due: Deadline::EndOf(date(2026, 9, 24)),
            made_at: None,
        };
        let made = OfficerContact {
            made_at: Some("2026-09-23T10:00:00Z".parse().unwrap()),
            ..owed
        };
        let triage = Triage {
            child_at_risk: false,
            police_question: false,
        };
        let check =
            |kind, triage, officer, reason, why_not, expected: Result<Kind, LowerRefused>| {
                let incident = Incident {
                    acknowledged: true,
                    triage,
                    officer,
                    ..Incident::reported(kind, Vec::new())
                };
                assert_eq!(lower(&incident, reason, why_not), expected, "{kind:?}");
            };
        let low = Ok(Kind::LowLevelConcern);
        for kind in [
            Kind::AllegationStaff,
            Kind::AllegationHead,
            Kind::AllegationChair,
        ] {
            check(kind, Some(triage), None, "Below.", "", low);
            check(kind, Some(triage), Some(made), "Below.", "", low);
            check(
                kind,
                Some(triage),
                Some(owed),
                "Below.",
                "Advised by phone.",
                low,
            );
            check(
                kind,
                Some(triage),
                Some(owed),
                "Below.",
                " ",
                Err(LowerRefused::OfficerReasonMissing),
            );
            check(
                kind,
                Some(triage),
                None,
                " ",
                "",
                Err(LowerRefused::ReasonMissing),
            );
            check(
                kind,
                None,
                None,
                "Below.",
                "",
                Err(LowerRefused::WrongState(WrongState {
                    state: State::Acknowledged,
                    act: Act::Lower,
                })),
            );
        }
        for kind in [
            Kind::PupilWelfare,
            Kind::ChildProtection,
            Kind::LowLevelConcern,
        ] {
            check(
                kind,
                Some(triage),
                None,
                "Below.",
                "",
                Err(LowerRefused::NotAnAllegation),
            );
        }
        let ended = Incident {
            triage: Some(triage),
            ending: Some(Ending::Closed),
            ..Incident::reported(Kind::AllegationStaff, Vec::new())
        };
        assert!(matches!(
            lower(&ended, "Below.", ""),
            Err(LowerRefused::WrongState(_))
        ));
    }
}
