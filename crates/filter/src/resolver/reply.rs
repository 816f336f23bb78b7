//! Answers that are made here: blocked, refused, failed, and those out of the cache.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::query::{A, AAAA, BADVERS, HEADER, LARGEST_UDP, Query};

/// Devices ask again soon after a lesson's site was opened.
pub(super) const BLOCKED_TTL: u32 = 10;

/// Why an answer is not what the client hoped for (RFC 8914), for clients that speak EDNS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signal {
    pub code: u16,
    pub text: &'static str,
}

pub(super) const BLOCKED: Signal = Signal {
    code: 15,
    text: "Blocked by the school's filter",
};
pub(super) const CLOSED: Signal = Signal {
    code: 15,
    text: "No internet for this group at this hour",
};
pub(super) const CENSORED: Signal = Signal {
    code: 16,
    text: "Blocked",
};
pub(super) const REBINDING: Signal = Signal {
    code: 15,
    text: "An address of this network, given from outside it",
};
pub(super) const STALE: Signal = Signal { code: 3, text: "" };
pub(super) const NO_REACHABLE_AUTHORITY: Signal = Signal {
    code: 22,
    text: "No upstream answers",
};
pub(super) const PROHIBITED: Signal = Signal {
    code: 18,
    text: "This resolver answers its own network alone",
};
pub(super) const UNSUPPORTED: Signal = Signal { code: 21, text: "" };

/// Header and question of an answer, with nothing in it yet.
fn begin(query: &Query<'_>, code: u8, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&query.packet[..2]);
    let asked = query.packet[2] & 0x01;
    out.push(0x80 | asked);
    out.push(0x80 | query.packet[3] & 0x10 | code & 0x0f);
    out.extend_from_slice(&[0, 1, 0, 0, 0, 0, 0, 0]);
    out.extend_from_slice(&query.packet[HEADER..query.question_end]);
}

fn count(out: &mut [u8], at: usize, by: u16) {
    let now = u16::from_be_bytes([out[at], out[at + 1]]).saturating_add(by);
    out[at..at + 2].copy_from_slice(&now.to_be_bytes());
}

/// Ends an answer with our own EDNS record, if the client sent one.
pub(super) fn end(query: &Query<'_>, code: u8, signal: Option<Signal>, out: &mut Vec<u8>) {
    let Some(edns) = query.edns else { return };
    count(out, 10, 1);
    let dnssec = if edns.dnssec_ok { 0x80 } else { 0 };
    out.extend_from_slice(&[0, 0, 41]);
    out.extend_from_slice(&(LARGEST_UDP as u16).to_be_bytes());
    out.extend_from_slice(&[code >> 4, 0, dnssec, 0]);
    match signal {
        None => out.extend_from_slice(&[0, 0]),
        Some(signal) => {
            let length = 2 + signal.text.len() as u16;
            out.extend_from_slice(&(length + 4).to_be_bytes());
            out.extend_from_slice(&15u16.to_be_bytes());
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(&signal.code.to_be_bytes());
            out.extend_from_slice(signal.text.as_bytes());
        }
    }
}

/// Where a stopped name leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockAt {
    /// Nowhere, so that a browser stops at once and does not try elsewhere.
    Nowhere,
    /// To the block page.
    Page(Ipv4Addr, Option<Ipv6Addr>),
}

/// Says no.
pub(super) fn blocked(query: &Query<'_>, signal: Signal, at: BlockAt, out: &mut Vec<u8>) {
    begin(query, 0, out);
    let (four, six) = match at {
        BlockAt::Nowhere => ([0; 4], Some([0; 16])),
        // A page that has no IPv6 must not be looked for at an address that may be the client's own.
        BlockAt::Page(four, six) => (four.octets(), six.map(|six| six.octets())),
    };
    let address: &[u8] = match query.kind {
        A => &four,
        AAAA => six.as_ref().map_or(&[], |six| six.as_slice()),
        _ => &[],
    };
    if !address.is_empty() {
        count(out, 6, 1);
        out.extend_from_slice(&[0xc0, HEADER as u8]);
        out.extend_from_slice(&query.kind.to_be_bytes());
        out.extend_from_slice(&[0, 1]);
        out.extend_from_slice(&BLOCKED_TTL.to_be_bytes());
        out.extend_from_slice(&(address.len() as u16).to_be_bytes());
        out.extend_from_slice(address);
    }
    end(query, 0, Some(signal), out);
}

/// A code and no records. Without a signal, none is given.
pub(super) fn code(query: &Query<'_>, code: u8, signal: Option<Signal>, out: &mut Vec<u8>) {
    begin(query, code, out);
    end(query, code, signal, out);
}

/// The client speaks a later EDNS than we do.
pub(super) fn bad_version(query: &Query<'_>, out: &mut Vec<u8>) {
    begin(query, BADVERS, out);
    end(query, BADVERS, None, out);
}

/// A code for a packet that could not be read as a question.
pub(super) fn unread(packet: &[u8], code: u8, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&packet[..2]);
    out.extend_from_slice(&[
        0x80 | packet[2] & 0x79,
        0x80 | code & 0x0f,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]);
}

/// An answer as it came, without its EDNS record, for this client: own id, own spelling of the name,
/// its age taken off.
pub(super) fn kept(query: &Query<'_>, message: &[u8], ttls: &[u16], age: Age, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(message);
    out[..2].copy_from_slice(&query.packet[..2]);
    out[2] = out[2] & 0xfe | query.packet[2] & 0x01;
    let authentic = if query.wants_authentic() { 0x20 } else { 0 };
    out[3] = 0x80 | out[3] & (0x0f | authentic) | query.packet[3] & 0x10;
    out[HEADER..query.question_end].copy_from_slice(&query.packet[HEADER..query.question_end]);
    for at in ttls {
        let at = usize::from(*at);
        let Some(place) = out.get_mut(at..at + 4) else {
            continue;
        };
        let ttl = u32::from_be_bytes([place[0], place[1], place[2], place[3]]);
        let ttl = match age {
            Age::Seconds(age) => ttl.saturating_sub(age).max(1),
            Age::Stale => 30.min(ttl.max(1)),
        };
        place.copy_from_slice(&ttl.to_be_bytes());
    }
    let signal = if age == Age::Stale { Some(STALE) } else { None };
    end(query, 0, signal, out);
}

/// How old an answer out of the cache is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    Seconds(u32),
    /// It has run out, and no upstream answers (RFC 8767).
    Stale,
}

/// Cuts an answer that is too long for UDP down to its question, so that the client asks over TCP.
pub(super) fn fit(query: &Query<'_>, out: &mut Vec<u8>) {
    if out.len() <= query.udp_size() {
        return;
    }
    let code = out[3] & 0x0f;
    let flags = (out[2], out[3]);
    begin(query, code, out);
    out[2] = flags.0 | 0x02;
    out[3] = flags.1;
    end(query, code, None, out);
}
