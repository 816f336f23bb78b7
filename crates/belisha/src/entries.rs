//! What the journal can say: every kind of entry, declared once. The timeline,
//! the audit page and `docs/acts.md` are derived from this list.

use std::collections::BTreeMap;

use belisha_policy::Word;

use crate::db::{Connection, sql};
use crate::problem::Fault;

/// What happened. The order is that of the list on the audit page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    SchoolSetUp,
    SchoolChanged,
    RecoveryKitMade,
    PersonAdded,
    PersonChanged,
    PersonMerged,
    PersonRelationMarked,
    PeopleImportRead,
    PeopleImportConfirmed,
    PeopleImportAbandoned,
    PeopleImported,
    ClassAdded,
    ClassChanged,
    FamilyTied,
    FamilyUntied,
    PostProposed,
    PostProposalRefused,
    PostAppointed,
    PostEnded,
    PostAbsenceDeclared,
    PostAbsenceEnded,
    AccountInvited,
    AccountOpened,
    AccountPasswordChanged,
    AccountSecondFactorSet,
    AccountRecoveryCodesMade,
    AccountRecoveryCodeUsed,
    AccountDisabled,
    AccountEnabled,
    AccountResetAsked,
    AccountResetAgreed,
    AccountKeyRecovered,
    AccountPasswordReset,
    AccountPasswordKnown,
    SessionStarted,
    SessionRefused,
    SessionSteppedUp,
    SessionLocked,
    SessionUnlocked,
    SessionEnded,
    TokenMade,
    TokenRevoked,
    AccessRefused,
    PolicyDrafted,
    PolicyChanged,
    PolicyProposed,
    PolicyApproved,
    PolicyRefused,
    PolicyInForce,
    PolicyAttested,
    AgreementSigned,
    AgreementCopied,
    AgreementPaperRecorded,
    AgreementDeclined,
    AgreementDeclineRead,
    AgreementReminded,
    AgreementExported,
    AgreementOwed,
    IncidentReported,
    IncidentOpened,
    IncidentAcknowledged,
    IncidentMovedOn,
    IncidentTriaged,
    IncidentEntryAdded,
    IncidentActionSet,
    IncidentActionDone,
    IncidentParentsInformed,
    IncidentParentsHeld,
    IncidentPoliceDecided,
    IncidentPeopleChanged,
    IncidentConfirmed,
    IncidentAnswered,
    IncidentAnswerRead,
    IncidentWroteBack,
    IncidentExternallyRecorded,
    IncidentShared,
    IncidentAssigned,
    IncidentSanctionDecided,
    IncidentSupportDecided,
    IncidentLessonWritten,
    IncidentLinked,
    IncidentUnlinked,
    IncidentMerged,
    IncidentSeparated,
    IncidentReminded,
    IncidentSearched,
    IncidentDelegated,
    IncidentHandedOver,
    IncidentShareEnded,
    IncidentSightTaken,
    IncidentSightJudged,
    IncidentSightReminded,
    IncidentReadersLeft,
    IncidentTakenUp,
    IncidentEvidenceNoted,
    IncidentExtractAttached,
    IncidentInvestigated,
    IncidentDeviceSetAside,
    IncidentAccountMadeSafe,
    IncidentDeviceHandedOn,
    IncidentLowered,
    IncidentWithheld,
    IncidentGivenBack,
    IncidentClosed,
    IncidentReopened,
    PatternsExported,
    ReviewAnswered,
    ReviewSigned,
    ReviewEscalated,
    ReferralAdded,
    ReferralStep,
    ReferralOverdue,
    AgencyChanged,
    FileAdded,
    FileRefused,
    FileScanned,
    FileOpened,
    FileDownloaded,
    ExportBegun,
    ExportMasked,
    ExportChecked,
    ExportMade,
    ExportTaken,
    ExportAbandoned,
    ExportReceived,
    ExportChased,
    DataRequestRecorded,
    DataRequestOpened,
    DataRequestStep,
    DataRequestReminded,
    RetentionFound,
    RetentionHeld,
    RetentionHoldEnded,
    RetentionKept,
    RetentionProposed,
    RetentionDestroyed,
    ApprovalAsked,
    ApprovalAgreed,
    ApprovalRefused,
    ApprovalWithdrawn,
    ApprovalApplied,
    ApprovalTested,
    ApprovalStarted,
    ApprovalEnded,
    ApprovalRolledBack,
    ApprovalReviewed,
    FilterDeviceAdded,
    FilterDeviceChanged,
    FilterDeviceRetired,
    FilterDevicesImported,
    FilterListTaken,
    FilterListRefused,
    FilterListReturned,
    FilterListsSeen,
    FilterFiguresExported,
    ApprovalReviewAsked,
    FilterNodeInvited,
    FilterNodeEnrolled,
    FilterNodeEnded,
    FilterSet,
    FilterTested,
    FilterLogTaken,
    FilterLogForgotten,
    FilterLogSearched,
    FilterAlertRaised,
    FilterAlertTold,
    FilterAlertHandled,
    FilterEnrolmentMade,
    FilterEnrolmentEnded,
    FilterExtensionSet,
    FilterExtensionHeard,
    TechnicalFaultSeen,
    BackupMade,
    BackupFailed,
    BackupDrilled,
    BackupRestored,
    JournalRead,
    JournalExported,
    KeysRotated,
    KeysRewrapped,
    KeysRetired,
}

