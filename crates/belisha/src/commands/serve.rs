//! `belisha serve`: answers browsers and does the background work.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::open::{Where, open_schools};
use crate::jobs::{self, Turns};
use crate::school::School;
use crate::web::certificate::Certificate;
use crate::web::{self, App, server};

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    listening: Listening,
}

/// How browsers reach the server.
#[derive(Args, Clone)]
pub(crate) struct Listening {
    /// The address and port to answer on. Without a certificate only this machine
    /// (127.0.0.1) or a declared proxy may ask.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// The certificate chain, as PEM.
    #[arg(long, requires = "tls_key", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key, as PEM.
    #[arg(long, requires = "tls_certificate", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front of this server, whose word on addresses is believed.
    #[arg(long, value_name = "ADDRESS")]
    pub proxy: Vec<IpAddr>,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        start_logging();
        let schools = open_schools(&self.at).await?;
        for school in &schools {
            crate::schools::set_up::say_code(school).await?;
        }
        serve(schools, &self.listening, |_| ()).await
    }
}

/// Serves these schools until the order to stop. `ready` is told the address.
pub(crate) async fn serve(
    schools: Vec<Arc<School>>,
    listening: &Listening,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    let certificate = match (&listening.tls_certificate, &listening.tls_key) {
        (Some(chain), Some(key)) => Some(Certificate::read(chain, key)?),
        (None, _) | (_, None) => None,
    };
    let is_open = !listening.listen.ip().is_loopback();
    anyhow::ensure!(
        certificate.is_some() || !is_open || !listening.proxy.is_empty(),
        "{} can be reached from other machines, and without a certificate everything would travel in the clear. \
         Give --tls-certificate and --tls-key, or answer on 127.0.0.1 behind a proxy that has one.",
        listening.listen
    );
    let tls = certificate
        .as_ref()
        .map(Certificate::server_config)
        .transpose()?;
    for school in &schools {
        if let Some(certificate) = &certificate {
            let _ = school.certificate.set(Arc::clone(certificate));
        }
    }
    let listener = server::listen(listening.listen).await?;
    let address = listener.local_addr()?;
    let app = App::new(schools.clone(), listening.proxy.clone(), tls.is_some());
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let turns = Arc::new(Turns::of_this_machine());
    let workers: Vec<_> = schools
        .into_iter()
        .map(|school| tokio::spawn(jobs::work(school, Arc::clone(&turns), stopped.clone())))
        .collect();
    tracing::info!(%address, "answering");
    ready(address);
    server::serve(listener, tls, web::router(app), order_to_stop()).await;
    let _ = stop.send(true);
    turns.end();
    for worker in workers {
        let _ = worker.await;
    }
    Ok(())
}

async fn order_to_stop() {
    let mut terminate =
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(terminate) => terminate,
            Err(error) => {
                tracing::warn!(%error, "the order to stop cannot be heard; only Ctrl+C is");
                let _ = tokio::signal::ctrl_c().await;
                return;
            }
        };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => (),
        _ = terminate.recv() => (),
    }
}

/// Logs go to standard error, with ids and never with names; `RUST_LOG` narrows them.
pub(crate) fn start_logging() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}
