//! The verdict on a name or a full address, with every step that led to it.

use super::calendar::Moment;
use super::policy::{Decision, Group, Own, Policy};
use super::protected::is_protected;
use crate::categories;
use crate::index::{Index, SetId};
use crate::lists::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Allowed,
    Blocked,
}

/// What decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is illegal. Which list says so is nobody's to know.
    Illegal,
    /// The school decided it.
    Own(Own),
    /// The group has no internet now.
    Closed,
    /// No list may stop this name.
    Protected { entry: String },
    /// An allow list names it.
    ListAllows { entry: String, lists: Vec<String> },
    /// It belongs to a category that is stopped.
    Category {
        entry: String,
        category: String,
        lists: Vec<String>,
    },
    /// The group reaches only what is allowed, and nothing allows this.
    NotAllowed,
    /// Nothing speaks against it.
    Nothing,
}

/// One step of the chain: what was asked, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub asked: &'static str,
    pub found: String,
}

/// What was decided, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    pub reason: Reason,
    pub chain: Vec<Step>,
}

impl Verdict {
    /// The category in which it was stopped.
    pub fn category(&self) -> Option<&str> {
        match &self.reason {
            Reason::Category { category, .. } => Some(category),
            _ => None,
        }
    }
}

/// Judges a name, in its one form, for one group.
pub fn decide(index: &Index, policy: &Policy, group: &Group, name: &str, at: Moment) -> Verdict {
    Deciding {
        index,
        policy,
        group,
        at,
        chain: Vec::new(),
    }
    .decide(name, None)
}

/// Judges a full address: a path can be stopped where its host is not.
pub fn decide_page(
    index: &Index,
    policy: &Policy,
    group: &Group,
    host: &str,
    path: &str,
    at: Moment,
) -> Verdict {
    Deciding {
        index,
        policy,
        group,
        at,
        chain: Vec::new(),
    }
    .decide(host, Some(path))
}

struct Deciding<'a> {
    index: &'a Index,
    policy: &'a Policy,
    group: &'a Group,
    at: Moment,
    chain: Vec<Step>,
}

