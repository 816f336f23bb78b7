//! The packs: whole policies with which a school can start, kept inside the program
//! so that set-up needs no download.

/// A policy that a school can start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pack {
    /// The word by which forms and records know it: `junior`.
    pub(crate) key: &'static str,
    pub(crate) title: &'static str,
    /// In two or three sentences, what a school decides by choosing it.
    pub(crate) description: &'static str,
    /// The whole policy in Markdown.
    pub(crate) text: &'static str,
}

static PACKS: &[Pack] = &[
    Pack {
        key: "junior",
        title: "Junior school",
        description: "A concern goes first to the online safety co-ordinator, on the same day. Staff sign \
                      their agreement before their account opens, and again each year. Nude images are \
                      reviewed by the designated safeguarding lead.",
        text: include_str!("../../../../packs/junior.md"),
    },
    Pack {
        key: "primary",
        title: "Primary school",
        description: "A concern goes first to the headteacher, and at once to the safeguarding lead when a \
                      child is at risk. Parents sign together with their child. Indecent images go to the \
                      police at once, and incidents are also logged in the school’s own recording system.",
        text: include_str!("../../../../packs/primary.md"),
    },
];

/// Every pack, in the order in which set-up offers them.
pub(crate) fn packs() -> &'static [Pack] {
    PACKS
}

/// The pack of this key.
pub(crate) fn pack(key: &str) -> Option<&'static Pack> {
    packs().iter().find(|pack| pack.key == key)
}
