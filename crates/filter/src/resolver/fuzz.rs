//! Every reader of the resolver, on random and mutated inputs.

use hickory_proto::op::Message;

use super::tests::{ALONE, answer, question};
use super::*;
use crate::chaos::{Chaos, runs};
use crate::index::Key;
use query::{A, AAAA, Lower, Query};

fn samples() -> Vec<Vec<u8>> {
    let mut samples = Vec::new();
    for name in [
        "open.example",
        "www.games.example",
        "www.google.com",
        "mask.icloud.com",
        "",
        "a.b.c.d.e.f",
    ] {
        for kind in [A, AAAA, 65, 255, 252] {
            samples.push(question(name, kind, true));
            samples.push(question(name, kind, false));
        }
    }
    samples
}

#[test]
fn fuzz_questions() {
    let (snapshot, cache) = &*ALONE;
    let limits = limits::Limits::new(Key::new([1; 32]), u32::MAX);
    let mut worker = judge::Worker::new(limits, log::Log::none());
    let asker = judge::Asker {
        from: "10.0.0.1".parse().expect("an address"),
        token: None,
        is_udp: true,
        is_quiet: false,
    };
    let now = judge::Now {
        second: 90_001,
        wall_ms: 0,
    };
    let samples = samples();
    let mut chaos = Chaos::new(1);
    let mut out = Vec::new();
    for run in 0..runs() {
        let packet = match run % 8 {
            0 => chaos.bytes(600),
            _ => chaos.mutated(&samples),
        };
        let done = worker.answer(snapshot, cache, &packet, &asker, now, &mut out);
        if matches!(done, judge::Done::Reply | judge::Done::ReplyAndRenew(_)) {
            assert!(
                out.len() <= 1232 && out[..2] == packet[..2] && out[2] & 0x80 != 0,
                "{packet:?}"
            );
            assert!(Message::from_vec(&out).is_ok(), "{packet:?} got {out:?}");
        }
    }
}

#[test]
fn fuzz_answers_of_upstreams() {
    let mut chaos = Chaos::new(2);
    let questions: Vec<Vec<u8>> = [
        "long.example",
        "cloaked.example",
        "missing.example",
        "rebound.example",
    ]
    .into_iter()
    .map(|name| Lower::of(name).expect("a name"))
    .map(|name| message::question(&name, A, true, false, &[7; 40]))
    .collect();
    let answers: Vec<Vec<u8>> = questions.iter().map(|asked| answer(asked)).collect();
    let mut taken = 0;
    for run in 0..runs() {
        let asked = &questions[chaos.below(questions.len())];
        let mut said = match run % 8 {
            0 => chaos.bytes(1_400),
            _ => chaos.mutated(&answers),
        };
        // Whatever follows, it begins as an answer to this question, or it would be thrown away at once.
        let end = asked.len() - 11;
        if said.len() >= end {
            said[..2].copy_from_slice(&asked[..2]);
            said[2] = said[2] & 7 | 0x80;
            said[4..6].copy_from_slice(&[0, 1]);
            said[12..end].copy_from_slice(&asked[12..end]);
        }
        if let Ok(kept) = message::read(asked, &said, false, 100) {
            taken += 1;
            let query = Query::read(asked).expect("our own question");
            let mut out = Vec::new();
            reply::kept(
                &query,
                &kept.message,
                &kept.ttls,
                reply::Age::Seconds(5),
                &mut out,
            );
            message::addresses(&out);
            reply::fit(&query, &mut out);
            assert!(out.len() <= 1232);
        }
    }
    // Otherwise nothing behind the first checks was reached.
    assert!(taken > runs() / 20, "{taken}");
}

#[test]
fn fuzz_files_of_others() {
    let mut chaos = Chaos::new(3);
    let leases: Vec<Vec<u8>> = [
        "1790000000 AA:bb:cc:00:11:22 10.2.0.9 ipad 01:aa\nduid 00:01\n",
        "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state\n10.2.0.9,AA:bb:cc:00:11:22,,3600,1,1,0,0,ipad,0\n",
        "lease 10.2.0.9 {\n  binding state active;\n  hardware ethernet AA:bb:cc:00:11:22;\n}\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    let names = [
        "192.0.2.1:53",
        "tls://192.0.2.1#dns.example",
        "https://[2001:db8::1]:1/q#a.example",
        "10.0.0.0/8",
        "fd00::/8",
    ]
    .map(|text| text.as_bytes().to_vec());
    for _ in 0..runs() {
        let text = String::from_utf8_lossy(&chaos.mutated(&leases)).into_owned();
        super::leases(&text);
        let text = String::from_utf8_lossy(&chaos.mutated(&names)).into_owned();
        let _ = text.parse::<Upstream>();
        let _ = text.parse::<Range>();
    }
}
