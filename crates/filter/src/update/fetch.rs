//! Fetching over HTTP, with what was known before, into a file: bounded in size and in time.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ETAG, HOST, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use hyper::header::{LOCATION, USER_AGENT};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// For a connection, for a header, and for the next piece of a body.
const PATIENCE: Duration = Duration::from_secs(30);
const WHOLE: Duration = Duration::from_secs(30 * 60);
const REDIRECTS: usize = 5;
/// A checksum or a signature is small.
pub(super) const SMALL: u64 = 64 * 1024;

/// What a server said of the version in use.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Version {
    #[serde(default)]
    pub etag: Option<String>,
    #[serde(default)]
    pub last_modified: Option<String>,
}

/// Why something could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchFailed {
    #[error("“{0}” is no address that can be fetched: it begins with https:, http: or file:")]
    Address(String),
    #[error("{0}: {1}")]
    Io(String, #[source] std::io::Error),
    #[error("{0} did not answer in time")]
    Slow(String),
    #[error("{0}: the HTTP answer was broken off: {1}")]
    Http(String, #[source] hyper::Error),
    #[error("{0} answered {1}")]
    Status(String, StatusCode),
    #[error("{0} is larger than {1} bytes")]
    Large(String, u64),
    #[error("{0} leads on too often")]
    Redirects(String),
    #[error("{0} leads from https to http, which is not followed")]
    Weaker(String),
}

/// Fetches files.
pub(super) struct Fetch {
    tls: Arc<rustls::ClientConfig>,
}

impl Fetch {
    pub(super) fn new(tls: Arc<rustls::ClientConfig>) -> Self {
        Self { tls }
    }

    /// Fetches to a file. None where the version that is known is still the newest.
    pub(super) async fn to_file(
        &self,
        from: &str,
        known: &Version,
        most: u64,
        to: &Path,
    ) -> Result<Option<Version>, FetchFailed> {
        if let Some(path) = local(from) {
            return copy(from, &path, known, most, to);
        }
        let all = self.over_http(from, known, most, to);
        timeout(WHOLE, all)
            .await
            .map_err(|_| FetchFailed::Slow(from.to_owned()))?
    }

    /// Fetches something small, as text.
    pub(super) async fn text(&self, from: &str, beside: &Path) -> Result<String, FetchFailed> {
        self.to_file(from, &Version::default(), SMALL, beside)
            .await?;
        let text = std::fs::read_to_string(beside);
        let _ = std::fs::remove_file(beside);
        text.map_err(|why| FetchFailed::Io(from.to_owned(), why))
    }

    async fn over_http(
        &self,
        from: &str,
        known: &Version,
        most: u64,
        to: &Path,
    ) -> Result<Option<Version>, FetchFailed> {
        let refused = || FetchFailed::Address(from.to_owned());
        let mut uri: Uri = from.parse().map_err(|_| refused())?;
        for _ in 0..=REDIRECTS {
            let answer = timeout(PATIENCE, self.ask(from, &uri, known)).await;
            let answer = answer.map_err(|_| FetchFailed::Slow(from.to_owned()))??;
            let status = answer.status();
            if status == StatusCode::NOT_MODIFIED {
                return Ok(None);
            }
            if status.is_redirection() {
                uri = next(from, &uri, &answer)?;
                continue;
            }
            if status != StatusCode::OK {
                return Err(FetchFailed::Status(from.to_owned(), status));
            }
            let word = |name| {
                let value: Option<&HeaderValue> = answer.headers().get(name);
                value?.to_str().ok().map(str::to_owned)
            };
            let version = Version {
                etag: word(ETAG),
                last_modified: word(LAST_MODIFIED),
            };
            save(from, answer.into_body(), most, to).await?;
            return Ok(Some(version));
        }
        Err(FetchFailed::Redirects(from.to_owned()))
    }

    async fn ask(
        &self,
        from: &str,
        uri: &Uri,
        known: &Version,
    ) -> Result<Response<Incoming>, FetchFailed> {
        let refused = || FetchFailed::Address(from.to_owned());
        let failed = |why| FetchFailed::Io(from.to_owned(), why);
        let broken = |why| FetchFailed::Http(from.to_owned(), why);
        let host = uri.host().ok_or_else(refused)?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(refused()),
        };
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((bare, port)).await.map_err(failed)?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request = Request::get(path)
            .header(HOST, uri.authority().map_or(host, |whole| whole.as_str()))
            .header(
                USER_AGENT,
                concat!("belisha-filter/", env!("CARGO_PKG_VERSION")),
            );
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        } else if let Some(since) = &known.last_modified {
            request = request.header(IF_MODIFIED_SINCE, since);
        }
        let request = request.body(Empty::<Bytes>::new()).map_err(|_| refused())?;
        if secure {
            let name = ServerName::try_from(bare.to_owned()).map_err(|_| refused())?;
            let connector = TlsConnector::from(self.tls.clone());
            let stream = connector.connect(name, stream).await.map_err(failed)?;
            send(stream, request).await.map_err(broken)
        } else {
            send(stream, request).await.map_err(broken)
        }
    }
}

