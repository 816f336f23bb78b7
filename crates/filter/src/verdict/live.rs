//! A policy at one moment, laid out for a resolver: for each group and each set of lists, the answer.
//!
//! It gives the verdicts of `decide` without their chain (a property test compares the two), in the
//! time of one look at the index. A new one is made when the policy, the index or the part of the
//! day changes.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::calendar::Moment;
use super::policy::{Decision, Group, Policy};
use super::protected::protected_names;
use crate::index::{Index, Member, NameHash};
use crate::lists::Kind;

/// A group, by its place in the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GroupId(pub u8);

/// What to answer, and what the log says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Allowed,
    /// By the school's own word, which also overrides safe search's block of an engine.
    Opened,
    /// Stopped by a list, by its place in the index.
    Listed(u16),
    Illegal,
    Denied,
    Closed,
    NotAllowed,
}

impl Answer {
    pub fn is_blocked(self) -> bool {
        !matches!(self, Self::Allowed | Self::Opened)
    }
}

/// What a set of lists means for one group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Judged {
    Pass,
    Allow,
    Block(u16),
    /// A list of the set makes an exception: all endings must be looked at together.
    Look,
}

struct LiveGroup {
    closed: bool,
    only_allowed: bool,
    itself: Vec<Judged>,
    below: Vec<Judged>,
    /// Lists whose categories are stopped now.
    stopped: Vec<bool>,
}

/// What the school, or the program, says of a name: one bit a group.
#[derive(Default, Clone, Copy)]
struct Word {
    approved: u64,
    denied: u64,
    allowed: u64,
    protected: bool,
}

/// Hashes of names are random already.
#[derive(Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, word: u64) {
        self.0 ^= word;
    }
}

/// A policy over an index, at one moment.
pub struct Live {
    index: Arc<Index>,
    groups: Vec<LiveGroup>,
    names: Vec<String>,
    words: HashMap<NameHash, Word, BuildHasherDefault<AsItIs>>,
    unknown: GroupId,
    has_own: bool,
}

impl Live {
    pub fn new(index: Arc<Index>, policy: &Policy, at: Moment) -> Self {
        let groups = policy
            .groups
            .iter()
            .map(|group| live_group(&index, policy, group, at))
            .collect();
        let mut words: HashMap<NameHash, Word, BuildHasherDefault<AsItIs>> = HashMap::default();
        let mut has_own = false;
        for own in policy.own.iter().filter(|own| own.is_in_force(at.now)) {
            let word = words.entry(index.key().name(&own.name)).or_default();
            has_own = true;
            for (bit, group) in policy.groups.iter().enumerate() {
                if own.is_for(&group.name) {
                    match own.decision {
                        Decision::Approval => word.approved |= 1 << bit,
                        Decision::Deny => word.denied |= 1 << bit,
                        Decision::Allow => word.allowed |= 1 << bit,
                    }
                }
            }
        }
        let protected = protected_names().iter().copied();
        for name in protected.chain(policy.protected.iter().map(String::as_str)) {
            words.entry(index.key().name(name)).or_default().protected = true;
        }
        let unknown = policy.unknown_group();
        let unknown = policy
            .groups
            .iter()
            .position(|group| group.name == unknown.name);
        Self {
            groups,
            names: policy
                .groups
                .iter()
                .map(|group| group.name.clone())
                .collect(),
            words,
            unknown: GroupId(unknown.unwrap_or_default() as u8),
            has_own,
            index,
        }
    }

    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    pub fn group(&self, name: &str) -> Option<GroupId> {
        self.names
            .iter()
            .position(|own| own == name)
            .map(|at| GroupId(at as u8))
    }

    pub fn group_name(&self, group: GroupId) -> &str {
        self.names
            .get(usize::from(group.0))
            .map_or("", String::as_str)
    }

    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The group of a device that nobody has named.
    pub fn unknown(&self) -> GroupId {
        self.unknown
    }

