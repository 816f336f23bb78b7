//! The proxy and the block page, asked by a real `curl`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::process::Command;

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{Proxy, serve};
use crate::resolver::stream::{MOST, Streams};
use crate::resolver::tests::{Manner, POLICY, School, Upstream, logged};

/// A site on loopback that says what it was asked, with all headers.
fn site() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { continue };
            std::thread::spawn(move || {
                let mut stream = BufReader::new(stream);
                loop {
                    let (mut head, mut length) = (String::new(), 0);
                    loop {
                        let mut line = String::new();
                        if stream.read_line(&mut line).unwrap_or(0) == 0 {
                            return;
                        }
                        if line == "\r\n" {
                            break;
                        }
                        if let Some(rest) =
                            line.to_ascii_lowercase().strip_prefix("content-length:")
                        {
                            length = rest.trim().parse().expect("a length");
                        }
                        head += &line;
                    }
                    let mut body = vec![0; length];
                    stream.read_exact(&mut body).expect("a body");
                    let said = format!("{head}{}", String::from_utf8_lossy(&body));
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-Site: yes\r\n\r\n{said}",
                        said.len()
                    );
                    if stream.get_mut().write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

/// A school with a proxy that may go to one port besides the usual ones.
fn school(port: u16, more: &str) -> School {
    let more = format!(
        "[[device]]\nid = \"laptop-17\"\ntoken = \"k3v9q2\"\ngroup = \"staff\"\n\
         [block_page]\nlisten = [\"127.0.0.1:0\"]\naddress = \"127.0.0.1\"\nask = \"https://school.example/ask\"\n\
         [proxy]\nlisten = [\"127.0.0.1:0\"]\nports = [80, 443, {port}]\n{more}"
    );
    let more = format!("questions_per_second = 1000000\n{more}");
    School::new(vec![Upstream::start(Manner::Honest)], &more)
}

struct Got {
    status: String,
    connect: String,
    text: String,
}

fn curl(arguments: &[&str]) -> Got {
    let output = Command::new("curl")
        .args(["-s", "-i", "--max-time", "20", "--noproxy", ""])
        .args(["-w", "\n%{http_code} %{http_connect}"])
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap_or_default())
        .output()
        .expect("curl is on this machine");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let (text, codes) = said.rsplit_once('\n').expect("codes");
    let (status, connect) = codes.split_once(' ').expect("two codes");
    Got {
        status: status.to_owned(),
        connect: connect.to_owned(),
        text: text.to_owned(),
    }
}

impl School {
    fn proxied(&self, arguments: &[&str]) -> Got {
        let proxy = format!("http://{}", self.resolver.addresses().proxy[0]);
        curl(&[&["-x", &proxy], arguments].concat())
    }
}

#[test]
fn pages_and_tunnels_go_where_they_may() {
    let site = site();
    let school = school(site.port(), "");
    let open = format!("http://site.school.internal:{}/open", site.port());
    let got = school.proxied(&[
        &open,
        "-d",
        "typed",
        "-H",
        "Proxy-Connection: x",
        "-H",
        "Connection: X-Mine",
        "-H",
        "X-Mine: 1",
    ]);
    assert_eq!(got.status, "200", "{}", got.text);
    let said = got.text.to_ascii_lowercase();
    assert!(
        said.contains("post /open http/1.1") && said.ends_with("typed"),
        "{said}"
    );
    assert!(
        said.contains(&format!("host: site.school.internal:{}", site.port())),
        "{said}"
    );
    // What is meant for one station alone goes no further, in either direction.
    for gone in ["proxy-connection", "x-mine", "x-hop", "proxy-authorization"] {
        assert!(!said.contains(gone), "{gone}: {said}");
    }
    assert!(said.contains("x-site: yes"));
    // Twice over one connection of curl's, and once through a tunnel.
    let got = school.proxied(&[&open, &open]);
    assert_eq!(got.text.matches("GET /open").count(), 2, "{}", got.text);
    let got = school.proxied(&["-p", &open]);
    assert_eq!((got.status.as_str(), got.connect.as_str()), ("200", "200"));
    assert!(got.text.contains("GET /open"));
    let log = logged(school);
    let line = |what: &str| log.contains(&format!("\tpupils\tsite.school.internal{what}\n"));
    assert!(
        line("/open\tpage\tallowed\t\t") && line("\tconnect\tallowed\t\t"),
        "{log}"
    );
}

#[test]
fn what_is_stopped_is_stopped_in_the_proxy_too() {
    let site = site();
    let school = school(site.port(), "");
    let port = site.port();
    let check = |arguments: &[&str], status: &str, text: &str| {
        let got = school.proxied(arguments);
        assert_eq!(got.status, status, "{arguments:?}: {}", got.text);
        assert!(got.text.contains(text), "{arguments:?}: {}", got.text);
    };
    check(&["http://games.example/"], "403", "It is about: Games.");
    check(
        &["http://WWW.Games.example./x"],
        "403",
        "It is about: Games.",
    );
    check(&["http://illegal.example/"], "403", "stays closed");
    check(&["http://sad.example/"], "403", "0800 1111");
    // A name that only leads to a stopped one.
    check(&["http://cloaked.example/"], "403", "It is for grown-ups.");
    // A list of full addresses, on plain HTTP.
    let page = |path: &str| format!("http://site.school.internal:{port}/{path}");
    check(&[&page("closed/inner")], "403", "0800 1111");
    check(&[&page("closedly")], "200", "GET /closedly");
    // However its path is spelled, and whatever follows.
    check(&[&page("%63lose%64")], "403", "0800 1111");
    check(&["--path-as-is", &page("x/..//closed")], "403", "0800 1111");
    check(
        &[&page(&format!("closed/{}", "x".repeat(2_000)))],
        "403",
        "0800 1111",
    );
    // Addresses of the inside, by name and by number, and numbers at all.
    check(&["http://rebound.example/"], "403", "stays closed");
    check(
        &[&format!("http://127.0.0.1:{port}/")],
        "403",
        "stays closed",
    );
    check(
        &[&format!("http://[::ffff:127.0.0.1]:{port}/")],
        "403",
        "stays closed",
    );
    check(&["http://192.0.2.80/"], "403", "has only a number");
    check(&["http://site.school.internal:22/"], "403", "that port");
    check(&["http://missing.example/"], "502", "no such site");
    let got = school.proxied(&["https://games.example/"]);
    assert_eq!((got.status.as_str(), got.connect.as_str()), ("000", "403"));
    let log = logged(school);
    for what in [
        "games.example/\tpage\tlisted\tmade-up/games\tgames",
        "games.example\tconnect\tlisted\tmade-up/games\tgames",
        "site.school.internal/closed/inner\tpage\tlisted\tmade-up/self-harm\tself-harm",
        "127.0.0.1/\tpage\trebinding\t\t",
        "192.0.2.80/\tpage\tnumber\t\t",
        "illegal.example/\tpage\tillegal\t\t",
    ] {
        assert!(
            log.contains(&format!("\tpupils\t{what}\n")),
            "{what}: {log}"
        );
    }
}

#[test]
fn a_device_that_says_who_it_is_has_its_own_group() {
    let site = site();
    let port = site.port();
    let own = school(port, "");
    let play = format!("http://play.school.internal:{port}/");
    let closed = "http://games.example/";
    assert_eq!(own.proxied(&[&play]).status, "200");
    let staff = own.proxied(&["--proxy-user", "laptop:k3v9q2", &play]);
    assert_eq!(staff.status, "200");
    assert!(
        !staff
            .text
            .to_ascii_lowercase()
            .contains("proxy-authorization")
    );
    let stranger = own.proxied(&["--proxy-user", "laptop:stranger", closed]);
    assert!(stranger.text.contains("It is about: Games."));
    let log = logged(own);
    assert!(
        log.contains("\tlaptop-17\tstaff\tplay.school.internal/\tpage\tallowed\t\t\n"),
        "{log}"
    );
    // Where everybody must say who they are.
    let strict = school(port, "ask_who = true\n");
    assert_eq!(strict.proxied(&[&play]).status, "407");
    assert_eq!(
        strict
            .proxied(&["--proxy-user", "laptop:k3v9q2", &play])
            .status,
        "200"
    );
    assert_eq!(strict.proxied(&["-p", &play]).connect, "407");
}

#[test]
fn a_site_that_the_school_opened_is_open_with_all_its_pages() {
    let site = site();
    let school = school(site.port(), "");
    let page = format!("http://site.school.internal:{}/closed/inner", site.port());
    assert_eq!(school.proxied(&[&page]).status, "403");
    school.decide(&format!(
        "{POLICY}[[own]]\nname = \"site.school.internal\"\ndecision = \"allow\"\nreason = \"r\"\nby = \"b\"\n"
    ));
    let got = school.proxied(&[&page]);
    assert_eq!(got.status, "200");
    assert!(got.text.contains("GET /closed/inner"), "{}", got.text);
    let log = logged(school);
    let line = "\tpupils\tsite.school.internal/closed/inner\tpage\topened\t\t\n";
    assert!(log.contains(line), "{log}");
}

#[test]
fn a_name_before_the_host_is_not_told_to_the_site() {
    let site = site();
    let school = school(site.port(), "");
    let mut stream =
        std::net::TcpStream::connect(school.resolver.addresses().proxy[0]).expect("a proxy");
    let host = format!("site.school.internal:{}", site.port());
    let asked =
        format!("GET http://me:secret@{host}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(asked.as_bytes()).expect("written");
    let mut said = String::new();
    stream.read_to_string(&mut said).expect("an answer");
    assert!(
        said.to_ascii_lowercase()
            .contains(&format!("\r\nhost: {host}\r\n")),
        "{said}"
    );
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn a_tunnel_takes_a_place_until_it_ends() {
    let site = site();
    let school = school(site.port(), "");
    let resolver = &school.resolver;
    let streams = Streams {
        shared: resolver.shared.clone(),
        worker: resolver.worker.clone(),
        room: Arc::new(Semaphore::new(MOST)),
    };
    let settings = crate::resolver::ProxyOf {
        listen: Vec::new(),
        name: None,
        ports: vec![site.port()],
        inside: Vec::new(),
        ask_who: false,
    };
    let inside = vec!["school.internal".to_owned()];
    let mut proxy = Proxy::new(streams, settings, Vec::new(), Arc::default(), inside);
    let room = Arc::new(Semaphore::new(1));
    proxy.room = room.clone();
    let runtime = resolver.runtime.as_ref().expect("it runs");
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .expect("a listener");
    let address = listener.local_addr().expect("an address");
    runtime.spawn(serve(Arc::new(proxy), listener));
    let mut stream = BufReader::new(std::net::TcpStream::connect(address).expect("a proxy"));
    let host = format!("site.school.internal:{}", site.port());
    let asked = format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream
        .get_mut()
        .write_all(asked.as_bytes())
        .expect("written");
    let mut line = String::new();
    stream.read_line(&mut line).expect("an answer");
    assert!(line.contains(" 200 "), "{line}");
    // What the site says comes through the tunnel: the connection has become one.
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line).expect("the end of the answer");
    }
    let asked = format!("GET /inside HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream
        .get_mut()
        .write_all(asked.as_bytes())
        .expect("written");
    let mut said = String::new();
    stream.read_line(&mut said).expect("a page");
    assert!(said.contains(" 200 "), "{said}");
    assert_eq!(room.available_permits(), 0);
    drop(stream);
    while room.available_permits() == 0 {
        std::thread::yield_now();
    }
}

#[test]
fn an_address_of_the_inside_can_be_allowed() {
    let site = site();
    let school = school(site.port(), "inside = [\"127.0.0.1/32\"]\n");
    let direct = format!("http://127.0.0.1:{}/x", site.port());
    assert_eq!(school.proxied(&[&direct]).status, "200");
    assert_eq!(school.proxied(&["http://10.0.0.7/"]).status, "403");
}

#[test]
fn devices_find_the_proxy_by_its_file() {
    let school = school(80, "");
    let proxy = school.resolver.addresses().proxy[0];
    let got = curl(&[&format!("http://{proxy}/proxy.pac")]);
    assert_eq!(got.status, "200");
    assert!(got.text.contains("application/x-ns-proxy-autoconfig"));
    assert!(
        got.text.contains(&format!("return \"PROXY {proxy}\";")),
        "{}",
        got.text
    );
    assert!(got.text.contains(".school.internal"));
    assert_eq!(curl(&[&format!("http://{proxy}/else")]).status, "404");
}

#[test]
fn a_proxy_is_not_talked_into_holding_everything() {
    let school = school(80, "");
    let long = format!("X-Long: {}", "a".repeat(60_000));
    let got = school.proxied(&[
        "-H",
        &long,
        "-H",
        &long,
        "-H",
        &long,
        "http://games.example/",
    ]);
    assert!(
        ["431", "400", "000"].contains(&got.status.as_str()),
        "{}",
        got.status
    );
    let mut many: Vec<String> = Vec::new();
    for at in 0..200 {
        many.extend(["-H".to_owned(), format!("X-{at}: 1")]);
    }
    let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
    many.push("http://games.example/");
    let got = school.proxied(&many);
    assert!(
        ["431", "400", "000"].contains(&got.status.as_str()),
        "{}",
        got.status
    );
    assert_eq!(school.proxied(&["ftp://games.example/"]).status, "400");
    assert_eq!(school.proxied(&["http://games.example/"]).status, "403");
}

#[test]
fn a_stopped_name_leads_to_the_page_that_says_so() {
    let school = school(80, "");
    let page = school.resolver.addresses().block_page[0];
    assert_eq!(school.address("games.example"), Some([127, 0, 0, 1].into()));
    // The page has no IPv6, so none is given: one that leads nowhere could be the client's own.
    assert!(school.ask("games.example", 28).answers.is_empty());
    let get = |host: &str| curl(&["-H", &format!("Host: {host}"), &format!("http://{page}/x")]);
    let got = get("games.example");
    assert_eq!(got.status, "403");
    assert!(got.text.contains("It is about: Games.") && got.text.contains("default-src 'none'"));
    assert!(!got.text.contains("Ask for this site"));
    assert!(get("sad.example").text.contains("0800 1111"));
    let open = get("open.example");
    assert_eq!(open.status, "404");
    assert!(open.text.contains("does not stop it"));
    let asked = school.asked();
    assert_eq!(get("127.0.0.1").status, "404");
    assert_eq!(school.asked(), asked, "nobody is asked for a number");
    assert_eq!(get("no name <script>").status, "404");
}

/// What comes back until the proxy ends the connection, or the site has answered `/inside`.
fn say(proxy: SocketAddr, pieces: &[&str]) -> String {
    let mut stream = std::net::TcpStream::connect(proxy).expect("a proxy");
    stream.set_nodelay(true).expect("a setting");
    for piece in pieces {
        stream.write_all(piece.as_bytes()).expect("written");
    }
    let mut said = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece).unwrap_or(0);
        said.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&said);
        if length == 0 || text.contains("GET /inside HTTP/1.1\r\n") {
            return text.into_owned();
        }
    }
}