impl Word for EntryKind {
    const KIND: &'static str = "a kind of entry";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::SchoolSetUp, "school.set-up", "set the school up"),
        (
            Self::SchoolChanged,
            "school.changed",
            "changed the school’s details",
        ),
        (
            Self::RecoveryKitMade,
            "recovery-kit.made",
            "made the recovery kit",
        ),
        (Self::PersonAdded, "person.added", "added a person"),
        (
            Self::PersonChanged,
            "person.changed",
            "changed a person’s details",
        ),
        (
            Self::PersonMerged,
            "person.merged",
            "merged two entries of one person",
        ),
        (
            Self::PersonRelationMarked,
            "person.relation-marked",
            "marked two people as closely related",
        ),
        (
            Self::PeopleImportRead,
            "people-import.read",
            "read a file of people",
        ),
        (
            Self::PeopleImportConfirmed,
            "people-import.confirmed",
            "confirmed an import of people",
        ),
        (
            Self::PeopleImportAbandoned,
            "people-import.abandoned",
            "gave up an import of people",
        ),
        (
            Self::PeopleImported,
            "people-import.done",
            "imported people from a file",
        ),
        (Self::ClassAdded, "class.added", "added a class"),
        (
            Self::ClassChanged,
            "class.changed",
            "changed who is in a class",
        ),
        (
            Self::FamilyTied,
            "family.tied",
            "recorded an adult of a child",
        ),
        (
            Self::FamilyUntied,
            "family.untied",
            "took an adult of a child off the record",
        ),
        (
            Self::PostProposed,
            "post.proposed",
            "proposed a person for a post",
        ),
        (
            Self::PostProposalRefused,
            "post.proposal-refused",
            "refused a proposal for a post",
        ),
        (
            Self::PostAppointed,
            "post.appointed",
            "appointed a person to a post",
        ),
        (Self::PostEnded, "post.ended", "ended an appointment"),
        (
            Self::PostAbsenceDeclared,
            "post.absence-declared",
            "said on which days a holder of a post is away",
        ),
        (
            Self::PostAbsenceEnded,
            "post.absence-ended",
            "said that a holder of a post is back",
        ),
        (
            Self::AccountInvited,
            "account.invited",
            "invited a person to open an account",
        ),
        (Self::AccountOpened, "account.opened", "opened an account"),
        (
            Self::AccountPasswordChanged,
            "account.password-changed",
            "changed a password",
        ),
        (
            Self::AccountSecondFactorSet,
            "account.second-factor-set",
            "set a second factor",
        ),
        (
            Self::AccountRecoveryCodesMade,
            "account.recovery-codes-made",
            "made recovery codes",
        ),
        (
            Self::AccountRecoveryCodeUsed,
            "account.recovery-code-used",
            "used a recovery code",
        ),
        (
            Self::AccountDisabled,
            "account.disabled",
            "closed an account",
        ),
        (
            Self::AccountEnabled,
            "account.enabled",
            "opened a closed account again",
        ),
        (
            Self::AccountResetAsked,
            "account.reset-asked",
            "asked for a lost second factor to be reset",
        ),
        (
            Self::AccountResetAgreed,
            "account.reset-agreed",
            "agreed to a reset of a second factor",
        ),
        (
            Self::AccountKeyRecovered,
            "account.key-recovered",
            "recovered a person’s key with the recovery kit",
        ),
        (
            Self::AccountPasswordReset,
            "account.password-reset",
            "gave a person a code for a new password",
        ),
        (
            Self::AccountPasswordKnown,
            "account.password-known",
            "said that somebody else knows the password",
        ),
        (Self::SessionStarted, "session.started", "signed in"),
        (
            Self::SessionRefused,
            "session.refused",
            "was refused at sign-in",
        ),
        (
            Self::SessionSteppedUp,
            "session.stepped-up",
            "confirmed who they are",
        ),
        (
            Self::SessionLocked,
            "session.locked",
            "left a screen, which locked",
        ),
        (
            Self::SessionUnlocked,
            "session.unlocked",
            "unlocked the screen",
        ),
        (Self::SessionEnded, "session.ended", "signed out"),
        (Self::TokenMade, "token.made", "made a key for a program"),
        (
            Self::TokenRevoked,
            "token.revoked",
            "revoked a program’s key",
        ),
        (Self::AccessRefused, "access.refused", "was refused"),
        (
            Self::PolicyDrafted,
            "policy.drafted",
            "began a draft of the policy",
        ),
        (Self::PolicyChanged, "policy.changed", "changed the draft"),
        (
            Self::PolicyProposed,
            "policy.proposed",
            "sent the draft for approval",
        ),
        (
            Self::PolicyApproved,
            "policy.approved",
            "recorded an approval of the policy",
        ),
        (
            Self::PolicyRefused,
            "policy.refused",
            "recorded that the policy was not approved",
        ),
        (
            Self::PolicyInForce,
            "policy.in-force",
            "brought the policy into force",
        ),
        (
            Self::PolicyAttested,
            "policy.attested",
            "attested that a clause is kept",
        ),
        (
            Self::AgreementSigned,
            "agreement.signed",
            "signed an agreement",
        ),
        (
            Self::AgreementCopied,
            "agreement.copied",
            "took a copy of a signed agreement",
        ),
        (
            Self::AgreementPaperRecorded,
            "agreement.paper-recorded",
            "recorded a signature on paper",
        ),
        (
            Self::AgreementDeclined,
            "agreement.declined",
            "declined to sign an agreement",
        ),
        (
            Self::AgreementDeclineRead,
            "agreement.decline-read",
            "read why an agreement was declined",
        ),
        (
            Self::AgreementReminded,
            "agreement.reminded",
            "reminded those who have not signed",
        ),
        (
            Self::AgreementExported,
            "agreement.exported",
            "exported who has signed",
        ),
        (
            Self::AgreementOwed,
            "agreement.owed",
            "found who owes which agreement",
        ),
        (
            Self::IncidentReported,
            "incident.reported",
            "reported a concern",
        ),
        (Self::IncidentOpened, "incident.opened", "opened the case"),
        (
            Self::IncidentAcknowledged,
            "incident.acknowledged",
            "acknowledged the report",
        ),
        (
            Self::IncidentMovedOn,
            "incident.moved-on",
            "told the next person, because nobody had answered",
        ),
        (
            Self::IncidentTriaged,
            "incident.triaged",
            "decided what kind of case this is",
        ),
        (
            Self::IncidentEntryAdded,
            "incident.entry-added",
            "wrote in the chronology",
        ),
        (
            Self::IncidentActionSet,
            "incident.action-set",
            "set an action",
        ),
        (
            Self::IncidentActionDone,
            "incident.action-done",
            "completed an action",
        ),
        (
            Self::IncidentParentsInformed,
            "incident.parents-informed",
            "informed parents",
        ),
        (
            Self::IncidentParentsHeld,
            "incident.parents-held",
            "held back from informing parents, with a reason",
        ),
        (
            Self::IncidentPoliceDecided,
            "incident.police-decided",
            "decided whether the police are told",
        ),
        (
            Self::IncidentPeopleChanged,
            "incident.people-changed",
            "changed who is involved",
        ),
        (
            Self::IncidentConfirmed,
            "incident.confirmed",
            "confirmed that the record is right",
        ),
        (
            Self::IncidentAnswered,
            "incident.answered",
            "wrote to whoever reported without an account",
        ),
        (
            Self::IncidentAnswerRead,
            "incident.answer-read",
            "showed the answer to whoever has the code",
        ),
        (
            Self::IncidentWroteBack,
            "incident.wrote-back",
            "took what whoever has the code wrote back",
        ),
        (
            Self::IncidentExternallyRecorded,
            "incident.externally-recorded",
            "entered the reference of the outside log",
        ),
        (Self::IncidentShared, "incident.shared", "shared the case"),
        (
            Self::IncidentAssigned,
            "incident.assigned",
            "gave the case into somebody’s hands",
        ),
        (
            Self::IncidentSanctionDecided,
            "incident.sanction-decided",
            "decided on a sanction",
        ),
        (
            Self::IncidentSupportDecided,
            "incident.support-decided",
            "decided on support for somebody",
        ),
        (
            Self::IncidentLessonWritten,
            "incident.lesson-written",
            "wrote down what was learnt",
        ),
        (
            Self::IncidentLinked,
            "incident.linked",
            "linked the case with another",
        ),
        (
            Self::IncidentUnlinked,
            "incident.unlinked",
            "removed a link with another case",
        ),
        (
            Self::IncidentMerged,
            "incident.merged",
            "merged the case into another",
        ),
        (
            Self::IncidentSeparated,
            "incident.separated",
            "separated the case from another",
        ),
        (
            Self::IncidentSearched,
            "incident.searched",
            "searched in cases",
        ),
        (
            Self::IncidentReminded,
            "incident.reminded",
            "reminded somebody of what is overdue in the case",
        ),
        (
            Self::IncidentDelegated,
            "incident.delegated",
            "delegated the case",
        ),
        (
            Self::IncidentHandedOver,
            "incident.handed-over",
            "handed the case over",
        ),
        (
            Self::IncidentShareEnded,
            "incident.share-ended",
            "ended somebody’s access to the case",
        ),
        (
            Self::IncidentSightTaken,
            "incident.sight-taken",
            "took emergency sight of the case",
        ),
        (
            Self::IncidentSightJudged,
            "incident.sight-judged",
            "judged an emergency sight of the case",
        ),
        (
            Self::IncidentSightReminded,
            "incident.sight-reminded",
            "reminded of an emergency sight that nobody has judged",
        ),
        (
            Self::IncidentReadersLeft,
            "incident.readers-left",
            "found that everybody who could read the case has left",
        ),
        (
            Self::IncidentTakenUp,
            "incident.taken-up",
            "took the case up with the recovery kit",
        ),
        (
            Self::IncidentEvidenceNoted,
            "incident.evidence-noted",
            "noted an item of evidence",
        ),
        (
            Self::IncidentExtractAttached,
            "incident.extract-attached",
            "attached an extract of the journal",
        ),
        (
            Self::IncidentInvestigated,
            "incident.investigated",
            "wrote down what an investigation found",
        ),
        (
            Self::IncidentDeviceSetAside,
            "incident.device-set-aside",
            "recorded a device set aside",
        ),
        (
            Self::IncidentAccountMadeSafe,
            "incident.account-made-safe",
            "made somebody’s account safe",
        ),
        (
            Self::IncidentDeviceHandedOn,
            "incident.device-handed-on",
            "handed a device on that was set aside",
        ),
        (
            Self::IncidentLowered,
            "incident.lowered",
            "lowered the allegation to a low-level concern",
        ),
        (
            Self::IncidentWithheld,
            "incident.withheld",
            "withheld the filter and its log from somebody",
        ),
        (
            Self::IncidentGivenBack,
            "incident.given-back",
            "gave the filter and its log back to somebody",
        ),
        (Self::IncidentClosed, "incident.closed", "closed the case"),
        (
            Self::IncidentReopened,
            "incident.reopened",
            "opened the case again",
        ),
        (
            Self::PatternsExported,
            "patterns.exported",
            "exported numbers about cases",
        ),
        (
            Self::ReviewAnswered,
            "review.answered",
            "answered questions of a guided review",
        ),
        (
            Self::ReviewSigned,
            "review.signed",
            "signed a guided review",
        ),
        (
            Self::ReviewEscalated,
            "review.escalated",
            "escalated a guided review",
        ),
        (Self::ReferralAdded, "referral.added", "added a referral"),
        (
            Self::ReferralStep,
            "referral.step",
            "recorded a step of a referral",
        ),
        (
            Self::ReferralOverdue,
            "referral.overdue",
            "told those in charge that a referral is overdue",
        ),
        (
            Self::AgencyChanged,
            "agency.changed",
            "changed how an agency is reached",
        ),
        (Self::FileAdded, "file.added", "added a file"),
        (Self::FileRefused, "file.refused", "was not let add a file"),
        (
            Self::FileScanned,
            "file.scanned",
            "had a file looked through by the scanner again",
        ),
        (Self::FileOpened, "file.opened", "looked at a file"),
        (
            Self::FileDownloaded,
            "file.downloaded",
            "took a copy of a file",
        ),
        (
            Self::ExportBegun,
            "export.begun",
            "began a pack to leave the school",
        ),
        (
            Self::ExportMasked,
            "export.masked",
            "said how people appear in a pack",
        ),
        (
            Self::ExportChecked,
            "export.checked",
            "read what a pack will say",
        ),
        (Self::ExportMade, "export.made", "finished a pack"),
        (Self::ExportTaken, "export.taken", "took a pack out"),
        (Self::ExportAbandoned, "export.abandoned", "gave a pack up"),
        (
            Self::ExportReceived,
            "export.received",
            "recorded that a pack arrived",
        ),
        (
            Self::ExportChased,
            "export.chased",
            "asked after a pack whose receipt is owed",
        ),
        (
            Self::DataRequestRecorded,
            "data-request.recorded",
            "wrote down that somebody asks to see what is held",
        ),
        (
            Self::DataRequestOpened,
            "data-request.opened",
            "opened a request to see what is held",
        ),
        (
            Self::DataRequestStep,
            "data-request.step",
            "recorded what was done about a request to see what is held",
        ),
        (
            Self::DataRequestReminded,
            "data-request.reminded",
            "reminded of the last day to answer a request to see what is held",
        ),
        (
            Self::RetentionFound,
            "retention.found",
            "worked out how long closed cases are kept",
        ),
        (
            Self::RetentionHeld,
            "retention.held",
            "placed a hold on a case",
        ),
        (
            Self::RetentionHoldEnded,
            "retention.hold-ended",
            "ended the hold on a case",
        ),
        (
            Self::RetentionKept,
            "retention.kept",
            "decided that a case is kept longer",
        ),
        (
            Self::RetentionProposed,
            "retention.proposed",
            "decided that a case is to be destroyed",
        ),
        (
            Self::RetentionDestroyed,
            "retention.destroyed",
            "agreed that a case is destroyed, and it was",
        ),
        (
            Self::ApprovalAsked,
            "approval.asked",
            "asked for something that others decide",
        ),
        (
            Self::ApprovalAgreed,
            "approval.agreed",
            "agreed to a request",
        ),
        (
            Self::ApprovalRefused,
            "approval.refused",
            "refused a request",
        ),
        (
            Self::ApprovalWithdrawn,
            "approval.withdrawn",
            "withdrew a request",
        ),
        (
            Self::ApprovalApplied,
            "approval.applied",
            "applied what was agreed",
        ),
        (
            Self::ApprovalTested,
            "approval.tested",
            "tested what was applied",
        ),
        (
            Self::ApprovalStarted,
            "approval.started",
            "opened what was agreed for a time",
        ),
        (
            Self::ApprovalEnded,
            "approval.ended",
            "shut what was agreed for a time",
        ),
        (
            Self::ApprovalRolledBack,
            "approval.rolled-back",
            "rolled back what was applied",
        ),
        (
            Self::ApprovalReviewed,
            "approval.reviewed",
            "looked at what somebody else had applied",
        ),
        (
            Self::FilterDeviceAdded,
            "filter-device.added",
            "wrote a device down for the filter",
        ),
        (
            Self::FilterDeviceChanged,
            "filter-device.changed",
            "changed what is written down of a device",
        ),
        (
            Self::FilterDeviceRetired,
            "filter-device.retired",
            "took a device out of use",
        ),
        (
            Self::FilterDevicesImported,
            "filter-device.imported",
            "wrote devices down from a file",
        ),
        (
            Self::FilterListTaken,
            "filter-list.taken",
            "took a version of a list that was held",
        ),
        (
            Self::FilterListRefused,
            "filter-list.refused",
            "refused a version of a list",
        ),
        (
            Self::FilterListReturned,
            "filter-list.returned",
            "went back to an earlier version of a list",
        ),
        (
            Self::FilterListsSeen,
            "filter-list.seen",
            "saw how the lists of the filter stand",
        ),
        (
            Self::FilterFiguresExported,
            "filter-figures.exported",
            "exported numbers of the filter",
        ),
        (
            Self::ApprovalReviewAsked,
            "approval.review-asked",
            "asked for somebody to look at a change",
        ),
        (
            Self::FilterNodeInvited,
            "filter-node.invited",
            "added a site with a resolver of its own",
        ),
        (
            Self::FilterNodeEnrolled,
            "filter-node.enrolled",
            "let the resolver of a site in, by its code",
        ),
        (
            Self::FilterNodeEnded,
            "filter-node.ended",
            "took the resolver of a site out of use",
        ),
        (Self::FilterSet, "filter.set", "set the filter anew"),
        (Self::FilterTested, "filter.tested", "tested the filter"),
        (
            Self::FilterLogTaken,
            "filter-log.taken",
            "took the log of the filter in",
        ),
        (
            Self::FilterLogForgotten,
            "filter-log.forgotten",
            "deleted what was older in the log of the filter than the policy keeps",
        ),
        (
            Self::FilterLogSearched,
            "filter-log.searched",
            "looked something up in the log of the filter",
        ),
        (
            Self::FilterAlertRaised,
            "filter-alert.raised",
            "found something unusual in the log of the filter",
        ),
        (
            Self::FilterAlertTold,
            "filter-alert.told",
            "told of alerts of the filter",
        ),
        (
            Self::FilterAlertHandled,
            "filter-alert.handled",
            "looked into an alert of the filter",
        ),
        (
            Self::FilterEnrolmentMade,
            "filter-enrolment.made",
            "enrolled devices with the browser extension",
        ),
        (
            Self::FilterEnrolmentEnded,
            "filter-enrolment.ended",
            "ended an enrolment of devices",
        ),
        (
            Self::FilterExtensionSet,
            "filter-extension.set",
            "made the settings of the browser extension anew",
        ),
        (
            Self::FilterExtensionHeard,
            "filter-extension.heard",
            "took in what the browser extension reported",
        ),
        (
            Self::TechnicalFaultSeen,
            "technical-fault.seen",
            "looked into a fault that a report named",
        ),
        (Self::BackupMade, "backup.made", "made a backup"),
        (
            Self::BackupFailed,
            "backup.failed",
            "could not make a backup",
        ),
        (
            Self::BackupDrilled,
            "backup.drilled",
            "restored the newest backup in a drill",
        ),
        (
            Self::BackupRestored,
            "backup.restored",
            "restored the school from a backup",
        ),
        (Self::JournalRead, "journal.read", "read the journal"),
        (
            Self::JournalExported,
            "journal.exported",
            "exported the journal",
        ),
        (
            Self::KeysRotated,
            "keys.rotated",
            "made a new key for the school",
        ),
        (
            Self::KeysRewrapped,
            "keys.rewrapped",
            "put what was sealed under the school’s new key",
        ),
        (
            Self::KeysRetired,
            "keys.retired",
            "took an old key of the school away",
        ),
    ];
}

