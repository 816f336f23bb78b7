//! A person's key under their password. One Argon2id run serves both sign-in and
//! unwrapping, because a second would double the cost of a sign-in and teach nobody more.
//!
//! Argon2id (32 bytes out) is the input of HKDF-SHA-256, which gives two keys under two
//! labels, each bound to the person: a *verifier*, of which the SHA-256 is stored, and a
//! *wrapping key* for AES-256-KWP. Outputs of HKDF under different labels say nothing about
//! one another, so the stored verifier does not weaken the wrap. Whoever steals the row can
//! only guess passwords, and each guess costs the full Argon2id run whichever half they test.
//!
//! ```text
//! 0       version, 1          2..6    memory in KiB, big-endian    10..26  salt
//! 1       1: the above        6..10   passes, big-endian           26..58  SHA-256 of the verifier
//!                                                                  58..98  wrapped private key
//! ```

use std::cell::Cell;
use std::fmt;

use aes_kw::{KeyInit, KwpAes256};
use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::chance::{Chance, draw};
use crate::person::{PersonPrivate, PersonPublic};
use crate::place::{Bond, Person};
use crate::secret::{Purpose, Secret};

const VERSION: u8 = 1;
const SCHEME: u8 = 1;
const LENGTH: usize = 98;

/// What a guess costs: memory in KiB and passes, always in one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// The least that a school may use: 64 MiB and three passes.
    pub const FLOOR: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };

    /// Any cost from 8 KiB to 1 GiB and from 1 to 64 passes; `None` outside of that, so that
    /// a forged row cannot stop the server. Costs below [`Cost::FLOOR`] are for tests alone.
    pub fn of(memory_kib: u32, passes: u32) -> Option<Self> {
        let possible = (8..=1024 * 1024).contains(&memory_kib) && (1..=64).contains(&passes);
        possible.then_some(Self { memory_kib, passes })
    }

    /// Whether a guess at this cost is cheaper than at `other`, in memory or in passes.
    pub fn is_below(self, other: Self) -> bool {
        self.memory_kib < other.memory_kib || self.passes < other.passes
    }

    pub(crate) fn stretch(self, password: &str, salt: &[u8; 16]) -> Secret {
        let work = u64::from(self.memory_kib) * u64::from(self.passes);
        WORK.with(|done| done.set(done.get() + work));
        let params = Params::new(self.memory_kib, self.passes, 1, Some(32))
            .expect("a cost is within Argon2id's bounds");
        let mut stretched = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.as_bytes(), salt, &mut stretched)
            .expect("a password is shorter than 4 GiB and the machine has the memory");
        Secret::take(&mut stretched)
    }
}

thread_local! {
    static WORK: Cell<u64> = const { Cell::new(0) };
}

/// How much work this thread has put into passwords, in KiB times passes. It is counted where the work is
/// done, so that whoever serves sign-ins can show that a guess at an unknown name costs what any other does.
pub fn password_work() -> u64 {
    WORK.with(Cell::get)
}

/// Why a password did not open a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    #[error("That password is not right. Try again, or ask for a reset.")]
    WrongPassword,
    #[error(
        "The stored password record is damaged. Recover this person's key with the recovery kit, then set a new password."
    )]
    Damaged,
}

/// A person's private key under their password, with what checks the password.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordWrap {
    cost: Cost,
    salt: [u8; 16],
    verifier: [u8; 32],
    wrapped: [u8; 40],
}

impl PasswordWrap {
    /// Wraps `private` under a password, for a new account, a new password or a raised cost.
    pub fn new(
        private: &PersonPrivate,
        person: &Person<'_>,
        password: &str,
        cost: Cost,
        chance: &mut dyn Chance,
    ) -> Self {
        let salt = draw(chance);
        let (verifier, wrapping) = halves(&cost.stretch(password, &salt), person);
        let mut wrapped = [0; 40];
        KwpAes256::new(wrapping.expose().into())
            .wrap_key(private.secret().expose(), &mut wrapped)
            .expect("32 bytes wrap into 40");
        Self {
            cost,
            salt,
            verifier,
            wrapped,
        }
    }

    /// Checks the password and opens the person's private key, in one Argon2id run.
    /// `public` is the half that is stored: a key that does not fit it is refused.
    pub fn open(
        &self,
        person: &Person<'_>,
        password: &str,
        public: &PersonPublic,
    ) -> Result<PersonPrivate, PasswordRefused> {
        let (verifier, wrapping) = halves(&self.cost.stretch(password, &self.salt), person);
        if !bool::from(verifier.ct_eq(&self.verifier)) {
            return Err(PasswordRefused::WrongPassword);
        }
        let mut opened = [0; 32];
        let unwrapped = KwpAes256::new(wrapping.expose().into())
            .unwrap_key(&self.wrapped, &mut opened)
            .is_ok_and(|key| key.len() == 32);
        let private = PersonPrivate::from_secret(Secret::take(&mut opened));
        match unwrapped && private.public() == *public {
            true => Ok(private),
            false => Err(PasswordRefused::Damaged),
        }
    }

    /// Does for an account that does not exist what [`PasswordWrap::open`] does for one that
    /// does, so that the time of the answer tells nothing. Pass the cost of real accounts.
    pub fn pretend(person: &Person<'_>, password: &str, cost: Cost) -> PasswordRefused {
        let (verifier, _) = halves(&cost.stretch(password, &[0; 16]), person);
        std::hint::black_box(verifier.ct_eq(&[0; 32]));
        PasswordRefused::WrongPassword
    }

    /// The cost of a guess; when below the current one, wrap anew at the next sign-in.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// The 98 bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, SCHEME];
        bytes.extend_from_slice(&self.cost.memory_kib.to_be_bytes());
        bytes.extend_from_slice(&self.cost.passes.to_be_bytes());
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.verifier);
        bytes.extend_from_slice(&self.wrapped);
        bytes
    }

    /// Reads the stored bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PasswordRefused> {
        let bytes: &[u8; LENGTH] = bytes.try_into().map_err(|_| PasswordRefused::Damaged)?;
        if bytes[..2] != [VERSION, SCHEME] {
            return Err(PasswordRefused::Damaged);
        }
        Ok(Self {
            cost: Cost::of(
                u32::from_be_bytes(cut(bytes, 2)),
                u32::from_be_bytes(cut(bytes, 6)),
            )
            .ok_or(PasswordRefused::Damaged)?,
            salt: cut(bytes, 10),
            verifier: cut(bytes, 26),
            wrapped: cut(bytes, 58),
        })
    }
}

impl fmt::Debug for PasswordWrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordWrap({:?})", self.cost)
    }
}

/// The stored form of the verifier, and the wrapping key.
fn halves(stretched: &Secret, person: &Person<'_>) -> ([u8; 32], Secret) {
    let context = Bond::PersonUnderPassword(*person).encode();
    let verifier = stretched.derive(Purpose::PasswordVerifier, &context);
    let wrapping = stretched.derive(Purpose::PasswordWrapping, &context);
    (Sha256::digest(verifier.expose()).into(), wrapping)
}

fn cut<const N: usize>(bytes: &[u8; LENGTH], from: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[from..from + N]);
    part
}
