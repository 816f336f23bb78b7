//! Which files of a folder are lists, of which category, and how they are written.
//!
//! A folder with a file `domains` or `urls` in it is one list in the UT1 layout; its `usage` says
//! whether it blocks or allows. Any other text file is a list of its own: `ads.hosts.txt` is the list
//! `ads`, written as a hosts file. What the names do not say, `lists.toml` in the top folder does:
//!
//! ```toml
//! [[list]]
//! name = "ut1/ai"
//! category = "artificial-intelligence"
//! kind = "block"      # or "allow", "illegal", "off"
//! format = "plain"    # only where the program guesses wrong
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Kind;
use super::format::{Format, guess};
use crate::categories;

/// A list and the files that make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFile {
    pub name: String,
    pub category: String,
    pub kind: Kind,
    pub files: Vec<(PathBuf, Format)>,
}

/// What a folder holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ListFiles {
    pub lists: Vec<ListFile>,
    /// Files that were left alone, with the reason.
    pub left: Vec<(PathBuf, &'static str)>,
}

/// Why a folder cannot be read as lists.
#[derive(Debug, thiserror::Error)]
pub enum FolderRefused {
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    #[error("{0}: {1}")]
    Settings(PathBuf, String),
    #[error("{0} names the list “{1}”, and there is no such list in the folder")]
    NoSuchList(PathBuf, String),
}

const SETTINGS: &str = "lists.toml";
const DEEPEST: usize = 8;

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default, rename = "list")]
    lists: Vec<Setting>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    name: String,
    category: Option<String>,
    kind: Option<SettingKind>,
    format: Option<Format>,
}

#[derive(Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SettingKind {
    Block,
    Allow,
    Illegal,
    Off,
}

/// Finds the lists of a folder, in order of their names.
pub fn scan(folder: &Path) -> Result<ListFiles, FolderRefused> {
    let mut found = Found::default();
    found.enter(folder, "", 0)?;
    let place = folder.join(SETTINGS);
    let settings = settings(&place)?;
    for setting in &settings.lists {
        if !found.lists.contains_key(&setting.name) {
            return Err(FolderRefused::NoSuchList(place, setting.name.clone()));
        }
    }
    let mut files = ListFiles {
        lists: Vec::new(),
        left: found.left,
    };
    for (name, mut list) in found.lists {
        let setting = settings.lists.iter().find(|setting| setting.name == name);
        if let Some(setting) = setting {
            if setting.kind == Some(SettingKind::Off) {
                let off = list
                    .files
                    .into_iter()
                    .map(|(path, _)| (path, "switched off in lists.toml"));
                files.left.extend(off);
                continue;
            }
            if let Some(category) = &setting.category {
                list.category.clone_from(category);
            }
            if let Some(format) = setting.format {
                list.files.iter_mut().for_each(|file| file.1 = format);
            }
            list.kind = match setting.kind {
                Some(SettingKind::Allow) => Kind::Allow,
                Some(SettingKind::Illegal) => Kind::Illegal,
                Some(SettingKind::Block) => Kind::Block,
                Some(SettingKind::Off) | None => list.kind,
            };
        }
        // Digests come from those who list illegal content, whatever a setting says.
        if list
            .files
            .iter()
            .any(|(_, format)| *format == Format::Hashed)
        {
            list.kind = Kind::Illegal;
        }
        files.lists.push(list);
    }
    Ok(files)
}

fn settings(place: &Path) -> Result<Settings, FolderRefused> {
    match fs::read_to_string(place) {
        Ok(text) => toml_edit::de::from_str(&text)
            .map_err(|why| FolderRefused::Settings(place.to_owned(), why.to_string())),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(why) => Err(FolderRefused::Io(place.to_owned(), why)),
    }
}

#[derive(Default)]
struct Found {
    lists: BTreeMap<String, ListFile>,
    left: Vec<(PathBuf, &'static str)>,
}

impl Found {
    fn enter(&mut self, folder: &Path, name: &str, depth: usize) -> Result<(), FolderRefused> {
        let failed = |why| FolderRefused::Io(folder.to_owned(), why);
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            entries.push((
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            ));
        }
        entries.sort();
        let is_category = entries
            .iter()
            .any(|(file, path)| matches!(unpacked(file), "domains" | "urls") && path.is_file());
        for (file, path) in entries {
            let inside = |file: &str| match name {
                "" => file.to_owned(),
                name => format!("{name}/{file}"),
            };
            if file.starts_with('.') {
                continue;
            }
            // A name of a list stands in lines of the log.
            if file.contains(char::is_control) {
                self.left
                    .push((path, "its name has signs that no name should have"));
                continue;
            }
            if path.is_dir() {
                if depth < DEEPEST {
                    self.enter(&path, &inside(&file), depth + 1)?;
                }
            } else if is_category {
                self.category_file(folder, name, &file, path);
            } else {
                self.single_file(&inside(&file), &file, path)?;
            }
        }
        Ok(())
    }