impl EntryKind {
    /// Whether an act of this kind leaves nothing behind but its own entry and where its
    /// reader is: no control counts what it writes.
    pub(crate) fn is_a_look(self) -> bool {
        matches!(
            self,
            Self::AgreementDeclineRead
                | Self::FileDownloaded
                | Self::FileOpened
                | Self::FilterFiguresExported
                | Self::FilterLogSearched
                | Self::IncidentAnswerRead
                | Self::IncidentOpened
                | Self::IncidentSearched
                | Self::JournalExported
                | Self::JournalRead
                | Self::PatternsExported
                | Self::SessionEnded
                | Self::SessionRefused
                | Self::SessionStarted
        )
    }
}

/// The number of the journal's newest entry, and whether any after the given one stands for an
/// act that may have changed a record: what was worked out by then still holds where none does.
pub(crate) async fn after(connection: &mut Connection, entry: i64) -> Result<(i64, bool), Fault> {
    let looks: Vec<&str> = EntryKind::all()
        .filter(|kind| kind.is_a_look())
        .map(Word::key)
        .collect();
    let row = sql("select coalesce(max(sequence), $1) as newest,
                count(case when $2 not like '% ' || action || ' %' then 1 end) as acts
         from journal_entry where sequence > $1")
    .bind(entry)
    .bind(format!(" {} ", looks.join(" ")))
    .one(connection)
    .await?;
    Ok((row.get("newest")?, row.get::<i64>("acts")? > 0))
}

/// What an entry is about: a kind and a random id, never a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object(String);

impl Object {
    /// `incident:0b5c…`; the kind is the feature's noun.
    pub fn new(kind: &'static str, id: impl std::fmt::Display) -> Self {
        Self(format!("{kind}:{id}"))
    }

    /// As it stands in the records.
    pub(crate) fn read(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One act's entry, made by the act and written by [`crate::tx::Tx::commit`].
#[derive(Debug)]
pub struct Entry {
    pub(crate) kind: EntryKind,
    pub(crate) object: Object,
    pub(crate) facts: BTreeMap<String, String>,
    pub(crate) sealed: Option<Vec<u8>>,
    pub(crate) revision: Option<[u8; 32]>,
    pub(crate) refused: bool,
}

impl Entry {
    pub fn of(kind: EntryKind, object: Object) -> Self {
        Self {
            kind,
            object,
            facts: BTreeMap::new(),
            sealed: None,
            revision: None,
            refused: false,
        }
    }

    /// A fact that anybody may read who may read the journal: a number, a word of
    /// ours, a date, an id. Never a name and never what somebody wrote.
    pub fn fact(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }

    /// What only the record's readers may read, sealed under the record's key.
    pub fn sealed(mut self, bytes: Vec<u8>) -> Self {
        self.sealed = Some(bytes);
        self
    }

    /// The hash of the record's new state.
    pub fn revision(mut self, hash: [u8; 32]) -> Self {
        self.revision = Some(hash);
        self
    }

    /// The entry of an act that was not done.
    pub fn refused(mut self) -> Self {
        self.refused = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_a_noun_and_what_befell_it() {
        let kinds: Vec<&str> = EntryKind::all().map(Word::key).collect();
        for kind in &kinds {
            let (noun, befell) = kind.split_once('.').expect("a dot");
            assert!(!noun.is_empty() && !befell.is_empty(), "{kind}");
        }
        let mut once = kinds.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), kinds.len());
    }
}
