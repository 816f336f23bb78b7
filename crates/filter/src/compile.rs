//! From a folder of lists to an index, with a report of everything that was odd on the way.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use data_encoding::HEXLOWER;

use crate::decided::{self, Decided};
use crate::index::{
    BuildRefused, Builder, Counts, Index, IndexRefused, Key, WriteRefused, names_beside,
    write_whole,
};
use crate::lists::{
    Fault, FolderRefused, Format, Hashed, HashedRefused, Hold, Intake, Keep, Kind, Limits,
    ListFile, ListInfo, What, digest, open, read, scan, version_of,
};

/// What to compile, and how.
#[derive(Debug)]
pub struct Compile<'a> {
    pub lists: &'a Path,
    pub out: &'a Path,
    /// 32 random bytes: the key of the index.
    pub key: [u8; 32],
    /// In seconds since 1970.
    pub built_at: i64,
    pub limits: Limits,
    /// Lists whose new version is taken although it would be held.
    pub accept: BTreeSet<String>,
}

/// What became of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListReport {
    pub name: String,
    pub category: String,
    pub kind: Kind,
    pub entries: u64,
    pub ignored: u64,
    pub faults: u64,
    /// The first faults, each with its file.
    pub first_faults: Vec<(PathBuf, Fault)>,
    /// Set where the version before stays in use, with the reason.
    pub held: Option<Hold>,
    /// What the version in the folder is known by, and the one in use. Empty where there is none, or where it
    /// is of illegal content.
    pub found: String,
    pub in_use: String,
}

