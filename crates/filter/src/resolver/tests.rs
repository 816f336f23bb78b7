//! The whole resolver over loopback, with an upstream of our own that can be silent, wrong or lying.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{RData, RecordType};
use proptest::prelude::*;

use super::query::{A, AAAA, HEADER, IN, Lower, Query};
use super::*;
use crate::index::{Builder, Key};
use crate::lists::{Entry, Hashed, Kind, ListInfo, Reach as ListReach, What, digest};
use crate::verdict::{Live, Moment, Policy};

/// How the upstream behaves.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Manner {
    Honest,
    Silent,
    WrongId,
    Refusing,
    Garbage,
}

/// An upstream that knows a few names. Every name under `example` that it does not know has the address
/// 192.0.2.80.
pub(super) struct Upstream {
    address: SocketAddr,
    asked: Arc<AtomicU64>,
    silent: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Upstream {
    pub(super) fn start(manner: Manner) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket
            .set_read_timeout(Some(Duration::from_millis(50)))
            .expect("set");
        let upstream = Self {
            address: socket.local_addr().expect("an address"),
            asked: Arc::default(),
            silent: Arc::new(AtomicBool::new(manner == Manner::Silent)),
            stop: Arc::default(),
        };
        let (asked, silent, stop) = (
            upstream.asked.clone(),
            upstream.silent.clone(),
            upstream.stop.clone(),
        );
        std::thread::spawn(move || {
            let mut packet = [0; 2048];
            while !stop.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut packet) else {
                    continue;
                };
                asked.fetch_add(1, Ordering::Relaxed);
                if silent.load(Ordering::Relaxed) {
                    continue;
                }
                let mut answer = answer(&packet[..length]);
                match manner {
                    Manner::WrongId => answer[0] ^= 1,
                    Manner::Refusing => answer[3] = answer[3] & 0xf0 | 5,
                    Manner::Garbage => answer.truncate(answer.len() - 3),
                    Manner::Honest | Manner::Silent => {}
                }
                let _ = socket.send_to(&answer, from);
            }
        });
        upstream
    }
}

/// What an honest upstream says.
pub(super) fn answer(packet: &[u8]) -> Vec<u8> {
    let query = Query::read(packet).expect("a question of ours");
    let name = query.lower.text();
    let mut out = packet[..query.question_end].to_vec();
    out[2] = 0x85;
    out[3] = 0xa0;
    out[6..12].fill(0);
    let mut count = 0u16;
    let mut record = |out: &mut Vec<u8>, owner: u16, kind: u16, ttl: u32, data: &[u8]| {
        out.extend((0xc000 | owner).to_be_bytes());
        out.extend(kind.to_be_bytes());
        out.extend(IN.to_be_bytes());
        out.extend(ttl.to_be_bytes());
        out.extend((data.len() as u16).to_be_bytes());
        out.extend(data);
        count += 1;
    };
    let alias = HashMap::from([
        ("cloaked.example", "tracker.bad.example"),
        ("deep.example", "games.example"),
    ]);
    if let Some(target) = alias.get(name.as_str()) {
        let mut data = Lower::of(target).expect("a name").wire().to_vec();
        data.push(0);
        record(&mut out, 12, 5, 60, &data);
        let owner = (out.len() - data.len()) as u16;
        record(&mut out, owner, A, 60, &[192, 0, 2, 66]);
    } else if name == "missing.example" {
        out[3] |= 3;
    } else if query.kind == A {
        let address = match name.as_str() {
            "rebound.example" | "printer.school.internal" => [10, 0, 0, 7],
            "site.school.internal" | "play.school.internal" => [127, 0, 0, 1],
            "forcesafesearch.google.com" => [216, 239, 38, 120],
            _ => [192, 0, 2, 80],
        };
        let ttl = if name == "brief.example" { 1 } else { 60 };
        for _ in 0..if name == "long.example" { 60 } else { 1 } {
            record(&mut out, 12, A, ttl, &address);
        }
    }
    out[6..8].copy_from_slice(&count.to_be_bytes());
    out[10..12].copy_from_slice(&1u16.to_be_bytes());
    out.extend([0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 0]);
    out
}

