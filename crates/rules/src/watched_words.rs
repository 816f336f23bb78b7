//! Words in a search or an address that may mean that a child needs somebody: `guidance/watched-words.toml`.
//!
//! The browser extension asks the same question on the device, by the same rules; `extension/words.js` is this
//! file in its language, and both are held to the examples of `extension/test/watched-words.json`.

use std::sync::LazyLock;

use belisha_policy::Word;
use belisha_policy::sites::Theme;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

const DATA: &str = include_str!("../../../guidance/watched-words.toml");

static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| read(DATA).expect("the words are part of the program; a test reads them"));

/// How much a match worries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Urgent,
    Concern,
}

/// One rule, with its words in their one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    pub id: String,
    #[serde(serialize_with = "by_key")]
    pub theme: Theme,
    pub severity: Severity,
    pub language: String,
    pub any: Vec<String>,
    pub with: Vec<String>,
    pub unless: Vec<String>,
}

fn by_key<S: serde::Serializer>(theme: &Theme, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(theme.key())
}

/// Every rule.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The rules about these themes that a text meets, the gravest first.
pub fn met_by(text: &str, themes: &[Theme]) -> Vec<&'static Rule> {
    let text = format!(" {} ", one_form(text));
    let mut met: Vec<&Rule> = rules()
        .iter()
        .filter(|rule| themes.contains(&rule.theme) && rule.is_met_by(&text))
        .collect();
    met.sort_by_key(|rule| rule.severity);
    met
}

impl Rule {
    /// By a text in its one form, with a blank at either end.
    fn is_met_by(&self, text: &str) -> bool {
        let stands = |phrases: &[String]| phrases.iter().any(|phrase| stands_in(phrase, text));
        stands(&self.any) && (self.with.is_empty() || stands(&self.with)) && !stands(&self.unless)
    }
}

fn stands_in(phrase: &str, text: &str) -> bool {
    match phrase.strip_suffix('*') {
        Some(beginning) => text.contains(&format!(" {beginning}")),
        None => text.contains(&format!(" {phrase} ")),
    }
}

/// Small letters and digits with single blanks between the words: no accents, no marks.
pub fn one_form(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let letters = text
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase);
    for letter in letters {
        if letter.is_alphanumeric() {
            out.push(letter);
        } else if !matches!(letter, '\'' | '’' | 'ʼ' | '`') && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

fn read(text: &str) -> Option<Vec<Rule>> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    document
        .get("rule")?
        .as_array_of_tables()?
        .iter()
        .map(|table| {
            let word = |key: &str| table.get(key)?.as_str().map(str::to_owned);
            let phrases = |key: &str| -> Option<Vec<String>> {
                let Some(found) = table.get(key) else {
                    return Some(Vec::new());
                };
                let phrase = |value: &toml_edit::Value| {
                    let text = value.as_str()?;
                    let star = if text.ends_with('*') { "*" } else { "" };
                    Some(one_form(text) + star)
                };
                found.as_array()?.iter().map(phrase).collect()
            };
            Some(Rule {
                id: word("id")?,
                theme: Theme::from_key(&word("theme")?)?,
                severity: match word("severity")?.as_str() {
                    "urgent" => Severity::Urgent,
                    "concern" => Severity::Concern,
                    _ => return None,
                },
                language: word("language")?,
                any: phrases("any")?,
                with: phrases("with")?,
                unless: phrases("unless")?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
