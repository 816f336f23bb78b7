//! How wide each column of a table is: its longest word or a short phrase fits, and longer cells share the rest.

use belisha_paper::Table;

use crate::fonts;

/// The width of a table, and of the space on both sides of a cell, in units of its type's size.
const TABLE: f64 = 45.5;
const INSET: f64 = 1.1;
/// A cell up to this width, such as a date or a short name, stays on one line where that is possible.
const PHRASE: f64 = 11.0;
/// A word that fits exactly must not be broken by a rounding error.
const ROUNDING: f64 = 0.001;
const NARROWEST: f64 = 2.0;
const WIDEST_WORD: f64 = 16.0;
const WIDEST_CELL: f64 = 30.0;

/// One column of a table.
#[derive(Debug, PartialEq)]
pub(crate) struct Column {
    /// The width of the column, in the same units; the page stretches all columns to its own width.
    pub(crate) share: f64,
    /// The width for text, in units of the type's size.
    pub(crate) width: f64,
    /// Whether every cell is a number or empty, and at least one is a number.
    pub(crate) is_number: bool,
}

/// The columns of a table whose rows are as long as its header.
pub(crate) fn of(table: &Table) -> Vec<Column> {
    let wishes: Vec<Wish> = (0..table.header.len())
        .map(|place| wish(table, place))
        .collect();
    let least: f64 = wishes.iter().map(|wish| wish.least).sum();
    let more: f64 = wishes.iter().map(|wish| wish.more).sum();
    let rest = TABLE - least;
    wishes
        .iter()
        .enumerate()
        .map(|(place, wish)| {
            let share = if rest > 0.0 && more > 0.0 {
                wish.least + rest * wish.more / more
            } else {
                TABLE * wish.least / least
            };
            Column {
                share,
                width: (share - INSET + ROUNDING).max(0.0),
                is_number: is_number(table, place),
            }
        })
        .collect()
}

/// About how many lines the header takes.
pub(crate) fn header_lines(table: &Table, columns: &[Column]) -> usize {
    table
        .header
        .iter()
        .zip(columns)
        .map(|(cell, column)| {
            cell.lines()
                .map(|line| (fonts::width(line) / column.width).ceil().max(1.0) as usize)
                .sum()
        })
        .max()
        .unwrap_or(0)
}

/// What a column needs, and what it would like beyond that.
struct Wish {
    least: f64,
    more: f64,
}

fn wish(table: &Table, place: usize) -> Wish {
    let mut word: f64 = 0.0;
    let mut cell: f64 = 0.0;
    for text in cells(table, place).chain([table.header[place].as_str()]) {
        cell = text.lines().map(fonts::width).fold(cell, f64::max);
        word = text
            .split_whitespace()
            .map(fonts::width)
            .fold(word, f64::max);
    }
    let least = word.min(WIDEST_WORD).max(cell.min(PHRASE)).max(NARROWEST);
    Wish {
        least: least + INSET,
        more: (cell.min(WIDEST_CELL) - least).max(0.0),
    }
}

fn is_number(table: &Table, place: usize) -> bool {
    let is_figure = |text: &str| {
        text.chars()
            .all(|character| "0123456789.,%£+-−".contains(character))
    };
    let has_digit = |text: &str| text.contains(|character: char| character.is_ascii_digit());
    cells(table, place).all(is_figure) && cells(table, place).any(has_digit)
}

fn cells(table: &Table, place: usize) -> impl Iterator<Item = &str> {
    table.rows.iter().map(move |row| row[place].as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(header: &[&str], rows: &[&[&str]]) -> Table {
        let owned = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect();
        Table {
            caption: String::new(),
            header: owned(header),
            rows: rows.iter().map(|row| owned(row)).collect(),
        }
    }

    #[test]
    fn longer_cells_get_wider_columns() {
        let columns = of(&table(
            &["No", "What happened"],
            &[&["1", "A sentence of a certain length, as in a register"]],
        ));
        assert!(columns[1].share > 3.0 * columns[0].share, "{columns:?}");
    }

    #[test]
    fn words_and_short_phrases_stay_whole() {
        let long = "A sentence of a certain length, as people write it in a register of what happened at school";
        let columns = of(&table(
            &["Date", "What happened", "Minutes"],
            &[&["30 September 2026", long, "5"]],
        ));
        assert!(
            columns[0].width >= fonts::width("30 September 2026"),
            "{columns:?}"
        );
        assert!(columns[2].width >= fonts::width("Minutes"), "{columns:?}");
    }

    #[test]
    fn the_lines_of_a_header_are_those_of_its_tallest_cell() {
        fn check(header: &[&str], expected: std::ops::RangeInclusive<usize>) {
            let table = table(header, &[]);
            let lines = header_lines(&table, &of(&table));
            assert!(expected.contains(&lines), "{lines} lines for {header:?}");
        }
        check(&["No", "What happened"], 1..=1);
        check(&["No", "one\ntwo\nthree"], 3..=3);
        check(&["No", "W".repeat(400).as_str()], 9..=15);
    }

    #[test]
    fn columns_fill_the_table_and_no_more() {
        let columns = of(&table(
            &["A", "B", "C"],
            &[&["x", "y y y y", "z".repeat(200).as_str()]],
        ));
        let sum: f64 = columns.iter().map(|column| column.share).sum();
        assert!((sum - TABLE).abs() < 0.001, "{sum}");
    }

    #[test]
    fn numbers_are_told_from_words_and_dates() {
        fn check(cells: &[&str], expected: bool) {
            let rows: Vec<&[&str]> = cells.iter().map(std::slice::from_ref).collect();
            assert_eq!(
                of(&table(&["Column"], &rows))[0].is_number,
                expected,
                "{cells:?}"
            );
        }
        check(&["1", "2,000", "£3.50", "40%"], true);
        check(&["1", ""], true);
        check(&["", ""], false);
        check(&["-"], false);
        check(&["1", "two"], false);
        check(&["3 May"], false);
    }
}
