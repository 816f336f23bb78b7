//! Whether the doors beside UDP open: TCP, TLS and HTTPS, asked over the network as a group, with the
//! certificate looked at as a device looks at it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::RootCertStore;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::settings::{Settings, TlsOf};
use super::trial::{Heard, Tried, address_of, question, reached_at, read};
use super::upstream::exchange;
use crate::trust;

const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy)]
enum Door<'a> {
    Tcp,
    Tls(&'a TlsOf),
    Https(&'a TlsOf),
}

impl Door<'_> {
    fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Tls(_) => "DNS over TLS",
            Self::Https(_) => "DNS over HTTPS",
        }
    }
}

/// Why a door could not be tried.
enum Shut {
    /// An authority of the school's own signed the certificate, and this machine does not know it: devices may.
    UnknownAuthority,
    Failed(String),
}

impl From<std::io::Error> for Shut {
    fn from(why: std::io::Error) -> Self {
        let inner = why.get_ref().and_then(|why| why.downcast_ref());
        match inner {
            Some(rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer)) => {
                Self::UnknownAuthority
            }
            Some(rustls::Error::InvalidCertificate(why)) => {
                Self::Failed(format!("its certificate is not believed: {why}"))
            }
            _ => Self::Failed(why.to_string()),
        }
    }
}

/// Asks at each door that the settings name for a name which the group must not reach. Doors at an IPv6
/// address alone are left out: nobody but the machine itself can ask as a group, and it has no such address.
pub async fn try_doors(settings: &Settings, group: usize, blocked: &str) -> Tried {
    let mut tried = Tried::default();
    let roots = match trust::roots(settings.upstream_authority.as_deref()) {
        Ok(roots) => roots,
        Err(why) => {
            tried.failed.push(why);
            return tried;
        }
    };
    for (door, at) in doors(settings) {
        let heard = timeout(PATIENCE, through(door, at, (group, blocked), &roots)).await;
        let wrong = match heard {
            Ok(Err(Shut::UnknownAuthority)) => continue,
            Ok(Ok(Heard::Blocked)) => None,
            Ok(Ok(_)) => Some(format!("{blocked} must be blocked and is not")),
            Ok(Err(Shut::Failed(why))) => Some(why),
            Err(_) => Some("it does not answer".to_owned()),
        };
        tried.asked += 1;
        tried
            .failed
            .extend(wrong.map(|why| format!("{} at {at}: {why}", door.name())));
    }
    tried
}

fn doors(settings: &Settings) -> Vec<(Door<'_>, SocketAddr)> {
    let mut doors = Vec::new();
    let mut add = |door, listen: &[SocketAddr]| {
        let reached = listen.iter().filter_map(|at| reached_at(&[*at]));
        doors.extend(reached.map(|at| (door, at)));
    };
    add(Door::Tcp, &settings.listen);
    if let Some(tls) = &settings.tls {
        add(Door::Tls(tls), &tls.listen);
        add(Door::Https(tls), &tls.https);
    }
    doors
}

async fn through(
    door: Door<'_>,
    at: SocketAddr,
    (group, name): (usize, &str),
    roots: &RootCertStore,
) -> Result<Heard, Shut> {
    let no_name = || Shut::Failed(format!("{name} is no name"));
    let question = question(name)?.ok_or_else(no_name)?;
    let socket = TcpSocket::new_v4()?;
    socket.bind((address_of(group), 0).into())?;
    let mut stream = socket.connect(at).await?;
    let answer = match door {
        Door::Tcp => exchange(&mut stream, &question).await?,
        Door::Tls(tls) => {
            let mut stream = handshake(stream, tls, roots, b"dot").await?;
            exchange(&mut stream, &question).await?
        }
        Door::Https(tls) => {
            post(handshake(stream, tls, roots, b"h2").await?, tls, question).await?
        }
    };
    Ok(read(&answer))
}

async fn handshake(
    stream: TcpStream,
    tls: &TlsOf,
    roots: &RootCertStore,
    protocol: &[u8],
) -> Result<impl AsyncRead + AsyncWrite + Unpin + Send + use<>, Shut> {
    let client = trust::client(roots.clone(), &[protocol]).map_err(Shut::Failed)?;
    let name = ServerName::try_from(tls.name.clone())
        .map_err(|_| Shut::Failed(format!("{} is no name of a server", tls.name)))?;
    Ok(TlsConnector::from(Arc::new(client))
        .connect(name, stream)
        .await?)
}

async fn post(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    tls: &TlsOf,
    question: Vec<u8>,
) -> Result<Vec<u8>, Shut> {
    let failed = |why: &dyn std::fmt::Display| Shut::Failed(why.to_string());
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .map_err(|why| failed(&why))?;
    let connection = tokio::spawn(connection);
    let request = hyper::Request::post(format!("https://{}/dns-query", tls.name))
        .header("content-type", "application/dns-message")
        .body(Full::new(Bytes::from(question)))
        .map_err(|why| failed(&why))?;
    let answer = sender
        .send_request(request)
        .await
        .map_err(|why| failed(&why))?;
    let body = Limited::new(answer.into_body(), usize::from(u16::MAX))
        .collect()
        .await
        .map_err(|why| failed(&why))?;
    connection.abort();
    Ok(body.to_bytes().to_vec())
}
