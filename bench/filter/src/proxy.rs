//! The proxy beside Squid with the same names: pages and tunnels, allowed and blocked, for each processor second.
//! `cargo run --release -p belisha-filter-bench -- proxy`

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::names;
use crate::process::Process;
use crate::servers;

const ORIGIN: u16 = 5370;
const UPSTREAM: u16 = 5371;
const OURS: u16 = 5372;
const SQUID: u16 = 5373;
const DNS: u16 = 5374;
const CONNECTIONS: usize = 32;
const OPEN: &str = "site.allowed-school.example";

/// A site with one page of a kilobyte.
pub(crate) fn origin(at: &str) -> anyhow::Result<()> {
    let listener = TcpListener::bind(at)?;
    for stream in listener.incoming() {
        let stream = stream?;
        std::thread::spawn(move || {
            let _ = stream.set_nodelay(true);
            let mut stream = BufReader::new(stream);
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\nContent-Length: 1024\r\n\r\n{}",
                "x".repeat(1024)
            );
            let mut line = String::new();
            loop {
                line.clear();
                if stream.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                if line == "\r\n" && stream.get_mut().write_all(answer.as_bytes()).is_err() {
                    return;
                }
            }
        });
    }
    Ok(())
}

/// Measures both, and gives the table.
pub(crate) fn measure(count: u64, time: Duration, rounds: usize) -> anyhow::Result<String> {
    servers::install_package("squid")?;
    let folder = tempfile::tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    let own = std::env::current_exe()?.display().to_string();
    let role = |role: &str, port: u16| vec![role.to_owned(), format!("127.0.0.1:{port}")];
    let _origin = Process::start_tcp(&own, &role("origin", ORIGIN), ORIGIN, folder.path())?;
    let _upstream = Process::start(&own, &role("loopback", UPSTREAM), UPSTREAM, folder.path())?;
    let place = folder.path().join("ours");
    prepare_ours(&place, count)?;
    let settings = place.join("filter.toml").display().to_string();
    let ours = Process::start_tcp(&own, &["serve".into(), settings], OURS, &place)?;
    let place = folder.path().join("squid");
    let arguments = prepare_squid(&place, count)?;
    let squid = Process::start_tcp("squid", &arguments, SQUID, &place)?;
    let measured = table(&ours, &squid, time, rounds);
    drop(squid);
    for part in ["metadata", "queues", "readers"] {
        // It was ended too abruptly to take them away itself.
        let _ = fs::remove_file(format!("/dev/shm/{}-cf__{part}.shm", service()));
    }
    measured
}

fn service() -> String {
    format!("bench{}", std::process::id())
}

fn prepare_ours(folder: &Path, count: u64) -> anyhow::Result<()> {
    let lists = folder.join("lists");
    fs::create_dir_all(&lists)?;
    fs::write(lists.join("adult.domains.txt"), names::list(count))?;
    servers::compile(&lists, &folder.join("filter.index"))?;
    let settings = format!(
        "index = \"filter.index\"\nlisten = [\"127.0.0.1:{DNS}\"]\nupstreams = [\"127.0.0.1:{UPSTREAM}\"]\nlog = \"log\"\n\
         inside = [\"allowed-school.example\"]\n[proxy]\nlisten = [\"127.0.0.1:{OURS}\"]\nports = [80, 443, {ORIGIN}]\n"
    );
    Ok(fs::write(folder.join("filter.toml"), settings)?)
}