pub(super) struct School {
    pub(super) folder: tempfile::TempDir,
    pub(super) upstreams: Vec<Upstream>,
    pub(super) resolver: Resolver,
}

const HTTPS: u16 = 65;
const SALT: [u8; 16] = [4; 16];

fn index(folder: &Path, games: &[&str]) {
    let mut builder = Builder::new(Key::new([2; 32]));
    let lists = [
        ("games", games),
        ("adult", &["bad.example"][..]),
        ("self-harm", &["sad.example"]),
    ];
    for (category, names) in lists {
        let info = ListInfo {
            name: format!("made-up/{category}"),
            category: category.into(),
            kind: Kind::Block,
            entries: 0,
        };
        builder.begin(info).expect("room");
        for name in names {
            builder
                .add(&Entry::name((*name).into(), ListReach::Both))
                .expect("room");
        }
    }
    builder
        .add(&Entry {
            what: What::Page("site.school.internal".into(), "closed".into()),
            reach: ListReach::Both,
            exception: false,
        })
        .expect("room");
    builder.add_hashed(Hashed::new(
        SALT.to_vec(),
        vec![digest(&SALT, "illegal.example")],
    ));
    builder.write(&folder.join("index"), 0).expect("written");
}

const POLICY: &str = "[[group]]\nname = \"pupils\"\npreset = \"strict\"\nyoutube = \"moderate\"\n\
                      [[group]]\nname = \"staff\"\npreset = \"light\"\nadults = true\nsafe_search = false\nyoutube = \"off\"\n";

impl School {
    pub(super) fn new(upstreams: Vec<Upstream>, more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        index(folder.path(), &["games.example"]);
        std::fs::write(folder.path().join("policy.toml"), POLICY).expect("written");
        std::fs::write(folder.path().join("register.toml"), "").expect("written");
        let asked: Vec<String> = upstreams
            .iter()
            .map(|one| format!("\"{}\"", one.address))
            .collect();
        let limit = if more.contains("questions") {
            ""
        } else {
            "questions_per_second = 1000000\n"
        };
        let text = format!(
            "index = \"index\"\npolicy = \"policy.toml\"\nlisten = [\"127.0.0.1:0\"]\nlog = \"log\"\n\
             inside = [\"school.internal\"]\nupstreams = [{}]\n{limit}{more}",
            asked.join(", ")
        );
        let path = folder.path().join("filter.toml");
        std::fs::write(&path, text).expect("written");
        let resolver =
            Resolver::start(Settings::read(&path).expect("settings")).expect("a resolver");
        Self {
            folder,
            upstreams,
            resolver,
        }
    }

    fn usual() -> Self {
        Self::new(vec![Upstream::start(Manner::Honest)], "")
    }

    fn asked(&self) -> u64 {
        self.upstreams
            .iter()
            .map(|one| one.asked.load(Ordering::Relaxed))
            .sum()
    }

    fn send(&self, packet: &[u8]) -> Option<Vec<u8>> {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket
            .set_read_timeout(Some(Duration::from_secs(6)))
            .expect("set");
        socket
            .send_to(packet, self.resolver.addresses().plain[0])
            .expect("sent");
        let mut answer = vec![0; 4096];
        let (length, _) = socket.recv_from(&mut answer).ok()?;
        answer.truncate(length);
        Some(answer)
    }

    pub(super) fn ask(&self, name: &str, kind: u16) -> Message {
        let packet = question(name, kind, true);
        let answer = self.send(&packet).expect("an answer");
        assert_eq!(answer[..2], packet[..2]);
        Message::from_vec(&answer).expect("a message")
    }

    pub(super) fn address(&self, name: &str) -> Option<Ipv4Addr> {
        self.ask(name, A)
            .answers
            .iter()
            .find_map(|record| match &record.data {
                RData::A(address) => Some(address.0),
                _ => None,
            })
    }
}

