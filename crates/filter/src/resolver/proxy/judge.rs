//! Whether a request may go where it wants to, and to which addresses.

use std::net::{IpAddr, SocketAddr};

use hyper::Request;
use hyper::body::Incoming;

use super::Proxy;
use crate::line::Word;
use crate::lists::path_of;
use crate::name::{self, Host};
use crate::resolver::block::Closed;
use crate::resolver::judge::{Asker, Said};
use crate::resolver::log::Kind;
use crate::resolver::message;
use crate::resolver::query::{A, AAAA, Lower};
use crate::resolver::who::{is_inside, plain};

/// Why a request goes nowhere.
pub(super) enum Refused {
    /// The filter stops it.
    Closed(Closed),
    Bad(&'static str),
    Port,
    NotFound,
}

/// CONNECT: a host and a port, and nothing more can be seen.
pub(super) async fn connect(
    proxy: &Proxy,
    asker: &Asker,
    host: &str,
    port: Option<u16>,
) -> Result<Vec<SocketAddr>, Refused> {
    let port = port.ok_or(Refused::Bad("CONNECT names a host and a port.\n"))?;
    reach(proxy, asker, host, "", port, Kind::Connect).await
}

/// Plain HTTP: a full address.
pub(super) async fn page(
    proxy: &Proxy,
    asker: &Asker,
    request: &Request<Incoming>,
) -> Result<Vec<SocketAddr>, Refused> {
    if request.uri().scheme_str() != Some("http") {
        return Err(Refused::Bad(
            "This proxy takes http addresses and CONNECT.\n",
        ));
    }
    let port = request.uri().port_u16().unwrap_or(80);
    let host = request.uri().host().unwrap_or_default();
    reach(proxy, asker, host, request.uri().path(), port, Kind::Page).await
}

async fn reach(
    proxy: &Proxy,
    asker: &Asker,
    host: &str,
    path: &str,
    port: u16,
    kind: Kind,
) -> Result<Vec<SocketAddr>, Refused> {
    if !proxy.settings.ports.contains(&port) {
        return Err(Refused::Port);
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let host = name::host(bare).map_err(|_| Refused::Bad("That is no name of a site.\n"))?;
    let (text, said, addresses) = match host {
        Host::Address(address) => {
            let said = by_number(proxy, asker, address, path);
            (name::of_address(address), said, vec![address])
        }
        Host::Name(name) => {
            let name = name.into_owned();
            let (said, addresses) = by_name(proxy, asker, &name, path).await?;
            (name, said, addresses)
        }
    };
    let shared = &proxy.streams.shared;
    shared.say(&proxy.streams.worker, asker, (&text, path), kind, &said);
    if said.word == Word::Number {
        return Err(Refused::Closed(Closed::Address));
    }
    match Closed::of(&said) {
        Closed::Nothing if addresses.is_empty() => Err(Refused::NotFound),
        Closed::Nothing => Ok(addresses
            .into_iter()
            .map(|address| SocketAddr::new(address, port))
            .collect()),
        closed => Err(Refused::Closed(closed)),
    }
}

/// An address in place of a name: on no list, not of the inside, and for adults alone, because it is a way round
/// every list of names.
fn by_number(proxy: &Proxy, asker: &Asker, address: IpAddr, path: &str) -> Said {
    let allowed = |range: &super::Range| range.holds(plain(address));
    if is_inside(address) {
        let word = if proxy.allowed_inside.iter().any(allowed) {
            Word::Allowed
        } else {
            Word::Rebinding
        };
        return Said::word(word);
    }
    let snapshot = proxy.streams.shared.snapshot.load();
    let who = snapshot.who(asker);
    let text = name::of_address(address);
    let said = snapshot.judge_page(who, &text, &path_of(path), true);
    if said.word == Word::Allowed && !snapshot.adults(who.group) {
        return Said::word(Word::Number);
    }
    said
}

async fn by_name(
    proxy: &Proxy,
    asker: &Asker,
    name: &str,
    path: &str,
) -> Result<(Said, Vec<IpAddr>), Refused> {
    let shared = &proxy.streams.shared;
    let lower = Lower::of(name).ok_or(Refused::Bad("That is no name of a site.\n"))?;
    let path = path_of(path);
    if !path.is_empty() {
        let snapshot = shared.snapshot.load();
        let said = snapshot.judge_page(snapshot.who(asker), name, &path, false);
        if Closed::of(&said) != Closed::Nothing {
            return Ok((said, Vec::new()));
        }
    }
    let worker = &proxy.streams.worker;
    let mut first = Said::word(Word::Failed);
    let mut addresses = Vec::new();
    for kind in [A, AAAA] {
        let found = shared.look(worker, &lower, kind, asker).await;
        let Some((message, said)) = found else {
            continue;
        };
        if Closed::of(&said) != Closed::Nothing {
            return Ok((said, Vec::new()));
        }
        if kind == A || first.word == Word::Failed {
            first = said;
        }
        addresses.extend(message::addresses(&message));
        if !addresses.is_empty() {
            break;
        }
    }
    // The resolver believes an address of the inside from nobody but the names of the inside.
    let may_be_inside = shared.snapshot.load().may_be_inside(name);
    let usable = |address: &IpAddr| {
        !is_inside(*address)
            || may_be_inside
            || proxy
                .allowed_inside
                .iter()
                .any(|range| range.holds(plain(*address)))
    };
    let before = addresses.len();
    addresses.retain(usable);
    if addresses.is_empty() && before > 0 {
        return Ok((Said::word(Word::Rebinding), Vec::new()));
    }
    Ok((first, addresses))
}
