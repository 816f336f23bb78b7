//! DNS over HTTPS (RFC 8484): `/dns-query`, or `/dns-query/token` for a device that was given one.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::judge::Asker;
use super::stream::{Streams, Tls, admit};

const PATH: &str = "/dns-query";
const MESSAGE: &str = "application/dns-message";
const LARGEST: usize = 65_535;
const PATIENCE: Duration = Duration::from_secs(8);
const LONGEST_CONNECTION: Duration = Duration::from_secs(600);

/// Accepts connections until the task is ended.
pub(super) async fn serve(streams: Streams, listener: TcpListener, tls: Tls) {
    loop {
        let (stream, peer, place) = admit(&listener, &streams.room).await;
        let (streams, tls) = (streams.clone(), tls.clone());
        tokio::spawn(async move {
            if let Ok(Ok(stream)) = timeout(PATIENCE, tls.acceptor.accept(stream)).await {
                let service = service_fn(move |request| {
                    let streams = streams.clone();
                    async move { answer(&streams, request, peer).await }
                });
                let mut builder = Builder::new(TokioExecutor::new());
                builder
                    .http1()
                    .timer(TokioTimer::new())
                    .header_read_timeout(PATIENCE);
                builder
                    .http2()
                    .timer(TokioTimer::new())
                    .max_concurrent_streams(64)
                    .keep_alive_interval(Some(PATIENCE));
                let connection = builder.serve_connection(TokioIo::new(stream), service);
                let _ = timeout(LONGEST_CONNECTION, connection).await;
            }
            drop(place);
        });
    }
}

async fn answer(
    streams: &Streams,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::default());
    match asked(streams, request, peer).await {
        Ok(answer) => {
            let headers = response.headers_mut();
            headers.insert(
                header::CONTENT_TYPE,
                header::HeaderValue::from_static(MESSAGE),
            );
            // What one group gets is nothing for another, and the client's own cache has the TTL.
            headers.insert(
                header::CACHE_CONTROL,
                header::HeaderValue::from_static("private, no-store"),
            );
            *response.body_mut() = Full::new(Bytes::from(answer));
        }
        Err(status) => *response.status_mut() = status,
    }
    Ok(response)
}

async fn asked(
    streams: &Streams,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Vec<u8>, StatusCode> {
    let rest = request
        .uri()
        .path()
        .strip_prefix(PATH)
        .ok_or(StatusCode::NOT_FOUND)?;
    let token = match rest {
        "" | "/" => None,
        rest => Some(
            rest.strip_prefix('/')
                .ok_or(StatusCode::NOT_FOUND)?
                .to_owned(),
        ),
    };
    let question = match *request.method() {
        Method::GET => from_address(request.uri().query().unwrap_or_default())?,
        Method::POST => from_body(request).await?,
        _ => return Err(StatusCode::METHOD_NOT_ALLOWED),
    };
    let asker = Asker {
        from: peer.ip(),
        token: token.map(Into::into),
        is_udp: false,
        is_quiet: false,
    };
    let answer = streams
        .shared
        .answer(&streams.worker, &question, &asker)
        .await;
    answer.ok_or(StatusCode::BAD_REQUEST)
}

fn from_address(query: &str) -> Result<Vec<u8>, StatusCode> {
    let text = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("dns="))
        .ok_or(StatusCode::BAD_REQUEST)?;
    let bytes = data_encoding::BASE64URL_NOPAD.decode(text.trim_end_matches('=').as_bytes());
    bytes.map_err(|_| StatusCode::BAD_REQUEST)
}

async fn from_body(request: Request<Incoming>) -> Result<Vec<u8>, StatusCode> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind.as_bytes() != MESSAGE.as_bytes()) {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let body = timeout(
        PATIENCE,
        Limited::new(request.into_body(), LARGEST).collect(),
    )
    .await;
    let body = body.map_err(|_| StatusCode::REQUEST_TIMEOUT)?;
    Ok(body
        .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?
        .to_bytes()
        .to_vec())
}
