//! What people decided about versions of lists, and how the lists stood when the index was last made: two
//! files beside the index, `….decided.json` written by the school's server and `….report.json` by `compile`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::compile::{ListReport, Report};
use crate::index::write_whole;
use crate::lists::Kind;

/// What was decided about one list. A version is known by the digest of its files.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", tag = "decision", content = "version")]
pub enum Decided {
    /// This version is taken although it would be held.
    Take(String),
    /// This version is not taken although it would be.
    Refuse(String),
    /// This version, which was in use before, is in use again, and no newer one until somebody takes it.
    Back(String),
}

/// Decisions by the names of lists.
pub type Decisions = BTreeMap<String, Decided>;

fn beside(out: &Path, end: &str) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Where the decisions about an index's lists stand.
pub fn decided_beside(out: &Path) -> PathBuf {
    beside(out, ".decided.json")
}

/// The decisions about an index's lists; none where there is no file.
pub fn decisions(out: &Path) -> io::Result<Decisions> {
    match fs::read(decided_beside(out)) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Decisions::new()),
        Err(why) => Err(why),
    }
}

/// Puts decisions in the place of those before.
pub fn decide(out: &Path, decisions: &Decisions) -> io::Result<()> {
    let text = serde_json::to_vec_pretty(decisions)?;
    write_whole(&decided_beside(out), |file| file.write_all(&text))
}

/// How the lists stood when the index was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Standing {
    /// In seconds since 1970.
    pub compiled_at: i64,
    /// When every source was last asked and none failed; none where nobody asks any.
    #[serde(default)]
    pub refreshed_at: Option<i64>,
    pub lists: Vec<ListStanding>,
}

/// How one list stood.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ListStanding {
    pub name: String,
    pub category: String,
    pub kind: Kind,
    /// Of the version in use.
    pub entries: u64,
    pub in_use: String,
    /// The version in the folder of lists; empty where there is none.
    pub found: String,
    /// Why the version in use is not the one in the folder.
    pub held: Option<String>,
    /// Lines of the folder's version that cannot be read, and the first of them.
    pub faults: u64,
    pub first_faults: Vec<String>,
}

impl ListStanding {
    fn of(list: &ListReport) -> Self {
        // What is illegal is never shown, neither its lines nor where they are.
        let shown = if list.kind == Kind::Illegal { 0 } else { 3 };
        Self {
            name: list.name.clone(),
            category: list.category.clone(),
            kind: list.kind,
            entries: list.entries,
            in_use: list.in_use.clone(),
            found: list.found.clone(),
            held: list.held.as_ref().map(ToString::to_string),
            faults: list.faults,
            first_faults: list
                .first_faults
                .iter()
                .take(shown)
                .map(|(path, fault)| {
                    let file = path.file_name().unwrap_or_default().to_string_lossy();
                    format!("{file}, line {}: {}", fault.line, fault.wrong)
                })
                .collect(),
        }
    }
}

/// Where it stands how the lists stood.
pub fn report_beside(out: &Path) -> PathBuf {
    beside(out, ".report.json")
}

/// How the lists stood when the index was last made; none where nobody wrote it down.
pub fn standing(out: &Path) -> Option<Standing> {
    serde_json::from_slice(&fs::read(report_beside(out)).ok()?).ok()
}

/// Writes down how the lists stand now. When they were refreshed stays.
pub(crate) fn write_down(out: &Path, compiled_at: i64, report: &Report) -> io::Result<()> {
    keep(
        out,
        &Standing {
            compiled_at,
            refreshed_at: standing(out).and_then(|before| before.refreshed_at),
            lists: report.lists.iter().map(ListStanding::of).collect(),
        },
    )
}

/// Writes down that every source was asked.
pub fn refreshed(out: &Path, at: i64) -> io::Result<()> {
    let before = standing(out).unwrap_or_default();
    keep(
        out,
        &Standing {
            refreshed_at: Some(at),
            ..before
        },
    )
}

fn keep(out: &Path, standing: &Standing) -> io::Result<()> {
    let text = serde_json::to_vec_pretty(standing)?;
    write_whole(&report_beside(out), |file| file.write_all(&text))
}

/// Keeps others from making the same index meanwhile, for as long as it is held.
pub(crate) fn alone(out: &Path) -> io::Result<fs::File> {
    let file = fs::File::create(beside(out, ".lock"))?;
    file.lock()?;
    Ok(file)
}
