//! A question as it comes over the wire, read without a copy and without trust.
//!
//! Only what a resolver's clients send is read here: one question and at most one EDNS record. The
//! name is followed label by label; a compression pointer in a question is a fault, so no loop exists.

use crate::index::{Key, NameHash};

pub(super) const HEADER: usize = 12;
/// Root label included, as it stands in a message.
const LONGEST_NAME: usize = 255;
const MOST_LABELS: usize = 127;
/// What a client without EDNS takes over UDP.
pub(super) const PLAIN_SIZE: usize = 512;
/// Larger answers are cut into pieces on the way, which get lost (DNS flag day 2020).
pub(super) const LARGEST_UDP: usize = 1232;

pub(super) const A: u16 = 1;
pub(super) const CNAME: u16 = 5;
pub(super) const AAAA: u16 = 28;
pub(super) const OPT: u16 = 41;
pub(super) const ANY: u16 = 255;
pub(super) const IN: u16 = 1;

pub(super) const FORMERR: u8 = 1;
pub(super) const SERVFAIL: u8 = 2;
pub(super) const NXDOMAIN: u8 = 3;
pub(super) const NOTIMP: u8 = 4;
pub(super) const REFUSED: u8 = 5;
pub(super) const BADVERS: u8 = 16;

/// What the client said of itself in EDNS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edns {
    pub size: u16,
    pub version: u8,
    pub dnssec_ok: bool,
}

/// One well-formed question.
#[derive(Debug)]
pub(super) struct Query<'a> {
    pub packet: &'a [u8],
    /// Where the question ends: name, type and class.
    pub question_end: usize,
    pub kind: u16,
    pub class: u16,
    pub edns: Option<Edns>,
    /// The name in lower case with its length bytes, without the root.
    pub lower: Lower,
}

/// A name in lower case, label by label.
#[derive(Clone)]
pub(super) struct Lower {
    bytes: [u8; LONGEST_NAME],
    length: usize,
    /// Where each label's length byte stands.
    starts: [u8; MOST_LABELS],
    labels: usize,
}

/// What is to be done with a packet that is no good question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bad {
    /// Not even an answer: too short, or an answer itself.
    Silence,
    /// Answer with this code.
    Code(u8),
}

impl<'a> Query<'a> {
    pub(super) fn read(packet: &'a [u8]) -> Result<Self, Bad> {
        if packet.len() < HEADER || packet[2] & 0x80 != 0 {
            return Err(Bad::Silence);
        }
        if packet[2] & 0x78 != 0 {
            return Err(Bad::Code(NOTIMP));
        }
        let count = |at: usize| u16::from_be_bytes([packet[at], packet[at + 1]]);
        if count(4) != 1 || count(6) != 0 || count(8) != 0 || count(10) > 1 {
            return Err(Bad::Code(FORMERR));
        }
        let (lower, name_end) = Lower::read(packet, HEADER).ok_or(Bad::Code(FORMERR))?;
        let rest = packet.get(name_end..).unwrap_or_default();
        let Some((&[kind0, kind1, class0, class1], after)) = rest.split_first_chunk::<4>() else {
            return Err(Bad::Code(FORMERR));
        };
        let edns = if count(10) == 1 {
            Some(edns(after).ok_or(Bad::Code(FORMERR))?)
        } else {
            None
        };
        Ok(Self {
            packet,
            question_end: name_end + 4,
            kind: u16::from_be_bytes([kind0, kind1]),
            class: u16::from_be_bytes([class0, class1]),
            edns,
            lower,
        })
    }

    pub(super) fn checking_disabled(&self) -> bool {
        self.packet[3] & 0x10 != 0
    }

    pub(super) fn dnssec_ok(&self) -> bool {
        self.edns.is_some_and(|edns| edns.dnssec_ok)
    }

    /// Whether the client understands what "authentic data" means.
    pub(super) fn wants_authentic(&self) -> bool {
        self.dnssec_ok() || self.packet[3] & 0x20 != 0
    }

