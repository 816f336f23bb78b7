//! The verifiable pack: text, paper, files, and the lines of the journal that prove them,
//! written straight into the encryption that the recipient opens.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};

use belisha_vault::{FileRecipient, Sealing};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::pack::Loaded;
use super::proof::Lines;
use super::text::marks;
use super::zip::Writer;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::files;
use crate::files::spool::nameless;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

/// The first member, so that a later form can be told from this one.
pub(super) const FORMAT: &str = "belisha-pack 1";
pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const JOURNAL: &str = "journal.json";
pub(super) const README: &str = "README.txt";

/// What is in the pack, each with the hash of its content. The journal's entry of the
/// making commits to this text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) format: String,
    pub(super) number: String,
    pub(super) marks: Vec<(String, String)>,
    pub(super) contents: Vec<Content>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) size_bytes: u64,
    /// For a file of the case: its number, and what the journal's word on it was salted with.
    pub(super) file: Option<Provenance>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provenance {
    pub(super) id: String,
    pub(super) salt: String,
}

/// Where a file stands in the pack: a number and an ending of ours, whatever its name was.
fn place(number: usize, ending: &str) -> String {
    format!("files/{:02}.{ending}", number + 1)
}

/// Everything that the making commits to. Each file is read and proved once.
pub(super) async fn manifest(
    connection: &mut Connection,
    viewer: &Viewer,
    loaded: &Loaded,
    text: &str,
    paper: &[u8],
    made_at: &str,
) -> Result<Manifest, Problem> {
    let school = viewer.school.settings();
    let plain = |name: &str, bytes: &[u8]| Content {
        name: name.to_owned(),
        sha256: data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)),
        size_bytes: bytes.len() as u64,
        file: None,
    };
    let mut contents = vec![
        plain("chronology.txt", text.as_bytes()),
        plain("chronology.pdf", paper),
    ];
    for (number, file) in loaded
        .pack
        .files
        .iter()
        .filter(|file| file.goes)
        .enumerate()
    {
        let (case, kept, record) = files::queries::find(connection, viewer, file.id).await?;
        super::pack::may_have(viewer, &case)?;
        let bytes = files::content(connection, &viewer.school, &kept, &record).await?;
        contents.push(Content {
            file: Some(Provenance {
                id: file.id.to_string(),
                salt: kept.about.salt.clone(),
            }),
            ..plain(&place(number, &file.ending), &bytes)
        });
    }
    Ok(Manifest {
        format: FORMAT.into(),
        number: loaded.id.to_string(),
        marks: marks(loaded, &viewer.name, &school.name, made_at),
        contents,
    })
}

/// Writes the pack, encrypted, into a file that has no name.
pub(super) async fn write(
    connection: &mut Connection,
    viewer: &Viewer,
    loaded: &Loaded,
    parts: &Parts<'_>,
) -> Result<File, Problem> {
    let school = &viewer.school;
    let writing = |error: std::io::Error| Fault::at(format!("writing export:{}", loaded.id), error);
    let out = nameless(&school.data, &school.new_row_id()).map_err(writing)?;
    let passphrase = parts.passphrase.to_owned();
    let recipient = parts
        .recipient
        .map(str::parse::<FileRecipient>)
        .transpose()
        .map_err(|problem| Fault::at(format!("writing export:{}", loaded.id), problem))?;
    let sealing = tokio::task::spawn_blocking(move || match recipient {
        Some(recipient) => Sealing::begin(out, &[recipient]),
        None => Sealing::begin_with_passphrase(out, &passphrase),
    })
    .await
    .map_err(|error| Fault::at(format!("writing export:{}", loaded.id), error))?
    .map_err(|problem| Fault::at(format!("writing export:{}", loaded.id), problem))?;
    let mut zip = Writer::begin(sealing);
    let sequences = sequences(connection, loaded).await?;
    let lines = Lines::of(connection, school, sequences).await?;
    let readme = readme(&lines.verifier_key);
    zip.add(README, readme.as_bytes()).map_err(writing)?;
    zip.add(MANIFEST, parts.manifest.as_bytes())
        .map_err(writing)?;
    zip.add(JOURNAL, &lines.to_json()?).map_err(writing)?;
    zip.add("chronology.txt", parts.text.as_bytes())
        .map_err(writing)?;
    zip.add("chronology.pdf", parts.paper).map_err(writing)?;
    for (number, file) in loaded
        .pack
        .files
        .iter()
        .filter(|file| file.goes)
        .enumerate()
    {
        let (case, kept, record) = files::queries::find(connection, viewer, file.id).await?;
        super::pack::may_have(viewer, &case)?;
        let bytes = files::content(connection, school, &kept, &record).await?;
        zip.add(&place(number, &file.ending), &bytes)
            .map_err(writing)?;
    }
    let sealing = zip.finish().map_err(writing)?;
    let mut file = sealing
        .finish()
        .map_err(|problem| Fault::at(format!("writing export:{}", loaded.id), problem))?;
    file.flush().map_err(writing)?;
    file.seek(SeekFrom::Start(0)).map_err(writing)?;
    Ok(file)
}

