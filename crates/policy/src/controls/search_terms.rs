//! Says which search terms are checked for watched words, when, and what is told at once. Enforced by
//! `filter` and its browser extension. A policy that says nothing of it has no search looked at.

use crate::control::{Assurance, Bind, Control, Objection, Past, Query, Wording};
use crate::count::Days;
use crate::kind::{ListOf, OneOf};
use crate::param::Param;
use crate::prose;
use crate::settings::Settings;
use crate::sites::{SearchEngine, Theme, Watched};
use crate::words::{Post, Word};

const USUALLY: &[SearchEngine] = &[
    SearchEngine::Google,
    SearchEngine::Bing,
    SearchEngine::Youtube,
    SearchEngine::Duckduckgo,
];

/// On which engines a search is looked at, on the device.
pub static ENGINES: Param<ListOf<SearchEngine>> = Param::new(
    &CONTROL,
    "engines",
    "The search engines on which a term is checked, on the device itself.",
    USUALLY,
);

const ALL: &[Theme] = &[
    Theme::SelfHarm,
    Theme::Grooming,
    Theme::Extremism,
    Theme::Bullying,
];

pub static THEMES: Param<ListOf<Theme>> = Param::new(
    &CONTROL,
    "themes",
    "What the watched words are about. The words themselves stand in a published list.",
    ALL,
);

const GRAVE: &[Theme] = &[Theme::SelfHarm, Theme::Grooming, Theme::Extremism];

/// Of these, an urgent rule is told at once; everything else waits for the digest.
pub static AT_ONCE: Param<ListOf<Theme>> = Param::new(
    &CONTROL,
    "at_once",
    "The themes of which an urgent match is told at once. Everything else waits for the daily digest.",
    GRAVE,
);

pub static WHEN: Param<OneOf<Watched>> = Param::new(
    &CONTROL,
    "when",
    "When the browser extension works at all: in school hours, or at any time.",
    Watched::SchoolHours,
);

pub static HEARD_WITHIN: Param<Days> = Param::new(
    &CONTROL,
    "heard_within",
    "Each set of devices must have been heard of within so many days.",
    Days(14),
)
.between(1, 60);

pub static CONTROL: Control = Control {
    key: "search-terms",
    title: "Search terms",
    about: "The browser extension on the school’s own devices checks what is searched for, and the addresses \
            of pages, against the published list of watched words, on the device. What matches is sent to the \
            school and becomes an alert; anything else stays on the device. Sites for help, health and money \
            are never looked at. Those who hear of alerts of the filter hear \
            of it. The clause is met while each set of devices that was enrolled has been heard of in time.",
    params: &[&ENGINES, &THEMES, &AT_ONCE, &WHEN, &HEARD_WITHIN],
    repeats_by: None,
    sentence,
    objections: Some(objections),
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "filter",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'enrolment:' || filter_enrolment.id as item,
       filter_enrolment.name as label,
       case when exists (
           select 1 from filter_extension_device
           where filter_extension_device.enrolment = filter_enrolment.id and filter_extension_device.last_at >= $1
       ) then 'met' else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from filter_enrolment
where filter_enrolment.ended_at is null
union all
select 'enrolment:none', 'No device is enrolled', 'not-met', cast(null as text), cast(null as text)
where not exists (select 1 from filter_enrolment where filter_enrolment.ended_at is null)",
        binds: &[Bind::NowLess("heard_within")],
        opens: "/filter/extension",
        said: Wording {
            one_has: "was heard of in time",
            many_have: "were heard of in time",
            one_has_not: "was not heard of in time",
            many_have_not: "were not heard of in time",
        },
        past: Past::Untold("When devices were last heard of is kept as it stands today."),
    }),
    source: Some("UK Safer Internet Centre, appropriate monitoring"),
};

fn names<W: Word>(words: &[W]) -> Vec<&'static str> {
    words.iter().map(|word| word.name()).collect()
}

fn sentence(set: &Settings) -> String {
    let engines = prose::and(&names(&set.get(&ENGINES)));
    let themes = names(&set.get(&THEMES)).join("; ");
    let at_once = set.get(&AT_ONCE);
    let told = if at_once.is_empty() {
        "What matches waits for the daily digest".to_owned()
    } else {
        format!(
            "What matches is told at once where it is urgent and about {}, and once a day otherwise",
            names(&at_once).join("; ")
        )
    };
    format!(
        "On school devices, {}, searches on {engines} and the addresses of pages are checked on the device for \
         watched words about: {themes}. Only what matches is sent to the school. {told}. Each set of devices is heard of \
         within {}.",
        set.get(&WHEN).name(),
        set.get(&HEARD_WITHIN)
    )
}

fn objections(set: &Settings) -> Vec<Objection> {
    let mut found = Vec::new();
    let missing = [
        ("engines", set.get(&ENGINES).is_empty()),
        ("themes", set.get(&THEMES).is_empty()),
    ];
    for (param, is_empty) in missing {
        if is_empty {
            found.push(Objection {
                param,
                message: "Nothing would be checked".to_owned(),
                help: Some("Name at least one, or take the whole block out.".to_owned()),
            });
        }
    }
    let themes = set.get(&THEMES);
    if let Some(theme) = set
        .get(&AT_ONCE)
        .into_iter()
        .find(|theme| !themes.contains(theme))
    {
        found.push(Objection {
            param: "at_once",
            message: format!("“{}” is not among the themes that are watched", theme.key()),
            help: Some("Add it to the themes, or take it out here.".to_owned()),
        });
    }
    found
}
