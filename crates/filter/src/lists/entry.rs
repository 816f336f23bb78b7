//! What one line of a list says, whatever the list's format.

use std::borrow::Cow;

/// What a line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What<'a> {
    /// A domain name in its one form.
    Name(Cow<'a, str>),
    /// A host and the beginning of a path, without the first slash: `example.com` and `games`.
    Page(Cow<'a, str>, Cow<'a, str>),
    /// An internet address.
    Address(std::net::IpAddr),
}

/// How far from the name the line reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// The name itself and every name below it.
    Both,
    /// The name itself.
    Itself,
    /// Every name below it.
    Below,
}

/// One line's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    pub what: What<'a>,
    pub reach: Reach,
    /// The list does not mean this name, although it may mean one above it.
    pub exception: bool,
}

impl<'a> Entry<'a> {
    pub fn name(name: Cow<'a, str>, reach: Reach) -> Self {
        Self {
            what: What::Name(name),
            reach,
            exception: false,
        }
    }

    /// The text under which the entry is kept.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.what {
            What::Name(name) => Cow::Borrowed(name),
            What::Page(host, path) => Cow::Owned(format!("{host}/{path}")),
            What::Address(address) => Cow::Owned(crate::name::of_address(*address)),
        }
    }
}
