//! Guided reviews. A guide is declared once, in a file of its own: its questions in
//! groups, what each answer sets in motion, what is still missing, and in which ways it
//! may be signed. Pages, close-check and task list are derived from it.

mod allegation;
mod cyberbullying;
mod data_breach;
mod disturbing_message;
mod grooming;
mod illegal_content;
pub mod imagery;
mod indecent_image;
mod known;
mod nude_image;
mod question;
mod radicalisation;
pub mod retention;
mod review;

use belisha_policy::{Matter, Measure, Policy, Post, Word as _};

use crate::access::Kind;

pub use allegation::outcomes as allegation_outcomes;
pub use known::{Answer, Answers, Known, NOT_ON_REGISTER};
pub use nude_image::criteria;
pub use question::{
    Ask, CRITERION, Group, Options, Question, Reason, When, YES_NO, YES_NO_UNKNOWN,
};
pub use review::{
    AnswerRefused, EscalateRefused, Progress, SignRefused, Standing, State, group_may_be_answered,
    lacks, may_escalate, may_sign, progress, state,
};

/// Who may answer and sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedBy {
    /// The designated safeguarding lead or a deputy; in a case about an adult, whoever
    /// it is sealed to and has charge of it.
    TheLead,
    /// Whoever has charge of the case.
    WhoeverHasIt,
}

/// What a guide asks and does.
pub struct Guide {
    /// The word in addresses and tables.
    pub key: &'static str,
    pub title: &'static str,
    /// What it is for, in a sentence or two.
    pub about: &'static str,
    /// What stands first on each of its pages, before anything is asked.
    pub warnings: &'static [&'static str],
    /// Who may see its answers and sign it.
    pub led_by: LedBy,
    /// No picture, file or print enters a case with this review, by any door.
    pub bars_imagery: bool,
    pub applies: fn(&Occasion<'_>) -> bool,
    pub groups: &'static [Group],
    /// What the answers contradict: the question and what to do about it.
    pub objections: fn(&Known<'_>) -> Vec<(&'static str, &'static str)>,
    /// What the answers set in motion.
    pub needs: fn(&Known<'_>) -> Vec<Need>,
    /// What the program works out by itself: label and words.
    pub computed: fn(&Known<'_>) -> Vec<(&'static str, String)>,
    /// The ways in which it may be signed, in the order of the page.
    pub ways: &'static [Way],
    /// The agencies to one of which it may go at any later time; empty where it may not.
    pub escalates_to: &'static [&'static str],
    /// How soon it should be signed, from when it was opened; none where nothing says.
    pub signed_within: fn(&Policy) -> Option<Measure>,
    /// The guidance it follows.
    pub source: &'static str,
    /// Where its publisher keeps the current edition; empty where the school's own policy is the source.
    pub source_at: &'static str,
}

/// One way in which a review may end.
pub struct Way {
    pub key: &'static str,
    pub name: &'static str,
    /// What the signer must say, each by a tick of its own.
    pub statements: &'static [&'static str],
    /// What the signer must add in words; empty where nothing.
    pub asks: &'static str,
    /// Whether the answers leave this way open, or why not.
    pub offered: fn(&Known<'_>) -> Result<(), &'static str>,
}

/// What is known of a case when it is triaged.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    pub policy: &'a Policy,
    pub kind: Kind,
    /// The risk that the triage chose, by its key in the edition of the guidance, or what
    /// else the case is about, as the records spell it.
    pub category: &'a str,
    /// A picture of a child that could be indecent may be part of it.
    pub imagery: bool,
    /// A message is especially disturbing or unlawful, or material may be illegal.
    pub disturbing: bool,
}

impl Occasion<'_> {
    /// Whether it is about one of these risks, or about a matter that a report named so.
    fn is(&self, risks: &[&str], matters: &[Matter]) -> bool {
        match self.category.strip_prefix("matter/") {
            None => risks.contains(&self.category),
            Some(matter) => Matter::from_key(matter).is_some_and(|one| matters.contains(&one)),
        }
    }
}

/// What an answer sets in motion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// One of these agencies is contacted.
    Referral {
        key: &'static str,
        to: Vec<&'static str>,
        why: String,
        within: Measure,
        /// The question that says since when the time runs; from now where there is none.
        since: Option<&'static str>,
    },
    /// Somebody does something.
    Task {
        key: &'static str,
        words: String,
        within: Measure,
    },
    /// The holders of these posts are told that something waits.
    Tell {
        key: &'static str,
        posts: &'static [Post],
    },
}

impl Need {
    /// The name by which it is set once.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Referral { key, .. } | Self::Task { key, .. } | Self::Tell { key, .. } => key,
        }
    }
}

static CATALOGUE: &[&Guide] = &[
    &nude_image::GUIDE,
    &indecent_image::GUIDE,
    &cyberbullying::GUIDE,
    &allegation::GUIDE,
    &grooming::GUIDE,
    &radicalisation::GUIDE,
    &illegal_content::GUIDE,
    &disturbing_message::GUIDE,
    &data_breach::GUIDE,
];

/// Every guide, in the order in which a case lists its reviews.
pub fn catalogue() -> &'static [&'static Guide] {
    CATALOGUE
}

/// The guide with this key.
pub fn guide(key: &str) -> Option<&'static Guide> {
    catalogue().iter().copied().find(|guide| guide.key == key)
}

/// The guides that a case needs.
pub fn applicable(occasion: &Occasion<'_>) -> Vec<&'static Guide> {
    catalogue()
        .iter()
        .copied()
        .filter(|guide| (guide.applies)(occasion))
        .collect()
}

impl Guide {
    /// The group with this key.
    pub fn group(&self, key: &str) -> Option<&'static Group> {
        self.groups.iter().find(|group| group.key == key)
    }

    /// The question with this key.
    pub fn question(&self, key: &str) -> Option<&'static Question> {
        self.groups
            .iter()
            .flat_map(|group| group.questions)
            .find(|question| question.key == key)
    }

    /// The way with this key.
    pub fn way(&self, key: &str) -> Option<&'static Way> {
        self.ways.iter().find(|way| way.key == key)
    }
}

impl PartialEq for Guide {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl std::fmt::Debug for Guide {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Guide({})", self.key)
    }
}

fn no_objections(_: &Known<'_>) -> Vec<(&'static str, &'static str)> {
    Vec::new()
}

fn nothing_computed(_: &Known<'_>) -> Vec<(&'static str, String)> {
    Vec::new()
}

fn no_time(_: &Policy) -> Option<Measure> {
    None
}

fn always(_: &Known<'_>) -> Result<(), &'static str> {
    Ok(())
}

/// "At once" as a time that can pass: the hour after which an unanswered alert moves on too.
const AT_ONCE: Measure = Measure::Hours(1);

/// The measure of a policy as a time that can pass.
fn lasting(measure: Measure) -> Measure {
    if measure == Measure::AtOnce {
        AT_ONCE
    } else {
        measure
    }
}

#[cfg(test)]
mod tests;
