//! The servers that are compared: ours, and Debian's, each with the same names blocked.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::names;
use crate::process::Process;

pub(crate) const UPSTREAM: u16 = 5390;
const PACKAGES: [&str; 5] = [
    "dnsmasq-base",
    "unbound",
    "dnsdist",
    "pdns-recursor",
    "tinycdb",
];

/// A server, how it is set up, and how a new list is taken into use.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    prepare: fn(&Path, u64) -> anyhow::Result<()>,
    command: fn(&Path) -> (String, Vec<String>),
    reload: Option<fn(&Path, &Process) -> anyhow::Result<()>>,
}

impl Server {
    pub(crate) fn start(&self, folder: &Path, count: u64) -> anyhow::Result<Process> {
        fs::create_dir_all(folder)?;
        (self.prepare)(folder, count)?;
        let (program, arguments) = (self.command)(folder);
        Process::start(&program, &arguments, self.port, folder)
    }

    /// Takes the list into use again while it serves; none where it must be started anew.
    pub(crate) fn reload(&self) -> Option<fn(&Path, &Process) -> anyhow::Result<()>> {
        self.reload
    }
}

/// Installs the peers that are missing.
pub(crate) fn install() -> anyhow::Result<()> {
    install_all(&PACKAGES)
}

/// Installs one package, if it is missing.
pub(crate) fn install_package(package: &str) -> anyhow::Result<()> {
    install_all(&[package])
}

