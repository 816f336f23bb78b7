//! The address a request came from.

use std::net::IpAddr;

use axum::http::{Extensions, HeaderMap};

use crate::web::App;

/// The peer of the connection, put there by the server's accept loop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The address of the person's device: the peer, or what a declared proxy says.
/// Nobody else's word counts, and of a chain only the last hop before the proxy.
pub(crate) fn client(app: &App, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let peer = extensions
        .get::<Peer>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.0);
    if !app.trusts(peer) {
        return peer;
    }
    headers
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok())
        .and_then(|chain| chain.rsplit(',').next())
        .and_then(|last| last.trim().parse().ok())
        .unwrap_or(peer)
}
