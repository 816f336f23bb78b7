//! Reads a value as its parameter's form asks, or says in plain words why not.

use jiff::civil::Time;

use crate::form::{Form, LONGEST_TEXT, counted_in, spellings};
use crate::measure::{Measure, Unit};
use crate::near;
use crate::param::Parameter;
use crate::period::Period;
use crate::prose::{self, quoted};
use crate::slug::{LONGEST_SLUG, is_slug, slug};
use crate::value::{Value, clock};
use crate::words::Term;

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
    /// Whether it is a number where words are asked for, and the like.
    is_other_kind: bool,
}

/// Reads what was given to a parameter. A list may be wrong in several items;
/// anything else is wrong in one way.
pub(crate) fn read(param: &dyn Parameter, given: &Given) -> Result<Value, Vec<Misread>> {
    let (name, form) = (param.name(), param.form());
    let value = match (form, given) {
        (Form::ListOf { kind, terms }, Given::List(items)) => {
            read_terms(name, kind, &terms(), items)?
        }
        (_, _) => form
            .read(name, given)
            .map_err(|misread| vec![helped(param, misread)])?,
    };
    if param.default().is_none() && value.is_empty() {
        return Err(vec![Misread {
            help: Some(format!("It takes {}.", form.allowed())),
            ..misread(format!("“{name}” is empty."))
        }]);
    }
    Ok(value)
}

/// Where nothing better can be said, the default shows how a value is written.
fn helped(param: &dyn Parameter, misread: Misread) -> Misread {
    let example = || {
        let default = param.default().filter(|_| misread.is_other_kind)?;
        Some(format!(
            "Write {} = {}, or another such value.",
            param.name(),
            default.written()
        ))
    };
    Misread {
        help: misread.help.clone().or_else(example),
        ..misread
    }
}

impl Form {
    fn read(self, name: &str, given: &Given) -> Result<Value, Misread> {
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
            (Self::Count { unit, least, most }, Given::Text(text)) => {
                let measure = read_measure(name, &[unit], text)?;
                let (low, high) = (Measure::of(least, unit), Measure::of(most, unit));
                if measure
                    .number()
                    .is_some_and(|number| (least..=most).contains(&number))
                {
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
                is_other_kind: true,
                message: format!("“{name}” takes {}, not {}.", self.short(), given.what()),
                help: self
                    .mended(given)
                    .map(|mended| format!("Write {name} = {mended}.")),
            }),
        }
    }

    /// What was given, written as it should have been, where that can be told.
    fn mended(self, given: &Given) -> Option<String> {
        match (self, given) {
            (Self::Number { .. }, Given::Text(text)) => {
                let number: u32 = text.trim().parse().ok()?;
                Some(format!("{number}, without quotation marks"))
            }
            (Self::YesNo, Given::Text(text)) => {
                let yes = match text.trim().to_lowercase().as_str() {
                    "yes" | "true" | "on" => true,
                    "no" | "false" | "off" => false,
                    _ => return None,
                };
                Some(format!("{yes}, without quotation marks"))
            }
            (Self::ListOf { kind, terms }, Given::Text(text)) => {
                let term = read_term(kind, &terms(), text).ok()?;
                Some(format!("[\"{}\"]", term.key))
            }
            (Self::OneOf { kind, terms }, Given::List(items)) => match items.as_slice() {
                [Given::Text(text)] => {
                    let term = read_term(kind, &terms(), text).ok()?;
                    Some(format!("\"{}\"", term.key))
                }
                [..] => None,
            },
            (Self::Count { unit, .. }, Given::Whole(number)) => {
                let number = u32::try_from(*number).ok()?;
                Some(format!("\"{}\"", Measure::of(number, unit)))
            }
            (_, _) => None,
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
        is_other_kind: false,
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
        help: (!proposed.is_empty()).then(|| format!("Write \"{proposed}\".")),
        ..misread(format!(
            "“{name}” cannot be {}: it takes up to {LONGEST_SLUG} small letters, digits and \
             single hyphens.",
            quoted(text)
        ))
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
            help: near::did_you_mean(text, terms.iter().map(|term| term.key))
                .or_else(|| Some(format!("It can be {}.", prose::or(&spellings(terms))))),
            ..misread(format!("{} is not {kind}.", quoted(text)))
        })
}

fn read_terms(
    name: &str,
    kind: &str,
    terms: &[Term],
    items: &[Given],
) -> Result<Value, Vec<Misread>> {
    let (mut read, mut misreads) = (Vec::new(), Vec::new());
    // A list longer than the words there are is wrong before its end.
    for (at, item) in items.iter().enumerate().take(terms.len() + 1) {
        let term = match item {
            Given::Text(text) => read_term(kind, terms, text),
            Given::Whole(_) | Given::YesNo(_) | Given::List(_) | Given::Other(_) => {
                Err(misread(format!(
                    "each item of “{name}” is {kind} in quotation marks, not {}.",
                    item.what()
                )))
            }
        };
        match term {
            Ok(term) if read.contains(&term) => misreads.push(Misread {
                item: Some(at),
                ..misread(format!("“{}” stands twice in “{name}”.", term.key))
            }),
            Ok(term) => read.push(term),
            Err(misread) => misreads.push(Misread {
                item: Some(at),
                ..misread
            }),
        }
    }
    if misreads.is_empty() {
        Ok(Value::Terms(read))
    } else {
        Err(misreads)
    }
}

fn read_measure(name: &str, units: &[Unit], text: &str) -> Result<Measure, Misread> {
    let measure = Measure::read(text).map_err(misread)?;
    if units.contains(&measure.unit()) {
        return Ok(measure);
    }
    Err(misread(format!(
        "“{name}” is counted in {}; {} does not fit.",
        counted_in(units),
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
            help: Some(format!(
                "Write {name} = \"{}\", with hours from 00 to 23.",
                clock(Time::constant(2, 0, 0, 0))
            )),
            ..misread(format!("{} is not a time of day.", quoted(text)))
        }),
    }
}
