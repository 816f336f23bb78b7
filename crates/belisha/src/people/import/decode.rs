//! The bytes of a file as text: which encoding they are in, and what they are if
//! they are no text at all.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The largest file that is read, in bytes.
pub(crate) const LARGEST: usize = 5 * 1024 * 1024;

/// Text with the encoding it came in, as the mapping page names it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: &'static str,
}

/// Why a file cannot be read as a table at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotATable {
    Empty,
    TooLarge,
    Workbook,
    Pdf,
    Binary,
    OneColumn,
    NoRows,
    TooManyRows,
    TooManyColumns,
}

impl NotATable {
    /// What to do about it.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Empty => "The file is empty. Export it again and choose the new file.",
            Self::TooLarge => {
                "The file is larger than 5 MB. Export only the columns that are needed, or send it in two parts."
            }
            Self::Workbook => {
                "This is a spreadsheet workbook, not a CSV file. Open it, choose “Save as” or “Download”, \
                 choose “CSV UTF-8 (comma delimited)”, and send the file that this makes."
            }
            Self::Pdf => {
                "This is a PDF, which holds a picture of a table and no table. \
                 Ask the school’s information system for a CSV export instead."
            }
            Self::Binary => {
                "This is not a CSV file: it holds something other than text. \
                 Ask the school’s information system for a CSV export."
            }
            Self::OneColumn => {
                "Only one column was found. The first line must hold the columns’ names, with commas, \
                 semicolons or tabs between them."
            }
            Self::NoRows => {
                "There is a line of column names and nothing below it. Export the file again."
            }
            Self::TooManyRows => "The file has more than 100,000 rows. Send it in parts.",
            Self::TooManyColumns => {
                "The first line has more than 200 columns. Export only the columns that are needed."
            }
        }
    }
}

/// Reads UTF-8 and UTF-16 with or without a byte order mark; whatever else is text
/// is read as Windows-1252, in which older programs for Windows write CSV files.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, NotATable> {
    if bytes.len() > LARGEST {
        return Err(NotATable::TooLarge);
    }
    match bytes {
        [] => return Err(NotATable::Empty),
        // A zip archive (xlsx, ods) or an older workbook (xls).
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(NotATable::Workbook),
        [b'%', b'P', b'D', b'F', ..] => return Err(NotATable::Pdf),
        _ => {}
    }
    let (text, encoding) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => (
            str::from_utf8(rest)
                .map_err(|_| NotATable::Binary)?
                .to_owned(),
            "UTF-8",
        ),
        [0xff, 0xfe, rest @ ..] => (
            UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
            "UTF-16",
        ),
        [0xfe, 0xff, rest @ ..] => (
            UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
            "UTF-16",
        ),
        _ => match (zeros(bytes, 1), zeros(bytes, 0)) {
            // In UTF-16, every other byte of English text is zero.
            (odd, even) if odd > 40 && even < 5 => (
                UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(),
                "UTF-16",
            ),
            (odd, even) if even > 40 && odd < 5 => (
                UTF_16BE.decode_without_bom_handling(bytes).0.into_owned(),
                "UTF-16",
            ),
            _ => match str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), "UTF-8"),
                Err(_) => (
                    WINDOWS_1252
                        .decode_without_bom_handling(bytes)
                        .0
                        .into_owned(),
                    "Windows-1252",
                ),
            },
        },
    };
    let (mut all, mut control) = (0_usize, 0_usize);
    for character in text.chars() {
        all += 1;
        control += usize::from(is_foreign(character));
    }
    if control * 20 > all {
        return Err(NotATable::Binary);
    }
    if text.trim().is_empty() {
        return Err(NotATable::Empty);
    }
    Ok(Decoded { text, encoding })
}

/// A character that no cell of a table holds by intent.
pub(crate) fn is_foreign(character: char) -> bool {
    (character.is_control() && !matches!(character, '\t' | '\r' | '\n')) || character == '\u{fffd}'
}

/// How many of the bytes at every other place are zero, in hundredths.
fn zeros(bytes: &[u8], from: usize) -> usize {
    let sample = &bytes[..bytes.len().min(4096)];
    let every_other = sample.iter().skip(from).step_by(2);
    let all = every_other.clone().count();
    every_other.filter(|byte| **byte == 0).count() * 100 / all.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_in_the_encoding_they_are_in() {
        let check = |bytes: &[u8], text: &str, encoding: &'static str| {
            assert_eq!(
                decode(bytes),
                Ok(Decoded {
                    text: text.into(),
                    encoding
                })
            );
        };
        check(
            b"Name,Class\nZo\xc3\xab,Oak",
            "Name,Class\nZoë,Oak",
            "UTF-8",
        );
        check(
            b"\xef\xbb\xbfName,Class\nZo\xc3\xab,Oak",
            "Name,Class\nZoë,Oak",
            "UTF-8",
        );
        check(
            b"Name,Class\nZo\xeb,Oak\x92s",
            "Name,Class\nZoë,Oak’s",
            "Windows-1252",
        );
        let units: Vec<u16> = "Name,Class\nZoë,Oak".encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        check(
            &marked(b"\xff\xfe", &little),
            "Name,Class\nZoë,Oak",
            "UTF-16",
        );
        check(&marked(b"\xfe\xff", &big), "Name,Class\nZoë,Oak", "UTF-16");
        check(&little, "Name,Class\nZoë,Oak", "UTF-16");
        check(&big, "Name,Class\nZoë,Oak", "UTF-16");
    }

    #[test]
    fn what_is_no_text_is_named() {
        let check = |bytes: &[u8], expected| assert_eq!(decode(bytes), Err(expected));
        check(b"", NotATable::Empty);
        check(b" \n \n", NotATable::Empty);
        check(b"PK\x03\x04\x14\x00", NotATable::Workbook);
        check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NotATable::Workbook);
        check(b"%PDF-1.7\n", NotATable::Pdf);
        check(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", NotATable::Binary);
        check(&vec![b'a'; LARGEST + 1], NotATable::TooLarge);
    }
}
