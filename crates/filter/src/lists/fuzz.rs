//! Every reader of lists, on random and mutated inputs.

use super::*;
use crate::chaos::{Chaos, runs};
use crate::name;

const SAMPLES: [&str; 8] = [
    "# a remark\nExample.com\n*.three.example\n.four.example\r\n192.0.2.9\nBücher.example\nxn--bcher-kva.example\n",
    "0.0.0.0 example.com www.example.com\n127.0.0.1 localhost\n::1 ip6-localhost # remark\nfe80::1%lo0 a.example\n",
    "! title\n||example.com^\n@@||good.example.com^$important\n||a.example^$third-party\nexample.org##.ad\n/regex/\n",
    "example.com/games\nhttps://www.Example.com:443/Games/?x=1\nhttp://me@192.0.2.1/a/b#c\n[2001:db8::1]:80/a\n",
    "$TTL 60\n$ORIGIN rpz.example.\n@ IN SOA a. b. 1 2 3 4 5\nexample.com CNAME .\n*.example.com IN CNAME rpz-passthru.\n32.1.2.0.192.rpz-ip CNAME .\n",
    "belisha-hashed 1\nsalt 00112233445566778899aabbccddeeff\n# remark\n5d41402abc4b2a76b9719d911017c592\n",
    "\u{feff}first\r\nsecond..dots\n-a.example\na-.example\n_dmarc.example\n",
    "xn--\nxn--a.example\n\u{202e}evil.example\n\u{ff0e}example\u{3002}com\n",
];

#[test]
fn fuzz_lists() {
    let samples: Vec<Vec<u8>> = SAMPLES
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect();
    let formats = [
        Format::Plain,
        Format::Hosts,
        Format::Adblock,
        Format::Pages,
        Format::Rpz,
        Format::Hashed,
    ];
    let mut chaos = Chaos::new(4);
    for run in 0..runs() {
        let bytes = match run % 8 {
            0 => chaos.bytes(300),
            _ => chaos.mutated(&samples),
        };
        let format = formats[chaos.below(formats.len())];
        let taken = read(bytes.as_slice(), format, Limits::default(), &mut |entry| {
            // Whatever is taken is in its one form, or no lookup would ever find it.
            if let What::Name(taken) = &entry.what {
                assert_eq!(name::normal(taken).as_deref(), Ok(&**taken), "{bytes:?}");
            }
        });
        let taken = taken.expect("bytes in memory can be read");
        assert!(taken.faults <= taken.lines, "{bytes:?}");
        let mut faults = Vec::new();
        if let Ok(hashed) = Hashed::read(bytes.as_slice(), &mut faults) {
            hashed.holds_page("example.com", "a/b");
        }
        let text = String::from_utf8_lossy(&bytes);
        guess(&text);
        if let Ok((host, path)) = split_page(&text) {
            assert!(!host.is_empty() && beginnings(&path).count() <= path.len() + 1);
        }
    }
}