pub(super) fn question(name: &str, kind: u16, edns: bool) -> Vec<u8> {
    let mut packet = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.').filter(|label| !label.is_empty()) {
        packet.push(label.len() as u8);
        packet.extend(label.as_bytes());
    }
    packet.push(0);
    packet.extend(kind.to_be_bytes());
    packet.extend(IN.to_be_bytes());
    if edns {
        packet[11] = 1;
        packet.extend([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
    }
    packet
}

pub(super) const NOWHERE: Option<Ipv4Addr> = Some(Ipv4Addr::UNSPECIFIED);
pub(super) const SITE: Option<Ipv4Addr> = Some(Ipv4Addr::new(192, 0, 2, 80));

#[test]
fn what_is_open_is_fetched_once_and_then_known() {
    let school = School::usual();
    assert_eq!(school.address("open.example"), SITE);
    assert_eq!(school.address("OPEN.example"), SITE);
    assert_eq!(school.asked(), 1);
    let message = school.ask("missing.example", A);
    assert_eq!(message.metadata.response_code, ResponseCode::NXDomain);
    assert!(message.metadata.recursion_available && !message.metadata.authoritative);
    // The client did not ask about signatures, so it hears nothing about them.
    assert!(!message.metadata.authentic_data);
    let mut packet = question("open.example", A, false);
    packet[3] |= 0x20;
    assert_eq!(school.send(&packet).expect("an answer")[3] & 0x20, 0x20);
}

#[test]
fn what_is_stopped_leads_nowhere_and_says_why() {
    let school = School::usual();
    assert_eq!(school.address("www.games.example"), NOWHERE);
    let six = school.ask("games.example", AAAA);
    assert_eq!(six.answers[0].record_type(), RecordType::AAAA);
    assert_eq!(school.ask("games.example", HTTPS).answers.len(), 0);
    let raw = school
        .send(&question("games.example", A, true))
        .expect("an answer");
    let said = b"\x00\x0fBlocked by the school's filter";
    assert!(raw.windows(said.len()).any(|part| part == said), "{raw:?}");
    let bare = school
        .send(&question("games.example", A, false))
        .expect("an answer");
    assert_eq!(bare[10..12], [0, 0], "no EDNS for who sent none");
    assert_eq!(school.address("illegal.example"), NOWHERE);
    assert_eq!(school.asked(), 0);
}

#[test]
fn a_name_that_leads_through_a_stopped_one_is_stopped() {
    let school = School::usual();
    assert_eq!(school.address("cloaked.example"), NOWHERE);
    assert_eq!(school.address("cloaked.example"), NOWHERE);
    assert_eq!(school.address("deep.example"), NOWHERE);
}

#[test]
fn an_inside_address_from_outside_is_not_believed() {
    let school = School::usual();
    assert_eq!(school.address("rebound.example"), NOWHERE);
    assert_eq!(
        school.address("printer.school.internal"),
        Some(Ipv4Addr::new(10, 0, 0, 7))
    );
}

#[test]
fn search_is_made_safe_for_pupils_and_left_alone_for_staff() {
    let school = School::new(
        vec![Upstream::start(Manner::Honest)],
        "[[range]]\nrange = \"127.0.0.2/32\"\ngroup = \"staff\"\n",
    );
    let safe = school.ask("www.google.co.uk", A);
    let kinds: Vec<RecordType> = safe
        .answers
        .iter()
        .map(|record| record.record_type())
        .collect();
    assert_eq!(kinds, [RecordType::CNAME, RecordType::A]);
    assert_eq!(
        school.address("www.google.co.uk"),
        Some(Ipv4Addr::new(216, 239, 38, 120))
    );
    assert_eq!(school.ask("www.google.co.uk", HTTPS).answers.len(), 0);
    assert_eq!(
        school.address("yandex.com"),
        Some(Ipv4Addr::new(213, 180, 193, 56))
    );
    assert_eq!(school.address("www.qwant.com"), NOWHERE);
    let staff = UdpSocket::bind("127.0.0.2:0").expect("a socket");
    staff
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("set");
    staff
        .send_to(
            &question("www.google.co.uk", A, true),
            school.resolver.addresses().plain[0],
        )
        .expect("sent");
    let mut answer = [0; 2048];
    let length = staff.recv(&mut answer).expect("an answer");
    let message = Message::from_vec(&answer[..length]).expect("a message");
    assert_eq!(message.answers.len(), 1);
}

#[test]
fn devices_that_would_go_round_are_told_not_to() {
    let school = School::usual();
    for name in [
        "use-application-dns.net",
        "mask.icloud.com",
        "_dns.resolver.arpa",
    ] {
        assert_eq!(
            school.ask(name, A).metadata.response_code,
            ResponseCode::NXDomain,
            "{name}"
        );
    }
    assert_eq!(school.asked(), 0);
}

#[test]
fn a_long_answer_is_cut_for_udp_and_whole_over_tcp() {
    use std::io::{Read as _, Write as _};
    let school = School::usual();
    let short = school
        .send(&question("long.example", A, false))
        .expect("an answer");
    assert!(short.len() <= 512 && short[2] & 2 != 0);
    let packet = question("long.example", A, false);
    let mut stream =
        std::net::TcpStream::connect(school.resolver.addresses().plain[0]).expect("connected");
    stream
        .write_all(&[&(packet.len() as u16).to_be_bytes()[..], &packet].concat())
        .expect("written");
    let mut length = [0; 2];
    stream.read_exact(&mut length).expect("a length");
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(
        Message::from_vec(&answer).expect("a message").answers.len(),
        60
    );
}

#[test]
fn questions_that_are_none_get_a_code_or_nothing() {
    let school = School::usual();
    let code = |packet: &[u8]| school.send(packet).expect("an answer")[3] & 0x0f;
    assert_eq!(code(&question("open.example", 252, true)), 5);
    assert_eq!(code(&question("open.example", 255, true)), 4);
    let mut chaos = question("open.example", A, false);
    *chaos.last_mut().expect("a byte") = 3;
    assert_eq!(code(&chaos), 5);
    let mut looped = question("open.example", A, false);
    looped[HEADER] = 0xc0;
    looped[HEADER + 1] = HEADER as u8;
    assert_eq!(code(&looped), 1);
    let mut later = question("open.example", A, true);
    let version = later.len() - 5;
    later[version] = 1;
    let answer = school.send(&later).expect("an answer");
    assert_eq!(answer[answer.len() - 6], 1, "the high part of BADVERS");
}

#[test]
fn the_next_upstream_answers_for_one_that_is_wrong_or_silent() {
    for manner in [Manner::Silent, Manner::WrongId, Manner::Refusing] {
        let upstreams = vec![Upstream::start(manner), Upstream::start(Manner::Honest)];
        let school = School::new(upstreams, "");
        assert_eq!(school.address("open.example"), SITE);
    }
}

#[test]
fn when_no_upstream_answers_the_client_is_told() {
    let school = School::new(vec![Upstream::start(Manner::Garbage)], "");
    assert_eq!(
        school.ask("open.example", A).metadata.response_code,
        ResponseCode::ServFail
    );
    assert_eq!(school.resolver.counts().failed, 1);
}

#[test]
fn an_old_answer_is_better_than_none() {
    let school = School::usual();
    assert_eq!(school.address("brief.example"), SITE);
    school.upstreams[0].silent.store(true, Ordering::Relaxed);
    // It was good for a second; ask until it has run out and the upstream's silence has been noticed.
    let before = school.asked();
    while school.asked() == before {
        assert_eq!(school.address("brief.example"), SITE);
    }
    let stale = school.ask("brief.example", A);
    assert_eq!(stale.answers.len(), 1);
}

#[test]
fn changes_are_taken_into_use_without_a_lost_question() {
    let school = School::usual();
    assert_eq!(school.address("new.example"), SITE);
    let reload = |what: &dyn Fn()| {
        let before = school.resolver.counts().reloads;
        what();
        let mut asked = 0;
        while school.resolver.counts().reloads == before {
            assert!(school.address("new.example").is_some());
            asked += 1;
            assert!(asked < 1_000_000 && school.resolver.trouble().is_none());
        }
    };
    reload(&|| index(school.folder.path(), &["games.example", "new.example"]));
    assert_eq!(school.address("new.example"), NOWHERE);
    let open = format!(
        "{POLICY}[[own]]\nname = \"new.example\"\ndecision = \"allow\"\nreason = \"r\"\nby = \"b\"\n"
    );
    reload(&|| {
        let place = school.folder.path().join("policy.new");
        std::fs::write(&place, &open).expect("written");
        std::fs::rename(&place, school.folder.path().join("policy.toml")).expect("renamed");
    });
    assert_eq!(school.address("new.example"), SITE);
}

#[test]
fn a_device_changes_its_group_while_the_resolver_runs() {
    let school = School::new(
        vec![Upstream::start(Manner::Honest)],
        "register = \"register.toml\"\n",
    );
    assert_eq!(school.address("games.example"), NOWHERE);
    let change = |text: &str| {
        let before = school.resolver.counts().reloads;
        let had_trouble = school.resolver.trouble().is_some();
        let place = school.folder.path().join("register.new");
        std::fs::write(&place, text).expect("written");
        std::fs::rename(&place, school.folder.path().join("register.toml")).expect("renamed");
        while school.resolver.counts().reloads == before
            && (school.resolver.trouble().is_none() || had_trouble)
        {
            std::thread::yield_now();
        }
    };
    let device = |group: &str| {
        format!("[[device]]\naddress = \"127.0.0.1\"\nid = \"laptop-17\"\ngroup = \"{group}\"\n")
    };
    change(&device("staff"));
    assert_eq!(school.address("games.example"), SITE);
    change(&device("nobody"));
    assert!(school.resolver.trouble().is_some());
    assert_eq!(school.address("games.example"), SITE);
    change(&device("pupils"));
    assert_eq!(school.address("games.example"), NOWHERE);
}

/// The files of `docs/filter.md`, by the text that stands above them.
fn documented(heading: &str) -> String {
    let text = include_str!("../../../../docs/filter.md");
    let after = text
        .split_once(&format!("\n## {heading}\n"))
        .expect("its heading")
        .1;
    let from = after.split_once("```toml\n").expect("a file").1;
    from.split_once("```").expect("its end").0.to_owned()
}

#[test]
fn the_files_are_as_they_are_documented() {
    let policy = Policy::parse(&documented("filter-policy.toml")).expect("a policy");
    assert_eq!(policy.groups[0].changes.len(), 1);
    assert_eq!(policy.calendar.closed.len(), 1);
    // What the server writes is what the resolver reads.
    let written = toml_edit::ser::to_string_pretty(&policy).expect("text");
    assert_eq!(Policy::parse(&written).expect("a policy"), policy);
    let register = Register::parse(&documented("filter-register.toml")).expect("a register");
    assert_eq!(register.devices[0].id.as_deref(), Some("laptop-17"));
    let settings = Settings::parse(&documented("filter.toml")).expect("settings");
    assert_eq!(settings.upstreams.len(), 3);
}

#[test]
fn what_cannot_be_read_leaves_the_filter_as_it_was() {
    let school = School::usual();
    let place = school.folder.path().join("index.new");
    std::fs::write(&place, "damaged").expect("written");
    std::fs::rename(&place, school.folder.path().join("index")).expect("renamed");
    while school.resolver.trouble().is_none() {
        assert_eq!(school.address("games.example"), NOWHERE);
    }
    assert_eq!(school.address("games.example"), NOWHERE);
    assert_eq!(school.resolver.counts().reloads, 0);
}

#[test]
fn a_client_outside_gets_no_answer_worth_having() {
    let school = School::new(
        vec![Upstream::start(Manner::Honest)],
        "networks = [\"10.0.0.0/8\"]\n",
    );
    assert_eq!(
        school.ask("open.example", A).metadata.response_code,
        ResponseCode::Refused
    );
    assert_eq!(
        school.ask("games.example", A).metadata.response_code,
        ResponseCode::Refused
    );
    assert_eq!(school.asked(), 0);
}

#[test]
fn a_flood_from_one_client_is_held() {
    let school = School::new(
        vec![Upstream::start(Manner::Honest)],
        "questions_per_second = 5\n",
    );
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_millis(500)))
        .expect("set");
    for _ in 0..200 {
        socket
            .send_to(
                &question("games.example", A, false),
                school.resolver.addresses().plain[0],
            )
            .expect("sent");
    }
    let mut answers = 0;
    let mut buffer = [0; 512];
    while socket.recv(&mut buffer).is_ok() {
        answers += 1;
    }
    // Two hundred questions may fall into two seconds, and on a slow machine into three.
    assert!((1..=15).contains(&answers), "{answers}");
}

