//! Asking the school's server: over HTTPS, or in the clear where it is on this very machine.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH, USER_AGENT};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::trust;

/// For a connection, for a header, and for the next piece of a body.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is no file of a snapshot is small.
const SMALL: u64 = 256 * 1024;

/// Why the server could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum AskFailed {
    #[error("“{0}” is no address of a server: write it as https://belisha.school.example")]
    Address(String),
    #[error("{0} is not on this machine, and without https: everything would travel in the clear")]
    Clear(String),
    #[error("{0}")]
    Trust(String),
    #[error("the server cannot be reached: {0}")]
    Io(#[from] std::io::Error),
    #[error("the server does not answer in time")]
    Slow,
    #[error("the answer was broken off: {0}")]
    Http(#[from] hyper::Error),
    #[error("the server does not know this node: enrol it again")]
    Unknown,
    #[error("the server answers {0}")]
    Status(StatusCode),
    #[error("the answer is larger than it may be")]
    Large,
}

/// A server, and what it takes to ask it.
pub struct Client {
    host: String,
    port: u16,
    authority: String,
    tls: Option<TlsConnector>,
    token: Option<String>,
}

impl Client {
    pub fn new(server: &str, authority: Option<&Path>) -> Result<Self, AskFailed> {
        let refused = || AskFailed::Address(server.to_owned());
        let uri: Uri = server.parse().map_err(|_| refused())?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(refused()),
        };
        let host = uri.host().ok_or_else(refused)?;
        let bare = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let is_here = bare == "localhost"
            || bare
                .parse()
                .is_ok_and(|address: std::net::IpAddr| address.is_loopback());
        if !secure && !is_here {
            return Err(AskFailed::Clear(server.to_owned()));
        }
        let tls = if secure {
            let roots = trust::roots(authority).map_err(AskFailed::Trust)?;
            let client = trust::client(roots, &[b"http/1.1"]).map_err(AskFailed::Trust)?;
            Some(TlsConnector::from(Arc::new(client)))
        } else {
            None
        };
        Ok(Self {
            port: uri.port_u16().unwrap_or(if secure { 443 } else { 80 }),
            authority: uri.authority().ok_or_else(refused)?.as_str().to_owned(),
            host: bare,
            tls,
            token: None,
        })
    }

    /// The same, saying with each question who asks.
    pub(super) fn with_token(self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self
        }
    }

    /// Fetches something small, with what tells it from others; none where it is what is known already.
    pub(super) async fn fetch(
        &self,
        path: &str,
        known: Option<&str>,
    ) -> Result<Option<(Vec<u8>, Option<String>)>, AskFailed> {
        let answer = self.ask(Method::GET, path, known, Bytes::new(), "").await?;
        if answer.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let etag = answer.headers().get(ETAG);
        let etag = etag.and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let mut text = Vec::new();
        take(answer, SMALL, |piece| {
            text.extend_from_slice(piece);
            Ok(())
        })
        .await?;
        Ok(Some((text, etag)))
    }

    /// Fetches to a file of so many bytes.
    pub(super) async fn fetch_to(
        &self,
        path: &str,
        bytes: u64,
        to: &Path,
    ) -> Result<(), AskFailed> {
        let answer = self.ask(Method::GET, path, None, Bytes::new(), "").await?;
        let mut file = std::fs::File::create(to)?;
        take(answer, bytes, |piece| file.write_all(piece)).await?;
        Ok(file.sync_all()?)
    }

    /// Sends something, and gives the small answer.
    pub(super) async fn send(
        &self,
        path: &str,
        body: Vec<u8>,
        kind: &str,
    ) -> Result<Vec<u8>, AskFailed> {
        let answer = self
            .ask(Method::POST, path, None, body.into(), kind)
            .await?;
        let mut text = Vec::new();
        take(answer, SMALL, |piece| {
            text.extend_from_slice(piece);
            Ok(())
        })
        .await?;
        Ok(text)
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        known: Option<&str>,
        body: Bytes,
        kind: &str,
    ) -> Result<Response<Incoming>, AskFailed> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.authority)
            .header(
                USER_AGENT,
                concat!("belisha-node/", env!("CARGO_PKG_VERSION")),
            );
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(known) = known {
            request = request.header(IF_NONE_MATCH, known);
        }
        if !kind.is_empty() {
            request = request.header(CONTENT_TYPE, kind);
        }
        let request = request
            .body(Full::new(body))
            .map_err(|_| AskFailed::Address(path.to_owned()))?;
        let answer = timeout(PATIENCE, self.connect_and_send(request)).await;
        let answer = answer.map_err(|_| AskFailed::Slow)??;
        match answer.status() {
            StatusCode::OK | StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => Ok(answer),
            StatusCode::UNAUTHORIZED => Err(AskFailed::Unknown),
            status => Err(AskFailed::Status(status)),
        }
    }

    async fn connect_and_send(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, AskFailed> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        match &self.tls {
            None => over(stream, request).await,
            Some(tls) => {
                let name = ServerName::try_from(self.host.clone())
                    .map_err(|_| AskFailed::Address(self.host.clone()))?;
                over(tls.connect(name, stream).await?, request).await
            }
        }
    }
}

async fn over(
    stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Response<Incoming>, AskFailed> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender.send_request(request).await?)
}

/// Hands on a body piece by piece, up to a length.
async fn take(
    answer: Response<Incoming>,
    most: u64,
    mut tell: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> Result<(), AskFailed> {
    let mut body = answer.into_body();
    let mut length = 0;
    loop {
        let frame = timeout(PATIENCE, body.frame()).await;
        let Some(frame) = frame.map_err(|_| AskFailed::Slow)? else {
            return Ok(());
        };
        if let Ok(piece) = frame?.into_data() {
            length += piece.len() as u64;
            if length > most {
                return Err(AskFailed::Large);
            }
            tell(&piece)?;
        }
    }
}
