//! The server's own certificate, over real connections.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use belisha_policy::Post;
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Certificate;
use crate::commands::{Listening, serve};
use crate::testing::{JUNIOR, on_each_engine};
use crate::web::server;

/// A folder with a certificate in it.
struct Files(PathBuf);

impl Files {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("belisha-tls-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn chain(&self) -> PathBuf {
        self.0.join("fullchain.pem")
    }

    fn key(&self) -> PathBuf {
        self.0.join("privkey.pem")
    }

    /// Puts a new certificate into the folder, as a renewal does: each file replaced in one step.
    fn renew(&self, until: (i32, u8, u8)) -> CertificateDer<'static> {
        let (chain, key, certificate) = made(until);
        put(&self.chain(), &chain);
        put(&self.key(), &key);
        certificate
    }

    fn read(&self) -> anyhow::Result<Arc<Certificate>> {
        Certificate::read(&self.chain(), &self.key())
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn made((year, month, day): (i32, u8, u8)) -> (String, String, CertificateDer<'static>) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut params =
        rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("a certificate");
    params.not_after = rcgen::date_time_ymd(year, month, day);
    let certificate = params.self_signed(&key).expect("a certificate");
    (
        certificate.pem(),
        key.serialize_pem(),
        certificate.der().clone(),
    )
}

fn put(file: &Path, text: &str) {
    let beside = file.with_extension("new");
    std::fs::write(&beside, text).expect("a file");
    std::fs::rename(&beside, file).expect("a file in its place");
}

/// Serves one page with this certificate for as long as the test runs.
async fn serving(certificate: &Arc<Certificate>) -> SocketAddr {
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = server::listen(address).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().route("/", get(async || "here"));
    let config = certificate.server_config().expect("a configuration");
    tokio::spawn(server::serve(
        listener,
        Some(config),
        router,
        std::future::pending(),
    ));
    address
}

/// Connects as a browser that trusts this certificate alone; the version of TLS that was agreed on.
async fn connect(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Result<rustls::ProtocolVersion, std::io::Error> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(trusted.clone()).expect("a root");
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_protocol_versions(versions)
    .expect("versions")
    .with_root_certificates(roots)
    .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    assert!(answer.ends_with("here"), "{answer}");
    Ok(stream
        .get_ref()
        .1
        .protocol_version()
        .expect("a version was agreed on"))
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(test);
}

#[test]
fn two_versions_of_tls_are_spoken_and_older_ones_are_refused() {
    run(async {
        let files = Files::new("versions");
        let trusted = files.renew((2090, 1, 1));
        let address = serving(&files.read().expect("a certificate")).await;
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let agreed = connect(address, &trusted, &[version]).await;
            assert_eq!(agreed.expect("a connection"), version.version);
        }
        // The greeting of a browser that knows TLS 1.1 and nothing newer.
        let mut hello = vec![0x01, 0, 0, 51, 0x03, 0x02];
        hello.extend_from_slice(&[7; 32]);
        hello.extend_from_slice(&[0, 0, 2, 0xc0, 0x13, 1, 0]);
        // One extension: which signatures it would take.
        hello.extend_from_slice(&[0, 8, 0, 13, 0, 4, 0, 2, 4, 3]);
        let length = u8::try_from(hello.len()).expect("a short greeting");
        let mut record = vec![0x16, 0x03, 0x01, 0, length];
        record.extend_from_slice(&hello);
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(&record).await.expect("a greeting");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        // An alert, fatal: protocol version.
        assert_eq!(answer.first(), Some(&0x15), "{answer:?}");
        assert_eq!(answer.get(5..7), Some(&[2, 70][..]), "{answer:?}");
    });
}

#[test]
fn a_renewed_certificate_is_taken_up_without_a_restart() {
    run(async {
        let files = Files::new("renewed");
        let first = files.renew((2090, 1, 1));
        let certificate = files.read().expect("a certificate");
        let address = serving(&certificate).await;
        let both = rustls::ALL_VERSIONS;
        assert!(connect(address, &first, both).await.is_ok());
        // Half of a renewal: the chain is new, the key is not. The old pair goes on.
        let (chain, key, second) = made((2091, 1, 1));
        put(&files.chain(), &chain);
        assert!(connect(address, &first, both).await.is_ok());
        put(&files.key(), &key);
        assert!(connect(address, &second, both).await.is_ok());
        assert!(
            connect(address, &first, both).await.is_err(),
            "whoever trusts the old one alone sees that it is another"
        );
        assert_eq!(
            certificate.ends_at(),
            "2091-01-01T00:00:00Z"
                .parse::<Timestamp>()
                .expect("an instant")
        );
    });
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let files = Files::new("unusable");
    let says = |refused: anyhow::Result<Arc<Certificate>>, expected: &str| {
        let text = format!("{:#}", refused.expect_err("a refusal"));
        assert!(text.contains(expected), "{text}");
    };
    says(files.read(), "fullchain.pem cannot be read as PEM");
    put(&files.chain(), "no certificate");
    put(&files.key(), "no key");
    says(files.read(), "holds no certificate");
    files.renew((2090, 1, 1));
    put(&files.key(), "no key");
    says(files.read(), "privkey.pem cannot be read as PEM");
    put(&files.key(), &made((2090, 1, 1)).1);
    says(files.read(), "do not belong together");
}

#[test]
fn without_a_certificate_only_this_machine_or_a_declared_proxy_may_ask() {
    run(async {
        let open = Listening {
            listen: SocketAddr::from(([0, 0, 0, 0], 0)),
            tls_certificate: None,
            tls_key: None,
            proxy: Vec::new(),
        };
        let refused = serve(Vec::new(), &open, |_| ()).await;
        let text = refused.expect_err("a refusal").to_string();
        assert!(text.contains("in the clear"), "{text}");
        assert!(text.contains("--tls-certificate"), "{text}");
    });
}

#[test]
fn an_end_within_thirty_days_is_warned_of() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = app.signed_in("Nia Bell", &[Post::NetworkManager]).await;
        let mut head = app.signed_in("Ann Marsh", &[Post::Headteacher]).await;
        let page = technician.get("/operations").await;
        page.says("The proxy in front").says("schema step");
        assert!(!head.get("/assurance").await.text().contains("certificate"));
        // The school's day is 23 September 2026.
        let files = Files::new(&format!("ends-{}", app.is_on_postgres()));
        files.renew((2026, 10, 24));
        let certificate = files.read().expect("a certificate");
        let _ = app.school.certificate.set(certificate);
        technician
            .get("/operations")
            .await
            .says("It holds until 24 October 2026");
        assert!(!head.get("/assurance").await.text().contains("certificate"));
        files.renew((2026, 10, 22));
        technician
            .get("/operations")
            .await
            .says("It runs out on 22 October 2026");
        head.get("/assurance")
            .await
            .says("The server’s certificate runs out on 22 October 2026");
        files.renew((2026, 9, 22));
        technician
            .get("/operations")
            .await
            .says("It ran out on 22 September 2026");
        head.get("/assurance")
            .await
            .says("The server’s certificate ran out on 22 September 2026");
        let mut teacher = app.signed_in("Tom Reed", &[]).await;
        assert_eq!(teacher.get("/operations").await.status, 403);
    });
}
