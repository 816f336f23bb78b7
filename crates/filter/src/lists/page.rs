//! Full addresses in one form: host, and a path without scheme, port, query or fragment.
//!
//! `https://www.Example.com:443/Games/?x=1` is host `example.com`, path `Games`. One leading
//! `www.` falls away, as the lists that write addresses mean it.

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
    let path = path.trim_matches('/');
    if path.len() > LONGEST_PATH || path.chars().any(char::is_control) {
        return Err(NameRefused::Sign);
    }
    Ok((host, path.to_owned()))
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

fn without_port(host: &str) -> &str {
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
    fn a_path_begins_at_each_slash() {
        assert_eq!(
            beginnings("a/b/c").collect::<Vec<_>>(),
            ["a/b/c", "a/b", "a"]
        );
        assert_eq!(beginnings("").count(), 0);
    }
}
