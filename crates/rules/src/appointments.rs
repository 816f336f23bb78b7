//! Who gets which post: proposed by one person, approved by another. Every post
//! opens something that others may not see, so none goes by one person's word.

use std::collections::BTreeSet;

use belisha_policy::Post;

use crate::access::Role;
use crate::people::Identity;

/// Who must approve an appointment to a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovedBy {
    Head,
    /// The chair, and for the chair's own post the vice-chair or the headteacher.
    Chair,
    ViceChairOrHead,
}

/// Who must approve an appointment to this post. The chair approves those whom
/// the headteacher answers to or depends on for being watched: headteacher, lead
/// and network manager.
pub fn approval_of(post: Post) -> ApprovedBy {
    match post {
        Post::Headteacher
        | Post::DesignatedSafeguardingLead
        | Post::NetworkManager
        | Post::ViceChairOfGovernors
        | Post::SafeguardingGovernor => ApprovedBy::Chair,
        Post::ChairOfGovernors => ApprovedBy::ViceChairOrHead,
        Post::DeputyDesignatedSafeguardingLead
        | Post::OnlineSafetyCoordinator
        | Post::SeniorLeader
        | Post::SpecialNeedsCoordinator
        | Post::PastoralLead
        | Post::SeniorInformationRiskOwner
        | Post::DataProtectionOfficer
        | Post::SchoolOffice => ApprovedBy::Head,
    }
}

/// Why an appointment was not proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposeRefused {
    /// Nobody changes their own posts.
    Oneself,
}

/// Whether somebody may propose this person for a post.
pub fn propose(proposer: &Identity, appointee: &Identity) -> Result<(), ProposeRefused> {
    if same(proposer, appointee) {
        Err(ProposeRefused::Oneself)
    } else {
        Ok(())
    }
}

/// Why an appointment was not approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApproveRefused {
    Oneself,
    /// The second person must be another than the first.
    OwnProposal,
    /// Approval of this post belongs to somebody else.
    NotYours {
        by: ApprovedBy,
    },
}

impl ApproveRefused {
    /// What to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Oneself => "You cannot approve your own appointment. Ask another person.",
            Self::OwnProposal => "You proposed this yourself, so another person must approve it.",
            Self::NotYours {
                by: ApprovedBy::Head,
            } => "The headteacher approves this appointment.",
            Self::NotYours {
                by: ApprovedBy::Chair,
            } => "The chair of governors approves this appointment.",
            Self::NotYours {
                by: ApprovedBy::ViceChairOrHead,
            } => "The vice-chair of governors or the headteacher approves this appointment.",
        }
    }
}

/// Whether this person may approve the appointment.
pub fn approve(
    post: Post,
    appointee: &Identity,
    proposer: &Identity,
    approver: &Identity,
    roles: &BTreeSet<Role>,
) -> Result<(), ApproveRefused> {
    if same(approver, appointee) {
        return Err(ApproveRefused::Oneself);
    }
    if same(approver, proposer) {
        return Err(ApproveRefused::OwnProposal);
    }
    approves(post, roles)
}

/// Whether this person may end an appointment: whoever approves appointments to the
/// post, and never their own, so that nobody leaves a post empty alone.
pub fn end(
    post: Post,
    holder: &Identity,
    by: &Identity,
    roles: &BTreeSet<Role>,
) -> Result<(), ApproveRefused> {
    if same(by, holder) {
        return Err(ApproveRefused::Oneself);
    }
    approves(post, roles)
}

/// Whether this person may say when a holder of these posts is away: the holder, and
/// whoever approves appointments to one of them. Nobody else, since it decides who hears
/// of a concern.
pub fn declare_absence(
    posts: &BTreeSet<Post>,
    holder: &Identity,
    by: &Identity,
    roles: &BTreeSet<Role>,
) -> Result<(), ApproveRefused> {
    if same(by, holder) || posts.iter().any(|post| approves(*post, roles).is_ok()) {
        return Ok(());
    }
    Err(ApproveRefused::NotYours {
        by: posts
            .first()
            .map_or(ApprovedBy::Head, |post| approval_of(*post)),
    })
}

fn approves(post: Post, roles: &BTreeSet<Role>) -> Result<(), ApproveRefused> {
    let by = approval_of(post);
    let is_theirs = match by {
        ApprovedBy::Head => roles.contains(&Role::Head),
        ApprovedBy::Chair => roles.contains(&Role::Chair),
        ApprovedBy::ViceChairOrHead => {
            roles.contains(&Role::ViceChair) || roles.contains(&Role::Head)
        }
    };
    if is_theirs {
        Ok(())
    } else {
        Err(ApproveRefused::NotYours { by })
    }
}

