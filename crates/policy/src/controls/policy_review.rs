//! Says how often the policy is reviewed. The evidence is counted from the dates
//! of its versions, which `policy` keeps.

use crate::control::{Assurance, Bind, Control, Objection, Past, Query, Wording};
use crate::param::Param;
use crate::period::Period;
use crate::words::Post;

/// The longest time between two reviews.
pub static EVERY: Param<Period> = Param::new(
    &CONTROL,
    "every",
    "The longest time between two reviews.",
    Period::Months(12),
)
.at_most(Period::Months(12));

/// How long before a review is due its owner is reminded.
pub static NOTICE: Param<Period> = Param::new(
    &CONTROL,
    "notice",
    "How long before a review is due it is announced.",
    Period::Weeks(6),
)
.at_most(Period::Months(12));

pub static CONTROL: Control = Control {
    key: "policy-review",
    title: "Review of the policy",
    about: "Guidance and technology change, so a policy is looked at again at least once a year. \
            The date of the next review is counted from the last one, and the clause is no \
            longer met from the day that date has passed.",
    params: &[&EVERY, &NOTICE],
    repeats_by: None,
    sentence: |set| {
        format!(
            "This policy is reviewed at least every {}, and the review is announced {} before it is due.",
            every(set.get(&EVERY)),
            set.get(&NOTICE)
        )
    },
    objections: Some(|set| {
        let (every, notice) = (set.get(&EVERY), set.get(&NOTICE));
        if every.is_longer_than(notice) {
            return Vec::new();
        }
        vec![Objection {
            param: "notice",
            message: format!(
                "a notice of {notice} is not shorter than the review cycle of {every}."
            ),
            help: Some("Choose a shorter notice.".to_owned()),
        }]
    }),
    needs: None,
    owner: Post::OnlineSafetyCoordinator,
    feature: "policy",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'policy-version:' || id as item,
       'Version ' || number as label,
       case when reviewed_on < $1 then 'not-met'
            when reviewed_on < $2 then 'due'
            else 'met' end as standing,
       reviewed_on as since_on,
       cast(null as text) as until_on
from policy_version
where state in ('in-force', 'superseded')
  and in_force_on <= $3
  and (superseded_on is null or superseded_on > $3)
union all
select 'policy', 'No version is in force', 'not-met', cast(null as text), cast(null as text)
where not exists (select 1
                  from policy_version
                  where state in ('in-force', 'superseded')
                    and in_force_on <= $3
                    and (superseded_on is null or superseded_on > $3))",
        binds: &[
            Bind::TodayLess("every"),
            Bind::TodayLessPlus("every", "notice"),
            Bind::Today,
        ],
        opens: "/policy/versions",
        said: Wording {
            one_has: "is within its review date",
            many_have: "are within their review dates",
            one_has_not: "is past its review date",
            many_have_not: "are past their review dates",
        },
        past: Past::Told,
    }),
    source: Some("Keeping children safe in education: policies are reviewed at least once a year"),
};

/// "year" rather than "1 year" after "every".
pub(super) fn every(period: Period) -> String {
    match period {
        Period::Days(1) => "day".to_owned(),
        Period::Weeks(1) => "week".to_owned(),
        Period::Months(1) => "month".to_owned(),
        Period::Years(1) => "year".to_owned(),
        Period::Days(_) | Period::Weeks(_) | Period::Months(_) | Period::Years(_) => {
            period.to_string()
        }
    }
}
