//! The form of a report, and its reading: from what was typed to what is meant, with
//! every mistake said at its field and nothing typed lost.

use belisha_policy::Word as _;
use belisha_rules::guides::imagery::{TEXT_HOLDS_A_PICTURE, text_holds_a_picture};
use belisha_rules::ids::PersonId;
use belisha_ui::FieldError;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::Deserialize;

use super::naming::{self, Candidate, Named};
use super::report::{How, Report};
use crate::db::Connection;
use crate::incidents::classification;
use crate::incidents::words::{AtRisk, Part};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::{capital, read_date, read_time};

/// More would be pasted, not written: about forty pages.
const WORDS_AT_MOST: usize = 100_000;
/// Short answers, such as a place.
const LINE_AT_MOST: usize = 500;
/// So many people can be named in one report.
pub(super) const PEOPLE_AT_MOST: usize = 12;
/// How many lines for people the page begins with.
const LINES_AT_FIRST: usize = 2;

/// A report as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    pub(super) words: String,
    pub(super) when: String,
    pub(super) today_time: String,
    pub(super) on_day: String,
    pub(super) on_month: String,
    pub(super) on_year: String,
    pub(super) on_time: String,
    pub(super) place: String,
    pub(super) who: Vec<String>,
    pub(super) part: Vec<String>,
    /// What was chosen for a name that was not clear, in the order of `who`.
    pub(super) meant: Vec<String>,
    pub(super) at_risk: String,
    pub(super) told_lead: String,
    pub(super) how: String,
    pub(super) knows_how: String,
    /// What it is about, as the records spell it.
    pub(super) category: Vec<String>,
    pub(super) service: Vec<String>,
    /// The filter's alert that the page was made from; empty for none.
    pub(super) alert: String,
    /// The button: `more` adds lines for people.
    pub(super) press: String,
}

/// What needs correcting: the fields, and the choices for names that were not clear.
#[derive(Default)]
pub(super) struct Faulty {
    pub(super) errors: Vec<FieldError>,
    pub(super) unclear: Vec<(usize, Vec<Candidate>)>,
}

impl Form {
    /// A form to begin with.
    pub(super) fn new() -> Self {
        Self {
            when: "now".into(),
            ..Self::default()
        }
        .with_lines(LINES_AT_FIRST)
    }

    /// The same with lines for so many people at least.
    pub(super) fn with_lines(mut self, lines: usize) -> Self {
        let lines = lines.max(self.who.len()).min(PEOPLE_AT_MOST);
        self.who.resize(lines, String::new());
        self.part.resize(lines, String::new());
        self.meant.resize(lines, String::new());
        self
    }

