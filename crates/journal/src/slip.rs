//! A slip: one checkpoint on a scrap of paper, which a governor keeps at home and later
//! types or scans. Seven numbered lines, each with two check letters of its own, so that
//! a slip of the finger is found on its line and not taken for tampering.
//!
//! The 109 bytes are `1`, the size (6, big-endian), the time in milliseconds (6), the
//! root (32) and the signature (64). They are written in Crockford's base 32 (175
//! symbols, the last three bits zero), 25 to a line. The check letters of line *n* are
//! the first two bytes, each modulo 32, of the SHA-256 of `belisha slip `, *n*, a space
//! and the line's 25 symbols. The origin is not in it: the pinned key brings that.

use std::fmt::Write as _;
use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use thiserror::Error;

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::keys::VerifierKey;
use crate::time::readable;

const SYMBOLS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LINES: usize = 7;
const PER_LINE: usize = 25;

static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str(SYMBOLS);
    specification
        .encoding()
        .expect("32 different symbols make a base 32")
});

/// Why a text is not a slip of the journal in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SlipRefused {
    #[error(
        "This is not a journal slip. A slip has seven lines numbered 1: to 7:, each with \
         27 letters and digits; type all of them."
    )]
    Form,
    #[error("Line {line} of the slip is mistyped. Compare it with the paper and type it again.")]
    Mistyped { line: usize },
    #[error(
        "The slip is whole, but it was not signed with the key given for this journal. \
         Check that the slip and the key are of the same school."
    )]
    Signature,
}

impl Checkpoint {
    /// The slip to print: a heading of two lines for people, then seven lines of code.
    pub fn to_slip(&self) -> String {
        let mut bytes = vec![1];
        bytes.extend(&self.size().to_be_bytes()[2..]);
        bytes.extend(&self.at_ms().to_be_bytes()[2..]);
        bytes.extend(self.root().0);
        bytes.extend(self.signature());
        let code = CROCKFORD.encode(&bytes);
        let time = readable(self.at_ms()).expect("a checkpoint is never later than the year 9998");
        let mut slip = format!(
            "Journal slip of {}\n{} entries at {time}\n",
            self.origin(),
            self.size()
        );
        for line in 1..=LINES {
            let symbols = &code[(line - 1) * PER_LINE..line * PER_LINE];
            let _ = write!(slip, "{line}:");
            for group in 0..5 {
                let _ = write!(slip, " {}", &symbols[group * 5..group * 5 + 5]);
            }
            let _ = writeln!(slip, " {}", check_letters(line, symbols));
        }
        slip
    }

    /// Reads a slip as typed or scanned and checks it with the pinned key. Spaces, line
    /// ends, hyphens and the heading do not count; O is 0, I and L are 1.
    pub fn from_slip(text: &str, key: &VerifierKey) -> Result<Self, SlipRefused> {
        let words = text.split_whitespace().skip_while(|word| *word != "1:");
        let typed: String = words
            .flat_map(|word| word.chars())
            .filter(|letter| *letter != '-')
            .map(|letter| match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        // "1:", 25 symbols, two check letters.
        let width = PER_LINE + 4;
        if !typed.is_ascii() || typed.len() != LINES * width {
            return Err(SlipRefused::Form);
        }
        let mut code = String::new();
        for line in 1..=LINES {
            let typed = &typed[(line - 1) * width..line * width];
            let symbols = typed
                .strip_prefix(&format!("{line}:"))
                .ok_or(SlipRefused::Form)?;
            let (symbols, check) = symbols.split_at(PER_LINE);
            if check_letters(line, symbols) != check {
                return Err(SlipRefused::Mistyped { line });
            }
            code.push_str(symbols);
        }
        let bytes = CROCKFORD
            .decode(code.as_bytes())
            .map_err(|_| SlipRefused::Form)?;
        let [1, rest @ ..] = bytes.as_slice() else {
            return Err(SlipRefused::Form);
        };
        let (size, rest) = number(rest).ok_or(SlipRefused::Form)?;
        let (at_ms, rest) = number(rest).ok_or(SlipRefused::Form)?;
        let (root, signature) = rest.split_first_chunk::<32>().ok_or(SlipRefused::Form)?;
        let signature = signature.try_into().map_err(|_| SlipRefused::Form)?;
        Self::rejoin(key, size, Hash(*root), at_ms, signature).ok_or(SlipRefused::Signature)
    }
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (six, rest) = bytes.split_first_chunk::<6>()?;
    let [a, b, c, d, e, f] = *six;
    Some((u64::from_be_bytes([0, 0, a, b, c, d, e, f]), rest))
}

fn check_letters(line: usize, symbols: &str) -> String {
    let Hash([first, second, ..]) = Hash::of(format!("belisha slip {line} {symbols}").as_bytes());
    [first, second]
        .map(|byte| char::from(SYMBOLS.as_bytes()[usize::from(byte % 32)]))
        .iter()
        .collect()
}
