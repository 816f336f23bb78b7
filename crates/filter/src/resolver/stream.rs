//! DNS over TCP and over TLS: messages with their length before them, one after the other.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::judge::{Asker, Worker};
use super::shared::Shared;

/// How long a client may keep us waiting for a question, or for a handshake.
const PATIENCE: Duration = Duration::from_secs(8);
/// Connections at once, of all clients.
pub(super) const MOST: usize = 512;

/// What a server of streams needs.
#[derive(Clone)]
pub(super) struct Streams {
    pub shared: Arc<Shared>,
    pub worker: Arc<Mutex<Worker>>,
    pub room: Arc<Semaphore>,
}

/// The next connection for which there is a place, and the place, which is free again once it is dropped.
pub(super) async fn admit(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // Out of file handles, most likely: others are still being served.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Whoever comes when all places are taken is turned away at once.
        if let Ok(place) = room.clone().try_acquire_owned() {
            return (stream, peer, place);
        }
    }
}

/// Accepts connections until the task is ended.
pub(super) async fn serve(streams: Streams, listener: TcpListener, tls: Option<Tls>) {
    loop {
        let (stream, peer, place) = admit(&listener, &streams.room).await;
        let (streams, tls) = (streams.clone(), tls.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            match tls {
                None => connection(&streams, stream, peer, None).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = timeout(PATIENCE, tls.acceptor.accept(stream)).await {
                        let token = tls.token(stream.get_ref().1.server_name());
                        connection(&streams, stream, peer, token).await;
                    }
                }
            }
            drop(place);
        });
    }
}

/// Certificate and name of a TLS server.
#[derive(Clone)]
pub(super) struct Tls {
    pub acceptor: TlsAcceptor,
    /// `filter.school.example`: a device asks for `its-token.filter.school.example`.
    pub name: Arc<str>,
}

impl Tls {
    fn token(&self, asked: Option<&str>) -> Option<Arc<str>> {
        Some(asked?.strip_suffix(&*self.name)?.strip_suffix('.')?.into())
    }
}

async fn connection(
    streams: &Streams,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    token: Option<Arc<str>>,
) {
    let asker = Asker {
        from: peer.ip(),
        token,
        is_udp: false,
        is_quiet: false,
    };
    let mut question = Vec::new();
    loop {
        let Ok(Ok(length)) = timeout(PATIENCE, stream.read_u16()).await else {
            return;
        };
        question.resize(usize::from(length), 0);
        if !matches!(
            timeout(PATIENCE, stream.read_exact(&mut question)).await,
            Ok(Ok(_))
        ) {
            return;
        }
        let Some(answer) = streams
            .shared
            .answer(&streams.worker, &question, &asker)
            .await
        else {
            return;
        };
        let Ok(length) = u16::try_from(answer.len()) else {
            return;
        };
        let framed = [&length.to_be_bytes()[..], &answer].concat();
        let written = async {
            stream.write_all(&framed).await?;
            stream.flush().await
        };
        if !matches!(timeout(PATIENCE, written).await, Ok(Ok(()))) {
            return;
        }
    }
}
