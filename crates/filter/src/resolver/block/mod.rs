//! The page that stands where a stopped site would have been, for whoever came by plain HTTP.
//!
//! Blocked names lead to its address. It asks the resolver's own judgement again, so that it says what is true
//! now, and it says it to the group of whoever asks.

mod page;
mod words;

pub(super) use page::Page;
pub(super) use words::Closed;
pub use words::{BlockHelp, BlockWords, HelpLine, SITE, block_words};

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::judge::{Asker, Said};
use super::query::{A, Lower};
use super::settings::BlockPageOf;
use super::stream::{Streams, admit};
use crate::lists::without_port;
use crate::name::{self, Host};

const PATIENCE: Duration = Duration::from_secs(8);
const LONGEST_CONNECTION: Duration = Duration::from_secs(60);

/// Accepts connections until the task is ended.
pub(super) async fn serve(streams: Streams, listener: TcpListener, about: Arc<BlockPageOf>) {
    loop {
        let (stream, peer, place) = admit(&listener, &streams.room).await;
        let (streams, about) = (streams.clone(), about.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let (streams, about) = (streams.clone(), about.clone());
                async move { Ok::<_, Infallible>(answer(&streams, &about, &request, peer).await) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .max_buf_size(16 * 1024)
                .serve_connection(TokioIo::new(stream), service);
            let _ = timeout(LONGEST_CONNECTION, connection).await;
            drop(place);
        });
    }
}

async fn answer(
    streams: &Streams,
    about: &BlockPageOf,
    request: &Request<Incoming>,
    peer: SocketAddr,
) -> Response<Full<Bytes>> {
    let asker = Asker {
        from: peer.ip(),
        token: None,
        is_udp: false,
        is_quiet: true,
    };
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let said = look(streams, &asker, host).await;
    let page = page(streams, about, &asker, host, said.as_ref());
    respond(&page, request.method() == Method::HEAD)
}

/// What the resolver says of a host now; none where it is no name, such as this page's own address.
async fn look(streams: &Streams, asker: &Asker, host: &str) -> Option<Said> {
    let Ok(Host::Name(name)) = name::host(without_port(host)) else {
        return None;
    };
    let name = Lower::of(&name)?;
    let shared = &streams.shared;
    let (_, said) = shared.look(&streams.worker, &name, A, asker).await?;
    Some(said)
}

/// The page for what was said of a host.
pub(super) fn page(
    streams: &Streams,
    about: &BlockPageOf,
    asker: &Asker,
    host: &str,
    said: Option<&Said>,
) -> Page {
    let snapshot = streams.shared.snapshot.load();
    let who = snapshot.who(asker);
    Page {
        host: without_port(host).to_owned(),
        group: snapshot.live.group_name(who.group).to_owned(),
        closed: said.map_or(Closed::Nothing, Closed::of),
        adults: snapshot.adults(who.group),
        ask: about.ask.clone(),
        tell: about.tell.clone(),
        contact: about.contact.clone(),
    }
}

/// A page as an answer. Nothing of it is kept, and nothing in it can run.
pub(super) fn respond(page: &Page, is_head: bool) -> Response<Full<Bytes>> {
    let html = page.html();
    let body = if is_head { String::new() } else { html };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = if page.closed == Closed::Nothing {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::FORBIDDEN
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    if let Ok(policy) = header::HeaderValue::from_str(page::content_policy()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
