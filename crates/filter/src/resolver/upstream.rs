//! Asking upstream: over UDP with TCP behind it, over TLS, or over HTTPS; the next one where one fails.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::message::{Unusable, is_answer};
use crate::trust;

const LARGEST: usize = 65_535;
/// An upstream that failed is asked last for so many seconds.
const SHUNNED_S: u32 = 10;
const UDP_TIME: Duration = Duration::from_millis(1_500);
const STREAM_TIME: Duration = Duration::from_secs(4);
const IDLE: usize = 4;

/// How one upstream is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// UDP, and TCP where the answer is long.
    Plain,
    /// DNS over TLS, to a server of this name.
    Tls(String),
    /// DNS over HTTPS, to a server of this name, at this path.
    Https(String, String),
}

/// An upstream as it is written: `192.0.2.1`, `tls://192.0.2.1#dns.example`,
/// `https://192.0.2.1/dns-query#dns.example`. The address stands in it, because nobody could be asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    pub address: SocketAddr,
    pub reach: Reach,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no upstream: write 192.0.2.1, tls://192.0.2.1#dns.example or https://192.0.2.1/dns-query#dns.example"
)]
pub struct UpstreamRefused(String);

impl std::str::FromStr for Upstream {
    type Err = UpstreamRefused;

    fn from_str(text: &str) -> Result<Self, UpstreamRefused> {
        let refused = || UpstreamRefused(text.to_owned());
        let address = |text: &str, port: u16| -> Result<SocketAddr, UpstreamRefused> {
            let bare = text
                .strip_prefix('[')
                .and_then(|text| text.strip_suffix(']'))
                .unwrap_or(text);
            text.parse::<SocketAddr>()
                .or_else(|_| {
                    bare.parse::<IpAddr>()
                        .map(|address| SocketAddr::new(address, port))
                })
                .map_err(|_| refused())
        };
        let name = |name: &str| {
            ServerName::try_from(name.to_owned())
                .map(|_| name.to_owned())
                .map_err(|_| refused())
        };
        if let Some(rest) = text.strip_prefix("tls://") {
            let (at, server) = rest.split_once('#').ok_or_else(refused)?;
            return Ok(Self {
                address: address(at, 853)?,
                reach: Reach::Tls(name(server)?),
            });
        }
        if let Some(rest) = text.strip_prefix("https://") {
            let (at, server) = rest.split_once('#').ok_or_else(refused)?;
            let (at, path) = at.split_once('/').ok_or_else(refused)?;
            return Ok(Self {
                address: address(at, 443)?,
                reach: Reach::Https(name(server)?, format!("/{path}")),
            });
        }
        Ok(Self {
            address: address(text, 53)?,
            reach: Reach::Plain,
        })
    }
}

/// Why no upstream gave an answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskFailed {
    #[error("no upstream is configured")]
    None,
    #[error("it did not answer in time")]
    Slow,
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("its HTTPS answer was refused")]
    Http,
    #[error("its answer cannot be used: {0}")]
    Unusable(#[from] Unusable),
}

struct One {
    upstream: Upstream,
    shunned_until: AtomicU32,
    tls: Mutex<Vec<TlsStream<TcpStream>>>,
    http: Mutex<Option<SendRequest<Full<Bytes>>>>,
}

/// All upstreams, in order of preference.
pub(super) struct Upstreams {
    all: Vec<One>,
    dot: Arc<rustls::ClientConfig>,
    h2: Arc<rustls::ClientConfig>,
}

impl Upstreams {
    pub(super) fn new(
        upstreams: Vec<Upstream>,
        roots: rustls::RootCertStore,
    ) -> Result<Self, String> {
        let one = |upstream| One {
            upstream,
            shunned_until: AtomicU32::new(0),
            tls: Mutex::default(),
            http: Mutex::default(),
        };
        Ok(Self {
            all: upstreams.into_iter().map(one).collect(),
            dot: Arc::new(trust::client(roots.clone(), &[b"dot"])?),
            h2: Arc::new(trust::client(roots, &[b"h2"])?),
        })
    }

    /// Asks one upstream after the other until one gives an answer that can be used.
    pub(super) async fn ask<T>(
        &self,
        question: &[u8],
        now: u32,
        read: impl Fn(&[u8]) -> Result<T, Unusable>,
    ) -> Result<T, AskFailed> {
        let shunned = |one: &&One| one.shunned_until.load(Ordering::Relaxed) > now;
        let first = self.all.iter().filter(|one| !shunned(one));
        let last = self.all.iter().filter(shunned);
        let order: Vec<&One> = first.chain(last).collect();
        let mut failed = AskFailed::None;
        for one in order {
            match self.ask_one(one, question).await {
                Ok(answer) => {
                    one.shunned_until.store(0, Ordering::Relaxed);
                    match read(&answer) {
                        Ok(read) => return Ok(read),
                        // It may be the name's fault, so the upstream is not shunned for it.
                        Err(why) => failed = why.into(),
                    }
                }
                Err(why) => {
                    one.shunned_until.store(now + SHUNNED_S, Ordering::Relaxed);
                    failed = why;
                }
            }
        }
        Err(failed)
    }

    async fn ask_one(&self, one: &One, question: &[u8]) -> Result<Vec<u8>, AskFailed> {
        match &one.upstream.reach {
            Reach::Plain => {
                let answer = timeout(UDP_TIME, over_udp(one.upstream.address, question)).await;
                let answer = answer.map_err(|_| AskFailed::Slow)??;
                if answer[2] & 0x02 == 0 {
                    return Ok(answer);
                }
                let answer = timeout(STREAM_TIME, over_tcp(one.upstream.address, question)).await;
                Ok(answer.map_err(|_| AskFailed::Slow)??)
            }
            Reach::Tls(name) => {
                let answer = timeout(STREAM_TIME, self.over_tls(one, name, question)).await;
                answer.map_err(|_| AskFailed::Slow)?
            }
            Reach::Https(name, path) => {
                let answer = timeout(STREAM_TIME, self.over_https(one, name, path, question)).await;
                answer.map_err(|_| AskFailed::Slow)?
            }
        }
    }

