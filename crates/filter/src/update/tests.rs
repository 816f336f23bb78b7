//! Updates from a publisher of the test's own, who can be honest, broken or hostile.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Mutex;

use blake2::{Blake2b512, Digest as _};
use data_encoding::BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::Sha256;

use super::*;
use crate::compile::{Compile, compile};
use crate::index::Index;
use crate::lists::Limits;

/// What is published at a path.
#[derive(Clone)]
enum Page {
    /// With an ETag of its digest.
    File(Vec<u8>),
    /// Promises more bytes than it sends.
    BrokenOff(Vec<u8>),
    Leads(String),
}

struct Publisher {
    address: SocketAddr,
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
    /// Answers with a body, so that an answer without one can be told.
    sent: Arc<Mutex<Vec<String>>>,
}

impl Publisher {
    fn start(tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let publisher = Self {
            address: listener.local_addr().expect("an address"),
            pages: Arc::default(),
            sent: Arc::default(),
        };
        let (pages, sent) = (publisher.pages.clone(), publisher.sent.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                // A client that goes away is the test's own wish.
                let _ = match &tls {
                    None => answer(stream, &pages, &sent),
                    Some(tls) => {
                        let connection =
                            rustls::ServerConnection::new(tls.clone()).expect("a connection");
                        let stream = rustls::StreamOwned::new(connection, stream);
                        answer(stream, &pages, &sent)
                    }
                };
            }
        });
        publisher
    }

    fn put(&self, path: &str, page: Page) {
        self.pages
            .lock()
            .expect("unpoisoned")
            .insert(path.to_owned(), page);
    }

    fn file(&self, path: &str, bytes: &[u8]) {
        self.put(path, Page::File(bytes.to_vec()));
    }

    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn sent(&self) -> usize {
        self.sent.lock().expect("unpoisoned").len()
    }
}

fn answer(
    stream: impl Read + Write,
    pages: &Mutex<BTreeMap<String, Page>>,
    sent: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut path, mut known) = (String::new(), String::new());
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(rest) = line.strip_prefix("GET ") {
            path = rest.split(' ').next().unwrap_or_default().to_owned();
        } else if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("if-none-match")
        {
            known = value.to_owned();
        }
    }
    let page = pages.lock().expect("unpoisoned").get(&path).cloned();
    let out = stream.get_mut();
    match page {
        None => write!(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?,
        Some(Page::Leads(place)) => write!(
            out,
            "HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"
        )?,
        Some(Page::BrokenOff(bytes)) => {
            write!(
                out,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
                bytes.len() + 9
            )?;
            out.write_all(&bytes)?;
        }
        Some(Page::File(bytes)) => {
            let etag = format!("\"{}\"", &sum(&bytes)[..16]);
            if known == etag {
                write!(out, "HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n")?;
            } else {
                let length = bytes.len();
                write!(
                    out,
                    "HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {length}\r\n\r\n"
                )?;
                out.write_all(&bytes)?;
                sent.lock().expect("unpoisoned").push(path);
            }
        }
    }
    out.flush()
}

fn sum(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A minisign key pair of the test's own: the public key and the signature of a file, as the tool writes them.
fn signed(seed: u8, bytes: &[u8]) -> (String, String) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let id = [7u8; 8];
    let public = [b"Ed".as_slice(), &id, key.verifying_key().as_bytes()].concat();
    let signature = key.sign(&Blake2b512::digest(bytes)).to_bytes();
    let trusted = "timestamp:1790000000";
    let both = [signature.as_slice(), trusted.as_bytes()].concat();
    let text = format!(
        "untrusted comment: made for a test\n{}\ntrusted comment: {trusted}\n{}\n",
        BASE64.encode(&[b"ED".as_slice(), &id, &signature].concat()),
        BASE64.encode(&key.sign(&both).to_bytes())
    );
    (BASE64.encode(&public), text)
}

fn sources(text: &str) -> Sources {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sources.toml");
    fs::write(&path, text).expect("written");
    Sources::read(&path).expect("sources")
}

