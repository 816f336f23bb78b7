//! How many questions one client may ask in a second, in a table of fixed size.

use std::net::IpAddr;

use crate::index::Key;

use super::who::plain;

const PLACES: usize = 1 << 12;

#[derive(Clone, Copy, Default)]
struct Place {
    /// Which client holds the place.
    client: u64,
    second: u32,
    asked: u32,
}

/// One worker's counts. A client is an IPv4 address or an IPv6 network of 64 bits.
pub(super) struct Limits {
    places: Vec<Place>,
    key: Key,
    most: u32,
}

impl Limits {
    pub(super) fn new(key: Key, most: u32) -> Self {
        Self {
            places: vec![Place::default(); PLACES],
            key,
            most,
        }
    }

    /// Counts a question, and says whether it may be answered.
    #[inline]
    pub(super) fn allow(&mut self, from: IpAddr, second: u32) -> bool {
        let hash = match plain(from) {
            IpAddr::V4(four) => self.key.add(self.key.start(), &four.octets()),
            IpAddr::V6(six) => self.key.add(self.key.start(), &six.octets()[..8]),
        };
        let place = &mut self.places[hash.1 as usize % PLACES];
        if place.client != hash.0 || place.second != second {
            *place = Place {
                client: hash.0,
                second,
                asked: 0,
            };
        }
        place.asked += 1;
        place.asked <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_is_held_and_its_neighbour_is_not() {
        let mut limits = Limits::new(Key::new([1; 32]), 3);
        let one: IpAddr = "10.0.0.1".parse().expect("an address");
        let other: IpAddr = "10.0.0.2".parse().expect("an address");
        let said: Vec<bool> = (0..5).map(|_| limits.allow(one, 7)).collect();
        assert_eq!(said, [true, true, true, false, false]);
        assert!(limits.allow(other, 7));
        assert!(limits.allow(one, 8));
    }

    #[test]
    fn a_network_of_64_bits_is_one_client() {
        let mut limits = Limits::new(Key::new([1; 32]), 1);
        assert!(limits.allow("2001:db8::1".parse().expect("an address"), 1));
        assert!(!limits.allow("2001:db8::2".parse().expect("an address"), 1));
    }
}