async fn send(
    stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    request: Request<Empty<Bytes>>,
) -> Result<Response<Incoming>, hyper::Error> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    sender.send_request(request).await
}

/// Where an answer leads on to; never from a connection that is proved to one that is not.
fn next(from: &str, uri: &Uri, answer: &Response<Incoming>) -> Result<Uri, FetchFailed> {
    let refused = || FetchFailed::Address(from.to_owned());
    let place = answer.headers().get(LOCATION).ok_or_else(refused)?;
    let place = place.to_str().map_err(|_| refused())?;
    let next: Uri = if place.starts_with('/') {
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(place.parse().map_err(|_| refused())?);
        Uri::from_parts(parts).map_err(|_| refused())?
    } else {
        place.parse().map_err(|_| refused())?
    };
    if uri.scheme_str() == Some("https") && next.scheme_str() != Some("https") {
        return Err(FetchFailed::Weaker(from.to_owned()));
    }
    Ok(next)
}

async fn save(from: &str, mut body: Incoming, most: u64, to: &Path) -> Result<(), FetchFailed> {
    let failed = |why| FetchFailed::Io(from.to_owned(), why);
    let mut file = File::create(to).map_err(failed)?;
    let mut length = 0;
    loop {
        let frame = timeout(PATIENCE, body.frame()).await;
        let Some(frame) = frame.map_err(|_| FetchFailed::Slow(from.to_owned()))? else {
            break;
        };
        let frame = frame.map_err(|why| FetchFailed::Http(from.to_owned(), why))?;
        if let Ok(piece) = frame.into_data() {
            length += piece.len() as u64;
            if length > most {
                return Err(FetchFailed::Large(from.to_owned(), most));
            }
            file.write_all(&piece).map_err(failed)?;
        }
    }
    file.sync_all().map_err(failed)
}

fn local(from: &str) -> Option<PathBuf> {
    let path = from.strip_prefix("file:")?;
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

fn copy(
    from: &str,
    path: &Path,
    known: &Version,
    most: u64,
    to: &Path,
) -> Result<Option<Version>, FetchFailed> {
    use std::os::unix::fs::MetadataExt as _;
    let failed = |why| FetchFailed::Io(from.to_owned(), why);
    let about = std::fs::metadata(path).map_err(failed)?;
    if about.len() > most {
        return Err(FetchFailed::Large(from.to_owned(), most));
    }
    let version = Version {
        etag: Some(format!(
            "{}-{}-{}.{}",
            about.ino(),
            about.len(),
            about.mtime(),
            about.mtime_nsec()
        )),
        last_modified: None,
    };
    if version == *known {
        return Ok(None);
    }
    std::fs::copy(path, to).map_err(failed)?;
    Ok(Some(version))
}
