//! The devices that the filter knows: what is written down of each, what cannot stand beside what,
//! and what a row of a file would do to the register.

use std::net::IpAddr;

use belisha_policy::controls::filter_changes;
use belisha_policy::{Policy, Post, or};

use crate::ids::PersonId;
use crate::people::Hats;

/// As long as a name of a device may be; it stands in each line of the log.
pub const LONGEST_NAME: usize = 40;

/// What is written down of a device, or of a range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Particulars {
    /// As the log calls it: letters, digits, `-` and `_`.
    pub name: String,
    /// The hardware address in its one form: `aa:bb:cc:00:11:22`.
    pub hardware: Option<String>,
    /// An address, or a range of addresses such as `10.2.0.0/16`.
    pub address: Option<String>,
    /// The group of the policy that it follows.
    pub group: String,
    /// The class that uses it, by id: a lesson can then be opened for that class alone.
    pub class: Option<String>,
    /// Who holds it.
    pub holder: Option<PersonId>,
    /// Where it is: "Infants’ block".
    pub site: String,
}

impl Particulars {
    /// Whether it stands for a whole network.
    pub fn is_range(&self) -> bool {
        self.address
            .as_deref()
            .is_some_and(|address| address.contains('/'))
    }
}

/// What two devices cannot both have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    Name,
    Hardware,
    Address,
}

/// What a device has that another has already; names are compared without regard to capitals.
pub fn clash(device: &Particulars, other: &Particulars) -> Option<Clash> {
    let same = |one: &Option<String>, two: &Option<String>| one.is_some() && one == two;
    if device.name.eq_ignore_ascii_case(&other.name) {
        Some(Clash::Name)
    } else if same(&device.hardware, &other.hardware) {
        Some(Clash::Hardware)
    } else if same(&device.address, &other.address) {
        Some(Clash::Address)
    } else {
        None
    }
}

/// Why the filter could not know a device by what is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknowable {
    /// Neither address is given.
    NoAddress,
    /// A range has no hardware address of its own.
    RangeWithHardware,
    /// A range is a network, which no class carries about.
    RangeWithClass,
}

/// Whether the filter can know it.
pub fn can_be_known(device: &Particulars) -> Result<(), Unknowable> {
    match (device.is_range(), &device.hardware, &device.address) {
        (_, None, None) => Err(Unknowable::NoAddress),
        (true, Some(_), _) => Err(Unknowable::RangeWithHardware),
        (true, None, _) if device.class.is_some() => Err(Unknowable::RangeWithClass),
        _ => Ok(()),
    }
}

/// What a row of a file does to the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Added,
    /// The device of this name, by its place in the register.
    Changed(usize),
    Unchanged,
    /// Another device, by its place in the register, has this already.
    Clashes(Clash, usize),
    /// An earlier row of the same file has this already.
    Twice(Clash),
}

/// A row of a file against the register and the rows before it. A device is known by its name.
pub fn fate(row: &Particulars, register: &[Particulars], before: &[Particulars]) -> Fate {
    if let Some(clash) = before.iter().find_map(|other| clash(row, other)) {
        return Fate::Twice(clash);
    }
    let own = register
        .iter()
        .position(|other| clash(row, other) == Some(Clash::Name));
    let other = register
        .iter()
        .enumerate()
        .filter(|(at, _)| Some(*at) != own)
        .find_map(|(at, other)| Some((clash(row, other)?, at)));
    match (own, other) {
        (_, Some((clash, at))) => Fate::Clashes(clash, at),
        (Some(at), None) if register[at] == *row => Fate::Unchanged,
        (Some(at), None) => Fate::Changed(at),
        (None, None) => Fate::Added,
    }
}

/// Reads a hardware address, however it is written, into its one form.
pub fn hardware(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|sign| !matches!(sign, ':' | '-' | '.' | ' '))
        .collect();
    let is_one = digits.len() == 12 && digits.chars().all(|sign| sign.is_ascii_hexdigit());
    // All zeros and the address of everybody belong to no device.
    let lower = digits.to_ascii_lowercase();
    if !is_one || lower == "000000000000" || lower == "ffffffffffff" {
        return None;
    }
    let pairs: Vec<&str> = (0..6).map(|at| &lower[at * 2..at * 2 + 2]).collect();
    Some(pairs.join(":"))
}

/// Reads a name as the log can carry it.
pub fn name(text: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!text.is_empty() && text.len() <= LONGEST_NAME && text.bytes().all(fits))
        .then(|| text.to_owned())
}

/// Whether an address can be that of one device.
pub fn is_of_a_device(address: IpAddr) -> bool {
    !address.is_loopback() && !address.is_multicast() && !address.is_unspecified()
}

/// Nobody but those whom the policy names changes what the filter does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTheirs {
    pub managers: Vec<Post>,
}

