//! How lists are written, and what each line of them means.
//!
//! | Format | A line |
//! |---|---|
//! | plain | `example.com`, and everything below it; `*.example.com`, only what is below; an internet address; `host/path` |
//! | hosts | `0.0.0.0 example.com www.example.com`: these names and nothing else |
//! | adblock | `\|\|example.com^`, and everything below it; `@@\|\|good.example.com^`, an exception; other rules are counted |
//! | pages | `example.com/games`: the beginning of a full address |
//! | rpz | a zone: `example.com CNAME .`, `*.example.com CNAME .`; `rpz-passthru.` is an exception |
//! | hashed | see `hashed.rs` |

use std::borrow::Cow;

use super::entry::{Entry, Reach, What};
use super::{page, rpz};
use crate::name::{self, Host, NameRefused};

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Plain,
    Hosts,
    Adblock,
    Pages,
    Rpz,
    Hashed,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error(transparent)]
    Name(#[from] NameRefused),
    #[error("the line is longer than 4096 bytes")]
    LongLine,
    #[error("the line is not UTF-8")]
    NotText,
    #[error("a hosts line begins with an internet address")]
    NoAddress,
    #[error("a line of a zone is an owner, a type and its data")]
    NoRecord,
    #[error("a hashed line is 64 hexadecimal digits, or the first 32 of them")]
    NoDigest,
    #[error("ranges of addresses are not read: name each address")]
    Range,
}

/// What a line held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Entries, or nothing but a remark.
    Read,
    /// A rule that names no domain: counted, never guessed at.
    Ignored,
}

/// What a format must remember from line to line.
#[derive(Debug, Default)]
pub struct Memory {
    pub zone: rpz::Zone,
}

