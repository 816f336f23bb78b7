//! Says who must agree before a lesson uses content that is otherwise blocked, and for how long at
//! most it is opened. Enforced by `approvals`.

use crate::control::{Assurance, Control, Objection};
use crate::count::Hours;
use crate::kind::ListOf;
use crate::param::Param;
use crate::prose;
use crate::settings::Settings;
use crate::words::Post;

const USUALLY: &[Post] = &[Post::Headteacher, Post::DataProtectionOfficer];

/// Who must agree, each of them.
pub static DECIDED_BY: Param<ListOf<Post>> = Param::new(
    &CONTROL,
    "decided_by",
    "The posts that must agree, each of them, in any order.",
    USUALLY,
);

/// How long it may be open.
pub static LONGEST: Param<Hours> = Param::new(
    &CONTROL,
    "longest",
    "For how many hours at most the pages are opened.",
    Hours(4),
)
.between(1, 12);

pub static CONTROL: Control = Control {
    key: "sensitive-lesson",
    title: "A lesson with sensitive content",
    about: "A teacher plans a lesson that needs pages which the filter blocks, and assesses the risk. \
            Once everybody named has agreed, the filter opens the sites of those pages for that time, on \
            the devices of the group that the class uses, and shuts by itself. Each occasion needs an approval of its own.",
    params: &[&DECIDED_BY, &LONGEST],
    repeats_by: None,
    sentence: |set| {
        format!(
            "A lesson with content that is otherwise blocked needs the agreement of {}. The filter \
             opens the sites of its pages on the devices that the class uses, for that time and {} at \
             most, and shuts by itself.",
            prose::posts(&set.get(&DECIDED_BY)),
            set.get(&LONGEST)
        )
    },
    objections: Some(objections),
    needs: None,
    owner: Post::Headteacher,
    feature: "approvals",
    assurance: Assurance::Enforced,
    source: None,
};

fn objections(set: &Settings) -> Vec<Objection> {
    let able = |post: &Post| {
        matches!(
            post,
            Post::Headteacher
                | Post::SeniorLeader
                | Post::DesignatedSafeguardingLead
                | Post::DataProtectionOfficer
        )
    };
    let posts = set.get(&DECIDED_BY);
    if posts.is_empty() || posts.iter().any(|post| !able(post)) {
        return vec![Objection {
            param: "decided_by",
            message: "Not everybody here can agree to a lesson".to_owned(),
            help: Some(
                "Name the headteacher, a senior leader, the designated safeguarding lead or the data \
                 protection officer."
                    .to_owned(),
            ),
        }];
    }
    Vec::new()
}
