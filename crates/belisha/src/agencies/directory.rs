//! The directory: agencies and helplines as data, each with its source and the day on
//! which it was checked.

use std::sync::LazyLock;

/// An agency or helpline.
#[derive(Debug)]
pub(crate) struct Agency {
    pub(crate) key: String,
    pub(crate) name: String,
    /// Has no national number: the school fills in its own.
    pub(crate) is_local: bool,
    pub(crate) purpose: String,
    pub(crate) when: String,
    pub(crate) not_for: String,
    pub(crate) phone: String,
    pub(crate) web: String,
    pub(crate) hours: String,
    /// The source is old or second-hand: to be checked before anybody relies on it.
    pub(crate) check_first: bool,
    pub(crate) sources: Vec<String>,
}

/// The directory as it came with the program.
pub(crate) struct Directory {
    /// The day on which it was checked.
    pub(crate) checked_on: String,
    pub(crate) agencies: Vec<Agency>,
}

const DATA: &str = include_str!("../../../../guidance/agencies-2026-11.toml");

static DIRECTORY: LazyLock<Directory> =
    LazyLock::new(|| read().expect("the directory is part of the program; a test reads it"));

/// The whole directory.
pub(crate) fn all() -> &'static Directory {
    &DIRECTORY
}

/// The agency with this key.
pub(crate) fn agency(key: &str) -> Option<&'static Agency> {
    DIRECTORY.agencies.iter().find(|agency| agency.key == key)
}

/// What the agency with this key is called; the key itself where the directory has it no more.
pub(crate) fn name(key: &str) -> &str {
    agency(key).map_or(key, |agency| agency.name.as_str())
}

fn read() -> Option<Directory> {
    let document: toml_edit::DocumentMut = DATA.parse().ok()?;
    let agencies = document
        .get("agency")?
        .as_array_of_tables()?
        .iter()
        .map(|table| {
            let word = |key: &str| table.get(key)?.as_str().map(str::to_owned);
            Some(Agency {
                key: word("key")?,
                name: word("name")?,
                is_local: word("scope")? == "local",
                purpose: word("purpose")?,
                when: word("when")?,
                not_for: word("not_for")?,
                phone: word("phone")?,
                web: word("web")?,
                hours: word("hours")?,
                check_first: word("confidence")? == "verify",
                sources: table
                    .get("source")?
                    .as_array()?
                    .iter()
                    .map(|source| source.as_str().map(str::to_owned))
                    .collect::<Option<_>>()?,
            })
        })
        .collect::<Option<_>>()?;
    Some(Directory {
        checked_on: document.get("checked_on")?.as_str()?.to_owned(),
        agencies,
    })
}
