//! Says how long a closed case is kept. Nothing is destroyed by the clock: what is due waits
//! for two people. Carried out by `retention`; the evidence counts what waits too long.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::kind::{Number, OneOf};
use crate::param::Param;
use crate::period::Period;
use crate::settings::Settings;
use crate::words::{Post, Word};

/// How long low-level concerns about adults are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LowLevel {
    NotDecided,
    UntilTheyLeave,
}

impl Word for LowLevel {
    const KIND: &'static str = "a time for low-level concerns";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::NotDecided, "not-decided", "not decided yet"),
        (
            Self::UntilTheyLeave,
            "until-they-leave",
            "until the adult has left",
        ),
    ];
}

/// The age up to which a child protection case is kept.
pub static CHILD_PROTECTION: Param<Number> = Param::new(
    &CONTROL,
    "child_protection_until_age",
    "Up to which birthday of the youngest child concerned a child protection case is kept.",
    25,
)
.between(18, 100);

/// The age up to which any other case about pupils is kept.
pub static WELFARE: Param<Number> = Param::new(
    &CONTROL,
    "welfare_until_age",
    "Up to which birthday of the youngest child concerned any other case about pupils is kept.",
    25,
)
.between(18, 100);

/// How many years a case is kept that may be about sexual abuse.
pub static ABUSE_YEARS: Param<Number> = Param::new(
    &CONTROL,
    "abuse_years",
    "How many years a case is kept in which a nude image or grooming was reviewed, from the day it was opened.",
    75,
)
.between(25, 100);

/// The fewest years that an allegation against an adult is kept.
pub static ALLEGATION_YEARS: Param<Number> = Param::new(
    &CONTROL,
    "allegation_years",
    "How many years an allegation is kept at least, unless it was malicious or false.",
    10,
)
.between(10, 100);

/// The age at which a pension begins.
pub static PENSION_AGE: Param<Number> = Param::new(
    &CONTROL,
    "pension_age",
    "The normal pension age: an allegation is kept until the adult has reached it.",
    67,
)
.between(60, 75);

/// How long low-level concerns are kept.
pub static LOW_LEVEL: Param<OneOf<LowLevel>> = Param::new(
    &CONTROL,
    "low_level",
    "How long a low-level concern about an adult is kept.",
    LowLevel::NotDecided,
);

/// How many years longer than that.
pub static LOW_LEVEL_YEARS: Param<Number> = Param::new(
    &CONTROL,
    "low_level_years",
    "How many years after the adult has left it is still kept.",
    0,
)
.between(0, 50);

/// How soon somebody decides on what is due.
pub static DECIDED_WITHIN: Param<Period> = Param::new(
    &CONTROL,
    "decided_within",
    "How soon somebody decides, once a record is due.",
    Period::Months(3),
)
.at_most(Period::Months(12));

pub static CONTROL: Control = Control {
    key: "record-keeping",
    title: "How long cases are kept",
    about: "A case that nobody needs any more must not be kept, and one that somebody needs must not \
            be lost. When its time is over a case stands on a list. One person decides, keeping it \
            longer with a reason or having it destroyed, and another agrees before anything is \
            destroyed. A hold, an open case and a request of somebody to see their data come first.",
    params: &[
        &CHILD_PROTECTION,
        &WELFARE,
        &ABUSE_YEARS,
        &ALLEGATION_YEARS,
        &PENSION_AGE,
        &LOW_LEVEL,
        &LOW_LEVEL_YEARS,
        &DECIDED_WITHIN,
    ],
    repeats_by: None,
    sentence,
    objections: None,
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "retention",
    // Sealed cases are not counted: a number would tell whom they are about.
    assurance: Assurance::Counted(Query {
        sql: "\
select 'retention:' || retention_term.incident as item,
       'A case about pupils whose time is over' as label,
       case when retention_term.due_on < $1 then 'not-met' else 'due' end as standing,
       retention_term.due_on as since_on,
       cast(null as text) as until_on
from retention_term
join incident on incident.id = retention_term.incident
where incident.kind in ('pupil-welfare', 'child-protection')
  and not incident.is_open
  and retention_term.due_on <= $2
  and not exists (select 1
                  from retention_hold
                  where retention_hold.incident = retention_term.incident
                    and retention_hold.ended_at is null)
union all
select 'retention:' || incident, 'A case about pupils that was destroyed', 'met', due_on, cast(null as text)
from retention_destruction
where kind in ('pupil-welfare', 'child-protection')
union all
select 'low-level', 'How long low-level concerns are kept', 'not-met', cast(null as text), cast(null as text)
where cast($3 as text) = 'not-decided'
order by 3 desc, 4",
        binds: &[
            Bind::TodayLess("decided_within"),
            Bind::Today,
            Bind::Param("low_level"),
        ],
        opens: "/retention",
        said: Wording {
            one_has: "has been decided on",
            many_have: "have been decided on",
            one_has_not: "has not been decided on in time",
            many_have_not: "have not been decided on in time",
        },
        past: Past::Untold("The list shows what is due today."),
    }),
    source: Some("Keeping children safe in education, part four; the schools’ records management toolkit"),
};

fn sentence(set: &Settings) -> String {
    let (protection, welfare) = (set.get(&CHILD_PROTECTION), set.get(&WELFARE));
    let pupils = if protection == welfare {
        format!("A case about pupils is kept until the youngest child concerned is {protection}")
    } else {
        format!(
            "A child protection case is kept until the youngest child concerned is {protection}, \
             and any other case about pupils until they are {welfare}"
        )
    };
    let low_level = match (set.get(&LOW_LEVEL), set.get(&LOW_LEVEL_YEARS)) {
        (LowLevel::NotDecided, _) => {
            "How long low-level concerns are kept is not decided yet.".to_owned()
        }
        (LowLevel::UntilTheyLeave, 0) => {
            "A low-level concern is kept until the adult has left.".to_owned()
        }
        (LowLevel::UntilTheyLeave, years) => format!(
            "A low-level concern is kept until the adult has left, and {} longer.",
            Period::Years(years.try_into().unwrap_or(u16::MAX))
        ),
    };
    format!(
        "{pupils}; one in which a nude image or grooming was reviewed, for {} years. An allegation \
         against an adult is kept until they are {}, and for at least {} years; a malicious or false \
         one is due to go as soon as its case is closed. {low_level} Somebody decides within {}, and \
         nothing is destroyed unless two people agree.",
        set.get(&ABUSE_YEARS),
        set.get(&PENSION_AGE),
        set.get(&ALLEGATION_YEARS),
        set.get(&DECIDED_WITHIN),
    )
}
