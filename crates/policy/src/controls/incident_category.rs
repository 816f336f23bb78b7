//! Adds a category of the school's own to those by which reports are told apart.
//! Enforced by `incidents`.

use crate::control::{Assurance, Control};
use crate::kind::{Slug, Text, YesNo};
use crate::param::{Param, Required};
use crate::words::Post;

/// The category's short name, which never changes.
pub static KEY: Required<Slug> = Required::new(
    &CONTROL,
    "key",
    "A short name that stays the same, so that years can be compared.",
);

/// The category as pages call it.
pub static NAME: Required<Text> = Required::new(
    &CONTROL,
    "name",
    "The category as pages call it, such as “trading game cards”.",
);

/// Whether a picture of a child that could be indecent may be part of it.
pub static PICTURES: Param<YesNo> = Param::new(
    &CONTROL,
    "pictures",
    "Whether a nude or semi-nude picture of a child may be part of it; then no file enters such a case.",
    false,
);

pub static CONTROL: Control = Control {
    key: "incident-category",
    title: "Category of our own",
    about: "The categories of national guidance come with the program. A school that keeps seeing \
            something else can count that too.",
    params: &[&KEY, &NAME, &PICTURES],
    repeats_by: Some(&KEY),
    sentence: |set| {
        let name = set.get(&NAME);
        if set.get(&PICTURES) {
            format!("Reports can also be told apart as: {name}. No file enters such a case.")
        } else {
            format!("Reports can also be told apart as: {name}.")
        }
    },
    objections: None,
    needs: None,
    owner: Post::OnlineSafetyCoordinator,
    feature: "incidents",
    assurance: Assurance::Enforced,
    source: None,
};