    async fn over_tls(&self, one: &One, name: &str, question: &[u8]) -> Result<Vec<u8>, AskFailed> {
        // An idle connection may have been closed at the other end, so a fresh one is tried after it.
        let idle = one.tls.lock().await.pop();
        if let Some(mut stream) = idle
            && let Ok(answer) = exchange(&mut stream, question).await
        {
            keep(one, stream).await;
            return Ok(answer);
        }
        let mut stream = connect(&self.dot, one.upstream.address, name).await?;
        let answer = exchange(&mut stream, question).await?;
        keep(one, stream).await;
        Ok(answer)
    }

    async fn over_https(
        &self,
        one: &One,
        name: &str,
        path: &str,
        question: &[u8],
    ) -> Result<Vec<u8>, AskFailed> {
        let mut held = one.http.lock().await;
        let open = held.as_ref().filter(|sender| !sender.is_closed()).cloned();
        let mut sender = match open {
            Some(sender) => sender,
            None => {
                let stream = connect(&self.h2, one.upstream.address, name).await?;
                let (sender, connection) = hyper::client::conn::http2::handshake(
                    TokioExecutor::new(),
                    TokioIo::new(stream),
                )
                .await
                .map_err(|_| AskFailed::Http)?;
                tokio::spawn(connection);
                *held = Some(sender.clone());
                sender
            }
        };
        drop(held);
        // Caches on the way see one question for all ids (RFC 8484).
        let mut body = question.to_vec();
        body[..2].copy_from_slice(&[0, 0]);
        let request = hyper::Request::post(format!("https://{name}{path}"))
            .header("content-type", "application/dns-message")
            .header("accept", "application/dns-message")
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| AskFailed::Http)?;
        let answer = sender
            .send_request(request)
            .await
            .map_err(|_| AskFailed::Http)?;
        if !answer.status().is_success() {
            return Err(AskFailed::Http);
        }
        let body = Limited::new(answer.into_body(), LARGEST)
            .collect()
            .await
            .map_err(|_| AskFailed::Http)?;
        let mut answer = body.to_bytes().to_vec();
        if answer.len() < 12 {
            return Err(AskFailed::Http);
        }
        answer[..2].copy_from_slice(&question[..2]);
        Ok(answer)
    }
}

async fn keep(one: &One, stream: TlsStream<TcpStream>) {
    let mut idle = one.tls.lock().await;
    if idle.len() < IDLE {
        idle.push(stream);
    }
}

async fn connect(
    config: &Arc<rustls::ClientConfig>,
    address: SocketAddr,
    name: &str,
) -> Result<TlsStream<TcpStream>, AskFailed> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let name = ServerName::try_from(name.to_owned()).map_err(|_| AskFailed::Http)?;
    Ok(TlsConnector::from(config.clone())
        .connect(name, stream)
        .await?)
}

/// One question from a socket of its own, so that its port is as random as its id.
async fn over_udp(to: SocketAddr, question: &[u8]) -> std::io::Result<Vec<u8>> {
    let any: IpAddr = if to.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        Ipv6Addr::UNSPECIFIED.into()
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(to).await?;
    socket.send(question).await?;
    let mut buffer = vec![0; 4096];
    loop {
        let length = socket.recv(&mut buffer).await?;
        // Whoever guesses wrongly must not end the wait for the right one.
        if is_answer(question, &buffer[..length]) {
            buffer.truncate(length);
            return Ok(buffer);
        }
    }
}

async fn over_tcp(to: SocketAddr, question: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(to).await?;
    exchange(&mut stream, question).await
}

pub(super) async fn exchange(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    question: &[u8],
) -> std::io::Result<Vec<u8>> {
    let length = u16::try_from(question.len()).map_err(std::io::Error::other)?;
    stream
        .write_all(&[&length.to_be_bytes()[..], question].concat())
        .await?;
    stream.flush().await?;
    let length = stream.read_u16().await?;
    let mut answer = vec![0; usize::from(length)];
    stream.read_exact(&mut answer).await?;
    if is_answer(question, &answer) {
        Ok(answer)
    } else {
        Err(std::io::Error::other("the answer is to another question"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upstreams_are_written_with_their_address() {
        let check = |text: &str, address: &str, reach: Reach| {
            let address = address.parse().expect("an address");
            assert_eq!(text.parse(), Ok(Upstream { address, reach }), "{text}");
        };
        check("192.0.2.1", "192.0.2.1:53", Reach::Plain);
        check("192.0.2.1:5353", "192.0.2.1:5353", Reach::Plain);
        check("2001:db8::1", "[2001:db8::1]:53", Reach::Plain);
        check(
            "tls://192.0.2.1#dns.example",
            "192.0.2.1:853",
            Reach::Tls("dns.example".into()),
        );
        check(
            "tls://[2001:db8::1]:8853#dns.example",
            "[2001:db8::1]:8853",
            Reach::Tls("dns.example".into()),
        );
        let https = Reach::Https("dns.example".into(), "/dns-query".into());
        check(
            "https://192.0.2.1/dns-query#dns.example",
            "192.0.2.1:443",
            https,
        );
        for text in [
            "dns.example",
            "tls://192.0.2.1",
            "https://192.0.2.1#dns.example",
            "tls://192.0.2.1#not a name",
        ] {
            assert!(text.parse::<Upstream>().is_err(), "{text}");
        }
    }
}