/// What a finished pack holds already.
pub(super) struct Parts<'a> {
    pub(super) manifest: &'a str,
    pub(super) text: &'a str,
    pub(super) paper: &'a [u8],
    pub(super) passphrase: &'a str,
    /// The public key of the recipient, in place of a passphrase.
    pub(super) recipient: Option<&'a str>,
}

/// The lines of the journal that belong to the pack: what was done in its cases, the adding
/// of its files, and its own making.
async fn sequences(connection: &mut Connection, loaded: &Loaded) -> Result<Vec<i64>, Fault> {
    let mut sequences = Vec::new();
    for case in &loaded.cases {
        for row in sql("select sequence from journal_entry
             where object = $1 and action not in ('incident.opened', 'file.opened', 'file.downloaded', 'file.refused',
                                                  'export.begun', 'export.masked', 'export.checked', 'export.made',
                                                  'export.taken', 'export.abandoned', 'export.received',
                                                  'export.chased')
             order by sequence")
        .bind(crate::incidents::queries::object(*case).as_str())
        .all(connection)
        .await?
        {
            sequences.push(row.get("sequence")?);
        }
    }
    let made = super::begin::entry_object(loaded.id, &loaded.cases);
    for row in sql(
        "select sequence, line from journal_entry where object = $1 and action = 'export.made'
         order by sequence",
    )
    .bind(made.as_str())
    .all(connection)
    .await?
    {
        let line: String = row.get("line")?;
        if line.contains(&loaded.id.to_string()) {
            sequences.push(row.get("sequence")?);
        }
    }
    sequences.sort_unstable();
    Ok(sequences)
}

/// The entry that makes a pack final: it commits to the manifest.
pub(super) fn made(loaded: &Loaded, manifest: &str) -> Entry {
    Entry::of(
        EntryKind::ExportMade,
        super::begin::entry_object(loaded.id, &loaded.cases),
    )
    .fact("export", loaded.id)
    .fact("purpose", belisha_policy::Word::key(loaded.purpose))
    .fact("files", loaded.pack.files.iter().filter(|f| f.goes).count())
    .revision(Sha256::digest(manifest.as_bytes()).into())
}

fn readme(key: &str) -> String {
    format!(
        "What is in this pack\n\
         \n\
         chronology.pdf   the chronology on paper\n\
         chronology.txt   the same as plain text\n\
         files/           files that were kept with the case, unchanged\n\
         manifest.json    what is in the pack, with the SHA-256 of each part\n\
         journal.json     lines of the school’s journal, each with its proof\n\
         \n\
         It is for the person whose name stands in it, and may not be passed on.\n\
         \n\
         How to check that nothing was changed\n\
         \n\
         Ask the school’s governors, by another way than this pack, for the key of their\n\
         journal. It should be\n\
         \n\
         {key}\n\
         \n\
         Then run, with the program Belisha and without any network:\n\
         \n\
         belisha bundle verify FILE --key KEY\n\
         \n\
         FILE is the pack as it came (ending in .age; the passphrase is asked for) or\n\
         unpacked from it with the age tool (a zip file). What was encrypted to your own\n\
         public key is unpacked first. The answer is sound (0), changed\n\
         (1) or cannot be told (2). It shows that this is what the school’s journal says\n\
         left the school, and that the files are those that were added to the case. It does\n\
         not show that what people wrote is true.\n\
         \n\
         By hand: SHA-256 of each part is in manifest.json; SHA-256 of manifest.json is the\n\
         revision of the entry export.made in journal.json; each entry’s leaf and its way to\n\
         the root of the signed checkpoint are those of RFC 6962; a file’s own entry,\n\
         file.added, has as its revision SHA-256 of the bytes belisha/v1/file-content, zero,\n\
         the salt, and the file.\n"
    )
}

/// Reads a whole stream that is not large.
pub(super) fn read_all(mut from: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes)?;
    Ok(bytes)
}