    /// Reads the form.
    pub(super) async fn read(
        &self,
        connection: &mut Connection,
        viewer: &Viewer,
    ) -> Result<Result<Report, Faulty>, Problem> {
        let mut faulty = Faulty::default();
        let mut wrong = |field: &str, says: &str| faulty.errors.push(FieldError::new(field, says));
        let words = self.words.trim();
        if words.is_empty() {
            wrong(
                "words",
                "Say what happened, in a few words if you have no time",
            );
        } else if words.chars().count() > WORDS_AT_MOST {
            wrong(
                "words",
                "Shorten what happened to 100,000 characters, or send it in two reports",
            );
        } else if text_holds_a_picture(words) {
            wrong("words", TEXT_HOLDS_A_PICTURE);
        }
        let happened = self.happened(viewer).unwrap_or_else(|(field, says)| {
            wrong(field, says);
            (None, viewer.today())
        });
        for (field, text) in [("place", &self.place), ("knows-how", &self.knows_how)] {
            if text.chars().count() > LINE_AT_MOST {
                wrong(field, "Shorten this to 500 characters");
            } else if text_holds_a_picture(text) {
                wrong(field, TEXT_HOLDS_A_PICTURE);
            }
        }
        let at_risk = AtRisk::from_key(&self.at_risk);
        if at_risk.is_none() {
            wrong(
                "at-risk",
                "Say whether a child is at risk now; “Not sure” is an answer",
            );
        }
        let told_lead = match self.told_lead.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => {
                wrong(
                    "told-lead",
                    "Say whether you have told the safeguarding lead in person",
                );
                None
            }
        };
        let categories = self.categories(viewer);
        let services = self
            .service
            .iter()
            .filter(|key| classification::service(key).is_some())
            .cloned()
            .collect();
        let named = self.people(connection, viewer, &mut faulty).await?;
        Ok(match (at_risk, told_lead, faulty.errors.is_empty()) {
            (Some(at_risk), Some(told_lead), true) => Ok(Report {
                words: words.to_owned(),
                happened_at: happened.0,
                happened_on: happened.1,
                place: self.place.trim().to_owned(),
                people: named.people,
                others: named.others,
                perhaps: Vec::new(),
                unnamed_adult: named.unnamed_adult,
                at_risk,
                told_lead,
                how: How::from_key(&self.how),
                knows_how: self.knows_how.trim().to_owned(),
                categories,
                services,
            }),
            _ => Err(faulty),
        })
    }

    /// The categories that were ticked, as far as this school knows them.
    fn categories(&self, viewer: &Viewer) -> Vec<String> {
        let known = offered(viewer);
        let chosen = self
            .category
            .iter()
            .filter(|key| known.iter().any(|(offered, _)| offered == *key))
            .cloned()
            .collect();
        classification::with_pictures(chosen, &viewer.policy.policy)
    }

    /// When it happened: the instant where one is known, and the day.
    fn happened(
        &self,
        viewer: &Viewer,
    ) -> Result<(Option<Timestamp>, Date), (&'static str, &'static str)> {
        let zone = viewer.school.settings().time_zone.clone();
        let today = viewer.today();
        let at = |date: Date, text: &str, field: &'static str| {
            let text = text.trim();
            if text.is_empty() {
                return Ok(None);
            }
            let time = read_time(text).ok_or((
                field,
                "Write the time with hours and minutes, such as 10:45, or leave it empty",
            ))?;
            let instant = date
                .to_zoned(zone.clone())
                .ok()
                .and_then(|day| day.with().time(time).build().ok())
                .map(|zoned| zoned.timestamp())
                .ok_or((field, "This time does not exist on that day"))?;
            if instant > viewer.now {
                return Err((field, "This time is still to come. Check it"));
            }
            Ok(Some(instant))
        };
        match self.when.as_str() {
            "now" => Ok((Some(viewer.now), today)),
            "today" => Ok((at(today, &self.today_time, "today-time")?, today)),
            "other" => {
                let date = read_date(&self.on_day, &self.on_month, &self.on_year).ok_or((
                    "on-day",
                    "Enter the day on which it happened, such as 27 3 2026",
                ))?;
                if date > today {
                    return Err(("on-day", "This day is still to come. Check it"));
                }
                if date < today.saturating_sub(100.years()) {
                    return Err(("on-year", "Check the year"));
                }
                Ok((at(date, &self.on_time, "on-time")?, date))
            }
            _ => Err(("when", "Say when it happened")),
        }
    }

    async fn people(
        &self,
        connection: &mut Connection,
        viewer: &Viewer,
        faulty: &mut Faulty,
    ) -> Result<People, Fault> {
        let mut people = People::default();
        for (line, typed) in self.who.iter().enumerate().take(PEOPLE_AT_MOST) {
            let typed = typed.trim();
            let part = self.part.get(line).map_or("", String::as_str);
            if typed.is_empty() {
                continue;
            }
            if typed.chars().count() > LINE_AT_MOST {
                let field = format!("who-{}", line + 1);
                faulty
                    .errors
                    .push(FieldError::new(field, "Shorten the name to 500 characters"));
                continue;
            }
            let Some(part) = Part::from_key(part).filter(|part| *part != Part::Reporter) else {
                faulty.errors.push(FieldError::new(
                    format!("part-{}", line + 1),
                    format!("Say what {typed} has to do with it"),
                ));
                continue;
            };
            let meant = self.meant.get(line).map_or("", String::as_str);
            match naming::find(connection, viewer, typed, meant).await? {
                Named::Person(person) => {
                    if !people.people.contains(&(person, part)) {
                        people.people.push((person, part));
                    }
                }
                Named::Outside => people.others.push((typed.to_owned(), part)),
                Named::UnnamedAdult => {
                    people.unnamed_adult |= part == Part::Alleged;
                    people.others.push((typed.to_owned(), part));
                }
                Named::Unclear(candidates) => {
                    let says = if candidates.is_empty() {
                        format!(
                            "Nobody called {typed} was found. Say who it is, or correct the name"
                        )
                    } else {
                        format!("Say which {typed} you mean")
                    };
                    faulty
                        .errors
                        .push(FieldError::new(format!("meant-{}", line + 1), says));
                    faulty.unclear.push((line, candidates));
                }
            }
        }
        Ok(people)
    }
}

/// What the page offers as "what is it about": how the records spell it, and the words.
pub(super) fn offered(viewer: &Viewer) -> Vec<(String, String)> {
    let matters = classification::list()
        .matters
        .iter()
        .map(|asked| (classification::matter_key(asked.matter), asked.asks.clone()));
    let own = classification::own(&viewer.policy.policy)
        .into_iter()
        .map(|named| (named.key, capital(&named.name)));
    matters.chain(own).collect()
}

#[derive(Default)]
struct People {
    people: Vec<(PersonId, Part)>,
    others: Vec<(String, Part)>,
    unnamed_adult: bool,
}
