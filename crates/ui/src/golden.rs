//! Our markup against the fixtures of govuk-frontend, component by component.
//!
//! Deliberate differences: radios always stand in a fieldset; nothing is ever disabled; a button prevents the double
//! click unless told otherwise; text boxes leave `spellcheck` to the browser unless told; tables always have headings
//! and their cells carry `data-label` for phones; the states of a task list are a closed set with our own colours.

use std::collections::BTreeMap;

use askama::filters::HtmlSafe;
use scraper::{ElementRef, Html as Document, Node};

mod choices;
mod content;
mod fields;
mod navigation;

/// Elements with sorted attributes and text with single spaces: what a browser makes of the markup.
fn normal(html: &str) -> String {
    let document = Document::parse_fragment(html);
    let mut lines = Vec::new();
    describe(document.root_element(), 0, &mut lines);
    lines.join("\n")
}

fn describe(element: ElementRef<'_>, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    for child in element.children() {
        match child.value() {
            Node::Text(text) => {
                let words: Vec<&str> = text.split_whitespace().collect();
                if !words.is_empty() {
                    lines.push(format!("{indent}{}", words.join(" ")));
                }
            }
            Node::Element(found) => {
                let attributes: BTreeMap<&str, String> = found
                    .attrs()
                    .map(|(name, value)| (name, in_order(name, value)))
                    .filter(|(name, _)| *name != "data-label")
                    .collect();
                lines.push(format!("{indent}{} {attributes:?}", found.name()));
                if let Some(inner) = ElementRef::wrap(child) {
                    describe(inner, depth + 1, lines);
                }
            }
            Node::Comment(_)
            | Node::Document
            | Node::Doctype(_)
            | Node::Fragment
            | Node::ProcessingInstruction(_) => {}
        }
    }
}

/// The order of classes and of described ids has no meaning to a style sheet, and little to a screen reader.
fn in_order(name: &str, value: &str) -> String {
    let mut words: Vec<&str> = value
        .split_whitespace()
        .filter(|word| !word.starts_with("belisha-"))
        .collect();
    if matches!(name, "class" | "aria-describedby") {
        words.sort_unstable();
    }
    words.join(" ")
}

fn fixture(component: &str, name: &str) -> String {
    let path = format!("{}/fixtures/{component}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect(&path);
    let fixtures: Vec<serde_json::Value> =
        serde_json::from_str(&text).expect("fixtures are a list");
    let found = fixtures.iter().find(|fixture| fixture["name"] == name);
    let html =
        found.unwrap_or_else(|| panic!("{component} has no fixture {name}"))["html"].as_str();
    html.expect("html is text").to_owned()
}

fn check(component: &str, name: &str, ours: &impl HtmlSafe) {
    let expected = normal(&fixture(component, name));
    assert_eq!(normal(&ours.to_string()), expected, "{component}: {name}");
}