/// One source; a checksum of what it holds makes it fit for http.
fn source(to: &str, from: &str, bytes: &[u8]) -> Sources {
    sources(&format!(
        "[[source]]\nto = \"{to}\"\nfrom = \"{from}\"\nsha256 = \"{}\"\n",
        sum(bytes)
    ))
}

#[track_caller]
fn only(sources: &Sources, lists: &Path) -> Outcome {
    let mut outcomes = update(sources, lists).expect("an update");
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0).1
}

#[track_caller]
fn fails(sources: &Sources, lists: &Path, why: &str) {
    match only(sources, lists) {
        Outcome::Failed(failed) => assert!(failed.to_string().contains(why), "{failed}"),
        other => panic!("{other:?} where “{why}” was expected"),
    }
}

/// What lies in the folder, but for what is known of the sources.
fn left(lists: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(lists)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name != STATE)
        .collect();
    names.sort();
    names
}

#[test]
fn a_list_is_fetched_once_and_again_when_it_has_changed() {
    let publisher = Publisher::start(None);
    let lists = tempfile::tempdir().expect("a folder");
    let from = publisher.at("/games");
    let (old, new) = (b"games.example\n", b"games.example\nplay.example\n");
    publisher.file("/games", old);
    let place = lists.path().join("ut1/games/domains");
    let one = source("ut1/games/domains", &from, old);
    assert!(matches!(
        only(&one, lists.path()),
        Outcome::Fetched { bytes: 14 }
    ));
    assert_eq!(fs::read(&place).expect("a list"), old);
    assert!(matches!(only(&one, lists.path()), Outcome::Unchanged));
    assert_eq!(publisher.sent(), 1);
    publisher.file("/games", new);
    let one = source("ut1/games/domains", &from, new);
    assert!(matches!(only(&one, lists.path()), Outcome::Fetched { .. }));
    assert_eq!(fs::read(&place).expect("a list"), new);
    // A list that somebody took away is fetched although the publisher has nothing new.
    fs::remove_file(&place).expect("removed");
    assert!(matches!(only(&one, lists.path()), Outcome::Fetched { .. }));
    assert_eq!(left(lists.path()), ["ut1"]);
}

#[test]
fn whatever_goes_wrong_leaves_the_old_version() {
    let publisher = Publisher::start(None);
    let lists = tempfile::tempdir().expect("a folder");
    let good = b"games.example\n";
    let from = publisher.at("/games");
    let one = source("games.txt", &from, good);
    publisher.file("/games", good);
    assert!(matches!(only(&one, lists.path()), Outcome::Fetched { .. }));
    let stands = || {
        let held = fs::read(lists.path().join("games.txt")).expect("a list");
        assert_eq!(held, good);
        assert_eq!(left(lists.path()), ["games.txt"]);
    };
    publisher.file("/games", b"games.example\nbank.example\n");
    fails(&one, lists.path(), "was promised");
    stands();
    publisher.put("/games", Page::BrokenOff(b"games".to_vec()));
    fails(&one, lists.path(), "broken off");
    stands();
    publisher.put("/games", Page::Leads("/games".into()));
    fails(&one, lists.path(), "leads on too often");
    stands();
    fails(
        &source("games.txt", &publisher.at("/none"), good),
        lists.path(),
        "answered 404",
    );
    stands();
    let nobody = TcpListener::bind("127.0.0.1:0")
        .expect("a listener")
        .local_addr();
    let nobody = format!("http://{}/games", nobody.expect("an address"));
    fails(&source("games.txt", &nobody, good), lists.path(), "refused");
    stands();
    let large = sources(&format!(
        "[[source]]\nto = \"games.txt\"\nfrom = \"{from}\"\nmost_mb = 1\nsha256 = \"{}\"\n",
        sum(good)
    ));
    publisher.file("/games", &vec![b'a'; (1 << 20) + 1]);
    fails(&large, lists.path(), "is larger than 1048576 bytes");
    stands();
}

