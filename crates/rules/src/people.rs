//! What a person is to the school: the hats they wear. One person may wear
//! several, such as a headteacher who is also the designated safeguarding lead
//! and the parent of a pupil.

use std::collections::BTreeSet;

use belisha_policy::{Post, Standing};

use crate::ids::PersonId;

/// A post that a person holds today, or deputises for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Held {
    pub post: Post,
    /// Stands in when the holder is away or there is none.
    pub deputy: bool,
}

impl Held {
    /// Holds the post in their own name.
    pub const fn holder(post: Post) -> Self {
        Self {
            post,
            deputy: false,
        }
    }

    /// Deputises for whoever holds the post.
    pub const fn deputy(post: Post) -> Self {
        Self { post, deputy: true }
    }
}

/// Everything a person is to the school on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hats {
    pub standings: BTreeSet<Standing>,
    pub posts: BTreeSet<Held>,
}

impl Hats {
    /// The hats of somebody who is these things and holds these posts in their own name.
    pub fn new(
        standings: impl IntoIterator<Item = Standing>,
        posts: impl IntoIterator<Item = Post>,
    ) -> Self {
        Self {
            standings: standings.into_iter().collect(),
            posts: posts.into_iter().map(Held::holder).collect(),
        }
    }

    /// Whether the person holds the post in their own name.
    pub fn holds(&self, post: Post) -> bool {
        self.posts.contains(&Held::holder(post))
    }

    /// Whether the person holds the post or deputises for it.
    pub fn answers_for(&self, post: Post) -> bool {
        self.holds(post) || self.posts.contains(&Held::deputy(post))
    }

    /// Whether the person works for or governs the school in any way, so that a
    /// concern about them may be an allegation. "Keeping children safe in
    /// education", part four, counts staff, supply teachers, volunteers and
    /// contractors; governors are volunteers.
    pub fn is_of_the_school(&self) -> bool {
        !self.posts.is_empty() || self.standings.iter().any(|s| works_with_children(*s))
    }
}

/// Whether somebody with these hats sees pupil numbers, dates of birth and contact
/// details in the register: those who keep it, and those who must reach a family at once.
pub fn sees_particulars(hats: &Hats) -> bool {
    hats.posts.iter().any(|held| match held.post {
        Post::Headteacher
        | Post::DesignatedSafeguardingLead
        | Post::DeputyDesignatedSafeguardingLead
        | Post::SchoolOffice => true,
        Post::OnlineSafetyCoordinator
        | Post::SeniorLeader
        | Post::SpecialNeedsCoordinator
        | Post::PastoralLead
        | Post::NetworkManager
        | Post::SeniorInformationRiskOwner
        | Post::DataProtectionOfficer
        | Post::ChairOfGovernors
        | Post::ViceChairOfGovernors
        | Post::SafeguardingGovernor => false,
    })
}

/// Whether somebody with these hats may mark two people as close relations, which
/// shuts each of them out of what concerns the other: the lead alone.
pub fn may_mark_relations(hats: &Hats) -> bool {
    hats.holds(Post::DesignatedSafeguardingLead)
}

/// What decides whether an entry may be folded into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergeFacts {
    pub standing: Standing,
    /// Holds a post, or is proposed for one.
    pub has_post: bool,
    /// Has an account that is not closed.
    pub has_account: bool,
}

/// Why two entries were not merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeRefused {
    /// A child and an adult are never one person.
    ChildAndAdult,
    /// Posts would change hands without an approval.
    HasPost,
    /// The way somebody signs in would change without their knowing.
    HasAccount,
}

impl MergeRefused {
    /// What to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ChildAndAdult => {
                "One of the two is a pupil and the other is an adult, so they cannot be one person."
            }
            Self::HasPost => {
                "The entry that would go holds a post. Keep that entry instead, or end the post first: \
                 a post never changes hands by a merge."
            }
            Self::HasAccount => {
                "The entry that would go has an account. Keep that entry instead, or have the account closed first."
            }
        }
    }
}

/// Whether an entry may be folded into the one that is kept.
pub fn merge(kept: MergeFacts, folded: MergeFacts) -> Result<(), MergeRefused> {
    if (kept.standing == Standing::Pupil) != (folded.standing == Standing::Pupil) {
        Err(MergeRefused::ChildAndAdult)
    } else if folded.has_post {
        Err(MergeRefused::HasPost)
    } else if folded.has_account {
        Err(MergeRefused::HasAccount)
    } else {
        Ok(())
    }
}

