//! Where schools are kept, and opening them.
//!
//! `DATA/NAME/belisha.db` and what else belongs to a school stand in a folder of
//! its own; its key file stands in another folder, which no backup ever sees.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use belisha_vault::KeyFile;
use clap::Args;

use crate::clock::{Chance, Clock, ForVault, MachineChance, MachineClock};
use crate::db::{Database, Place, Server};
use crate::files::Scanner;
use crate::mail::Mail;
use crate::school::{Opening, School};

/// Where the schools are, and what they reach.
#[derive(Args, Clone)]
pub struct Where {
    /// The folder of the records: one folder a school stands in it.
    #[arg(long, default_value = "belisha-data", value_name = "DIR")]
    pub data: PathBuf,
    /// The folder of the key files, outside the folder of the records.
    /// By default it stands beside it, with “-keys” at the end of its name.
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// The folder of the backups, if not DATA/NAME/backups: one folder a school stands in it.
    #[arg(long, value_name = "DIR")]
    pub backups: Option<PathBuf>,
    /// Keep the records in PostgreSQL instead of in files: postgres://user:password@host/database.
    #[arg(long, value_name = "URL")]
    pub postgres: Option<String>,
    /// The mail server: smtp://host:port or smtps://user:password@host.
    #[arg(long, value_name = "URL")]
    pub mail: Option<String>,
    /// The address that mails come from.
    #[arg(long, value_name = "ADDRESS", default_value = "belisha@localhost")]
    pub mail_from: String,
    /// The virus scanner for files that are added: unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310.
    #[arg(long, value_name = "PLACE")]
    pub clamd: Option<Scanner>,
    /// What people type to reach this server, for links in mails and for passkeys.
    #[arg(long, value_name = "URL", default_value = "http://localhost:8080")]
    pub address: String,
}

impl Where {
    /// Records and keys of this machine's own, with no mail.
    pub fn here(data: &Path, port: u16) -> Self {
        Self {
            data: data.to_owned(),
            keys: None,
            backups: None,
            postgres: None,
            mail: None,
            mail_from: "belisha@localhost".to_owned(),
            clamd: None,
            address: format!("http://localhost:{port}"),
        }
    }

    pub fn keys_folder(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| {
            let mut name = self.data.file_name().unwrap_or_default().to_os_string();
            name.push("-keys");
            self.data.with_file_name(name)
        })
    }

    /// The place of one school's records; on the server, where several schools share one.
    pub fn place(&self, folder: &str, server: Option<&Server>) -> Place {
        let schema = || format!("school_{}", folder.replace('-', "_"));
        match (&self.postgres, server) {
            (Some(_), Some(server)) => Place::Shared {
                server: server.clone(),
                schema: schema(),
            },
            (Some(address), None) => Place::Postgres {
                address: address.clone(),
                schema: schema(),
            },
            (None, _) => Place::File(self.data.join(folder).join("belisha.db")),
        }
    }
}

/// One school that is there already, for commands that look or mend.
#[derive(Args)]
pub(super) struct Of {
    #[command(flatten)]
    at: Where,
    /// The name of the school's folder, where there are several.
    #[arg(long, value_name = "NAME")]
    school: Option<String>,
}

impl Of {
    /// Opens the school; never makes one.
    pub(super) async fn open(&self) -> anyhow::Result<Arc<School>> {
        anyhow::ensure!(
            self.at.data.is_dir(),
            "there is no folder {}. Name the folder of the records with --data.",
            self.at.data.display()
        );
        let mut schools = open_schools(&self.at).await?;
        match &self.school {
            Some(name) => schools
                .into_iter()
                .find(|school| school.folder == *name)
                .with_context(|| {
                    format!("there is no school “{name}” in {}", self.at.data.display())
                }),
            None if schools.len() == 1 => Ok(schools.remove(0)),
            None => {
                let names: Vec<&str> = schools.iter().map(|s| s.folder.as_str()).collect();
                bail!(
                    "there are several schools; name one with --school: {}",
                    names.join(", ")
                )
            }
        }
    }
}

/// Opens every school in the folder; makes the first, unset, where there is none.
pub async fn open_schools(at: &Where) -> anyhow::Result<Vec<Arc<School>>> {
    make_folder(&at.data)?;
    let mut folders: Vec<String> = std::fs::read_dir(&at.data)
        .with_context(|| format!("the folder {} cannot be read", at.data.display()))?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    folders.sort();
    if folders.is_empty() {
        folders.push("school".to_owned());
    }
    let clock: Arc<dyn Clock> = Arc::new(MachineClock::start());
    let chance: Arc<dyn Chance> = Arc::new(MachineChance);
    let server = at
        .postgres
        .as_deref()
        .map(|address| Server::at(address, folders.len()))
        .transpose()
        .context("the address of PostgreSQL cannot be read")?;
    let mut schools = Vec::with_capacity(folders.len());
    for folder in folders {
        let place = at.place(&folder, server.as_ref());
        let (clock, chance) = (Arc::clone(&clock), Arc::clone(&chance));
        schools.push(open_school_in(at, &folder, &place, clock, chance).await?);
    }
    Ok(schools)
}

/// Opens one school, or makes its empty records and its key file.
pub async fn open_school(
    at: &Where,
    folder: &str,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
) -> anyhow::Result<Arc<School>> {
    open_school_in(at, folder, &at.place(folder, None), clock, chance).await
}

async fn open_school_in(
    at: &Where,
    folder: &str,
    place: &Place,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
) -> anyhow::Result<Arc<School>> {
    let data = at.data.join(folder);
    make_folder(&data)?;
    let keys = at.keys_folder();
    make_folder(&keys)?;
    let key_path = keys.join(format!("{folder}.keys"));
    let records = data.join("belisha.db");
    let key_file = if key_path.exists() {
        KeyFile::open(&key_path, &data)?
    } else if records.exists() {
        bail!(
            "the key file {} is missing, and the records in {} cannot be read without it. \
             Put it back from where you keep it safe, or name its folder with --keys.",
            key_path.display(),
            data.display()
        );
    } else {
        KeyFile::create(&key_path, &data, &mut ForVault(&*chance))?
    };
    let (database, _) = Database::open(place).await?;
    let mail = match &at.mail {
        Some(url) => Mail::at(url, &at.mail_from)?,
        None => Mail::None,
    };
    Ok(School::open(Opening {
        folder: folder.to_owned(),
        data,
        backups: at.backups.as_ref().map(|backups| backups.join(folder)),
        database,
        key_file,
        clock,
        chance,
        mail,
        scanner: at.clamd.clone(),
        address: at.address.clone(),
    })
    .await?)
}

/// A folder that only this user can enter.
pub(super) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| {
            format!(
                "the folder {} cannot be made. Choose one that this user may write to, or make it first",
                folder.display()
            )
        })?;
    let probe = folder.join(".writable");
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .with_context(|| {
            format!(
                "this user may not write to the folder {}. Give it to this user (chown), or choose another",
                folder.display()
            )
        })
}
