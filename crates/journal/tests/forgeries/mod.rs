//! Sound and forged journal files, made the same each time from fixed seeds, each with
//! the verdict that any verifier must reach. They are kept in `vectors/`.

mod edited;
mod page;
mod signed;
mod story;

use std::path::PathBuf;

use belisha_journal::VerifierKey;

/// One check: a file, the slips set beside it, and the verdict.
pub(crate) struct Vector {
    pub(crate) name: &'static str,
    pub(crate) file: Vec<u8>,
    /// Each slip with the name under which it is kept.
    pub(crate) slips: Vec<(&'static str, String)>,
    /// The first line that both verifiers print.
    pub(crate) headline: &'static str,
    pub(crate) exit_code: u8,
}

/// The key that the verifiers of the vectors pin.
pub(crate) fn pinned_key() -> VerifierKey {
    story::signer().verifier_key()
}

/// Every vector, in the order of the table.
pub(crate) fn all() -> Vec<Vector> {
    [
        signed::sound(),
        edited::all(),
        signed::rebuilt(),
        signed::resigned(),
        signed::beyond_telling(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The folder `vectors/` as it must be: each file's name and bytes.
pub(crate) fn folder() -> Vec<(String, Vec<u8>)> {
    let mut table = "file\tslips\tverdict\texit code\n".to_owned();
    let mut files = vec![(
        "key.txt".to_owned(),
        format!("{}\n", pinned_key()).into_bytes(),
    )];
    for vector in all() {
        let slips: Vec<&str> = vector.slips.iter().map(|(name, _)| *name).collect();
        let slips = if slips.is_empty() {
            "-".to_owned()
        } else {
            slips.join(" ")
        };
        let Vector {
            name,
            headline,
            exit_code,
            ..
        } = vector;
        table.push_str(&format!(
            "{name}.journal\t{slips}\t{headline}\t{exit_code}\n"
        ));
        files.push((format!("{name}.journal"), vector.file));
        files.extend(
            vector
                .slips
                .into_iter()
                .map(|(name, slip)| (name.to_owned(), slip.into())),
        );
    }
    files.push(("expected.tsv".to_owned(), table.into_bytes()));
    files.sort();
    files.dedup();
    files
}

/// Where the vectors are kept.
pub(crate) fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn vector(name: &'static str, headline: &'static str, file: impl Into<Vec<u8>>) -> Vector {
    let exit_code = match headline.split(' ').next() {
        Some("sound") => 0,
        Some("tampered") => 1,
        _ => 2,
    };
    Vector {
        name,
        file: file.into(),
        slips: Vec::new(),
        headline,
        exit_code,
    }
}

impl Vector {
    fn beside(mut self, name: &'static str, slip: impl Into<String>) -> Self {
        self.slips.push((name, slip.into()));
        self
    }
}