/// What a compilation made.
#[derive(Debug)]
pub struct Report {
    pub counts: Counts,
    pub lists: Vec<ListReport>,
    pub left: Vec<(PathBuf, &'static str)>,
}

/// Why no index was made. The index that was there stays.
#[derive(Debug, thiserror::Error)]
pub enum CompileRefused {
    #[error(transparent)]
    Folder(#[from] FolderRefused),
    #[error("{0} holds no list")]
    NoLists(PathBuf),
    #[error(
        "the list “{name}” is held and no version of it was in use before: {why}. Mend it, or switch it off in lists.toml"
    )]
    NoGoodVersion { name: String, why: Hold },
    #[error(transparent)]
    Build(#[from] BuildRefused),
    #[error(transparent)]
    Write(#[from] WriteRefused),
    #[error(transparent)]
    Open(#[from] IndexRefused),
    #[error("the last good versions cannot be kept: {0}")]
    Keep(#[from] io::Error),
    #[error("what was decided about the lists cannot be read: {0}")]
    Decided(#[source] io::Error),
}

/// Where the last good versions of an index's lists stand.
pub fn kept_beside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".kept");
    PathBuf::from(name)
}

/// Reads all lists and writes the index. Nothing is changed unless all of it worked.
pub fn compile(what: &Compile<'_>) -> Result<Report, CompileRefused> {
    let _alone = decided::alone(what.out)?;
    let found = scan(what.lists)?;
    let decisions = decided::decisions(what.out).map_err(CompileRefused::Decided)?;
    let mut keep = Keep::open(&kept_beside(what.out))?;
    let mut builder = Builder::new(Key::new(what.key));
    let mut report = Report {
        counts: Counts::default(),
        lists: Vec::new(),
        left: found.left,
    };
    let mut fresh = Vec::new();
    for list in &found.lists {
        let before = builder.mark();
        let version = if list.kind == Kind::Illegal {
            String::new()
        } else {
            version_of(list).unwrap_or_default()
        };
        let decision = decisions
            .get(&list.name)
            .filter(|_| list.kind != Kind::Illegal);
        let mut taken = take(what, list, (&version, decision), &keep, &mut builder)?;
        if taken.held.is_none() {
            taken.in_use.clone_from(&version);
            let digests = builder.hashed_since(before);
            fresh.push((list, taken.entries, digests, version.clone()));
        }
        taken.found = version;
        report.lists.push(taken);
    }
    let gone: Vec<String> = keep
        .names()
        .filter(|name| !found.lists.iter().any(|list| list.name == *name))
        .map(str::to_owned)
        .collect();
    for name in gone {
        let switched_off = report
            .left
            .iter()
            .any(|(_, why)| why.starts_with("switched off"));
        if what.accept.contains(&name) || switched_off {
            keep.forget(&name);
        } else {
            report
                .lists
                .push(take_kept(what, &name, (None, None), &keep, &mut builder)?);
        }
    }
    if report.lists.is_empty() {
        return Err(CompileRefused::NoLists(what.lists.to_owned()));
    }
    report.counts = builder.write(what.out, what.built_at)?;
    for (list, entries, digests, version) in fresh {
        keep.put(list, entries, &digests, (&version, what.built_at))?;
    }
    keep.save()?;
    decided::write_down(what.out, what.built_at, &report)?;
    Ok(report)
}

/// Takes the new version of a list, or the one before where the new one is held.
fn take(
    what: &Compile<'_>,
    list: &ListFile,
    (version, decision): (&str, Option<&Decided>),
    keep: &Keep,
    builder: &mut Builder,
) -> Result<ListReport, CompileRefused> {
    if let Some(Decided::Back(to)) = decision
        && keep.versions(&list.name).any(|kept| kept.digest == *to)
    {
        let new = (Some((list, Hold::WentBack)), Some(to.as_str()));
        return take_kept(what, &list.name, new, keep, builder);
    }
    let mark = builder.mark();
    let mut report = begin(list, builder)?;
    let hold = match fill(what, list, builder, &mut report) {
        Err(Failed::Build(why)) => return Err(why.into()),
        Err(Failed::Read(why)) => Some(Hold::Unreadable(why)),
        Ok(lines) if !within(&report, lines, what.limits) => Some(Hold::Faults {
            faults: report.faults,
            lines,
        }),
        Ok(_) => keep.size_hold(&list.name, report.entries),
    };
    let is_decided = |wanted: &Decided| decision == Some(wanted);
    let hold = if keep.get(&list.name).is_some() && is_decided(&Decided::Refuse(version.to_owned()))
    {
        Some(Hold::Refused)
    } else {
        hold
    };
    let forced = (what.accept.contains(&list.name)
        || is_decided(&Decided::Take(version.to_owned())))
        && !matches!(hold, Some(Hold::Unreadable(_)));
    match hold {
        Some(hold) if !forced => {
            builder.back_to(mark);
            let mut kept = take_kept(what, &list.name, (Some((list, hold)), None), keep, builder)?;
            kept.faults = report.faults;
            kept.first_faults = report.first_faults;
            Ok(kept)
        }
        _ => {
            builder.end(report.entries);
            Ok(report)
        }
    }
}

fn take_kept(
    what: &Compile<'_>,
    name: &str,
    (new, version): (Option<(&ListFile, Hold)>, Option<&str>),
    keep: &Keep,
    builder: &mut Builder,
) -> Result<ListReport, CompileRefused> {
    let before = keep
        .versions(name)
        .find(|kept| version.is_none_or(|version| kept.digest == version));
    let (hold, category, kind) = match new {
        Some((list, hold)) => (hold, list.category.clone(), list.kind),
        None => {
            let hold = Hold::Gone {
                before: before.map_or(0, |kept| kept.entries),
            };
            let category = before.map_or_else(String::new, |kept| kept.category.clone());
            (hold, category, before.map_or(Kind::Block, |kept| kept.kind))
        }
    };
    let Some(before) = before else {
        return Err(CompileRefused::NoGoodVersion {
            name: name.to_owned(),
            why: hold,
        });
    };
    let list = ListFile {
        name: name.to_owned(),
        category,
        kind,
        files: keep.files(before),
    };
    let mut report = begin(&list, builder)?;
    match fill(what, &list, builder, &mut report) {
        Ok(_) => {}
        Err(Failed::Build(why)) => return Err(why.into()),
        Err(Failed::Read(why)) => {
            let why = Hold::Unreadable(why);
            return Err(CompileRefused::NoGoodVersion {
                name: name.to_owned(),
                why,
            });
        }
    }
    builder.end(report.entries);
    report.held = Some(hold);
    report.in_use.clone_from(&before.digest);
    Ok(report)
}

/// Tells the files apart that this program makes meanwhile.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// An index of one version of one list alone, in a file that goes with it: to see what it would do. The key is
/// random, and tells the file from those that other programs make.
pub fn index_of(list: &ListFile, key: [u8; 32], limits: Limits) -> Result<Index, CompileRefused> {
    let folder = std::env::temp_dir();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let out = folder.join(format!(
        "belisha-list-{}-{number}-{}",
        std::process::id(),
        HEXLOWER.encode(&key[..8])
    ));
    let what = Compile {
        lists: &folder,
        out: &out,
        key,
        built_at: 0,
        limits,
        accept: BTreeSet::new(),
    };
    let mut builder = Builder::new(Key::new(key));
    let mut report = begin(list, &mut builder)?;
    match fill(&what, list, &mut builder, &mut report) {
        Ok(_) => {}
        Err(Failed::Build(why)) => return Err(why.into()),
        Err(Failed::Read(why)) => {
            let (name, why) = (list.name.clone(), Hold::Unreadable(why));
            return Err(CompileRefused::NoGoodVersion { name, why });
        }
    }
    builder.end(report.entries);
    builder.write(&out, 0)?;
    let index = Index::open(&out);
    for file in [out.clone(), names_beside(&out)] {
        // The index stays mapped for as long as it is open.
        let _ = std::fs::remove_file(file);
    }
    Ok(index?)
}

enum Failed {
    Read(String),
    Build(BuildRefused),
}

fn begin(list: &ListFile, builder: &mut Builder) -> Result<ListReport, BuildRefused> {
    builder.begin(ListInfo {
        name: list.name.clone(),
        category: list.category.clone(),
        kind: list.kind,
        entries: 0,
    })?;
    Ok(ListReport {
        name: list.name.clone(),
        category: list.category.clone(),
        kind: list.kind,
        entries: 0,
        ignored: 0,
        faults: 0,
        first_faults: Vec::new(),
        held: None,
        found: String::new(),
        in_use: String::new(),
    })
}

/// Reads a list's files into the index, and gives the number of lines.
fn fill(
    what: &Compile<'_>,
    list: &ListFile,
    builder: &mut Builder,
    report: &mut ListReport,
) -> Result<u64, Failed> {
    let mut all = 0;
    for (path, format) in &list.files {
        let unreadable =
            |why: &dyn std::fmt::Display| Failed::Read(format!("{}: {why}", path.display()));
        let from = open(path).map_err(|why| unreadable(&why))?;
        let intake = if *format == Format::Hashed {
            fill_hashed(from, builder).map_err(|why| unreadable(&why))?
        } else {
            fill_entries(what, list, *format, from, builder).map_err(|why| match why {
                Filled::Read(why) => unreadable(&why),
                Filled::Build(why) => Failed::Build(why),
            })?
        };
        all += intake.lines;
        report.entries += intake.entries;
        report.ignored += intake.ignored;
        report.faults += intake.faults;
        let faults = intake
            .first_faults
            .into_iter()
            .map(|fault| (path.clone(), fault));
        report.first_faults.extend(faults);
    }
    Ok(all)
}

enum Filled {
    Read(io::Error),
    Build(BuildRefused),
}

fn fill_entries(
    what: &Compile<'_>,
    list: &ListFile,
    format: Format,
    from: impl io::BufRead,
    builder: &mut Builder,
) -> Result<Intake, Filled> {
    let mut refused = None;
    let mut digests = Vec::new();
    let intake = read(from, format, what.limits, &mut |entry| {
        if list.kind == Kind::Illegal {
            // What is illegal is kept as digests only, so that no file of ours names it.
            if !matches!(entry.what, What::Name(_)) || !entry.exception {
                digests.push(digest(&what.key, &entry.text()));
            }
        } else if refused.is_none()
            && let Err(why) = builder.add(&entry)
        {
            refused = Some(why);
        }
    });
    let intake = intake.map_err(Filled::Read)?;
    if list.kind == Kind::Illegal {
        builder.add_hashed(Hashed::new(what.key.to_vec(), digests));
    }
    refused.map_or(Ok(intake), |why| Err(Filled::Build(why)))
}

fn fill_hashed(from: impl io::BufRead, builder: &mut Builder) -> Result<Intake, HashedRefused> {
    let mut faults = Vec::new();
    let hashed = Hashed::read(from, &mut faults)?;
    let intake = Intake {
        lines: hashed.len() as u64 + faults.len() as u64,
        entries: hashed.len() as u64,
        ignored: 0,
        faults: faults.len() as u64,
        first_faults: faults.into_iter().take(10).collect(),
    };
    builder.add_hashed(hashed);
    Ok(intake)
}

fn within(report: &ListReport, lines: u64, limits: Limits) -> bool {
    let intake = Intake {
        lines,
        faults: report.faults,
        ..Intake::default()
    };
    intake.is_within(limits)
}

/// Whether anything can be written where the index will stand; for a clear answer before the work.
pub fn can_write(out: &Path) -> io::Result<()> {
    let mut name = out.as_os_str().to_owned();
    name.push(".try");
    let beside = PathBuf::from(name);
    write_whole(&beside, |_| Ok(()))?;
    std::fs::remove_file(beside)
}