#[test]
fn a_signed_list_is_taken_from_its_publisher_alone() {
    let publisher = Publisher::start(None);
    let lists = tempfile::tempdir().expect("a folder");
    let list = b"games.example\n";
    let (key, signature) = signed(1, list);
    publisher.file("/games", list);
    publisher.file("/games.minisig", signature.as_bytes());
    let with = |key: &str| {
        sources(&format!(
            "[[source]]\nto = \"games.txt\"\nfrom = \"{}\"\nkey = \"{key}\"\n",
            publisher.at("/games")
        ))
    };
    let (other_key, other_signature) = signed(2, list);
    fails(&with(&other_key), lists.path(), "signature");
    assert!(matches!(
        only(&with(&key), lists.path()),
        Outcome::Fetched { .. }
    ));
    // Another's signature, and a signature of something else.
    publisher.file("/games", b"games.example\nbank.example\n");
    fails(&with(&key), lists.path(), "signature");
    publisher.file("/games.minisig", other_signature.as_bytes());
    fails(&with(&key), lists.path(), "signature");
    publisher.file("/games.minisig", b"nonsense");
    fails(&with(&key), lists.path(), "signature");
    assert_eq!(
        fs::read(lists.path().join("games.txt")).expect("a list"),
        list
    );
}

/// An archive as a publisher makes it, or as an attacker would: names go in as they are.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().expect("gnu").name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        builder.append(&header, *bytes).expect("added");
    }
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    builder
        .append_link(&mut link, "games/urls", "/etc/passwd")
        .expect("added");
    let packed = builder.into_inner().expect("an archive");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&packed).expect("packed");
    gzip.finish().expect("packed")
}

#[test]
fn an_archive_becomes_one_folder_and_reaches_nothing_outside() {
    let publisher = Publisher::start(None);
    let lists = tempfile::tempdir().expect("a folder");
    let made = archive(&[
        ("games/domains", b"games.example\n"),
        ("games/usage", b"black\n"),
        ("../outside", b"x"),
        ("/etc/outside", b"x"),
        ("games/../../outside", b"x"),
        ("games/.hidden", b"x"),
    ]);
    publisher.file("/games.tar.gz", &made);
    let one = source("ut1/games/", &publisher.at("/games.tar.gz"), &made);
    assert!(matches!(only(&one, lists.path()), Outcome::Fetched { .. }));
    assert_eq!(left(lists.path()), ["ut1"]);
    assert_eq!(left(&lists.path().join("ut1")), ["games"]);
    let held = left(&lists.path().join("ut1/games"));
    assert_eq!(held, ["domains", "usage"]);
    assert!(
        !lists
            .path()
            .parent()
            .expect("a folder")
            .join("outside")
            .exists()
    );
    // The next version takes the place of all of it, and nothing of a run that was cut off comes in with it.
    let cut_off = lists.path().join(".ut1+games.folder");
    fs::create_dir(&cut_off).expect("made");
    fs::write(cut_off.join("urls"), "half").expect("written");
    let next = archive(&[("games/domains", b"play.example\n")]);
    publisher.file("/games.tar.gz", &next);
    let one = source("ut1/games/", &publisher.at("/games.tar.gz"), &next);
    assert!(matches!(only(&one, lists.path()), Outcome::Fetched { .. }));
    assert_eq!(left(&lists.path().join("ut1/games")), ["domains"]);
    publisher.file("/games.tar.gz", b"no archive at all");
    let one = source(
        "ut1/games/",
        &publisher.at("/games.tar.gz"),
        b"no archive at all",
    );
    fails(&one, lists.path(), "cannot be unpacked");
    assert_eq!(left(&lists.path().join("ut1/games")), ["domains"]);
}

