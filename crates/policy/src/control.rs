//! What a control is: one thing that a policy can decide and the program then
//! does or counts. Each is declared once, in a file of [`crate::controls`].

use std::fmt;

use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::param::Parameter;
use crate::period::Period;
use crate::policy::Policy;
use crate::settings::Settings;
use crate::value::Value;
use crate::words::Post;

/// The declaration of a control. Parser, sentence, help page, editor's form and
/// status are derived from it.
pub struct Control {
    /// The word after `control` in a fenced block.
    pub key: &'static str,
    /// What the control is called on a page.
    pub title: &'static str,
    /// One paragraph of help for editors.
    pub about: &'static str,
    /// The parameters in the order in which forms show them.
    pub params: &'static [&'static dyn Parameter],
    /// The parameter that tells one use of the control from another, where a policy
    /// may set it more than once.
    pub repeats_by: Option<&'static dyn Parameter>,
    /// The one plain sentence that readers see in place of the block.
    pub sentence: fn(&Settings) -> String,
    /// What these settings together cannot mean, beyond what each parameter refuses.
    pub objections: Option<fn(&Settings) -> Vec<Objection>>,
    /// What a policy lacks before it may come into force.
    pub needs: Option<fn(&Policy) -> Vec<Lack>>,
    /// Who answers for it in the school.
    pub owner: Post,
    /// The part of the program that carries it out.
    pub feature: &'static str,
    /// How anybody knows that it holds.
    pub assurance: Assurance,
    /// The guidance that asks for it, where some does.
    pub source: Option<&'static str>,
}

/// Why a set of values cannot stand together, and which parameter is to blame.
pub struct Objection {
    pub param: &'static str,
    pub message: String,
    pub help: Option<String>,
}

/// Something that a policy must decide and does not.
pub struct Lack {
    /// What is missing, as the rest of a sentence that begins with a place.
    pub message: String,
    pub help: String,
}

/// How anybody knows that a control holds.
#[derive(Debug, Clone, Copy)]
pub enum Assurance {
    /// The program makes the contrary impossible.
    Enforced,
    /// The evidence is counted from records.
    Counted(Query),
    /// No record can prove it: a named person confirms it this often.
    Attested { every: Period },
}

/// The query that yields the evidence of a control, one row for each thing counted, with
/// the columns `item`, `label`, `standing`, `since_on` and `until_on`, all text and the
/// last two perhaps null. An item is like `person:<id>`; a standing is `met`, `due` or
/// `not-met`. It is written in the SQL that SQLite and PostgreSQL share.
#[derive(Debug, Clone, Copy)]
pub struct Query {
    pub sql: &'static str,
    /// What `$1`, `$2`… stand for.
    pub binds: &'static [Bind],
    /// The page on which "why" shows the records that were counted.
    pub opens: &'static str,
    /// How the counts are said.
    pub said: Wording,
    /// Whether the records of today also answer for a day gone by.
    pub past: Past,
}

/// The words for what was counted: what those have done who are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording {
    /// "has signed"
    pub one_has: &'static str,
    /// "have signed"
    pub many_have: &'static str,
    /// "has not signed"
    pub one_has_not: &'static str,
    /// "have not signed"
    pub many_have_not: &'static str,
}

/// Whether a [`Query`] can be asked about a day gone by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// The records keep their dates: asked with that day, the query answers for it.
    Told,
    /// They keep only how things stand; the reason, as a sentence for the page.
    Untold(&'static str),
}

/// What a place in a [`Query`] stands for.
#[derive(Debug, Clone, Copy)]
pub enum Bind {
    /// The date, as ISO text.
    Today,
    /// The instant, in milliseconds since 1970.
    Now,
    /// The parameter of this name: a word by its key, a yes/no as a boolean, a number as it is.
    Param(&'static str),
    /// The date that lies the named period before today.
    TodayLess(&'static str),
    /// The date that lies the first named period before today and the second after that:
    /// what dates from before it is due soon.
    TodayLessPlus(&'static str, &'static str),
    /// The instant that lies the named number of minutes, hours or days before now.
    NowLess(&'static str),
}

/// A value for a place in a [`Query`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    Text(String),
    Number(i64),
    YesNo(bool),
}

impl Query {
    /// The values for `$1`, `$2`…, for one use of the control at one moment.
    pub fn arguments(&self, settings: &Settings, today: Date, now: Timestamp) -> Vec<Argument> {
        self.binds
            .iter()
            .map(|bind| bind.argument(settings, today, now))
            .collect()
    }
}

impl Bind {
    fn argument(self, settings: &Settings, today: Date, now: Timestamp) -> Argument {
        match self {
            Self::Today => Argument::Text(today.to_string()),
            Self::Now => Argument::Number(now.as_millisecond()),
            Self::Param(name) => match settings.value(name) {
                Value::Number(number) => Argument::Number(i64::from(*number)),
                Value::YesNo(yes) => Argument::YesNo(*yes),
                value @ (Value::Text(_)
                | Value::Term(_)
                | Value::Terms(_)
                | Value::Measure(_)
                | Value::Period(_)
                | Value::Never
                | Value::Time(_)) => Argument::Text(value.key()),
            },
            Self::TodayLess(name) => Argument::Text(back(settings, name, today).to_string()),
            Self::TodayLessPlus(less, plus) => {
                let start = back(settings, less, today);
                let date = period(settings, plus).map_or(start, |period| period.after(start));
                Argument::Text(date.to_string())
            }
            Self::NowLess(name) => {
                let minutes = match settings.value(name) {
                    Value::Measure(measure) => measure.about_minutes(),
                    Value::Number(_)
                    | Value::YesNo(_)
                    | Value::Text(_)
                    | Value::Term(_)
                    | Value::Terms(_)
                    | Value::Period(_)
                    | Value::Never
                    | Value::Time(_) => 0,
                };
                let minutes = i64::try_from(minutes).unwrap_or(i64::MAX / 60);
                let since =
                    now.saturating_sub(SignedDuration::from_secs(minutes.saturating_mul(60)));
                Argument::Number(since.unwrap_or(Timestamp::MIN).as_millisecond())
            }
        }
    }
}

/// The date one period before today; the first date of the calendar where the
/// parameter says never, so that nothing is ever out of date.
fn back(settings: &Settings, name: &str, today: Date) -> Date {
    period(settings, name).map_or(Date::MIN, |period| period.before(today))
}

fn period(settings: &Settings, name: &str) -> Option<Period> {
    match settings.value(name) {
        Value::Period(period) => Some(*period),
        Value::Measure(measure) => Period::of(*measure),
        Value::Number(_)
        | Value::YesNo(_)
        | Value::Text(_)
        | Value::Term(_)
        | Value::Terms(_)
        | Value::Never
        | Value::Time(_) => None,
    }
}

impl Control {
    /// The parameter of this name.
    pub fn param(&self, name: &str) -> Option<&'static dyn Parameter> {
        self.params
            .iter()
            .copied()
            .find(|param| param.name() == name)
    }

    /// What holds where no clause sets this control; `None` where a parameter has no default.
    pub fn by_default(&'static self) -> Option<Settings> {
        Settings::by_default(self)
    }
}

impl PartialEq for Control {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Control {}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Control({})", self.key)
    }
}