fn prepare_squid(folder: &Path, count: u64) -> anyhow::Result<Vec<String>> {
    fs::create_dir_all(folder)?;
    let mut list = String::new();
    for number in 0..count {
        let _ = writeln!(list, ".{}", names::blocked(number));
    }
    fs::write(folder.join("names"), list)?;
    fs::write(folder.join("hosts"), format!("127.0.0.1 {OPEN}\n"))?;
    // Squid gives root up, and reads and writes here as somebody else.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777))?;
    let place = folder.display();
    let conf = folder.join("squid.conf");
    fs::write(
        &conf,
        format!(
            "http_port 127.0.0.1:{SQUID}\nhosts_file {place}/hosts\npid_filename none\ncache deny all\n\
             access_log stdio:{place}/access.log\ncache_log {place}/cache.log\ncoredump_dir none\nmemory_cache_shared off\npinger_enable off\nshutdown_lifetime 0 seconds\n\
             acl bad dstdomain \"{place}/names\"\nhttp_access deny bad\nhttp_access allow all\n"
        ),
    )?;
    // Of its own name, so that it shares no memory with a Squid that serves this machine.
    let name = service();
    Ok(["-N", "-n", &name, "-f", &conf.display().to_string()]
        .map(str::to_owned)
        .into())
}

/// Each load in turn at both, so that both meet the same pace of the machine; the middle round counts.
fn table(ours: &Process, squid: &Process, time: Duration, rounds: usize) -> anyhow::Result<String> {
    let blocked = names::blocked(7919);
    let open = format!("{OPEN}:{ORIGIN}");
    let mut text = String::from(
        "| k answers a processor second | belisha | squid | ratio |\n|---|---|---|---|\n",
    );
    for (what, host, tunnel) in [
        ("page", open.as_str(), false),
        ("blocked page", blocked.as_str(), false),
        ("tunnel with a page", open.as_str(), true),
        ("blocked tunnel", &format!("{blocked}:443"), true),
    ] {
        let once = |process: &Process| -> anyhow::Result<f64> {
            let before = process.cpu_s()?;
            let done = load(process.address, host, tunnel, time);
            Ok(done as f64 / (process.cpu_s()? - before).max(0.01) / 1e3)
        };
        let mut all = Vec::with_capacity(rounds);
        for _ in 0..rounds.max(1) {
            all.push((once(ours)?, once(squid)?));
        }
        all.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
        let (own, other) = all[all.len() / 2];
        let _ = writeln!(
            text,
            "| {what} | {own:.1} | {other:.1} | {:.2} |",
            own / other
        );
    }
    let (own, other) = (ours.resident_mb()?, squid.resident_mb()?);
    let _ = write!(
        text,
        "| resident MB | {own:.1} | {other:.1} | {:.2} |",
        own / other
    );
    Ok(text)
}

/// Asks over so many connections for so long, and says how often an answer came.
fn load(proxy: SocketAddr, host: &str, tunnel: bool, time: Duration) -> u64 {
    let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    // A connection that ended is made anew, which is part of what is measured.
                    let _ = talk(proxy, host, tunnel, &done, &stop);
                }
            });
        }
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
    });
    done.load(Ordering::Relaxed)
}

fn talk(
    proxy: SocketAddr,
    host: &str,
    tunnel: bool,
    done: &AtomicU64,
    stop: &AtomicBool,
) -> std::io::Result<()> {
    let stream = TcpStream::connect(proxy)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut stream = BufReader::new(stream);
    if tunnel {
        let ask = format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.get_mut().write_all(ask.as_bytes())?;
        if answer(&mut stream)? == 200 {
            let ask = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
            stream.get_mut().write_all(ask.as_bytes())?;
            answer(&mut stream)?;
        }
        done.fetch_add(1, Ordering::Relaxed);
        return Ok(());
    }
    let ask = format!("GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
    while !stop.load(Ordering::Relaxed) {
        stream.get_mut().write_all(ask.as_bytes())?;
        answer(&mut stream)?;
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Reads one answer, and gives its status.
fn answer(stream: &mut BufReader<TcpStream>) -> std::io::Result<u16> {
    let (mut status, mut length) = (0, 0);
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        if status == 0 {
            status = text
                .split(' ')
                .nth(1)
                .and_then(|code| code.parse().ok())
                .unwrap_or(1);
        } else if let Some((name, value)) = text.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    std::io::copy(&mut stream.take(length), &mut std::io::sink())?;
    Ok(status)
}
