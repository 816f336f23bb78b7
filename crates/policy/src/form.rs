//! The form of a parameter: what may stand after its equals sign. Reading,
//! faults, the help page and the editor's form are all derived from it.

use jiff::civil::Time;

use crate::measure::{Measure, Unit};
use crate::near;
use crate::period::Period;
use crate::prose::{self, quoted};
use crate::value::{Value, clock};
use crate::words::Term;

/// What a parameter takes, with its bounds.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// A whole number from `least` to `most`.
    Number {
        least: u32,
        most: u32,
    },
    YesNo,
    /// One line of words.
    Text,
    /// A short name in small letters, digits and hyphens, used in addresses.
    Slug,
    /// One of a list of words; `kind` is what the list is called, such as "a post".
    OneOf {
        kind: &'static str,
        terms: fn() -> Vec<Term>,
    },
    /// Several of a list of words, each once, in an order that counts.
    ListOf {
        kind: &'static str,
        terms: fn() -> Vec<Term>,
    },
    /// A length of time in one unit, from `least` to `most`.
    Count {
        unit: Unit,
        least: u32,
        most: u32,
    },
    /// A length of time in one of several units.
    Measure {
        units: &'static [Unit],
        most: Option<Measure>,
    },
    /// Days, weeks, months or years.
    Period {
        most: Option<Period>,
        or_never: bool,
    },
    /// A time of day such as "02:00".
    Time,
}

/// What stands after the equals sign, as TOML tells it.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    Text(String),
    Whole(i64),
    YesNo(bool),
    List(Vec<Given>),
    /// Something no parameter takes: what it is, as in "a number with a decimal point".
    Other(&'static str),
}

/// Why a value could not be read, and where: the whole value or one item of a list.
#[derive(Debug)]
pub(crate) struct Misread {
    pub(crate) item: Option<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// The longest one-line text that a parameter takes, in characters.
const LONGEST_TEXT: usize = 200;

impl Form {
    /// What may be written, for help pages and editors: "a whole number from 12 to 64".
    pub fn allowed(self) -> String {
        match self {
            Self::Number { least, most } => format!("a whole number from {least} to {most}"),
            Self::YesNo => "true or false".to_owned(),
            Self::Text => {
                format!("one line of words in quotation marks, {LONGEST_TEXT} characters at most")
            }
            Self::Slug => {
                "a short name of small letters, digits and hyphens, such as \"staff\"".to_owned()
            }
            Self::OneOf { kind, terms } => format!("{kind}: {}", prose::or(&spellings(&terms()))),
            Self::ListOf { kind, terms } => {
                format!(
                    "a list in square brackets, each item {kind}: {}",
                    prose::or(&spellings(&terms()))
                )
            }
            Self::Count { unit, least, most } => format!(
                "a length of time in {}, from {} to {}",
                unit.name(),
                singular_or_plural(least, unit),
                singular_or_plural(most, unit),
            ),
            Self::Measure { units, most } => {
                let counted: Vec<&str> = units
                    .iter()
                    .filter(|unit| is_counted(**unit))
                    .map(|unit| unit.name())
                    .collect();
                let mut allowed = format!("a length of time in {}", prose::or(&counted));
                for word in units.iter().filter(|unit| !is_counted(**unit)) {
                    allowed.push_str(&format!(", or \"{}\"", word.name()));
                }
                if let Some(most) = most {
                    allowed.push_str(&format!("; {most} at most"));
                }
                allowed
            }
            Self::Period { most, or_never } => {
                let mut allowed = "a length of time in days, weeks, months or years".to_owned();
                if let Some(most) = most {
                    allowed.push_str(&format!(", {most} at most"));
                }
                if or_never {
                    allowed.push_str(", or \"never\"");
                }
                allowed
            }
            Self::Time => "a time of day such as \"02:00\"".to_owned(),
        }
    }

    /// The words to choose from, where there are such; otherwise empty.
    pub fn terms(self) -> Vec<Term> {
        match self {
            Self::OneOf { terms, .. } | Self::ListOf { terms, .. } => terms(),
            Self::Number { .. }
            | Self::YesNo
            | Self::Text
            | Self::Slug
            | Self::Count { .. }
            | Self::Measure { .. }
            | Self::Period { .. }
            | Self::Time => Vec::new(),
        }
    }