fn same(a: &Identity, b: &Identity) -> bool {
    a.is(b.person) || b.is(a.person) || a.is_among(&b.aliases)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;

    fn person(n: u128) -> Identity {
        Identity::of(PersonId::new(n))
    }

    #[test]
    fn nobody_appoints_themselves_and_the_second_person_is_another() {
        let check = |post, appointee: u128, proposer: u128, approver: u128, role, expected| {
            let approved = approve(
                post,
                &person(appointee),
                &person(proposer),
                &person(approver),
                &BTreeSet::from([role]),
            );
            assert_eq!(approved, expected, "{post:?} by {role:?}");
        };
        let not_yours = |by| Err(ApproveRefused::NotYours { by });
        check(Post::PastoralLead, 1, 2, 3, Role::Head, Ok(()));
        check(
            Post::PastoralLead,
            1,
            2,
            3,
            Role::Technician,
            not_yours(ApprovedBy::Head),
        );
        check(
            Post::PastoralLead,
            1,
            3,
            3,
            Role::Head,
            Err(ApproveRefused::OwnProposal),
        );
        check(
            Post::PastoralLead,
            3,
            2,
            3,
            Role::Head,
            Err(ApproveRefused::Oneself),
        );
        check(
            Post::Headteacher,
            1,
            2,
            3,
            Role::Head,
            not_yours(ApprovedBy::Chair),
        );
        check(Post::Headteacher, 1, 2, 3, Role::Chair, Ok(()));
        check(Post::NetworkManager, 1, 2, 3, Role::Chair, Ok(()));
        check(
            Post::ChairOfGovernors,
            1,
            2,
            3,
            Role::Chair,
            not_yours(ApprovedBy::ViceChairOrHead),
        );
        check(Post::ChairOfGovernors, 1, 2, 3, Role::ViceChair, Ok(()));
        check(Post::ChairOfGovernors, 1, 2, 3, Role::Head, Ok(()));
        assert_eq!(
            propose(&person(1), &person(1)),
            Err(ProposeRefused::Oneself)
        );
        assert_eq!(propose(&person(1), &person(2)), Ok(()));
    }

    #[test]
    fn an_appointment_is_ended_by_whoever_approves_it_and_never_by_its_holder() {
        let check = |post, holder: u128, by: u128, role, expected| {
            let ended = end(post, &person(holder), &person(by), &BTreeSet::from([role]));
            assert_eq!(ended, expected, "{post:?} by {role:?}");
        };
        check(Post::PastoralLead, 1, 2, Role::Head, Ok(()));
        check(Post::Headteacher, 1, 2, Role::Chair, Ok(()));
        check(
            Post::Headteacher,
            1,
            1,
            Role::Chair,
            Err(ApproveRefused::Oneself),
        );
        check(
            Post::Headteacher,
            1,
            2,
            Role::Office,
            Err(ApproveRefused::NotYours {
                by: ApprovedBy::Chair,
            }),
        );
    }

    #[test]
    fn an_absence_is_declared_by_the_holder_or_by_whoever_approves_the_post() {
        let check = |posts: &[Post], holder: u128, by: u128, role, expected: bool| {
            let said = declare_absence(
                &posts.iter().copied().collect(),
                &person(holder),
                &person(by),
                &BTreeSet::from([role]),
            );
            assert_eq!(said.is_ok(), expected, "{posts:?} by {role:?}");
        };
        let lead = [Post::DesignatedSafeguardingLead];
        check(&lead, 1, 1, Role::Lead, true);
        check(&lead, 1, 2, Role::Chair, true);
        // Not the head: whoever approves the post, or the concern about the head goes astray.
        check(&lead, 1, 2, Role::Head, false);
        check(&lead, 1, 2, Role::Technician, false);
        check(&lead, 1, 2, Role::Office, false);
        check(&[Post::Headteacher], 1, 2, Role::DeputyLead, false);
        check(&[Post::Headteacher], 1, 2, Role::Chair, true);
        check(&[Post::ChairOfGovernors], 1, 2, Role::ViceChair, true);
        check(&[Post::PastoralLead], 1, 2, Role::Head, true);
        check(
            &[Post::PastoralLead, Post::NetworkManager],
            1,
            2,
            Role::Chair,
            true,
        );
    }

    #[test]
    fn a_merged_id_does_not_get_round_it() {
        let merged = Identity {
            person: PersonId::new(9),
            aliases: [PersonId::new(1)].into(),
        };
        assert_eq!(propose(&merged, &person(1)), Err(ProposeRefused::Oneself));
        assert_eq!(
            approve(
                Post::PastoralLead,
                &person(1),
                &person(2),
                &merged,
                &[Role::Head].into()
            ),
            Err(ApproveRefused::Oneself)
        );
    }
}
