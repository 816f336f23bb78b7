//! Asking a running resolver as its clients do: over UDP, at the address where it listens, as each group
//! of the policy.
//!
//! For each group stands an address of this machine, `127.83.0.1` for the first: nobody on a network can ask
//! from one. What is asked from there is judged like any question and stays out of the log.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::RData;
use tokio::net::UdpSocket;

use super::query::{A, HEADER, IN, Lower, OPT};
use super::safe_search::{Engine, Instead, canaries, engines};
use crate::verdict::Group;

/// A resolver answers far sooner; its upstreams may take their time.
const PATIENCE: Duration = Duration::from_secs(5);
const TRIES: usize = 2;
/// After so many answers that never came from upstream, the rest would only take as long.
const MOST_IN_VAIN: usize = 3;

/// The address from which a question counts as one of the group at this place in the policy.
pub fn address_of(group: usize) -> Ipv4Addr {
    let number = u8::try_from(group + 1).unwrap_or(u8::MAX);
    Ipv4Addr::new(127, 83, 0, number)
}

/// The place in the policy of the group for which this address stands.
#[inline]
pub(super) fn group_of(from: IpAddr) -> Option<u8> {
    match from {
        IpAddr::V4(four) => match four.octets() {
            [127, 83, 0, number] => number.checked_sub(1),
            _ => None,
        },
        IpAddr::V6(_) => None,
    }
}

/// The first address at which the resolver's own machine reaches it; none where it listens at no IPv4 address.
pub fn reached_at(listen: &[SocketAddr]) -> Option<SocketAddr> {
    listen.iter().find_map(|address| match address.ip() {
        IpAddr::V4(four) if four.is_unspecified() => {
            Some(SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())))
        }
        IpAddr::V4(_) => Some(*address),
        IpAddr::V6(six) if six.is_unspecified() => {
            Some(SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())))
        }
        IpAddr::V6(_) => None,
    })
}

/// What a client hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The filter says that it stopped the name (RFC 8914).
    Blocked,
    /// The names on the way and the addresses at its end.
    Answer {
        aliases: Vec<String>,
        addresses: Vec<IpAddr>,
    },
    /// There is no such name, or it has no address.
    Nothing,
    /// The resolver says that it failed, or refuses to answer.
    Failed,
    /// Nobody answers.
    Silent,
}

/// Asks for a name's address as a group.
pub async fn ask(resolver: SocketAddr, group: usize, name: &str) -> Heard {
    let Some(name) = Lower::of(name) else {
        return Heard::Nothing;
    };
    for _ in 0..TRIES {
        match tokio::time::timeout(PATIENCE, once(resolver, group, &name)).await {
            Ok(Ok(heard)) => return heard,
            // A port at which nobody listens says so at once.
            Ok(Err(why)) if why.kind() == std::io::ErrorKind::ConnectionRefused => {
                return Heard::Silent;
            }
            Ok(Err(_)) | Err(_) => {}
        }
    }
    Heard::Silent
}

async fn once(resolver: SocketAddr, group: usize, name: &Lower) -> std::io::Result<Heard> {
    let socket = UdpSocket::bind((address_of(group), 0)).await?;
    socket.connect(resolver).await?;
    let packet = packet(name)?;
    socket.send(&packet).await?;
    let mut answer = vec![0; 4096];
    loop {
        let length = socket.recv(&mut answer).await?;
        if answer[..length.min(2)] == packet[..2] {
            answer.truncate(length);
            return Ok(read(&answer));
        }
    }
}

/// A question for a name's address, with EDNS and an id of chance; none where it is no name.
pub(super) fn question(name: &str) -> std::io::Result<Option<Vec<u8>>> {
    Lower::of(name).map(|name| packet(&name)).transpose()
}

