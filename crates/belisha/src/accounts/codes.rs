//! Codes that people type from paper: invitations and recovery codes. Sixteen
//! letters and figures hold 80 random bits, which nobody guesses from a stored hash.

use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::clock::{Chance, random};
use crate::school::School;

/// A code, without its groups.
pub(crate) struct Code(Zeroizing<String>);

impl Code {
    pub(crate) fn new(school: &School) -> Self {
        Self::drawn(&*school.chance)
    }

    /// The same, from a chance of one's own.
    pub(crate) fn drawn(chance: &dyn Chance) -> Self {
        let bytes: [u8; 10] = random(chance);
        Self(Zeroizing::new(BASE32_NOPAD.encode(&bytes)))
    }

    /// Reads what somebody typed: in any case, in any groups, with the figures that are
    /// easily taken for letters.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        let letters: String = typed
            .chars()
            .filter(|character| !character.is_whitespace() && !matches!(character, '-' | '–'))
            .map(|character| match character.to_ascii_uppercase() {
                '0' => 'O',
                '1' => 'I',
                '8' => 'B',
                other => other,
            })
            .collect();
        let is_code = letters.len() == 16 && BASE32_NOPAD.decode(letters.as_bytes()).is_ok();
        is_code.then(|| Self(Zeroizing::new(letters)))
    }

    /// As it is shown and printed: `ABCD EFGH IJKL MNOP`.
    pub(crate) fn shown(&self) -> String {
        in_groups(&self.0)
    }

    /// As it opens what was wrapped under it.
    pub(crate) fn letters(&self) -> String {
        self.0.to_string()
    }

    /// What is stored and looked for.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

/// Letters in groups of four.
pub(crate) fn in_groups(letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let check = |typed: &str, expected: Option<&str>| {
            assert_eq!(
                Code::read(typed).map(|code| code.shown()).as_deref(),
                expected,
                "{typed}"
            );
        };
        let code = Some("ABCD EFGH IJKL MNOB");
        check("ABCD EFGH IJKL MNOB", code);
        check("abcdefghijklmnob", code);
        check(" abcd-efgh-1jkl–mn08 ", code);
        check("ABCD EFGH IJKL MNO", None);
        check("ABCD EFGH IJKL MNOBA", None);
        check("ABCD EFGH IJKL MNO9", None);
        check("ÄBCD EFGH IJKL MNO", None);
        check("", None);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(bytes in any::<[u8; 10]>(), lower in any::<bool>()) {
            let code = Code(Zeroizing::new(BASE32_NOPAD.encode(&bytes)));
            let shown = if lower { code.shown().to_lowercase() } else { code.shown() };
            let again = Code::read(&shown).expect("a code");
            prop_assert_eq!(again.hash(), code.hash());
        }

        #[test]
        fn nothing_that_is_typed_breaks_the_reader(typed in ".*") {
            let _ = Code::read(&typed);
        }
    }
}