/// The whole log of a school, whose resolver ends with it.
pub(super) fn logged(school: School) -> String {
    let School {
        folder,
        upstreams: _upstreams,
        resolver,
    } = school;
    drop(resolver);
    let mut text = String::new();
    for file in std::fs::read_dir(folder.path().join("log")).expect("readable") {
        text += &std::fs::read_to_string(file.expect("a file").path()).expect("text");
    }
    text
}

#[test]
fn decisions_are_logged() {
    let more = "[[device]]\naddress = \"127.0.0.1\"\nid = \"laptop-17\"\ngroup = \"pupils\"\n";
    let school = School::new(vec![Upstream::start(Manner::Honest)], more);
    school.address("games.example");
    school.address("open.example");
    let text = logged(school);
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('\t').skip(1).collect())
        .collect();
    let who = ["127.0.0.1", "laptop-17", "pupils"];
    let games = [
        &who[..],
        &["games.example", "1", "listed", "made-up/games", "games"],
    ]
    .concat();
    let open = [&who[..], &["open.example", "1", "allowed", "", ""]].concat();
    assert!(lines.contains(&games) && lines.contains(&open), "{text}");
}

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A school that also serves TLS and HTTPS, with a device that has a token.
fn encrypted() -> School {
    let more = format!(
        "[[device]]\ntoken = \"ipad7\"\ngroup = \"staff\"\n[tls]\nlisten = [\"127.0.0.1:0\"]\nhttps = [\"127.0.0.1:0\"]\n\
         name = \"filter.school.example\"\ncertificate = \"{}\"\nkey = \"{}\"\n",
        fixture("server.pem"),
        fixture("server.key")
    );
    School::new(vec![Upstream::start(Manner::Honest)], &more)
}

