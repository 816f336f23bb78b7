//! Says who holds the web filtering management status, who decides about changes of the filter,
//! and how soon a second person looks at each. Enforced by `approvals`; the reviews are counted.

use crate::control::{Assurance, Bind, Control, Objection, Past, Query, Wording};
use crate::count::Days;
use crate::kind::{ListOf, YesNo};
use crate::param::Param;
use crate::prose;
use crate::settings::Settings;
use crate::sites::SiteCategory;
use crate::words::{Post, Word};

const BY_HABIT: &[Post] = &[Post::NetworkManager];

/// Who holds the web filtering management status: they alone change the filter.
pub static MANAGERS: Param<ListOf<Post>> = Param::new(
    &CONTROL,
    "managers",
    "The posts that carry the web filtering management status. Nobody else changes the filter.",
    BY_HABIT,
);

const USUALLY: &[Post] = &[Post::Headteacher, Post::DesignatedSafeguardingLead];

pub static DECIDED_BY: Param<ListOf<Post>> = Param::new(
    &CONTROL,
    "decided_by",
    "The posts that may agree to a change or refuse it. One of them is enough.",
    USUALLY,
);

/// Whether what opens something needs somebody besides whoever asks for it.
pub static SECOND_PERSON: Param<YesNo> = Param::new(
    &CONTROL,
    "second_person",
    "Whether a change that opens something needs another person’s agreement than that of whoever asks.",
    true,
);

const SOCIAL: &[SiteCategory] = &[SiteCategory::Social];

pub static ONLY_FOR_A_TIME: Param<ListOf<SiteCategory>> = Param::new(
    &CONTROL,
    "only_for_a_time",
    "Kinds of site that are opened for a stated time only.",
    SOCIAL,
);

pub static REVIEWED_WITHIN: Param<Days> = Param::new(
    &CONTROL,
    "reviewed_within",
    "How soon somebody who did not apply a change looks at whether it was right.",
    Days(30),
)
.between(1, 120);

pub static CONTROL: Control = Control {
    key: "filter-changes",
    title: "Changes of the filter",
    about: "Any member of staff asks for a site. Those named decide, after they have seen what the \
            change would have done last week and noted the risk; those who carry the web filtering \
            management status apply it. Each change says who, why, what stood before and after, when \
            it ends and who looked at it. The clause is met while each was looked at in time.",
    params: &[
        &MANAGERS,
        &DECIDED_BY,
        &SECOND_PERSON,
        &ONLY_FOR_A_TIME,
        &REVIEWED_WITHIN,
    ],
    repeats_by: None,
    sentence,
    objections: Some(objections),
    needs: None,
    owner: Post::NetworkManager,
    feature: "approvals",
    assurance: Assurance::Counted(Query {
        sql: "\
select 'approval:' || approval.id as item,
       'Change ' || approval.number as label,
       case when approval.reviewed_at is not null then 'met'
            when approval.applied_at >= $1 then 'due'
            else 'not-met' end as standing,
       cast(null as text) as since_on,
       cast(null as text) as until_on
from approval
where approval.kind = 'filter-change' and approval.applied_at is not null",
        binds: &[Bind::NowLess("reviewed_within")],
        opens: "/approvals",
        said: Wording {
            one_has: "was looked at by another person",
            many_have: "were looked at by another person",
            one_has_not: "was not looked at in time",
            many_have_not: "were not looked at in time",
        },
        past: Past::Untold("Whether a change was looked at is kept as it stands today."),
    }),
    source: Some("UK Safer Internet Centre, appropriate filtering"),
};

fn sentence(set: &Settings) -> String {
    let mut said = format!(
        "{} may change the filter, once {} agreed",
        prose::capital(&prose::posts(&set.get(&MANAGERS))),
        {
            let deciders = set.get(&DECIDED_BY);
            let names: Vec<&str> = deciders.iter().map(|post| post.with_article()).collect();
            format!("{} has", prose::or(&names))
        }
    );
    if set.get(&SECOND_PERSON) {
        said.push_str("; what opens something is never agreed by whoever asks for it");
    }
    let timed = set.get(&ONLY_FOR_A_TIME);
    if !timed.is_empty() {
        let names: Vec<&str> = timed.iter().map(|category| category.name()).collect();
        said.push_str(&format!(
            "; {} are opened for a stated time only",
            names.join(", ")
        ));
    }
    said.push_str(&format!(
        ". Another person looks at each change within {}.",
        set.get(&REVIEWED_WITHIN)
    ));
    said
}

/// Those who must be able to look at the changes from outside cannot make them.
fn objections(set: &Settings) -> Vec<Objection> {
    let reads_only = |post: &Post| {
        matches!(
            post,
            Post::OnlineSafetyCoordinator
                | Post::ChairOfGovernors
                | Post::ViceChairOfGovernors
                | Post::SafeguardingGovernor
                | Post::DataProtectionOfficer
        )
    };
    let mut found = Vec::new();
    for (param, posts) in [
        ("managers", set.get(&MANAGERS)),
        ("decided_by", set.get(&DECIDED_BY)),
    ] {
        if posts.is_empty() {
            found.push(Objection {
                param,
                message: "Somebody must be named here".to_owned(),
                help: None,
            });
        }
        let able = |post: &Post| match param {
            "managers" => {
                matches!(
                    post,
                    Post::NetworkManager | Post::SeniorLeader | Post::Headteacher
                )
            }
            _ => !reads_only(post),
        };
        if let Some(post) = posts.iter().find(|post| !able(post)) {
            found.push(Objection {
                param,
                message: format!(
                    "{} reads the log of the filter from outside and cannot stand here",
                    prose::capital(post.with_article())
                ),
                help: Some(
                    "Name the network manager, the headteacher or a senior leader.".to_owned(),
                ),
            });
        }
    }
    found
}
