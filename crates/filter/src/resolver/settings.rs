//! How a resolver is set up: where it listens, whom it asks, who its clients are. `docs/filter.md` has
//! every key, with the files that a running resolver watches.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use super::reply::BlockAt;
use super::upstream::{Upstream, UpstreamRefused};
use super::who::{Device, Devices, Range, RangeRefused, leases, plain};
use crate::name::{self, NameRefused};
use crate::verdict::{Policy, PolicyRefused};

/// Everything a resolver is told.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub index: PathBuf,
    /// Left out, it is pupils, guests and staff, from strict to light.
    #[serde(default)]
    pub policy: Option<PathBuf>,
    /// Ranges and devices in a file of their own, which may change while the resolver runs.
    #[serde(default)]
    pub register: Option<PathBuf>,
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
    #[serde(default)]
    pub block_page: Option<BlockPageOf>,
    #[serde(default)]
    pub proxy: Option<ProxyOf>,
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

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeOf {
    pub range: String,
    pub group: String,
}

/// A device, by its address, its hardware address in the lease file, or a token of its own.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceOf {
    pub group: String,
    /// As the log calls it.
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub address: Option<IpAddr>,
    #[serde(default)]
    pub hardware: Option<String>,
    #[serde(default)]
    pub token: Option<String>,
}

/// Who is who, as a file of its own.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    #[serde(default, rename = "range")]
    pub ranges: Vec<RangeOf>,
    #[serde(default, rename = "device")]
    pub devices: Vec<DeviceOf>,
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

/// The page that stands where a stopped site would have been.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockPageOf {
    #[serde(default)]
    pub listen: Vec<SocketAddr>,
    /// Where stopped names lead: the address at which devices reach it. Left out, they lead nowhere.
    #[serde(default)]
    pub address: Option<Ipv4Addr>,
    #[serde(default)]
    pub address6: Option<Ipv6Addr>,
    /// Where staff ask for a site.
    #[serde(default)]
    pub ask: Option<String>,
    /// Where a child tells somebody what worries them.
    #[serde(default)]
    pub tell: Option<String>,
    /// Whom adults can speak to.
    #[serde(default)]
    pub contact: Option<String>,
}

/// A proxy for devices that take one.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProxyOf {
    pub listen: Vec<SocketAddr>,
    /// As devices reach it; left out, it is the address at which they asked for the PAC file.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default = "ports")]
    pub ports: Vec<u16>,
    /// Addresses of the inside that may be reached.
    #[serde(default)]
    pub inside: Vec<String>,
    /// Every device or person must say who it is.
    #[serde(default)]
    pub ask_who: bool,
}

