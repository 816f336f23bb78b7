//! Search engines that can be made to search safely by their name, from a data file with sources.

use std::sync::LazyLock;

use crate::verdict::{Group, Restriction};

static TEXT: &str = include_str!("safe_search.toml");

/// An engine, as the data file has it.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    pub key: String,
    pub names: Vec<String>,
    /// The name that searches safely.
    pub strict: Option<String>,
    /// A milder one, where there is.
    pub moderate: Option<String>,
    /// Its country sites: `www.google.` and these endings.
    #[serde(default)]
    pub countries: Vec<String>,
    #[serde(default)]
    pub country_prefix: String,
    pub source: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    canaries: Vec<String>,
    engine: Vec<Engine>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    // The file is part of the program, and a test reads it.
    toml_edit::de::from_str(TEXT).unwrap_or_else(|_| File {
        canaries: Vec::new(),
        engine: Vec::new(),
    })
});

pub fn engines() -> &'static [Engine] {
    &FILE.engine
}

/// Names that devices ask for to learn whether they may go round this resolver.
pub fn canaries() -> &'static [String] {
    &FILE.canaries
}

impl Engine {
    /// Every name by which it is asked for.
    pub fn all_names(&self) -> impl Iterator<Item = String> {
        let countries = self
            .countries
            .iter()
            .map(|ending| format!("{}{ending}", self.country_prefix));
        self.names.iter().cloned().chain(countries)
    }

    /// What a group gets instead: a safe name, nothing because it cannot be made safe, or the engine itself.
    pub fn for_group(&self, group: &Group) -> Instead<'_> {
        let restriction = match self.key.as_str() {
            "youtube" => group.youtube,
            _ if group.safe_search => Restriction::Strict,
            _ => Restriction::Off,
        };
        match restriction {
            Restriction::Off => Instead::Itself,
            Restriction::Strict => self
                .strict
                .as_deref()
                .map_or(Instead::Blocked, Instead::Safe),
            Restriction::Moderate => self
                .moderate
                .as_deref()
                .or(self.strict.as_deref())
                .map_or(Instead::Blocked, Instead::Safe),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead<'a> {
    Itself,
    Safe(&'a str),
    /// It cannot be made to search safely.
    Blocked,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_in_its_one_form_and_belongs_to_one_engine() {
        assert!(engines().len() >= 8);
        let mut all: Vec<String> = engines().iter().flat_map(Engine::all_names).collect();
        for name in &all {
            assert_eq!(crate::name::normal(name).as_deref(), Ok(name.as_str()));
        }
        assert!(
            all.contains(&"www.google.co.uk".to_owned()) && all.len() > 200,
            "{}",
            all.len()
        );
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
        for target in engines()
            .iter()
            .flat_map(|engine| engine.strict.iter().chain(&engine.moderate))
        {
            assert!(!all.contains(target), "{target} would lead to itself");
        }
    }
}
