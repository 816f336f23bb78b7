//! Carrying bytes: a tunnel for CONNECT, and requests of plain HTTP over connections that are kept for as long as
//! their sites keep them.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::{Body, PATIENCE, Says};
use crate::resolver::carry;

/// How long a site may think before its answer begins.
const THINKING: Duration = Duration::from_secs(120);
/// A tunnel in which nothing moves either way is closed.
pub(super) const IDLE: Duration = Duration::from_secs(600);
/// Idle connections to one host.
const KEPT: usize = 32;
/// Hosts to which connections are kept.
const HOSTS: usize = 1_024;

/// Connections to sites that are free for the next request. A connection serves one host and one place alone.
#[derive(Default)]
pub(super) struct Pool {
    free: Mutex<HashMap<Place, Vec<SendRequest<Incoming>>>>,
}

/// A host, and where it was found.
type Place = (String, SocketAddr);

impl Pool {
    fn take(&self, host: &str, address: SocketAddr) -> Option<SendRequest<Incoming>> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = free.get_mut(&(host.to_owned(), address))?;
        // One over which an answer is still coming will be free later.
        let ready = kept.iter().rposition(SendRequest::is_ready)?;
        Some(kept.swap_remove(ready))
    }

    fn give(&self, host: String, address: SocketAddr, sender: SendRequest<Incoming>) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() >= HOSTS {
            free.retain(|_, kept| {
                kept.retain(|sender| !sender.is_closed());
                !kept.is_empty()
            });
            if free.len() >= HOSTS {
                return;
            }
        }
        let kept = free.entry((host, address)).or_default();
        kept.retain(|sender| !sender.is_closed());
        if kept.len() < KEPT {
            kept.push(sender);
        }
    }
}

pub(super) async fn open(addresses: &[SocketAddr]) -> Option<(TcpStream, SocketAddr)> {
    for address in addresses {
        if let Ok(Ok(stream)) = timeout(PATIENCE, TcpStream::connect(address)).await {
            let _ = stream.set_nodelay(true);
            return Some((stream, *address));
        }
    }
    None
}

/// Says that the site is there, and carries bytes both ways until one side ends. The place is taken until then.
pub(super) fn tunnel(
    mut request: Request<Incoming>,
    mut site: TcpStream,
    place: Arc<OwnedSemaphorePermit>,
) -> Response<Body> {
    tokio::spawn(async move {
        let client = hyper::upgrade::on(&mut request).await.ok();
        let client = client.and_then(|client| client.downcast::<TokioIo<TcpStream>>().ok());
        // What the client said before it heard that it may.
        if let Some(client) = client
            && site.write_all(&client.read_buf).await.is_ok()
        {
            // How it ends is between the two of them.
            let _ = carry::both_ways(client.io.into_inner(), site, IDLE).await;
        }
        drop(place);
    });
    Response::new(Empty::new().map_err(|never| match never {}).boxed())
}

/// Sends a request of plain HTTP on to its site.
pub(super) async fn page(
    pool: &Pool,
    mut request: Request<Incoming>,
    addresses: Vec<SocketAddr>,
) -> Response<Body> {
    let Some(authority) = request.uri().authority() else {
        return Says::new(StatusCode::BAD_REQUEST, "The request names no site.\n").into_response();
    };
    // A name and a password before the host are no part of it.
    let host = authority.as_str();
    let host = host
        .rsplit_once('@')
        .map_or(host, |(_, host)| host)
        .to_owned();
    let path = request.uri().path_and_query().cloned();
    let path = path.map_or_else(|| Uri::from_static("/"), Uri::from);
    *request.uri_mut() = path;
    bare(request.headers_mut());
    if let Ok(value) = HeaderValue::from_str(&host) {
        // The address decides which site is meant, whatever the client says besides.
        request.headers_mut().insert(header::HOST, value);
    }
    let kept = addresses
        .iter()
        .find_map(|address| Some((pool.take(&host, *address)?, *address)));
    let (mut sender, address) = match kept {
        Some(kept) => kept,
        None => {
            let Some((stream, address)) = open(&addresses).await else {
                return Says::new(StatusCode::BAD_GATEWAY, "The site does not answer.\n")
                    .into_response();
            };
            let made = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
            let Ok((sender, connection)) = made else {
                return Says::new(StatusCode::BAD_GATEWAY, "The site does not answer.\n")
                    .into_response();
            };
            tokio::spawn(connection);
            (sender, address)
        }
    };
    let answer = match timeout(THINKING, sender.send_request(request)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => {
            return Says::new(StatusCode::BAD_GATEWAY, "The site broke off.\n").into_response();
        }
        Err(_) => {
            return Says::new(StatusCode::GATEWAY_TIMEOUT, "The site does not answer.\n")
                .into_response();
        }
    };
    pool.give(host, address, sender);
    let mut answer = answer.map(|body| body.boxed());
    bare(answer.headers_mut());
    answer
}

/// Takes away what is meant for the next station alone (RFC 9110, 7.6.1).
fn bare(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in [
        header::CONNECTION,
        header::PROXY_AUTHORIZATION,
        header::PROXY_AUTHENTICATE,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ] {
        headers.remove(name);
    }
    for name in ["keep-alive", "proxy-connection"] {
        headers.remove(name);
    }
}
