//! Whom a TLS connection of ours believes: the machine's authorities, and one of the school's own.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// The machine's authorities, and those in a file.
pub(crate) fn roots(own: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = own {
        let refused = |why: &dyn std::fmt::Display| {
            format!("the authority {} cannot be used: {why}", path.display())
        };
        for certificate in CertificateDer::pem_file_iter(path).map_err(|why| refused(&why))? {
            let certificate = certificate.map_err(|why| refused(&why))?;
            roots.add(certificate).map_err(|why| refused(&why))?;
        }
    }
    Ok(roots)
}

/// A client that believes them and speaks these protocols.
pub(crate) fn client(roots: RootCertStore, protocols: &[&[u8]]) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| why.to_string())?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|one| one.to_vec()).collect();
    Ok(config)
}
