//! Giving a case to one more person: shared for as long as it is needed, delegated for a
//! time, or handed over to whoever takes the post. A reader gives it; nobody else can.

use jiff::civil::Date;

use crate::access::{Kind, RecordFacts, Relation, ShareRefused, may_be_given};
use crate::people::{Hats, Identity};

/// A delegation lasts no longer than this; it can be given again.
pub const DELEGATED_AT_MOST: i32 = 90;

/// Why a case was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveRefused {
    Receiver(ShareRefused),
    /// Only cases that are sealed to persons are handed over: others go with the post.
    NotSealed,
    /// Only concerns about members of staff are delegated.
    NeverDelegated,
    /// A delegation ends on a day from tomorrow to the longest.
    Until {
        latest: Date,
    },
    ReasonMissing,
}

impl GiveRefused {
    /// Why not, and what can be done instead.
    pub fn sentence(self) -> String {
        match self {
            Self::Receiver(ShareRefused::CannotBeChosen) => {
                "This person cannot be chosen. Choose somebody else.".to_owned()
            }
            Self::Receiver(ShareRefused::PostsNeverRead) => {
                "Nobody with this person’s posts is given cases of this kind. Choose somebody else."
                    .to_owned()
            }
            Self::Receiver(ShareRefused::RunsTheSystem) => {
                "This person runs the system, and running the system is not reading it. Choose somebody else."
                    .to_owned()
            }
            Self::NotSealed => {
                "This case goes with the post: whoever takes the post can read it. Nothing is to be handed over."
                    .to_owned()
            }
            Self::NeverDelegated => {
                "Only a concern about a member of staff is delegated. A concern about the headteacher or the chair never is."
                    .to_owned()
            }
            Self::Until { latest } => format!(
                "Choose a day from tomorrow until {}. It can be given again afterwards.",
                latest.strftime("%-d %B %Y")
            ),
            Self::ReasonMissing => "Say why.".to_owned(),
        }
    }
}

/// Whether the case may be delegated to this person until that day.
pub fn delegate(
    receiver: &Identity,
    hats: &Hats,
    record: &RecordFacts,
    until: Option<Date>,
    today: Date,
) -> Result<Date, GiveRefused> {
    match record.kind {
        Kind::LowLevelConcern | Kind::AllegationStaff => {}
        _ => return Err(GiveRefused::NeverDelegated),
    }
    may_be_given(receiver, hats, record, Relation::Delegated).map_err(GiveRefused::Receiver)?;
    let latest = today.saturating_add(jiff::Span::new().days(DELEGATED_AT_MOST));
    until
        .filter(|until| today < *until && *until <= latest)
        .ok_or(GiveRefused::Until { latest })
}

/// Whether the case may be handed over to this person.
pub fn hand_over(
    receiver: &Identity,
    hats: &Hats,
    record: &RecordFacts,
) -> Result<(), GiveRefused> {
    if !record.kind.is_sealed() {
        return Err(GiveRefused::NotSealed);
    }
    may_be_given(receiver, hats, record, Relation::HandedOver).map_err(GiveRefused::Receiver)
}

#[cfg(test)]
mod tests {
    use belisha_policy::{Post, Standing};

    use super::*;
    use crate::ids::PersonId;

    const THEM: PersonId = PersonId::new(2);

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_staff_case_is_delegated_to_the_lead_for_a_time_and_nothing_else_is() {
        let check = |post, kind, until: &str, expected: Result<(), GiveRefused>| {
            let given = delegate(
                &Identity::of(THEM),
                &Hats::new([Standing::Staff], [post]),
                &RecordFacts::of(kind),
                Some(day(until)),
                day("2026-09-23"),
            );
            assert_eq!(given.map(|_| ()), expected, "{post:?} {kind:?} {until}");
        };
        let lead = Post::DesignatedSafeguardingLead;
        let latest = day("2026-12-22");
        let never = Err(GiveRefused::Receiver(ShareRefused::PostsNeverRead));
        check(lead, Kind::AllegationStaff, "2026-10-01", Ok(()));
        check(lead, Kind::LowLevelConcern, "2026-12-22", Ok(()));
        check(
            Post::DeputyDesignatedSafeguardingLead,
            Kind::AllegationStaff,
            "2026-09-24",
            Ok(()),
        );
        check(
            lead,
            Kind::AllegationStaff,
            "2026-09-23",
            Err(GiveRefused::Until { latest }),
        );
        check(
            lead,
            Kind::AllegationStaff,
            "2026-12-23",
            Err(GiveRefused::Until { latest }),
        );
        check(
            Post::SeniorLeader,
            Kind::AllegationStaff,
            "2026-10-01",
            never,
        );
        check(
            Post::OnlineSafetyCoordinator,
            Kind::AllegationStaff,
            "2026-10-01",
            never,
        );
        check(
            lead,
            Kind::AllegationHead,
            "2026-10-01",
            Err(GiveRefused::NeverDelegated),
        );
        check(
            lead,
            Kind::AllegationChair,
            "2026-10-01",
            Err(GiveRefused::NeverDelegated),
        );
        check(
            lead,
            Kind::ChildProtection,
            "2026-10-01",
            Err(GiveRefused::NeverDelegated),
        );
        let mut about_them = RecordFacts::of(Kind::AllegationStaff);
        about_them.subjects.push(THEM);
        let refused = delegate(
            &Identity::of(THEM),
            &Hats::new([Standing::Staff], [lead]),
            &about_them,
            Some(day("2026-10-01")),
            day("2026-09-23"),
        );
        assert_eq!(
            refused,
            Err(GiveRefused::Receiver(ShareRefused::CannotBeChosen))
        );
    }

    #[test]
    fn sealed_cases_are_handed_to_the_next_holder_and_never_those_about_a_head_to_a_head() {
        let check = |post, kind, expected: Result<(), GiveRefused>| {
            let given = hand_over(
                &Identity::of(THEM),
                &Hats::new([Standing::Staff], [post]),
                &RecordFacts::of(kind),
            );
            assert_eq!(given, expected, "{post:?} {kind:?}");
        };
        let never = Err(GiveRefused::Receiver(ShareRefused::PostsNeverRead));
        check(Post::Headteacher, Kind::AllegationStaff, Ok(()));
        check(Post::Headteacher, Kind::LowLevelConcern, Ok(()));
        check(Post::Headteacher, Kind::AllegationHead, never);
        check(Post::Headteacher, Kind::AllegationChair, never);
        check(Post::ChairOfGovernors, Kind::AllegationHead, Ok(()));
        check(Post::ChairOfGovernors, Kind::AllegationChair, never);
        check(Post::ViceChairOfGovernors, Kind::AllegationChair, Ok(()));
        check(
            Post::NetworkManager,
            Kind::AllegationStaff,
            never_technician(),
        );
        check(
            Post::DesignatedSafeguardingLead,
            Kind::ChildProtection,
            Err(GiveRefused::NotSealed),
        );
    }

    fn never_technician() -> Result<(), GiveRefused> {
        Err(GiveRefused::Receiver(ShareRefused::RunsTheSystem))
    }
}
