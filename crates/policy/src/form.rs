//! The form of a parameter: what may stand after its equals sign. Reading,
//! faults, the help page and the editor's form are all derived from it.

use crate::measure::{Measure, Unit};
use crate::period::Period;
use crate::prose;
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

/// The longest one-line text that a parameter takes, in characters.
pub(crate) const LONGEST_TEXT: usize = 200;

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
                Measure::of(least, unit),
                Measure::of(most, unit),
            ),
            Self::Measure { units, most } => {
                let mut allowed = format!("a length of time in {}", counted_in(units));
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

    /// The form in a few words, as a fault says it.
    pub(crate) fn short(self) -> String {
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
}

pub(crate) fn spellings(terms: &[Term]) -> Vec<String> {
    terms.iter().map(|term| format!("“{}”", term.key)).collect()
}

/// "minutes or hours, or “at once”".
pub(crate) fn counted_in(units: &[Unit]) -> String {
    let (words, counted): (Vec<Unit>, Vec<Unit>) = units
        .iter()
        .partition(|unit| matches!(unit, Unit::AtOnce | Unit::SameDay));
    let counted: Vec<&str> = counted.into_iter().map(Unit::name).collect();
    words.into_iter().fold(prose::or(&counted), |all, word| {
        format!("{all}, or “{}”", word.name())
    })
}
