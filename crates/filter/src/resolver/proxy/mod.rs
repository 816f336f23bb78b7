//! An explicit proxy, for devices that take one: plain HTTP and CONNECT, judged as the resolver judges names, and
//! on plain HTTP by full addresses too. Nothing is decrypted.
//!
//! It asks the resolver for every address, so safe search, cloaked names and addresses of the inside are
//! dealt with in one place.

mod connect;
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
use hyper::header::{self, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
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
/// The longest head of a request, in bytes, and the most headers in it.
const LONGEST_HEAD: usize = 32 * 1024;
const MOST_HEADERS: usize = 128;

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
        let proxy = proxy.clone();
        tokio::spawn(async move {
            if connect::begins(&stream).await {
                return connect::serve(&proxy, stream, peer, place).await;
            }
            let own = stream.local_addr().ok();
            let place = Arc::new(place);
            let service = service_fn(move |request| {
                let (proxy, place) = (proxy.clone(), place.clone());
                async move { Ok::<_, Infallible>(answer(&proxy, request, peer, own, place).await) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .max_buf_size(LONGEST_HEAD)
                .max_headers(MOST_HEADERS)
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
            _ => Says::new(
                StatusCode::NOT_FOUND,
                "This is a proxy. Its settings are at /proxy.pac.\n",
            )
            .into_response(),
        };
    }
    let authorization = request.headers().get(header::PROXY_AUTHORIZATION);
    let asker = match asker(proxy, peer, authorization.map(HeaderValue::as_bytes)) {
        Ok(asker) => asker,
        Err(says) => return says.into_response(),
    };
    // Most begin their connection with it and were served elsewhere.
    if request.method() == Method::CONNECT {
        let uri = request.uri();
        let host = uri.host().unwrap_or_default();
        return match connect::site(proxy, &asker, host, uri.port_u16()).await {
            Ok(site) => forward::tunnel(request, site, place),
            Err(says) => says.into_response(),
        };
    }
    match judge::page(proxy, &asker, &request).await {
        Ok(addresses) => forward::page(&proxy.pool, request, addresses).await,
        Err(Refused::Closed(closed)) => {
            let host = request.uri().host().unwrap_or_default();
            let mut page = block::page(&proxy.streams, &proxy.page, &asker, host, None);
            page.closed = closed;
            let is_head = request.method() == Method::HEAD;
            block::respond(&page, is_head).map(|body| body.map_err(|never| match never {}).boxed())
        }
        Err(refused) => Says::of(refused).into_response(),
    }
}

/// Who asks, if the proxy serves them.
fn asker(proxy: &Proxy, peer: SocketAddr, authorization: Option<&[u8]>) -> Result<Asker, Says> {
    let asker = Asker {
        from: peer.ip(),
        token: authorization.and_then(token),
        is_udp: false,
        is_quiet: true,
    };
    if !proxy.streams.shared.snapshot.load().serves(asker.from) {
        return Err(Says::new(
            StatusCode::FORBIDDEN,
            "This proxy serves its own network alone.\n",
        ));
    }
    if proxy.settings.ask_who && asker.token.is_none() {
        return Err(Says::new(
            StatusCode::PROXY_AUTHENTICATION_REQUIRED,
            "This proxy asks who is there.\n",
        ));
    }
    Ok(asker)
}

/// A device, or a person, says who it is as the name or the password of HTTP's Basic scheme.
fn token(authorization: &[u8]) -> Option<Arc<str>> {
    let (scheme, value) = std::str::from_utf8(authorization).ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = data_encoding::BASE64.decode(value.trim().as_bytes()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, password) = text.split_once(':').unwrap_or((&text, ""));
    let token = if password.is_empty() { name } else { password };
    (!token.is_empty()).then(|| token.into())
}

/// What the proxy answers where it has no page for it.
struct Says {
    status: StatusCode,
    text: &'static str,
}

impl Says {
    const CHALLENGE: &'static str = "Basic realm=\"Belisha\"";
    const KIND: &'static str = "text/plain; charset=utf-8";

    fn new(status: StatusCode, text: &'static str) -> Self {
        Self { status, text }
    }

    fn of(refused: Refused) -> Self {
        match refused {
            // Browsers show no page in place of a tunnel, so none is made.
            Refused::Closed(_) => {
                Self::new(StatusCode::FORBIDDEN, "Closed by the school's filter.\n")
            }
            Refused::Bad(why) => Self::new(StatusCode::BAD_REQUEST, why),
            Refused::Port => Self::new(
                StatusCode::FORBIDDEN,
                "This proxy does not connect to that port.\n",
            ),
            Refused::NotFound => Self::new(StatusCode::BAD_GATEWAY, "There is no such site.\n"),
        }
    }

    fn asks_who(&self) -> bool {
        self.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
    }

    fn into_response(self) -> Response<Body> {
        let body = Full::new(Bytes::from_static(self.text.as_bytes()));
        let mut response = Response::new(body.map_err(|never| match never {}).boxed());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Self::KIND));
        if self.asks_who() {
            let challenge = HeaderValue::from_static(Self::CHALLENGE);
            headers.insert(header::PROXY_AUTHENTICATE, challenge);
        }
        response
    }
}

#[cfg(test)]
mod tests;
