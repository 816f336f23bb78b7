//! Says what in the log of the filter becomes an alert, who hears of it and how soon. Enforced by
//! `filter`.

use jiff::civil::{Time, time};

use crate::control::{Assurance, Bind, Control, Objection, Past, Query, Wording};
use crate::count::Hours;
use crate::kind::{ListOf, Number, TimeOfDay};
use crate::param::Param;
use crate::prose;
use crate::settings::Settings;
use crate::sites::SiteCategory;
use crate::words::{Post, Word};

const USUALLY: &[Post] = &[Post::DesignatedSafeguardingLead];

pub static TOLD: Param<ListOf<Post>> = Param::new(
    &CONTROL,
    "told",
    "Who hears of an alert about what was asked for.",
    USUALLY,
);

const GRAVE: &[SiteCategory] = &[
    SiteCategory::SelfHarm,
    SiteCategory::Extremism,
    SiteCategory::ViolenceAndHate,
    SiteCategory::Drugs,
    SiteCategory::Weapons,
];

/// Kinds of site for which a single device’s attempts are told at once.
pub static AT_ONCE: Param<ListOf<SiteCategory>> = Param::new(
    &CONTROL,
    "at_once",
    "Kinds of site that are told at once. Everything else waits for the daily digest.",
    GRAVE,
);

/// So many attempts at them make an alert: one may be a mistyped word.
pub static ATTEMPTS: Param<Number> = Param::new(
    &CONTROL,
    "attempts",
    "So many blocked attempts at one of these kinds of site, from one device in one day, make an alert.",
    3,
)
.between(1, 50);

pub static BURST: Param<Number> = Param::new(
    &CONTROL,
    "burst",
    "So many different names blocked for one device within ten minutes are a burst.",
    30,
)
.between(5, 1000);

pub static NIGHT_FROM: Param<TimeOfDay> = Param::new(
    &CONTROL,
    "night_from",
    "From when a pupil’s device in use is unusual.",
    time(21, 0, 0, 0),
);

pub static NIGHT_UNTIL: Param<TimeOfDay> = Param::new(
    &CONTROL,
    "night_until",
    "Until when it is.",
    time(6, 0, 0, 0),
);

/// How long on a school day the log may be silent.
pub static SILENT: Param<Hours> = Param::new(
    &CONTROL,
    "silent",
    "So many hours without a line in the log, within a school day, are an alert to the network manager.",
    Hours(2),
)
.between(1, 24);

pub static DIGEST: Param<TimeOfDay> = Param::new(
    &CONTROL,
    "digest",
    "When those who hear of alerts are told of what can wait.",
    time(15, 45, 0, 0),
);

pub static CONTROL: Control = Control {
    key: "filter-alerts",
    title: "Alerts of the filter",
    about: "The log is searched for what is unusual: repeated attempts at grave content, a burst of \
            blocked names, one device far above the others, use at night, a log that falls silent. \
            Each becomes an alert which a person looks at; nothing is decided by a machine.",
    params: &[
        &TOLD,
        &AT_ONCE,
        &ATTEMPTS,
        &BURST,
        &NIGHT_FROM,
        &NIGHT_UNTIL,
        &SILENT,
        &DIGEST,
    ],
    repeats_by: None,
    sentence,
    objections: Some(objections),
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "filter",
    assurance: Assurance::Counted(Query {
        // Six weeks without a line are the longest holidays.
        sql: "\
select 'filter-log:newest' as item,
       'The watch over the log' as label,
       case when exists (select 1 from filter_log_segment
                         where until_at >= cast($1 as bigint) - 3628800000) then 'met'
            else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on",
        binds: &[Bind::Now],
        opens: "/filter/alerts",
        said: Wording {
            one_has: "has lines to look through",
            many_have: "have lines to look through",
            one_has_not: "has nothing to look through: no resolver has sent a line for six weeks",
            many_have_not: "have nothing to look through: no resolver has sent a line for six weeks",
        },
        past: Past::Untold("The log is kept for a while only."),
    }),
    source: Some("Department for Education, filtering and monitoring standards"),
};

fn clock(at: Time) -> String {
    at.strftime("%-H:%M").to_string()
}

fn sentence(set: &Settings) -> String {
    let at_once = set.get(&AT_ONCE);
    let names: Vec<&str> = at_once.iter().map(|category| category.name()).collect();
    let mut said = format!(
        "{} {} told of what is unusual in the log of the filter, once a day at {}",
        prose::capital(&prose::posts(&set.get(&TOLD))),
        if set.get(&TOLD).len() == 1 {
            "is"
        } else {
            "are"
        },
        clock(set.get(&DIGEST))
    );
    if !names.is_empty() {
        said.push_str(&format!(
            ", and at once of repeated attempts at: {}",
            names.join("; ")
        ));
    }
    said.push_str(&format!(
        ". The network manager is told when the log is silent for {} of a school day.",
        set.get(&SILENT)
    ));
    said
}

fn objections(set: &Settings) -> Vec<Objection> {
    let able = |post: &Post| {
        matches!(
            post,
            Post::DesignatedSafeguardingLead
                | Post::DeputyDesignatedSafeguardingLead
                | Post::Headteacher
                | Post::OnlineSafetyCoordinator
        )
    };
    let told = set.get(&TOLD);
    if told.is_empty() || told.iter().any(|post| !able(post)) {
        return vec![Objection {
            param: "told",
            message: "Not everybody here may see an alert about a child".to_owned(),
            help: Some(
                "Name the designated safeguarding lead, a deputy, the headteacher or the online \
                 safety co-ordinator."
                    .to_owned(),
            ),
        }];
    }
    Vec::new()
}
