//! Text as a table: a line of column names and the rows below it.

use super::decode::{Decoded, NotATable, decode};

/// The most rows that one file may have.
const MOST_ROWS: usize = 100_000;
/// The most columns.
const MOST_COLUMNS: usize = 200;

/// A file of people as columns and rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) encoding: &'static str,
    /// What stands between the cells: `,`, `;` or a tab.
    pub(crate) delimiter: char,
    /// The columns' names as the file spells them, trimmed.
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<TableRow>,
}

/// One row that holds anything at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableRow {
    /// The line of the file on which the row begins, from 1.
    pub(crate) line: i64,
    /// The cells, trimmed, as many as the row has.
    pub(crate) cells: Vec<String>,
}

impl Table {
    /// The text of a file, whatever it is encoded in.
    pub(crate) fn text(bytes: &[u8]) -> Result<String, NotATable> {
        Ok(decode(bytes)?.text)
    }

    /// Reads a file.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, NotATable> {
        let Decoded { text, encoding } = decode(bytes)?;
        let delimiter = delimiter(&text);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let mut lines = Lines::of(&text);
        let mut columns: Option<Vec<String>> = None;
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        while reader
            .read_record(&mut record)
            .map_err(|_| NotATable::Binary)?
        {
            let line = lines.at(record.position().map_or(0, csv::Position::byte));
            let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            if columns.is_none() {
                columns = Some(cells);
                continue;
            }
            if rows.len() == MOST_ROWS {
                return Err(NotATable::TooManyRows);
            }
            rows.push(TableRow { line, cells });
        }
        let columns = columns.ok_or(NotATable::Empty)?;
        if columns.len() < 2 {
            return Err(NotATable::OneColumn);
        }
        if columns.len() > MOST_COLUMNS {
            return Err(NotATable::TooManyColumns);
        }
        if rows.is_empty() {
            return Err(NotATable::NoRows);
        }
        Ok(Self {
            encoding,
            delimiter: char::from(delimiter),
            columns,
            rows,
        })
    }

    /// The name of what stands between the cells.
    pub(crate) fn delimiter_name(&self) -> &'static str {
        match self.delimiter {
            ';' => "semicolons",
            '\t' => "tabs",
            _ => "commas",
        }
    }

    /// The first few values of a column, for judging by eye what it holds.
    pub(crate) fn sample(&self, column: usize) -> Vec<&str> {
        self.rows
            .iter()
            .filter_map(|row| row.cells.get(column).map(String::as_str))
            .filter(|cell| !cell.is_empty())
            .take(3)
            .collect()
    }
}

/// Counts lines as an editor shows them: the reader itself takes the end of one line
/// for the beginning of the next.
struct Lines<'a> {
    bytes: &'a [u8],
    counted: usize,
    line: i64,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            counted: 0,
            line: 1,
        }
    }

    /// The line of the first cell at or after this byte. Bytes only grow.
    fn at(&mut self, byte: u64) -> i64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        let rest = self.bytes.get(from..).unwrap_or_default();
        let empty = rest
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let start = (from + empty).min(self.bytes.len());
        while self.counted < start {
            let ends = match self.bytes[self.counted] {
                b'\n' => true,
                b'\r' => self.bytes.get(self.counted + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += i64::from(ends);
            self.counted += 1;
        }
        self.line
    }
}

/// Whatever parts the most cells of the first line, outside quotation marks.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.trim_start_matches(['\r', '\n', ' ']).bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == *delimiter);
                }
            }
        }
    }
    let mut best = counts[0];
    for other in counts {
        if other.1 > best.1 {
            best = other;
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_are_parted_by_whatever_the_file_uses() {
        let check = |text: &str, delimiter: char, columns: &[&str], first: &[&str]| {
            let table = Table::read(text.as_bytes()).expect(text);
            assert_eq!(table.delimiter, delimiter, "{text}");
            assert_eq!(table.columns, columns, "{text}");
            assert_eq!(table.rows[0].cells, first, "{text}");
        };
        check("a,b\n1,2", ',', &["a", "b"], &["1", "2"]);
        check("a;b\r\n1;2\r\n", ';', &["a", "b"], &["1", "2"]);
        check("a\tb\n1\t2", '\t', &["a", "b"], &["1", "2"]);
        check(
            "\"Surname, legal\";Class\n\"O\"\"Hara; x\";Oak",
            ';',
            &["Surname, legal", "Class"],
            &["O\"Hara; x", "Oak"],
        );
        check(
            "\n\n a , b \n\n 1 ,2, 3",
            ',',
            &["a", "b"],
            &["1", "2", "3"],
        );
        check("a,b\n=1+1,-2", ',', &["a", "b"], &["=1+1", "-2"]);
    }

    #[test]
    fn rows_know_their_lines() {
        let check = |text: &str, expected: &[i64]| {
            let table = Table::read(text.as_bytes()).expect(text);
            let lines: Vec<i64> = table.rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, expected, "{text:?}");
        };
        check("a,b\n1,2\n3,4", &[2, 3]);
        check("a,b\r\n1,2\r\n3,4\r\n", &[2, 3]);
        check("a,b\r1,2\r3,4", &[2, 3]);
        check("a,b\n1,\"two\nlines\"\n\n3,4", &[2, 5]);
        check("\n\na,b\n\n1,2", &[5]);
    }

    #[test]
    fn what_is_no_table_is_named() {
        let check = |text: &str, expected| {
            assert_eq!(Table::read(text.as_bytes()), Err(expected), "{text:.20}");
        };
        check("Name\nAnn", NotATable::OneColumn);
        check("a,b\n,\n", NotATable::NoRows);
        check(&",x".repeat(250), NotATable::TooManyColumns);
        check(
            &format!("a,b\n{}", "1,2\n".repeat(MOST_ROWS + 1)),
            NotATable::TooManyRows,
        );
        assert!(Table::read(format!("a,b\n{}", "1,2\n".repeat(MOST_ROWS)).as_bytes()).is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Table::read(&bytes);
        }

        #[test]
        fn no_text_makes_the_reader_fail(text in "[a-c\",;\t\r\n=\\x00é]{0,200}") {
            let _ = Table::read(text.as_bytes());
        }
    }
}