    fn category_file(&mut self, folder: &Path, name: &str, file: &str, path: PathBuf) {
        let format = match unpacked(file) {
            "domains" => Format::Plain,
            "urls" => Format::Pages,
            "expressions" | "very_restrictive_expression" => {
                self.left
                    .push((path, "expressions block too much; they are not read"));
                return;
            }
            _ => return,
        };
        let name = if name.is_empty() { "lists" } else { name };
        let last = name.rsplit('/').next().unwrap_or(name);
        let list = self
            .lists
            .entry(name.to_owned())
            .or_insert_with(|| ListFile {
                name: name.to_owned(),
                category: categories::of_list(last),
                kind: usage(folder),
                files: Vec::new(),
            });
        list.files.push((path, format));
    }

    fn single_file(&mut self, whole: &str, file: &str, path: PathBuf) -> Result<(), FolderRefused> {
        let bare = unpacked(file);
        let lower = bare.to_ascii_lowercase();
        let about = [
            "license",
            "licence",
            "readme",
            "copying",
            "notice",
            "aliases.txt",
            "global_usage",
        ];
        let others = [
            ".md", ".pdf", ".html", ".json", ".sig", ".asc", ".sha256", ".toml", ".csv",
        ];
        if about.iter().any(|start| lower.starts_with(start))
            || others.iter().any(|end| lower.ends_with(end))
        {
            if file != SETTINGS {
                self.left.push((path, "its name says that it is no list"));
            }
            return Ok(());
        }
        let Some(format) = named_format(&lower)
            .map_or_else(|| sniff(&path), |format| Ok(Some(format)))
            .map_err(|why| FolderRefused::Io(path.clone(), why))?
        else {
            self.left.push((path, "it is no text"));
            return Ok(());
        };
        let stem = bare.split('.').next().unwrap_or(bare);
        let name = format!("{}{stem}", &whole[..whole.len() - file.len()]);
        let list = self.lists.entry(name.clone()).or_insert_with(|| ListFile {
            name,
            category: categories::of_list(stem),
            kind: Kind::Block,
            files: Vec::new(),
        });
        list.files.push((path, format));
        Ok(())
    }
}

fn unpacked(file: &str) -> &str {
    file.strip_suffix(".gz").unwrap_or(file)
}

fn named_format(lower: &str) -> Option<Format> {
    const ENDINGS: &[(&str, Format)] = &[
        ("domains", Format::Plain),
        ("hosts", Format::Hosts),
        ("adblock", Format::Adblock),
        ("abp", Format::Adblock),
        ("urls", Format::Pages),
        ("rpz", Format::Rpz),
        ("zone", Format::Rpz),
        ("hashed", Format::Hashed),
    ];
    lower.split('.').rev().take(2).find_map(|part| {
        ENDINGS
            .iter()
            .find(|(ending, _)| *ending == part)
            .map(|(_, format)| *format)
    })
}

/// Looks at the first lines; none if they are no text.
fn sniff(path: &Path) -> io::Result<Option<Format>> {
    let mut sample = Vec::new();
    super::lines::open(path)?
        .take(16 * 1024)
        .read_to_end(&mut sample)?;
    // The sample may end within a letter.
    let text = match std::str::from_utf8(&sample) {
        Ok(text) => text,
        Err(why) if why.error_len().is_none() => {
            std::str::from_utf8(&sample[..why.valid_up_to()]).unwrap_or_default()
        }
        Err(_) if sample.contains(&0) => return Ok(None),
        Err(_) => return Ok(Some(guess(&String::from_utf8_lossy(&sample)))),
    };
    Ok(Some(guess(text)))
}

/// UT1's `usage`: a list that is only ever used to allow is an allow list.
fn usage(folder: &Path) -> Kind {
    let text = fs::read_to_string(folder.join("usage")).unwrap_or_default();
    let words = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .flat_map(str::split_whitespace);
    let (mut white, mut black) = (false, false);
    for word in words {
        white |= word == "white";
        black |= word == "black";
    }
    if white && !black {
        Kind::Allow
    } else {
        Kind::Block
    }
}
