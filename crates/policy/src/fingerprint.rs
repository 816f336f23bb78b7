//! What a clause says, as a short mark that changes only when the words do, so
//! that a new version asks people to sign again only what they have not signed.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::policy::Clause;

/// The SHA-256 of a clause's title and words as 64 hexadecimal digits. Line breaks and
/// runs of spaces count as one space; number, place and controls do not count. Stored
/// signatures refer to it, so the text that is hashed never changes its form.
pub fn fingerprint(clause: &Clause) -> String {
    let hash = Sha256::new()
        .chain_update(b"belisha clause 1\n")
        .chain_update(normal(&clause.title))
        .chain_update(b"\n")
        .chain_update(normal(&clause.words))
        .finalize();
    hash.iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// The words with one space between them.
pub(crate) fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::parse;

    fn of(title: &str, words: &str) -> String {
        let policy = parse(&format!("# P\n\n## {title} {{#s}}\n\n{words}\n")).unwrap();
        super::fingerprint(&policy.clauses[0])
    }

    #[test]
    fn only_other_words_make_another_fingerprint() {
        let first = of("Phones", "Phones stay\nin the office.");
        // The very digits: what was signed last year must be recognised next year.
        assert_eq!(
            first,
            "db52ee1c2ea857b3e1bd2f574994615ccbc42bd88fd66ce2d5af9dadc66811cd"
        );
        let same = [
            ("Phones", "Phones stay in the office."),
            ("Phones", "Phones  stay\r\nin\tthe office.\n\n"),
        ];
        for (title, words) in same {
            assert_eq!(of(title, words), first, "{title}: {words}");
        }
        let different = [
            ("Phone", "Phones stay in the office."),
            ("Phones", "phones stay in the office."),
            ("Phones", "Phones stay in the office"),
            ("Phones Phones", "stay in the office."),
        ];
        for (title, words) in different {
            assert_ne!(of(title, words), first, "{title}: {words}");
        }
    }
}