/// Asks through a second resolver, whose upstream is written so.
fn through(upstream: &str, name: &str) -> Option<Ipv4Addr> {
    let folder = tempfile::tempdir().expect("a folder");
    index(folder.path(), &[]);
    let text = format!(
        "index = \"index\"\nlisten = [\"127.0.0.1:0\"]\nupstreams = [\"{upstream}\"]\nupstream_authority = \"{}\"\n\
         inside = [\"example\"]\n",
        fixture("authority.pem")
    );
    let path = folder.path().join("filter.toml");
    std::fs::write(&path, text).expect("written");
    let resolver = Resolver::start(Settings::read(&path).expect("settings")).expect("a resolver");
    let school = School {
        folder,
        upstreams: Vec::new(),
        resolver,
    };
    school.address(name)
}

#[test]
fn questions_travel_over_tls_and_https_and_a_device_is_known_by_its_token() {
    let school = encrypted();
    let tls = school.resolver.addresses().tls[0];
    let https = school.resolver.addresses().https[0];
    assert_eq!(
        through(
            &format!("tls://{tls}#filter.school.example"),
            "open.example"
        ),
        SITE
    );
    assert_eq!(
        through(
            &format!("https://{https}/dns-query#filter.school.example"),
            "open.example"
        ),
        SITE
    );
    // Pupils do not play; the device with the token belongs to staff, who may.
    let games = |upstream: String| through(&upstream, "games.example");
    assert_eq!(games(format!("tls://{tls}#filter.school.example")), NOWHERE);
    assert_eq!(
        games(format!("tls://{tls}#ipad7.filter.school.example")),
        SITE
    );
    assert_eq!(
        games(format!("tls://{tls}#stranger.filter.school.example")),
        NOWHERE
    );
    assert_eq!(
        games(format!(
            "https://{https}/dns-query/ipad7#filter.school.example"
        )),
        SITE
    );
    assert_eq!(
        games(format!(
            "https://{https}/dns-query/stranger#filter.school.example"
        )),
        NOWHERE
    );
    // A server that shows another name is not asked.
    assert_eq!(
        through(&format!("tls://{tls}#other.example"), "open.example"),
        None
    );
    assert_eq!(
        through(
            &format!("https://{https}/elsewhere#filter.school.example"),
            "open.example"
        ),
        None
    );
}

