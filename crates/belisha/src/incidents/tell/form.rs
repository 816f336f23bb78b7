//! What a child has answered so far, and what it means.

use belisha_policy::Matter;
use belisha_rules::guides::imagery::{NO_PICTURES, text_holds_a_picture};
use belisha_rules::ids::PersonId;
use serde::Deserialize;

use super::adults::{self, Trusted};
use crate::db::Connection;
use crate::incidents::classification::matter_key;
use crate::incidents::reports::{Report, adults_meant};
use crate::incidents::words::{AtRisk, Part};
use crate::problem::Fault;
use crate::viewer::Here;

/// A child writes less; a paste is stopped kindly.
pub(super) const WORDS_AT_MOST: usize = 20_000;
const NAME_AT_MOST: usize = 200;

/// The questions in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    About,
    Words,
    When,
    Who,
    Safe,
    Adult,
    Name,
    Check,
}

impl Step {
    pub(super) const ALL: [Self; 8] = [
        Self::About,
        Self::Words,
        Self::When,
        Self::Who,
        Self::Safe,
        Self::Adult,
        Self::Name,
        Self::Check,
    ];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::About => "about",
            Self::Words => "words",
            Self::When => "when",
            Self::Who => "who",
            Self::Safe => "safe",
            Self::Adult => "adult",
            Self::Name => "name",
            Self::Check => "check",
        }
    }

    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }

    /// Counted from one.
    pub(super) fn number(self) -> usize {
        Self::ALL
            .iter()
            .position(|step| *step == self)
            .map_or(1, |place| place + 1)
    }

    pub(super) fn next(self) -> Self {
        Self::ALL.get(self.number()).copied().unwrap_or(Self::Check)
    }

    pub(super) fn before(self) -> Option<Self> {
        self.number()
            .checked_sub(2)
            .and_then(|place| Self::ALL.get(place))
            .copied()
    }
}

/// The answers as they travel from page to page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    /// The question that was on the page.
    pub(super) step: String,
    /// The button: `next`, `back`, or the question to change.
    pub(super) press: String,
    pub(super) about: String,
    pub(super) words: String,
    pub(super) when: String,
    pub(super) who: String,
    pub(super) who_name: String,
    pub(super) safe: String,
    pub(super) adult: String,
    pub(super) named: String,
    pub(super) name: String,
}

/// An answer: its value, its words, the name of its drawing.
pub(super) type Answer = (&'static str, &'static str, &'static str);

pub(super) const ABOUT: [Answer; 6] = [
    ("unkind", "Someone was unkind", "unkind"),
    ("saw", "I saw something bad", "saw"),
    ("stranger", "Someone I don’t know talked to me", "stranger"),
    ("meet", "Someone asked to meet me, or where I live", "meet"),
    ("picture", "It is about a picture", "picture"),
    ("else", "Something else", "something"),
];
pub(super) const WHEN: [Answer; 4] = [
    ("now", "Just now", "now"),
    ("today", "Today", "today"),
    ("before", "Before today", "before"),
    ("unknown", "I don’t know", "unknown"),
];
pub(super) const WHO: [Answer; 6] = [
    ("child", "A child", "child"),
    ("grown-up", "A grown-up at school", "grown-up"),
    ("home", "Someone at home", "home"),
    ("stranger", "Someone else", "stranger"),
    ("me", "Only me", "me"),
    ("unknown", "I don’t know", "unknown"),
];
pub(super) const SAFE: [Answer; 3] = [
    ("yes", "Yes", "yes"),
    ("no", "No", "no"),
    ("unknown", "I don’t know", "unknown"),
];
pub(super) const NAMED: [Answer; 2] = [
    ("yes", "Yes, I will say my name", "name"),
    ("no", "No, not my name", "unnamed"),
];

/// The words of an answer; none where the value is none of ours.
pub(super) fn said(answers: &[Answer], value: &str) -> Option<&'static str> {
    answers
        .iter()
        .find(|(known, _, _)| *known == value)
        .map(|(_, words, _)| *words)
}

impl Form {
    /// What is wrong with the answer to one question, said to a child.
    pub(super) fn wrong(
        &self,
        step: Step,
        adults: &[Trusted],
    ) -> Option<(&'static str, &'static str)> {
        const CHOOSE: &str = "Choose one picture";
        let long = |field, text: &str, most| {
            if text.chars().count() > most {
                Some((
                    field,
                    "That is very long. Make it shorter, and tell us the rest later",
                ))
            } else if text_holds_a_picture(text) {
                Some((field, NO_PICTURES))
            } else {
                None
            }
        };
        match step {
            Step::About => said(&ABOUT, &self.about)
                .is_none()
                .then_some(("about", CHOOSE)),
            Step::Words if self.words.trim().is_empty() && self.about == "else" => {
                Some(("words", "Write a word or two, so that we can help"))
            }
            Step::Words => long("words", &self.words, WORDS_AT_MOST),
            Step::When => said(&WHEN, &self.when)
                .is_none()
                .then_some(("when", CHOOSE)),
            Step::Who if said(&WHO, &self.who).is_none() => Some(("who", CHOOSE)),
            Step::Who => long("who-name", &self.who_name, NAME_AT_MOST),
            Step::Safe => said(&SAFE, &self.safe)
                .is_none()
                .then_some(("safe", CHOOSE)),
            Step::Adult => (self.adult != "anyone" && self.chosen(adults).is_none())
                .then_some(("adult", CHOOSE)),
            Step::Name if said(&NAMED, &self.named).is_none() => Some(("named", CHOOSE)),
            Step::Name if self.named == "yes" && self.name.trim().is_empty() => {
                Some(("name", "Write your name, or choose “No”"))
            }
            Step::Name => long("name", &self.name, NAME_AT_MOST),
            Step::Check => None,
        }
    }