    /// Reads what was given to the parameter called `name`.
    pub(crate) fn read(self, name: &str, given: &Given) -> Result<Value, Misread> {
        match (self, given) {
            (Self::Number { least, most }, Given::Whole(number)) => match u32::try_from(*number) {
                Ok(number) if (least..=most).contains(&number) => Ok(Value::Number(number)),
                Ok(_) | Err(_) => Err(misread(format!(
                    "“{name}” must be from {least} to {most}, and {number} is not."
                ))),
            },
            (Self::YesNo, Given::YesNo(yes)) => Ok(Value::YesNo(*yes)),
            (Self::Text, Given::Text(text)) => read_text(name, text),
            (Self::Slug, Given::Text(text)) => read_slug(name, text),
            (Self::OneOf { kind, terms }, Given::Text(text)) => {
                read_term(kind, &terms(), text).map(Value::Term)
            }
            (Self::ListOf { kind, terms }, Given::List(items)) => {
                read_terms(name, kind, &terms(), items)
            }
            (Self::Count { unit, least, most }, Given::Text(text)) => {
                let measure = read_measure(name, &[unit], text)?;
                let (low, high) = (
                    singular_or_plural(least, unit),
                    singular_or_plural(most, unit),
                );
                // Only one unit fits, so whole minutes compare counts of that unit.
                let one = measure_of_one(unit).about_minutes().max(1);
                let number = measure.about_minutes() / one;
                if (u64::from(least)..=u64::from(most)).contains(&number) {
                    Ok(Value::Measure(measure))
                } else {
                    Err(misread(format!(
                        "“{name}” must be from {low} to {high}, and {} is not.",
                        quoted(text)
                    )))
                }
            }
            (Self::Measure { units, most }, Given::Text(text)) => {
                let measure = read_measure(name, units, text)?;
                match most {
                    Some(most) if measure.about_minutes() > most.about_minutes() => {
                        Err(misread(format!(
                            "“{name}” may be {most} at most, and {} is longer.",
                            quoted(text)
                        )))
                    }
                    Some(_) | None => Ok(Value::Measure(measure)),
                }
            }
            (Self::Period { or_never: true, .. }, Given::Text(text))
                if text.trim().eq_ignore_ascii_case("never") =>
            {
                Ok(Value::Never)
            }
            (Self::Period { most, .. }, Given::Text(text)) => read_period(name, most, text),
            (Self::Time, Given::Text(text)) => read_time(name, text),
            (
                Self::Number { .. }
                | Self::YesNo
                | Self::Text
                | Self::Slug
                | Self::OneOf { .. }
                | Self::ListOf { .. }
                | Self::Count { .. }
                | Self::Measure { .. }
                | Self::Period { .. }
                | Self::Time,
                given,
            ) => Err(Misread {
                item: None,
                message: format!("“{name}” takes {}, not {}.", self.short(), given.what()),
                help: Some(format!("Write {name} = {}", self.example(given))),
            }),
        }
    }

    /// The form in a few words, as a fault says it.
    fn short(self) -> String {
        match self {
            Self::Number { .. } => "a whole number".to_owned(),
            Self::YesNo => "true or false".to_owned(),
            Self::Text => "words in quotation marks".to_owned(),
            Self::Slug => "a short name in quotation marks".to_owned(),
            Self::OneOf { kind, .. } => format!("{kind} in quotation marks"),
            Self::ListOf { kind, .. } => format!("a list, each item {kind}"),
            Self::Count { unit, .. } => {
                format!("a length of time in {}, in quotation marks", unit.name())
            }
            Self::Measure { .. } | Self::Period { .. } => {
                "a length of time in quotation marks".to_owned()
            }
            Self::Time => "a time of day in quotation marks".to_owned(),
        }
    }

