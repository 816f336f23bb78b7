//! The value of a parameter as it is kept: what the policy's text was read into,
//! before a typed handle (see [`crate::kind`]) gives it its Rust type.

use jiff::civil::Time;

use crate::measure::Measure;
use crate::period::Period;
use crate::prose;
use crate::words::Term;

/// What a parameter was set to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    Number(u32),
    YesNo(bool),
    Text(String),
    Term(Term),
    Terms(Vec<Term>),
    Measure(Measure),
    Period(Period),
    Never,
    Time(Time),
}

impl Value {
    /// The value as words on a page: "yes", "full name, post and date", "12 months".
    pub fn words(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::YesNo(true) => "yes".to_owned(),
            Self::YesNo(false) => "no".to_owned(),
            Self::Text(text) if text.is_empty() => "nothing".to_owned(),
            Self::Text(text) => text.clone(),
            Self::Term(term) => term.name.to_owned(),
            Self::Terms(terms) if terms.is_empty() => "nobody".to_owned(),
            Self::Terms(terms) => {
                prose::and(&terms.iter().map(|term| term.name).collect::<Vec<_>>())
            }
            Self::Measure(measure) => measure.to_string(),
            Self::Period(period) => period.to_string(),
            Self::Never => "never".to_owned(),
            Self::Time(time) => clock(*time),
        }
    }

    /// The value as an editor writes it after the equals sign of a control block.
    pub fn written(&self) -> String {
        let text = |text: &str| toml_edit::Value::from(text).to_string();
        match self {
            Self::Number(number) => number.to_string(),
            Self::YesNo(yes) => yes.to_string(),
            Self::Text(words) => text(words),
            Self::Term(term) => text(term.key),
            Self::Terms(terms) => {
                let keys: Vec<String> = terms.iter().map(|term| text(term.key)).collect();
                format!("[{}]", keys.join(", "))
            }
            Self::Measure(measure) => text(&measure.to_string()),
            Self::Period(period) => text(&period.to_string()),
            Self::Never => text("never"),
            Self::Time(time) => text(&clock(*time)),
        }
    }

    /// The spelling by which tables and the journal know this value: a word's key, a
    /// text, a measure's words.
    pub fn key(&self) -> String {
        match self {
            Self::Term(term) => term.key.to_owned(),
            Self::Terms(terms) => terms
                .iter()
                .map(|term| term.key)
                .collect::<Vec<_>>()
                .join(" "),
            Self::Text(text) => text.clone(),
            Self::Number(_)
            | Self::YesNo(_)
            | Self::Measure(_)
            | Self::Period(_)
            | Self::Never
            | Self::Time(_) => self.words(),
        }
    }

    /// Whether this says nothing: an empty text or list.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Terms(terms) => terms.is_empty(),
            Self::Number(_)
            | Self::YesNo(_)
            | Self::Term(_)
            | Self::Measure(_)
            | Self::Period(_)
            | Self::Never
            | Self::Time(_) => false,
        }
    }
}

/// "02:00".
pub(crate) fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
