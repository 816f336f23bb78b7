//! Says who is told of material that may be illegal. Enforced by `reviews`.

use crate::control::{Assurance, Control};
use crate::kind::ListOf;
use crate::measure::{Measure, Unit};
use crate::param::Param;
use crate::prose;
use crate::words::{Post, Word};

/// Somebody outside who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notify {
    Police,
    InternetWatchFoundation,
    LocalAuthority,
}

impl Word for Notify {
    const KIND: &'static str = "somebody to tell";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Police, "police", "the police"),
        (
            Self::InternetWatchFoundation,
            "iwf",
            "the Internet Watch Foundation",
        ),
        (
            Self::LocalAuthority,
            "local-authority",
            "the local authority",
        ),
    ];
}

const USUALLY: &[Notify] = &[Notify::Police, Notify::InternetWatchFoundation];

pub static NOTIFY: Param<ListOf<Notify>> = Param::new(
    &CONTROL,
    "notify",
    "Who outside the school is told.",
    USUALLY,
);

pub static WITHIN: Param<Measure> = Param::new(&CONTROL, "within", "How soon.", Measure::AtOnce)
    .within(
        &[Unit::AtOnce, Unit::Minutes, Unit::Hours, Unit::SameDay],
        Measure::Hours(24),
    );

pub static CONTROL: Control = Control {
    key: "illegal-material",
    title: "Material that may be illegal",
    about: "Who must be told when material may be illegal. A case of this kind cannot be closed \
            before each of them has been told.",
    params: &[&NOTIFY, &WITHIN],
    repeats_by: None,
    sentence: |set| {
        let names: Vec<String> = set
            .get(&NOTIFY)
            .into_iter()
            .map(|notify| notify.name().to_owned())
            .collect();
        format!(
            "Material that may be illegal is reported to {} {}.",
            prose::and(&names),
            prose::within(set.get(&WITHIN))
        )
    },
    objections: None,
    needs: None,
    owner: Post::Headteacher,
    feature: "reviews",
    assurance: Assurance::Enforced,
    source: None,
};
