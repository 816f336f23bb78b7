//! Where a notice leads: to the page of what it speaks of.

use super::NoticeKind;

/// The page for a notice of this kind about this object (`kind:id`).
pub(super) fn of(kind: NoticeKind, object: &str) -> String {
    let id = object.split_once(':').map_or(object, |(_, id)| id);
    match kind {
        NoticeKind::IncidentForYou
        | NoticeKind::IncidentCopied
        | NoticeKind::IncidentMovedOn
        | NoticeKind::IncidentAssigned
        | NoticeKind::IncidentActionOverdue
        | NoticeKind::IncidentSupportReview
        | NoticeKind::IncidentWroteBack
        | NoticeKind::IncidentHandedOver
        | NoticeKind::IncidentReview
        | NoticeKind::ReferralHangs
        | NoticeKind::IncidentActionYours => id.parse().map_or_else(
            |_| crate::incidents::list::url(),
            crate::incidents::case::url,
        ),
        NoticeKind::IncidentConfirmRecord => id.parse().map_or_else(
            |_| crate::incidents::reports::url(),
            crate::incidents::reports::show_url,
        ),
        NoticeKind::TechnicalFault => crate::incidents::reports::technical_url(id),
        NoticeKind::IncidentSightTaken | NoticeKind::IncidentSightJudged => {
            crate::incidents::sight_url(id)
        }
        NoticeKind::IncidentWithoutReader => id.parse().map_or_else(
            |_| crate::incidents::list::url(),
            crate::incidents::recovery::url,
        ),
        NoticeKind::AgreementToSign => crate::agreements::sign::url(id),
        NoticeKind::AgreementDeclined => crate::agreements::decline_url(id),
        NoticeKind::PolicyToApprove | NoticeKind::PolicyInForce => crate::policies::url(),
        NoticeKind::AccountChanged => crate::accounts::own::url(),
        NoticeKind::AccountResetToAgree => crate::accounts::factor_resets_url(),
        NoticeKind::BackupFailed => crate::backups::url(),
        NoticeKind::PeopleImported => crate::people::import::result::url(id),
        NoticeKind::PostToApprove => crate::people::posts::url(),
        NoticeKind::RetentionDue | NoticeKind::RetentionToAgree => crate::retention::url(),
        NoticeKind::FilterListHeld => crate::filter::lists_url(),
        NoticeKind::FilterAlert => crate::filter::alert_url(id),
        NoticeKind::ApprovalToDecide
        | NoticeKind::ApprovalToApply
        | NoticeKind::ApprovalDecided
        | NoticeKind::ApprovalToReview
        | NoticeKind::ApprovalFailed => id
            .parse()
            .map_or_else(|_| crate::approvals::url(), crate::approvals::show_url),
        NoticeKind::DataRequestDue => id.parse().map_or_else(
            |_| crate::data_requests::url(),
            crate::data_requests::show_url,
        ),
        NoticeKind::ExportNotReceived => id
            .parse()
            .map_or_else(|_| crate::exports::url(), crate::exports::show_url),
        NoticeKind::FileLocked => id
            .parse()
            .map_or_else(|_| crate::incidents::list::url(), crate::files::list::url),
    }
}
