//! The form of a control, made from its declaration: a field for each parameter, and
//! from what was typed the block that stands in the policy's text.

use belisha_policy::{Control, Form, Parameter, Settings, Value};
use belisha_ui::{Choice, Html, InputWidth, Radios, Select, SelectOption, TextInput};

/// What was typed, name by name; a list has its name several times.
pub(super) type Typed = Vec<(String, String)>;

/// A block made from what was typed.
pub(super) struct Written {
    pub(super) block: String,
    /// The parameter on each line below the fence.
    pub(super) lines: Vec<&'static str>,
}

/// What the fields hold when the form is opened.
pub(super) fn typed(settings: &Settings) -> Typed {
    settings
        .values()
        .flat_map(|(param, value)| {
            let values = match value {
                Value::Terms(terms) => terms.iter().map(|term| term.key.to_owned()).collect(),
                Value::YesNo(yes) => vec![yes.to_string()],
                Value::Number(_)
                | Value::Text(_)
                | Value::Term(_)
                | Value::Measure(_)
                | Value::Period(_)
                | Value::Never
                | Value::Time(_) => vec![value.key()],
            };
            values
                .into_iter()
                .map(|value| (param.name().to_owned(), value))
        })
        .collect()
}

/// The block as somebody would write it who typed this. What cannot be read stands in
/// it as it was typed, so that the reader of policies says what is wrong with it.
pub(super) fn written(control: &Control, typed: &Typed) -> Written {
    let mut block = format!("```control {}\n", control.key);
    let mut lines = Vec::new();
    for param in control.params {
        let values: Vec<String> = of(typed, *param).map(one_line).collect();
        let value = match param.form() {
            Form::ListOf { .. } => {
                // A list that was emptied says so, and does not fall back to its default.
                let items: Vec<String> = values.iter().map(|item| quoted(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Form::Number { .. } | Form::YesNo => match values.first() {
                None => continue,
                Some(value) if value.parse::<i64>().is_ok() || value.parse::<bool>().is_ok() => {
                    value.clone()
                }
                Some(value) => quoted(value),
            },
            Form::Text
            | Form::Slug
            | Form::OneOf { .. }
            | Form::Count { .. }
            | Form::Measure { .. }
            | Form::Period { .. }
            | Form::Time => match values.first() {
                None => continue,
                Some(value) => quoted(value),
            },
        };
        block.push_str(&format!("{} = {value}\n", param.name()));
        lines.push(param.name());
    }
    block.push_str("```\n");
    Written { block, lines }
}

fn of<'a>(typed: &'a Typed, param: &dyn Parameter) -> impl Iterator<Item = &'a str> {
    let name = param.name();
    typed
        .iter()
        .filter(move |(of, value)| of == name && !value.trim().is_empty())
        .map(|(_, value)| value.trim())
}

fn one_line(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quoted(value: &str) -> String {
    toml_edit::Value::from(value).to_string()
}

/// The fields, in the order of the declaration. The parameter that tells one use of
/// the control from another is not among them: it stays what it is.
pub(super) fn fields(
    control: &Control,
    typed: &Typed,
    errors: &[(&'static str, String)],
) -> Vec<Html> {
    control
        .params
        .iter()
        .filter(|param| !is_fixed(control, **param))
        .flat_map(|param| {
            let error = errors
                .iter()
                .find(|(of, _)| *of == param.name())
                .map(|(_, says)| says.clone());
            field(
                *param,
                of(typed, *param).map(str::to_owned).collect(),
                error,
            )
        })
        .collect()
}

pub(super) fn is_fixed(control: &Control, param: &dyn Parameter) -> bool {
    control
        .repeats_by
        .is_some_and(|repeats| repeats.name() == param.name())
}

fn field(param: &dyn Parameter, values: Vec<String>, error: Option<String>) -> Vec<Html> {
    let name = param.name();
    let label = name.replace('_', " ");
    let label = crate::web::words::capital(&label);
    let default = param.default().map_or_else(String::new, |value| {
        format!(" By default: {}.", value.words())
    });
    let value = values.first().cloned();
    match param.form() {
        Form::YesNo => vec![Html::of(&Radios {
            hint: Some(format!("{}{default}", param.about())),
            error,
            chosen: value,
            inline: true,
            ..Radios::new(
                name,
                label,
                vec![Choice::new("true", "Yes"), Choice::new("false", "No")],
            )
        })],
        Form::OneOf { terms, .. } => vec![Html::of(&Select {
            hint: Some(format!("{}{default}", param.about())),
            error,
            chosen: value,
            ..Select::new(
                name,
                label,
                terms()
                    .iter()
                    .map(|term| SelectOption::new(term.key, term.name))
                    .collect(),
            )
        })],
        Form::ListOf { terms, .. } => {
            let terms = terms();
            // The order counts, so each place of the list is a field; two stay free.
            let places = (values.len() + 2).min(terms.len());
            (0..places)
                .map(|at| {
                    let mut options = vec![SelectOption::new("", "–")];
                    options.extend(
                        terms
                            .iter()
                            .map(|term| SelectOption::new(term.key, term.name)),
                    );
                    let mut select = Select {
                        chosen: values.get(at).cloned(),
                        ..Select::new(name, format!("{label}: {}", place(at)), options)
                    };
                    if at == 0 {
                        select.hint = Some(format!("{} The order counts.{default}", param.about()));
                        select.error = error.clone();
                    } else {
                        select.id = format!("{name}-{}", at + 1);
                    }
                    Html::of(&select)
                })
                .collect()
        }
        form @ (Form::Number { .. }
        | Form::Text
        | Form::Slug
        | Form::Count { .. }
        | Form::Measure { .. }
        | Form::Period { .. }
        | Form::Time) => vec![Html::of(&TextInput {
            hint: Some(format!(
                "{} It takes {}.{default}",
                param.about(),
                form.allowed()
            )),
            error,
            value: value.unwrap_or_default(),
            width: match form {
                Form::Text => None,
                _ => Some(InputWidth::Twenty),
            },
            ..TextInput::new(name, label)
        })],
    }
}

/// "first" for 0.
fn place(at: usize) -> String {
    ["first", "second", "third", "fourth", "fifth", "sixth"]
        .get(at)
        .map_or_else(|| format!("number {}", at + 1), |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use belisha_policy::controls::{backup, idle_lock, incident_route};
    use belisha_policy::parse;

    use super::*;

    fn pairs(typed: &[(&str, &str)]) -> Typed {
        typed
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn what_is_typed_is_written_as_an_editor_would() {
        let check = |control, typed: &[(&str, &str)], lines: &[&str]| {
            let written = written(control, &pairs(typed));
            assert!(written.block.starts_with("```control "));
            for line in lines {
                assert!(written.block.contains(line), "{line} in {}", written.block);
            }
        };
        check(
            &idle_lock::CONTROL,
            &[("after", " 5  minutes ")],
            &["after = \"5 minutes\"\n"],
        );
        check(
            &incident_route::CONTROL,
            &[
                ("first", "headteacher"),
                ("first", ""),
                ("first", "deputy-designated-safeguarding-lead"),
            ],
            &["first = [\"headteacher\", \"deputy-designated-safeguarding-lead\"]\n"],
        );
        // Nobody gets out of the quotation marks, and nothing typed becomes a line of its own.
        check(
            &idle_lock::CONTROL,
            &[("after", "5\"\nx = \"1")],
            &["after = '5\" x = \"1'\n"],
        );
        check(&backup::CONTROL, &[], &["```control backup\n"]);
    }

    #[test]
    fn every_control_of_a_policy_survives_its_own_form() {
        for pack in crate::policies::packs() {
            let policy = parse(pack.text).expect("a pack reads");
            for bound in policy.controls() {
                let control = bound.control();
                let written = written(control, &typed(&bound.settings));
                let text = belisha_policy::with_block(pack.text, bound, &written.block);
                let again = parse(&text).unwrap_or_else(|f| panic!("{}: {f:?}", written.block));
                assert!(
                    again
                        .controls()
                        .map(|bound| &bound.settings)
                        .eq(policy.controls().map(|bound| &bound.settings)),
                    "{}",
                    written.block
                );
            }
        }
    }
}
