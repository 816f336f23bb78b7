//! The numbers on the pages that need no account, as data with its sources.

use std::sync::LazyLock;

const DATA: &str = include_str!("../../../../guidance/help-lines.toml");

static LINES: LazyLock<Vec<(String, String)>> =
    LazyLock::new(|| read(DATA).expect("the numbers are part of the program; a test reads them"));

/// The telephone number of one of them.
pub(super) fn telephone(key: &str) -> &'static str {
    LINES
        .iter()
        .find(|(known, _)| known == key)
        .map_or("999", |(_, number)| number)
}

fn read(text: &str) -> Option<Vec<(String, String)>> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    document
        .get("line")?
        .as_array_of_tables()?
        .iter()
        .map(|line| {
            let word = |key: &str| line.get(key)?.as_str().map(str::to_owned);
            word("source")?;
            Some((word("key")?, word("telephone")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_that_children_learn() {
        assert_eq!(telephone("emergency"), "999");
        assert_eq!(telephone("police"), "101");
        assert_eq!(telephone("childline"), "0800 1111");
    }
}
