//! Promises that the filter is tested by itself. The evidence is counted from the tests.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::count::Days;
use crate::param::Param;
use crate::words::Post;

/// How often it is tested.
pub static EVERY: Param<Days> = Param::new(
    &CONTROL,
    "every",
    "How often the filter is tested for each group.",
    Days(1),
)
.between(1, 7);

pub static CONTROL: Control = Control {
    key: "filter-test",
    title: "Test of the filter",
    about: "For each group the program asks the resolver, at the address where it listens, for names that \
            must be blocked, for names that must be open, for search engines, and for the names by which \
            devices learn whether they may go round it. What it answered is kept; a resolver that does not \
            answer has failed. Resolvers at other sites are tested in the same way. Whether each device asks that resolver is for a person to try. The \
            clause is met while each group’s newest test is recent and passed.",
    params: &[&EVERY],
    repeats_by: None,
    sentence: |set| {
        let every = match set.get(&EVERY) {
            Days(1) => "every day".to_owned(),
            days => format!("every {days}"),
        };
        format!("The filter is tested for each group {every}, and what it answered is kept.")
    },
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "filter",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'filter-test:' || newest.id as item,
       newest.for_group || coalesce(' at ' || filter_node.name, '') as label,
       case when newest.failed > 0 then 'not-met'
            when newest.tested_at < $1 then 'not-met'
            else 'met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from filter_test newest
left join filter_node on filter_node.id = newest.place
where newest.tested_at = (select max(other.tested_at) from filter_test other
                          where other.place = newest.place)
  and (newest.place = '' or (filter_node.id is not null and filter_node.ended_at is null))
union all
select 'filter-node:' || filter_node.id, filter_node.name,
       case when filter_node.enrolled_at < $1 then 'not-met' else 'due' end,
       cast(null as text), cast(null as text)
from filter_node
where filter_node.enrolled_at is not null and filter_node.ended_at is null
  and not exists (select 1 from filter_test where filter_test.place = filter_node.id)
union all
select 'filter-test:none', 'No test yet', 'not-met', cast(null as text), cast(null as text)
where not exists (select 1 from filter_test)",
        binds: &[Bind::NowLess("every")],
        opens: "/filter/evidence",
        said: Wording {
            one_has: "passed its newest test",
            many_have: "passed their newest test",
            one_has_not: "failed, or was not tested in time",
            many_have_not: "failed, or were not tested in time",
        },
        past: Past::Untold("The newest test stands for today only."),
    }),
    source: Some("Department for Education, filtering and monitoring standards"),
};
