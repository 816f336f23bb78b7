//! A server in a process of its own, on a processor of its own, with what it costs.

use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use crate::load::now;

pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) started_s: f64,
}

impl Process {
    /// Starts a program on the first processor, and waits until it answers.
    pub(crate) fn start(
        program: &str,
        arguments: &[String],
        port: u16,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let log = fs::File::create(folder.join(format!("{port}.log")))?;
        let child = Command::new("taskset")
            .args(["-c", "0", program])
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{program} cannot be started"))?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut process = Self {
            child,
            address,
            started_s: 0.0,
        };
        let start = now();
        let question = crate::names::question(&crate::names::blocked(0), 7);
        let socket = UdpSocket::bind(("127.0.0.1", 0))?;
        socket.set_read_timeout(Some(Duration::from_millis(20)))?;
        let mut buffer = [0; 512];
        loop {
            let _ = socket.send_to(&question, address);
            if socket.recv(&mut buffer).is_ok() {
                break;
            }
            if let Some(status) = process.child.try_wait()? {
                let log =
                    fs::read_to_string(folder.join(format!("{port}.log"))).unwrap_or_default();
                anyhow::bail!(
                    "{program} ended with {status}: {}",
                    log.lines().last().unwrap_or_default()
                );
            }
            anyhow::ensure!(
                start.elapsed() < Duration::from_secs(120),
                "{program} does not answer"
            );
        }
        process.started_s = start.elapsed().as_secs_f64();
        Ok(process)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Processor seconds spent so far, in the program and in the kernel for it.
    pub(crate) fn cpu_s(&self) -> anyhow::Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.id()))?;
        let after = text.rsplit_once(')').context("stat")?.1;
        let fields: Vec<&str> = after.split_whitespace().collect();
        let ticks = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
        Ok(ticks / 100.0)
    }

    pub(crate) fn resident_mb(&self) -> anyhow::Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let line = text
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .context("VmRSS")?;
        Ok(line
            .split_whitespace()
            .nth(1)
            .context("VmRSS")?
            .parse::<f64>()?
            / 1024.0)
    }

    pub(crate) fn signal(&self, signal: &str) -> anyhow::Result<()> {
        let status = Command::new("kill")
            .args([signal, &self.id().to_string()])
            .status()?;
        anyhow::ensure!(status.success(), "the signal was not delivered");
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
