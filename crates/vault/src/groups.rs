//! Forty bytes as sixteen groups of five characters that a person types from paper:
//! four characters of Crockford's base 32 and one that checks them and their position.
//! Any one wrong character, and any two exchanged within a group, is found for certain
//! and named by its group.

use zeroize::{Zeroize, Zeroizing};

pub(crate) const BYTES: usize = 40;
const GROUPS: usize = 16;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What is wrong with a typed sheet. Groups count from one, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Slip {
    #[error(
        "group {group} has “{character}”, which no sheet contains. Compare that group with the paper."
    )]
    Character { group: usize, character: char },
    #[error(
        "group {group} has {length} characters instead of 5. Compare that group with the paper."
    )]
    Length { group: usize, length: usize },
    #[error("group {group} is not as printed. Compare that group with the paper.")]
    Group { group: usize },
    #[error("there are {characters} characters instead of 80. Type all 16 groups of 5.")]
    Count { characters: usize },
    #[error("the groups do not belong to one sheet. Type all 16 groups from the same paper.")]
    Sheet,
}

/// Writes the groups in four rows of four.
pub(crate) fn write(bytes: &[u8; BYTES]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(GROUPS * 6));
    for group in 0..GROUPS {
        let mut values = values(bytes, group);
        for value in values.iter().chain(&[check(&values, group)]) {
            text.push(char::from(ALPHABET[usize::from(*value)]));
        }
        values.zeroize();
        match group {
            15 => {}
            3 | 7 | 11 => text.push('\n'),
            _ => text.push(' '),
        }
    }
    text
}

/// Reads what was typed, in any case, with groups parted by spaces, lines or hyphens, or
/// not at all; O counts as 0, and I and L as 1.
pub(crate) fn read(text: &str) -> Result<Zeroizing<[u8; BYTES]>, Slip> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    for (group, typed) in part(text)?.iter().enumerate() {
        let number = group + 1;
        let mut read = Zeroizing::new([0; 5]);
        for (value, character) in read.iter_mut().zip(typed.iter()) {
            let character = *character;
            *value = value_of(character).ok_or(Slip::Character {
                group: number,
                character,
            })?;
        }
        let [first, second, third, fourth, checking] = *read;
        let values = [first, second, third, fourth];
        if check(&values, group) != checking {
            return Err(Slip::Group { group: number });
        }
        let twenty_bits = values
            .iter()
            .fold(0u32, |bits, value| bits << 5 | u32::from(*value));
        put(&mut bytes, group, twenty_bits);
    }
    Ok(bytes)
}

/// Parts what was typed into sixteen groups of five.
fn part(text: &str) -> Result<Vec<Zeroizing<Vec<char>>>, Slip> {
    let is_gap = |character: char| character.is_whitespace() || matches!(character, '-' | '–');
    let typed: Vec<Zeroizing<Vec<char>>> = text
        .split(is_gap)
        .filter(|group| !group.is_empty())
        .map(|group| Zeroizing::new(group.chars().collect()))
        .collect();
    if typed.len() == GROUPS {
        return match typed.iter().position(|group| group.len() != 5) {
            Some(at) => Err(Slip::Length {
                group: at + 1,
                length: typed[at].len(),
            }),
            None => Ok(typed),
        };
    }
    let run: Zeroizing<Vec<char>> = Zeroizing::new(
        typed
            .iter()
            .flat_map(|group| group.iter().copied())
            .collect(),
    );
    match run.len() == GROUPS * 5 {
        true => Ok(run
            .chunks(5)
            .map(|group| Zeroizing::new(group.to_vec()))
            .collect()),
        false => Err(Slip::Count {
            characters: run.len(),
        }),
    }
}

fn value_of(character: char) -> Option<u8> {
    let folded = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET
        .iter()
        .position(|letter| char::from(*letter) == folded)?;
    u8::try_from(at).ok()
}

/// The check character: the polynomial of the four values at α in the field of 32 elements
/// (α⁵ = α² + 1), plus the position. Each value has its own non-zero weight and the check's
/// own weight, one, is none of them: so one change shows, and so does one exchange.
fn check(values: &[u8; 4], group: usize) -> u8 {
    let times_alpha = |value: u8| ((value << 1) ^ if value & 16 == 0 { 0 } else { 0b10_0101 }) & 31;
    let sum = values.iter().fold(0, |sum, value| times_alpha(sum ^ value));
    // A position is below sixteen, so that it fits into one of 32 values.
    sum ^ u8::try_from(group).unwrap_or(31)
}

/// The four values of five bits that make up one group.
fn values(bytes: &[u8; BYTES], group: usize) -> [u8; 4] {
    let bits = take(bytes, group);
    [15, 10, 5, 0].map(|shift| ((bits >> shift) & 31) as u8)
}

/// The twenty bits of a group: two groups share five bytes.
fn take(bytes: &[u8; BYTES], group: usize) -> u32 {
    let at = group / 2 * 5;
    let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|offset| u32::from(bytes[at + offset]));
    match group.is_multiple_of(2) {
        true => a << 12 | b << 4 | c >> 4,
        false => (c & 15) << 16 | d << 8 | e,
    }
}

fn put(bytes: &mut [u8; BYTES], group: usize, bits: u32) {
    let at = group / 2 * 5;
    let [_, high, middle, low] = match group.is_multiple_of(2) {
        true => (bits << 4).to_be_bytes(),
        false => bits.to_be_bytes(),
    };
    match group.is_multiple_of(2) {
        true => {
            bytes[at] = high;
            bytes[at + 1] = middle;
            bytes[at + 2] |= low;
        }
        false => {
            bytes[at + 2] |= high;
            bytes[at + 3] = middle;
            bytes[at + 4] = low;
        }
    }
}
