//! One school as the program holds it while it runs: its records, its keys, its
//! clock, and the policy that is in force.

use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use belisha_policy::Policy;
use belisha_policy::difference::Difference;
use belisha_rules::ids::{Id, PolicyVersionId};
use belisha_vault::KeyFile;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use tokio::sync::Notify;

use crate::actor::Actor;
use crate::clock::{Chance, Clock, random};
use crate::db::{Connection, Database, sql};
use crate::entries::EntryKind;
use crate::files::Scanner;
use crate::jobs::UnderWay;
use crate::mail::Mail;
use crate::problem::{Fault, Problem};
use crate::school_keys::KeyRing;
use crate::tx::Tx;
use crate::web::certificate::Certificate;

/// A school that is being served.
pub struct School {
    /// The name of its folder and the first label of its host name.
    pub folder: String,
    pub data: PathBuf,
    /// The folder of its backups, where the operator named one.
    pub backups: Option<PathBuf>,
    pub database: Database,
    pub key_file: KeyRing,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub mail: Mail,
    /// The virus scanner, where the operator named one.
    pub scanner: Option<Scanner>,
    /// What people type into their browsers, for links in mails: `https://belisha.example`.
    pub address: String,
    /// Wakes the background work when there may be some.
    pub wake: Notify,
    /// The server's own certificate, where it has one.
    pub(crate) certificate: OnceLock<Arc<Certificate>>,
    /// How much work this server has put into passwords, in KiB times passes.
    pub password_work: AtomicU64,
    /// How far the background work of this server has come.
    pub under_way: UnderWay,
    /// How often devices with the browser extension came within this minute.
    pub(crate) extension_limit: crate::filter::ExtensionLimit,
    /// How the clauses stood when this server counted last.
    pub(crate) last_counted: crate::policies::LastCounted,
    /// The texts that searches look through.
    pub(crate) opened_texts: crate::incidents::OpenedTexts,
    settings: RwLock<Arc<Settings>>,
    in_force: RwLock<Option<Arc<InForce>>>,
}

/// The school's own facts: the one row of `school`.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A random id, bound into everything that is sealed.
    pub id: String,
    pub name: String,
    pub postal_address: String,
    pub town: String,
    pub time_zone: TimeZone,
    pub demonstration: bool,
    /// When the set-up wizard was finished; until then only the wizard works.
    pub set_up_at: Option<Timestamp>,
}

/// The version of the policy that is in force.
pub struct InForce {
    pub id: PolicyVersionId,
    pub number: i64,
    pub policy: Policy,
    pub in_force_on: Date,
    /// What it changed against the version it was begun from, once somebody has asked:
    /// both texts are final, and comparing them takes longer than the rest of a page.
    pub(crate) changed: OnceLock<Difference>,
}

/// What a school is opened with.
pub struct Opening {
    pub folder: String,
    pub data: PathBuf,
    pub backups: Option<PathBuf>,
    pub database: Database,
    pub key_file: KeyFile,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub mail: Mail,
    pub scanner: Option<Scanner>,
    pub address: String,
}

impl School {
    /// Reads the school's facts.
    pub async fn open(opening: Opening) -> Result<Arc<Self>, Fault> {
        let settings = read_settings(&mut opening.database.read().await?).await?;
        let school = Arc::new(Self {
            folder: opening.folder,
            key_file: KeyRing::new(opening.key_file, opening.data.clone()),
            data: opening.data,
            backups: opening.backups,
            database: opening.database,
            clock: opening.clock,
            chance: opening.chance,
            mail: opening.mail,
            scanner: opening.scanner,
            address: opening.address,
            wake: Notify::new(),
            certificate: OnceLock::new(),
            password_work: AtomicU64::new(0),
            under_way: UnderWay::default(),
            extension_limit: crate::filter::ExtensionLimit::default(),
            last_counted: crate::policies::LastCounted::default(),
            opened_texts: crate::incidents::OpenedTexts::default(),
            settings: RwLock::new(Arc::new(settings.unwrap_or_else(Settings::unset))),
            in_force: RwLock::new(None),
        });
        Ok(school)
    }