impl NotTheirs {
    /// Who does, for the page that refuses.
    pub fn says(&self) -> String {
        let names: Vec<&str> = self
            .managers
            .iter()
            .map(|post| post.with_article())
            .collect();
        format!(
            "The policy gives the web filtering management status to {}. Ask there.",
            or(&names)
        )
    }
}

/// Whether somebody with these hats carries the web filtering management status.
pub fn may_manage(policy: &Policy, hats: &Hats) -> Result<(), NotTheirs> {
    let managers = policy.get(&filter_changes::MANAGERS);
    if managers.iter().any(|post| hats.answers_for(*post)) {
        Ok(())
    } else {
        Err(NotTheirs { managers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(name: &str, hardware: Option<&str>, address: Option<&str>) -> Particulars {
        Particulars {
            name: name.to_owned(),
            hardware: hardware.map(str::to_owned),
            address: address.map(str::to_owned),
            group: "pupils".to_owned(),
            ..Particulars::default()
        }
    }

    #[test]
    fn two_devices_cannot_have_the_same() {
        let check = |one: Particulars, two: Particulars, expected| {
            assert_eq!(clash(&one, &two), expected);
            assert_eq!(clash(&two, &one), expected);
        };
        let mac = Some("aa:bb:cc:00:11:22");
        check(
            device("a", mac, None),
            device("b", None, Some("10.2.0.9")),
            None,
        );
        check(device("a", None, None), device("b", None, None), None);
        check(
            device("iPad-1", mac, None),
            device("ipad-1", None, Some("10.2.0.9")),
            Some(Clash::Name),
        );
        check(
            device("a", mac, None),
            device("b", mac, Some("10.2.0.9")),
            Some(Clash::Hardware),
        );
        check(
            device("a", None, Some("10.2.0.9")),
            device("b", mac, Some("10.2.0.9")),
            Some(Clash::Address),
        );
    }

    #[test]
    fn a_device_needs_something_to_be_known_by() {
        let check = |given: Particulars, expected| assert_eq!(can_be_known(&given), expected);
        let mac = Some("aa:bb:cc:00:11:22");
        check(device("a", None, None), Err(Unknowable::NoAddress));
        check(device("a", mac, None), Ok(()));
        check(device("a", mac, Some("10.2.0.9")), Ok(()));
        check(device("a", None, Some("10.2.0.0/16")), Ok(()));
        check(
            device("a", mac, Some("10.2.0.0/16")),
            Err(Unknowable::RangeWithHardware),
        );
        let of_a_class = Particulars {
            class: Some("6b".to_owned()),
            ..device("a", None, Some("10.2.0.0/16"))
        };
        check(of_a_class, Err(Unknowable::RangeWithClass));
    }

    #[test]
    fn each_row_of_a_file_has_a_fate() {
        let mac = Some("aa:bb:cc:00:11:22");
        let register = [
            device("ipad-1", mac, None),
            device("ipad-2", None, Some("10.2.0.9")),
        ];
        let check = |row: Particulars, before: &[Particulars], expected| {
            assert_eq!(fate(&row, &register, before), expected, "{row:?}");
        };
        check(device("ipad-3", None, Some("10.2.0.8")), &[], Fate::Added);
        check(device("ipad-1", mac, None), &[], Fate::Unchanged);
        check(
            device("IPAD-1", mac, Some("10.2.0.7")),
            &[],
            Fate::Changed(0),
        );
        check(
            device("ipad-3", mac, None),
            &[],
            Fate::Clashes(Clash::Hardware, 0),
        );
        check(
            device("ipad-1", None, Some("10.2.0.9")),
            &[],
            Fate::Clashes(Clash::Address, 1),
        );
        let before = [device("ipad-3", None, Some("10.2.0.8"))];
        check(
            device("ipad-3", None, Some("10.2.0.6")),
            &before,
            Fate::Twice(Clash::Name),
        );
        check(
            device("ipad-4", None, Some("10.2.0.8")),
            &before,
            Fate::Twice(Clash::Address),
        );
    }

    #[test]
    fn hardware_addresses_have_one_form_and_names_fit_the_log() {
        for text in [
            "AA:BB:CC:00:11:22",
            "aa-bb-cc-00-11-22",
            "aabb.cc00.1122",
            "AABBCC001122",
        ] {
            assert_eq!(
                hardware(text).as_deref(),
                Some("aa:bb:cc:00:11:22"),
                "{text}"
            );
        }
        for text in [
            "",
            "aa:bb:cc:00:11",
            "aa:bb:cc:00:11:gg",
            "00:00:00:00:00:00",
            "ff:ff:ff:ff:ff:ff",
            "éa:bb:cc:00:11:2",
        ] {
            assert_eq!(hardware(text), None, "{text}");
        }
        assert_eq!(name("Laptop_17-b").as_deref(), Some("Laptop_17-b"));
        for text in ["", "a b", "a\tb", "é", &"a".repeat(LONGEST_NAME + 1)] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
