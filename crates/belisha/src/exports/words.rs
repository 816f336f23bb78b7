//! The words of packs.

use belisha_policy::Word;

/// What a pack is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Purpose {
    Chronology,
    Transfer,
    Recorder,
    SubjectAccess,
}

impl Word for Purpose {
    const KIND: &'static str = "a purpose of a pack";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::Chronology,
            "chronology",
            "the chronology, for somebody who needs to know",
        ),
        (
            Self::Transfer,
            "transfer",
            "the file, for the child’s next school",
        ),
        (
            Self::Recorder,
            "recorder",
            "a table, for the recorder that the school has",
        ),
        (
            Self::SubjectAccess,
            "subject-access",
            "what the person asked to see of themselves",
        ),
    ];
}

impl Purpose {
    /// What stands at the head of it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Chronology => "Chronology",
            Self::Transfer => "File for the next school",
            Self::Recorder => "Entries for the recorder",
            Self::SubjectAccess => "What the school holds about a person",
        }
    }
}

/// Why something is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum HeldBack {
    NotNeeded,
    AboutOthers,
    Harm,
    Crime,
    Advice,
}

impl Word for HeldBack {
    const KIND: &'static str = "a reason to hold back";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::NotNeeded,
            "not-needed",
            "the recipient does not need it",
        ),
        (
            Self::AboutOthers,
            "about-others",
            "it is mostly about somebody else",
        ),
        (
            Self::Harm,
            "harm",
            "it could do serious harm to somebody’s health",
        ),
        (
            Self::Crime,
            "crime",
            "it could hinder the police or another agency",
        ),
        (Self::Advice, "advice", "it is a lawyer’s advice"),
    ];
}

/// A column of the table for a recorder, and what it is called by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Column {
    Date,
    Time,
    People,
    Kind,
    What,
    Text,
    By,
    Reference,
}

impl Word for Column {
    const KIND: &'static str = "a column";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Date, "date", "Date"),
        (Self::Time, "time", "Time"),
        (Self::People, "people", "Pupils involved"),
        (Self::Kind, "kind", "Category"),
        (Self::What, "what", "Type of entry"),
        (Self::Text, "text", "Details"),
        (Self::By, "by", "Recorded by"),
        (Self::Reference, "reference", "Reference"),
    ];
}