    /// Judges a name by the hashes of its endings, the whole name first. Illegal content is for the
    /// caller to look up, because it costs more than all the rest.
    #[inline]
    pub fn judge(&self, group: GroupId, endings: &[NameHash]) -> Answer {
        let Some(live) = self.groups.get(usize::from(group.0)) else {
            return Answer::NotAllowed;
        };
        if let Some(answer) = self.own(live, group, endings) {
            return answer;
        }
        let deepest = self.index.deepest();
        for (at, hash) in endings.iter().enumerate() {
            let set = if endings.len() - at > deepest {
                None
            } else {
                self.index.find(*hash)
            };
            let table = if at == 0 { &live.itself } else { &live.below };
            let judged = set.map_or(Judged::Pass, |set| {
                table.get(set.0 as usize).copied().unwrap_or(Judged::Pass)
            });
            if judged == Judged::Look {
                let places = endings.iter().enumerate().skip(at);
                return self.look(live, places.map(|(at, hash)| (*hash, at == 0)));
            }
            // A protected name stands before whatever a shorter ending says, found here or not.
            if self.words.get(hash).is_some_and(|word| word.protected) {
                return Answer::Allowed;
            }
            match judged {
                Judged::Allow => return Answer::Allowed,
                Judged::Block(list) => return Answer::Listed(list),
                Judged::Pass | Judged::Look => {}
            }
        }
        if live.only_allowed {
            Answer::NotAllowed
        } else {
            Answer::Allowed
        }
    }

    /// Judges a full address: the beginnings of its path, longest first, go before the endings of its host.
    pub fn judge_page(&self, group: GroupId, endings: &[NameHash], pages: &[NameHash]) -> Answer {
        let Some(live) = self.groups.get(usize::from(group.0)) else {
            return Answer::NotAllowed;
        };
        if let Some(answer) = self.own(live, group, endings) {
            return answer;
        }
        let pages = pages.iter().map(|hash| (*hash, true));
        let host = endings.iter().enumerate();
        self.look(live, pages.chain(host.map(|(at, hash)| (*hash, at == 0))))
    }

    /// What the school itself decided, and the hours.
    #[inline]
    fn own(&self, live: &LiveGroup, group: GroupId, endings: &[NameHash]) -> Option<Answer> {
        let bit = 1u64 << group.0;
        if self.has_own {
            for hash in endings {
                let Some(word) = self.words.get(hash) else {
                    continue;
                };
                if word.approved & bit != 0 {
                    return Some(Answer::Opened);
                }
                if word.denied & bit != 0 {
                    return Some(Answer::Denied);
                }
                if word.allowed & bit != 0 {
                    return Some(Answer::Opened);
                }
            }
        }
        live.closed.then_some(Answer::Closed)
    }

    /// The slow way, for full addresses and for the rare names of which a list makes an exception.
    /// Each place is a hash, and whether it is the whole of what was asked for.
    fn look(&self, live: &LiveGroup, places: impl Iterator<Item = (NameHash, bool)>) -> Answer {
        let mut excepted: Vec<usize> = Vec::new();
        for (hash, itself) in places {
            if self.words.get(&hash).is_some_and(|word| word.protected) {
                return Answer::Allowed;
            }
            let members = self
                .index
                .find(hash)
                .map_or(&[][..], |set| self.index.set(set));
            let reaching = || members.iter().filter(|member| member.reaches(itself));
            excepted.extend(
                reaching()
                    .filter(|one| one.is_exception())
                    .map(|one| one.list()),
            );
            let counting =
                reaching().filter(|one| !one.is_exception() && !excepted.contains(&one.list()));
            match judged(&self.index, counting, &live.stopped) {
                Judged::Allow => return Answer::Allowed,
                Judged::Block(list) => return Answer::Listed(list),
                Judged::Pass | Judged::Look => {}
            }
        }
        if live.only_allowed {
            Answer::NotAllowed
        } else {
            Answer::Allowed
        }
    }
}

fn live_group(index: &Index, policy: &Policy, group: &Group, at: Moment) -> LiveGroup {
    let part = policy.calendar.part(at.local);
    let stopped: Vec<bool> = index
        .lists()
        .iter()
        .map(|list| group.stops(&list.category, part))
        .collect();
    let table = |itself: bool| {
        let mut table = vec![Judged::Pass; index.counts().sets as usize + 1];
        for (set, members) in index.sets() {
            let mut reaching = members.iter().filter(|member| member.reaches(itself));
            table[set.0 as usize] = if reaching.clone().any(|member| member.is_exception()) {
                Judged::Look
            } else {
                judged(index, &mut reaching, &stopped)
            };
        }
        table
    };
    LiveGroup {
        closed: group.is_closed(part),
        only_allowed: group.only_allowed,
        itself: table(true),
        below: table(false),
        stopped,
    }
}

/// Allow before block; of several lists that block, the first.
fn judged<'a>(
    index: &Index,
    members: impl Iterator<Item = &'a Member>,
    stopped: &[bool],
) -> Judged {
    let mut judged = Judged::Pass;
    for member in members {
        let list = member.list();
        if index.lists()[list].kind == Kind::Allow {
            return Judged::Allow;
        }
        if judged == Judged::Pass && stopped[list] {
            judged = Judged::Block(list as u16);
        }
    }
    judged
}
