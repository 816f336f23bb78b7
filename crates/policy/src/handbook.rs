//! The help page for editors, written from the catalogue: every control with its
//! parameters. `docs/controls.md` is this text.

use crate::control::{Assurance, Control};
use crate::controls;
use crate::form::Form;
use crate::param::Parameter;
use crate::prose::capital;
use crate::slug::slug;
use crate::words::Word;

/// Every control in Markdown.
pub fn handbook() -> String {
    let mut page = "\
# Controls

A clause of the policy may carry controls. Each is a fenced block with the word `control` and a \
key after the fence; its lines are names with values. Readers of the policy see one sentence in \
its place. Where a line is left out, the default holds; where the whole control is left out, \
the defaults hold as well, if it has any.

This page is written from the program itself: a test rewrites it, so change the declarations in \
`crates/policy/src/controls/` and not this text.

| Control | What it decides |
|---|---|
"
    .to_owned();
    for control in controls::catalogue() {
        page.push_str(&format!(
            "| [`{}`](#{}) | {} |\n",
            control.key, control.key, control.title
        ));
    }
    for control in controls::catalogue() {
        page.push_str(&entry(control));
    }
    page.push_str(&words());
    page
}

fn entry(control: &'static Control) -> String {
    let mut entry = format!(
        "\n## {}\n\n**{}.** {}\n",
        control.key, control.title, control.about
    );
    if let Some(settings) = control.by_default() {
        entry.push_str(&format!("\nBy default: “{}”\n", settings.sentence()));
    }
    if !control.params.is_empty() {
        entry.push_str("\n| Parameter | Takes | Default | Meaning |\n|---|---|---|---|\n");
        for param in control.params {
            entry.push_str(&row(*param));
        }
    }
    let repeats = match control.repeats_by {
        Some(param) => format!("A policy may set it once for each `{}`. ", param.name()),
        None => "A policy sets it once. ".to_owned(),
    };
    entry.push_str(&format!(
        "\n{repeats}The {} answers for it. {}\n",
        control.owner.name(),
        assured(control.assurance)
    ));
    if let Some(source) = control.source {
        entry.push_str(&format!("\nAsked for by: {source}.\n"));
    }
    entry
}

fn row(param: &dyn Parameter) -> String {
    let default = match param.default() {
        Some(value) => format!("`{}`", value.written()),
        None => "must be given".to_owned(),
    };
    let name = param.name();
    format!(
        "| `{name}` | {} | {default} | {} |\n",
        takes(param.form()),
        param.about()
    )
}

/// What a parameter takes; a long list of words stands once, at the end of the page.
fn takes(form: Form) -> String {
    match form {
        Form::OneOf { kind, terms } if terms().len() > SHORT_LIST => {
            format!("[{kind}](#{})", slug(kind))
        }
        Form::ListOf { kind, terms } if terms().len() > SHORT_LIST => {
            format!(
                "a list in square brackets, each item [{kind}](#{})",
                slug(kind)
            )
        }
        Form::Number { .. }
        | Form::YesNo
        | Form::Text
        | Form::Slug
        | Form::OneOf { .. }
        | Form::ListOf { .. }
        | Form::Count { .. }
        | Form::Measure { .. }
        | Form::Period { .. }
        | Form::Time => form.allowed(),
    }
}

/// How many words still stand in a cell of a table.
const SHORT_LIST: usize = 4;

fn words() -> String {
    let mut told = Vec::new();
    let mut lists = String::new();
    for param in controls::catalogue()
        .iter()
        .flat_map(|control| control.params)
    {
        let (Form::OneOf { kind, terms } | Form::ListOf { kind, terms }) = param.form() else {
            continue;
        };
        if terms().len() <= SHORT_LIST || told.contains(&kind) {
            continue;
        }
        told.push(kind);
        lists.push_str(&format!(
            "\n## {}\n\n| Written | Means |\n|---|---|\n",
            capital(kind)
        ));
        for term in terms() {
            lists.push_str(&format!("| `\"{}\"` | {} |\n", term.key, term.name));
        }
    }
    lists
}

fn assured(assurance: Assurance) -> String {
    match assurance {
        Assurance::Enforced => "The program enforces it.".to_owned(),
        Assurance::Counted(_) => "Whether it holds is counted from records.".to_owned(),
        Assurance::Attested { every } => format!("A named person confirms it every {every}."),
    }
}