/// Reads one line and hands on each entry.
pub fn line(
    format: Format,
    memory: &mut Memory,
    text: &str,
    tell: &mut dyn FnMut(Entry<'_>),
) -> Result<Held, Wrong> {
    match format {
        Format::Plain => plain(text, tell),
        Format::Hosts => hosts(text, tell),
        Format::Adblock => adblock(text, tell),
        Format::Pages => pages(text, tell),
        Format::Rpz => memory.zone.line(text, tell),
        // Digests name nothing that could be told: `hashed.rs` reads them.
        Format::Hashed => Ok(Held::Ignored),
    }
}

/// Guesses the format from a file's first lines, for files whose name does not say it.
pub fn guess(sample: &str) -> Format {
    let lines = || {
        sample
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
    };
    let count = |is: fn(&str) -> bool| lines().filter(|line| is(line)).count();
    if lines()
        .next()
        .is_some_and(|line| line.starts_with("belisha-hashed"))
    {
        return Format::Hashed;
    }
    if count(|line| line.starts_with("||") || line.starts_with("@@||")) > 0 {
        return Format::Adblock;
    }
    let zone = |line: &str| {
        line.starts_with("$ORIGIN")
            || line.starts_with("$TTL")
            || line.contains(" CNAME ")
            || line.contains("\tCNAME\t")
            || line.contains(" SOA ")
    };
    if lines().any(zone) {
        return Format::Rpz;
    }
    let said = |line: &&str| !line.starts_with(['#', '!', ';']);
    let all = lines().filter(said).count();
    let hosts = lines().filter(said).filter(|line| {
        let mut words = line.split_whitespace();
        words
            .next()
            .is_some_and(|word| word.parse::<std::net::IpAddr>().is_ok())
            && words.next().is_some()
    });
    if all > 0 && hosts.count() * 2 > all {
        return Format::Hosts;
    }
    let paths = lines()
        .filter(said)
        .filter(|line| line.contains('/'))
        .count();
    if all > 0 && paths * 2 > all {
        Format::Pages
    } else {
        Format::Plain
    }
}

/// A line without its remark and the space around it.
fn bare(text: &str) -> &str {
    let end = text.find('#').unwrap_or(text.len());
    text[..end].trim()
}

fn plain(text: &str, tell: &mut dyn FnMut(Entry<'_>)) -> Result<Held, Wrong> {
    let text = bare(text);
    if text.is_empty() || text.starts_with(['!', ';']) {
        return Ok(Held::Read);
    }
    if text.contains('/') {
        return pages(text, tell);
    }
    let (text, reach) = match text.strip_prefix("*.") {
        Some(below) => (below, Reach::Below),
        None => (text.strip_prefix('.').unwrap_or(text), Reach::Both),
    };
    tell(named(text, reach)?);
    Ok(Held::Read)
}

fn hosts(text: &str, tell: &mut dyn FnMut(Entry<'_>)) -> Result<Held, Wrong> {
    let mut words = bare(text).split_whitespace();
    let Some(first) = words.next() else {
        return Ok(Held::Read);
    };
    // A scope such as fe80::1%lo0 is part of the address.
    let address = first.split_once('%').map_or(first, |(address, _)| address);
    if address.parse::<std::net::IpAddr>().is_err() {
        return Err(Wrong::NoAddress);
    }
    for word in words {
        if OWN.iter().any(|own| word.eq_ignore_ascii_case(own)) || word == first {
            continue;
        }
        tell(named(word, Reach::Itself)?);
    }
    Ok(Held::Read)
}

/// The names that a hosts file gives to the machine itself.
const OWN: [&str; 12] = [
    "localhost",
    "localhost.localdomain",
    "local",
    "broadcasthost",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-allhosts",
    "0.0.0.0",
];

fn adblock(text: &str, tell: &mut dyn FnMut(Entry<'_>)) -> Result<Held, Wrong> {
    let text = text.trim();
    if text.is_empty() || text.starts_with(['!', '[']) || text.starts_with("# ") || text == "#" {
        return Ok(Held::Read);
    }
    let (rule, exception) = match text.strip_prefix("@@") {
        Some(rule) => (rule, true),
        None => (text, false),
    };
    let Some(rule) = rule.strip_prefix("||") else {
        let is_name = |text: &str| {
            text.contains('.')
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        };
        if !exception && is_name(text) {
            tell(named(text, Reach::Both)?);
            return Ok(Held::Read);
        }
        if text
            .split_whitespace()
            .next()
            .is_some_and(|word| word.parse::<std::net::IpAddr>().is_ok())
        {
            return hosts(text, tell);
        }
        return Ok(Held::Ignored);
    };
    let (pattern, options) = match rule.split_once('$') {
        Some((pattern, options)) => (pattern, options),
        None => (rule, ""),
    };
    let whole =
        |option: &str| matches!(option.trim(), "" | "all" | "important" | "document" | "doc");
    let pattern = pattern.strip_suffix('|').unwrap_or(pattern);
    let Some(pattern) = pattern.strip_suffix('^') else {
        return Ok(Held::Ignored);
    };
    let (pattern, reach) = match pattern.strip_prefix("*.") {
        Some(below) => (below, Reach::Below),
        None => (pattern, Reach::Both),
    };
    if pattern.contains(['*', '/', '^', '|', ':', '?', '=']) || !options.split(',').all(whole) {
        return Ok(Held::Ignored);
    }
    let mut entry = named(pattern, reach)?;
    entry.exception = exception;
    tell(entry);
    Ok(Held::Read)
}

fn pages(text: &str, tell: &mut dyn FnMut(Entry<'_>)) -> Result<Held, Wrong> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(Held::Read);
    }
    if let Some((address, bits)) = text.split_once('/')
        && address.parse::<std::net::IpAddr>().is_ok()
        && bits.len() <= 3
        && !bits.is_empty()
        && bits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err(Wrong::Range);
    }
    let (host, path) = page::split(text)?;
    if path.is_empty() {
        tell(named(&host, Reach::Both)?);
    } else {
        tell(Entry {
            what: What::Page(Cow::Owned(host), Cow::Owned(path)),
            reach: Reach::Both,
            exception: false,
        });
    }
    Ok(Held::Read)
}

pub(super) fn named(text: &str, reach: Reach) -> Result<Entry<'_>, NameRefused> {
    Ok(match name::host(text)? {
        Host::Name(name) => Entry::name(name, reach),
        Host::Address(address) => Entry {
            what: What::Address(address),
            reach: Reach::Itself,
            exception: false,
        },
    })
}
