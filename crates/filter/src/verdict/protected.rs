//! Names that no list may stop, because lists have done so by mistake or would do harm if they did.
//!
//! A list that means a more precise name still counts: `sites.google.com` among the proxies is
//! stopped although `google.com` is protected. A school can still deny any of them itself.

use std::sync::LazyLock;

static TEXT: &str = include_str!("protected.txt");

static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    TEXT.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
        .collect()
});

/// The names, in their one form.
pub fn protected_names() -> &'static [&'static str] {
    &NAMES
}

/// Whether this very name is protected by the program.
pub fn is_protected(name: &str) -> bool {
    NAMES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_in_their_one_form_and_stand_once() {
        let mut names = protected_names().to_vec();
        for name in &names {
            assert_eq!(crate::name::normal(name).as_deref(), Ok(*name));
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
