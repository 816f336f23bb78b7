//! A resolver that filters: it answers what it may, says no to what it must, and asks upstream for
//! the rest.
//!
//! One thread a socket takes questions by the batch (`udp`, `judge`); whatever has to wait goes to a
//! small asynchronous runtime (`shared`, `upstream`), which also serves TCP, TLS and HTTPS. All of them judge
//! by one snapshot, which is replaced whole when the index, the policy, the leases or the hour change.

mod block;
mod cache;
mod carry;
mod doors;
mod https;
mod judge;
mod limits;
mod log;
mod message;
mod proxy;
mod query;
mod reply;
mod safe_search;
mod settings;
mod shared;
mod snapshot;
mod stream;
mod trial;
mod udp;
mod upstream;
mod watch;
mod who;

pub use block::{BlockHelp, BlockWords, HelpLine, SITE, block_words};
pub use doors::try_doors;
pub use safe_search::{Engine, Instead, canaries, engines};
pub use settings::{
    BlockPageOf, DeviceOf, ProxyOf, RangeOf, Register, Settings, SettingsRefused, TlsOf,
};
pub use trial::{Heard, Trial, Tried, address_of, ask, reached_at, try_group};
pub use upstream::{Reach, Upstream, UpstreamRefused};
pub use who::{Device, Devices, Range, RangeRefused, is_inside, leases};

use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, mpsc};

use crate::index::IndexRefused;
use crate::trust;
use log::Logs;
use shared::{Job, Shared, Wanted};
use stream::{MOST, Streams, Tls};
use watch::Watch;

/// Questions that may be under way to upstreams at once; as many again wait for their turn.
const WAITING: usize = 4_096;

