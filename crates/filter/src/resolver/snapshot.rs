//! Everything a worker needs to judge a question, for one moment: taken whole, replaced whole.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::net::IpAddr;

use super::judge::{Asker, Said};
use super::query::Lower;
use super::reply::BlockAt;
use super::safe_search::{Instead, canaries, engines};
use super::trial;
use super::who::{Device, Devices, Range, is_inside, plain};
use crate::index::{Key, NameHash};
use crate::lists::beginnings;
use crate::verdict::{Answer, AsItIs, GroupId, Live, Policy};

type ByHash<T> = HashMap<NameHash, T, BuildHasherDefault<AsItIs>>;

/// A name with a meaning of its own.
#[derive(Debug, Clone)]
pub(super) enum Special {
    Canary,
    /// An engine: for each group, `ITSELF`, `UNSAFE`, or the number of a safe target.
    Engine(Box<[u8]>),
}

pub(super) const ITSELF: u8 = 0;
pub(super) const UNSAFE: u8 = u8::MAX;

/// What stands in an engine's place.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Name(Box<Lower>),
    Address(IpAddr),
}

/// Whom a question is judged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Who {
    pub group: GroupId,
    /// Its place among the ids of devices.
    device: u32,
}

/// A device without an id, or none.
const NO_ID: u32 = 0;

pub(super) struct Snapshot {
    pub live: Live,
    pub targets: Vec<Target>,
    special: ByHash<Special>,
    ranges: Vec<(Range, GroupId)>,
    addresses: HashMap<IpAddr, Who>,
    tokens: HashMap<String, Who>,
    ids: Vec<String>,
    networks: Vec<Range>,
    inside: Vec<String>,
    adults: Vec<bool>,
    pub block_at: BlockAt,
}

impl Snapshot {
    pub(super) fn new(
        live: Live,
        policy: &Policy,
        devices: &Devices,
        networks: &[Range],
        inside: &[String],
        block_at: BlockAt,
    ) -> Self {
        let group = |name: &String| live.group(name).unwrap_or(live.unknown());
        let ranges = devices
            .ranges()
            .iter()
            .map(|(range, name)| (*range, group(name)))
            .collect();
        let mut ids = vec![String::new()];
        let mut who = |device: &Device| {
            let number = if device.id.is_empty() {
                NO_ID
            } else {
                ids.push(device.id.clone());
                ids.len() as u32 - 1
            };
            Who {
                group: group(&device.group),
                device: number,
            }
        };
        let addresses = devices
            .addresses()
            .iter()
            .map(|(address, device)| (*address, who(device)))
            .collect();
        let tokens = devices
            .tokens()
            .iter()
            .map(|(token, device)| (token.clone(), who(device)))
            .collect();
        let mut targets = Vec::new();
        let special = special(live.index().key(), policy, &mut targets);
        Self {
            ranges,
            addresses,
            special,
            targets,
            tokens,
            ids,
            networks: networks.to_vec(),
            inside: inside.to_vec(),
            adults: policy.groups.iter().map(|group| group.adults).collect(),
            block_at,
            live,
        }
    }

    /// Whether this resolver answers that address at all.
    #[inline]
    pub(super) fn serves(&self, from: IpAddr) -> bool {
        if self.networks.is_empty() {
            return is_inside(from);
        }
        let from = plain(from);
        // This machine asks too, to try itself.
        trial::group_of(from).is_some() || self.networks.iter().any(|range| range.holds(from))
    }

    /// Who asks. A token that nobody gave out belongs to the unknown.
    #[inline]
    pub(super) fn who(&self, asker: &Asker) -> Who {
        match &asker.token {
            None => self.who_at(asker.from),
            Some(token) => self.tokens.get(&**token).copied().unwrap_or(Who {
                group: self.live.unknown(),
                device: NO_ID,
            }),
        }
    }

    #[inline]
    fn who_at(&self, from: IpAddr) -> Who {
        let from = plain(from);
        if let Some(group) = trial::group_of(from)
            && usize::from(group) < self.adults.len()
        {
            return Who {
                group: GroupId(group),
                device: NO_ID,
            };
        }
        if !self.addresses.is_empty()
            && let Some(who) = self.addresses.get(&from)
        {
            return *who;
        }
        let group = self
            .ranges
            .iter()
            .find(|(range, _)| range.holds(from))
            .map_or(self.live.unknown(), |(_, group)| *group);
        Who {
            group,
            device: NO_ID,
        }
    }

    /// Whether the people of a group are adults.
    pub(super) fn adults(&self, group: GroupId) -> bool {
        self.adults
            .get(usize::from(group.0))
            .copied()
            .unwrap_or(false)
    }

    /// What the lists and the school say of a full address, or of a number in place of a name. Off the hot path.
    pub(super) fn judge_page(&self, who: Who, name: &str, path: &str, is_number: bool) -> Said {
        let index = self.live.index();
        let host = name.strip_prefix("www.").unwrap_or(name);
        let illegal = index
            .hashed()
            .iter()
            .any(|list| list.holds_name(name) || list.holds_page(host, path));
        let answer = if illegal {
            Answer::Illegal
        } else {
            let key = index.key();
            let endings: Vec<NameHash> = if is_number {
                vec![key.name(name)]
            } else {
                std::iter::successors(Some(name), |name| Some(name.split_once('.')?.1))
                    .map(|name| key.name(name))
                    .collect()
            };
            let host = key.name(host);
            let pages: Vec<NameHash> = beginnings(path).map(|path| key.page(host, path)).collect();
            self.live.judge_page(who.group, &endings, &pages)
        };
        Said::of(answer, index)
    }

    /// The device's id for the log.
    #[inline]
    pub(super) fn id_of(&self, who: Who) -> &str {
        self.ids.get(who.device as usize).map_or("", String::as_str)
    }

    #[inline]
    pub(super) fn special(&self, name: NameHash) -> Option<&Special> {
        self.special.get(&name)
    }

    /// Whether a name may lead to addresses of the school's own network.
    pub(super) fn may_be_inside(&self, name: &str) -> bool {
        let above = |own: &String| {
            name.strip_suffix(own.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.inside.iter().any(above)
    }
}

fn special(key: &Key, policy: &Policy, targets: &mut Vec<Target>) -> ByHash<Special> {
    let mut special: ByHash<Special> = HashMap::default();
    let mut numbers: HashMap<String, u8> = HashMap::new();
    let mut number = |target: &str, targets: &mut Vec<Target>| {
        *numbers.entry(target.to_owned()).or_insert_with(|| {
            let target = match target.parse() {
                Ok(address) => Some(Target::Address(address)),
                Err(_) => Lower::of(target).map(|name| Target::Name(Box::new(name))),
            };
            match target {
                Some(target) if targets.len() < usize::from(UNSAFE) - 1 => {
                    targets.push(target);
                    targets.len() as u8
                }
                _ => UNSAFE,
            }
        })
    };
    // Cached answers outlive a policy, so a target has the same number whatever the policy is.
    for target in engines()
        .iter()
        .flat_map(|engine| engine.strict.iter().chain(&engine.moderate))
    {
        number(target, targets);
    }
    for engine in engines() {
        let instead: Box<[u8]> = policy
            .groups
            .iter()
            .map(|group| match engine.for_group(group) {
                Instead::Itself => ITSELF,
                Instead::Blocked => UNSAFE,
                Instead::Safe(target) => number(target, targets),
            })
            .collect();
        for name in engine.all_names() {
            special.insert(key.name(&name), Special::Engine(instead.clone()));
        }
    }
    for name in canaries() {
        special.insert(key.name(name), Special::Canary);
    }
    special
}
