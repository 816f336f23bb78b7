//! Which passwords are accepted: long ones that nobody would guess. Length is
//! the policy's; composition rules and expiry there are none (OWASP ASVS 5.0.0,
//! 6.2.1 to 6.2.12).

use belisha_policy::Policy;
use belisha_policy::controls::password;

/// The longest password, in characters. Nothing is ever cut off: what is longer is refused.
pub const LONGEST: usize = 256;

/// A word about the school or the person counts from this many letters on.
const SHORTEST_CONTEXT_WORD: usize = 4;

/// How many characters must remain when those words are taken out.
const LEAST_BESIDE_CONTEXT: usize = 8;

/// The fewest characters a password may have under this policy.
pub fn shortest(policy: &Policy) -> usize {
    policy.get(&password::LENGTH) as usize
}

/// Why a password was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRefused {
    TooShort {
        needs: usize,
    },
    TooLong,
    /// It stands on the list of common and breached passwords.
    EasilyGuessed,
    /// Little is left of it beside the names of the school or the person.
    AboutYouOrTheSchool,
}

impl PasswordRefused {
    /// What to do about it.
    pub fn sentence(self) -> String {
        match self {
            Self::TooShort { needs } => format!(
                "Your password needs at least {needs} characters. Three or four words that do \
                 not belong together make a good one."
            ),
            Self::TooLong => format!("Your password may have {LONGEST} characters at most."),
            Self::EasilyGuessed => {
                "This password is on the list of those that are tried first. Choose another one."
                    .to_owned()
            }
            Self::AboutYouOrTheSchool => {
                "This password is mostly a name that others know. Choose words that have nothing \
                 to do with you or the school."
                    .to_owned()
            }
        }
    }
}

/// Whether a new password is accepted.
///
/// `listed` says whether the deny list holds it. `context` is what others know:
/// the person's names and sign-in name, the school's name, the product's.
pub fn accept(
    password: &str,
    shortest: usize,
    listed: bool,
    context: &[&str],
) -> Result<(), PasswordRefused> {
    let length = password.chars().count();
    if length < shortest {
        Err(PasswordRefused::TooShort { needs: shortest })
    } else if length > LONGEST {
        Err(PasswordRefused::TooLong)
    } else if listed {
        Err(PasswordRefused::EasilyGuessed)
    } else if is_mostly_context(password, context) {
        Err(PasswordRefused::AboutYouOrTheSchool)
    } else {
        Ok(())
    }
}

fn is_mostly_context(password: &str, context: &[&str]) -> bool {
    let mut words: Vec<String> = context
        .iter()
        .flat_map(|phrase| phrase.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() >= SHORTEST_CONTEXT_WORD)
        .map(str::to_lowercase)
        .collect();
    // The longest first, so that "Bridgend" is not left as "end" by "Bridge".
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let folded = password.to_lowercase();
    let rest = words
        .iter()
        .fold(folded.clone(), |rest, word| rest.replace(word.as_str(), ""));
    rest != folded && rest.chars().count() < LEAST_BESIDE_CONTEXT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::policy_with;

    #[test]
    fn passwords_are_accepted_or_refused_with_a_reason() {
        let context = ["Hazel Brook Junior School", "Ada Byron", "a.byron"];
        let check = |password: &str, listed, expected| {
            assert_eq!(
                accept(password, 12, listed, &context),
                expected,
                "{password}"
            );
        };
        check("tram lemon quiet", false, Ok(()));
        check("tramlemonqui", false, Ok(()));
        check(
            "tramlemonqu",
            false,
            Err(PasswordRefused::TooShort { needs: 12 }),
        );
        // Characters are counted, not bytes; any character will do.
        check("żółw żółw żó", false, Ok(()));
        check(
            "🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢",
            false,
            Err(PasswordRefused::TooShort { needs: 12 }),
        );
        check("            ", false, Ok(()));
        check(&"a".repeat(128), false, Ok(()));
        check(&"a".repeat(256), false, Ok(()));
        check(&"a".repeat(257), false, Err(PasswordRefused::TooLong));
        check("password1234", true, Err(PasswordRefused::EasilyGuessed));
        check(
            "hazelBROOK2026",
            false,
            Err(PasswordRefused::AboutYouOrTheSchool),
        );
        check(
            "ByronByronByron",
            false,
            Err(PasswordRefused::AboutYouOrTheSchool),
        );
        check("Byron likes tram lemons", false, Ok(()));
    }

    #[test]
    fn the_policy_sets_the_length() {
        assert_eq!(
            shortest(&policy_with("```control password\nlength = 14\n```\n")),
            14
        );
        assert_eq!(shortest(&policy_with("")), 12);
    }
}
