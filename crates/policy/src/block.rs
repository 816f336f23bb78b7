//! Reads one control block: its key, its TOML lines, and what they set.

use std::ops::Range;

use toml_edit::{Document, Item};

use crate::control::Control;
use crate::controls;
use crate::fault::{Fault, Lines};
use crate::near;
use crate::outline::Block;
use crate::param::Parameter;
use crate::prose::{self, quoted};
use crate::reading::{self, Given};
use crate::settings::Settings;
use crate::value::Value;

/// What the info string of a fenced block says.
pub(crate) enum Info<'a> {
    /// `control <key>`.
    Control(&'a str),
    /// Something that was surely meant to be a control: what is wrong and what to write.
    Misspelt { message: String, help: String },
    /// Some other block, which is part of the words.
    Words,
}

/// Tells a control block from a block of code.
pub(crate) fn info(info: &str) -> Info<'_> {
    let words: Vec<&str> = info.split_whitespace().collect();
    match words.as_slice() {
        ["control", key] => Info::Control(key),
        ["control"] => Info::Misspelt {
            message: "this control block does not say which control it sets.".to_owned(),
            help: "Write its key after the word “control”, such as “control idle-lock”.".to_owned(),
        },
        ["control", ..] => Info::Misspelt {
            message: format!("{} is not the name of one control.", quoted(info)),
            help: "Write one key after the word “control”, and each control in a block of its own."
                .to_owned(),
        },
        [key] if controls::control(key).is_some() => Info::Misspelt {
            message: format!("this block names “{key}” without the word “control”."),
            help: format!("Write “control {key}” after the fence."),
        },
        [word, key, ..] if near::nearest(word, ["control"]).is_some() => Info::Misspelt {
            message: format!("{} is not the word “control”.", quoted(word)),
            help: format!(
                "Write “control {}” after the fence.",
                near::nearest(key, keys()).unwrap_or(key)
            ),
        },
        [..] => Info::Words,
    }
}

/// Reads a block that names a control. Every fault is reported, not only the first.
pub(crate) fn read(
    text: &str,
    lines: &Lines<'_>,
    block: &Block,
    key: &str,
) -> Result<Settings, Vec<Fault>> {
    let Some(control) = controls::control(key) else {
        let at = text[block.range.clone()].find(key).unwrap_or(0);
        return Err(vec![
            lines
                .fault(
                    block.range.start + at,
                    format!("there is no control called {}.", quoted(key)),
                )
                .help(near::did_you_mean(key, keys()).unwrap_or_else(|| {
                    format!("There are {}.", prose::and(&keys().collect::<Vec<_>>()))
                })),
        ]);
    };
    let body = &text[block.body.clone()];
    let document = Document::parse(body).map_err(|broken| {
        let at = body.floor_char_boundary(broken.span().map_or(0, |span| span.start));
        let said = broken.message().lines().collect::<Vec<_>>().join(", ");
        let line = body[at..].lines().next().unwrap_or_default();
        let help = if line.contains(['“', '”', '„', '‘', '’']) {
            "Quotation marks are straight here: \" and not “ or ”."
        } else {
            "Each line of a control is a name, an equals sign and a value, such as after = \"10 minutes\"."
        };
        vec![
            lines
                .fault(
                    block.body.start + at,
                    format!("this line cannot be read: {said}."),
                )
                .help(help),
        ]
    })?;
    let reader = Reader {
        lines,
        control,
        block,
    };
    reader.settings(&document)
}

fn keys() -> impl Iterator<Item = &'static str> {
    controls::catalogue().iter().map(|control| control.key)
}

struct Reader<'a> {
    lines: &'a Lines<'a>,
    control: &'static Control,
    block: &'a Block,
}

