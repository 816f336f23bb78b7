//! A short secret code that somebody without an account was given: it finds their record
//! and opens what is sealed to it, and nothing else does.
//!
//! One Argon2id run over the code, salted with the school, is the input of HKDF-SHA-256,
//! which gives two secrets under two labels: a *locator*, of which the SHA-256 is stored so
//! that the record is found, and the *private half* of a key pair, whose public half is
//! stored so that answers can be sealed to whoever has the code. Outputs under different
//! labels say nothing about one another. The salt is the same for every code of a school,
//! because the code alone has to find its record; each guess still costs a full run.

use sha2::{Digest, Sha256};

use crate::password::Cost;
use crate::person::PersonPrivate;
use crate::secret::{Purpose, Secret};

/// What follows from a code.
#[derive(Debug)]
pub struct AnswerCode {
    locator: [u8; 32],
    private: PersonPrivate,
}

impl AnswerCode {
    /// Stretches a code of this school. `code` is what was given out, letter for letter.
    pub fn of(school: &str, code: &str, cost: Cost) -> Self {
        let mut salt = [0; 16];
        let digest = Sha256::new()
            .chain_update(b"belisha/v1/answer-code\0")
            .chain_update(school)
            .finalize();
        salt.copy_from_slice(&digest[..16]);
        let stretched: Secret = cost.stretch(code, &salt);
        let locator = stretched.derive(Purpose::AnswerLookup, school.as_bytes());
        Self {
            locator: Sha256::digest(locator.expose()).into(),
            private: PersonPrivate::from_secret(
                stretched.derive(Purpose::AnswerKey, school.as_bytes()),
            ),
        }
    }

    /// What is stored and looked up.
    pub fn locator(&self) -> &[u8; 32] {
        &self.locator
    }

    /// Opens what is sealed to the code; its public half is stored.
    pub fn private(&self) -> &PersonPrivate {
        &self.private
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_gives_the_same_again_and_another_gives_nothing_alike() {
        let cheap = Cost::of(8, 1).expect("a cost");
        let first = AnswerCode::of("school", "apple river seven moon", cheap);
        let again = AnswerCode::of("school", "apple river seven moon", cheap);
        assert_eq!(first.locator(), again.locator());
        assert_eq!(first.private().public(), again.private().public());
        for (school, code) in [
            ("school", "apple river seven sun"),
            ("another", "apple river seven moon"),
        ] {
            let other = AnswerCode::of(school, code, cheap);
            assert_ne!(first.locator(), other.locator());
            assert_ne!(first.private().public(), other.private().public());
        }
        // The locator is not the key.
        assert_ne!(first.locator(), &first.private().public().to_bytes());
    }
}
