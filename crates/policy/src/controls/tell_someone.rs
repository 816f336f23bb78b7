//! Opens the ways to report without an account: for pupils, and for families and
//! visitors. Enforced by `incidents`; the evidence is counted from the answers.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::kind::YesNo;
use crate::measure::{Measure, Unit};
use crate::param::Param;
use crate::prose;
use crate::words::Post;

/// Whether pupils may tell someone without an account.
pub static PUPILS: Param<YesNo> = Param::new(
    &CONTROL,
    "pupils",
    "Whether pupils may tell someone without an account, on a page made for them.",
    true,
);

/// Whether families and visitors may report without an account.
pub static FAMILIES: Param<YesNo> = Param::new(
    &CONTROL,
    "families",
    "Whether parents, carers and visitors may report without an account.",
    true,
);

/// How soon somebody answers.
pub static ANSWERED_WITHIN: Param<Measure> = Param::new(
    &CONTROL,
    "answered_within",
    "How soon whoever reported without an account finds an answer under their code.",
    Measure::SchoolDays(1),
)
.within(
    &[
        Unit::SameDay,
        Unit::Hours,
        Unit::SchoolDays,
        Unit::WorkingDays,
        Unit::Days,
    ],
    Measure::Days(14),
);

/// How long a code opens the answer.
pub static CODE_LASTS: Param<Measure> = Param::new(
    &CONTROL,
    "code_lasts",
    "How long the secret code opens the answer.",
    Measure::Days(90),
)
.within(
    &[Unit::Days, Unit::Weeks, Unit::Months],
    Measure::Months(12),
);

pub static CONTROL: Control = Control {
    key: "tell-someone",
    title: "Telling someone",
    about: "A child who has to sign in first may not tell at all, and a parent has no account. \
            Both can report without one. They may stay unnamed, and a secret code lets them read \
            the answer and write back. The clause is met while each of them is answered in time.",
    params: &[&PUPILS, &FAMILIES, &ANSWERED_WITHIN, &CODE_LASTS],
    repeats_by: None,
    sentence: |set| {
        let who = match (set.get(&PUPILS), set.get(&FAMILIES)) {
            (true, true) => "Pupils, families and visitors",
            (true, false) => "Pupils",
            (false, true) => "Families and visitors",
            (false, false) => return "Only people with an account can report.".to_owned(),
        };
        format!(
            "{who} can report without an account and without a name. They find an answer {} \
             under a code that lasts {}.",
            prose::within(set.get(&ANSWERED_WITHIN)),
            set.get(&CODE_LASTS),
        )
    },
    objections: None,
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "incidents",
    // Sealed cases are left out: a count of them would tell their subject that there is one.
    assurance: Assurance::Counted(Query {
        sql: "\
select 'report:' || report.id as item,
       'A report without an account' as label,
       case when answer.first_at is not null and answer.first_at <= report_answer_code.answer_by
                 and answer.first_at <= $1
            then 'met'
            when (answer.first_at is null or answer.first_at > $1)
                 and report_answer_code.answer_by > $1
            then 'due'
            else 'not-met' end as standing,
       report.happened_on as since_on,
       cast(null as text) as until_on
from report_answer_code
join report on report.id = report_answer_code.report
join incident on incident.id = report.incident
left join (select report, min(made_at) as first_at
           from report_message
           where from_school
           group by report) as answer on answer.report = report.id
where incident.kind in ('pupil-welfare', 'child-protection')
  and report.reported_at <= $1
  and report.reported_at > $1 - 31536000000",
        binds: &[Bind::Now],
        opens: "/incidents",
        said: Wording {
            one_has: "was answered in time",
            many_have: "were answered in time",
            one_has_not: "was not answered in time",
            many_have_not: "were not answered in time",
        },
        past: Past::Told,
    }),
    source: None,
};