    /// The first question whose answer is missing or wrong.
    pub(super) fn first_wrong(&self, adults: &[Trusted]) -> Option<Step> {
        Step::ALL
            .into_iter()
            .find(|step| self.wrong(*step, adults).is_some())
    }

    /// The grown-up who was chosen, if it is one whom the page offers.
    pub(super) fn chosen(&self, adults: &[Trusted]) -> Option<PersonId> {
        adults
            .iter()
            .map(|trusted| trusted.person)
            .find(|person| person.to_string() == self.adult)
    }

    /// The child's name, where they said it.
    pub(super) fn own_name(&self) -> String {
        if self.named == "yes" {
            self.name.trim().to_owned()
        } else {
            String::new()
        }
    }

    /// Every answer but those of one question, to travel on.
    pub(super) fn others(&self, step: Step) -> Vec<(&'static str, String)> {
        let all = [
            (Step::About, "about", &self.about),
            (Step::Words, "words", &self.words),
            (Step::When, "when", &self.when),
            (Step::Who, "who", &self.who),
            (Step::Who, "who-name", &self.who_name),
            (Step::Safe, "safe", &self.safe),
            (Step::Adult, "adult", &self.adult),
            (Step::Name, "named", &self.named),
            (Step::Name, "name", &self.name),
        ];
        all.into_iter()
            .filter(|(of, _, _)| *of != step)
            .map(|(_, name, value)| (name, value.clone()))
            .collect()
    }

    /// What the answers come to.
    pub(super) async fn report(
        &self,
        connection: &mut Connection,
        here: &Here,
    ) -> Result<Report, Fault> {
        let (now, today) = (here.school.clock.now(), here.school.today());
        let name = self.who_name.trim();
        let mut report = Report {
            words: self.told(),
            happened_at: (self.when == "now").then_some(now),
            happened_on: today,
            place: String::new(),
            people: Vec::new(),
            others: Vec::new(),
            perhaps: Vec::new(),
            unnamed_adult: false,
            at_risk: self.at_risk(),
            told_lead: false,
            how: None,
            knows_how: said(&WHEN, &self.when)
                .map(|when| format!("When: {}", when.to_lowercase()))
                .unwrap_or_default(),
            categories: self.matter().map(matter_key).into_iter().collect(),
            services: Vec::new(),
        };
        match self.who.as_str() {
            "grown-up" => {
                let meant = adults_meant(connection, name, today).await?;
                match meant.as_slice() {
                    [only] => report.people.push((*only, Part::Alleged)),
                    _ => report.unnamed_adult = true,
                }
                report.perhaps = meant;
                report.others.push((
                    format!("a grown-up at school {}", quoted(name)),
                    Part::Alleged,
                ));
            }
            "me" | "unknown" if name.is_empty() => {}
            who => report.others.push((
                format!(
                    "{} {}",
                    said(&WHO, who).unwrap_or_default().to_lowercase(),
                    quoted(name)
                ),
                if who == "me" {
                    Part::Other
                } else {
                    Part::Alleged
                },
            )),
        }
        Ok(report)
    }

    /// The child's own words, with the picture they chose.
    fn told(&self) -> String {
        let about = said(&ABOUT, &self.about).unwrap_or_default();
        match self.words.trim() {
            "" => about.to_owned(),
            words => format!("{about}.\n\n{words}"),
        }
    }

    /// Whoever is hurt by somebody at home is at risk until somebody knows better.
    fn at_risk(&self) -> AtRisk {
        match (self.safe.as_str(), self.who.as_str()) {
            ("no", _) => AtRisk::Yes,
            ("yes", "home") => AtRisk::NotSure,
            ("yes", _) => AtRisk::No,
            (_, _) => AtRisk::NotSure,
        }
    }

    fn matter(&self) -> Option<Matter> {
        match self.about.as_str() {
            "unkind" => Some(Matter::Bullying),
            "saw" => Some(Matter::UpsettingMaterial),
            "stranger" => Some(Matter::StrangerContact),
            "meet" => Some(Matter::AskedToMeet),
            _ => None,
        }
    }
}

fn quoted(name: &str) -> String {
    if name.is_empty() {
        "(no name given)".to_owned()
    } else {
        format!("“{name}”")
    }
}

/// The grown-ups of the page, read for one request.
pub(super) async fn adults_of(here: &Here) -> Result<Vec<Trusted>, Fault> {
    let mut records = here.school.database.read().await?;
    adults::all(&mut records, here.school.today()).await
}
