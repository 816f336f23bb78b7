//! Everything a worker needs to judge a question, for one moment: taken whole, replaced whole.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::net::IpAddr;

use super::query::Lower;
use super::safe_search::{Instead, canaries, engines};
use super::who::{Devices, Range, is_inside, plain};
use crate::index::{Key, NameHash};
use crate::verdict::{AsItIs, GroupId, Live, Policy};

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

pub(super) struct Snapshot {
    pub live: Live,
    pub targets: Vec<Target>,
    special: ByHash<Special>,
    ranges: Vec<(Range, GroupId)>,
    addresses: HashMap<IpAddr, GroupId>,
    devices: Devices,
    networks: Vec<Range>,
    inside: Vec<String>,
}

impl Snapshot {
    pub(super) fn new(
        live: Live,
        policy: &Policy,
        devices: &Devices,
        networks: &[Range],
        inside: &[String],
    ) -> Self {
        let (ranges, addresses) = devices.parts();
        let group = |name: &String| live.group(name).unwrap_or(live.unknown());
        let ranges = ranges
            .iter()
            .map(|(range, name)| (*range, group(name)))
            .collect();
        let addresses = addresses
            .iter()
            .map(|(address, name)| (*address, group(name)))
            .collect();
        let mut targets = Vec::new();
        let special = special(live.index().key(), policy, &mut targets);
        Self {
            ranges,
            addresses,
            special,
            targets,
            devices: devices.clone(),
            networks: networks.to_vec(),
            inside: inside.to_vec(),
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
        self.networks.iter().any(|range| range.holds(from))
    }

    #[inline]
    pub(super) fn group_of(&self, from: IpAddr) -> GroupId {
        let from = plain(from);
        if !self.addresses.is_empty()
            && let Some(group) = self.addresses.get(&from)
        {
            return *group;
        }
        self.ranges
            .iter()
            .find(|(range, _)| range.holds(from))
            .map_or(self.live.unknown(), |(_, group)| *group)
    }

    /// The group of a device that named itself. A token that nobody gave out belongs to the unknown.
    pub(super) fn group_of_token(&self, token: &str) -> GroupId {
        self.devices
            .of_token(token)
            .and_then(|name| self.live.group(name))
            .unwrap_or(self.live.unknown())
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