#[test]
fn https_is_believed_by_its_authority_and_never_weakened() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![made.cert.der().clone()],
            rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der())
                .expect("a key"),
        )
        .expect("a certificate");
    let publisher = Publisher::start(Some(Arc::new(tls)));
    publisher.file("/games", b"games.example\n");
    let lists = tempfile::tempdir().expect("a folder");
    let authority = lists.path().join(".own.pem");
    fs::write(&authority, made.cert.pem()).expect("written");
    let from = |path: &str| format!("https://localhost:{}{path}", publisher.address.port());
    let with = |head: &str, path: &str| {
        sources(&format!(
            "{head}[[source]]\nto = \"games.txt\"\nfrom = \"{}\"\n",
            from(path)
        ))
    };
    fails(&with("", "/games"), lists.path(), "certificate");
    let head = format!("authority = \"{}\"\n", authority.display());
    publisher.put("/away", Page::Leads("http://127.0.0.1/games".into()));
    fails(&with(&head, "/away"), lists.path(), "not followed");
    publisher.put("/here", Page::Leads("/games".into()));
    let one = with(&head, "/here");
    assert!(matches!(only(&one, lists.path()), Outcome::Fetched { .. }));
    assert!(matches!(only(&one, lists.path()), Outcome::Unchanged));
}

#[test]
fn a_list_in_place_is_fetched_again_for_a_proof_that_it_never_had() {
    let (lists, published) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let file = published.path().join("games");
    fs::write(&file, "games.example\n").expect("written");
    let with = |proof: &str| {
        sources(&format!(
            "[[source]]\nto = \"games.txt\"\nfrom = \"file://{}\"\n{proof}",
            file.display()
        ))
    };
    assert!(matches!(
        only(&with(""), lists.path()),
        Outcome::Fetched { .. }
    ));
    assert!(matches!(only(&with(""), lists.path()), Outcome::Unchanged));
    let sum = |bytes: &[u8]| format!("sha256 = \"{}\"\n", sum(bytes));
    fails(&with(&sum(b"other")), lists.path(), "was promised");
    let right = with(&sum(b"games.example\n"));
    assert!(matches!(
        only(&right, lists.path()),
        Outcome::Fetched { .. }
    ));
    assert!(matches!(only(&right, lists.path()), Outcome::Unchanged));
}

#[test]
fn sources_are_written_as_they_are_documented() {
    let text = include_str!("../../../../docs/filter.md");
    let after = text
        .split_once("\n## sources.toml\n")
        .expect("its heading")
        .1;
    let from = after.split_once("```toml\n").expect("a file").1;
    let sources = sources(from.split_once("```").expect("its end").0);
    assert_eq!(sources.sources.len(), 2);
}

#[test]
fn an_update_that_drops_most_names_is_held_until_a_person_accepts_it() {
    let lists = tempfile::tempdir().expect("a folder");
    let published = tempfile::tempdir().expect("a folder");
    let out = published.path().join("index");
    let file = published.path().join("games");
    let one = sources(&format!(
        "[[source]]\nto = \"games.domains.txt\"\nfrom = \"file://{}\"\n",
        file.display()
    ));
    let publish = |count: u32| {
        let names: String = (0..count).map(|at| format!("game{at}.example\n")).collect();
        fs::write(&file, names).expect("written");
        assert!(matches!(only(&one, lists.path()), Outcome::Fetched { .. }));
    };
    let compiled = |accept: &[&str]| {
        let report = compile(&Compile {
            lists: lists.path(),
            out: &out,
            key: [3; 32],
            built_at: 0,
            limits: Limits::default(),
            accept: accept
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<BTreeSet<_>>(),
        })
        .expect("an index");
        let held = report.lists[0].held.is_some();
        (held, Index::open(&out).expect("an index").counts().names)
    };
    publish(5_000);
    assert!(matches!(only(&one, lists.path()), Outcome::Unchanged));
    assert_eq!(compiled(&[]), (false, 5_000));
    publish(500);
    assert_eq!(compiled(&[]), (true, 5_000));
    assert_eq!(compiled(&[]), (true, 5_000));
    assert_eq!(compiled(&["games"]), (false, 500));
}