impl Deciding<'_> {
    fn decide(mut self, name: &str, path: Option<&str>) -> Verdict {
        if let Some(reason) = self.illegal(name, path) {
            return self.end(Outcome::Blocked, reason);
        }
        if let Some(own) = self.own(name) {
            let outcome = match own.decision {
                Decision::Deny => Outcome::Blocked,
                Decision::Approval | Decision::Allow => Outcome::Allowed,
            };
            return self.end(outcome, Reason::Own(own));
        }
        let part = self.policy.calendar.part(self.at.local);
        if self.group.is_closed(part) {
            self.step(
                "hours",
                format!(
                    "{} has no internet during {}",
                    self.group.name,
                    part.words()
                ),
            );
            return self.end(Outcome::Blocked, Reason::Closed);
        }
        self.step("hours", format!("it is {}", part.words()));
        if let Some((outcome, reason)) = self.lists(name, path) {
            return self.end(outcome, reason);
        }
        if self.group.only_allowed {
            self.step(
                "group",
                format!("{} reaches only what is allowed by name", self.group.name),
            );
            return self.end(Outcome::Blocked, Reason::NotAllowed);
        }
        self.end(Outcome::Allowed, Reason::Nothing)
    }

    fn illegal(&mut self, name: &str, path: Option<&str>) -> Option<Reason> {
        let lists = self.index.hashed();
        let held = lists.iter().any(|list| match path {
            Some(path) => list.holds_page(name, path),
            None => list.holds_name(name),
        });
        let found = match (held, lists.is_empty()) {
            (true, _) => "it is illegal content; nothing can open it".to_owned(),
            (false, true) => "no list of illegal content is loaded".to_owned(),
            (false, false) => "no list of illegal content holds it".to_owned(),
        };
        self.step("illegal content", found);
        held.then_some(Reason::Illegal)
    }

    fn own(&mut self, name: &str) -> Option<Own> {
        let in_force = |own: &&Own| own.is_for(&self.group.name) && own.is_in_force(self.at.now);
        let best = endings(name).find_map(|ending| {
            let here = self.policy.own.iter().filter(|own| own.name == ending);
            here.filter(in_force)
                .min_by_key(|own| own.decision)
                .cloned()
        });
        let found = match &best {
            None => "nothing that it decided covers this name".to_owned(),
            Some(own) => {
                let word = match own.decision {
                    Decision::Approval => "opened by approval",
                    Decision::Deny => "denied",
                    Decision::Allow => "allowed",
                };
                let until = own
                    .until
                    .map_or_else(String::new, |until| format!(", until {until}"));
                format!(
                    "{} is {word} by {}: {}{until}",
                    own.name, own.by, own.reason
                )
            }
        };
        self.step("the school", found);
        best
    }

    fn lists(&mut self, name: &str, path: Option<&str>) -> Option<(Outcome, Reason)> {
        let mut places: Vec<(String, bool, Option<SetId>)> = Vec::new();
        for (entry, set) in path.map_or_else(Vec::new, |path| self.index.page_hits(name, path)) {
            places.push((entry, true, Some(set)));
        }
        let hits = self.index.hits(name);
        for ending in endings(name) {
            let set = hits
                .iter()
                .find(|hit| hit.entry == ending)
                .map(|hit| hit.set);
            places.push((ending.to_owned(), ending == name, set));
        }
        let mut excepted: Vec<usize> = Vec::new();
        for (entry, itself, set) in places {
            if let Some(decided) = self.place(&entry, itself, set, &mut excepted) {
                return Some(decided);
            }
        }
        self.step("lists", "no list stops it for this group".to_owned());
        None
    }

    /// One ending of the name.
    fn place(
        &mut self,
        entry: &str,
        itself: bool,
        set: Option<SetId>,
        excepted: &mut Vec<usize>,
    ) -> Option<(Outcome, Reason)> {
        let part = self.policy.calendar.part(self.at.local);
        let members = set.map_or(&[][..], |set| self.index.set(set));
        let reaching = || members.iter().filter(|member| member.reaches(itself));
        excepted.extend(
            reaching()
                .filter(|member| member.is_exception())
                .map(|member| member.list()),
        );
        let (mut allowing, mut stopping, mut category) = (Vec::new(), Vec::new(), None);
        for member in reaching().filter(|member| !member.is_exception()) {
            let list = &self.index.lists()[member.list()];
            if excepted.contains(&member.list()) {
                self.step(
                    "lists",
                    format!("{} makes an exception of {entry}", list.name),
                );
            } else if list.kind == Kind::Allow {
                allowing.push(list.name.clone());
            } else if self.group.stops(&list.category, part) {
                category.get_or_insert_with(|| list.category.clone());
                stopping.push(list.name.clone());
            } else {
                let title = categories::title(&list.category);
                self.step(
                    "lists",
                    format!(
                        "{entry} stands in {}; {title} is open to {}",
                        list.name, self.group.name
                    ),
                );
            }
        }
        if is_protected(entry) || self.policy.protected.iter().any(|name| name == entry) {
            self.step(
                "lists",
                format!("{entry} is protected: no list may stop it"),
            );
            return Some((
                Outcome::Allowed,
                Reason::Protected {
                    entry: entry.to_owned(),
                },
            ));
        }
        if !allowing.is_empty() {
            self.step(
                "lists",
                format!("{entry} is allowed by {}", allowing.join(", ")),
            );
            return Some((
                Outcome::Allowed,
                Reason::ListAllows {
                    entry: entry.to_owned(),
                    lists: allowing,
                },
            ));
        }
        let category = category?;
        let title = categories::title(&category);
        self.step(
            "lists",
            format!(
                "{entry} stands in {}; {title} is stopped for {}",
                stopping.join(", "),
                self.group.name
            ),
        );
        if self.index.confirms(entry) == Some(false) {
            self.step(
                "lists",
                "no list names it: its hash is that of a listed name by chance".to_owned(),
            );
        }
        Some((
            Outcome::Blocked,
            Reason::Category {
                entry: entry.to_owned(),
                category,
                lists: stopping,
            },
        ))
    }

    fn step(&mut self, asked: &'static str, found: String) {
        self.chain.push(Step { asked, found });
    }

    fn end(self, outcome: Outcome, reason: Reason) -> Verdict {
        Verdict {
            outcome,
            reason,
            chain: self.chain,
        }
    }
}

/// The name and every ending of it, longest first.
pub(super) fn endings(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| {
        name.split_once('.').map(|(_, above)| above)
    })
}