    /// How large an answer over UDP may be.
    pub(super) fn udp_size(&self) -> usize {
        self.edns.map_or(PLAIN_SIZE, |edns| {
            usize::from(edns.size).clamp(PLAIN_SIZE, LARGEST_UDP)
        })
    }
}

/// The one EDNS record that may follow the question.
fn edns(rest: &[u8]) -> Option<Edns> {
    let (
        &[
            root,
            kind0,
            kind1,
            size0,
            size1,
            _,
            version,
            flags,
            _,
            length0,
            length1,
        ],
        options,
    ) = rest.split_first_chunk::<11>()?;
    let length = usize::from(u16::from_be_bytes([length0, length1]));
    if root != 0 || u16::from_be_bytes([kind0, kind1]) != OPT || options.len() != length {
        return None;
    }
    let mut options = options;
    while !options.is_empty() {
        let (&[_, _, long0, long1], rest) = options.split_first_chunk::<4>()?;
        options = rest.get(usize::from(u16::from_be_bytes([long0, long1]))..)?;
    }
    Some(Edns {
        size: u16::from_be_bytes([size0, size1]),
        version,
        dnssec_ok: flags & 0x80 != 0,
    })
}

impl Lower {
    /// Reads an uncompressed name, and says where it ends.
    pub(super) fn read(packet: &[u8], from: usize) -> Option<(Self, usize)> {
        let mut name = Self {
            bytes: [0; LONGEST_NAME],
            length: 0,
            starts: [0; MOST_LABELS],
            labels: 0,
        };
        let mut at = from;
        loop {
            let length = usize::from(*packet.get(at)?);
            if length == 0 {
                return Some((name, at + 1));
            }
            let end = name.length + 1 + length;
            // One byte is left for the root.
            if length > 63 || end >= LONGEST_NAME || name.labels == MOST_LABELS {
                return None;
            }
            let label = packet.get(at..at + 1 + length)?;
            let place = &mut name.bytes[name.length..end];
            place.copy_from_slice(label);
            place[1..].make_ascii_lowercase();
            name.starts[name.labels] = name.length as u8;
            name.labels += 1;
            name.length = end;
            at += 1 + length;
        }
    }

    /// Reads a name that stands as text in its one form.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut wire = Vec::with_capacity(text.len() + 2);
        for label in text.split('.').filter(|label| !label.is_empty()) {
            wire.push(u8::try_from(label.len()).ok()?);
            wire.extend(label.as_bytes());
        }
        wire.push(0);
        Self::read(&wire, 0).map(|(name, _)| name)
    }

    pub(super) fn wire(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    pub(super) fn label(&self, at: usize) -> &[u8] {
        let start = usize::from(self.starts[at]);
        &self.bytes[start + 1..start + 1 + usize::from(self.bytes[start])]
    }

    /// The hash of the name and of every ending of it, the whole name first.
    #[inline]
    pub(super) fn endings<'b>(&self, key: &Key, room: &'b mut Endings) -> &'b [NameHash] {
        let mut hash = key.start();
        for at in (0..self.labels).rev() {
            hash = key.add(hash, self.label(at));
            room.0[at] = hash;
        }
        &room.0[..self.labels]
    }

    /// The name as people write it. Bytes that no name should have are written as `\123`.
    pub(super) fn text(&self) -> String {
        let mut text = Vec::with_capacity(self.length + 1);
        self.write(&mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for at in 0..self.labels {
            if at > 0 {
                out.push(b'.');
            }
            let label = self.label(at);
            if label.iter().all(|byte| is_plain(*byte)) {
                out.extend_from_slice(label);
                continue;
            }
            for byte in label {
                match byte {
                    byte if is_plain(*byte) => out.push(*byte),
                    byte => out.extend([
                        b'\\',
                        b'0' + byte / 100,
                        b'0' + byte / 10 % 10,
                        b'0' + byte % 10,
                    ]),
                }
            }
        }
        if self.labels == 0 {
            out.push(b'.');
        }
    }
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_')
}