/// What a worker judges by, without a network.
pub(super) static ALONE: LazyLock<(snapshot::Snapshot, cache::Cache)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    index(folder.path(), &["games.example"]);
    let index = Arc::new(Index::open(&folder.path().join("index")).expect("an index"));
    let policy = Policy::parse(POLICY).expect("a policy");
    let at = "2026-11-27T10:00[Europe/London]"
        .parse::<jiff::Zoned>()
        .expect("a moment");
    let live = Live::new(index, &policy, Moment::of(&at));
    let snapshot = snapshot::Snapshot::new(
        live,
        &policy,
        &Devices::default(),
        &[],
        &[],
        reply::BlockAt::Nowhere,
    );
    let cache = cache::Cache::new(Key::new([6; 32]), 1 << 16, 60);
    let name = Lower::of("open.example").expect("a name");
    let asked = message::question(&name, A, false, false, &[0; 40]);
    let kept = message::read(&asked, &answer(&asked), false, 90_000).expect("an answer");
    cache.put(
        cache::CacheKey::new(&cache.key, &name, A, false, false, 0),
        Arc::new(kept),
        90_000,
    );
    (snapshot, cache)
});

/// A question, changed in a few places and perhaps cut, as a broken or hostile client would send it.
fn mangled() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        Just("open.example".to_owned()),
        Just("www.games.example".to_owned()),
        Just("www.google.com".to_owned()),
        Just("mask.icloud.com".to_owned()),
        "[a-z.]{0,70}",
    ];
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5);
    let tail = proptest::collection::vec(any::<u8>(), 0..20);
    (
        name,
        any::<u16>(),
        any::<bool>(),
        changes,
        any::<bool>(),
        any::<prop::sample::Index>(),
        tail,
    )
        .prop_map(|(name, kind, edns, changes, cut, at, tail)| {
            let kind = [A, AAAA, HTTPS, kind][usize::from(kind % 4)];
            let labels: Vec<&str> = name.split('.').filter(|label| label.len() < 64).collect();
            let mut packet = question(&labels.join("."), kind, edns);
            for (place, byte) in changes {
                let place = place.index(packet.len());
                packet[place] = byte;
            }
            if cut {
                packet.truncate(at.index(packet.len()));
                packet.extend(tail);
            }
            packet
        })
}