    /// Something that could be written, made from what was given where that helps.
    fn example(self, given: &Given) -> String {
        let first = || self.terms().first().map_or("", |term| term.key).to_owned();
        match (self, given) {
            (Self::Number { least, most }, Given::Text(text)) => {
                let number = text.trim().parse().unwrap_or(least);
                format!("{}, without quotation marks.", number.clamp(least, most))
            }
            (Self::Number { least, .. }, _) => format!("{least}"),
            (Self::YesNo, Given::Text(text))
                if ["yes", "on", "true"].contains(&text.trim().to_lowercase().as_str()) =>
            {
                "true, without quotation marks.".to_owned()
            }
            (Self::YesNo, Given::Text(_)) => "false, without quotation marks.".to_owned(),
            (Self::YesNo, _) => "true".to_owned(),
            (Self::Text, _) => "\"some words\"".to_owned(),
            (Self::Slug, _) => "\"staff\"".to_owned(),
            (Self::OneOf { .. }, _) => format!("\"{}\"", first()),
            (Self::ListOf { terms, .. }, Given::Text(text)) => {
                let known = terms()
                    .into_iter()
                    .find(|term| term.key == text)
                    .map_or_else(first, |term| term.key.to_owned());
                format!("[\"{known}\"]")
            }
            (Self::ListOf { .. }, _) => format!("[\"{}\"]", first()),
            (Self::Count { unit, least, most }, Given::Whole(number)) => {
                let number = u32::try_from(*number).unwrap_or(least).clamp(least, most);
                format!("\"{}\"", singular_or_plural(number, unit))
            }
            (Self::Count { unit, most, .. }, _) => {
                format!("\"{}\"", singular_or_plural(most, unit))
            }
            (Self::Measure { units, .. }, _) => {
                let unit = units
                    .iter()
                    .copied()
                    .find(|unit| is_counted(*unit))
                    .unwrap_or(Unit::Days);
                format!("\"{}\"", singular_or_plural(2, unit))
            }
            (Self::Period { .. }, _) => "\"12 months\"".to_owned(),
            (Self::Time, _) => "\"02:00\"".to_owned(),
        }
    }
}

impl Given {
    fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "words in quotation marks",
            Self::Whole(_) => "a number",
            Self::YesNo(_) => "true or false",
            Self::List(_) => "a list",
            Self::Other(what) => what,
        }
    }
}

fn misread(message: String) -> Misread {
    Misread {
        item: None,
        message,
        help: None,
    }
}

fn read_text(name: &str, text: &str) -> Result<Value, Misread> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(misread(format!(
            "“{name}” must stand on one line, without tabs."
        )));
    }
    if text.chars().nth(LONGEST_TEXT).is_some() {
        return Err(misread(format!(
            "“{name}” may have {LONGEST_TEXT} characters at most."
        )));
    }
    Ok(Value::Text(text.to_owned()))
}

fn read_slug(name: &str, text: &str) -> Result<Value, Misread> {
    if is_slug(text) {
        return Ok(Value::Text(text.to_owned()));
    }
    let proposed = slug(text);
    Err(Misread {
        item: None,
        message: format!(
            "{} cannot be “{name}”: it takes up to {LONGEST_SLUG} small letters, digits and single hyphens.",
            quoted(text)
        ),
        help: (!proposed.is_empty()).then(|| format!("Write \"{proposed}\".")),
    })
}

fn read_term(kind: &str, terms: &[Term], text: &str) -> Result<Term, Misread> {
    // The same leniency as `Word::from_key`, of which this is the untyped half.
    let folded = text.trim().to_lowercase().replace([' ', '_'], "-");
    terms
        .iter()
        .find(|term| term.key == folded || term.name.replace(' ', "-") == folded)
        .copied()
        .ok_or_else(|| Misread {
            item: None,
            message: format!("{} is not {kind}.", quoted(text)),
            help: near::did_you_mean(text, terms.iter().map(|term| term.key))
                .or_else(|| Some(format!("It can be {}.", prose::or(&spellings(terms))))),
        })
}

fn read_terms(name: &str, kind: &str, terms: &[Term], items: &[Given]) -> Result<Value, Misread> {
    let mut read: Vec<Term> = Vec::with_capacity(items.len().min(terms.len()));
    for (at, item) in items.iter().enumerate() {
        let at_item = |misread: Misread| Misread {
            item: Some(at),
            ..misread
        };
        let Given::Text(text) = item else {
            return Err(at_item(misread(format!(
                "each item of “{name}” is {kind} in quotation marks, not {}.",
                item.what()
            ))));
        };
        let term = read_term(kind, terms, text).map_err(at_item)?;
        if read.contains(&term) {
            return Err(at_item(misread(format!(
                "{} stands twice in “{name}”.",
                quoted(text)
            ))));
        }
        read.push(term);
    }
    Ok(Value::Terms(read))
}

