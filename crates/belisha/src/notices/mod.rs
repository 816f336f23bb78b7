//! Notices: what a person should know of, said without saying what it is. A notice
//! is written in the transaction of the act it follows; the mail about it leaves
//! afterwards and says only that something waits.

mod list;
mod open;
mod place;
mod post;
mod queries;

#[cfg(test)]
mod tests;

use belisha_policy::Word;
use belisha_rules::ids::PersonId;

use crate::db::sql;
use crate::entries::Object;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::web::route::{Needs, Route, get};

pub(crate) use list::{Waiting, url, waiting};
pub(crate) use post::MAIL;
pub(crate) use queries::{MailStanding, mail_standing, unread};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/notices", Needs::Session, list::get),
        get("/notices/{id}", Needs::Session, open::get),
    ]
}

/// What kind of thing waits; the sentence stands on the Today page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    IncidentForYou,
    IncidentCopied,
    IncidentMovedOn,
    IncidentActionYours,
    IncidentConfirmRecord,
    IncidentAssigned,
    IncidentActionOverdue,
    IncidentSupportReview,
    IncidentWroteBack,
    TechnicalFault,
    IncidentHandedOver,
    IncidentSightTaken,
    IncidentSightJudged,
    IncidentWithoutReader,
    IncidentReview,
    ReferralHangs,
    AgreementToSign,
    AgreementDeclined,
    PolicyToApprove,
    PolicyInForce,
    AccountChanged,
    AccountResetToAgree,
    BackupFailed,
    PeopleImported,
    PostToApprove,
    FileLocked,
    ExportNotReceived,
    DataRequestDue,
    ApprovalToDecide,
    ApprovalToApply,
    ApprovalDecided,
    ApprovalFailed,
    RetentionDue,
    RetentionToAgree,
    ApprovalToReview,
    FilterAlert,
    FilterListHeld,
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
            Self::IncidentAssigned,
            "incident-assigned",
            "A case was given into your hands",
        ),
        (
            Self::IncidentActionOverdue,
            "incident-action-overdue",
            "Something you were to do in a case is overdue",
        ),
        (
            Self::IncidentSupportReview,
            "incident-support-review",
            "It is the day to ask how somebody is",
        ),
        (
            Self::IncidentWroteBack,
            "incident-wrote-back",
            "Somebody who reported without an account has written back",
        ),
        (
            Self::TechnicalFault,
            "technical-fault",
            "A report named a fault of the systems",
        ),
        (
            Self::IncidentHandedOver,
            "incident-handed-over",
            "A case was handed over to you",
        ),
        (
            Self::IncidentSightTaken,
            "incident-sight-taken",
            "Somebody opened a case in an emergency, and one of you judges whether it was right",
        ),
        (
            Self::IncidentSightJudged,
            "incident-sight-judged",
            "Your emergency sight of a case was judged",
        ),
        (
            Self::IncidentWithoutReader,
            "incident-without-reader",
            "A case has nobody left who can read it, and you can take it up",
        ),
        (
            Self::IncidentReview,
            "incident-review",
            "A case needs you now",
        ),
        (
            Self::ReferralHangs,
            "referral-hangs",
            "A referral has not been sent or answered in time",
        ),
        (
            Self::AgreementToSign,
            "agreement-to-sign",
            "An agreement waits for your signature",
        ),
        (
            Self::AgreementDeclined,
            "agreement-declined",
            "Somebody has declined to sign an agreement",
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
        (
            Self::PostToApprove,
            "post-to-approve",
            "An appointment waits for your approval",
        ),
        (
            Self::FileLocked,
            "file-locked",
            "A file that you added was found to be harmful and is locked",
        ),
        (
            Self::DataRequestDue,
            "data-request-due",
            "The last day to answer a request to see data is near or over",
        ),
        (
            Self::ExportNotReceived,
            "export-not-received",
            "The next school has not confirmed that a file arrived",
        ),
        (
            Self::ApprovalToDecide,
            "approval-to-decide",
            "A request waits for you to agree or refuse",
        ),
        (
            Self::ApprovalToApply,
            "approval-to-apply",
            "A change of the filter is agreed and waits to be applied",
        ),
        (
            Self::ApprovalDecided,
            "approval-decided",
            "A request of yours was decided",
        ),
        (
            Self::ApprovalFailed,
            "approval-failed",
            "The filter does not do what was agreed",
        ),
        (
            Self::RetentionDue,
            "retention-due",
            "A case has been kept as long as it is to be, and waits for a decision",
        ),
        (
            Self::RetentionToAgree,
            "retention-to-agree",
            "Somebody decided that a case is destroyed, and needs your agreement",
        ),
        (
            Self::ApprovalToReview,
            "approval-to-review",
            "A change of the filter waits for another person to look at it",
        ),
        (
            Self::FilterListHeld,
            "filter-list-held",
            "A new version of a list of the filter waits for you",
        ),
        (
            Self::FilterAlert,
            "filter-alert",
            "An alert of the filter waits for you",
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
    post::ask(tx, urgent).await
}

/// Marks what a person was told of this as read, once they have it open before them.
pub async fn seen(tx: &mut Tx, person: PersonId, object: &Object) -> Result<(), Problem> {
    let now = tx.now();
    tx.run(
        sql("update notice set read_at = $3
             where person = $1 and object = $2 and read_at is null")
        .bind(person.to_string())
        .bind(object.as_str())
        .bind(now),
    )
    .await?;
    Ok(())
}

/// Takes a notice off everybody's list, once what it asked for has been done by one of them.
pub async fn settled_for_all(
    tx: &mut Tx,
    kind: NoticeKind,
    object: &Object,
) -> Result<(), Problem> {
    let now = tx.now();
    tx.run(
        sql("update notice set read_at = $3
             where kind = $1 and object = $2 and read_at is null")
        .bind(kind.key())
        .bind(object.as_str())
        .bind(now),
    )
    .await?;
    Ok(())
}

/// Takes a notice off a person's list, once what it asked for has been done.
pub async fn settled(
    tx: &mut Tx,
    person: PersonId,
    kind: NoticeKind,
    object: &Object,
) -> Result<(), Problem> {
    let now = tx.now();
    tx.run(
        sql("update notice set read_at = $4
             where person = $1 and kind = $2 and object = $3 and read_at is null")
        .bind(person.to_string())
        .bind(kind.key())
        .bind(object.as_str())
        .bind(now),
    )
    .await?;
    Ok(())
}

/// Takes every notice of a thing that is no more, read or not.
pub async fn forget(tx: &mut Tx, object: &Object) -> Result<(), Problem> {
    tx.run(sql("delete from notice where object = $1").bind(object.as_str()))
        .await?;
    Ok(())
}
