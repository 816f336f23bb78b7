//! The data files that the extension's settings are made from: search engines, and sites that are private.

use std::sync::LazyLock;

use belisha_filter::resolver;
use serde::Deserialize;

const ENGINES_TEXT: &str = include_str!("engines.toml");
const PRIVATE_TEXT: &str = include_str!("../../../../../guidance/private-sites.toml");

/// How a search is read from an address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EngineOf {
    pub(super) key: String,
    /// Its key in the resolver's list, which has its names.
    resolver: String,
    names: Vec<String>,
    pub(super) paths: Vec<String>,
    pub(super) terms: Vec<String>,
    #[serde(default)]
    pub(super) safe: Vec<(String, String)>,
}

impl EngineOf {
    pub(super) fn all_names(&self) -> Vec<String> {
        let listed = resolver::engines()
            .iter()
            .filter(|engine| engine.key == self.resolver)
            .flat_map(resolver::Engine::all_names);
        let mut names: Vec<String> = listed.chain(self.names.iter().cloned()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Engines {
    engine: Vec<EngineOf>,
}

pub(super) static ENGINES: LazyLock<Vec<EngineOf>> = LazyLock::new(|| {
    let read: Engines = toml_edit::de::from_str(ENGINES_TEXT)
        .expect("the engines are part of the program; a test reads them");
    read.engine
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Private {
    #[serde(rename = "checked_on")]
    _checked_on: String,
    kind: Vec<KindOf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindOf {
    #[serde(rename = "key")]
    _key: String,
    names: Vec<String>,
}

static PRIVATE: LazyLock<Vec<String>> = LazyLock::new(|| {
    let read: Private = toml_edit::de::from_str(PRIVATE_TEXT)
        .expect("the private sites are part of the program; a test reads them");
    read.kind.into_iter().flat_map(|kind| kind.names).collect()
});

/// Sites at which the extension looks at nothing.
pub(super) fn private() -> &'static [String] {
    &PRIVATE
}

/// Whether a site is one of them.
pub(super) fn is_private(host: &str) -> bool {
    private().iter().any(|name| {
        host.strip_suffix(name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use belisha_policy::Word as _;
    use belisha_policy::sites::SearchEngine;

    use super::*;

    #[test]
    fn each_engine_that_a_policy_may_name_is_known() {
        let ours: Vec<&str> = ENGINES.iter().map(|engine| engine.key.as_str()).collect();
        let named: Vec<&str> = SearchEngine::all().map(SearchEngine::key).collect();
        assert_eq!(ours, named);
        for engine in ENGINES.iter() {
            assert!(!engine.all_names().is_empty(), "{}", engine.key);
            assert!(!engine.terms.is_empty() && !engine.paths.is_empty());
        }
        let google = &ENGINES[0];
        assert!(google.all_names().contains(&"www.google.co.uk".to_owned()));
    }

    #[test]
    fn what_is_private_is_so_with_all_below_it() {
        assert!(is_private("childline.org.uk") && is_private("www.childline.org.uk"));
        assert!(is_private("111.nhs.uk") && is_private("online.hsbc.co.uk"));
        assert!(!is_private("notchildline.org.uk") && !is_private("org.uk"));
    }
}
