//! Says which kinds of site nobody reaches, whatever their group. Carried out by `filter`, as far as a
//! resolver runs: the evidence is what it answered.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::kind::{ListOf, Slug, YesNo};
use crate::param::{Param, Required};
use crate::settings::Settings;
use crate::sites::SiteCategory;
use crate::words::{Post, Word};

/// What tells one such clause from another.
pub static ABOUT: Required<Slug> = Required::new(
    &CONTROL,
    "about",
    "A short name for what is meant, so that several clauses can each name their own.",
);

const NONE: &[SiteCategory] = &[];

pub static BLOCK: Param<ListOf<SiteCategory>> = Param::new(
    &CONTROL,
    "block",
    "Kinds of site that are blocked for every group, staff included, whatever the group’s own clause says.",
    NONE,
);

/// Whether lists of illegal content must be in use.
pub static ILLEGAL_LISTS: Param<YesNo> = Param::new(
    &CONTROL,
    "illegal_lists",
    "Whether lists of illegal content, which only their members receive, must be in use for the clause to be met.",
    false,
);

pub static CONTROL: Control = Control {
    key: "filter-everybody",
    title: "What nobody reaches",
    about: "Kinds of site that are blocked for everybody. An approval can still open a single site for a \
            time; illegal content nobody can open. The clause is met while the newest test of every group \
            passed, and, where it asks for them, lists of illegal content are in use.",
    params: &[&ABOUT, &BLOCK, &ILLEGAL_LISTS],
    repeats_by: Some(&ABOUT),
    sentence,
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "filter",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'filter-test:' || newest.id as item,
       newest.for_group as label,
       case when newest.failed > 0 then 'not-met'
            when newest.tested_at < cast($2 as bigint) - 691200000 then 'not-met'
            else 'met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from filter_test newest
where newest.tested_at = (select max(other.tested_at) from filter_test other
                          where other.place = newest.place)
union all
select 'filter-test:none', 'No resolver has answered yet', 'not-met', cast(null as text), cast(null as text)
where not exists (select 1 from filter_test)
union all
select 'filter-refresh:illegal', 'Lists of illegal content', 'not-met', cast(null as text), cast(null as text)
where $1 and not exists (
    select 1 from filter_refresh newest
    where newest.illegal > 0
      and newest.seen_at = (select max(other.seen_at) from filter_refresh other))",
        binds: &[Bind::Param("illegal_lists"), Bind::Now],
        opens: "/filter/evidence",
        said: Wording {
            one_has: "is answered so by the resolver",
            many_have: "are answered so by the resolver",
            one_has_not: "is not: no resolver answers so, or no list of illegal content is in use",
            many_have_not: "are not: no resolver answers so, or no list of illegal content is in use",
        },
        past: Past::Untold("The newest test stands for today only."),
    }),
    source: Some("Department for Education, filtering and monitoring standards"),
};

fn sentence(set: &Settings) -> String {
    let names: Vec<&str> = set
        .get(&BLOCK)
        .iter()
        .map(|category| category.name())
        .collect();
    let mut said = if names.is_empty() {
        String::new()
    } else {
        format!("The filter blocks for everybody: {}.", names.join("; "))
    };
    if set.get(&ILLEGAL_LISTS) {
        if !said.is_empty() {
            said.push(' ');
        }
        said.push_str("Lists of illegal content must be in use, and nobody at school can open what they hold.");
    }
    if said.is_empty() {
        said.push_str("The filter blocks nothing besides what each group’s clause says.");
    }
    said
}
