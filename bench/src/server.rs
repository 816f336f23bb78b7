//! The server that is measured: another process, so that its memory is its own.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::SERVER;
use crate::client::Client;
use crate::engine::School;

const LONGEST_START: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// By which name browsers ask for the school.
    pub(crate) host: String,
}

/// This program, playing the product.
pub(crate) fn myself() -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env(SERVER, "1").env("RUST_LOG", "warn");
    Ok(command)
}

impl Server {
    /// Starts it and waits for its first answer; the milliseconds that took.
    pub(crate) async fn start(school: &School) -> anyhow::Result<(Self, f64)> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let began = now();
        let child = myself()?
            .args(["serve", "--listen", &address.to_string()])
            .args(school.place())
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self {
            child,
            address,
            host: "localhost".to_owned(),
        };
        while began.elapsed() < LONGEST_START {
            if let Ok(mut client) = Client::connect(address, &server.host).await
                && client
                    .get("/healthz")
                    .await
                    .is_ok_and(|answer| answer.status == 200)
            {
                return Ok((server, began.elapsed().as_secs_f64() * 1000.0));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        anyhow::bail!(
            "the server did not answer within {} s",
            LONGEST_START.as_secs()
        )
    }

    /// What the process holds in memory now, in megabytes.
    pub(crate) fn resident_mb(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kilobytes: f64 = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().strip_suffix("kB"))
            .context("the system does not say how much memory the server has")?
            .trim()
            .parse()?;
        Ok(kilobytes / 1024.0)
    }

    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The machine's clock, of which this program is all about.
#[expect(clippy::disallowed_methods, reason = "a measurement needs the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