#[test]
fn a_tunnel_is_made_however_its_request_arrives() {
    let site = site();
    let school = school(site.port(), "");
    let proxy = school.resolver.addresses().proxy[0];
    let host = format!("site.school.internal:{}", site.port());
    let connect = format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let inside = format!("GET /inside HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let before = format!("GET http://{host}/before HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let whole = format!("{connect}{inside}");
    let bytes: Vec<String> = whole.chars().map(String::from).collect();
    let bytes: Vec<&str> = bytes.iter().map(String::as_str).collect();
    let (first, second) = connect.split_at(5);
    let long = format!(
        "CONNECT {host} HTTP/1.1\r\nX-Long: {}\r\n\r\n{inside}",
        "x".repeat(20_000)
    );
    for pieces in [
        &[whole.as_str()][..],
        &[&connect, &inside],
        &[first, second, &inside],
        &bytes,
        &[&long],
        // After a page, over the same connection.
        &[&before, &connect, &inside],
    ] {
        let said = say(proxy, pieces);
        assert!(said.contains("HTTP/1.1 200 OK\r\n"), "{pieces:?}: {said}");
        assert!(said.contains("GET /inside"), "{pieces:?}: {said}");
    }
    for (wrong, status) in [
        ("CONNECT \r\n\r\n", "400"),
        ("CONNECT nowhere HTTP/1.1\r\n\r\n", "400"),
        ("CONNECT http://a.example/ HTTP/1.1\r\n\r\n", "400"),
        ("CONNECT a.example:22 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT games.example:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT missing.example:443 HTTP/1.1\r\n\r\n", "502"),
    ] {
        let said = say(proxy, &[wrong]);
        assert!(
            said.starts_with(&format!("HTTP/1.1 {status} ")),
            "{wrong}: {said}"
        );
        assert!(
            said.contains("\r\nConnection: close\r\n"),
            "{wrong}: {said}"
        );
    }
    // A head without end is given up, not kept.
    let endless = format!(
        "CONNECT {host} HTTP/1.1\r\nX-Long: {}",
        "x".repeat(64 * 1024)
    );
    assert!(!say(proxy, &[&endless]).contains(" 200 "));
}
