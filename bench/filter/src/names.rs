//! Made-up names: as long as real ones, and the same in every run.

use std::fmt::Write as _;

const ENDINGS: [&str; 8] = ["com", "net", "org", "co.uk", "info", "de", "top", "xyz"];

/// A blocked name, by its number: 18 letters on average, as in real lists.
pub(crate) fn blocked(number: u64) -> String {
    let stirred = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let ending = ENDINGS[(stirred >> 61) as usize];
    let mut name = String::with_capacity(24);
    let mut rest = stirred >> 20;
    for _ in 0..4 + stirred % 5 {
        name.push(char::from(b'a' + (rest % 26) as u8));
        rest /= 26;
    }
    let _ = write!(name, "{number}.{ending}");
    name
}

/// A name on no list.
pub(crate) fn allowed(number: u64) -> String {
    format!("www.site{number}.allowed-school.example")
}

/// A list as a plain file.
pub(crate) fn list(count: u64) -> String {
    let mut text = String::with_capacity(count as usize * 20);
    for number in 0..count {
        text += &blocked(number);
        text.push('\n');
    }
    text
}

/// A question for an address, with EDNS.
pub(crate) fn question(name: &str, id: u16) -> Vec<u8> {
    let mut packet = id.to_be_bytes().to_vec();
    packet.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
    for label in name.split('.') {
        packet.push(label.len() as u8);
        packet.extend(label.as_bytes());
    }
    packet.extend([0, 0, 1, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
    packet
}
