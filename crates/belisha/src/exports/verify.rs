//! The check of a pack, with nothing but the pack and the key that the governors keep.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{Read, Seek};

use belisha_journal::{Entry, Hash, VerifierKey};
use belisha_policy::Word as _;
use sha2::{Digest as _, Sha256};

use super::bundle::{FORMAT, JOURNAL, MANIFEST, Manifest, README, read_all};
use super::proof::Lines;
use super::zip;
use crate::entries::EntryKind;
use crate::files::spool::begin_commitment;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PackVerdict {
    Sound {
        marks: Vec<(String, String)>,
        contents: usize,
        files: usize,
        lines: usize,
    },
    Changed(String),
    CannotTell(String),
}

impl PackVerdict {
    /// 0 sound, 1 changed, 2 cannot be told.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Sound { .. } => 0,
            Self::Changed(_) => 1,
            Self::CannotTell(_) => 2,
        }
    }
}

impl fmt::Display for PackVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sound {
                marks,
                contents,
                files,
                lines,
            } => {
                writeln!(f, "sound")?;
                writeln!(
                    f,
                    "The school’s journal says that this pack left the school as it is here: {contents} parts, \
                     {files} of them files of the case, proved by {lines} lines."
                )?;
                marks
                    .iter()
                    .try_for_each(|(label, value)| writeln!(f, "{label}: {value}"))
            }
            Self::Changed(why) => writeln!(f, "changed\n{why}"),
            Self::CannotTell(why) => writeln!(f, "cannot-tell\n{why}"),
        }
    }
}

/// Checks a pack that is decrypted.
pub(crate) fn verify<R: Read + Seek>(file: &mut R, key: &VerifierKey) -> PackVerdict {
    match check(file, key) {
        Ok(sound) => sound,
        Err(verdict) => verdict,
    }
}

fn check<R: Read + Seek>(file: &mut R, key: &VerifierKey) -> Result<PackVerdict, PackVerdict> {
    let cannot = |why: &str| PackVerdict::CannotTell(why.to_owned());
    let changed = |why: String| PackVerdict::Changed(why);
    let entries = zip::entries(file)
        .ok_or_else(|| cannot("This is not a pack, or it is damaged. Ask for it again."))?;
    let whole = |file: &mut R, name: &str| {
        let entry = entries
            .iter()
            .find(|entry| entry.name == name)
            .ok_or_else(|| PackVerdict::CannotTell(format!("{name} is missing from the pack.")))?;
        zip::open(file, entry)
            .and_then(read_all)
            .map_err(|error| PackVerdict::CannotTell(format!("{name} cannot be read: {error}")))
    };
    let manifest_text = whole(file, MANIFEST)?;
    let manifest: Manifest = serde_json::from_slice(&manifest_text)
        .map_err(|_| cannot("manifest.json is not in the form of a pack."))?;
    if manifest.format != FORMAT {
        return Err(cannot("The pack is of a newer form. Use a newer program."));
    }
    let lines = Lines::read(&whole(file, JOURNAL)?)
        .map_err(|why| PackVerdict::CannotTell(format!("{why}.")))?;
    if lines.verifier_key != key.to_string() {
        return Err(cannot(
            "The pack names another journal key than the one given. Compare the two with the school by telephone.",
        ));
    }
    let proved = lines
        .verify(key)
        .map_err(|why| changed(format!("In journal.json, {why}.")))?;
    let manifest_hash = Hash(Sha256::digest(&manifest_text).into());
    let is_making = |entry: &&Entry| entry.draft.action == EntryKind::ExportMade.key();
    let making = proved
        .iter()
        .filter(is_making)
        .find(|entry| entry.draft.facts.get("export") == Some(&manifest.number))
        .ok_or_else(|| {
            changed("No line of the journal speaks of the making of this pack.".into())
        })?;
    if making.draft.revision != Some(manifest_hash) {
        return Err(changed(
            "manifest.json is not the one that the journal commits to.".into(),
        ));
    }
    let mut expected: BTreeSet<&str> = [README, MANIFEST, JOURNAL].into();
    let mut files = 0;
    for content in &manifest.contents {
        expected.insert(&content.name);
        let entry = entries
            .iter()
            .find(|entry| entry.name == content.name)
            .ok_or_else(|| changed(format!("{} is missing.", content.name)))?;
        let salt = content
            .file
            .as_ref()
            .map(|file| {
                data_encoding::HEXLOWER
                    .decode(file.salt.as_bytes())
                    .ok()
                    .and_then(|salt| <[u8; 32]>::try_from(salt).ok())
                    .ok_or_else(|| cannot("manifest.json is damaged."))
            })
            .transpose()?;
        let (sha256, word) = hashes(file, entry, salt.as_ref())
            .map_err(|error| PackVerdict::CannotTell(format!("{}: {error}", content.name)))?;
        if data_encoding::HEXLOWER.encode(&sha256) != content.sha256 {
            return Err(changed(format!("{} was changed.", content.name)));
        }
        if let (Some(provenance), Some(word)) = (&content.file, word) {
            let added = proved.iter().any(|entry| {
                entry.draft.action == EntryKind::FileAdded.key()
                    && entry.draft.facts.get("file") == Some(&provenance.id)
                    && entry.draft.revision == Some(Hash(word))
            });
            if !added {
                return Err(changed(format!(
                    "{} is not the file that was added to the case.",
                    content.name
                )));
            }
            files += 1;
        }
    }
    if let Some(extra) = entries
        .iter()
        .find(|entry| !expected.contains(entry.name.as_str()))
    {
        return Err(changed(format!(
            "{} does not belong to the pack.",
            extra.name
        )));
    }
    Ok(PackVerdict::Sound {
        marks: manifest.marks,
        contents: manifest.contents.len(),
        files,
        lines: proved.len(),
    })
}

type Hashes = ([u8; 32], Option<[u8; 32]>);

fn hashes<R: Read + Seek>(
    file: &mut R,
    entry: &zip::Entry,
    salt: Option<&[u8; 32]>,
) -> std::io::Result<Hashes> {
    let mut content = zip::open(file, entry)?;
    let mut plain = Sha256::new();
    let mut word = salt.map(begin_commitment);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match content.read(&mut buffer)? {
            0 => break,
            count => {
                plain.update(&buffer[..count]);
                if let Some(word) = &mut word {
                    word.update(&buffer[..count]);
                }
            }
        }
    }
    Ok((
        plain.finalize().into(),
        word.map(|word| word.finalize().into()),
    ))
}
