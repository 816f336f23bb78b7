//! Counts, for risks that a clause names, the cases that came to be about them, and of each
//! whether it was taken up in time. Counted only; what must be done is `incident-closure`.

use crate::control::{Assurance, Bind, Control, Objection, Past, Query, Wording};
use crate::count::Days;
use crate::kind::{ListOf, Slug};
use crate::param::{Param, Required};
use crate::prose;
use crate::settings::Settings;
use crate::words::{Post, Word};

/// The risks of the lists of guidance, by the keys that cases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Risk {
    Inappropriate,
    Hate,
    Extremism,
    SelfHarm,
    False,
    Illegal,
    Grooming,
    Radicalisation,
    AdultPosing,
    PeerPressure,
    Identity,
    Disturbing,
    Bullying,
    Aggression,
    NudeImage,
    Privacy,
    Reputation,
    Health,
    Copyright,
    Rules,
    Gambling,
    Advertising,
    Scam,
}

impl Word for Risk {
    const KIND: &'static str = "a risk";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::Inappropriate,
            "content/inappropriate",
            "unsuitable content",
        ),
        (Self::Hate, "content/hate", "hatred"),
        (Self::Extremism, "content/extremism", "extremism"),
        (
            Self::SelfHarm,
            "content/self-harm",
            "self-harm and eating disorders",
        ),
        (Self::False, "content/false", "false content"),
        (
            Self::Illegal,
            "content/illegal",
            "material that may be illegal",
        ),
        (Self::Grooming, "contact/grooming", "grooming"),
        (
            Self::Radicalisation,
            "contact/radicalisation",
            "a child drawn into extremism",
        ),
        (
            Self::AdultPosing,
            "contact/adult-posing",
            "adults who pose as children",
        ),
        (
            Self::PeerPressure,
            "contact/peer-pressure",
            "pressure from other children",
        ),
        (
            Self::Identity,
            "contact/identity",
            "a stolen identity or password",
        ),
        (
            Self::Disturbing,
            "contact/disturbing",
            "threats and disturbing messages",
        ),
        (Self::Bullying, "conduct/bullying", "bullying"),
        (Self::Aggression, "conduct/aggression", "aggressive conduct"),
        (Self::NudeImage, "conduct/nude-image", "nude images"),
        (
            Self::Privacy,
            "conduct/privacy",
            "personal details given away",
        ),
        (Self::Reputation, "conduct/reputation", "reputation"),
        (Self::Health, "conduct/health", "health and time online"),
        (Self::Copyright, "conduct/copyright", "other people’s work"),
        (
            Self::Rules,
            "conduct/rules",
            "broken rules for devices or networks",
        ),
        (Self::Gambling, "commerce/gambling", "gambling"),
        (Self::Advertising, "commerce/advertising", "advertising"),
        (Self::Scam, "commerce/scam", "phishing and scams"),
    ];
}

const NONE: &[Risk] = &[];

/// By what the use is known from version to version.
pub static OF: Required<Slug> = Required::new(
    &CONTROL,
    "of",
    "A short name that stays the same from version to version.",
);

pub static RISKS: Param<ListOf<Risk>> = Param::new(
    &CONTROL,
    "risks",
    "The risks whose cases are counted.",
    NONE,
);

pub static OVER: Param<Days> = Param::new(
    &CONTROL,
    "over",
    "How far back cases are counted.",
    Days(365),
)
.between(30, 1100);

pub static CONTROL: Control = Control {
    key: "named-risk",
    title: "A named risk",
    about: "A clause names a risk. The cases about pupils that came to be about it are counted, and of \
            each whether it was acknowledged in time and triaged.",
    params: &[&OF, &RISKS, &OVER],
    repeats_by: Some(&OF),
    sentence: |set| {
        let names: Vec<&str> = set.get(&RISKS).iter().map(|risk| risk.name()).collect();
        format!(
            "Cases of {} are counted over {}, and whether each was taken up in time.",
            prose::and(&names),
            set.get(&OVER)
        )
    },
    objections: Some(objections),
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "incidents",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'risk:' || incident.id as item,
       'A case' as label,
       case when acknowledged_at <= acknowledge_by
                 and (state = 'no-further-action'
                      or incident.id in (select incident from incident_triage)) then 'met'
            when (acknowledged_at is null and acknowledge_by >= $3)
              or (acknowledged_at <= acknowledge_by and is_open) then 'due'
            else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from incident
where kind in ('pupil-welfare', 'child-protection')
  and opened_at >= $2
  and state <> 'merged'
  and (' ' || cast($1 as text) || ' ' like '% ' || category || ' %'
       or incident.id in (select incident from incident_category
                          where removed_at is null
                            and ' ' || cast($1 as text) || ' ' like '% ' || category || ' %'))
order by opened_at, incident.id",
        binds: &[Bind::Param("risks"), Bind::NowLess("over"), Bind::Now],
        opens: "/incidents",
        said: Wording {
            one_has: "was taken up in time",
            many_have: "were taken up in time",
            one_has_not: "was not taken up in time",
            many_have_not: "were not taken up in time",
        },
        past: Past::Untold("Cases are counted as they stand today."),
    }),
    source: None,
};

fn objections(set: &Settings) -> Vec<Objection> {
    if !set.get(&RISKS).is_empty() {
        return Vec::new();
    }
    vec![Objection {
        param: "risks",
        message: "This names no risk".to_owned(),
        help: Some("Name at least one, or take the block out.".to_owned()),
    }]
}
