//! An explicit proxy, for devices that take one: plain HTTP and CONNECT, judged as the resolver judges names, and
//! on plain HTTP by full addresses too. Nothing is decrypted.
//!
//! It asks the resolver for every address, so safe search, cloaked names and addresses of the inside are
//! dealt with in one place.

mod forward;
mod judge;
mod pac;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::block;
use super::judge::Asker;
use super::settings::{BlockPageOf, ProxyOf};
use super::stream::{Streams, admit};
use super::who::Range;
use forward::Pool;
use judge::Refused;

/// For a request's header, and for a connection to be made.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections at once, of all clients.
const MOST: usize = 4_096;

/// What the proxy needs besides the resolver.
pub(super) struct Proxy {
    pub streams: Streams,
    pub settings: ProxyOf,
    /// Addresses of the inside that may be reached all the same.
    pub allowed_inside: Vec<Range>,
    pub page: Arc<BlockPageOf>,
    pub inside_names: Vec<String>,
    pool: Pool,
    room: Arc<Semaphore>,
}

type Body = BoxBody<Bytes, hyper::Error>;

impl Proxy {
    pub(super) fn new(
        streams: Streams,
        settings: ProxyOf,
        allowed_inside: Vec<Range>,
        page: Arc<BlockPageOf>,
        inside_names: Vec<String>,
    ) -> Self {
        Self {
            streams,
            settings,
            allowed_inside,
            page,
            inside_names,
            pool: Pool::default(),
            room: Arc::new(Semaphore::new(MOST)),
        }
    }
}

/// Accepts connections until the task is ended.
pub(super) async fn serve(proxy: Arc<Proxy>, listener: TcpListener) {
    loop {
        let (stream, peer, place) = admit(&listener, &proxy.room).await;
        let _ = stream.set_nodelay(true);
        let own = stream.local_addr().ok();
        let (proxy, place) = (proxy.clone(), Arc::new(place));
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let (proxy, place) = (proxy.clone(), place.clone());
                async move { Ok::<_, Infallible>(answer(&proxy, request, peer, own, place).await) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .max_buf_size(32 * 1024)
                .max_headers(128)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            // A client that breaks off, or sends what is no request, is no trouble of ours.
            let _ = connection.await;
        });
    }
}

async fn answer(
    proxy: &Arc<Proxy>,
    request: Request<Incoming>,
    peer: SocketAddr,
    own: Option<SocketAddr>,
    place: Arc<OwnedSemaphorePermit>,
) -> Response<Body> {
    // Whoever asks for a page of the proxy itself.
    if request.uri().authority().is_none() {
        return match request.uri().path() {
            "/proxy.pac" | "/wpad.dat" => pac::respond(proxy, own),
            _ => said(
                StatusCode::NOT_FOUND,
                "This is a proxy. Its settings are at /proxy.pac.\n",
            ),
        };
    }
    let asker = Asker {
        from: peer.ip(),
        token: token(request.headers()),
        is_udp: false,
        is_quiet: true,
    };
    if !proxy.streams.shared.snapshot.load().serves(asker.from) {
        return said(
            StatusCode::FORBIDDEN,
            "This proxy serves its own network alone.\n",
        );
    }
    if proxy.settings.ask_who && asker.token.is_none() {
        let mut response = said(
            StatusCode::PROXY_AUTHENTICATION_REQUIRED,
            "This proxy asks who is there.\n",
        );
        let challenge = header::HeaderValue::from_static("Basic realm=\"Belisha\"");
        response
            .headers_mut()
            .insert(header::PROXY_AUTHENTICATE, challenge);
        return response;
    }
    let is_connect = request.method() == Method::CONNECT;
    let judged = if is_connect {
        judge::connect(proxy, &asker, &request).await
    } else {
        judge::page(proxy, &asker, &request).await
    };
    match judged {
        Ok(addresses) if is_connect => forward::tunnel(request, addresses, place).await,
        Ok(addresses) => forward::page(&proxy.pool, request, addresses).await,
        Err(refused) => refuse(proxy, &asker, &request, refused),
    }
}

/// A device, or a person, says who it is as the name or the password of HTTP's Basic scheme.
fn token(headers: &HeaderMap) -> Option<Arc<str>> {
    let value = headers.get(header::PROXY_AUTHORIZATION)?.to_str().ok()?;
    let (scheme, value) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = data_encoding::BASE64.decode(value.trim().as_bytes()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, password) = text.split_once(':').unwrap_or((&text, ""));
    let token = if password.is_empty() { name } else { password };
    (!token.is_empty()).then(|| token.into())
}

fn refuse(
    proxy: &Proxy,
    asker: &Asker,
    request: &Request<Incoming>,
    refused: Refused,
) -> Response<Body> {
    match refused {
        Refused::Closed(closed) => {
            let host = request.uri().host().unwrap_or_default();
            let mut page = block::page(&proxy.streams, &proxy.page, asker, host, None);
            page.closed = closed;
            if request.method() == Method::CONNECT {
                // Browsers show no page here, so none is made.
                return said(StatusCode::FORBIDDEN, "Closed by the school's filter.\n");
            }
            let is_head = request.method() == Method::HEAD;
            block::respond(&page, is_head).map(|body| body.map_err(|never| match never {}).boxed())
        }
        Refused::Bad(why) => said(StatusCode::BAD_REQUEST, why),
        Refused::Port => said(
            StatusCode::FORBIDDEN,
            "This proxy does not connect to that port.\n",
        ),
        Refused::NotFound => said(StatusCode::BAD_GATEWAY, "There is no such site.\n"),
    }
}

fn said(status: StatusCode, text: &'static str) -> Response<Body> {
    let body = Full::new(Bytes::from_static(text.as_bytes()));
    let mut response = Response::new(body.map_err(|never| match never {}).boxed());
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

#[cfg(test)]
mod tests;