impl Reader<'_> {
    fn settings(&self, document: &Document<&str>) -> Result<Settings, Vec<Fault>> {
        let table = document.as_table();
        let mut faults: Vec<Fault> = table
            .iter()
            .filter(|(name, _)| self.control.param(name).is_none())
            .map(|(name, item)| {
                let span = table
                    .key(name)
                    .and_then(toml_edit::Key::span)
                    .or_else(|| item.span());
                self.unknown(name, span)
            })
            .collect();
        let mut values = Vec::with_capacity(self.control.params.len());
        let mut is_readable = true;
        for param in self.control.params {
            let read = match (table.get(param.name()), param.default()) {
                (Some(item), _) => self.value(*param, item),
                (None, Some(default)) => Ok(default),
                (None, None) => Err(vec![self.missing(*param)]),
            };
            match read {
                Ok(value) => values.push(value),
                Err(misread) => {
                    is_readable = false;
                    faults.extend(misread);
                }
            }
        }
        if is_readable {
            let settings = Settings::new(self.control, values);
            faults.extend(self.objections(&settings, document));
            if faults.is_empty() {
                return Ok(settings);
            }
        }
        Err(faults)
    }

    fn value(&self, param: &dyn Parameter, item: &Item) -> Result<Value, Vec<Fault>> {
        reading::read(param, &given(item)).map_err(|misreads| {
            misreads
                .into_iter()
                .map(|misread| {
                    let of_item = misread.item.and_then(|at| item.as_array()?.get(at)?.span());
                    self.fault(of_item.or_else(|| item.span()), misread.message)
                        .maybe_help(misread.help)
                })
                .collect()
        })
    }

    fn objections(&self, settings: &Settings, document: &Document<&str>) -> Vec<Fault> {
        let Some(objections) = self.control.objections else {
            return Vec::new();
        };
        objections(settings)
            .into_iter()
            .map(|objection| {
                let span = document
                    .as_table()
                    .get(objection.param)
                    .and_then(Item::span);
                self.fault(span, objection.message)
                    .maybe_help(objection.help)
            })
            .collect()
    }

    fn unknown(&self, name: &str, span: Option<Range<usize>>) -> Fault {
        let names: Vec<&str> = self
            .control
            .params
            .iter()
            .map(|param| param.name())
            .collect();
        let help = near::did_you_mean(name, names.iter().copied()).or_else(|| {
            Some(if names.is_empty() {
                "It takes none: leave the block empty.".to_owned()
            } else {
                format!(
                    "It has {}.",
                    prose::and(
                        &names
                            .iter()
                            .map(|name| format!("“{name}”"))
                            .collect::<Vec<_>>()
                    )
                )
            })
        });
        self.fault(
            span,
            format!(
                "“{}” has no parameter called {}.",
                self.control.key,
                quoted(name)
            ),
        )
        .maybe_help(help)
    }

    fn missing(&self, param: &dyn Parameter) -> Fault {
        let message = format!(
            "“{}” must say “{}”: {}",
            self.control.key,
            param.name(),
            lower(param.about())
        );
        self.lines
            .fault(self.block.range.start, message)
            .help(format!("It takes {}.", param.form().allowed()))
    }

    /// A fault at a place in the body, or at the block where there is none.
    fn fault(&self, span: Option<Range<usize>>, message: String) -> Fault {
        let at = span.map_or(self.block.range.start, |span| {
            self.block.body.start + span.start
        });
        self.lines.fault(at, message)
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

fn given(item: &Item) -> Given {
    match item {
        Item::Value(value) => given_value(value),
        Item::None => Given::Other("nothing"),
        Item::Table(_) | Item::ArrayOfTables(_) => Given::Other("a table"),
    }
}

fn given_value(value: &toml_edit::Value) -> Given {
    match value {
        toml_edit::Value::String(text) => Given::Text(text.value().clone()),
        toml_edit::Value::Integer(number) => Given::Whole(*number.value()),
        toml_edit::Value::Boolean(yes) => Given::YesNo(*yes.value()),
        toml_edit::Value::Array(items) => Given::List(items.iter().map(given_value).collect()),
        toml_edit::Value::Float(_) => Given::Other("a number with a decimal point"),
        toml_edit::Value::Datetime(_) => Given::Other("a date or time without quotation marks"),
        toml_edit::Value::InlineTable(_) => Given::Other("a table"),
    }
}
