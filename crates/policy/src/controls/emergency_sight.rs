//! Says on what terms somebody who may not read a case is let in for an hour, when a
//! child is in danger and nobody who may read it can be reached. Enforced by `incidents`.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::count::Minutes;
use crate::kind::{Number, OneOf};
use crate::measure::{Measure, Unit};
use crate::param::Param;
use crate::prose;
use crate::words::{Post, Word};

/// The one deputy who may ask besides the headteacher and the chair of governors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedDeputy {
    Nobody,
    DeputyHeadteacher,
    ViceChair,
}

impl Word for NamedDeputy {
    const KIND: &'static str = "a named deputy";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Nobody, "nobody", "nobody else"),
        (
            Self::DeputyHeadteacher,
            "deputy-headteacher",
            "the headteacher’s deputy",
        ),
        (
            Self::ViceChair,
            "vice-chair-of-governors",
            "the vice-chair of governors",
        ),
    ];
}

pub static DEPUTY: Param<OneOf<NamedDeputy>> = Param::new(
    &CONTROL,
    "deputy",
    "Who may ask besides the headteacher and the chair of governors.",
    NamedDeputy::Nobody,
);

/// How long the sight lasts.
pub static LASTS: Param<Minutes> = Param::new(
    &CONTROL,
    "lasts",
    "How long the case stays open to them.",
    Minutes(60),
)
.between(5, 60);

/// How often one person may ask within 24 hours.
pub static MOST: Param<Number> = Param::new(
    &CONTROL,
    "most",
    "How often one person may ask within 24 hours.",
    3,
)
.between(1, 3);

/// How soon another person looks at whether it was right.
pub static REVIEW_WITHIN: Param<Measure> = Param::new(
    &CONTROL,
    "review_within",
    "How soon another person judges whether it was right.",
    Measure::SchoolDays(5),
)
.within(&[Unit::SchoolDays], Measure::SchoolDays(5));

pub static CONTROL: Control = Control {
    key: "emergency-sight",
    title: "Emergency sight of a case",
    about: "A child may be in danger on a day when nobody who may read the case can be reached. \
            Then the headteacher, the chair of governors or one named deputy opens it, with a \
            fresh second factor and a reason, and others are told before they see a word. It is \
            never open to those who run the system, to anybody whom the case concerns, or for a \
            concern about the headteacher or the chair.",
    params: &[&DEPUTY, &LASTS, &MOST, &REVIEW_WITHIN],
    repeats_by: None,
    sentence: |set| {
        let who = match set.get(&DEPUTY) {
            NamedDeputy::Nobody => "The headteacher or the chair of governors".to_owned(),
            deputy @ (NamedDeputy::DeputyHeadteacher | NamedDeputy::ViceChair) => {
                format!(
                    "The headteacher, the chair of governors or {}",
                    deputy.name()
                )
            }
        };
        format!(
            "{who} may open a case in an emergency for {}, at most {} in 24 hours; others are told \
             at once, and another person judges it {}.",
            set.get(&LASTS),
            times(set.get(&MOST)),
            prose::within(set.get(&REVIEW_WITHIN)),
        )
    },
    objections: None,
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "incidents",
    // Of sealed cases nothing is counted here: that there is one is known to its readers alone.
    assurance: Assurance::Counted(Query {
        sql: "\
select 'incident-sight:' || incident_sight.id as item,
       'Emergency sight' as label,
       case when incident_sight.reviewed_at is not null then 'met'
            when incident_sight.review_due_on >= $1 then 'due'
            else 'not-met' end as standing,
       incident_sight.review_due_on as since_on,
       cast(null as text) as until_on
from incident_sight
join incident on incident.id = incident_sight.incident
where incident.kind in ('pupil-welfare', 'child-protection')
order by incident_sight.asked_at",
        binds: &[Bind::Today],
        opens: "/incidents/emergency-sights",
        said: Wording {
            one_has: "has been judged by another person",
            many_have: "have been judged by another person",
            one_has_not: "has not been judged in time",
            many_have_not: "have not been judged in time",
        },
        past: Past::Untold("The list shows what was judged until today."),
    }),
    source: None,
};

fn times(number: u32) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}
