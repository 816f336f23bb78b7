//! Notices: what a person should know of, said without saying what it is. A notice
//! is written in the transaction of the act it follows; the mail about it leaves
//! afterwards and says only that something waits.

use belisha_policy::Word;
use belisha_rules::ids::PersonId;

use crate::db::sql;
use crate::entries::Object;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::web::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}

/// What kind of thing waits; the sentence stands on the Today page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    IncidentForYou,
    IncidentCopied,
    IncidentMovedOn,
    IncidentActionYours,
    IncidentConfirmRecord,
    AgreementToSign,
    PolicyToApprove,
    PolicyInForce,
    AccountChanged,
    AccountResetToAgree,
    BackupFailed,
    PeopleImported,
}

impl Word for NoticeKind {
    const KIND: &'static str = "a kind of notice";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (
            Self::IncidentForYou,
            "incident-for-you",
            "A report waits for you to acknowledge it",
        ),
        (
            Self::IncidentCopied,
            "incident-copied",
            "A report was sent to you for information",
        ),
        (
            Self::IncidentMovedOn,
            "incident-moved-on",
            "A report that nobody answered has moved on to you",
        ),
        (
            Self::IncidentActionYours,
            "incident-action-yours",
            "You were given something to do in a case",
        ),
        (
            Self::IncidentConfirmRecord,
            "incident-confirm-record",
            "You are asked whether the record of your report is right",
        ),
        (
            Self::AgreementToSign,
            "agreement-to-sign",
            "An agreement waits for your signature",
        ),
        (
            Self::PolicyToApprove,
            "policy-to-approve",
            "A version of the policy waits for approval",
        ),
        (
            Self::PolicyInForce,
            "policy-in-force",
            "A new version of the policy is in force",
        ),
        (
            Self::AccountChanged,
            "account-changed",
            "Something about how you sign in has changed",
        ),
        (
            Self::AccountResetToAgree,
            "account-reset-to-agree",
            "Somebody has lost a second factor and needs your agreement",
        ),
        (
            Self::BackupFailed,
            "backup-failed",
            "A backup or its drill has failed",
        ),
        (
            Self::PeopleImported,
            "people-imported",
            "An import of people has finished",
        ),
    ];
}

/// Tells a person. The same thing is not told twice while it is unread.
pub async fn tell(
    tx: &mut Tx,
    person: PersonId,
    kind: NoticeKind,
    object: &Object,
    urgent: bool,
) -> Result<(), Problem> {
    let id = tx.school().new_row_id();
    let now = tx.now();
    tx.run(
        sql(
            "insert into notice (id, person, kind, object, made_at, read_at, urgent, mailed_at,
                                 mail_attempts, mail_fault)
             select $1, $2, $3, $4, $5, null, $6, null, 0, null
             where not exists (
                 select 1 from notice
                 where person = $2 and kind = $3 and object = $4 and read_at is null)",
        )
        .bind(id)
        .bind(person.to_string())
        .bind(kind.key())
        .bind(object.as_str())
        .bind(now)
        .bind(urgent),
    )
    .await?;
    Ok(())
}