fn read_measure(name: &str, units: &[Unit], text: &str) -> Result<Measure, Misread> {
    let measure = Measure::read(text).map_err(misread)?;
    if units.contains(&measure.unit()) {
        return Ok(measure);
    }
    let names: Vec<&str> = units.iter().map(|unit| unit.name()).collect();
    Err(misread(format!(
        "“{name}” is counted in {}; {} does not fit.",
        prose::or(&names),
        quoted(text)
    )))
}

fn read_period(name: &str, most: Option<Period>, text: &str) -> Result<Value, Misread> {
    const UNITS: [Unit; 4] = [Unit::Days, Unit::Weeks, Unit::Months, Unit::Years];
    let measure = read_measure(name, &UNITS, text)?;
    let Some(period) = Period::of(measure) else {
        return Err(misread(format!(
            "{} is longer than any calendar.",
            quoted(text)
        )));
    };
    match most {
        Some(most) if period.is_longer_than(most) => Err(misread(format!(
            "“{name}” may be {most} at most, and {} is longer.",
            quoted(text)
        ))),
        Some(_) | None => Ok(Value::Period(period)),
    }
}

fn read_time(name: &str, text: &str) -> Result<Value, Misread> {
    let time: Option<Time> = text.trim().split_once(':').and_then(|(hour, minute)| {
        let two_digits =
            |part: &str| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
        if !two_digits(hour) || !two_digits(minute) {
            return None;
        }
        Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
    });
    match time {
        Some(time) => Ok(Value::Time(time)),
        None => Err(Misread {
            item: None,
            message: format!("{} is not a time of day.", quoted(text)),
            help: Some(format!(
                "Write {name} = \"{}\", with hours from 00 to 23.",
                clock(Time::constant(2, 0, 0, 0))
            )),
        }),
    }
}

/// The longest id of a clause or of an agreement, in letters.
const LONGEST_SLUG: usize = 60;

/// Whether a text is small letters, digits and single hyphens, and begins with a letter.
pub(crate) fn is_slug(text: &str) -> bool {
    text.len() <= LONGEST_SLUG
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        })
}

/// The slug that a title suggests: "Leaving a computer" gives `leaving-a-computer`.
/// Empty where the title has no letter to begin with.
pub(crate) fn slug(title: &str) -> String {
    let mut slug = String::new();
    let folded = title
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|letter| !matches!(letter, '\'' | '’'));
    for letter in folded {
        if slug.len() >= LONGEST_SLUG {
            break;
        }
        match letter {
            'a'..='z' => slug.push(letter),
            '0'..='9' if !slug.is_empty() => slug.push(letter),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_end_matches('-').to_owned()
}

fn spellings(terms: &[Term]) -> Vec<String> {
    terms.iter().map(|term| format!("“{}”", term.key)).collect()
}

fn is_counted(unit: Unit) -> bool {
    !matches!(unit, Unit::AtOnce | Unit::SameDay)
}

fn measure_of_one(unit: Unit) -> Measure {
    match unit {
        Unit::AtOnce => Measure::AtOnce,
        Unit::SameDay => Measure::SameDay,
        Unit::Minutes => Measure::Minutes(1),
        Unit::Hours => Measure::Hours(1),
        Unit::SchoolDays => Measure::SchoolDays(1),
        Unit::WorkingDays => Measure::WorkingDays(1),
        Unit::Days => Measure::Days(1),
        Unit::Weeks => Measure::Weeks(1),
        Unit::Months => Measure::Months(1),
        Unit::Years => Measure::Years(1),
    }
}

fn singular_or_plural(number: u32, unit: Unit) -> String {
    let name = unit.name();
    let name = if number == 1 {
        name.strip_suffix('s').unwrap_or(name)
    } else {
        name
    };
    format!("{number} {name}")
}
