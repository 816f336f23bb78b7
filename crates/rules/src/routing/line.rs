//! The line of those who can be told, gone through post by post.

use std::collections::BTreeSet;

use belisha_policy::Post;

use super::{Concern, Gap, GapReason, Holder, Subject, Told};
use crate::access::{self, Kind};
use crate::ids::PersonId;
use crate::people::Held;

/// The holders as they are gone through: nobody is told twice.
pub(super) struct Line<'a> {
    concern: &'a Concern,
    holders: &'a [Holder],
    kind: Kind,
    told: BTreeSet<PersonId>,
    gaps: Vec<Gap>,
}

impl<'a> Line<'a> {
    pub(super) fn new(concern: &'a Concern, holders: &'a [Holder], kind: Kind) -> Self {
        Self {
            concern,
            holders,
            kind,
            told: BTreeSet::new(),
            gaps: Vec::new(),
        }
    }

    pub(super) fn into_gaps(self) -> Vec<Gap> {
        self.gaps
    }

    /// Those to tell on account of a post, noting why if there is nobody.
    pub(super) fn tell(&mut self, post: Post) -> Vec<Told> {
        let told = self.tell_quietly(post);
        self.note_gap(post, &told);
        told
    }

    fn note_gap(&mut self, post: Post, told: &[Told]) {
        let someone_was_told_already = self
            .of(post, |_| true)
            .any(|holder| self.told.contains(&holder.identity.person));
        if told.is_empty() && !someone_was_told_already {
            let gap = Gap {
                post,
                why: self.reason(post),
            };
            if !self.gaps.contains(&gap) {
                self.gaps.push(gap);
            }
        }
    }

    /// The same for posts that nobody promised to tell.
    ///
    /// A deputy stands in for a holder who is away, or for none. Where the holder
    /// is a subject of a concern about an adult the deputy does not stand in:
    /// they answer to the holder.
    pub(super) fn tell_quietly(&mut self, post: Post) -> Vec<Told> {
        let holders: Vec<&Holder> = self.of(post, |held| !held.deputy).collect();
        let excluded = holders.iter().any(|holder| self.excludes(holder));
        let present: Vec<Told> = holders
            .iter()
            .filter(|holder| !holder.away && self.can_take(holder))
            .map(|holder| holder.told())
            .collect();
        let chosen = if !present.is_empty() || (excluded && self.kind.is_sealed()) {
            present
        } else {
            let deputies: Vec<Told> = self
                .of(post, |held| held.deputy)
                .filter(|deputy| !deputy.away && self.can_take(deputy))
                .map(Holder::told)
                .collect();
            if deputies.is_empty() {
                // Everybody is away: the holder is still told.
                holders
                    .iter()
                    .filter(|h| self.can_take(h))
                    .map(|h| h.told())
                    .collect()
            } else {
                deputies
            }
        };
        self.keep_new(chosen)
    }

    /// The deputies of a post, who are the first to be told when its holder does not answer.
    pub(super) fn deputies(&mut self, post: Post) -> Vec<Told> {
        if self.kind.is_sealed() && self.of(post, |held| !held.deputy).any(|h| self.excludes(h)) {
            return Vec::new();
        }
        let deputies = self
            .of(post, |held| held.deputy)
            .filter(|deputy| self.can_take(deputy))
            .map(Holder::told)
            .collect();
        self.keep_new(deputies)
    }

    /// Those to tell for information on account of a post.
    pub(super) fn copy(&mut self, post: Post) -> Vec<Told> {
        let copies: Vec<Told> = self
            .of(post, |held| !held.deputy)
            .filter(|holder| !self.excludes(holder))
            .filter(|holder| access::may_be_informed(holder.held, self.kind))
            .map(Holder::told)
            .collect();
        self.note_gap(post, &copies);
        copies
    }

    fn keep_new(&mut self, chosen: Vec<Told>) -> Vec<Told> {
        chosen
            .into_iter()
            .filter(|told| self.told.insert(told.person))
            .collect()
    }

    fn of(&self, post: Post, which: impl Fn(Held) -> bool) -> impl Iterator<Item = &Holder> {
        self.holders
            .iter()
            .filter(move |holder| holder.held.post == post && which(holder.held))
    }

    fn can_take(&self, holder: &Holder) -> bool {
        !self.excludes(holder) && access::may_take_charge(holder.held, self.kind)
    }

    fn excludes(&self, holder: &Holder) -> bool {
        holder.identity.is_among(&self.concern.close_to_subjects)
            || self.concern.subjects.iter().any(|subject| match subject {
                Subject::UnnamedAdult => false,
                Subject::Known { identity, .. } => {
                    identity.is(holder.identity.person)
                        || holder.identity.is(identity.person)
                        || holder.identity.is_among(&identity.aliases)
                }
            })
    }

    fn reason(&self, post: Post) -> GapReason {
        let mut holders = self.of(post, |_| true).peekable();
        if holders.peek().is_none() {
            GapReason::Empty
        } else if holders.any(|holder| self.excludes(holder)) {
            GapReason::Excluded
        } else {
            GapReason::NeverReads
        }
    }
}

impl Holder {
    fn told(&self) -> Told {
        Told {
            person: self.identity.person,
            held: self.held,
        }
    }
}
