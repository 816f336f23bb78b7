//! Full addresses in one form: host, and a path without scheme, port, query or fragment.
//!
//! `https://www.Example.com:443/Games/?x=1` is host `example.com`, path `Games`. One leading
//! `www.` falls away, as the lists that write addresses mean it. However a path is spelled, it is one:
//! `/a/../%67ames` is `games` (RFC 3986, 6.2.2), or every list could be passed by.

use std::fmt::Write as _;

use crate::name::{self, Host, NameRefused};

/// The longest path that is kept.
const LONGEST_PATH: usize = 1024;

/// Splits an address into host and path, both in the one form.
pub fn split(text: &str) -> Result<(String, String), NameRefused> {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let text = &text[..end];
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = match name::host(without_port(host))? {
        Host::Name(name) => name.strip_prefix("www.").unwrap_or(&name).to_owned(),
        Host::Address(address) => name::of_address(address),
    };
    if path.chars().any(char::is_control) {
        return Err(NameRefused::Sign);
    }
    let path = one_form(path);
    if path.len() > LONGEST_PATH {
        return Err(NameRefused::Sign);
    }
    Ok((host, path))
}

/// The path of a request in its one form. Of one that is longer than any list has, it is the beginning.
pub fn path_of(request: &str) -> String {
    let mut path = one_form(request);
    path.truncate(LONGEST_PATH);
    path
}

/// Nothing but plain ASCII is left, without empty steps and steps back.
fn one_form(path: &str) -> String {
    let path = path.trim_matches('/');
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'%';
    let leads_on = |step: &str| !matches!(step, "" | "." | "..");
    if path.bytes().all(is_plain) && path.split('/').all(leads_on) {
        return path.to_owned();
    }
    let mut steps: Vec<String> = Vec::new();
    for step in path.split('/').map(spelled) {
        match step.as_str() {
            "" | "." => {}
            ".." => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

/// What is written `%61` without need is `a`, and what has to be written so is.
fn spelled(step: &str) -> String {
    let mut out = String::with_capacity(step.len());
    let mut rest = step.as_bytes();
    while let [byte, after @ ..] = rest {
        let written = match after {
            [high, low, ..] if *byte == b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                digit(*high).zip(digit(*low))
            }
            _ => None,
        };
        let (byte, is_plain) = match written {
            Some((high, low)) => {
                rest = &after[2..];
                let byte = (high << 4 | low) as u8;
                let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
                (byte, unreserved)
            }
            None => {
                rest = after;
                (*byte, byte.is_ascii_graphic())
            }
        };
        if is_plain {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The beginnings of a path at which a list may have stopped, longest first.
pub fn beginnings(path: &str) -> impl Iterator<Item = &str> {
    let cuts = path.match_indices('/').map(|(at, _)| at);
    let mut ends: Vec<usize> = cuts.chain([path.len()]).collect();
    ends.reverse();
    ends.into_iter()
        .map(|end| &path[..end])
        .filter(|path| !path.is_empty())
}

/// A host without the port that may follow it.
pub(crate) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((before, port))
            if port.bytes().all(|byte| byte.is_ascii_digit())
                && (!before.contains(':') || before.ends_with(']')) =>
        {
            before
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_form() {
        let check = |text: &str, host: &str, path: &str| {
            assert_eq!(
                split(text),
                Ok((host.to_owned(), path.to_owned())),
                "{text}"
            );
        };
        check(
            "https://www.Example.com:443/Games/?x=1",
            "example.com",
            "Games",
        );
        check("example.com/games", "example.com", "games");
        check("example.com", "example.com", "");
        check("http://me@192.0.2.1/a/b#c", "192.0.2.1", "a/b");
        check("http://[2001:db8::1]:80/a", "2001:db8::1", "a");
        assert_eq!(split("http:///a"), Err(NameRefused::Empty));
    }

    #[test]
    fn a_path_is_one_however_it_is_spelled() {
        let check = |path: &str, expected: &str| assert_eq!(path_of(path), expected, "{path}");
        for path in [
            "/a/games",
            "/a//games/",
            "/%61/%67ame%73",
            "/./a/x/../games",
            "/../a/%2e/games",
        ] {
            check(path, "a/games");
            assert_eq!(
                split(&format!("example.com{path}")).expect("an address").1,
                "a/games"
            );
        }
        check("/a%2fb%3f", "a%2Fb%3F");
        check("/b\u{fc}cher", "b%C3%BCcher");
        check("/%C3%BC%zz%", "%C3%BC%zz%");
        // A long tail hides no beginning.
        let long = path_of(&format!("/games/{}", "x".repeat(5_000)));
        assert!(long.len() == LONGEST_PATH && beginnings(&long).any(|path| path == "games"));
    }

    #[test]
    fn a_path_begins_at_each_slash() {
        assert_eq!(
            beginnings("a/b/c").collect::<Vec<_>>(),
            ["a/b/c", "a/b", "a"]
        );
        assert_eq!(beginnings("").count(), 0);
    }
}
