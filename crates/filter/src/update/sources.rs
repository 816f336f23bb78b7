//! Where lists come from: `sources.toml`, which `docs/filter.md` describes.

use std::path::{Component, Path, PathBuf};

use minisign_verify::PublicKey;

/// Everything that is fetched.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// A certificate authority of the publishers' own, besides those of the machine.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    #[serde(default, rename = "source")]
    pub sources: Vec<Source>,
}

/// One file, or one archive, of a publisher.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Where it is put below the folder of lists. With `/` at its end it is a folder, and an archive is
    /// unpacked to it.
    pub to: String,
    /// `https:`, `http:` or `file:`.
    pub from: String,
    /// 64 hexadecimal digits, or the address of a file that has them.
    #[serde(default)]
    pub sha256: Option<String>,
    /// The publisher's minisign key. With it, what is not signed is not used.
    #[serde(default)]
    pub key: Option<String>,
    /// Left out, it is `from` with `.minisig` after it.
    #[serde(default)]
    pub signature: Option<String>,
    #[serde(default = "most_mb")]
    pub most_mb: u64,
}

fn most_mb() -> u64 {
    256
}

/// Why a file of sources cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourcesRefused {
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] std::io::Error),
    #[error("{0}: {1}")]
    Text(PathBuf, String),
    #[error("“{0}” does not lie in the folder of lists: write a path such as ut1/games/domains.gz")]
    Place(String),
    #[error("two sources are put at “{0}”")]
    SamePlace(String),
    #[error("the key of “{0}” is no minisign key: it is the second line of a .pub file")]
    Key(String),
    #[error(
        "“{0}” comes over http without a key or a checksum, so anybody on the way could change it: \
         use https, or give its key or its sha256"
    )]
    Unproved(String),
}

impl Sources {
    pub fn read(path: &Path) -> Result<Self, SourcesRefused> {
        let text = std::fs::read_to_string(path)
            .map_err(|why| SourcesRefused::Io(path.to_owned(), why))?;
        let mut sources: Self = toml_edit::de::from_str(&text)
            .map_err(|why| SourcesRefused::Text(path.to_owned(), why.to_string()))?;
        if let Some(authority) = &mut sources.authority {
            *authority = path.parent().unwrap_or(Path::new("")).join(&*authority);
        }
        sources.checked()
    }

    fn checked(self) -> Result<Self, SourcesRefused> {
        for (at, source) in self.sources.iter().enumerate() {
            let inside = |path: &Path| {
                path.components().count() > 0
                    && path
                        .components()
                        .all(|part| matches!(part, Component::Normal(_)))
            };
            let hidden = source.to.split('/').any(|part| part.starts_with('.'));
            if !inside(Path::new(&source.to)) || hidden || source.to.contains(char::is_control) {
                return Err(SourcesRefused::Place(source.to.clone()));
            }
            let same =
                |other: &Source| other.to.trim_end_matches('/') == source.to.trim_end_matches('/');
            if self.sources[..at].iter().any(same) {
                return Err(SourcesRefused::SamePlace(source.to.clone()));
            }
            if let Some(key) = &source.key
                && PublicKey::from_base64(key).is_err()
            {
                return Err(SourcesRefused::Key(source.to.clone()));
            }
            let is_http = |from: &str| {
                let scheme = from.get(..5);
                scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
            };
            let safe_sum = |sum: &String| !is_http(sum);
            let proved = source.key.is_some() || source.sha256.as_ref().is_some_and(safe_sum);
            if is_http(&source.from) && !proved {
                return Err(SourcesRefused::Unproved(source.to.clone()));
            }
        }
        Ok(self)
    }
}

impl Source {
    pub(super) fn is_archive(&self) -> bool {
        self.to.ends_with('/')
    }

    pub(super) fn signature_at(&self) -> String {
        self.signature
            .clone()
            .unwrap_or_else(|| format!("{}.minisig", self.from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, refused: &str) {
        let sources: Sources = toml_edit::de::from_str(text).expect("toml");
        let said = sources
            .checked()
            .map_or_else(|why| why.to_string(), |_| String::new());
        assert!(
            said.contains(refused) && said.is_empty() == refused.is_empty(),
            "{text}: {said}"
        );
    }

    #[test]
    fn a_source_stays_in_its_folder_and_is_proved() {
        let source = |to: &str, more: &str| format!("[[source]]\nto = \"{to}\"\n{more}\n");
        let https = "from = \"https://lists.example/games\"";
        check(&source("ut1/games/domains", https), "");
        for to in [
            "../games",
            "/etc/games",
            "",
            "a/../b",
            ".hidden",
            "a/.b",
            "./a",
        ] {
            check(&source(to, https), "does not lie in the folder");
        }
        let twice = source("games/", https) + &source("games", https);
        check(&twice, "two sources");
        let http = "from = \"http://lists.example/games\"";
        check(&source("games", http), "over http without");
        let loud = http.replace("http:", "HTTP:");
        check(&source("games", &loud), "over http without");
        let sum = format!("{http}\nsha256 = \"http://lists.example/games.sha256\"");
        check(&source("games", &sum), "over http without");
        let sum = format!("{http}\nsha256 = \"{}\"", "0".repeat(64));
        check(&source("games", &sum), "");
        let key = format!("{https}\nkey = \"RWQnonsense\"");
        check(&source("games", &key), "no minisign key");
    }
}