fn works_with_children(standing: Standing) -> bool {
    match standing {
        Standing::Staff
        | Standing::StudentTeacher
        | Standing::Governor
        | Standing::Volunteer
        | Standing::Contractor
        | Standing::Guest => true,
        Standing::Parent | Standing::Pupil => false,
    }
}

/// A person together with every id that was merged into theirs, so that a rule
/// about a person holds for each record that ever named them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub person: PersonId,
    /// Ids that a merge retired in favour of `person`, and ids known to be the same person.
    pub aliases: BTreeSet<PersonId>,
}

impl Identity {
    /// A person who was never merged with another.
    pub fn of(person: PersonId) -> Self {
        Self {
            person,
            aliases: BTreeSet::new(),
        }
    }

    /// Whether the id names this person, under any of their ids.
    pub fn is(&self, id: PersonId) -> bool {
        self.person == id || self.aliases.contains(&id)
    }

    /// Whether any of the ids names this person.
    pub fn is_among<'a>(&self, ids: impl IntoIterator<Item = &'a PersonId>) -> bool {
        ids.into_iter().any(|id| self.is(*id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hats_are_worn_together() {
        let mut hats = Hats::new(
            [Standing::Staff, Standing::Parent],
            [Post::Headteacher, Post::DesignatedSafeguardingLead],
        );
        hats.posts
            .insert(Held::deputy(Post::OnlineSafetyCoordinator));
        assert!(hats.holds(Post::Headteacher) && hats.holds(Post::DesignatedSafeguardingLead));
        assert!(!hats.holds(Post::OnlineSafetyCoordinator));
        assert!(hats.answers_for(Post::OnlineSafetyCoordinator));
        assert!(!hats.answers_for(Post::ChairOfGovernors));
    }

    #[test]
    fn only_parents_and_pupils_are_not_of_the_school() {
        let check = |standing, expected| {
            assert_eq!(
                Hats::new([standing], []).is_of_the_school(),
                expected,
                "{standing:?}"
            );
        };
        check(Standing::Staff, true);
        check(Standing::Volunteer, true);
        check(Standing::Contractor, true);
        check(Standing::Governor, true);
        check(Standing::Parent, false);
        check(Standing::Pupil, false);
        assert!(Hats::new([Standing::Parent], [Post::ChairOfGovernors]).is_of_the_school());
    }

    #[test]
    fn particulars_are_for_those_who_keep_the_register_or_must_reach_a_family() {
        let check = |post, expected| {
            assert_eq!(
                sees_particulars(&Hats::new([], [post])),
                expected,
                "{post:?}"
            );
        };
        check(Post::SchoolOffice, true);
        check(Post::DesignatedSafeguardingLead, true);
        check(Post::NetworkManager, false);
        check(Post::ChairOfGovernors, false);
        assert!(!sees_particulars(&Hats::new([Standing::Staff], [])));
        assert!(!may_mark_relations(&Hats::new([], [Post::Headteacher])));
        assert!(may_mark_relations(&Hats::new(
            [],
            [Post::DesignatedSafeguardingLead]
        )));
    }

    #[test]
    fn a_merge_moves_neither_posts_nor_accounts() {
        let plain = MergeFacts {
            standing: Standing::Staff,
            has_post: false,
            has_account: false,
        };
        let with_post = MergeFacts {
            has_post: true,
            ..plain
        };
        let with_account = MergeFacts {
            has_account: true,
            ..plain
        };
        let pupil = MergeFacts {
            standing: Standing::Pupil,
            ..plain
        };
        let check = |kept, folded, expected| assert_eq!(merge(kept, folded), expected);
        check(plain, plain, Ok(()));
        check(with_post, plain, Ok(()));
        check(with_account, plain, Ok(()));
        check(plain, with_post, Err(MergeRefused::HasPost));
        check(plain, with_account, Err(MergeRefused::HasAccount));
        check(plain, pupil, Err(MergeRefused::ChildAndAdult));
        check(pupil, pupil, Ok(()));
    }

    #[test]
    fn a_merged_person_is_known_by_every_id() {
        let merged = Identity {
            person: PersonId::new(1),
            aliases: [PersonId::new(2), PersonId::new(3)].into(),
        };
        assert!(merged.is(PersonId::new(1)) && merged.is(PersonId::new(3)));
        assert!(merged.is_among(&[PersonId::new(9), PersonId::new(2)]));
        assert!(!merged.is_among(&[PersonId::new(9)]));
    }
}
