//! Browsers that an account knows, by a random value in a cookie of theirs, and what
//! a browser calls itself in the list of sessions.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use belisha_rules::ids::PersonId;
use sha2::{Digest as _, Sha256};

use crate::clock::random;
use crate::db::{Connection, sql};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::web::cookies;

/// A browser with its value.
pub(crate) struct Device {
    pub(crate) value: String,
    pub(crate) hash: [u8; 32],
}

impl Device {
    /// The browser that sent these headers, where it has a value already.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = cookies::value(headers, cookies::DEVICE)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
        (bytes.len() == 32).then(|| Self::with(value.to_owned()))
    }

    /// A browser that has no value yet.
    pub(crate) fn new(school: &School) -> Self {
        let bytes: [u8; 32] = random(&*school.chance);
        Self::with(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    fn with(value: String) -> Self {
        Self {
            hash: Sha256::digest(value.as_bytes()).into(),
            value,
        }
    }

    /// Whether the account with this name signed in from it before.
    pub(crate) async fn is_known_to(
        &self,
        connection: &mut Connection,
        name: &str,
    ) -> Result<bool, Fault> {
        let row = sql("select count(*) as known
             from account_device join account on account.person = account_device.person
             where account.sign_in_name = $1 and account_device.device_hash = $2")
        .bind(name)
        .bind(self.hash.as_slice())
        .one(connection)
        .await?;
        Ok(row.get::<i64>("known")? > 0)
    }

    /// Remembers that this account signed in from it.
    pub(crate) async fn remember(&self, tx: &mut Tx, person: PersonId) -> Result<(), Problem> {
        let now = tx.now();
        tx.run(
            sql(
                "insert into account_device (person, device_hash, known_since) values ($1, $2, $3)
                 on conflict (person, device_hash) do nothing",
            )
            .bind(person.to_string())
            .bind(self.hash.as_slice())
            .bind(now),
        )
        .await?;
        Ok(())
    }
}

/// No device is known to this account any longer.
pub(crate) async fn forget(tx: &mut Tx, person: PersonId) -> Result<(), Problem> {
    tx.run(sql("delete from account_device where person = $1").bind(person.to_string()))
        .await?;
    Ok(())
}

/// What a browser is, for the list of sessions: "Firefox on Windows".
pub(crate) fn described(headers: &HeaderMap) -> String {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    // The order matters: each of these claims to be those that follow it.
    let first = |named: &[(&str, &'static str)]| {
        named
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Android", "Android"),
        ("CrOS", "a Chromebook"),
        ("Windows", "Windows"),
        ("Mac OS", "a Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "A browser that does not say what it is".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_as_people_know_them() {
        let check = |agent: &'static str, expected: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().unwrap());
            assert_eq!(described(&headers), expected);
        };
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        );
        check(
            "Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
            "Chrome on a Chromebook",
        );
        check(
            "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
            "Safari on an iPad",
        );
        check("curl/8", "A browser that does not say what it is");
    }
}
