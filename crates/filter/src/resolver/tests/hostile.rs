//! Packets as a broken or hostile client or upstream would send them.

use proptest::prelude::*;

use super::*;

/// A question, changed in a few places and perhaps cut, as a broken or hostile client would send it.
fn mangled() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        Just("open.example".to_owned()),
        Just("www.games.example".to_owned()),
        Just("www.google.com".to_owned()),
        Just("mask.icloud.com".to_owned()),
        "[a-z.]{0,70}",
    ];
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5);
    let tail = proptest::collection::vec(any::<u8>(), 0..20);
    (
        name,
        any::<u16>(),
        any::<bool>(),
        changes,
        any::<bool>(),
        any::<prop::sample::Index>(),
        tail,
    )
        .prop_map(|(name, kind, edns, changes, cut, at, tail)| {
            let kind = [A, AAAA, HTTPS, kind][usize::from(kind % 4)];
            let labels: Vec<&str> = name.split('.').filter(|label| label.len() < 64).collect();
            let mut packet = question(&labels.join("."), kind, edns);
            for (place, byte) in changes {
                let place = place.index(packet.len());
                packet[place] = byte;
            }
            if cut {
                packet.truncate(at.index(packet.len()));
                packet.extend(tail);
            }
            packet
        })
}

proptest! {
    #[test]
    fn no_packet_makes_a_worker_stumble(packet in prop_oneof![mangled(), proptest::collection::vec(any::<u8>(), 0..600)]) {
        let (snapshot, cache) = &*ALONE;
        let mut worker = judge::Worker::new(limits::Limits::new(Key::new([1; 32]), 10), log::Log::none());
        let asker = judge::Asker { from: "10.0.0.1".parse().expect("an address"), token: None, is_udp: true, is_quiet: false };
        let now = judge::Now { second: 90_001, wall_ms: 0 };
        let mut out = Vec::new();
        match worker.answer(snapshot, cache, &packet, &asker, now, &mut out) {
            judge::Done::Reply | judge::Done::ReplyAndRenew(_) => {
                prop_assert!(out.len() <= 1232 && out[..2] == packet[..2] && out[2] & 0x80 != 0);
                prop_assert!(Message::from_vec(&out).is_ok(), "{packet:?} got {out:?}");
            }
            judge::Done::Ask(_) => prop_assert!(Query::read(&packet).is_ok()),
            judge::Done::Silence => {}
        }
    }

    #[test]
    fn whatever_an_upstream_sends_is_read_or_refused(
        tail in proptest::collection::vec(any::<u8>(), 0..300),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        honest in any::<bool>(),
    ) {
        let name = Lower::of(if honest { "long.example" } else { "cloaked.example" }).expect("a name");
        let asked = message::question(&name, A, true, false, &[7; 40]);
        let mut said = answer(&asked);
        let unchanged = changes.is_empty();
        let whole = unchanged && tail.is_empty();
        for (place, byte) in changes {
            let place = place.index(said.len());
            said[place] = byte;
        }
        said.extend(tail);
        let read = message::read(&asked, &said, false, 100);
        prop_assert!(!whole || read.is_ok());
        if let Ok(kept) = read {
            let query = Query::read(&asked).expect("our own question");
            let mut out = Vec::new();
            reply::kept(&query, &kept.message, &kept.ttls, reply::Age::Seconds(5), &mut out);
            prop_assert!(!unchanged || Message::from_vec(&out).is_ok());
            reply::fit(&query, &mut out);
            prop_assert!(out.len() <= 1232);
        }
    }
}
