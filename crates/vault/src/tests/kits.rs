use proptest::prelude::*;

use super::chance;
use crate::groups::{self, BYTES};
use crate::kit::{JoinRefused, Kit, KitRecipient, Sheet, WhichSheet};
use crate::{FileProblem, Slip};

fn printed(seed: u8) -> (Kit, [Sheet; 3]) {
    let mut chance = chance(seed);
    let kit = Kit::new(&mut chance);
    let sheets = kit.split(&mut chance);
    (kit, sheets)
}

fn slip(text: &str) -> Slip {
    groups::read(text).unwrap_err()
}

#[test]
fn any_two_sheets_join_and_one_does_not() {
    for seed in 0..20 {
        let (kit, sheets) = printed(seed);
        for first in &sheets {
            for second in &sheets {
                let joined = Kit::join(first.text(), second.text());
                match first.number() == second.number() {
                    true => assert_eq!(
                        joined.unwrap_err(),
                        JoinRefused::SameSheet {
                            number: first.number()
                        }
                    ),
                    false => assert_eq!(joined.unwrap().recipient(), kit.recipient()),
                }
            }
            let alone = Kit::join(first.text(), "").unwrap_err();
            let slip = Slip::Count { characters: 0 };
            assert_eq!(
                alone,
                JoinRefused::Slip {
                    sheet: WhichSheet::Second,
                    slip
                }
            );
        }
    }
}

#[test]
fn a_sheet_does_not_tell_the_key() {
    // Each byte of a share is as likely as any other, whatever the key: over many splits of
    // one kit, the first share takes nearly all of the 256 values at each place.
    let mut chance = chance(1);
    let kit = Kit::new(&mut chance);
    let mut seen = vec![[false; 256]; 32];
    for _ in 0..3000 {
        let bytes = groups::read(kit.split(&mut chance)[0].text()).unwrap();
        for (seen, byte) in seen.iter_mut().zip(&bytes[6..38]) {
            seen[usize::from(*byte)] = true;
        }
    }
    for (place, seen) in seen.iter().enumerate() {
        let values = seen.iter().filter(|seen| **seen).count();
        assert!(values >= 250, "place {place} took {values} values");
    }
}

#[test]
fn sheets_of_two_kits_do_not_join() {
    let (_, one) = printed(1);
    let (_, other) = printed(2);
    assert_eq!(
        Kit::join(one[0].text(), other[1].text()).unwrap_err(),
        JoinRefused::TwoKits
    );
}

#[test]
fn a_forged_sheet_does_not_join() {
    let (_, sheets) = printed(1);
    let mut bytes = groups::read(sheets[1].text()).unwrap();
    bytes[20] ^= 1;
    let share = [&bytes[1..2], &bytes[6..38]].concat();
    let kit = [bytes[2], bytes[3], bytes[4], bytes[5]];
    let forged = Sheet::write(&kit, &share);
    assert_eq!(
        Kit::join(sheets[0].text(), forged.text()).unwrap_err(),
        JoinRefused::DoNotJoin
    );
}

#[test]
fn every_wrong_character_names_its_sheet_and_group() {
    let (_, sheets) = printed(1);
    let typed: Vec<char> = sheets[0].text().chars().collect();
    let mut group = 1;
    for at in 0..typed.len() {
        if typed[at].is_whitespace() {
            group += 1;
            continue;
        }
        for wrong in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
            .chars()
            .filter(|one| *one != typed[at])
        {
            let mut slipped = typed.clone();
            slipped[at] = wrong;
            assert_eq!(
                slip(&slipped.iter().collect::<String>()),
                Slip::Group { group }
            );
        }
    }
    assert_eq!(group, 16);

    let wrong = sheets[2]
        .text()
        .replacen(&sheets[2].text()[6..11], "00000", 1);
    let refused = Kit::join(sheets[0].text(), &wrong).unwrap_err().to_string();
    assert!(
        refused.starts_with("On the second sheet, group 2 is not as printed."),
        "{refused}"
    );
}

#[test]
fn every_exchange_within_a_group_and_of_two_groups_is_found() {
    let (_, sheets) = printed(1);
    let groups: Vec<&str> = sheets[0].text().split_whitespace().collect();
    for at in 0..16 {
        for one in 0..5 {
            for other in 0..one {
                let mut letters: Vec<char> = groups[at].chars().collect();
                letters.swap(one, other);
                let exchanged: String = letters.into_iter().collect();
                let mut typed = groups.clone();
                typed[at] = &exchanged;
                match exchanged == groups[at] {
                    true => {}
                    false => assert_eq!(slip(&typed.join(" ")), Slip::Group { group: at + 1 }),
                }
            }
        }
        for other in 0..at {
            let mut typed = groups.clone();
            typed.swap(at, other);
            assert_eq!(slip(&typed.join(" ")), Slip::Group { group: other + 1 });
        }
    }
}

