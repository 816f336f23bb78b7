//! Emergency sight: somebody who may not read a case opens it for an hour, because a
//! child may be in danger and nobody who may read it can be reached. The table in
//! [`crate::access`] says who may ask and of which kinds; this says on what terms.

use belisha_policy::controls::emergency_sight::{self, NamedDeputy};
use belisha_policy::{Measure, Policy, Post, Word};
use jiff::{SignedDuration, Timestamp};

use crate::access::Role;
use crate::people::{Hats, Held};

/// Within this time the sights of one person are counted.
pub const COUNTED_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// So many letters a reason has at least: enough for who is in danger of what.
pub const REASON_AT_LEAST: usize = 30;

/// Why sight is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    DangerNow,
    AgencyAsks,
    ReadersAway,
    AnotherCase,
}

impl Word for Category {
    const KIND: &'static str = "a category of emergency";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::DangerNow,
            "danger-now",
            "A child may be in danger now",
        ),
        (
            Self::AgencyAsks,
            "agency-asks",
            "The police or children’s social care ask now",
        ),
        (
            Self::ReadersAway,
            "readers-away",
            "Something must be done today and everybody who may read it is away",
        ),
        (
            Self::AnotherCase,
            "another-case",
            "Another child’s case cannot be judged without it",
        ),
    ];
}

/// The terms that the policy sets. Its defaults hold where it is silent, and its bounds
/// keep anybody from loosening them further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub deputy: NamedDeputy,
    pub lasts: SignedDuration,
    pub most: usize,
    pub review_within: Measure,
}

impl Terms {
    pub fn of(policy: &Policy) -> Self {
        Self {
            deputy: policy.get(&emergency_sight::DEPUTY),
            lasts: SignedDuration::from_mins(policy.get(&emergency_sight::LASTS).0.into()),
            most: policy.get(&emergency_sight::MOST) as usize,
            review_within: policy.get(&emergency_sight::REVIEW_WITHIN),
        }
    }

    /// Whether somebody with these hats is the deputy whom the policy names.
    pub fn names(&self, hats: &Hats) -> bool {
        match self.deputy {
            NamedDeputy::Nobody => false,
            NamedDeputy::DeputyHeadteacher => hats.posts.contains(&Held::deputy(Post::Headteacher)),
            NamedDeputy::ViceChair => {
                hats.holds(Post::ViceChairOfGovernors)
                    || hats.posts.contains(&Held::deputy(Post::ChairOfGovernors))
            }
        }
    }
}

/// The posts that are alerted, and that judge afterwards.
pub const ALERTED: [Post; 3] = [
    Post::DesignatedSafeguardingLead,
    Post::Headteacher,
    Post::ChairOfGovernors,
];

/// What is known when somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Whether a code of the second factor was given with this very form.
    pub fresh_second_factor: bool,
    pub reason: &'a str,
    /// When this person had sight of cases before.
    pub earlier: &'a [Timestamp],
    /// How many people are alerted, without the subject and whoever asks.
    pub alerted: usize,
    /// Whether the person has a key that opens the case.
    pub has_key: bool,
}

/// Why emergency sight was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SightRefused {
    RunsTheSystem,
    NoSecondFactor,
    ReasonTooShort,
    TooOften { most: usize },
    NobodyToAlert,
    NoKey,
}

impl SightRefused {
    /// Why not, and what can be done instead.
    pub fn sentence(self) -> String {
        match self {
            Self::RunsTheSystem => {
                "Whoever runs the system never reads a case, whatever other posts they hold. Ask the headteacher or the chair of governors.".to_owned()
            }
            Self::NoSecondFactor => {
                "Emergency sight needs a code of your second factor, given now.".to_owned()
            }
            Self::ReasonTooShort => format!(
                "Say in {REASON_AT_LEAST} letters or more who may be in danger and why it cannot wait."
            ),
            Self::TooOften { most } => format!(
                "You had emergency sight {most} times within 24 hours, which is as often as the policy allows. Ask somebody else who may."
            ),
            Self::NobodyToAlert => {
                "There is nobody who could be alerted, and emergency sight is never taken in silence. Appoint somebody to the posts first, or ask the police.".to_owned()
            }
            Self::NoKey => {
                "This case is sealed to named people, and you are not one of them. Ask one of them to share it, or open it with the two sheets of the recovery kit.".to_owned()
            }
        }
    }
}

/// Whether sight is given, and until when.
pub fn ask(
    hats: &Hats,
    asked: &Asked<'_>,
    terms: &Terms,
    now: Timestamp,
) -> Result<Timestamp, SightRefused> {
    let recent = asked
        .earlier
        .iter()
        .filter(|at| **at + COUNTED_WITHIN > now)
        .count();
    if Role::of(hats).contains(&Role::Technician) {
        Err(SightRefused::RunsTheSystem)
    } else if !asked.fresh_second_factor {
        Err(SightRefused::NoSecondFactor)
    } else if asked.reason.trim().chars().count() < REASON_AT_LEAST {
        Err(SightRefused::ReasonTooShort)
    } else if recent >= terms.most {
        Err(SightRefused::TooOften { most: terms.most })
    } else if asked.alerted == 0 {
        Err(SightRefused::NobodyToAlert)
    } else if !asked.has_key {
        Err(SightRefused::NoKey)
    } else {
        Ok(now + terms.lasts)
    }
}

