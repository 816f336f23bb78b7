//! Adds a category of the school's own to those by which reports are told apart.
//! Enforced by `incidents`.

use crate::control::{Assurance, Control};
use crate::kind::{Slug, Text};
use crate::param::Required;
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

pub static CONTROL: Control = Control {
    key: "incident-category",
    title: "Category of our own",
    about: "The categories of national guidance come with the program. A school that keeps seeing \
            something else can count that too.",
    params: &[&KEY, &NAME],
    repeats_by: Some(&KEY),
    sentence: |set| format!("Reports can also be told apart as: {}.", set.get(&NAME)),
    objections: None,
    needs: None,
    owner: Post::OnlineSafetyCoordinator,
    feature: "incidents",
    assurance: Assurance::Enforced,
    source: None,
};