#[test]
fn a_sheet_may_be_typed_as_people_type() {
    let (kit, sheets) = printed(1);
    let text = sheets[0].text();
    let check = |typed: String| {
        assert_eq!(
            Kit::join(&typed, sheets[1].text()).unwrap().recipient(),
            kit.recipient(),
            "{typed}"
        );
    };
    check(text.to_lowercase());
    check(text.replace([' ', '\n'], ""));
    check(text.replace([' ', '\n'], "-"));
    check(text.replace('\n', "\r\n\r\n"));
    check(format!("  {text}\n"));
    check(text.replace('0', "O").replace('1', "l"));
    check(text.replace('0', "o").replace('1', "I"));
}

#[test]
fn a_badly_typed_sheet_says_where() {
    let (_, sheets) = printed(1);
    let groups: Vec<&str> = sheets[0].text().split_whitespace().collect();
    let with = |at: usize, group: &str| {
        let mut typed = groups.clone();
        typed[at] = group;
        typed.join(" ")
    };
    assert_eq!(
        slip(&with(4, "0000")),
        Slip::Length {
            group: 5,
            length: 4
        }
    );
    assert_eq!(
        slip(&with(4, "000000")),
        Slip::Length {
            group: 5,
            length: 6
        }
    );
    assert_eq!(
        slip(&with(4, "00U00")),
        Slip::Character {
            group: 5,
            character: 'U'
        }
    );
    assert_eq!(
        slip(&with(15, "0000é")),
        Slip::Character {
            group: 16,
            character: 'é'
        }
    );
    assert_eq!(
        slip(&groups[..15].join(" ")),
        Slip::Count { characters: 75 }
    );
    assert_eq!(slip(""), Slip::Count { characters: 0 });
}

#[test]
fn groups_of_two_sheets_do_not_make_one() {
    let (_, sheets) = printed(1);
    let mut typed: Vec<&str> = sheets[0].text().split_whitespace().collect();
    typed[9] = sheets[1].text().split_whitespace().nth(9).unwrap();
    let refused = Kit::join(&typed.join(" "), sheets[2].text()).unwrap_err();
    assert_eq!(
        refused,
        JoinRefused::Slip {
            sheet: WhichSheet::First,
            slip: Slip::Sheet
        }
    );
}

#[test]
fn a_recipient_reads_back_and_nothing_else_does() {
    let (kit, _) = printed(1);
    let recipient = kit.recipient();
    let text = recipient.to_string();
    assert_eq!(text.parse::<KitRecipient>().unwrap(), recipient);
    assert_eq!(kit.file_identity().recipient().to_string(), text);
    assert_eq!(recipient.printed_name().len(), 8);
    for wrong in [
        "",
        "age1",
        &text[1..],
        &text.replacen(&text[10..11], "b", 1),
    ] {
        let refused = wrong.parse::<KitRecipient>().unwrap_err();
        assert!(matches!(refused, FileProblem::NotARecipient(_)), "{wrong}");
    }
}

/// The sheets lie in safes for decades: a change here is a new version, never an edit.
#[test]
fn a_printed_kit_stays_readable() {
    let joined = Kit::join(SHEET_1, SHEET_3).unwrap();
    assert_eq!(joined.recipient().to_string(), RECIPIENT);
}
const SHEET_1: &str = "040NA VBWXZ BXRZ4 T0RY9 JKSP2 FZ7ZA 3CBS2 9DN0T JA714 ED20X 3YZ8Q 0MDJA KDKKP E3X85 4CXT1 MVC2Z";
const SHEET_3: &str = "041NE VBWXZ BZZFD 6XZ60 WZGKX 5NYY8 2X38C KZXAK ZATZ8 M6G2N FY7F8 38E9V S6981 R3K18 Y01JX PFMCR";
const RECIPIENT: &str = "age1t6ywmegnyxas5lhr95296pat59cc7mus82lu8h6exk22f9v7ecdqrtwrfp";

proptest! {
    #[test]
    fn any_bytes_come_back_from_paper(bytes: [[u8; 8]; BYTES / 8]) {
        let bytes: [u8; BYTES] = bytes.concat().try_into().unwrap();
        let text = groups::write(&bytes);
        prop_assert_eq!(text.len(), 16 * 5 + 15);
        prop_assert_eq!(*groups::read(&text).unwrap(), bytes);
    }

    #[test]
    fn no_text_whatever_stops_the_reader(text in ".{0,120}") {
        prop_assert!(Kit::join(&text, &text).is_err());
    }
}
