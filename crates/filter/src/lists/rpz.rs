//! Response policy zones: what a line of a zone file asks to be answered otherwise.
//!
//! Only triggers that name a domain are read; those on addresses and name servers are counted. Every
//! action but `rpz-passthru.` means that the name is to be blocked.

use std::borrow::Cow;

use super::entry::{Entry, Reach};
use super::format::{Held, Wrong, named};

/// What earlier lines of the zone said.
#[derive(Debug, Default)]
pub struct Zone {
    origin: String,
    owner: String,
    depth: u32,
}

const CLASSES: [&str; 1] = ["in"];
/// Records of the zone itself.
const OWN: [&str; 8] = [
    "soa",
    "ns",
    "rrsig",
    "dnskey",
    "nsec",
    "nsec3",
    "nsec3param",
    "zonemd",
];

impl Zone {
    pub(super) fn line(
        &mut self,
        text: &str,
        tell: &mut dyn FnMut(Entry<'_>),
    ) -> Result<Held, Wrong> {
        let end = text.find(';').unwrap_or(text.len());
        let text = text[..end].trim_end();
        let inside = self.depth > 0;
        for byte in text.bytes() {
            match byte {
                b'(' => self.depth += 1,
                b')' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        if inside || text.trim().is_empty() {
            return Ok(Held::Read);
        }
        let mut words = text.split_whitespace().peekable();
        if text.starts_with('$') {
            if words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case("$ORIGIN"))
                && let Some(origin) = words.next()
            {
                self.origin = origin.trim_matches('.').to_ascii_lowercase();
            }
            return Ok(Held::Read);
        }
        if !text.starts_with(char::is_whitespace)
            && let Some(owner) = words.next()
        {
            self.owner = owner.to_ascii_lowercase();
        }
        let skipped = |word: &str| {
            word.bytes()
                .next()
                .is_some_and(|byte| byte.is_ascii_digit())
                || CLASSES.iter().any(|class| word.eq_ignore_ascii_case(class))
        };
        while words.peek().is_some_and(|word| skipped(word)) {
            words.next();
        }
        let (Some(kind), data) = (words.next(), words.next()) else {
            return Err(Wrong::NoRecord);
        };
        let kind = kind.to_ascii_lowercase();
        if kind == "soa" && self.origin.is_empty() && self.owner.ends_with('.') {
            self.origin = self.owner.trim_matches('.').to_owned();
        }
        if OWN.contains(&kind.as_str()) || self.owner == "@" {
            return Ok(Held::Read);
        }
        let data = data.ok_or(Wrong::NoRecord)?;
        self.record(data, tell)
    }

    fn record(&self, data: &str, tell: &mut dyn FnMut(Entry<'_>)) -> Result<Held, Wrong> {
        let owner = self.relative();
        if owner
            .rsplit('.')
            .next()
            .is_some_and(|last| last.starts_with("rpz-"))
        {
            return Ok(Held::Ignored);
        }
        let (name, reach) = match owner.strip_prefix("*.") {
            Some(below) => (below, Reach::Below),
            None => (owner.as_ref(), Reach::Itself),
        };
        let mut entry = named(name, reach)?;
        let target = data.trim_end_matches('.').to_ascii_lowercase();
        entry.exception = target == "rpz-passthru" || target == name;
        tell(entry);
        Ok(Held::Read)
    }

    /// The owner without the zone's own name behind it.
    fn relative(&self) -> Cow<'_, str> {
        let Some(absolute) = self.owner.strip_suffix('.') else {
            return Cow::Borrowed(&self.owner);
        };
        let below = absolute
            .strip_suffix(self.origin.as_str())
            .and_then(|rest| rest.strip_suffix('.'));
        match below {
            Some(rest) if !self.origin.is_empty() => Cow::Borrowed(rest),
            _ => Cow::Borrowed(absolute),
        }
    }
}