/// Why a judgement was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JudgeRefused {
    OwnSight,
    JudgedBefore,
    ReasonMissing,
}

impl JudgeRefused {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OwnSight => {
                "You took this sight yourself. Another of those who were alerted judges it."
            }
            Self::JudgedBefore => "Somebody has judged this before; what they wrote stands.",
            Self::ReasonMissing => "Say why, in a sentence or two.",
        }
    }
}

/// Another person says whether it was right.
pub fn judge(is_own: bool, judged: bool, reason: &str) -> Result<(), JudgeRefused> {
    if is_own {
        Err(JudgeRefused::OwnSight)
    } else if judged {
        Err(JudgeRefused::JudgedBefore)
    } else if reason.trim().is_empty() {
        Err(JudgeRefused::ReasonMissing)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use belisha_policy::Standing;

    use super::*;

    const TERMS: Terms = Terms {
        deputy: NamedDeputy::DeputyHeadteacher,
        lasts: SignedDuration::from_mins(60),
        most: 3,
        review_within: Measure::SchoolDays(5),
    };
    const GOOD: Asked<'static> = Asked {
        fresh_second_factor: true,
        reason: "The child did not come home tonight.",
        earlier: &[],
        alerted: 2,
        has_key: true,
    };

    fn now() -> Timestamp {
        "2026-09-23T20:00:00Z".parse().unwrap()
    }

    #[test]
    fn sight_is_given_on_every_term_and_on_none_less() {
        let check = |asked: Asked<'_>, posts: &[Post], expected: Result<(), SightRefused>| {
            let hats = Hats::new([Standing::Governor], posts.iter().copied());
            let given = ask(&hats, &asked, &TERMS, now());
            assert_eq!(given.map(|_| ()), expected, "{asked:?}");
        };
        let chair = &[Post::ChairOfGovernors][..];
        let hours = |hours: i64| now() - SignedDuration::from_hours(hours);
        check(GOOD, chair, Ok(()));
        check(
            GOOD,
            &[Post::ChairOfGovernors, Post::NetworkManager],
            Err(SightRefused::RunsTheSystem),
        );
        let asked = Asked {
            fresh_second_factor: false,
            ..GOOD
        };
        check(asked, chair, Err(SightRefused::NoSecondFactor));
        let asked = Asked {
            reason: "  The child did not come back home.  ",
            ..GOOD
        };
        check(asked, chair, Ok(()));
        let asked = Asked {
            reason: "The child has not come home.  ",
            ..GOOD
        };
        check(asked, chair, Err(SightRefused::ReasonTooShort));
        let thrice = [hours(1), hours(2), hours(23)];
        let asked = Asked {
            earlier: &thrice,
            ..GOOD
        };
        check(asked, chair, Err(SightRefused::TooOften { most: 3 }));
        let long_ago = [hours(1), hours(2), hours(24)];
        check(
            Asked {
                earlier: &long_ago,
                ..GOOD
            },
            chair,
            Ok(()),
        );
        check(
            Asked { alerted: 0, ..GOOD },
            chair,
            Err(SightRefused::NobodyToAlert),
        );
        check(
            Asked {
                has_key: false,
                ..GOOD
            },
            chair,
            Err(SightRefused::NoKey),
        );
        let hats = Hats::new([], [Post::ChairOfGovernors]);
        let until = ask(&hats, &GOOD, &TERMS, now()).unwrap();
        assert_eq!(until.duration_since(now()), SignedDuration::from_hours(1));
    }

    #[test]
    fn only_the_deputy_whom_the_policy_names_is_one() {
        let check = |deputy, held: Held, expected: bool| {
            let hats = Hats {
                posts: [held].into(),
                ..Hats::default()
            };
            let terms = Terms { deputy, ..TERMS };
            assert_eq!(terms.names(&hats), expected, "{deputy:?} {held:?}");
        };
        let deputy_head = Held::deputy(Post::Headteacher);
        let vice = Held::holder(Post::ViceChairOfGovernors);
        check(NamedDeputy::DeputyHeadteacher, deputy_head, true);
        check(
            NamedDeputy::DeputyHeadteacher,
            Held::holder(Post::SeniorLeader),
            false,
        );
        check(NamedDeputy::DeputyHeadteacher, vice, false);
        check(NamedDeputy::ViceChair, vice, true);
        check(NamedDeputy::ViceChair, deputy_head, false);
        check(NamedDeputy::Nobody, deputy_head, false);
        check(NamedDeputy::Nobody, vice, false);
    }

    #[test]
    fn another_person_judges_once_with_a_reason() {
        assert_eq!(judge(false, false, "It was right."), Ok(()));
        assert_eq!(judge(true, false, "Mine."), Err(JudgeRefused::OwnSight));
        assert_eq!(
            judge(false, true, "Again."),
            Err(JudgeRefused::JudgedBefore)
        );
        assert_eq!(judge(false, false, " "), Err(JudgeRefused::ReasonMissing));
    }
}