impl std::fmt::Debug for Lower {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.text())
    }
}

/// Room for the hashes of a name's endings.
pub(super) struct Endings([NameHash; MOST_LABELS]);

impl Default for Endings {
    fn default() -> Self {
        Self([NameHash(0, 0); MOST_LABELS])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolver::tests::question as with_edns;

    fn question(name: &str, kind: u16) -> Vec<u8> {
        with_edns(name, kind, false)
    }

    #[test]
    fn a_question_is_read_in_lower_case() {
        let packet = question("WWW.Example.com", A);
        let query = Query::read(&packet).expect("a question");
        assert_eq!(query.lower.text(), "www.example.com");
        assert_eq!((query.kind, query.class, query.edns), (A, IN, None));
        assert_eq!(query.question_end, packet.len());
        let mut room = Endings::default();
        let key = Key::new([1; 32]);
        let endings = query.lower.endings(&key, &mut room);
        assert_eq!(endings[0], key.name("www.example.com"));
        assert_eq!(endings[2], key.name("com"));
        assert_eq!(
            Lower::of("www.example.com").expect("a name").wire(),
            query.lower.wire()
        );
    }

    #[test]
    fn what_is_no_question_is_told_apart() {
        let whole = question("example.com", A);
        let check = |packet: &[u8], expected: Bad| {
            assert_eq!(Query::read(packet).map(|_| ()), Err(expected), "{packet:?}");
        };
        check(&[], Bad::Silence);
        check(&whole[..11], Bad::Silence);
        check(&whole[..whole.len() - 1], Bad::Code(FORMERR));
        let with = |at: usize, byte: u8| {
            let mut packet = whole.clone();
            packet[at] = byte;
            packet
        };
        check(&with(2, 0x81), Bad::Silence);
        check(&with(2, 0x29), Bad::Code(NOTIMP));
        check(&with(5, 2), Bad::Code(FORMERR));
        check(&with(7, 1), Bad::Code(FORMERR));
        check(&with(11, 2), Bad::Code(FORMERR));
        // A pointer to itself, and labels that run on past the end.
        check(&with(12, 0xc0), Bad::Code(FORMERR));
        check(&with(12, 63), Bad::Code(FORMERR));
    }

    #[test]
    fn the_longest_name_is_read_and_a_longer_one_is_not() {
        let name = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(61));
        assert!(Query::read(&question(&name, A)).is_ok());
        let name = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(62));
        assert!(Query::read(&question(&name, A)).is_err());
        assert!(Query::read(&question(&"a.".repeat(127), A)).is_ok());
        assert!(Query::read(&question(&"a.".repeat(128), A)).is_err());
    }

    #[test]
    fn edns_is_read_to_its_end() {
        let opt = |tail: &[u8]| {
            let mut packet = question("example.com", A);
            packet[11] = 1;
            packet.extend([0, 0, 41, 4, 208, 0, 0, 0x80, 0]);
            packet.extend(tail);
            packet
        };
        let check = |tail: &[u8], good: bool| {
            assert_eq!(Query::read(&opt(tail)).is_ok(), good, "{tail:?}");
        };
        check(&[0, 0], true);
        check(&[0, 4, 0, 3, 0, 0], true);
        check(&[0, 5, 0, 3, 0, 0], false);
        check(&[0, 4, 0, 3, 0, 9], false);
        check(&[0, 0, 7], false);
        let packet = opt(&[0, 0]);
        let query = Query::read(&packet).expect("a question");
        assert_eq!(
            query.edns,
            Some(Edns {
                size: 1232,
                version: 0,
                dnssec_ok: true
            })
        );
    }

    #[test]
    fn odd_bytes_are_written_as_numbers() {
        let mut packet = question("aXb", A);
        packet[14] = b'.';
        assert_eq!(
            Query::read(&packet).expect("a question").lower.text(),
            "a\\046b"
        );
    }
}
