//! A server in a process of its own, on the first processor, with what it costs.

use std::fs;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::load::now;

pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) started_s: f64,
    log: PathBuf,
}

impl Process {
    /// Starts a program on the first processor, and waits until it answers.
    pub(crate) fn start(
        program: &str,
        arguments: &[String],
        port: u16,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let mut process = Self::spawn(program, arguments, port, folder)?;
        let start = now();
        let question = crate::names::question(&crate::names::blocked(0), 7);
        let socket = UdpSocket::bind(("127.0.0.1", 0))?;
        socket.set_read_timeout(Some(Duration::from_millis(20)))?;
        let mut buffer = [0; 512];
        process.wait(start, || {
            let _ = socket.send_to(&question, SocketAddr::from(([127, 0, 0, 1], port)));
            socket.recv(&mut buffer).is_ok()
        })?;
        Ok(process)
    }

    /// Starts a program on the first processor, and waits until it takes connections.
    pub(crate) fn start_tcp(
        program: &str,
        arguments: &[String],
        port: u16,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut process = Self::spawn(program, arguments, port, folder)?;
        let start = now();
        process.wait(start, || {
            std::thread::sleep(Duration::from_millis(5));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        })?;
        Ok(process)
    }

    fn spawn(
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
        Ok(Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            started_s: 0.0,
            log: folder.join(format!("{port}.log")),
        })
    }

    fn wait(&mut self, start: Instant, mut is_there: impl FnMut() -> bool) -> anyhow::Result<()> {
        while !is_there() {
            if let Some(status) = self.child.try_wait()? {
                let log = fs::read_to_string(&self.log).unwrap_or_default();
                let last = log.lines().last().unwrap_or_default();
                anyhow::bail!("{} ended with {status}: {last}", self.address);
            }
            anyhow::ensure!(
                start.elapsed() < Duration::from_secs(120),
                "nothing answers at {}",
                self.address
            );
        }
        self.started_s = start.elapsed().as_secs_f64();
        Ok(())
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Processor seconds spent so far, in the program and in the kernel for it.
    pub(crate) fn cpu_s(&self) -> anyhow::Result<f64> {
        cpu_s_of(&self.id().to_string())
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

/// Processor seconds of a process by its id, or of this one as `self`.
pub(crate) fn cpu_s_of(id: &str) -> anyhow::Result<f64> {
    let text = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let after = text.rsplit_once(')').context("stat")?.1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
    Ok(ticks / 100.0)
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
