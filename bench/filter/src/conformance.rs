//! Whether an allowed name is answered as a well-known resolver answers it: the same questions to unbound and to
//! the filter, which asks unbound itself, which asks an authoritative server with a zone of our own.
//! `cargo run --release -p belisha-filter-bench -- conformance`

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use hickory_proto::op::Message;
use hickory_proto::rr::{DNSClass, Record, RecordType};

use crate::process::Process;
use crate::servers;

const AUTHORITY: u16 = 5380;
const UNBOUND: u16 = 5381;
const OURS: u16 = 5382;

/// What is asked, in every way.
const NAMES: [&str; 22] = [
    "example.test",
    "www.example.test",
    "WWW.Example.TEST",
    "alias.example.test",
    "chain.example.test",
    "dangling.example.test",
    "outside.example.test",
    "x.wild.example.test",
    "a.b.wild.example.test",
    "wild.example.test",
    "empty.example.test",
    "below.empty.example.test",
    "missing.example.test",
    "deep.missing.example.test",
    "many.example.test",
    "long.example.test",
    "six.example.test",
    "mail.example.test",
    "_sip._tcp.example.test",
    "service.example.test",
    "odd_name-.example.test",
    "xn--bcher-kva.example.test",
];
const TYPES: [u16; 12] = [1, 28, 5, 2, 6, 15, 16, 33, 65, 64, 257, 12];

fn zone() -> String {
    let mut text = "$ORIGIN example.test.\n$TTL 300\n\
        @ IN SOA ns hostmaster 7 3600 600 86400 120\n@ IN NS ns\n@ IN A 192.0.2.1\n@ IN MX 10 mail\n\
        @ IN TXT \"v=spf1 -all\"\n@ IN CAA 0 issue \"ca.example\"\n@ IN HTTPS 1 . alpn=h2,h3\nns IN A 192.0.2.53\n\
        www 60 IN A 192.0.2.2\nwww 60 IN AAAA 2001:db8::2\nalias IN CNAME www\nchain IN CNAME alias\n\
        dangling IN CNAME nowhere\noutside IN CNAME www.elsewhere.test.\n*.wild IN A 192.0.2.3\n*.wild IN TXT \"wild\"\n\
        below.empty IN A 192.0.2.4\nsix IN AAAA 2001:db8::6\nmail IN A 192.0.2.25\n_sip._tcp IN SRV 1 2 5060 service\n\
        service IN A 192.0.2.60\nservice IN SVCB 1 service alpn=dot\nodd_name- IN A 192.0.2.7\nxn--bcher-kva IN A 192.0.2.8\n"
        .to_owned();
    for number in 0..90 {
        let _ = writeln!(text, "many IN A 198.51.100.{number}");
    }
    for number in 0..12 {
        let _ = writeln!(text, "long IN TXT \"{}{number}\"", "x".repeat(200));
    }
    text
}

fn unbound(folder: &Path, port: u16, more: &str) -> anyhow::Result<Process> {
    let path = folder.join(format!("unbound-{port}.conf"));
    fs::write(
        &path,
        format!(
            "server:\n  interface: 127.0.0.1@{port}\n  num-threads: 1\n  do-daemonize: no\n  username: \"\"\n  chroot: \"\"\n  \
             pidfile: \"\"\n  use-syslog: no\n  do-not-query-localhost: no\n  directory: \"{}\"\n  module-config: \"iterator\"\n  \
             local-zone: \"test.\" nodefault\n{more}",
            folder.display()
        ),
    )?;
    let arguments = ["-d".into(), "-c".into(), path.display().to_string()];
    Process::start("unbound", &arguments, port, folder)
}

