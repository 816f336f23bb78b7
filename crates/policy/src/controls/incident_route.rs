//! Says who hears of a concern about whom, how fast, and who is next. Enforced
//! by `incidents`.

use crate::control::{Assurance, Bind, Control, Lack, Objection, Past, Query, Wording};
use crate::kind::{ListOf, OneOf};
use crate::measure::{Measure, Unit};
use crate::param::{Param, Required};
use crate::policy::Policy;
use crate::prose;
use crate::settings::{Bound, Settings};
use crate::words::{About, Post, Word};

/// Whom outside the school must be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contact {
    None,
    DesignatedOfficer,
}

impl Word for Contact {
    const KIND: &'static str = "an outside contact";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::None, "none", "nobody"),
        (
            Self::DesignatedOfficer,
            "designated-officer",
            "the local authority designated officer",
        ),
    ];
}

/// Whom the concern is about.
pub static ABOUT: Required<OneOf<About>> =
    Required::new(&CONTROL, "about", "Whom the concern is about.");

/// Who hears of it first and acts on it.
pub static FIRST: Required<ListOf<Post>> = Required::new(
    &CONTROL,
    "first",
    "Who hears of it first. Each of them is told, and any of them may take it on.",
);

/// How soon after the event it is reported; a later report is marked late.
pub static WITHIN: Param<Measure> = Param::new(
    &CONTROL,
    "within",
    "How soon after the event it is reported. A later report is taken all the same, and marked late.",
    Measure::SameDay,
)
.within(
    &[
        Unit::AtOnce,
        Unit::SameDay,
        Unit::Minutes,
        Unit::Hours,
        Unit::SchoolDays,
        Unit::WorkingDays,
        Unit::Days,
    ],
    Measure::Days(7),
);

/// Who is told as well.
pub static COPIES: Param<ListOf<Post>> = Param::new(
    &CONTROL,
    "copies",
    "Who is told as well, without having to act.",
    NOBODY,
);

/// Who is told when nobody answers, in order.
pub static NEXT: Param<ListOf<Post>> = Param::new(
    &CONTROL,
    "next",
    "Who is told when nobody answers, one after the other in this order.",
    NOBODY,
);

const NOBODY: &[Post] = &[];

/// How long an alert waits before it moves on.
pub static MOVES_ON_AFTER: Param<Measure> = Param::new(
    &CONTROL,
    "moves_on_after",
    "How long an unanswered alert waits before the next is told.",
    Measure::Hours(1),
)
.within(
    &[
        Unit::Minutes,
        Unit::Hours,
        Unit::SchoolDays,
        Unit::WorkingDays,
        Unit::Days,
    ],
    Measure::Days(7),
);

/// Whom outside the school must be contacted.
pub static CONTACT: Param<OneOf<Contact>> = Param::new(
    &CONTROL,
    "contact",
    "Whom outside the school must be contacted, which opens a task.",
    Contact::None,
);

/// How soon the outside contact is made.
pub static CONTACT_WITHIN: Param<Measure> = Param::new(
    &CONTROL,
    "contact_within",
    "How soon that contact is made. Of no account where there is none.",
    Measure::WorkingDays(1),
)
.within(
    &[
        Unit::AtOnce,
        Unit::SameDay,
        Unit::Hours,
        Unit::SchoolDays,
        Unit::WorkingDays,
        Unit::Days,
    ],
    Measure::Days(7),
);

/// The subjects whose route every policy must state before it comes into force.
/// The last three keep a concern out of the hands of the very person it is about.
pub const NEEDED: [About; 5] = [
    About::Pupil,
    About::Staff,
    About::DesignatedSafeguardingLead,
    About::Headteacher,
    About::ChairOfGovernors,
];

