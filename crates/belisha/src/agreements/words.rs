//! The words of an agreement: as a page shows them, and as the one text that is signed
//! and hashed into the journal.

use belisha_policy::Clause;
use belisha_policy::controls::agreement::Asks;
use belisha_rules::agreements::Clauses;
use jiff::civil::Date;

use crate::web::words::date;

/// What is declared by signing.
pub(super) const STATEMENT: &str = "I have read the policy and this agreement, I understand them, and I will keep to the agreement.";

/// Parts the words of the agreement from who signed them.
const SIGNATURE: &str = "\n## Signature\n";

/// Everything that goes into the text that is signed.
pub(super) struct Signed<'a> {
    pub(super) title: &'a str,
    pub(super) school: &'a str,
    pub(super) version: i64,
    pub(super) in_force_on: Date,
    pub(super) clauses: &'a [Clause],
    pub(super) asks: &'a [Asks],
    pub(super) full_name: &'a str,
    pub(super) post: &'a str,
    pub(super) on: Date,
    /// Random: without it, whoever reads the journal could guess from the hash who signed.
    pub(super) blind: &'a str,
}

impl Signed<'_> {
    /// The text. It is kept with the signature, so its form may change for later ones.
    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "# {}\n\n{}\n\nPolicy version {}, in force since {}.\n",
            self.title,
            self.school,
            self.version,
            date(self.in_force_on)
        );
        for (at, clause) in self.clauses.iter().enumerate() {
            let level = if at == 0 { "##" } else { "###" };
            text.push_str(&format!(
                "\n{level} {} {}\n\n{}\n",
                clause.number,
                clause.title,
                clause.words.trim()
            ));
        }
        text.push_str(SIGNATURE);
        text.push_str(&format!("\n{STATEMENT}\n\n"));
        for asked in self.asks {
            let line = match asked {
                Asks::FullName => format!("Full name: {}", self.full_name),
                Asks::Post => format!("Post: {}", self.post),
                Asks::Date => format!("Date: {}", date(self.on)),
            };
            text.push_str(&format!("- {line}\n"));
        }
        text.push_str(&format!("- Number of this signature: {}\n", self.blind));
        text
    }
}

/// The part of a signed text that is the agreement, without who signed it.
pub(super) fn agreement_part(signed_text: &str) -> &str {
    signed_text
        .rsplit_once(SIGNATURE)
        .map_or(signed_text, |(words, _)| words)
}

/// The marks of the words on a page, so that the form says which words were shown.
pub(super) fn shown(clauses: &Clauses) -> String {
    clauses
        .iter()
        .map(|(clause, mark)| format!("{clause}={mark}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Reads what [`shown`] wrote. Anything else reads as other words, which nobody may sign.
pub(super) fn read_shown(text: &str) -> Clauses {
    text.split_whitespace()
        .filter_map(|pair| pair.split_once('='))
        .map(|(clause, mark)| (clause.to_owned(), mark.to_owned()))
        .collect()
}

/// One line of typed text: single spaces, nothing around it.
pub(super) fn one_line(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_shown_reads_back(
            clauses in proptest::collection::btree_map("[a-z-]{1,20}", "[0-9a-f]{64}", 0..30)
        ) {
            prop_assert_eq!(read_shown(&shown(&clauses)), clauses);
        }

        #[test]
        fn anything_sent_as_shown_is_read(text in "\\PC{0,80}") {
            let _ = read_shown(&text);
        }
    }
}
