//! Promises that somebody holds a post. The evidence is counted from the list of
//! post holders, which `people` keeps.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::kind::{OneOf, YesNo};
use crate::param::{Param, Required};
use crate::words::{Post, Word};

/// The post that somebody holds.
pub static POST: Required<OneOf<Post>> =
    Required::new(&CONTROL, "post", "The post that somebody must hold.");

/// Whether somebody must stand in for the holder.
pub static DEPUTY: Param<YesNo> = Param::new(
    &CONTROL,
    "deputy",
    "Whether somebody must be named who stands in for the holder.",
    false,
);

pub static CONTROL: Control = Control {
    key: "named-post",
    title: "Named post",
    about: "A duty belongs to a post, and a post must have somebody in it. The clause is met \
            while the list of post holders names a person for the post, and a deputy where one \
            is promised.",
    params: &[&POST, &DEPUTY],
    repeats_by: Some(&POST),
    sentence: |set| {
        let deputy = if set.get(&DEPUTY) {
            ", and another is named as deputy"
        } else {
            ""
        };
        format!(
            "A named person holds the post of {}{deputy}.",
            set.get(&POST).name()
        )
    },
    objections: None,
    needs: None,
    owner: Post::Headteacher,
    feature: "people",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'person:' || person.id as item,
       person.name || case when post_holding.deputy then ' (deputy)' else '' end as label,
       'met' as standing,
       post_holding.from_on as since_on,
       post_holding.until_on as until_on
from post_holding
join person on person.id = post_holding.person
where post_holding.post = $1
  and (not post_holding.deputy or $3)
  and post_holding.from_on <= $2
  and (post_holding.until_on is null or post_holding.until_on >= $2)
union all
select 'post:' || cast($1 as text),
       'Nobody holds this post',
       'not-met',
       (select max(until_on) from post_holding where post = $1 and not deputy and until_on < $2),
       cast(null as text)
where not exists (select 1
                  from post_holding
                  where post = $1
                    and not deputy
                    and from_on <= $2
                    and (until_on is null or until_on >= $2))
union all
select 'post:' || cast($1 as text),
       'Nobody is named as deputy',
       'not-met',
       (select max(until_on) from post_holding where post = $1 and deputy and until_on < $2),
       cast(null as text)
where $3
  and not exists (select 1
                  from post_holding
                  where post = $1
                    and deputy
                    and from_on <= $2
                    and (until_on is null or until_on >= $2))",
        binds: &[Bind::Param("post"), Bind::Today, Bind::Param("deputy")],
        opens: "/people/posts",
        said: Wording {
            one_has: "is filled",
            many_have: "are filled",
            one_has_not: "is empty",
            many_have_not: "are empty",
        },
        past: Past::Told,
    }),
    source: None,
};