proptest! {
    #[test]
    fn no_packet_makes_a_worker_stumble(packet in prop_oneof![mangled(), proptest::collection::vec(any::<u8>(), 0..600)]) {
        let (snapshot, cache) = &*ALONE;
        let mut worker = judge::Worker::new(limits::Limits::new(Key::new([1; 32]), 10), log::Log::none());
        let asker = judge::Asker { from: "10.0.0.1".parse().expect("an address"), token: None, is_udp: true, is_quiet: false };
        let now = judge::Now { second: 90_001, wall_ms: 0 };
        let mut out = Vec::new();
        match worker.answer(snapshot, cache, &packet, &asker, now, &mut out) {
            judge::Done::Reply | judge::Done::ReplyAndRenew(_) => {
                prop_assert!(out.len() <= 1232 && out[..2] == packet[..2] && out[2] & 0x80 != 0);
                prop_assert!(Message::from_vec(&out).is_ok(), "{packet:?} got {out:?}");
            }
            judge::Done::Ask(_) => prop_assert!(Query::read(&packet).is_ok()),
            judge::Done::Silence => {}
        }
    }

    #[test]
    fn whatever_an_upstream_sends_is_read_or_refused(
        tail in proptest::collection::vec(any::<u8>(), 0..300),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        honest in any::<bool>(),
    ) {
        let name = Lower::of(if honest { "long.example" } else { "cloaked.example" }).expect("a name");
        let asked = message::question(&name, A, true, false, &[7; 40]);
        let mut said = answer(&asked);
        let unchanged = changes.is_empty();
        for (place, byte) in changes {
            let place = place.index(said.len());
            said[place] = byte;
        }
        said.extend(tail);
        if let Ok(kept) = message::read(&asked, &said, false, 100) {
            let query = Query::read(&asked).expect("our own question");
            let mut out = Vec::new();
            reply::kept(&query, &kept.message, &kept.ttls, reply::Age::Seconds(5), &mut out);
            prop_assert!(!unchanged || Message::from_vec(&out).is_ok());
            reply::fit(&query, &mut out);
            prop_assert!(out.len() <= 1232);
        }
    }
}
