//! The reference of a case, for people to quote. It is random, because the gaps in a
//! running number would tell of cases that nobody may know of.

/// Letters and digits that are not taken for one another when read aloud or copied.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Eight of them in two groups: `K7M2-Q4PX`.
pub(crate) fn new(random: [u8; 8]) -> String {
    let letter = |byte: u8| char::from(LETTERS[usize::from(byte % 32)]);
    let (first, second) = random.split_at(4);
    let group = |bytes: &[u8]| bytes.iter().copied().map(letter).collect::<String>();
    format!("{}-{}", group(first), group(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_two_groups_of_four() {
        assert_eq!(new([0, 1, 2, 3, 4, 5, 6, 7]), "ABCD-EFGH");
        assert_eq!(new([31, 32, 255, 64, 0, 0, 0, 0]), "9A9A-AAAA");
    }
}
