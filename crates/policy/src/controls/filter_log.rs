//! Says how long the log of the filter is kept and what never enters it. Enforced by `filter`.

use crate::control::{Assurance, Bind, Control, Past, Query, Wording};
use crate::count::Days;
use crate::kind::ListOf;
use crate::param::Param;
use crate::settings::Settings;
use crate::sites::SiteCategory;
use crate::words::{Post, Word};

/// How long a decision of the filter is kept.
pub static KEPT: Param<Days> = Param::new(
    &CONTROL,
    "kept",
    "How many days the log is kept. Then it is gone; numbers without devices stay.",
    Days(90),
)
.between(7, 366);

const PRIVATE: &[SiteCategory] = &[SiteCategory::Money];

/// What never enters the log.
pub static NEVER: Param<ListOf<SiteCategory>> = Param::new(
    &CONTROL,
    "never_logged",
    "Kinds of site that never enter the log when they are open: what people do there is theirs.",
    PRIVATE,
);

pub static CONTROL: Control = Control {
    key: "filter-log",
    title: "Log of the filter",
    about: "Every decision of the filter is logged with time, device, group, name and reason, sealed, \
            and read only by those whose post allows it, for a reason that is recorded. It is kept \
            for so many days and no longer.",
    params: &[&KEPT, &NEVER],
    repeats_by: None,
    sentence,
    objections: None,
    needs: None,
    owner: Post::NetworkManager,
    feature: "filter",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'filter-log:newest' as item,
       'The log of the filter' as label,
       case when exists (select 1 from filter_log_segment where until_at >= $1) then 'met'
            else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on",
        binds: &[Bind::NowLess("kept")],
        opens: "/filter/evidence",
        said: Wording {
            one_has: "is written and taken in",
            many_have: "are written and taken in",
            one_has_not: "is not written: no resolver has sent a line for as long as it is kept",
            many_have_not: "are not written: no resolver has sent a line for as long as they are kept",
        },
        past: Past::Untold("The log is kept for a while only."),
    }),
    source: Some("UK Safer Internet Centre, appropriate monitoring"),
};

fn sentence(set: &Settings) -> String {
    let mut said = format!(
        "The log of the filter is kept for {} and then deleted.",
        set.get(&KEPT)
    );
    let never = set.get(&NEVER);
    if !never.is_empty() {
        let names: Vec<&str> = never.iter().map(|category| category.name()).collect();
        said.push_str(&format!(" Never logged when open: {}.", names.join("; ")));
    }
    said
}
