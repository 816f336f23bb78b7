//! A forgotten password without loss: two sheets of the recovery kit open the person's key, and it waits
//! under a code until they choose a new password. Done on the server's console, since the sheets never
//! belong in a browser. Whoever does it sees the code and never the key.

use std::sync::Arc;

use belisha_rules::accounts::Purpose;
use belisha_vault::{Kit, KitRecipient, OpenRefused, Person, PersonPrivate, PersonPublic};

use super::codes::Code;
use super::standing::{self, Stored};
use super::{given, passwords};
use crate::actor::Actor;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::notices::{self, NoticeKind};
use crate::problem::{Fault, Problem};
use crate::records;
use crate::school::School;

/// Who acts, as the journal names them: nobody is signed in on the console.
const CONSOLE: &str = "console";

/// Why a key was not recovered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecoveryRefused {
    #[error(
        "nobody has an account under “{0}”. Type the e-mail address they sign in with, or their id, as “belisha account list” shows them."
    )]
    Unknown(String),
    #[error(
        "the account is closed or has ended, so no code would open it. If the person is to come back, open it again on the page Accounts first."
    )]
    Over,
    #[error(
        "no key of this person was ever kept for the recovery kit. Give them a code for a new password on the page Accounts; whoever else can read a sealed case adds them to it again."
    )]
    NoKey,
    #[error(
        "these sheets are of the kit {given}, and the school’s kit is {kept}. Look for two sheets that bear the name {kept}."
    )]
    OtherKit { given: String, kept: String },
    #[error(
        "the sheets are of the right kit, and what was kept of this person’s key does not open with them. Restore the newest backup into an empty folder and try there; then report it."
    )]
    Damaged,
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("{0}")]
    Refused(String),
}

impl From<Problem> for RecoveryRefused {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Fault(fault) => Self::Fault(fault),
            Problem::Refused(refused) => Self::Refused(refused.why),
            Problem::Fields(_) | Problem::NotFound | Problem::GoTo(_) => Self::NoKey,
        }
    }
}

/// A person whose key the kit can open.
pub(crate) struct Recoverable {
    account: Stored,
    by_kit: Vec<u8>,
    public: PersonPublic,
}

/// What the person at the console hands over.
pub(crate) struct Recovered {
    pub(crate) name: String,
    pub(crate) code: Code,
    pub(crate) lasts: &'static str,
}

/// Finds a person by the address they sign in with, or by id.
pub(crate) async fn find(school: &School, whom: &str) -> Result<Recoverable, RecoveryRefused> {
    let mut records = school.database.read().await?;
    let found = match whom.trim().parse() {
        Ok(person) => standing::of(&mut records, person).await?,
        Err(_) => standing::by_name(&mut records, &standing::sign_in_name(whom)).await?,
    };
    let account = found.ok_or_else(|| RecoveryRefused::Unknown(whom.trim().to_owned()))?;
    if account
        .facts
        .is_over(school.today(), &school.settings().time_zone)
    {
        return Err(RecoveryRefused::Over);
    }
    let by_kit: Option<Vec<u8>> =
        sql("select private_key_by_recovery from account where person = $1")
            .bind(account.person.to_string())
            .one(&mut records)
            .await?
            .get("private_key_by_recovery")?;
    match (by_kit, account.public) {
        (Some(by_kit), Some(public)) => Ok(Recoverable {
            account,
            by_kit,
            public,
        }),
        (None, _) | (_, None) => Err(RecoveryRefused::NoKey),
    }
}

impl Recoverable {
    pub(crate) fn name(&self) -> &str {
        &self.account.name
    }

    /// Opens the key with the kit and leaves it under a new code. The second factor stays, and the old
    /// password works until the code is used.
    pub(crate) async fn recover(
        self,
        school: &Arc<School>,
        kit: &Kit,
    ) -> Result<Recovered, RecoveryRefused> {
        let kept = records::recovery_recipient(&mut school.database.read().await?).await?;
        let private = self.open(school, kit, kept)?;
        let account = self.account;
        let code = Code::new(school);
        let (_, wrapped) =
            passwords::wrap(school, account.person, private, &code.letters().into()).await?;
        let (purpose, lasts) = match account.password {
            Some(_) => (Purpose::Reset, "one hour"),
            None => (Purpose::Invitation, "seven days"),
        };
        let mut tx = school.write(Actor::School(CONSOLE)).await?;
        // The key was opened before the transaction began: it must still be the person's.
        tx.run_one(
            sql("update account set public_key = $2
                 where person = $1 and public_key = $2 and private_key_by_recovery = $3")
            .bind(account.person.to_string())
            .bind(self.public.to_bytes().as_slice())
            .bind(self.by_kit),
        )
        .await?;
        given::give_code(&mut tx, account.person, purpose, Some(&wrapped), &code).await?;
        let object = Object::new("account", account.person);
        notices::tell(
            &mut tx,
            account.person,
            NoticeKind::AccountChanged,
            &object,
            true,
        )
        .await?;
        let entry = Entry::of(EntryKind::AccountKeyRecovered, object)
            .fact("kit", kit.recipient().printed_name());
        tx.commit(entry).await?;
        Ok(Recovered {
            name: account.name,
            code,
            lasts,
        })
    }

    fn open(
        &self,
        school: &School,
        kit: &Kit,
        kept: Option<KitRecipient>,
    ) -> Result<PersonPrivate, RecoveryRefused> {
        let (settings, id) = (school.settings(), self.account.person.to_string());
        let person = Person {
            school: &settings.id,
            id: &id,
        };
        kit.unwrap_person(&person, &self.by_kit, &self.public)
            .map_err(|refused| match (refused, kept) {
                (OpenRefused::OtherKey { .. }, Some(kept)) => RecoveryRefused::OtherKit {
                    given: kit.recipient().printed_name(),
                    kept: kept.printed_name(),
                },
                _ => RecoveryRefused::Damaged,
            })
    }
}

/// One line of the list of accounts on the console.
pub(crate) struct Listed {
    pub(crate) person: String,
    pub(crate) name: String,
    pub(crate) sign_in_name: String,
    pub(crate) has_key: bool,
}

/// Everybody who has an account that is not closed.
pub(crate) async fn list(records: &mut Connection) -> Result<Vec<Listed>, Fault> {
    sql(
        "select account.person, person.name, account.sign_in_name, account.private_key_by_recovery
         from account join person on person.id = account.person
         where account.state <> 'disabled' order by person.sort_name, person.id",
    )
    .all(records)
    .await?
    .iter()
    .map(|row| {
        Ok(Listed {
            person: row.get("person")?,
            name: row.get("name")?,
            sign_in_name: row.get("sign_in_name")?,
            has_key: row
                .get::<Option<Vec<u8>>>("private_key_by_recovery")?
                .is_some(),
        })
    })
    .collect()
}
