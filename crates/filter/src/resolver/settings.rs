//! How a resolver is set up: where it listens, whom it asks, who its clients are.
//!
//! ```toml
//! index = "filter.index"
//! policy = "filter-policy.toml"
//! listen = ["10.2.0.1:53"]
//! upstreams = ["tls://192.0.2.1#dns.example", "192.0.2.2"]
//! leases = "/var/lib/misc/dnsmasq.leases"
//! log = "log"
//!
//! [[range]]
//! range = "10.2.0.0/16"
//! group = "pupils"
//!
//! [[device]]
//! hardware = "aa:bb:cc:00:11:22"
//! group = "staff"
//!
//! [tls]
//! listen = ["10.2.0.1:853"]
//! https = ["10.2.0.1:443"]
//! name = "filter.school.example"
//! certificate = "filter.pem"
//! key = "filter.key"
//! ```

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use super::upstream::{Upstream, UpstreamRefused};
use super::who::{Devices, Range, RangeRefused, leases, plain};
use crate::verdict::{Policy, PolicyRefused};

/// Everything a resolver is told.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub index: PathBuf,
    /// Left out, it is pupils, guests and staff, from strict to light.
    #[serde(default)]
    pub policy: Option<PathBuf>,
    pub listen: Vec<SocketAddr>,
    pub upstreams: Vec<String>,
    /// A certificate authority of the upstreams' own, besides those of the machine.
    #[serde(default)]
    pub upstream_authority: Option<PathBuf>,
    /// Networks that are answered. Left out, all private ones.
    #[serde(default)]
    pub networks: Vec<String>,
    /// Names that may lead to addresses of the school's own network.
    #[serde(default)]
    pub inside: Vec<String>,
    #[serde(default)]
    pub log: Option<PathBuf>,
    #[serde(default)]
    pub leases: Option<PathBuf>,
    #[serde(default = "cache_mb")]
    pub cache_mb: usize,
    #[serde(default = "one")]
    pub workers: usize,
    #[serde(default = "questions")]
    pub questions_per_second: u32,
    #[serde(default = "stale")]
    pub stale_hours: u32,
    #[serde(default, rename = "range")]
    pub ranges: Vec<RangeOf>,
    #[serde(default, rename = "device")]
    pub devices: Vec<DeviceOf>,
    #[serde(default)]
    pub tls: Option<TlsOf>,
}

fn cache_mb() -> usize {
    16
}

fn one() -> usize {
    1
}

fn questions() -> u32 {
    2_000
}

fn stale() -> u32 {
    24
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeOf {
    pub range: String,
    pub group: String,
}

/// A device, by its address, its hardware address in the lease file, or a token of its own.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceOf {
    pub group: String,
    #[serde(default)]
    pub address: Option<IpAddr>,
    #[serde(default)]
    pub hardware: Option<String>,
    #[serde(default)]
    pub token: Option<String>,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsOf {
    #[serde(default)]
    pub listen: Vec<SocketAddr>,
    #[serde(default)]
    pub https: Vec<SocketAddr>,
    pub name: String,
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Why a resolver cannot be set up so.
#[derive(Debug, thiserror::Error)]
pub enum SettingsRefused {
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] std::io::Error),
    #[error("the settings cannot be read: {0}")]
    Text(String),
    #[error("{0}: {1}")]
    Policy(PathBuf, #[source] PolicyRefused),
    #[error(transparent)]
    Group(#[from] PolicyRefused),
    #[error(transparent)]
    Upstream(#[from] UpstreamRefused),
    #[error(transparent)]
    Range(#[from] RangeRefused),
    #[error("name at least one upstream, and at least one address to listen at")]
    Nothing,
}

impl Settings {
    /// Reads settings; relative paths start from the folder of the file.
    pub fn read(path: &Path) -> Result<Self, SettingsRefused> {
        let text = read(path)?;
        let mut settings = Self::parse(&text)?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let from = |path: &mut PathBuf| *path = folder.join(&*path);
        from(&mut settings.index);
        let optional = [
            &mut settings.policy,
            &mut settings.upstream_authority,
            &mut settings.log,
            &mut settings.leases,
        ];
        optional.into_iter().flatten().for_each(from);
        if let Some(tls) = &mut settings.tls {
            from(&mut tls.certificate);
            from(&mut tls.key);
        }
        Ok(settings)
    }

    pub fn parse(text: &str) -> Result<Self, SettingsRefused> {
        let settings: Self =
            toml_edit::de::from_str(text).map_err(|why| SettingsRefused::Text(why.to_string()))?;
        if settings.upstreams.is_empty() || settings.listen.is_empty() {
            return Err(SettingsRefused::Nothing);
        }
        settings.upstream_list()?;
        settings.network_list()?;
        Ok(settings)
    }

    pub(super) fn upstream_list(&self) -> Result<Vec<Upstream>, UpstreamRefused> {
        self.upstreams.iter().map(|text| text.parse()).collect()
    }

    pub(super) fn network_list(&self) -> Result<Vec<Range>, RangeRefused> {
        self.networks.iter().map(|text| text.parse()).collect()
    }

    /// The policy as its file stands.
    pub(super) fn policy_now(&self) -> Result<Policy, SettingsRefused> {
        match &self.policy {
            None => Ok(Policy::default()),
            Some(path) => Policy::parse(&read(path)?)
                .map_err(|why| SettingsRefused::Policy(path.clone(), why)),
        }
    }

    /// Who is who, with the leases as their file stands.
    pub(super) fn devices_now(&self, policy: &Policy) -> Result<Devices, SettingsRefused> {
        let mut ranges = Vec::new();
        for range in &self.ranges {
            policy.group(&range.group)?;
            ranges.push((range.range.parse()?, range.group.clone()));
        }
        let mut addresses = HashMap::new();
        let mut tokens = HashMap::new();
        let leased = match &self.leases {
            Some(path) => leases(&read(path)?),
            None => Vec::new(),
        };
        for device in &self.devices {
            policy.group(&device.group)?;
            if let Some(address) = device.address {
                addresses.insert(plain(address), device.group.clone());
            }
            if let Some(token) = &device.token {
                tokens.insert(token.clone(), device.group.clone());
            }
            if let Some(hardware) = &device.hardware {
                let hardware = hardware.to_ascii_lowercase();
                let mine = leased.iter().filter(|(held, _)| *held == hardware);
                addresses.extend(mine.map(|(_, address)| (plain(*address), device.group.clone())));
            }
        }
        // A lease that has passed to another device must not pass its group on.
        for (at, (hardware, address)) in leased.iter().enumerate() {
            let newest = leased[at + 1..].iter().all(|(_, later)| later != address);
            let named = self.devices.iter().find(|device| {
                device
                    .hardware
                    .as_ref()
                    .is_some_and(|own| own.eq_ignore_ascii_case(hardware))
            });
            if newest
                && named.is_none()
                && !self
                    .devices
                    .iter()
                    .any(|device| device.address == Some(*address))
            {
                addresses.remove(&plain(*address));
            } else if newest && let Some(device) = named {
                addresses.insert(plain(*address), device.group.clone());
            }
        }
        Ok(Devices::new(ranges, addresses, tokens))
    }

    /// Files whose change is a change of the filter.
    pub(super) fn watched(&self) -> Vec<PathBuf> {
        let mut files = vec![self.index.clone()];
        files.extend(self.policy.iter().chain(&self.leases).cloned());
        files
    }
}

fn read(path: &Path) -> Result<String, SettingsRefused> {
    std::fs::read_to_string(path).map_err(|why| SettingsRefused::Io(path.to_owned(), why))
}