fn ports() -> Vec<u16> {
    vec![80, 443, 8080, 8443]
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
    #[error("{0}: {1}")]
    Register(PathBuf, String),
    #[error(transparent)]
    Group(#[from] PolicyRefused),
    #[error("“{0}” is no id of a device: use letters, digits, - and _")]
    Id(String),
    #[error(transparent)]
    Upstream(#[from] UpstreamRefused),
    #[error(transparent)]
    Range(#[from] RangeRefused),
    #[error("a link of the block page begins with https: or http:, and “{0}” does not")]
    Link(String),
    #[error("“{0}” is no name of the inside: {1}")]
    Inside(String, #[source] NameRefused),
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
            &mut settings.register,
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
        let mut settings: Self =
            toml_edit::de::from_str(text).map_err(|why| SettingsRefused::Text(why.to_string()))?;
        if settings.upstreams.is_empty() || settings.listen.is_empty() {
            return Err(SettingsRefused::Nothing);
        }
        for name in &mut settings.inside {
            *name = name::normal(name)
                .map_err(|why| SettingsRefused::Inside(name.clone(), why))?
                .into_owned();
        }
        settings.upstream_list()?;
        settings.network_list()?;
        settings.proxy_inside()?;
        let page = settings.block_page.as_ref();
        let links = page.into_iter().flat_map(|page| [&page.ask, &page.tell]);
        for link in links.flatten() {
            if !link.starts_with("https://") && !link.starts_with("http://") {
                return Err(SettingsRefused::Link(link.clone()));
            }
        }
        Ok(settings)
    }

    pub(super) fn upstream_list(&self) -> Result<Vec<Upstream>, UpstreamRefused> {
        self.upstreams.iter().map(|text| text.parse()).collect()
    }

    pub(super) fn network_list(&self) -> Result<Vec<Range>, RangeRefused> {
        self.networks.iter().map(|text| text.parse()).collect()
    }

    /// Addresses of the inside that the proxy may reach.
    pub(super) fn proxy_inside(&self) -> Result<Vec<Range>, RangeRefused> {
        let ranges = self.proxy.iter().flat_map(|proxy| &proxy.inside);
        ranges.map(|text| text.parse()).collect()
    }

    /// Where stopped names lead.
    pub(super) fn block_at(&self) -> BlockAt {
        self.block_page
            .as_ref()
            .and_then(|page| Some(BlockAt::Page(page.address?, page.address6)))
            .unwrap_or(BlockAt::Nowhere)
    }

    /// The policy as its file stands.
    pub(super) fn policy_now(&self) -> Result<Policy, SettingsRefused> {
        match &self.policy {
            None => Ok(Policy::default()),
            Some(path) => Policy::parse(&read(path)?)
                .map_err(|why| SettingsRefused::Policy(path.clone(), why)),
        }
    }

    /// Who is who, with register and leases as their files stand.
    pub(super) fn devices_now(&self, policy: &Policy) -> Result<Devices, SettingsRefused> {
        let mut all = Register {
            ranges: self.ranges.clone(),
            devices: self.devices.clone(),
        };
        if let Some(path) = &self.register {
            let more = Register::parse(&read(path)?)
                .map_err(|why| SettingsRefused::Register(path.clone(), why))?;
            all.ranges.extend(more.ranges);
            all.devices.extend(more.devices);
        }
        let leased = match &self.leases {
            Some(path) => leases(&read(path)?),
            None => Vec::new(),
        };
        all.devices(policy, &leased)
    }

    /// Files whose change is a change of the filter.
    pub(super) fn watched(&self) -> Vec<PathBuf> {
        let mut files = vec![self.index.clone()];
        let others = self.policy.iter().chain(&self.register).chain(&self.leases);
        files.extend(others.cloned());
        files
    }
}

impl Register {
    pub fn parse(text: &str) -> Result<Self, String> {
        toml_edit::de::from_str(text).map_err(|why| why.to_string())
    }

    /// The groups of devices, by the addresses that they hold now.
    fn devices(
        &self,
        policy: &Policy,
        leased: &[(String, IpAddr)],
    ) -> Result<Devices, SettingsRefused> {
        let mut ranges = Vec::new();
        for range in &self.ranges {
            policy.group(&range.group)?;
            ranges.push((range.range.parse()?, range.group.clone()));
        }
        let mut holders: HashMap<IpAddr, &str> = HashMap::new();
        // The newest lease comes last, and an address that has passed on does not take its group along.
        for (hardware, address) in leased {
            holders.insert(plain(*address), hardware);
        }
        let mut by_hardware: HashMap<&str, Vec<IpAddr>> = HashMap::new();
        for (address, hardware) in holders {
            by_hardware.entry(hardware).or_default().push(address);
        }
        let (mut addresses, mut tokens) = (HashMap::new(), HashMap::new());
        for own in &self.devices {
            policy.group(&own.group)?;
            let device = own.device()?;
            if let Some(token) = &own.token {
                tokens.insert(token.clone(), device.clone());
            }
            if let Some(hardware) = &own.hardware {
                let held = by_hardware.get(hardware.to_ascii_lowercase().as_str());
                for address in held.into_iter().flatten() {
                    addresses.insert(*address, device.clone());
                }
            }
        }
        // What names an address outright goes before what a lease says of it.
        for own in &self.devices {
            if let Some(address) = own.address {
                addresses.insert(plain(address), own.device()?);
            }
        }
        Ok(Devices::new(ranges, addresses, tokens))
    }
}

impl DeviceOf {
    fn device(&self) -> Result<Device, SettingsRefused> {
        let id = self.id.clone().unwrap_or_default();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if id.len() > 64 || !id.bytes().all(fits) {
            return Err(SettingsRefused::Id(id));
        }
        Ok(Device {
            group: self.group.clone(),
            id,
        })
    }
}

fn read(path: &Path) -> Result<String, SettingsRefused> {
    std::fs::read_to_string(path).map_err(|why| SettingsRefused::Io(path.to_owned(), why))
}