fn packet(name: &Lower) -> std::io::Result<Vec<u8>> {
    let id: [u8; 2] = super::shared::chance()?;
    let mut packet = vec![id[0], id[1], 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];
    packet.extend_from_slice(name.wire());
    packet.push(0);
    packet.extend_from_slice(&A.to_be_bytes());
    packet.extend_from_slice(&IN.to_be_bytes());
    packet.extend_from_slice(&[0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
    Ok(packet)
}

pub(super) fn read(answer: &[u8]) -> Heard {
    if matches!(signal(answer), Some(15..=17)) {
        return Heard::Blocked;
    }
    let Ok(message) = Message::from_vec(answer) else {
        return Heard::Failed;
    };
    match message.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => {}
        _ => return Heard::Failed,
    }
    let (mut aliases, mut addresses) = (Vec::new(), Vec::new());
    for record in &message.answers {
        match &record.data {
            RData::A(four) => addresses.push(IpAddr::V4(four.0)),
            RData::AAAA(six) => addresses.push(IpAddr::V6(six.0)),
            RData::CNAME(name) => {
                let name = name.0.to_lowercase().to_string();
                aliases.push(name.trim_end_matches('.').to_owned());
            }
            _ => {}
        }
    }
    if addresses.is_empty() {
        Heard::Nothing
    } else {
        Heard::Answer { aliases, addresses }
    }
}

/// The first extended error of an answer.
fn signal(answer: &[u8]) -> Option<u16> {
    let count = |at: usize| Some(u16::from_be_bytes([*answer.get(at)?, *answer.get(at + 1)?]));
    let mut at = HEADER;
    for _ in 0..count(4)? {
        at = after_name(answer, at)? + 4;
    }
    let records = u32::from(count(6)?) + u32::from(count(8)?) + u32::from(count(10)?);
    for _ in 0..records {
        at = after_name(answer, at)?;
        let (kind, length) = (count(at)?, usize::from(count(at + 8)?));
        let data = at + 10;
        if kind == OPT {
            let mut option = data;
            while option + 4 <= data + length {
                if count(option)? == 15 {
                    return count(option + 4);
                }
                option += 4 + usize::from(count(option + 2)?);
            }
        }
        at = data + length;
    }
    None
}

fn after_name(answer: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *answer.get(at)? {
            0 => return Some(at + 1),
            length if length & 0xc0 == 0xc0 => return Some(at + 2),
            length => at += 1 + usize::from(length),
        }
    }
}

/// What a group is tried with.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Trial {
    /// Names that must be stopped.
    pub blocked: Vec<String>,
    /// Names that must lead somewhere.
    pub open: Vec<String>,
    /// Names that the school opened by its own word, and which therefore no rule for search engines holds.
    pub opened: Vec<String>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tried {
    pub asked: usize,
    /// A sentence for each that failed.
    pub failed: Vec<String>,
}

/// Tries one group at a running resolver. One that does not answer is asked no further.
pub async fn try_group(resolver: SocketAddr, at: usize, group: &Group, trial: &Trial) -> Tried {
    let mut asks: Vec<(String, Wanted)> = Vec::new();
    asks.extend(
        trial
            .blocked
            .iter()
            .map(|name| (name.clone(), Wanted::Blocked)),
    );
    asks.extend(
        canaries()
            .iter()
            .map(|name| (name.clone(), Wanted::NoAddress)),
    );
    asks.extend(trial.open.iter().map(|name| (name.clone(), Wanted::Open)));
    for engine in engines() {
        let name = usual_name(engine);
        if trial.opened.contains(&name) {
            continue;
        }
        match engine.for_group(group) {
            Instead::Itself => {}
            Instead::Safe(safe) => asks.push((name, Wanted::Safe(safe.to_owned()))),
            Instead::Blocked => asks.push((name, Wanted::Blocked)),
        }
    }
    let mut tried = Tried::default();
    let mut in_vain = 0;
    for (name, wanted) in asks {
        tried.asked += 1;
        let heard = ask(resolver, at, &name).await;
        if heard == Heard::Silent {
            tried.failed = vec![format!("The resolver at {resolver} does not answer")];
            return tried;
        }
        tried.failed.extend(wanted.failed(&name, &heard));
        in_vain += usize::from(heard == Heard::Failed);
        if in_vain == MOST_IN_VAIN {
            tried
                .failed
                .push("No upstream answers, so the rest was not asked".to_owned());
            break;
        }
    }
    tried
}

