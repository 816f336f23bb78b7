//! The server's own certificate: read from files, and read again when they were renewed, so that a renewal
//! needs no restart. Only TLS 1.2 and 1.3 are spoken.

#[cfg(test)]
mod tests;

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::expiry;

/// How long before its end a certificate is warned of.
pub(crate) const NOTICE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A certificate with its private key, as the files hold them now.
#[derive(Debug)]
pub(crate) struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    held: RwLock<Held>,
}

#[derive(Debug)]
struct Held {
    certified: Arc<CertifiedKey>,
    ends_at: Timestamp,
    seen: [Option<Seen>; 2],
}

/// What tells a file from the one that replaces it. Links are followed, as renewals move them.
type Seen = (u64, i64, i64);

fn seen(path: &Path) -> Option<Seen> {
    let found = std::fs::metadata(path).ok()?;
    Some((found.ino(), found.mtime(), found.mtime_nsec()))
}

impl Certificate {
    /// Reads the chain and the private key, both as PEM.
    pub(crate) fn read(chain: &Path, key: &Path) -> anyhow::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            held: RwLock::new(read(chain, key)?),
            chain: chain.to_owned(),
            key: key.to_owned(),
        }))
    }

    /// When the certificate in use runs out.
    pub(crate) fn ends_at(&self) -> Timestamp {
        self.look();
        self.held
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .ends_at
    }

    /// Whether it runs out within the notice, or has.
    pub(crate) fn ends_soon(&self, now: Timestamp) -> Option<Timestamp> {
        Some(self.ends_at()).filter(|ends_at| *ends_at <= now.saturating_add(NOTICE).unwrap_or(now))
    }

    /// How browsers are answered with it.
    pub(crate) fn server_config(self: &Arc<Self>) -> anyhow::Result<Arc<rustls::ServerConfig>> {
        let mut config =
            rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
                .context("the versions of TLS that are spoken")?
                .with_no_client_auth()
                .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Takes up renewed files. Half of a renewal, such as a chain whose key is still the old one, is
    /// looked at again at the next connection; until then the certificate at hand is used.
    fn look(&self) {
        let there = [seen(&self.chain), seen(&self.key)];
        let is_same = {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            held.seen == there
        };
        if is_same {
            return;
        }
        match read(&self.chain, &self.key) {
            Ok(fresh) => {
                tracing::info!(ends_at = %fresh.ends_at, "the certificate was renewed");
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = fresh;
            }
            Err(error) => {
                tracing::warn!(%error, "the certificate's files changed and cannot be used yet");
            }
        }
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.look();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&held.certified))
    }
}

fn read(chain: &Path, key: &Path) -> anyhow::Result<Held> {
    // Looked at first: what changes while it is read is read again.
    let seen = [seen(chain), seen(key)];
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("the certificate {} cannot be read as PEM", chain.display()))?;
    let leaf = certificates.first().with_context(|| {
        format!(
            "the file {} holds no certificate. Give the whole chain, the server’s own first.",
            chain.display()
        )
    })?;
    let ends_at = expiry::ends_at(leaf).with_context(|| {
        format!(
            "the certificate {} does not say until when it holds",
            chain.display()
        )
    })?;
    let private = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("the private key {} cannot be read as PEM", key.display()))?;
    let certified = CertifiedKey::from_der(certificates, private, &ring::default_provider())
        .context("the certificate and the private key do not belong together")?;
    Ok(Held {
        certified: Arc::new(certified),
        ends_at,
        seen,
    })
}
