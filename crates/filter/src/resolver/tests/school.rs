//! A school with a resolver of its own, and what its devices hear.

use super::*;

pub(in crate::resolver) struct School {
    pub(in crate::resolver) folder: tempfile::TempDir,
    pub(in crate::resolver) upstreams: Vec<Upstream>,
    pub(in crate::resolver) resolver: Resolver,
}

pub(super) const HTTPS: u16 = 65;
pub(super) const SALT: [u8; 16] = [4; 16];

pub(in crate::resolver) fn index(folder: &Path, games: &[&str]) {
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

pub(in crate::resolver) const POLICY: &str = "[[group]]\nname = \"pupils\"\npreset = \"strict\"\nyoutube = \"moderate\"\n\
                      [[group]]\nname = \"staff\"\npreset = \"light\"\nadults = true\nsafe_search = false\nyoutube = \"off\"\n";

impl School {
    pub(in crate::resolver) fn new(upstreams: Vec<Upstream>, more: &str) -> Self {
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
             inside = [\"School.internal.\"]\nupstreams = [{}]\n{limit}{more}",
            asked.join(", ")
        );
        let path = folder.path().join("filter.toml");
        std::fs::write(&path, text).expect("written");
        let resolver = loop {
            match Resolver::start(Settings::read(&path).expect("settings")) {
                Ok(resolver) => break resolver,
                // The port that was free for UDP need not be free for TCP.
                Err(StartRefused::Listen(_, why))
                    if why.kind() == std::io::ErrorKind::AddrInUse => {}
                Err(why) => panic!("{why}"),
            }
        };
        Self {
            folder,
            upstreams,
            resolver,
        }
    }

    pub(super) fn usual() -> Self {
        Self::new(vec![Upstream::start(Manner::Honest)], "")
    }

    /// Puts another policy in the place of the one in use, and waits until it is in use.
    pub(in crate::resolver) fn decide(&self, policy: &str) {
        let before = self.resolver.counts().reloads;
        let place = self.folder.path().join("policy.new");
        std::fs::write(&place, policy).expect("written");
        std::fs::rename(&place, self.folder.path().join("policy.toml")).expect("renamed");
        while self.resolver.counts().reloads == before {
            assert_eq!(self.resolver.trouble(), None);
            std::thread::yield_now();
        }
    }

    /// A connection over which questions come with their length before them.
    pub(super) fn over_tcp(&self, packet: &[u8]) -> Vec<u8> {
        use std::io::{Read as _, Write as _};
        let mut stream =
            std::net::TcpStream::connect(self.resolver.addresses().plain[0]).expect("connected");
        stream
            .write_all(&[&(packet.len() as u16).to_be_bytes()[..], packet].concat())
            .expect("written");
        let mut length = [0; 2];
        stream.read_exact(&mut length).expect("a length");
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut answer).expect("an answer");
        answer
    }

    pub(in crate::resolver) fn asked(&self) -> u64 {
        self.upstreams
            .iter()
            .map(|one| one.asked.load(Ordering::Relaxed))
            .sum()
    }

    pub(super) fn send(&self, packet: &[u8]) -> Option<Vec<u8>> {
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

    pub(in crate::resolver) fn ask(&self, name: &str, kind: u16) -> Message {
        let packet = question(name, kind, true);
        let answer = self.send(&packet).expect("an answer");
        assert_eq!(answer[..2], packet[..2]);
        Message::from_vec(&answer).expect("a message")
    }

    pub(in crate::resolver) fn address(&self, name: &str) -> Option<Ipv4Addr> {
        self.ask(name, A)
            .answers
            .iter()
            .find_map(|record| match &record.data {
                RData::A(address) => Some(address.0),
                _ => None,
            })
    }
}

pub(in crate::resolver) fn question(name: &str, kind: u16, edns: bool) -> Vec<u8> {
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

pub(in crate::resolver) const NOWHERE: Option<Ipv4Addr> = Some(Ipv4Addr::UNSPECIFIED);
pub(in crate::resolver) const SITE: Option<Ipv4Addr> = Some(Ipv4Addr::new(192, 0, 2, 80));

/// The whole log of a school, whose resolver ends with it.
pub(in crate::resolver) fn logged(school: School) -> String {
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

/// A snapshot over the index of a folder, without a network.
pub(super) fn alone(folder: &Path, policy: &str) -> snapshot::Snapshot {
    let index = Arc::new(Index::open(&folder.join("index")).expect("an index"));
    let policy = Policy::parse(policy).expect("a policy");
    let at = "2026-11-27T10:00[Europe/London]"
        .parse::<jiff::Zoned>()
        .expect("a moment");
    let live = Live::new(index, &policy, Moment::of(&at));
    snapshot::Snapshot::new(
        live,
        &policy,
        &Devices::default(),
        &[],
        &[],
        reply::BlockAt::Nowhere,
    )
}

/// What a pupil gets from a worker that is all alone.
pub(super) fn by_itself(
    worker: &mut judge::Worker,
    snapshot: &snapshot::Snapshot,
    name: &str,
    out: &mut Vec<u8>,
) -> judge::Done {
    let asker = judge::Asker {
        from: "10.0.0.1".parse().expect("an address"),
        token: None,
        is_udp: true,
        is_quiet: false,
    };
    let now = judge::Now {
        second: 90_001,
        wall_ms: 0,
    };
    let packet = question(name, A, true);
    worker.answer(snapshot, &ALONE.1, &packet, &asker, now, out)
}

/// A worker that writes nothing down.
pub(super) fn worker() -> judge::Worker {
    judge::Worker::new(
        limits::Limits::new(Key::new([1; 32]), u32::MAX),
        log::Log::none(),
    )
}

/// What a worker judges by, without a network.
pub(in crate::resolver) static ALONE: LazyLock<(snapshot::Snapshot, cache::Cache)> =
    LazyLock::new(|| {
        let folder = tempfile::tempdir().expect("a folder");
        index(folder.path(), &["games.example"]);
        let snapshot = alone(folder.path(), POLICY);
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