/// The name by which most people reach an engine.
fn usual_name(engine: &Engine) -> String {
    let at_home = engine.countries.iter().find(|ending| *ending == "co.uk");
    match (engine.names.first(), at_home.or(engine.countries.first())) {
        (Some(name), _) => name.clone(),
        (None, Some(ending)) => format!("{}{ending}", engine.country_prefix),
        (None, None) => String::new(),
    }
}

enum Wanted {
    Blocked,
    Open,
    NoAddress,
    Safe(String),
}

impl Wanted {
    /// What is wrong with what was heard.
    fn failed(&self, name: &str, heard: &Heard) -> Option<String> {
        let is_right = match (self, heard) {
            (Self::Blocked, Heard::Blocked)
            | (Self::Open, Heard::Answer { .. })
            | (Self::NoAddress, Heard::Nothing) => true,
            (Self::Safe(safe), Heard::Answer { aliases, addresses }) => {
                aliases.contains(safe)
                    || safe.parse().is_ok_and(|safe: IpAddr| addresses == &[safe])
            }
            _ => false,
        };
        let heard = match heard {
            _ if is_right => return None,
            Heard::Blocked => "is blocked",
            Heard::Answer { .. } => "is answered as it is",
            Heard::Nothing => "is answered with nothing",
            Heard::Failed => "could not be asked: no upstream answers, or the resolver refuses",
            Heard::Silent => "is not answered",
        };
        Some(match self {
            Self::Blocked => format!("{name} must be blocked and {heard}"),
            Self::Open => format!("{name} must be open and {heard}"),
            Self::NoAddress => {
                format!("{name} must be refused, so that devices stay with the filter, and {heard}")
            }
            Self::Safe(_) => format!("{name} must search safely and {heard}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolver::tests::{Manner, POLICY, School, Upstream};
    use crate::verdict::Policy;

    fn trial() -> Trial {
        Trial {
            blocked: vec!["games.example".to_owned()],
            open: vec!["open.example".to_owned()],
            opened: Vec::new(),
        }
    }

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(work)
    }

    #[test]
    fn each_group_is_tried_at_the_resolvers_own_address_and_leaves_no_line() {
        let school = School::new(
            vec![Upstream::start(Manner::Honest)],
            "networks = [\"10.0.0.0/8\"]\n",
        );
        let at = school.resolver.addresses().plain[0];
        let groups = Policy::parse(POLICY).expect("a policy").groups;
        let pupils = run(try_group(at, 0, &groups[0], &trial()));
        assert!(pupils.asked > 12, "{pupils:?}");
        // The upstream lies about one safe name.
        assert_eq!(
            pupils.failed,
            ["www.youtube.com must search safely and is blocked"]
        );
        // Staff play, and search as they like.
        let staff = run(try_group(at, 1, &groups[1], &trial()));
        assert_eq!(
            staff.failed,
            ["games.example must be blocked and is answered as it is"]
        );
        // The settings say what the resolver does not.
        let strict = run(try_group(at, 1, &groups[0], &trial()));
        assert!(
            strict
                .failed
                .iter()
                .any(|says| says.contains("must search safely")),
            "{strict:?}"
        );
        assert!(!crate::resolver::tests::logged(school).contains("example"));
    }

    #[test]
    fn a_resolver_that_is_down_fails_its_test_at_once() {
        let school = School::new(vec![Upstream::start(Manner::Honest)], "");
        let at = school.resolver.addresses().plain[0];
        drop(school);
        let groups = Policy::parse(POLICY).expect("a policy").groups;
        let tried = run(try_group(at, 0, &groups[0], &trial()));
        assert_eq!(
            tried.failed,
            [format!("The resolver at {at} does not answer")]
        );
    }

    #[test]
    fn an_answer_of_any_shape_is_read_without_harm() {
        for length in 0..64 {
            let packet: Vec<u8> = (0..length).map(|at| (at * 37) as u8).collect();
            let _ = (read(&packet), signal(&packet));
        }
        assert_eq!(group_of(IpAddr::V4(address_of(0))), Some(0));
        assert_eq!(group_of("127.83.0.0".parse().expect("an address")), None);
        assert_eq!(group_of("127.0.0.1".parse().expect("an address")), None);
    }
}
