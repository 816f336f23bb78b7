//! CONNECT, which is most of what a browser asks a proxy for. Its head is read here and nothing else is made of it:
//! after the answer the bytes of both sides are carried as they are.

use std::net::SocketAddr;
use std::sync::Arc;

use hyper::StatusCode;
use hyper::http::uri::Authority;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::judge::{self, Refused};
use super::{LONGEST_HEAD, MOST_HEADERS, PATIENCE, Proxy, Says, forward};
use crate::resolver::carry;
use crate::resolver::judge::Asker;

const METHOD: &[u8] = b"CONNECT ";
const MADE: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n";

/// Whether a client begins with CONNECT; what it said is still there to be read. One that says so little at first
/// that it cannot be told is served all the same, like any other.
pub(super) async fn begins(stream: &TcpStream) -> bool {
    let mut first = [0; METHOD.len()];
    let looked = timeout(PATIENCE, stream.peek(&mut first)).await;
    matches!(looked, Ok(Ok(length)) if length == METHOD.len()) && first == *METHOD
}

/// Reads the head, connects, and carries bytes both ways until one side ends. The place is taken until then.
pub(super) async fn serve(
    proxy: &Arc<Proxy>,
    mut client: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
) {
    let mut said = Vec::with_capacity(1024);
    // A client that breaks off, or is silent, is no trouble of ours.
    let Ok(Some(asked)) = timeout(PATIENCE, head(&mut client, &mut said)).await else {
        return;
    };
    match answer(proxy, peer, asked).await {
        Ok((mut site, length)) => {
            // What the client said before it heard that it may.
            let early = said.get(length..).unwrap_or_default();
            let begun = async {
                client.write_all(MADE).await?;
                if early.is_empty() {
                    Ok(())
                } else {
                    site.write_all(early).await
                }
            };
            if begun.await.is_ok() {
                // How it ends is between the two of them.
                let _ = carry::both_ways(client, site, forward::IDLE).await;
            }
        }
        Err(says) => {
            let _ = client.write_all(says.in_full().as_bytes()).await;
            let _ = client.shutdown().await;
        }
    }
    drop(place);
}

/// What a head asks for.
struct Asked {
    to: String,
    authorization: Option<Vec<u8>>,
    /// How many bytes it took.
    length: usize,
}

/// Reads until the head is whole; nothing where none comes.
async fn head(client: &mut TcpStream, said: &mut Vec<u8>) -> Option<Result<Asked, Says>> {
    loop {
        if client.read_buf(said).await.ok()? == 0 {
            return None;
        }
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        return match request.parse(said) {
            Ok(httparse::Status::Partial) if said.len() < LONGEST_HEAD => continue,
            Ok(httparse::Status::Complete(length)) => Some(Ok(Asked {
                to: request.path.unwrap_or_default().to_owned(),
                authorization: request
                    .headers
                    .iter()
                    .find(|header| header.name.eq_ignore_ascii_case("proxy-authorization"))
                    .map(|header| header.value.to_vec()),
                length,
            })),
            _ => Some(Err(Says::of(Refused::Bad("That is no request.\n")))),
        };
    }
}

async fn answer(
    proxy: &Proxy,
    peer: SocketAddr,
    asked: Result<Asked, Says>,
) -> Result<(TcpStream, usize), Says> {
    let asked = asked?;
    let asker = super::asker(proxy, peer, asked.authorization.as_deref())?;
    let to: Authority = asked
        .to
        .parse()
        .map_err(|_| Says::of(Refused::Bad("CONNECT names a host and a port.\n")))?;
    let site = site(proxy, &asker, to.host(), to.port_u16()).await?;
    Ok((site, asked.length))
}

/// A connection to a site, where the asker may go there.
pub(super) async fn site(
    proxy: &Proxy,
    asker: &Asker,
    host: &str,
    port: Option<u16>,
) -> Result<TcpStream, Says> {
    let addresses = judge::connect(proxy, asker, host, port)
        .await
        .map_err(Says::of)?;
    match forward::open(&addresses).await {
        Some((site, _)) => Ok(site),
        None => Err(Says::new(
            StatusCode::BAD_GATEWAY,
            "The site does not answer.\n",
        )),
    }
}

impl Says {
    /// The whole answer, after which the connection ends.
    fn in_full(&self) -> String {
        let challenge = if self.asks_who() {
            format!("Proxy-Authenticate: {}\r\n", Self::CHALLENGE)
        } else {
            String::new()
        };
        format!(
            "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{challenge}Connection: close\r\n\r\n{}",
            self.status,
            Self::KIND,
            self.text.len(),
            self.text
        )
    }
}
