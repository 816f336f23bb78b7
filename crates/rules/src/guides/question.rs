//! What a question is: how it is answered, when it is asked and when it wants a reason.

use super::{Known, LedBy};

/// What can be chosen: the word that is kept and the words on the page.
pub type Options = &'static [(&'static str, &'static str)];

pub const YES_NO: Options = &[("yes", "Yes"), ("no", "No")];
/// Not to know is a fair answer to these.
pub const YES_NO_UNKNOWN: Options = &[("yes", "Yes"), ("no", "No"), ("unknown", "We do not know")];
/// Not to know yet counts as yes until it is answered.
pub const CRITERION: Options = &[
    ("yes", "Yes"),
    ("no", "No"),
    ("unknown", "Not yet known: treated as yes until it is"),
];

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// One of these.
    One(Options),
    /// Any of these; one that is called `none` stands alone.
    Any(Options),
    /// One line.
    Line,
    /// Several lines.
    Words,
    /// A day and a time up to now.
    Moment,
    /// People of the case, or somebody who is not on the register.
    People,
    /// A post of the school.
    Post,
}

/// When a reason must stand beside the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Never,
    Always,
    /// Beside these answers.
    On(&'static [&'static str]),
}

/// When a question is asked.
#[derive(Clone, Copy)]
pub enum When {
    Always,
    /// A question of the same group has one of these answers.
    Follows {
        of: &'static str,
        on: &'static [&'static str],
    },
    /// What was answered in earlier groups, or what the policy says, asks for it.
    If(fn(&Known<'_>) -> bool),
}

/// One question.
#[derive(Clone, Copy)]
pub struct Question {
    pub key: &'static str,
    pub asks: &'static str,
    pub hint: &'static str,
    pub ask: Ask,
    pub reason: Reason,
    pub when: When,
    /// The answer that is right nearly always; it stands chosen, to be changed with a reason.
    pub normally: &'static str,
}

impl Question {
    pub(super) const fn new(key: &'static str, asks: &'static str, ask: Ask) -> Self {
        Self {
            key,
            asks,
            hint: "",
            ask,
            reason: Reason::Never,
            when: When::Always,
            normally: "",
        }
    }

    pub(super) const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    pub(super) const fn because(mut self, reason: Reason) -> Self {
        self.reason = reason;
        self
    }

    pub(super) const fn follows(mut self, of: &'static str, on: &'static [&'static str]) -> Self {
        self.when = When::Follows { of, on };
        self
    }

    pub(super) const fn asked_if(mut self, when: fn(&Known<'_>) -> bool) -> Self {
        self.when = When::If(when);
        self
    }

    pub(super) const fn normally(mut self, answer: &'static str) -> Self {
        self.normally = answer;
        self
    }

    /// Whether it is asked, as things are known.
    pub fn is_asked(&self, known: &Known<'_>) -> bool {
        match self.when {
            When::Always => true,
            When::Follows { of, on } => known.any_of(of, on),
            When::If(asks) => asks(known),
        }
    }

    /// Whether this answer wants a reason.
    pub fn needs_reason(&self, value: &str) -> bool {
        match self.reason {
            Reason::Never => false,
            Reason::Always => true,
            Reason::On(values) => value.split(' ').any(|part| values.contains(&part)),
        }
    }

    /// Whether the answer on record is whole.
    pub fn is_answered(&self, known: &Known<'_>) -> bool {
        known.answers.get(self.key).is_some_and(|answer| {
            !answer.value.trim().is_empty()
                && (!self.needs_reason(&answer.value) || !answer.reason.trim().is_empty())
        })
    }

    /// What may be chosen; nothing where the answer is free.
    pub fn options(&self) -> Options {
        match self.ask {
            Ask::One(options) | Ask::Any(options) => options,
            Ask::Line | Ask::Words | Ask::Moment | Ask::People | Ask::Post => &[],
        }
    }
}

/// A few questions that belong on one page.
pub struct Group {
    pub key: &'static str,
    pub title: &'static str,
    /// What stands above the questions; empty where nothing need be said.
    pub says: &'static str,
    pub by: LedBy,
    /// Where the review stands once this group is answered.
    pub then: &'static str,
    /// Whether it may be answered yet, or what comes first.
    pub opens: fn(&Known<'_>) -> Result<(), &'static str>,
    pub questions: &'static [Question],
}

impl Group {
    /// The questions that are asked, as things are known.
    pub fn asked<'a>(
        &'static self,
        known: &'a Known<'a>,
    ) -> impl Iterator<Item = &'static Question> + 'a {
        self.questions
            .iter()
            .filter(|question| question.is_asked(known))
    }

    /// Whether the page exists in this review: some of it may be asked.
    pub fn exists(&self, known: &Known<'_>) -> bool {
        self.questions.iter().any(|question| match question.when {
            When::Always => true,
            // It stands and falls with the question that it follows.
            When::Follows { .. } => false,
            When::If(asks) => asks(known),
        })
    }

    /// Whether everything that is asked is answered.
    pub fn is_answered(&self, known: &Known<'_>) -> bool {
        self.questions
            .iter()
            .filter(|question| question.is_asked(known))
            .all(|question| question.is_answered(known))
    }
}
