//! Promises that the lists of the filter are brought up to date. The evidence is counted from what the
//! program saw of them.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::count::Days;
use crate::param::Param;
use crate::words::Post;

/// How often every source is asked.
pub static EVERY: Param<Days> = Param::new(
    &CONTROL,
    "every",
    "How often the publishers of the lists are asked for what is new.",
    Days(1),
)
.between(1, 14);

pub static CONTROL: Control = Control {
    key: "filter-lists",
    title: "Lists of the filter",
    about: "Which sites are of which kind comes from lists that others publish and that change daily. The \
            clause is met while every source was asked in time and none failed. A version that lost or \
            gained most of its names is held until somebody who manages the filter has looked.",
    params: &[&EVERY],
    repeats_by: None,
    sentence: |set| {
        let every = match set.get(&EVERY) {
            Days(1) => "every day".to_owned(),
            days => format!("every {days}"),
        };
        format!("The lists of the filter are brought up to date {every}.")
    },
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "filter",
    assurance: Assurance::Counted(Query {
        // Six hours more, so that a night’s run may begin a little later than the one before.
        sql: "\
select 'filter-refresh:newest' as item,
       'The lists' as label,
       case when exists (select 1 from filter_refresh
                         where refreshed_at >= cast($1 as bigint) - 21600000) then 'met'
            else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
union all
select 'filter-refresh:held', 'Held versions', 'due', cast(null as text), cast(null as text)
from filter_refresh newest
where newest.held > 0
  and newest.seen_at = (select max(other.seen_at) from filter_refresh other)",
        binds: &[Bind::NowLess("every")],
        opens: "/filter/lists",
        said: Wording {
            one_has: "is up to date",
            many_have: "are up to date",
            one_has_not: "is not: no run in time asked every source",
            many_have_not: "are not: no run in time asked every source",
        },
        past: Past::Untold("How the lists stand is known for today only."),
    }),
    source: Some("Department for Education, filtering and monitoring standards"),
};