/// Asks every question of both, and says where they differ.
pub(crate) fn measure() -> anyhow::Result<String> {
    servers::install()?;
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("zone"), zone())?;
    let authority = format!(
        "auth-zone:\n  name: \"example.test.\"\n  zonefile: \"{}/zone\"\n  for-downstream: yes\n  for-upstream: no\n\
         auth-zone:\n  name: \"elsewhere.test.\"\n  zonefile: \"{0}/elsewhere\"\n  for-downstream: yes\n  for-upstream: no\n",
        folder.path().display()
    );
    let elsewhere = "$ORIGIN elsewhere.test.\n$TTL 300\n@ IN SOA ns hostmaster 7 3600 600 86400 120\n@ IN NS ns\nns IN A 192.0.2.54\nwww IN A 192.0.2.9\n";
    fs::write(folder.path().join("elsewhere"), elsewhere)?;
    let _authority = unbound(folder.path(), AUTHORITY, &authority)?;
    let forward = format!("forward-zone:\n  name: \".\"\n  forward-addr: 127.0.0.1@{AUTHORITY}\n");
    let peer = unbound(folder.path(), UNBOUND, &forward)?;
    let lists = folder.path().join("lists");
    fs::create_dir_all(&lists)?;
    fs::write(lists.join("games.domains.txt"), "games.example\n")?;
    servers::compile(&lists, &folder.path().join("filter.index"))?;
    let settings = folder.path().join("filter.toml");
    fs::write(
        &settings,
        format!(
            "index = \"filter.index\"\nlisten = [\"127.0.0.1:{OURS}\"]\nupstreams = [\"127.0.0.1:{UNBOUND}\"]\n\
             questions_per_second = 1000000\n"
        ),
    )?;
    let own = std::env::current_exe()?.display().to_string();
    let arguments = ["serve".into(), settings.display().to_string()];
    let ours = Process::start(&own, &arguments, OURS, folder.path())?;
    let (mut asked, mut text, mut differ) = (0, String::new(), 0);
    // Twice: the first answers come from upstream, the second from what was kept.
    for round in ["from upstream", "kept"] {
        for name in NAMES {
            for kind in TYPES {
                for (way, size) in [("no EDNS", None), ("EDNS", Some(1232)), ("TCP", Some(0))] {
                    asked += 1;
                    let what = || format!("{name} {} {way}, {round}", RecordType::from(kind));
                    let theirs = answer(peer.address, name, kind, size).with_context(what)?;
                    let mine = answer(ours.address, name, kind, size).with_context(what)?;
                    if theirs != mine {
                        differ += 1;
                        let _ =
                            writeln!(text, "{}: unbound {theirs:?}, the filter {mine:?}", what());
                    }
                }
            }
        }
    }
    let _ = write!(
        text,
        "{asked} questions, {differ} answered otherwise than by unbound"
    );
    Ok(text)
}

/// What of an answer a client goes by.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    code: u16,
    is_cut: bool,
    /// Of an answer that was cut short, the client throws the records away.
    records: BTreeSet<String>,
    /// Where there is no record: whether it says for how long.
    has_soa: bool,
}

fn answer(at: SocketAddr, name: &str, kind: u16, size: Option<u16>) -> anyhow::Result<Seen> {
    let question = question(name, kind, size);
    let bytes = match size {
        Some(0) => over_tcp(at, &question)?,
        _ => over_udp(at, &question)?,
    };
    let message = Message::from_vec(&bytes)?;
    let is_cut = message.metadata.truncation;
    anyhow::ensure!(
        message.metadata.recursion_available,
        "{name}: recursion is not offered"
    );
    let seen = |record: &Record| {
        anyhow::ensure!(record.dns_class == DNSClass::IN, "{name}: an odd class");
        Ok(format!(
            "{} {} {}",
            record.name.to_lowercase(),
            record.record_type(),
            record.data
        )
        .to_ascii_lowercase())
    };
    let records = message
        .answers
        .iter()
        .map(seen)
        .collect::<anyhow::Result<BTreeSet<_>>>()?;
    Ok(Seen {
        code: message.metadata.response_code.into(),
        is_cut,
        has_soa: records.is_empty()
            && !is_cut
            && message
                .authorities
                .iter()
                .any(|record| record.record_type() == RecordType::SOA),
        records: if is_cut { BTreeSet::new() } else { records },
    })
}

fn question(name: &str, kind: u16, size: Option<u16>) -> Vec<u8> {
    let mut packet = vec![
        0x12,
        0x34,
        1,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        u8::from(size.is_some()),
    ];
    for label in name.split('.') {
        packet.push(label.len() as u8);
        packet.extend(label.as_bytes());
    }
    packet.push(0);
    packet.extend(kind.to_be_bytes());
    packet.extend([0, 1]);
    if let Some(size) = size {
        packet.extend([0, 0, 41]);
        packet.extend(size.max(1232).to_be_bytes());
        packet.extend([0; 6]);
    }
    packet
}

fn over_udp(at: SocketAddr, question: &[u8]) -> anyhow::Result<Vec<u8>> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    socket.send_to(question, at)?;
    let mut buffer = vec![0; 65_535];
    let length = socket.recv(&mut buffer)?;
    buffer.truncate(length);
    Ok(buffer)
}

fn over_tcp(at: SocketAddr, question: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(at)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(&(question.len() as u16).to_be_bytes())?;
    stream.write_all(question)?;
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}
