//! Counts, from the records, whether a step in the handling of cases was taken: one use for
//! each step that a clause promises. Counted only; what must be done is `incident-closure`.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::count::Days;
use crate::kind::OneOf;
use crate::param::{Param, Required};
use crate::words::{Post, Word};

/// What a clause promises of each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    AcknowledgedInTime,
    Triaged,
    ParentsTold,
    PoliceDecided,
    Sanctioned,
    Supported,
    LoggedOutside,
    Learnt,
    ClosedByAnother,
}

impl Word for Step {
    const KIND: &'static str = "a step of a case";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::AcknowledgedInTime,
            "acknowledged-in-time",
            "is acknowledged before it moves on to somebody else",
        ),
        (Self::Triaged, "triaged", "is triaged"),
        (
            Self::ParentsTold,
            "parents-told",
            "has parents told, or a reason why not",
        ),
        (
            Self::PoliceDecided,
            "police-decided",
            "in which the question comes up has a decision about the police",
        ),
        (
            Self::Sanctioned,
            "sanctioned",
            "in which somebody is said to have done it has a decision on sanctions",
        ),
        (
            Self::Supported,
            "supported",
            "has support planned, or declined",
        ),
        (
            Self::LoggedOutside,
            "logged-outside",
            "carries the reference of the outside log",
        ),
        (Self::Learnt, "learnt", "says what was learnt from it"),
        (
            Self::ClosedByAnother,
            "closed-by-another",
            "that ended was ended by somebody other than its reporter",
        ),
    ];
}

pub static STEP: Required<OneOf<Step>> = Required::new(&CONTROL, "step", "What is counted.");

pub static OVER: Param<Days> = Param::new(
    &CONTROL,
    "over",
    "How far back cases are counted.",
    Days(365),
)
.between(30, 1100);

pub static CONTROL: Control = Control {
    key: "case-step",
    title: "A step in every case",
    about: "Counts cases about pupils, and of each whether the step was taken. Cases about adults \
            are counted nowhere: that there is one is known to its readers alone.",
    params: &[&STEP, &OVER],
    repeats_by: Some(&STEP),
    sentence: |set| {
        format!(
            "It is counted, over {}, whether each case {}.",
            set.get(&OVER),
            set.get(&STEP).name()
        )
    },
    objections: None,
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "incidents",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'incident:' || incident.id as item,
       'A case' as label,
       case when ($1 = 'acknowledged-in-time' and acknowledged_at <= acknowledge_by)
              or ($1 = 'triaged'
                  and incident.id in (select incident from incident_triage))
              or ($1 = 'parents-told'
                  and incident.id in (select incident from incident_parents))
              or ($1 = 'police-decided'
                  and incident.id in (select incident from incident_police))
              or ($1 = 'sanctioned'
                  and incident.id in (select incident from incident_sanction))
              or ($1 = 'supported'
                  and incident.id in (select incident from incident_support))
              or ($1 = 'logged-outside'
                  and incident.id in (select incident from incident_external_record))
              or ($1 = 'learnt'
                  and incident.id in (select incident from incident_lesson))
              or ($1 = 'closed-by-another'
                  and incident.id not in (select incident_closure.incident from incident_closure
                        join incident_person on incident_person.incident = incident_closure.incident
                             and incident_person.part = 'reporter'
                             and incident_closure.closed_by = 'person:' || incident_person.person
                        where incident_closure.reopened_at is null))
            then 'met'
            when ($1 = 'acknowledged-in-time' and acknowledged_at is null and acknowledge_by >= $3)
              or ($1 <> 'acknowledged-in-time' and is_open)
            then 'due'
            else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from incident
where kind in ('pupil-welfare', 'child-protection')
  and opened_at >= $2
  and state <> 'merged'
  and ($1 in ('acknowledged-in-time', 'triaged', 'closed-by-another', 'logged-outside')
       or state <> 'no-further-action')
  and ($1 <> 'police-decided'
       or incident.id in (select incident from incident_triage where police_question))
  and ($1 <> 'sanctioned'
       or incident.id in (select incident from incident_person
                          where part = 'alleged' and removed_at is null))
  and ($1 <> 'closed-by-another' or not is_open)
order by opened_at, incident.id",
        binds: &[Bind::Param("step"), Bind::NowLess("over"), Bind::Now],
        opens: "/incidents",
        said: Wording {
            one_has: "case has it",
            many_have: "cases have it",
            one_has_not: "case does not have it",
            many_have_not: "cases do not have it",
        },
        past: Past::Untold("Cases are counted as they stand today."),
    }),
    source: None,
};