fn install_all(packages: &[&str]) -> anyhow::Result<()> {
    let missing = |package: &&str| {
        let known = Command::new("dpkg").args(["-s", package]).output();
        !known.is_ok_and(|output| output.status.success())
    };
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| missing(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut command = Command::new("apt-get");
    command
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(missing);
    // Only the programs are wanted: nothing of theirs should begin to serve this machine.
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("RUNLEVEL", "1");
    anyhow::ensure!(
        command.output()?.status.success(),
        "the peers cannot be installed with apt-get"
    );
    Ok(())
}

fn own() -> String {
    std::env::current_exe().map_or_else(
        |_| "belisha-filter-bench".into(),
        |path| path.display().to_string(),
    )
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

fn nothing(_: &Path, _: u64) -> anyhow::Result<()> {
    Ok(())
}

pub(crate) static ECHO: Server = Server {
    name: "UDP echo",
    port: 5391,
    prepare: nothing,
    command: |_| (own(), vec!["echo".into(), "127.0.0.1:5391".into()]),
    reload: None,
};

pub(crate) static ALL: &[Server] = &[
    Server {
        name: "belisha",
        port: 5392,
        prepare: |folder, count| ours(folder, count, true),
        command: |folder| (own(), vec!["serve".into(), path(folder, "filter.toml")]),
        reload: Some(reload_ours),
    },
    Server {
        name: "belisha, no log",
        port: 5393,
        prepare: |folder, count| ours(folder, count, false),
        command: |folder| (own(), vec!["serve".into(), path(folder, "filter.toml")]),
        reload: None,
    },
    Server {
        name: "dnsdist, CDB",
        port: 5394,
        prepare: dnsdist,
        command: |folder| {
            (
                "dnsdist".into(),
                vec![
                    "--supervised".into(),
                    "-C".into(),
                    path(folder, "dnsdist.conf"),
                ],
            )
        },
        reload: Some(|folder, _| {
            fs::copy(folder.join("names.cdb"), folder.join("new.cdb"))?;
            Ok(fs::rename(
                folder.join("new.cdb"),
                folder.join("names.cdb"),
            )?)
        }),
    },
    Server {
        name: "unbound",
        port: 5395,
        prepare: unbound,
        command: |folder| {
            (
                "unbound".into(),
                vec!["-d".into(), "-c".into(), path(folder, "unbound.conf")],
            )
        },
        reload: Some(|_, process| process.signal("-HUP")),
    },
    Server {
        name: "pdns-recursor, RPZ",
        port: 5396,
        prepare: recursor,
        command: |folder| {
            (
                "pdns_recursor".into(),
                vec![
                    format!("--config-dir={}", folder.display()),
                    "--daemon=no".into(),
                ],
            )
        },
        reload: Some(|folder, _| {
            let socket = format!("--socket-dir={}", folder.display());
            let output = Command::new("rec_control")
                .args([socket, "reload-lua-config".into()])
                .output()?;
            anyhow::ensure!(output.status.success(), "rec_control failed");
            Ok(())
        }),
    },
    Server {
        name: "dnsmasq",
        port: 5397,
        prepare: dnsmasq,
        command: |folder| {
            (
                "dnsmasq".into(),
                vec!["-k".into(), "-C".into(), path(folder, "dnsmasq.conf")],
            )
        },
        reload: None,
    },
];

fn ours(folder: &Path, count: u64, log: bool) -> anyhow::Result<()> {
    let lists = folder.join("lists");
    fs::create_dir_all(&lists)?;
    fs::write(lists.join("adult.domains.txt"), names::list(count))?;
    compile(&lists, &folder.join("filter.index"))?;
    let port = if log { 5392 } else { 5393 };
    let log = if log { "log = \"log\"\n" } else { "" };
    let settings = format!(
        "index = \"filter.index\"\nlisten = [\"127.0.0.1:{port}\"]\nupstreams = [\"127.0.0.1:{UPSTREAM}\"]\n\
         questions_per_second = 100000000\n{log}"
    );
    Ok(fs::write(folder.join("filter.toml"), settings)?)
}

pub(crate) fn compile(lists: &Path, out: &Path) -> anyhow::Result<belisha_filter::index::Counts> {
    let report = belisha_filter::compile::compile(&belisha_filter::compile::Compile {
        lists,
        out,
        key: [9; 32],
        built_at: 0,
        limits: belisha_filter::lists::Limits::default(),
        accept: Default::default(),
    })?;
    Ok(report.counts)
}

fn reload_ours(folder: &Path, _: &Process) -> anyhow::Result<()> {
    // The index was compiled; what is measured is how it is taken into use.
    let (old, new) = (
        folder.join("filter.index"),
        folder.join("filter.index.again"),
    );
    fs::copy(&old, &new)?;
    Ok(fs::rename(&new, &old)?)
}

fn dnsmasq(folder: &Path, count: u64) -> anyhow::Result<()> {
    let mut text = format!(
        "port=5397\nlisten-address=127.0.0.1\nbind-interfaces\nno-resolv\nno-hosts\nserver=127.0.0.1#{UPSTREAM}\ncache-size=10000\nuser=root\npid-file=\n"
    );
    for number in 0..count {
        let _ = writeln!(text, "address=/{}/0.0.0.0", names::blocked(number));
    }
    Ok(fs::write(folder.join("dnsmasq.conf"), text)?)
}

fn unbound(folder: &Path, count: u64) -> anyhow::Result<()> {
    let mut text = format!(
        "server:\n  interface: 127.0.0.1@5395\n  num-threads: 1\n  do-daemonize: no\n  username: \"\"\n  chroot: \"\"\n  \
         pidfile: \"\"\n  use-syslog: no\n  do-not-query-localhost: no\n  directory: \"{0}\"\n  module-config: \"iterator\"\n  \
         include: \"{0}/names.conf\"\nforward-zone:\n  name: \".\"\n  forward-addr: 127.0.0.1@{UPSTREAM}\n",
        folder.display()
    );
    fs::write(folder.join("unbound.conf"), &text)?;
    text.clear();
    for number in 0..count {
        let _ = writeln!(
            text,
            "local-zone: \"{}\" always_null",
            names::blocked(number)
        );
    }
    Ok(fs::write(folder.join("names.conf"), text)?)
}

fn recursor(folder: &Path, count: u64) -> anyhow::Result<()> {
    let text = format!(
        "local-address=127.0.0.1\nlocal-port=5396\nforward-zones-recurse=.=127.0.0.1:{UPSTREAM}\ndnssec=off\nthreads=1\n\
         socket-dir={0}\nlua-config-file={0}/rpz.lua\ndont-query=\nquiet=yes\nsecurity-poll-suffix=\npdns-distributes-queries=no\n",
        folder.display()
    );
    fs::write(folder.join("recursor.conf"), text)?;
    fs::write(
        folder.join("rpz.lua"),
        format!(
            "rpzFile(\"{}/names.rpz\", {{policyName=\"names\"}})\n",
            folder.display()
        ),
    )?;
    let mut text = "$TTL 60\n@ IN SOA a. b. 1 60 60 60 60\n@ IN NS a.\n".to_owned();
    for number in 0..count {
        let name = names::blocked(number);
        let _ = writeln!(text, "{name} CNAME .\n*.{name} CNAME .");
    }
    Ok(fs::write(folder.join("names.rpz"), text)?)
}

fn dnsdist(folder: &Path, count: u64) -> anyhow::Result<()> {
    // Keys as dnsdist looks them up: the name as it stands in a message.
    let mut input = Vec::new();
    for number in 0..count {
        let mut key = Vec::new();
        for label in names::blocked(number).split('.') {
            key.push(label.len() as u8);
            key.extend(label.as_bytes());
        }
        key.push(0);
        input.extend(format!("+{},1:", key.len()).into_bytes());
        input.extend(key);
        input.extend(b"->1\n");
    }
    input.push(b'\n');
    let records: PathBuf = folder.join("names.txt");
    fs::write(&records, input)?;
    let made = Command::new("cdb")
        .args(["-c"])
        .arg(folder.join("names.cdb"))
        .arg(&records)
        .output()?;
    anyhow::ensure!(
        made.status.success(),
        "cdb: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    let text = format!(
        "setLocal(\"127.0.0.1:5394\")\nsetACL(\"127.0.0.0/8\")\nnewServer(\"127.0.0.1:{UPSTREAM}\")\nsetSecurityPollSuffix(\"\")\n\
         pc = newPacketCache(100000, {{maxTTL=86400}})\ngetPool(\"\"):setCache(pc)\n\
         kvs = newCDBKVStore(\"{}/names.cdb\", 1)\naddAction(KeyValueStoreLookupRule(kvs, KeyValueLookupKeySuffix(2, true)), SpoofAction(\"0.0.0.0\"))\n",
        folder.display()
    );
    fs::write(folder.join("dnsdist.conf"), text).context("dnsdist.conf")
}