/// Why a resolver does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartRefused {
    #[error(transparent)]
    Settings(#[from] SettingsRefused),
    #[error(transparent)]
    Index(#[from] IndexRefused),
    #[error("{0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    #[error("the certificate {0} or its key {1} cannot be used: {2}")]
    Certificate(PathBuf, PathBuf, String),
    #[error("{0}")]
    Authority(String),
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// What was done since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub blocked: u64,
    pub cached: u64,
    pub asked: u64,
    pub failed: u64,
    /// Questions for which there was no room.
    pub dropped: u64,
    /// Snapshots taken into use.
    pub reloads: u64,
}

/// A running resolver. It ends when it is dropped.
pub struct Resolver {
    shared: Arc<Shared>,
    stop: Arc<AtomicBool>,
    watch: Arc<Watch>,
    threads: Vec<JoinHandle<()>>,
    log_writer: Option<JoinHandle<()>>,
    /// The worker of everything that waits.
    worker: Arc<Mutex<judge::Worker>>,
    runtime: Option<Runtime>,
    addresses: Addresses,
}

/// Where a resolver listens, which is of interest where it was told to choose a port.
#[derive(Debug, Clone, Default)]
pub struct Addresses {
    pub plain: Vec<SocketAddr>,
    pub tls: Vec<SocketAddr>,
    pub https: Vec<SocketAddr>,
    pub block_page: Vec<SocketAddr>,
    pub proxy: Vec<SocketAddr>,
}

impl Resolver {
    pub fn start(settings: Settings) -> Result<Self, StartRefused> {
        let (watch, standing) = Watch::begin(settings.clone())?;
        let upstreams = settings.upstream_list().map_err(SettingsRefused::from)?;
        let upstreams = upstream::Upstreams::new(upstreams, roots(&settings)?)
            .map_err(StartRefused::Authority)?;
        let (logs, writer) = match &settings.log {
            Some(folder) => {
                let (logs, thread) = Logs::start(folder)?;
                (Some(logs), Some(thread))
            }
            None => (None, None),
        };
        let shared = Arc::new(Shared::new(
            watch.first(&standing),
            upstreams,
            logs,
            settings.cache_mb << 20,
            settings.stale_hours * 3_600,
            settings.questions_per_second,
        )?);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let worker = shared.worker();
        let mut resolver = Self {
            shared,
            stop: Arc::default(),
            watch: Arc::new(watch),
            threads: Vec::new(),
            log_writer: writer,
            worker: Arc::new(Mutex::new(worker)),
            runtime: None,
            addresses: Addresses::default(),
        };
        let started = resolver.listen(&settings, &runtime);
        resolver.runtime = Some(runtime);
        started?;
        resolver.begin_watching(standing)?;
        Ok(resolver)
    }

    fn listen(&mut self, settings: &Settings, runtime: &Runtime) -> Result<(), StartRefused> {
        let streams = Streams {
            shared: self.shared.clone(),
            worker: self.worker.clone(),
            room: Arc::new(Semaphore::new(MOST)),
        };
        let (slow, jobs) = mpsc::channel(WAITING);
        let mut sockets = Vec::new();
        for wanted in &settings.listen {
            let (listener, address) = bind(runtime, *wanted)?;
            self.addresses.plain.push(address);
            runtime.spawn(stream::serve(streams.clone(), listener, None));
            for _ in 0..settings.workers.max(1) {
                // The port may have been left to the machine; all sockets take the same.
                let socket = udp::bind(address);
                sockets.push(socket.map_err(|why| StartRefused::Listen(*wanted, why))?);
            }
        }
        if let Some(tls) = &settings.tls {
            let server = |protocols: &[&[u8]]| server_tls(tls, protocols);
            let dot = server(&[b"dot"])?;
            for wanted in &tls.listen {
                let (listener, address) = bind(runtime, *wanted)?;
                self.addresses.tls.push(address);
                runtime.spawn(stream::serve(streams.clone(), listener, Some(dot.clone())));
            }
            let doh = server(&[b"h2", b"http/1.1"])?;
            for wanted in &tls.https {
                let (listener, address) = bind(runtime, *wanted)?;
                self.addresses.https.push(address);
                runtime.spawn(https::serve(streams.clone(), listener, doh.clone()));
            }
        }
        self.listen_to_http(settings, runtime, &streams)?;
        runtime.spawn(hand_on_log(streams.clone()));
        self.begin_answering(sockets, slow, jobs, &streams, runtime)?;
        Ok(())
    }

    /// The block page and the proxy.
    fn listen_to_http(
        &mut self,
        settings: &Settings,
        runtime: &Runtime,
        streams: &Streams,
    ) -> Result<(), StartRefused> {
        let page = Arc::new(settings.block_page.clone().unwrap_or_default());
        for wanted in &page.listen {
            let (listener, address) = bind(runtime, *wanted)?;
            self.addresses.block_page.push(address);
            runtime.spawn(block::serve(streams.clone(), listener, page.clone()));
        }
        let Some(wanted) = &settings.proxy else {
            return Ok(());
        };
        let proxy = Arc::new(proxy::Proxy::new(
            streams.clone(),
            wanted.clone(),
            settings.proxy_inside().map_err(SettingsRefused::from)?,
            page,
            settings.inside.clone(),
        ));
        for wanted in &wanted.listen {
            let (listener, address) = bind(runtime, *wanted)?;
            self.addresses.proxy.push(address);
            runtime.spawn(proxy::serve(proxy.clone(), listener));
        }
        Ok(())
    }

    fn begin_answering(
        &mut self,
        sockets: Vec<UdpSocket>,
        slow: mpsc::Sender<Job>,
        jobs: mpsc::Receiver<Job>,
        streams: &Streams,
        runtime: &Runtime,
    ) -> std::io::Result<()> {
        // An answer that had to wait leaves through the socket by which its question came.
        let mut out = Vec::new();
        for (at, socket) in sockets.into_iter().enumerate() {
            let leaving = socket.try_clone()?;
            out.push(Arc::new(leaving));
            let (shared, slow, stop) = (self.shared.clone(), slow.clone(), self.stop.clone());
            let name = format!("filter-udp-{at}");
            let serve = move || udp::serve(&socket, &shared, &slow, &stop, at);
            self.threads
                .push(std::thread::Builder::new().name(name).spawn(serve)?);
        }
        let room = Arc::new(Semaphore::new(WAITING));
        runtime.spawn(work(streams.clone(), jobs, out, room));
        Ok(())
    }

    fn begin_watching(&mut self, standing: watch::Standing) -> std::io::Result<()> {
        let (watch, shared, stop) = (self.watch.clone(), self.shared.clone(), self.stop.clone());
        let run = move || watch.run(standing, &shared, &stop);
        self.threads.push(
            std::thread::Builder::new()
                .name("filter-watch".into())
                .spawn(run)?,
        );
        Ok(())
    }

    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    pub fn counts(&self) -> Counts {
        let totals = &self.shared.totals;
        let read = |number: &std::sync::atomic::AtomicU64| number.load(Ordering::Relaxed);
        Counts {
            blocked: read(&totals.blocked),
            cached: read(&totals.cached),
            asked: read(&totals.asked),
            failed: read(&totals.failed),
            dropped: read(&totals.dropped),
            reloads: self.watch.reloads(),
        }
    }

    /// Why the last change was not taken into use. The filter goes on as it was before.
    pub fn trouble(&self) -> Option<String> {
        self.watch.trouble()
    }

    /// Names in the cache.
    pub fn cached_names(&self) -> usize {
        self.shared.cache.len()
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
        if let (Some(logs), Some(writer)) = (&self.shared.logs, self.log_writer.take()) {
            let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
            worker.log.hand_on(self.shared.clock.now().wall_ms);
            logs.end();
            let _ = writer.join();
        }
    }
}

/// A listener, and the address that it got.
fn bind(runtime: &Runtime, wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), StartRefused> {
    let bound = runtime.block_on(async {
        let listener = TcpListener::bind(wanted).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|why| StartRefused::Listen(wanted, why))
}

/// Works off what has to wait, each in a task of its own, as far as there is room.
async fn work(
    streams: Streams,
    mut jobs: mpsc::Receiver<Job>,
    sockets: Vec<Arc<UdpSocket>>,
    room: Arc<Semaphore>,
) {
    while let (Ok(place), Some(job)) = (room.clone().acquire_owned().await, jobs.recv().await) {
        let streams = streams.clone();
        let socket = sockets.get(job.socket).cloned();
        tokio::spawn(async move {
            match job.wanted {
                Wanted::Renewal(key) => streams.shared.renew(&job.packet, key).await,
                Wanted::Answer(asked, to) => {
                    let mut out = Vec::with_capacity(512);
                    streams
                        .shared
                        .ask(&streams.worker, &job.packet, &job.asker, asked, &mut out)
                        .await;
                    if let Some(socket) = socket.filter(|_| !out.is_empty()) {
                        // A client that has gone is no trouble of ours.
                        let _ = socket.send_to(&out, to);
                    }
                }
            }
            drop(place);
        });
    }
}

async fn hand_on_log(streams: Streams) {
    loop {
        tokio::time::sleep(udp::TURN).await;
        let mut worker = streams
            .worker
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        worker.log.hand_on(streams.shared.clock.now().wall_ms);
        let mut counts = std::mem::take(&mut worker.counts);
        streams.shared.count(&mut counts);
    }
}

fn roots(settings: &Settings) -> Result<rustls::RootCertStore, StartRefused> {
    if settings
        .upstreams
        .iter()
        .all(|upstream| !upstream.contains("://"))
    {
        return Ok(rustls::RootCertStore::empty());
    }
    trust::roots(settings.upstream_authority.as_deref()).map_err(StartRefused::Authority)
}

fn server_tls(tls: &TlsOf, protocols: &[&[u8]]) -> Result<Tls, StartRefused> {
    let refused =
        |why: String| StartRefused::Certificate(tls.certificate.clone(), tls.key.clone(), why);
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect)
        .map_err(|why| refused(why.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|why| refused(why.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|why| refused(why.to_string()))?;
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(Tls {
        acceptor: Arc::new(config).into(),
        name: tls.name.as_str().into(),
    })
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
