//! The tree as it stands: every text file that belongs to the project.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// A file's place, from the root and with forward slashes, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub path: String,
    pub text: String,
}

/// All pages, in order of their paths.
#[derive(Debug, Default)]
pub struct House {
    pages: Vec<Page>,
    /// Files that are not text: they exist, which is all that a link needs.
    others: Vec<String>,
}

impl Page {
    /// The folder's path, empty at the root.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether the page is written in this language, told by the end of its name.
    pub fn is(&self, ending: &str) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, end)| end == ending)
    }

    /// Whether the page holds nothing but tests.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name == "tests.rs" || name.ends_with("_tests.rs") || self.path.contains("/tests/")
    }

    /// Numbered lines, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
    }
}

impl House {
    /// The project's own tree, wherever it was checked out.
    pub fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// Reads a tree, without what its `.gitignore` names.
    pub fn read(root: &Path) -> io::Result<Self> {
        let ignored = fs::read_to_string(root.join(".gitignore"))?;
        let ignored: Vec<&str> = ignored.lines().chain([".git/"]).collect();
        let mut house = Self::default();
        house.enter(root, "", &ignored)?;
        house.pages.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(house)
    }

    /// A made-up tree, for the tests of the rules.
    pub fn of(pages: &[(&str, &str)]) -> Self {
        let page = |(path, text): &(&str, &str)| Page {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self {
            pages: pages.iter().map(page).collect(),
            others: Vec::new(),
        }
    }

    pub fn pages(&self) -> impl Iterator<Item = &Page> {
        self.pages.iter()
    }

    pub fn page(&self, path: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.path == path)
    }

    /// Whether a file or a folder of this path exists.
    pub fn has(&self, path: &str) -> bool {
        let inside = |of: &str| {
            of.strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        path.is_empty()
            || self.pages.iter().any(|page| inside(&page.path))
            || self.others.iter().any(|of| inside(of))
    }

    fn enter(&mut self, root: &Path, folder: &str, ignored: &[&str]) -> io::Result<()> {
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            if ignored.iter().any(|pattern| names(pattern, &path)) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                self.enter(root, &path, ignored)?;
            } else if let Ok(text) = String::from_utf8(fs::read(entry.path())?) {
                self.pages.push(Page { path, text });
            } else {
                self.others.push(path);
            }
        }
        Ok(())
    }
}

/// The three forms that our `.gitignore` uses: `/from/the/root`, `name` anywhere, `*.ending`.
fn names(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim().trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or(path);
    match (pattern.strip_prefix('/'), pattern.strip_prefix('*')) {
        _ if pattern.is_empty() || pattern.starts_with('#') => false,
        (Some(whole), _) => whole == path,
        (None, Some(ending)) => name.ends_with(ending),
        (None, None) => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_paths_are_those_that_git_ignores() {
        let check = |pattern, path, expected| {
            assert_eq!(names(pattern, path), expected, "{pattern} {path}")
        };
        check("/target", "target", true);
        check("/target", "crates/target", false);
        check("node_modules/", "e2e/node_modules", true);
        check("/e2e/shots/", "e2e/shots", true);
        check("*.pdf.tmp", "crates/paper/page.pdf.tmp", true);
        check("*.pdf.tmp", "crates/paper/page.pdf", false);
        check("", "README.md", false);
        check("# a remark", "README.md", false);
    }

    #[test]
    fn a_folder_exists_when_something_is_in_it() {
        let house = House::of(&[("docs/decisions/0001.md", "")]);
        assert!(house.has("docs/decisions"));
        assert!(house.has("docs/decisions/0001.md"));
        assert!(!house.has("docs/dec"));
    }
}
