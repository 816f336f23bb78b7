//! Who is asking: the group of an address, of a device, or of a name that a device was given.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses: `10.2.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    first: u128,
    bits: u8,
    is_four: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no range of addresses: write it as 10.2.0.0/16")]
pub struct RangeRefused(String);

impl FromStr for Range {
    type Err = RangeRefused;

    fn from_str(text: &str) -> Result<Self, RangeRefused> {
        let refused = || RangeRefused(text.to_owned());
        let (address, bits) = text
            .split_once('/')
            .map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits
            .map_or(Ok(most), str::parse::<u8>)
            .map_err(|_| refused())?;
        if bits > most {
            return Err(refused());
        }
        let range = Self {
            first: number(address),
            bits,
            is_four: address.is_ipv4(),
        };
        Ok(Self {
            first: range.first & range.mask(),
            ..range
        })
    }
}

impl Range {
    fn mask(self) -> u128 {
        let free = if self.is_four { 32 } else { 128 } - u32::from(self.bits);
        u128::MAX.checked_shl(free).unwrap_or(0)
    }

    pub fn holds(self, address: IpAddr) -> bool {
        address.is_ipv4() == self.is_four && number(address) & self.mask() == self.first
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let first = if self.is_four {
            IpAddr::V4(Ipv4Addr::from(self.first as u32))
        } else {
            IpAddr::V6(Ipv6Addr::from(self.first))
        };
        write!(f, "{first}/{}", self.bits)
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => u128::from(u32::from(four)),
        IpAddr::V6(six) => u128::from(six),
    }
}

/// An address as it is compared: one written as IPv4 within IPv6 is IPv4.
pub(super) fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Whether an address belongs to some inside: private, of this link or of this machine.
pub fn is_inside(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(four) => is_inside_four(four),
        IpAddr::V6(six) => is_inside_six(six),
    }
}

fn is_inside_four(four: Ipv4Addr) -> bool {
    let [one, two, ..] = four.octets();
    four.is_private()
        || four.is_loopback()
        || four.is_link_local()
        || one == 0
        || (one == 100 && two & 0xc0 == 64)
}

fn is_inside_six(six: Ipv6Addr) -> bool {
    six.is_loopback()
        || six.is_unspecified()
        || six.segments()[0] & 0xfe00 == 0xfc00
        || six.segments()[0] & 0xff80 == 0xfe80
        || carried_four(six).is_some_and(is_inside_four)
}

/// The IPv4 address to which a translator at the border carries an IPv6 address on: NAT64 (RFC 6052), 6to4, and
/// the old form of an IPv4 address in IPv6.
fn carried_four(six: Ipv6Addr) -> Option<Ipv4Addr> {
    let [high, low] = match six.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0, 0, 0, 0, 0, 0, high, low] => [high, low],
        [0x2002, high, low, ..] => [high, low],
        _ => return None,
    };
    Some((u32::from(high) << 16 | u32::from(low)).into())
}

/// The groups of devices and networks.
#[derive(Debug, Clone, Default)]
pub struct Devices {
    /// The longest range first.
    ranges: Vec<(Range, String)>,
    addresses: HashMap<IpAddr, Device>,
    /// Names in a DNS-over-HTTPS path or a DNS-over-TLS server name.
    tokens: HashMap<String, Device>,
}

/// A device that somebody has named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    pub group: String,
    /// As the log calls it; empty where it has no id.
    pub id: String,
}

impl Devices {
    pub fn new(
        mut ranges: Vec<(Range, String)>,
        addresses: HashMap<IpAddr, Device>,
        tokens: HashMap<String, Device>,
    ) -> Self {
        ranges.sort_by_key(|(range, _)| std::cmp::Reverse(range.bits));
        Self {
            ranges,
            addresses,
            tokens,
        }
    }

    /// The group of an address: the device's own, or that of the smallest range around it.
    pub fn of_address(&self, address: IpAddr) -> Option<&str> {
        let address = plain(address);
        let device = self.addresses.get(&address).map(|device| &device.group);
        let range = || {
            self.ranges
                .iter()
                .find(|(range, _)| range.holds(address))
                .map(|(_, group)| group)
        };
        device.or_else(range).map(String::as_str)
    }

    pub fn of_token(&self, token: &str) -> Option<&Device> {
        self.tokens.get(token)
    }

    pub(super) fn ranges(&self) -> &[(Range, String)] {
        &self.ranges
    }

    pub(super) fn addresses(&self) -> &HashMap<IpAddr, Device> {
        &self.addresses
    }

    pub(super) fn tokens(&self) -> &HashMap<String, Device> {
        &self.tokens
    }
}

/// Reads who has which address from a lease file of dnsmasq, ISC's server or Kea: hardware address to
/// address, the newest lease last.
pub fn leases(text: &str) -> Vec<(String, IpAddr)> {
    if text.starts_with("address,hwaddr") {
        return kea(text);
    }
    if text.contains("lease ") && text.contains('{') {
        return isc(text);
    }
    // dnsmasq: expiry, hardware address, address, name, client.
    let line = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        let hardware = words
            .next()
            .filter(|word| word.contains(':'))?
            .to_ascii_lowercase();
        Some((hardware, words.next()?.parse().ok()?))
    };
    text.lines().filter_map(line).collect()
}

