//! The public form: what somebody without an account types, and what it means.

use belisha_policy::Word as _;
use belisha_rules::guides::imagery::{NO_PICTURES, text_holds_a_picture};
use belisha_ui::FieldError;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use crate::db::Connection;
use crate::incidents::classification::{list, matter_key};
use crate::incidents::reports::{Report, Sender, adults_meant};
use crate::incidents::words::{AtRisk, Part};
use crate::problem::Fault;
use crate::viewer::Here;
use crate::web::words::read_date;

const WORDS_AT_MOST: usize = 50_000;
const LINE_AT_MOST: usize = 500;

/// Those who report here.
pub(super) const SENDERS: [Sender; 5] = [
    Sender::Parent,
    Sender::Visitor,
    Sender::Governor,
    Sender::FormerPupil,
    Sender::Other,
];

/// Whom it is about, as far as it decides who may read it.
pub(super) const ABOUT_WHOM: [(&str, &str); 4] = [
    ("child", "A child or children"),
    ("adult", "An adult who works or helps at the school"),
    ("other", "Somebody else"),
    ("unknown", "I do not know"),
];

/// The form as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    pub(super) sender: String,
    pub(super) words: String,
    pub(super) on_day: String,
    pub(super) on_month: String,
    pub(super) on_year: String,
    pub(super) place: String,
    pub(super) about_whom: String,
    pub(super) names: String,
    pub(super) at_risk: String,
    pub(super) matter: Vec<String>,
    pub(super) told_police: String,
    pub(super) name: String,
    pub(super) contact: String,
}

impl Form {
    pub(super) fn sender(&self) -> Option<Sender> {
        SENDERS
            .into_iter()
            .find(|sender| sender.key() == self.sender)
    }

    /// What needs correcting.
    pub(super) fn wrong(&self, today: Date) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, says: &str| wrong.push(FieldError::new(field, says));
        if self.sender().is_none() {
            say(
                "sender",
                "Say who you are to the school; you need not give your name",
            );
        }
        let words = self.words.trim();
        if words.is_empty() {
            say(
                "words",
                "Say what worries you, in a few words if you have no time",
            );
        } else if words.chars().count() > WORDS_AT_MOST {
            say(
                "words",
                "Shorten this to 50,000 characters, or send it in two reports",
            );
        } else if text_holds_a_picture(words) {
            say("words", NO_PICTURES);
        }
        if let Err((field, says)) = self.happened_on(today) {
            say(field, says);
        }
        for (field, text) in [
            ("place", &self.place),
            ("names", &self.names),
            ("name", &self.name),
            ("contact", &self.contact),
        ] {
            if text.chars().count() > LINE_AT_MOST {
                say(field, "Shorten this to 500 characters");
            } else if text_holds_a_picture(text) {
                say(field, NO_PICTURES);
            }
        }
        if !ABOUT_WHOM.iter().any(|(key, _)| *key == self.about_whom) {
            say(
                "about-whom",
                "Say whom it is about; it decides who may read this",
            );
        }
        if AtRisk::from_key(&self.at_risk).is_none() {
            say(
                "at-risk",
                "Say whether a child is in danger now; “Not sure” is an answer",
            );
        }
        wrong
    }

    /// The day it happened; today where nothing is said.
    fn happened_on(&self, today: Date) -> Result<Date, (&'static str, &'static str)> {
        let parts = [&self.on_day, &self.on_month, &self.on_year];
        if parts.iter().all(|part| part.trim().is_empty()) {
            return Ok(today);
        }
        match read_date(&self.on_day, &self.on_month, &self.on_year) {
            None => Err((
                "on-day",
                "Enter the day, such as 27 3 2026, or leave it empty",
            )),
            Some(on) if on > today => Err(("on-day", "This day is still to come. Check it")),
            Some(on) if on < today.saturating_sub(100.years()) => {
                Err(("on-year", "Check the year"))
            }
            Some(on) => Ok(on),
        }
    }

    /// Name and contact, as the readers of the case see them.
    pub(super) fn named(&self) -> String {
        [self.name.trim(), self.contact.trim()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// What it comes to. Names stay as they were typed; whoever handles the case links
    /// them. Adults of the school whom the names may mean are kept out of the route.
    pub(super) async fn report(
        &self,
        connection: &mut Connection,
        here: &Here,
    ) -> Result<Report, Fault> {
        let today = here.school.today();
        let names = self.names.trim();
        let is_adult = self.about_whom == "adult";
        let mut people = Vec::new();
        let mut perhaps = Vec::new();
        if is_adult {
            perhaps = adults_meant(connection, names, today).await?;
            if let [only] = perhaps.as_slice() {
                people.push((*only, Part::Alleged));
            }
        }
        let police = if self.told_police == "yes" {
            "They say that they have told the police."
        } else {
            ""
        };
        Ok(Report {
            words: self.words.trim().to_owned(),
            happened_at: None,
            happened_on: self.happened_on(today).unwrap_or(today),
            place: self.place.trim().to_owned(),
            unnamed_adult: is_adult && people.is_empty(),
            people,
            perhaps,
            others: if names.is_empty() {
                Vec::new()
            } else {
                let part = if is_adult { Part::Alleged } else { Part::Other };
                vec![(names.to_owned(), part)]
            },
            at_risk: AtRisk::from_key(&self.at_risk).unwrap_or(AtRisk::NotSure),
            told_lead: false,
            how: None,
            knows_how: police.to_owned(),
            categories: list()
                .matters
                .iter()
                .map(|asked| matter_key(asked.matter))
                .filter(|key| self.matter.contains(key))
                .collect(),
            services: Vec::new(),
        })
    }

    /// The form as hidden fields.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("sender", self.sender.clone()),
            ("words", self.words.clone()),
            ("on-day", self.on_day.clone()),
            ("on-month", self.on_month.clone()),
            ("on-year", self.on_year.clone()),
            ("place", self.place.clone()),
            ("about-whom", self.about_whom.clone()),
            ("names", self.names.clone()),
            ("at-risk", self.at_risk.clone()),
            ("told-police", self.told_police.clone()),
            ("name", self.name.clone()),
            ("contact", self.contact.clone()),
        ];
        pairs.extend(self.matter.iter().map(|key| ("matter", key.clone())));
        pairs
    }
}
