//! Says who hears first of a report because of its matter: a failure of the filter, a
//! suspect e-mail. Enforced by `incidents`.

use crate::control::{Assurance, Control};
use crate::kind::{ListOf, OneOf, YesNo};
use crate::param::{Param, Required};
use crate::prose;
use crate::settings::Settings;
use crate::words::{Matter, Post, Word};

/// What the report is about.
pub static MATTER: Required<OneOf<Matter>> =
    Required::new(&CONTROL, "matter", "What the report is about.");

/// Who hears of it first.
pub static FIRST: Required<ListOf<Post>> = Required::new(
    &CONTROL,
    "first",
    "Who hears of it first. The route about a pupil says who is next and how soon.",
);

const NOBODY: &[Post] = &[];

/// Who is told as well.
pub static COPIES: Param<ListOf<Post>> = Param::new(
    &CONTROL,
    "copies",
    "Who is told as well, without having to act.",
    NOBODY,
);

/// Whether the network manager hears what happened to the systems, and nothing of people.
pub static TECHNICAL: Param<YesNo> = Param::new(
    &CONTROL,
    "technical",
    "Whether the network manager is told the kind of fault, the service and the time. The report \
     itself stays closed to them.",
    false,
);

pub static CONTROL: Control = Control {
    key: "matter-route",
    title: "Route of a matter",
    about: "Some matters have somebody of their own who must hear of them: a failure of the \
            filter, personal data that got out, a suspect e-mail. Such a route takes the place of \
            the first people in the route about a pupil. Where a child is at risk those of that \
            route are told as well, and where the concern is about an adult of the school the \
            route about that adult goes before every other.",
    params: &[&MATTER, &FIRST, &COPIES, &TECHNICAL],
    repeats_by: Some(&MATTER),
    sentence,
    objections: None,
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "incidents",
    assurance: Assurance::Enforced,
    source: None,
};

fn sentence(set: &Settings) -> String {
    let mut said = format!(
        "A report of {} goes first to {}",
        set.get(&MATTER).name(),
        prose::posts(&set.get(&FIRST))
    );
    let copies = set.get(&COPIES);
    if !copies.is_empty() {
        let are = if copies.len() == 1 { "is" } else { "are" };
        said.push_str(&format!(
            ", and {} {are} told as well",
            prose::posts(&copies)
        ));
    }
    said.push('.');
    if set.get(&TECHNICAL) {
        said.push_str(" The network manager is told what failed and when, and nothing of people.");
    }
    said
}
