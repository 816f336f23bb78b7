//! What an upstream said: believed only where it is well formed, asked for, and leads outside.

use std::net::IpAddr;
use std::sync::atomic::AtomicBool;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{RData, Record};

use super::cache::Kept;
use super::query::{A, AAAA, CNAME, HEADER, IN, LARGEST_UDP, Lower, OPT};
use super::who::is_inside;

const LONGEST_S: u32 = 86_400;
/// An answer without any time of its own, such as a bare refusal to name anything.
const EMPTY_S: u32 = 60;
const LONGEST_NEGATIVE_S: u32 = 3_600;
const REBINDING_S: u32 = 60;
pub(super) const SAFE_S: u32 = 300;

/// Why an upstream's answer is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    #[error("it is malformed")]
    Malformed,
    #[error("it answers another question")]
    Other,
    #[error("it was cut short")]
    Truncated,
    #[error("it says that it failed")]
    Failed,
}

/// A question for an upstream: our own id and spelling, which a forger would have to guess.
pub(super) fn question(
    name: &Lower,
    kind: u16,
    dnssec_ok: bool,
    checking_disabled: bool,
    chance: &[u8; 40],
) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER + 270);
    out.extend_from_slice(&chance[..2]);
    let check = if checking_disabled { 0x10 } else { 0 };
    // The upstream is asked to say whether it checked, which is told to whoever asked for it.
    out.extend_from_slice(&[0x01, 0x20 | check, 0, 1, 0, 0, 0, 0, 0, 1]);
    let from = out.len();
    out.extend_from_slice(name.wire());
    let mut at = from;
    while at < out.len() {
        let end = at + 1 + usize::from(out[at]);
        for (place, letter) in out.iter_mut().enumerate().take(end).skip(at + 1) {
            let bit = place - from;
            if chance[2 + bit / 8 % 36] >> (bit % 8) & 1 == 1 {
                letter.make_ascii_uppercase();
            }
        }
        at = end;
    }
    out.push(0);
    out.extend_from_slice(&kind.to_be_bytes());
    out.extend_from_slice(&IN.to_be_bytes());
    let dnssec = if dnssec_ok { 0x80 } else { 0 };
    out.extend_from_slice(&[0, 0, 41]);
    out.extend_from_slice(&(LARGEST_UDP as u16).to_be_bytes());
    out.extend_from_slice(&[0, 0, dnssec, 0, 0, 0]);
    out
}

/// Whether this is the answer to that question, letter for letter.
pub(super) fn is_answer(question: &[u8], message: &[u8]) -> bool {
    let end = question.len() - 11;
    message.len() >= end
        && message[..2] == question[..2]
        && message[2] & 0xf8 == 0x80
        && message[4..6] == [0, 1]
        && message[HEADER..end] == question[HEADER..end]
}

/// Reads an answer. `may_be_inside` says whether its name may lead to the school's own network.
pub(super) fn read(
    question: &[u8],
    message: &[u8],
    may_be_inside: bool,
    now: u32,
) -> Result<Kept, Unusable> {
    if !is_answer(question, message) {
        return Err(Unusable::Other);
    }
    if message[2] & 0x02 != 0 {
        return Err(Unusable::Truncated);
    }
    let parsed = Message::from_vec(message).map_err(|_| Unusable::Malformed)?;
    let positive = match parsed.metadata.response_code {
        ResponseCode::NoError => !parsed.answers.is_empty(),
        ResponseCode::NXDomain => false,
        _ => return Err(Unusable::Failed),
    };
    let (mut stripped, ttls) = strip(message, question.len() - 11).ok_or(Unusable::Malformed)?;
    // Neither authoritative nor cut short, once it is ours.
    stripped[2] &= 0xf9;
    let inside = |record: &Record| match &record.data {
        RData::A(address) => is_inside(IpAddr::V4(address.0)),
        RData::AAAA(address) => is_inside(IpAddr::V6(address.0)),
        _ => false,
    };
    let rebinding = !may_be_inside && parsed.answers.iter().any(inside);
    let through = parsed
        .answers
        .iter()
        .filter_map(|record| match &record.data {
            RData::CNAME(name) => lower(&name.0),
            _ => None,
        });
    let lasts = if rebinding {
        REBINDING_S
    } else {
        lasts(&parsed, positive)
    };
    Ok(Kept {
        message: stripped.into(),
        ttls: ttls.into(),
        through: through.collect(),
        since: now,
        until: now.saturating_add(lasts),
        used: AtomicBool::new(false),
        rebinding,
        renewing: AtomicBool::new(false),
    })
}

fn lower(name: &hickory_proto::rr::Name) -> Option<Lower> {
    let mut wire = Vec::new();
    for label in name.iter() {
        wire.push(u8::try_from(label.len()).ok()?);
        wire.extend_from_slice(label);
    }
    wire.push(0);
    Lower::read(&wire, 0).map(|(name, _)| name)
}

