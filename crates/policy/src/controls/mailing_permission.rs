//! Says who permits advertisements to be sent to many people. A permission has an end and stands in
//! the register of requests. Enforced by `approvals`.

use crate::control::{Assurance, Control, Objection};
use crate::kind::ListOf;
use crate::param::Param;
use crate::prose;
use crate::settings::Settings;
use crate::words::Post;

const USUALLY: &[Post] = &[Post::Headteacher];

/// Who permits it, one of them.
pub static DECIDED_BY: Param<ListOf<Post>> = Param::new(
    &CONTROL,
    "decided_by",
    "The posts of which one gives permission.",
    USUALLY,
);

pub static CONTROL: Control = Control {
    key: "mailing-permission",
    title: "Permission for mailings",
    about: "Whoever wants to send advertisements that nobody asked for, within the school or beyond it, asks \
            first: what, to whom, until when. One of those named decides, the risk is written down, and the \
            permission ends by itself. What is sent without one is a breach.",
    params: &[&DECIDED_BY],
    repeats_by: None,
    sentence: |set| {
        let deciders = set.get(&DECIDED_BY);
        let names: Vec<&str> = deciders.iter().map(|post| post.with_article()).collect();
        format!(
            "Nobody sends advertisements to many people without permission. {} gives it, for a stated \
             time, and it stands in the register of requests.",
            prose::capital(&prose::or(&names)),
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
                | Post::NetworkManager
        )
    };
    let posts = set.get(&DECIDED_BY);
    if posts.is_empty() || posts.iter().any(|post| !able(post)) {
        return vec![Objection {
            param: "decided_by",
            message: "Not everybody here can permit a mailing".to_owned(),
            help: Some(
                "Name the headteacher, a senior leader, the designated safeguarding lead, the data \
                 protection officer or the network manager."
                    .to_owned(),
            ),
        }];
    }
    Vec::new()
}