fn kea(text: &str) -> Vec<(String, IpAddr)> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        // The tenth field is the state: only 0 is a lease in use.
        let in_use = fields.get(9).is_none_or(|state| *state == "0");
        let hardware = fields
            .get(1)
            .filter(|hardware| !hardware.is_empty() && in_use)?;
        Some((hardware.to_ascii_lowercase(), fields.first()?.parse().ok()?))
    };
    text.lines().skip(1).filter_map(line).collect()
}

fn isc(text: &str) -> Vec<(String, IpAddr)> {
    let mut found = Vec::new();
    let mut address = None;
    let mut active = true;
    let mut hardware = None;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("lease ") {
            address = rest
                .split_whitespace()
                .next()
                .and_then(|word| word.parse().ok());
            (active, hardware) = (true, None);
        } else if let Some(state) = line.strip_prefix("binding state ") {
            active = state.trim_end_matches(';') == "active";
        } else if let Some(rest) = line.strip_prefix("hardware ethernet ") {
            hardware = Some(rest.trim_end_matches(';').to_ascii_lowercase());
        } else if line == "}"
            && let (Some(address), Some(hardware), true) = (address.take(), hardware.take(), active)
        {
            found.push((hardware, address));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_smallest_range_and_the_device_itself_come_first() {
        let range = |text: &str, group: &str| (text.parse().expect("a range"), group.to_owned());
        let ranges = vec![
            range("10.0.0.0/8", "pupils"),
            range("10.2.0.0/16", "staff"),
            range("fd00::/8", "guests"),
        ];
        let device = |group: &str| Device {
            group: group.to_owned(),
            id: String::new(),
        };
        let one = HashMap::from([(address("10.2.0.9"), device("office"))]);
        let devices = Devices::new(
            ranges,
            one,
            HashMap::from([("ipad7".to_owned(), device("infants"))]),
        );
        assert_eq!(devices.of_address(address("10.1.2.3")), Some("pupils"));
        assert_eq!(devices.of_address(address("10.2.0.8")), Some("staff"));
        assert_eq!(
            devices.of_address(address("::ffff:10.2.0.9")),
            Some("office")
        );
        assert_eq!(devices.of_address(address("fd12::1")), Some("guests"));
        assert_eq!(devices.of_address(address("192.0.2.1")), None);
        assert_eq!(devices.of_token("ipad7"), Some(&device("infants")));
    }

    #[test]
    fn ranges_are_read_strictly() {
        for text in ["10.0.0.0/33", "10.0.0/8", "ten", "10.0.0.0/", "::/129"] {
            assert!(text.parse::<Range>().is_err(), "{text}");
        }
        for (text, one_form) in [
            ("10.2.3.4/16", "10.2.0.0/16"),
            ("10.2.3.4", "10.2.3.4/32"),
            ("FD00:0::9/8", "fd00::/8"),
        ] {
            let range: Range = text.parse().expect("a range");
            assert_eq!(range.to_string(), one_form);
        }
        let all: Range = "0.0.0.0/0".parse().expect("a range");
        assert!(all.holds(address("192.0.2.1")) && !all.holds(address("::1")));
    }

    #[test]
    fn inside_is_told_from_outside() {
        for text in [
            "10.1.1.1",
            "172.31.0.1",
            "192.168.4.4",
            "127.0.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "fec0::1",
            "64:ff9b::10.0.0.1",
            "::10.0.0.1",
            "2002:a00:1::1",
        ] {
            assert!(is_inside(address(text)), "{text}");
        }
        for text in [
            "192.0.2.1",
            "100.128.0.1",
            "172.32.0.1",
            "2001:db8::1",
            "64:ff9b::192.0.2.1",
            "2002:c000:201::1",
        ] {
            assert!(!is_inside(address(text)), "{text}");
        }
    }

    #[test]
    fn lease_files_say_which_device_has_which_address() {
        let expected = vec![("aa:bb:cc:00:11:22".to_owned(), address("10.2.0.9"))];
        let dnsmasq = "1790000000 AA:bb:cc:00:11:22 10.2.0.9 ipad 01:aa\nduid 00:01\n";
        let kea = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state\n\
                   10.2.0.9,AA:bb:cc:00:11:22,,3600,1790000000,1,0,0,ipad,0\n10.2.0.8,aa:bb:cc:00:11:23,,3600,1,1,0,0,x,2\n";
        let isc = "lease 10.2.0.9 {\n  binding state active;\n  hardware ethernet AA:bb:cc:00:11:22;\n}\n\
                   lease 10.2.0.8 {\n  binding state free;\n  hardware ethernet aa:bb:cc:00:11:23;\n}\n";
        for text in [dnsmasq, kea, isc] {
            assert_eq!(leases(text), expected, "{text}");
        }
    }
}
