//! The accept loop: plain or TLS, with limits on how slowly a client may speak.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::web::address::Peer;

/// How long a client may take over its request's head, and over a TLS handshake.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long requests under way may go on after the order to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves until `stop` resolves, then lets requests under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let acceptor = tls.map(TlsAcceptor::from);
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, most likely: others are still being served.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let router = router.clone();
        let acceptor = acceptor.clone();
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            // In a task of its own, so that a slow handshake holds up nobody else.
            match acceptor {
                None => connection(stream, peer, router, watcher).await,
                Some(acceptor) => {
                    if let Ok(Ok(stream)) =
                        tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await
                    {
                        connection(stream, peer, router, watcher).await;
                    }
                }
            }
        });
    }
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
}

async fn connection<S>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    watcher: hyper_util::server::graceful::Watcher,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(
        move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            let router = router.clone();
            async move { tower::ServiceExt::oneshot(router, request.map(axum::body::Body::new)).await }
        },
    );
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30));
    let connection = builder
        .serve_connection(TokioIo::new(stream), service)
        .into_owned();
    // A client that goes away mid-way is its own affair.
    let _ = watcher.watch(connection).await;
}

/// A port that is free or taken, said plainly.
pub(crate) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "something else already answers on {address}. Stop it, or choose another port with --listen."
        ),
        std::io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "this user may not answer on {address}. Choose a port above 1023 with --listen, \
             or let a proxy forward to it."
        ),
        _ => anyhow::anyhow!("cannot answer on {address}: {error}"),
    })
}