fn lasts(message: &Message, positive: bool) -> u32 {
    if positive {
        let shortest = message.answers.iter().map(|record| record.ttl).min();
        return shortest.unwrap_or(EMPTY_S).clamp(1, LONGEST_S);
    }
    let authority = message
        .authorities
        .iter()
        .find_map(|record| match &record.data {
            RData::SOA(soa) => Some(record.ttl.min(soa.minimum)),
            _ => None,
        });
    authority.unwrap_or(EMPTY_S).clamp(1, LONGEST_NEGATIVE_S)
}

/// The message without its EDNS record, and where its times to live stand. Where a record follows the
/// EDNS record, all additional ones are left out, because pointers would no longer fit.
fn strip(message: &[u8], question_end: usize) -> Option<(Vec<u8>, Vec<u16>)> {
    let count = |at: usize| usize::from(u16::from_be_bytes([message[at], message[at + 1]]));
    let (before, additional) = (count(6) + count(8), count(10));
    let mut at = question_end;
    let mut ttls = Vec::with_capacity(before);
    let mut kept = 0usize;
    let mut end = at;
    for number in 0..before + additional {
        let name_end = skip_name(message, at)?;
        let fixed = message.get(name_end..name_end + 10)?;
        let kind = u16::from_be_bytes([fixed[0], fixed[1]]);
        let next = name_end + 10 + usize::from(u16::from_be_bytes([fixed[8], fixed[9]]));
        if next > message.len() {
            return None;
        }
        if kind == OPT {
            if number < before {
                return None;
            }
            break;
        }
        ttls.push(u16::try_from(name_end + 4).ok()?);
        if number >= before {
            kept += 1;
        }
        (at, end) = (next, next);
    }
    let mut stripped = message[..end].to_vec();
    stripped[10..12].copy_from_slice(&u16::try_from(kept).ok()?.to_be_bytes());
    Some((stripped, ttls))
}

fn skip_name(message: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *message.get(at)? {
            0 => return Some(at + 1),
            length @ 1..=63 => at += 1 + usize::from(length),
            high @ 0xc0.. => {
                let target = usize::from(high & 0x3f) << 8 | usize::from(*message.get(at + 1)?);
                // What changes from client to client lies before the question.
                return (target >= HEADER).then_some(at + 2);
            }
            _ => return None,
        }
    }
}

/// The answer that puts a safe name, or a safe address, in the place of an engine's own.
pub(super) fn safe(
    name: &Lower,
    kind: u16,
    target: Option<&Lower>,
    addresses: &[IpAddr],
    now: u32,
    lasts: u32,
) -> Kept {
    let mut out = vec![0, 0, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0];
    out.extend_from_slice(name.wire());
    out.push(0);
    out.extend_from_slice(&kind.to_be_bytes());
    out.extend_from_slice(&IN.to_be_bytes());
    let mut ttls = Vec::new();
    let mut owner = HEADER as u16;
    let mut count = 0u16;
    let lasts = lasts.clamp(1, SAFE_S);
    let mut record = |out: &mut Vec<u8>, owner: u16, kind: u16, data: &[u8]| {
        out.extend_from_slice(&(0xc000 | owner).to_be_bytes());
        out.extend_from_slice(&kind.to_be_bytes());
        out.extend_from_slice(&IN.to_be_bytes());
        ttls.push(out.len() as u16);
        out.extend_from_slice(&lasts.to_be_bytes());
        out.extend_from_slice(&(data.len() as u16).to_be_bytes());
        out.extend_from_slice(data);
        count += 1;
    };
    if let Some(target) = target {
        let mut data = target.wire().to_vec();
        data.push(0);
        record(&mut out, owner, CNAME, &data);
        owner = (out.len() - data.len()) as u16;
    }
    for address in addresses {
        match (address, kind) {
            (IpAddr::V4(four), A) => record(&mut out, owner, A, &four.octets()),
            (IpAddr::V6(six), AAAA) => record(&mut out, owner, AAAA, &six.octets()),
            _ => {}
        }
    }
    out[6..8].copy_from_slice(&count.to_be_bytes());
    Kept {
        message: out.into(),
        ttls: ttls.into(),
        through: Box::default(),
        since: now,
        until: now.saturating_add(lasts),
        used: AtomicBool::new(false),
        rebinding: false,
        renewing: AtomicBool::new(false),
    }
}

/// The addresses that a kept answer gives.
pub(super) fn addresses(message: &[u8]) -> Vec<IpAddr> {
    let Ok(parsed) = Message::from_vec(message) else {
        return Vec::new();
    };
    let address = |record: &Record| match &record.data {
        RData::A(address) => Some(IpAddr::V4(address.0)),
        RData::AAAA(address) => Some(IpAddr::V6(address.0)),
        _ => None,
    };
    parsed.answers.iter().filter_map(address).collect()
}
