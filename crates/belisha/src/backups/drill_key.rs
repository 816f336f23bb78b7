//! The drill key: opens backups on this server, so that each can be restored at night.
//!
//! Without it only the recovery kit opens a backup, and the kit lies in safes. It lies
//! beside the key file, readable by its owner alone, and opens nothing that the key file
//! does not: it does not open the key file's own copy inside the backup.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::PathBuf;

use belisha_vault::FileIdentity;

use crate::clock::ForVault;
use crate::problem::Fault;
use crate::school::School;

fn path(school: &School) -> PathBuf {
    school.key_file.path().with_extension("drill")
}

/// The school's drill key; made when it is first asked for.
pub(crate) fn of(school: &School) -> Result<FileIdentity, Fault> {
    let path = path(school);
    let fault = |error: std::io::Error| Fault::at("reading the drill key".into(), error);
    match std::fs::File::open(&path) {
        Ok(file) => {
            let mode = file.metadata().map_err(fault)?.mode();
            if mode & 0o077 != 0 {
                return Err(Fault::said(format!(
                    "others than the owner can use the drill key {}; run: chmod 600 {}",
                    path.display(),
                    path.display()
                )));
            }
            let mut text = zeroize::Zeroizing::new(String::new());
            file.take(1024).read_to_string(&mut text).map_err(fault)?;
            FileIdentity::read(&text)
                .map_err(|problem| Fault::at("reading the drill key".into(), problem))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let identity = FileIdentity::new(&mut ForVault(&*school.chance));
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .map_err(fault)?;
            file.write_all(identity.text().as_bytes())
                .and_then(|()| file.write_all(b"\n"))
                .and_then(|()| file.sync_all())
                .map_err(fault)?;
            Ok(identity)
        }
        Err(error) => Err(fault(error)),
    }
}