    /// The school's facts as they are now.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the facts again, after an act has changed them.
    pub async fn settings_changed(&self) -> Result<(), Fault> {
        if let Some(settings) = read_settings(&mut self.database.read().await?).await? {
            *self
                .settings
                .write()
                .unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
        }
        Ok(())
    }

    /// The policy in force. Which version that is, is asked of the records each time,
    /// since another server may have brought one into force; the text is parsed once.
    pub async fn in_force(&self, connection: &mut Connection) -> Result<Arc<InForce>, Problem> {
        let row = sql("select id from policy_version where state = 'in-force'")
            .optional(connection)
            .await?
            .ok_or_else(|| {
                Problem::refused(
                    "No policy is in force yet",
                    "Until the school has approved its policy, nothing here has rules to follow. \
                     Finish the set-up, or approve a version under Policy.",
                )
            })?;
        let id: PolicyVersionId = row.read("id", |text| text.parse().ok())?;
        let kept = self
            .in_force
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(kept) = kept.filter(|kept| kept.id == id) {
            return Ok(kept);
        }
        let row = sql("select number, text, in_force_on from policy_version where id = $1")
            .bind(id.to_string())
            .one(connection)
            .await?;
        let text: String = row.get("text")?;
        let policy = belisha_policy::parse(&text).map_err(|faults| {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            Fault::said(format!("the policy in force no longer reads: {first}"))
        })?;
        let fresh = Arc::new(InForce {
            id,
            number: row.get("number")?,
            policy,
            in_force_on: row.date("in_force_on")?,
            changed: OnceLock::new(),
        });
        *self
            .in_force
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// Begins an act.
    pub async fn write(self: &Arc<Self>, actor: Actor) -> Result<Tx, Fault> {
        Tx::begin(self, actor).await
    }

    /// The date of an instant by the school's own clock.
    pub fn date_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned(self.settings().time_zone.clone()).date()
    }

    /// The instant at which the school's own clock shows this; none where no instant can be told.
    pub fn instant(&self, date: Date, time: Time) -> Option<Timestamp> {
        let zone = self.settings().time_zone.clone();
        let at = date.to_datetime(time).to_zoned(zone).ok()?;
        Some(at.timestamp())
    }

    pub fn today(&self) -> Date {
        self.date_of(self.clock.now())
    }

    /// A new random id, in the form of a version 4 UUID.
    pub fn new_id<Of>(&self) -> Id<Of> {
        let bytes: [u8; 16] = random(&*self.chance);
        Id::new(
            uuid::Builder::from_random_bytes(bytes)
                .into_uuid()
                .as_u128(),
        )
    }

    /// The same as text, for rows that no rule speaks of.
    pub fn new_row_id(&self) -> String {
        self.new_id::<()>().to_string()
    }

    /// What follows an act: background work looks whether there is something to do.
    pub(crate) fn after_commit(&self, _kind: EntryKind) {
        self.wake.notify_one();
    }
}

impl Settings {
    fn unset() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            postal_address: String::new(),
            town: String::new(),
            time_zone: TimeZone::UTC,
            demonstration: false,
            set_up_at: None,
        }
    }
}

async fn read_settings(connection: &mut Connection) -> Result<Option<Settings>, Fault> {
    let row =
        sql("select id, name, address, town, time_zone, demonstration, set_up_at from school")
            .optional(connection)
            .await?;
    row.map(|row| {
        Ok(Settings {
            id: row.get("id")?,
            name: row.get("name")?,
            postal_address: row.get("address")?,
            town: row.get("town")?,
            time_zone: row.read("time_zone", |name| TimeZone::get(name).ok())?,
            demonstration: row.get("demonstration")?,
            set_up_at: row.instant_optional("set_up_at")?,
        })
    })
    .transpose()
}
