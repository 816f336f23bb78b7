//! Whom a concern is about, and what kind of record it opens.

use belisha_policy::{About, Post};

use super::{Concern, Subject};
use crate::access::Kind;
use crate::people::Hats;

/// Whom the concern is about, as far as it decides who may hear of it: the most
/// restrictive of the subjects. An adult of the school overrides every pupil,
/// because staff misuse goes to the headteacher whatever else is true.
pub fn about(concern: &Concern) -> About {
    let pupils = if concern.at_risk {
        About::PupilAtRisk
    } else {
        About::Pupil
    };
    concern
        .subjects
        .iter()
        .map(|subject| match subject {
            Subject::UnnamedAdult => About::Staff,
            Subject::Known { hats, .. } => about_person(hats).unwrap_or(pupils),
        })
        .max()
        .unwrap_or(pupils)
}

/// A parent or a pupil is no allegation against the school; everybody else is.
fn about_person(hats: &Hats) -> Option<About> {
    let by_post = hats
        .posts
        .iter()
        .filter_map(|held| match (held.post, held.deputy) {
            (Post::ChairOfGovernors, false) => Some(About::ChairOfGovernors),
            (Post::Headteacher, false) => Some(About::Headteacher),
            (Post::DesignatedSafeguardingLead | Post::DeputyDesignatedSafeguardingLead, _) => {
                Some(About::DesignatedSafeguardingLead)
            }
            (Post::OnlineSafetyCoordinator, _) => Some(About::OnlineSafetyCoordinator),
            (Post::NetworkManager, _) => Some(About::NetworkManager),
            (
                Post::ChairOfGovernors
                | Post::Headteacher
                | Post::SeniorLeader
                | Post::SpecialNeedsCoordinator
                | Post::PastoralLead
                | Post::SeniorInformationRiskOwner
                | Post::DataProtectionOfficer
                | Post::SchoolOffice
                | Post::ViceChairOfGovernors
                | Post::SafeguardingGovernor,
                _,
            ) => None,
        });
    by_post
        .chain(hats.is_of_the_school().then_some(About::Staff))
        .max()
}

/// The kind of record that a concern opens. It may be lowered to a low-level
/// concern at triage, by whoever is in charge.
pub fn kind_of(about: About) -> Kind {
    match about {
        About::Pupil => Kind::PupilWelfare,
        About::PupilAtRisk => Kind::ChildProtection,
        About::Staff
        | About::NetworkManager
        | About::OnlineSafetyCoordinator
        | About::DesignatedSafeguardingLead => Kind::AllegationStaff,
        About::Headteacher => Kind::AllegationHead,
        About::ChairOfGovernors => Kind::AllegationChair,
    }
}
