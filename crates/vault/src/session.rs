//! A session's token, which only the browser holds. It finds the session, and it opens the
//! person's key on whichever server answers; the disk alone, or root with the disk, cannot.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::chance::Chance;
use crate::person::{PersonPrivate, PersonPublic};
use crate::place::{Bond, Person};
use crate::sealed::{self, OpenRefused};
use crate::secret::{Purpose, Secret};

/// 256 random bits that name and unlock one session. A new one is made at sign-in and at
/// every elevation.
pub struct SessionToken(pub(crate) Secret);

impl SessionToken {
    pub fn new(chance: &mut dyn Chance) -> Self {
        Self(Secret::draw(chance))
    }

    /// Reads the value of a session cookie; `None` when it is not one of ours.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?);
        Secret::copy(&bytes).map(Self)
    }

    /// The value for the session cookie: 43 characters, sent to the browser and never stored.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(self.0.expose()))
    }

    /// What the session table stores and looks up; nothing can be opened with it.
    pub fn lookup(&self) -> [u8; 32] {
        *self.0.derive(Purpose::SessionLookup, &[]).expose()
    }

    /// Wraps a person's private key for this session, for the session's row.
    pub fn wrap(
        &self,
        private: &PersonPrivate,
        person: &Person<'_>,
        chance: &mut dyn Chance,
    ) -> Vec<u8> {
        let key = self.0.derive(Purpose::SessionWrapping, &[]);
        let bond = Bond::PersonInSession(*person);
        sealed::seal(&key, key.id(), &bond, private.secret().expose(), chance)
    }

    /// Opens the person's private key for the length of one request. `public` is the half
    /// that is stored: a key that does not fit it is refused.
    pub fn unwrap(
        &self,
        person: &Person<'_>,
        wrapped: &[u8],
        public: &PersonPublic,
    ) -> Result<PersonPrivate, OpenRefused> {
        let key = self.0.derive(Purpose::SessionWrapping, &[]);
        let opened = sealed::open(&key, key.id(), &Bond::PersonInSession(*person), wrapped)?;
        let private = Secret::copy(&opened).ok_or(OpenRefused::Altered)?;
        let private = PersonPrivate::from_secret(private);
        match private.public() == *public {
            true => Ok(private),
            false => Err(OpenRefused::Altered),
        }
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(hidden)")
    }
}
