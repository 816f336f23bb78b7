//! A domain name in the one form that is compared: lower case, A-labels, no final dot.
//!
//! Names that are not plain ASCII go through UTS 46 exactly as a browser's do, so that what a list
//! writes in any script is what a browser asks for. Underscores stand: lists and devices use them.

use std::borrow::Cow;
use std::net::IpAddr;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// The longest name, in letters, as it can stand in a DNS message.
pub const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameRefused {
    #[error("nothing stands where a name should")]
    Empty,
    #[error("the name is longer than 253 letters")]
    TooLong,
    #[error("a part between two dots is empty or longer than 63 letters")]
    Label,
    #[error("the name holds a sign that no name may have")]
    Sign,
    #[error("the name breaks the rules for names in other scripts (UTS 46)")]
    Script,
}

/// What a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host<'a> {
    Name(Cow<'a, str>),
    Address(IpAddr),
}

/// Puts a name into its one form.
pub fn normal(text: &str) -> Result<Cow<'_, str>, NameRefused> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() {
        return Err(NameRefused::Empty);
    }
    let plain = text.is_ascii() && !has_a_label(text);
    let name = if plain {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        }
    } else {
        in_script(text)?
    };
    check(&name)?;
    Ok(name)
}

/// Reads a name or an address, as lists mix them.
pub fn host(text: &str) -> Result<Host<'_>, NameRefused> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    // Only what ends in a digit or holds a colon can be an address; most names do neither.
    let may_be_address = text.ends_with(|last: char| last.is_ascii_digit()) || text.contains(':');
    if may_be_address && let Ok(address) = bare.unwrap_or(text).parse() {
        return Ok(Host::Address(address));
    }
    normal(text).map(Host::Name)
}

/// An address in the form under which it is kept.
pub fn of_address(address: IpAddr) -> String {
    match address {
        IpAddr::V6(six) => six
            .to_ipv4_mapped()
            .map_or_else(|| six.to_string(), |four| four.to_string()),
        IpAddr::V4(four) => four.to_string(),
    }
}

/// What stands for people to read: labels in their script where the A-label is a valid one.
pub fn readable(name: &str) -> String {
    if !has_a_label(name) {
        return name.to_owned();
    }
    let (text, valid) =
        Uts46::new().to_unicode(name.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    if valid.is_ok() {
        text.into_owned()
    } else {
        name.to_owned()
    }
}

fn has_a_label(text: &str) -> bool {
    let mut labels = text.as_bytes().split(|byte| *byte == b'.');
    labels.any(|label| {
        let start = label.first_chunk::<4>();
        start.is_some_and(|four| four.eq_ignore_ascii_case(b"xn--"))
    })
}

fn in_script(text: &str) -> Result<Cow<'_, str>, NameRefused> {
    let mapped = Uts46::new().to_ascii(
        text.as_bytes(),
        AsciiDenyList::EMPTY,
        Hyphens::Allow,
        DnsLength::Ignore,
    );
    match mapped {
        Ok(name) => Ok(name),
        // A label that only looks like an A-label can still be asked for over the wire.
        Err(_) if text.is_ascii() => Ok(Cow::Owned(text.to_ascii_lowercase())),
        Err(_) => Err(NameRefused::Script),
    }
}

fn check(name: &str) -> Result<(), NameRefused> {
    if name.is_empty() {
        return Err(NameRefused::Empty);
    }
    if name.len() > LONGEST {
        return Err(NameRefused::TooLong);
    }
    let mut label = 0usize;
    for byte in name.bytes() {
        match byte {
            b'.' if label == 0 => return Err(NameRefused::Label),
            b'.' => label = 0,
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => {
                label += 1;
                if label > LONGEST_LABEL {
                    return Err(NameRefused::Label);
                }
            }
            _ => return Err(NameRefused::Sign),
        }
    }
    if label == 0 {
        Err(NameRefused::Label)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, NameRefused>) {
        assert_eq!(normal(text).as_deref().map_err(|why| *why), expected);
    }

    #[test]
    fn names_have_one_form() {
        check("example.com", Ok("example.com"));
        check("EXAMPLE.com.", Ok("example.com"));
        check("_dmarc.Example.com", Ok("_dmarc.example.com"));
        check("Bücher.example", Ok("xn--bcher-kva.example"));
        check("bu\u{308}cher.example", Ok("xn--bcher-kva.example"));
        check("XN--BCHER-KVA.example", Ok("xn--bcher-kva.example"));
        check("straße.de", Ok("xn--strae-oqa.de"));
        check("例え。テスト", Ok("xn--r8jz45g.xn--zckzah"));
        check("ＥＸＡＭＰＬＥ.com", Ok("example.com"));
        check("xn--0.example", Ok("xn--0.example"));
        check("-odd-.example", Ok("-odd-.example"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        check("", Err(NameRefused::Empty));
        check(".", Err(NameRefused::Empty));
        check("a..b", Err(NameRefused::Label));
        check(".a", Err(NameRefused::Label));
        check("a b", Err(NameRefused::Sign));
        check("a/b", Err(NameRefused::Sign));
        check(&"a".repeat(64), Err(NameRefused::Label));
        check(&"a.".repeat(127), Ok(&"a.".repeat(127)[..253]));
        check(&format!("{}a", "a.".repeat(127)), Err(NameRefused::TooLong));
    }

    #[test]
    fn addresses_are_told_from_names() {
        assert_eq!(
            host("192.0.2.7"),
            Ok(Host::Address("192.0.2.7".parse().expect("address")))
        );
        assert_eq!(
            host("[2001:db8::1]"),
            Ok(Host::Address("2001:db8::1".parse().expect("address")))
        );
        assert_eq!(host("192.0.2.300"), Ok(Host::Name("192.0.2.300".into())));
        assert_eq!(
            of_address("::ffff:192.0.2.7".parse().expect("address")),
            "192.0.2.7"
        );
    }

    #[test]
    fn names_are_shown_in_their_script() {
        assert_eq!(readable("xn--bcher-kva.example"), "bücher.example");
        assert_eq!(readable("xn--0.example"), "xn--0.example");
    }
}
