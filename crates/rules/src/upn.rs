//! Unique pupil numbers: thirteen characters of which the first is a check
//! letter over the others (DfE, unique pupil numbers guide; the letters and
//! weights are those of the published data standard "Unique pupil number 2.0").

use std::fmt;

/// The check letters by remainder. I, O and S are left out because they look like digits.
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// A unique pupil number whose check letter fits. It is personal data: not a
/// login, not for e-mail, and `Debug` does not print it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UniquePupilNumber([u8; 13]);

/// Why a text is no unique pupil number, in words for a line of an import report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAPupilNumber {
    Length {
        found: usize,
    },
    /// The character at this place, counted from 1, may not stand there.
    Character {
        at: usize,
    },
    /// Everything is in its place, but the first letter is not the one the rest gives.
    CheckLetter {
        expected: char,
        found: char,
    },
}

impl fmt::Display for NotAPupilNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { found } => write!(
                f,
                "A unique pupil number has 13 characters; this has {found}. Copy it again from your register."
            ),
            Self::Character { at } => write!(
                f,
                "Character {at} of the unique pupil number cannot stand there. It begins with a letter, \
                 then come 12 digits; a temporary number ends with a letter."
            ),
            Self::CheckLetter { expected, found } => write!(
                f,
                "The check letter does not fit: these digits need {expected}, not {found}. \
                 A digit may be mistyped; compare it with your register."
            ),
        }
    }
}

impl std::error::Error for NotAPupilNumber {}

impl UniquePupilNumber {
    /// Reads a number as people type it: spaces around it and small letters are forgiven.
    pub fn read(text: &str) -> Result<Self, NotAPupilNumber> {
        let folded = text.trim().to_ascii_uppercase();
        if let Some(index) = folded.chars().position(|c| !c.is_ascii_alphanumeric()) {
            return Err(NotAPupilNumber::Character { at: index + 1 });
        }
        let found = folded.len();
        let characters: [u8; 13] = folded
            .into_bytes()
            .try_into()
            .map_err(|_| NotAPupilNumber::Length { found })?;
        let mut sum = 0;
        for (index, character) in characters.iter().enumerate().skip(1) {
            let last = index == 12;
            let value = match character {
                b'0'..=b'9' => usize::from(character - b'0'),
                _ if last => {
                    letter_value(*character).ok_or(NotAPupilNumber::Character { at: index + 1 })?
                }
                _ => return Err(NotAPupilNumber::Character { at: index + 1 }),
            };
            sum += value * (index + 1);
        }
        if letter_value(characters[0]).is_none() {
            return Err(NotAPupilNumber::Character { at: 1 });
        }
        let expected = LETTERS[sum % LETTERS.len()];
        if characters[0] == expected {
            Ok(Self(characters))
        } else {
            Err(NotAPupilNumber::CheckLetter {
                expected: char::from(expected),
                found: char::from(characters[0]),
            })
        }
    }

    /// The thirteen characters in capitals.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("every character was read as an ASCII letter or digit")
    }

    /// Whether the number was given by the school until the permanent one is known.
    pub fn is_temporary(&self) -> bool {
        self.0[12].is_ascii_alphabetic()
    }

    /// The code of the local authority that gave the number.
    pub fn local_authority(&self) -> &str {
        &self.as_str()[1..4]
    }
}

impl fmt::Debug for UniquePupilNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UniquePupilNumber(…)")
    }
}

fn letter_value(character: u8) -> Option<usize> {
    LETTERS.iter().position(|letter| *letter == character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_or_refused_with_a_reason() {
        let check = |text: &str, expected: Result<&str, NotAPupilNumber>| {
            let read = UniquePupilNumber::read(text);
            assert_eq!(
                read.as_ref().map(UniquePupilNumber::as_str).map_err(|e| *e),
                expected,
                "{text}"
            );
        };
        check("B801200005001", Ok("B801200005001"));
        check("R674123101121", Ok("R674123101121"));
        check(" b801200005001 ", Ok("B801200005001"));
        check(
            "A801200005001",
            Err(NotAPupilNumber::CheckLetter {
                expected: 'B',
                found: 'A',
            }),
        );
        // Some vendors' help pages print Q for these digits; 266 leaves 13 over, which is P.
        check("P207000016049", Ok("P207000016049"));
        check(
            "Q207000016049",
            Err(NotAPupilNumber::CheckLetter {
                expected: 'P',
                found: 'Q',
            }),
        );
        check("B80120000500", Err(NotAPupilNumber::Length { found: 12 }));
        check("", Err(NotAPupilNumber::Length { found: 0 }));
        check("B80120000500é", Err(NotAPupilNumber::Character { at: 13 }));
        check("I801200005001", Err(NotAPupilNumber::Character { at: 1 }));
        check("B80I200005001", Err(NotAPupilNumber::Character { at: 4 }));
        check("B80120000500O", Err(NotAPupilNumber::Character { at: 13 }));
    }

    #[test]
    fn a_temporary_number_ends_with_a_letter_of_the_same_table() {
        // 8·2 + 0 + 1·4 + 2·5 + 5·10 + 0 + 0 + B(1)·13 = 93 = 4·23 + 1, so B.
        let number = UniquePupilNumber::read("B80120000500B").expect("computed by hand");
        assert!(number.is_temporary());
        assert!(
            !UniquePupilNumber::read("B801200005001")
                .unwrap()
                .is_temporary()
        );
        assert_eq!(number.local_authority(), "801");
        assert!(!format!("{number:?}").contains("801"));
    }

    proptest! {
        /// Twenty-three is prime and above every digit difference, so a single wrong digit always shows.
        #[test]
        fn one_wrong_digit_is_always_noticed(digits in "[0-9]{12}", at in 0_usize..12, by in 1_u8..10) {
            let valid = LETTERS
                .iter()
                .map(|letter| format!("{}{digits}", char::from(*letter)))
                .find(|text| UniquePupilNumber::read(text).is_ok())
                .expect("one letter always fits");
            let mut wrong = valid.into_bytes();
            wrong[at + 1] = b'0' + (wrong[at + 1] - b'0' + by) % 10;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert!(UniquePupilNumber::read(&wrong).is_err());
        }

        #[test]
        fn no_text_makes_the_reader_fail(text in "\\PC*") {
            let _ = UniquePupilNumber::read(&text);
        }
    }
}