pub static CONTROL: Control = Control {
    key: "incident-route",
    title: "Route of a concern",
    about: "One route for each kind of person whom a concern may be about. Where a policy has \
            no route about a pupil at risk, the route about a pupil serves; where it has none \
            about the network manager or the online safety co-ordinator, the route about staff \
            serves. Nobody is ever told of a concern about themselves.",
    params: &[
        &ABOUT,
        &FIRST,
        &WITHIN,
        &COPIES,
        &NEXT,
        &MOVES_ON_AFTER,
        &CONTACT,
        &CONTACT_WITHIN,
    ],
    repeats_by: Some(&ABOUT),
    sentence,
    objections: Some(objections),
    needs: Some(needs),
    owner: Post::DesignatedSafeguardingLead,
    feature: "incidents",
    // Only cases about pupils are counted: a count of the others would tell their subject
    // that there is one. For every route it is counted that somebody is there to hear.
    assurance: Assurance::Counted(Query {
        sql: "\
select 'incident:' || id as item,
       'A report' as label,
       case when not late
                 and acknowledged_at is not null
                 and acknowledged_at <= $3
                 and acknowledged_at <= acknowledge_by
            then 'met'
            when not late
                 and (acknowledged_at is null or acknowledged_at > $3)
                 and acknowledge_by > $3
            then 'due'
            else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from incident
where about = $1
  and about in ('pupil', 'pupil-at-risk')
  and kind in ('pupil-welfare', 'child-protection')
  and opened_at <= $3
  and opened_at > $3 - 7776000000
union all
select 'person:' || person,
       'Somebody who hears first',
       'met',
       from_on,
       until_on
from post_holding
where ' ' || cast($4 as text) || ' ' like '% ' || post || ' %'
  and not deputy
  and from_on <= $2
  and (until_on is null or until_on >= $2)
union all
select 'post:' || cast($4 as text),
       'Nobody holds a post that hears first',
       'not-met',
       cast(null as text),
       cast(null as text)
where not exists (select 1
                  from post_holding
                  where ' ' || cast($4 as text) || ' ' like '% ' || post || ' %'
                    and not deputy
                    and from_on <= $2
                    and (until_on is null or until_on >= $2))",
        binds: &[
            Bind::Param("about"),
            Bind::Today,
            Bind::Now,
            Bind::Param("first"),
        ],
        opens: "/incidents",
        said: Wording {
            one_has: "is as the route promises: reported and taken up in time, or there to hear",
            many_have: "are as the route promises: reported and taken up in time, or there to hear",
            one_has_not: "is not as the route promises: late, not taken up in time, or nobody there",
            many_have_not: "are not as the route promises: late, not taken up in time, or nobody there",
        },
        past: Past::Told,
    }),
    source: Some(
        "Keeping children safe in education, part four: concerns about the headteacher go to the chair of governors",
    ),
};

impl Policy {
    /// The route of a concern about this subject, or that of the wider subject where the
    /// policy has none of its own. None only in a policy that is not [ready](Policy::ready).
    pub fn route(&self, about: About) -> Option<&Bound> {
        self.find(&ABOUT, &about)
            .or_else(|| about.wider().and_then(|wider| self.find(&ABOUT, &wider)))
    }
}

fn sentence(set: &Settings) -> String {
    let mut said = format!(
        "A concern about {} is reported to {} {}",
        set.get(&ABOUT).name(),
        prose::posts(&set.get(&FIRST)),
        prose::within(set.get(&WITHIN)),
    );
    let copies = set.get(&COPIES);
    if !copies.is_empty() {
        said.push_str(&format!(
            ", and {} {} told as well",
            prose::posts(&copies),
            is_or_are(&copies)
        ));
    }
    said.push('.');
    let next = set.get(&NEXT);
    if !next.is_empty() {
        let steps: Vec<&str> = next.iter().map(|post| post.with_article()).collect();
        said.push_str(&format!(
            " If nobody answers within {}, it moves on to {}.",
            set.get(&MOVES_ON_AFTER),
            steps.join(", then to ")
        ));
    }
    match set.get(&CONTACT) {
        Contact::None => {}
        Contact::DesignatedOfficer => said.push_str(&format!(
            " The local authority designated officer is contacted {}.",
            prose::within(set.get(&CONTACT_WITHIN))
        )),
    }
    said
}

fn is_or_are(posts: &[Post]) -> &'static str {
    if posts.len() == 1 { "is" } else { "are" }
}

fn objections(set: &Settings) -> Vec<Objection> {
    let about = set.get(&ABOUT);
    let Some(subject) = about.post() else {
        return Vec::new();
    };
    [
        ("first", set.get(&FIRST)),
        ("copies", set.get(&COPIES)),
        ("next", set.get(&NEXT)),
    ]
    .into_iter()
    .filter(|(_, posts)| posts.contains(&subject))
    .map(|(param, _)| Objection {
        param,
        message: format!(
            "a concern about {} may not go to {}, and “{param}” names that post.",
            about.name(),
            about.name(),
        ),
        help: Some(format!("Take “{}” out of “{param}”.", subject.key())),
    })
    .collect()
}

fn needs(policy: &Policy) -> Vec<Lack> {
    NEEDED
        .into_iter()
        .filter(|about| policy.find(&ABOUT, about).is_none())
        .map(|about| Lack {
            message: format!(
                "no clause says where a concern about {} goes.",
                about.name()
            ),
            help: format!(
                "Add an “incident-route” control with about = \"{}\".",
                about.key()
            ),
        })
        .collect()
}
