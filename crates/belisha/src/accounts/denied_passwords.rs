//! Passwords that nobody may choose: common and breached ones, trivial variants of them, and those
//! that lean on words an attacker knows about this school.
//!
//! The list is compiled by `tools/denied-passwords`; its README has the format and the sources.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

const LIST: &[u8] = include_bytes!("../../assets/denied-passwords.bin");
const FINGERPRINT_BYTES: usize = 6;

/// Known to everyone who tries a password here, whatever the school is called.
const PRODUCT: &str = "belisha";

/// Names shorter than this stand by chance in many words and are not looked for.
const SHORTEST_CONTEXT_WORD: usize = 3;

/// So much must remain of a password when the words that an attacker knows are taken out of it.
const SHORTEST_REMAINDER: usize = 8;

/// What is left of a password is not looked up when it is shorter: "7f!abc!9x" is not "abc".
const SHORTEST_CORE: usize = 4;

/// A password of fewer different characters is a repetition, however long.
const FEWEST_DIFFERENT: usize = 5;

/// A password of fewer runs and single characters is a walk over the keyboard, however long.
const FEWEST_PIECES: usize = 7;

/// Ways that fingers walk: the alphabet, the rows of a British keyboard, and its columns down and up.
const WALKS: [&str; 7] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'#",
    "\\zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7,ki8.lo9/;p0",
];

/// Whether a password is on the deny list, is a trivial variant of a password that is, or stands on
/// a context word: the names of the school, its town and the person, in any spelling.
pub(crate) fn is_denied(password: &str, context: &[&str]) -> bool {
    let password = password.to_lowercase();
    let words = context_words(context);
    is_monotonous(&password)
        || plain_forms(&password)
            .iter()
            .any(|form| is_listed(form) || leans_on(form, &words))
}

/// The words of names, in lower case, longest first so that "maplewood" goes before "maple".
fn context_words(context: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = context
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .chain([PRODUCT])
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= SHORTEST_CONTEXT_WORD)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

fn is_listed(password: &str) -> bool {
    let digest = Sha256::digest(password.as_bytes());
    let (entries, _) = LIST.as_chunks::<FINGERPRINT_BYTES>();
    entries
        .binary_search_by(|entry| entry.as_slice().cmp(&digest[..FINGERPRINT_BYTES]))
        .is_ok()
}

/// Whether too little, or only a common password, remains when the known words are taken out.
fn leans_on(form: &str, words: &[String]) -> bool {
    let mut rest = form.to_owned();
    for word in words {
        rest = rest.replace(word.as_str(), "");
    }
    if rest.len() == form.len() {
        return false;
    }
    let core = core(&rest);
    core.chars().count() < SHORTEST_REMAINDER || is_listed(core) || is_monotonous(core)
}

/// The password and everything that it is a trivial variant of: with the figures and signs around
/// it taken off, with letters for look-alikes, without what stands between, and said only once.
fn plain_forms(password: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::new();
    let mut waiting = vec![password.to_owned()];
    while let Some(form) = waiting.pop() {
        if forms.contains(&form) {
            continue;
        }
        let simpler = [
            core(&form).to_owned(),
            without_look_alikes(&form),
            form.chars().filter(|c| c.is_alphanumeric()).collect(),
            said_once(&form),
        ];
        waiting.extend(
            simpler
                .into_iter()
                .filter(|s| s.chars().count() >= SHORTEST_CORE),
        );
        forms.insert(form);
    }
    forms
}

fn core(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphabetic())
}

fn without_look_alikes(text: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        other => other,
    };
    text.chars().map(letter).collect()
}

/// The shortest beginning of which the whole is a repetition: "dragon" for "dragondragon".
fn said_once(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    (1..=letters.len() / 2)
        .filter(|length| letters.len().is_multiple_of(*length))
        .find(|length| {
            letters
                .iter()
                .zip(&letters[*length..])
                .all(|(one, later)| one == later)
        })
        .map_or_else(
            || text.to_owned(),
            |length| letters[..length].iter().collect(),
        )
}

fn is_monotonous(text: &str) -> bool {
    let different: BTreeSet<char> = text.chars().collect();
    different.len() < FEWEST_DIFFERENT || pieces(text) < FEWEST_PIECES
}

/// How many pieces fingers make of a text: a run of three or more along one walk, or of one
/// character, counts once; what is in no run counts by the character.
fn pieces(text: &str) -> usize {
    let letters: Vec<char> = text.chars().collect();
    let mut pieces = 0;
    let mut start = 0;
    while start < letters.len() {
        let rest = &letters[start..];
        let run = repeated(rest).max(
            WALKS
                .iter()
                .map(|walk| walked(rest, walk))
                .max()
                .unwrap_or(0),
        );
        start += if run >= 3 { run } else { 1 };
        pieces += 1;
    }
    pieces
}

fn repeated(text: &[char]) -> usize {
    text.iter().take_while(|c| Some(*c) == text.first()).count()
}

/// How far the text begins with steps along the walk, all forwards or all backwards.
fn walked(text: &[char], walk: &str) -> usize {
    let steps = |from: char, to: char| {
        let pair: String = [from, to].into_iter().collect();
        walk.contains(&pair)
    };
    let forwards = text
        .windows(2)
        .take_while(|pair| steps(pair[0], pair[1]))
        .count();
    let backwards = text
        .windows(2)
        .take_while(|pair| steps(pair[1], pair[0]))
        .count();
    1 + forwards.max(backwards)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHOOL: [&str; 3] = [
        "Maple Grove Primary School",
        "Otterford",
        "Imogen O'Hara-Quill",
    ];

    #[track_caller]
    fn check(password: &str, denied: bool) {
        assert_eq!(is_denied(password, &SCHOOL), denied, "{password}");
    }

    #[test]
    fn the_list_is_long_enough_and_in_order() {
        let (entries, rest) = LIST.as_chunks::<FINGERPRINT_BYTES>();
        assert!(rest.is_empty());
        assert!(entries.len() >= 100_000);
        assert!(entries.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn listed_passwords_are_denied_in_any_case() {
        check("123qweasdzxc", true);
        check("UnBelievable", true);
        check("administrator", true);
        check("1q2w3e4r5t6y", true);
    }

    #[test]
    fn trivial_variants_are_denied() {
        check("sunshine2026!!", true);
        check("!!2026sunshine", true);
        check("P4$$w0rd-2026", true);
        check("dragondragon", true);
        check("Dragon1dragon1", true);
        check("d.r.a.g.o.n.2026", true);
        check("correct-horse-battery", false);
    }

    #[test]
    fn repetitions_and_walks_over_the_keyboard_are_denied() {
        check("aaaaaaaaaaaaaaaaaaaa", true);
        check("abababcababababc", true);
        check("aaaabbbbccccddddeeee", true);
        check("qwertyuiopasdfghjkl", true);
        check("lkjhgfdsapoiuytrewq", true);
        check("2wsx3edc4rfv5tgb", true);
        check("mno234567890", true);
        check("tree-were-property", false);
    }

    #[test]
    fn words_known_about_the_school_and_the_person_do_not_count() {
        check("MapleGrove2026", true);
        check("belishabelisha1!", true);
        check("0tterf0rd-sch00l", true);
        check("imogenpassword", true);
        check("Quill.Ohara.1987", true);
        check("maple under a tin umbrella", false);
    }

    #[test]
    fn good_passwords_are_left_alone() {
        check("seven otters juggle plums", false);
        check("vK9#tq2!mZx7Lp", false);
        check("47!93#82-ab+58291", false);
        check("mae'r glaw yn drwm heddiw", false);
        check("большая синяя лодка", false);
    }
}
