//! Says what one group of devices may reach. Carried out by `filter`, as far as a resolver runs: the evidence
//! is what it answered.

use crate::control::{Assurance, Bind, Control, Objection, Past, Query, Wording};
use crate::kind::{ListOf, OneOf, Slug, YesNo};
use crate::param::{Param, Required};
use crate::prose;
use crate::settings::Settings;
use crate::sites::{Preset, Restriction, SiteCategory};
use crate::words::{Post, Word};

/// The group's short name, by which the resolver knows whose devices they are.
pub static GROUP: Required<Slug> = Required::new(
    &CONTROL,
    "group",
    "The short name of the group. The resolver knows the group’s devices by it, so it stays the same.",
);

pub static PRESET: Param<OneOf<Preset>> = Param::new(
    &CONTROL,
    "preset",
    "Where the group begins: strict, middle or light. Each stops certain kinds of site.",
    Preset::Strict,
);

const NONE: &[SiteCategory] = &[];

pub static BLOCK: Param<ListOf<SiteCategory>> = Param::new(
    &CONTROL,
    "block",
    "Kinds of site that are blocked besides those of the preset.",
    NONE,
);

pub static ALLOW: Param<ListOf<SiteCategory>> = Param::new(
    &CONTROL,
    "allow",
    "Kinds of site that are open although the preset blocks them.",
    NONE,
);

pub static SAFE_SEARCH: Param<YesNo> = Param::new(
    &CONTROL,
    "safe_search",
    "Whether safe search is forced, and engines that cannot be made safe are blocked.",
    true,
);

pub static YOUTUBE: Param<OneOf<Restriction>> = Param::new(
    &CONTROL,
    "youtube",
    "How far YouTube is restricted.",
    Restriction::Strict,
);

/// Whether devices that nobody has named follow this group.
pub static UNNAMED: Param<YesNo> = Param::new(
    &CONTROL,
    "unnamed_devices",
    "Whether devices that nobody has named follow this group. Where no group says so, they follow the strictest.",
    false,
);

/// Whether its people are adults.
pub static ADULTS: Param<YesNo> = Param::new(
    &CONTROL,
    "adults",
    "Whether the devices are those of adults: the block page lets them ask for a site, and nobody watches them at night.",
    false,
);

pub static CONTROL: Control = Control {
    key: "filter-group",
    title: "What a group may reach",
    about: "Each group of devices has a block of its own: pupils, staff, guests. A preset says where \
            it begins, and what is listed besides says where the school differs. Illegal content is \
            blocked for everybody and no policy can open it.",
    params: &[
        &GROUP,
        &PRESET,
        &BLOCK,
        &ALLOW,
        &SAFE_SEARCH,
        &YOUTUBE,
        &UNNAMED,
        &ADULTS,
    ],
    repeats_by: Some(&GROUP),
    sentence,
    objections: Some(objections),
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
where newest.for_group = $1
  and newest.tested_at = (select max(other.tested_at) from filter_test other
                          where other.for_group = newest.for_group and other.place = newest.place)
union all
select 'filter-test:none', 'No resolver has answered yet', 'not-met', cast(null as text), cast(null as text)
where not exists (select 1 from filter_test where for_group = $1)",
        binds: &[Bind::Param("group"), Bind::Now],
        opens: "/filter/evidence",
        said: Wording {
            one_has: "is answered so by the resolver, as its newest test shows",
            many_have: "are answered so by the resolver, as their newest tests show",
            one_has_not: "is not: no resolver answers as the policy says",
            many_have_not: "are not: no resolver answers as the policy says",
        },
        past: Past::Untold("The newest test stands for today only."),
    }),
    source: Some("Department for Education, filtering and monitoring standards"),
};

fn named(categories: &[SiteCategory]) -> String {
    let names: Vec<&str> = categories.iter().map(|category| category.name()).collect();
    names.join("; ")
}

fn sentence(set: &Settings) -> String {
    let mut said = format!(
        "Devices of “{}” follow the {} preset of the filter.",
        set.get(&GROUP),
        set.get(&PRESET).name()
    );
    let (block, allow) = (set.get(&BLOCK), set.get(&ALLOW));
    if !block.is_empty() {
        said.push_str(&format!(" Blocked besides: {}.", named(&block)));
    }
    if !allow.is_empty() {
        said.push_str(&format!(" Open all the same: {}.", named(&allow)));
    }
    let search = if set.get(&SAFE_SEARCH) {
        "safe search is forced"
    } else {
        "safe search is not forced"
    };
    let youtube = match set.get(&YOUTUBE) {
        Restriction::Off => "YouTube is not restricted".to_owned(),
        restriction @ (Restriction::Strict | Restriction::Moderate) => {
            format!("YouTube is restricted {}", restriction.name())
        }
    };
    said.push_str(&format!(" {} and {youtube}.", prose::capital(search)));
    if set.get(&ADULTS) {
        said.push_str(" They are the devices of adults.");
    }
    if set.get(&UNNAMED) {
        said.push_str(" Devices that nobody has named follow it too.");
    }
    said
}

fn objections(set: &Settings) -> Vec<Objection> {
    let allow = set.get(&ALLOW);
    set.get(&BLOCK)
        .into_iter()
        .filter(|category| allow.contains(category))
        .map(|category| Objection {
            param: "allow",
            message: format!("“{}” cannot be both blocked and open", category.key()),
            help: Some("Take it out of one of the two lists.".to_owned()),
        })
        .collect()
}
