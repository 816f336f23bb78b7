//! What an upstream said: believed only where it is well formed, asked for, and leads outside.

use std::net::IpAddr;
use std::sync::atomic::AtomicBool;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::SVCB;
use hickory_proto::rr::rdata::svcb::SvcParamValue;
use hickory_proto::rr::{Name, RData, Record};

use super::cache::Kept;
use super::query::{A, AAAA, CNAME, HEADER, IN, LARGEST_UDP, Lower, OPT};
use super::who::is_inside;

const LONGEST_S: u32 = 86_400;
/// An answer without any time of its own, such as a bare refusal to name anything.
const EMPTY_S: u32 = 60;
const LONGEST_NEGATIVE_S: u32 = 3_600;
const REBINDING_S: u32 = 60;
pub(super) const SAFE_S: u32 = 300;
/// How long the EDNS record at the end of a question of ours is.
const OURS: usize = 11;

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
    let end = question.len() - OURS;
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
    let question_end = question.len() - OURS;
    let kind = u16::from_be_bytes([question[question_end - 4], question[question_end - 3]]);
    let parsed = Message::from_vec(message).map_err(|_| Unusable::Malformed)?;
    let positive = match parsed.metadata.response_code {
        // An alias that leads to nothing of the kind is no answer yet (RFC 2308).
        ResponseCode::NoError => parsed
            .answers
            .iter()
            .any(|record| u16::from(record.record_type()) == kind),
        ResponseCode::NXDomain => false,
        _ => return Err(Unusable::Failed),
    };
    let (mut stripped, ttls) = strip(message, question_end).ok_or(Unusable::Malformed)?;
    // Neither authoritative nor cut short, once it is ours.
    stripped[2] &= 0xf9;
    let rebinding = !may_be_inside && parsed.answers.iter().any(is_of_inside);
    let through = parsed.answers.iter().filter_map(leads_to);
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

/// Whether a record gives an address of some inside network.
fn is_of_inside(record: &Record) -> bool {
    let hinted = |service: &SVCB| {
        service.svc_params.iter().any(|(_, value)| match value {
            SvcParamValue::Ipv4Hint(hint) => hint.0.iter().any(|four| is_inside(four.0.into())),
            SvcParamValue::Ipv6Hint(hint) => hint.0.iter().any(|six| is_inside(six.0.into())),
            _ => false,
        })
    };
    match &record.data {
        RData::A(address) => is_inside(address.0.into()),
        RData::AAAA(address) => is_inside(address.0.into()),
        RData::SVCB(service) => hinted(service),
        RData::HTTPS(service) => hinted(&service.0),
        _ => false,
    }
}

/// The other name to which a record leads. A service of the root is one of the name itself.
fn leads_to(record: &Record) -> Option<Lower> {
    match &record.data {
        RData::CNAME(name) => lower(&name.0),
        RData::SVCB(service) => lower(&service.target_name),
        RData::HTTPS(service) => lower(&service.target_name),
        _ => None,
    }
    .filter(|name| !name.wire().is_empty())
}

fn lower(name: &Name) -> Option<Lower> {
    let mut wire = Vec::new();
    for label in name.iter() {
        wire.push(u8::try_from(label.len()).ok()?);
        wire.extend_from_slice(label);
    }
    wire.push(0);
    Lower::read(&wire, 0).map(|(name, _)| name)
}

fn lasts(message: &Message, positive: bool) -> u32 {
    let shortest = message.answers.iter().map(|record| record.ttl).min();
    if positive {
        return shortest.unwrap_or(EMPTY_S).clamp(1, LONGEST_S);
    }
    let authority = message
        .authorities
        .iter()
        .find_map(|record| match &record.data {
            RData::SOA(soa) => Some(record.ttl.min(soa.minimum)),
            _ => None,
        });
    let lasts = authority.into_iter().chain(shortest).min();
    lasts.unwrap_or(EMPTY_S).clamp(1, LONGEST_NEGATIVE_S)
}

/// The message without its EDNS record, and where its times to live stand. What follows the EDNS record
/// is left out with it, because pointers would no longer fit.
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

#[cfg(test)]
mod tests {
    use super::*;

    const HTTPS: u16 = 65;

    /// An answer of these records: owner at an offset, type, time to live, and data.
    fn answered(
        asked: &[u8],
        answers: &[(u16, u16, u32, &[u8])],
        authority: &[(u16, u16, u32, &[u8])],
    ) -> Vec<u8> {
        let mut out = asked[..asked.len() - OURS].to_vec();
        out[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0]);
        out[7] = answers.len() as u8;
        out[9] = authority.len() as u8;
        for (owner, kind, ttl, data) in answers.iter().chain(authority) {
            out.extend((0xc000 | owner).to_be_bytes());
            out.extend(kind.to_be_bytes());
            out.extend(IN.to_be_bytes());
            out.extend(ttl.to_be_bytes());
            out.extend((data.len() as u16).to_be_bytes());
            out.extend(*data);
        }
        out
    }

    fn asked(kind: u16) -> Vec<u8> {
        let name = Lower::of("alias.example").expect("a name");
        question(&name, kind, false, false, &[0; 40])
    }

    #[test]
    fn that_an_alias_leads_to_nothing_is_kept_no_longer_than_its_zone_says() {
        let alias = b"\x06target\x07example\x00";
        // Of the zone `example`: two names, and five numbers of which the last says for how long.
        let mut soa = vec![0xc0, 18, 0xc0, 18];
        for number in [1u32, 2, 3, 4, 60] {
            soa.extend(number.to_be_bytes());
        }
        let check = |kind: u16, authority: &[(u16, u16, u32, &[u8])], expected: u32| {
            let asked = asked(kind);
            let said = answered(&asked, &[(12, CNAME, 86_400, alias)], authority);
            let kept = read(&asked, &said, false, 100).expect("an answer");
            assert_eq!(kept.until - kept.since, expected, "{kind}");
        };
        check(AAAA, &[(18, 6, 900, &soa)], 60);
        check(AAAA, &[], LONGEST_NEGATIVE_S);
        // Who asks for the alias itself has an answer.
        check(CNAME, &[], 86_400);
    }

    #[test]
    fn a_service_is_judged_by_its_hints_and_its_target() {
        let check = |data: &[u8], may_be_inside: bool, rebinding: bool, through: &[&str]| {
            let asked = asked(HTTPS);
            let said = answered(&asked, &[(12, HTTPS, 60, data)], &[]);
            let kept = read(&asked, &said, may_be_inside, 100).expect("an answer");
            assert_eq!(kept.rebinding, rebinding, "{data:?}");
            let names: Vec<String> = kept.through.iter().map(Lower::text).collect();
            assert_eq!(names, through, "{data:?}");
        };
        let inside = b"\x00\x01\x00\x00\x04\x00\x04\x0a\x00\x00\x07";
        check(inside, false, true, &[]);
        check(inside, true, false, &[]);
        let six = b"\x00\x01\x00\x00\x06\x00\x10\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01";
        check(six, false, true, &[]);
        check(
            b"\x00\x01\x00\x00\x04\x00\x04\xc0\x00\x02\x07",
            false,
            false,
            &[],
        );
        let other = b"\x00\x01\x07tracker\x03bad\x07example\x00";
        check(other, false, false, &["tracker.bad.example"]);
    }
}
