//! The table for the recorder that the school has, in columns of its own names.

use belisha_policy::Word as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::pack::{Item, Pack};
use super::words::Column;

/// The table as a file: with the mark by which Excel knows UTF-8, and no cell a formula.
pub(super) fn file(pack: &Pack, zone: &TimeZone) -> Result<Vec<u8>, csv::Error> {
    let columns: Vec<(Column, &str)> = Column::all()
        .filter_map(|column| Some((column, pack.column(column)?)))
        .collect();
    let pupils: Vec<String> = belisha_rules::masking::labels(&pack.known())
        .into_iter()
        .zip(&pack.people)
        .filter(|(_, person)| person.is_pupil && person.part != "named in the text")
        .map(|(label, person)| {
            label.unwrap_or_else(|| person.names.first().cloned().unwrap_or_default())
        })
        .collect();
    let pupils = pupils.join("; ");
    let mut file = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    file.write_record(columns.iter().map(|(_, name)| cell(name)))?;
    for item in pack.items.iter().filter(|item| item.held_back.is_none()) {
        file.write_record(
            columns
                .iter()
                .map(|(column, _)| cell(&value(*column, item, &pupils, zone))),
        )?;
    }
    file.into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

fn value(column: Column, item: &Item, pupils: &str, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(item.at_ms)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(zone.clone());
    match column {
        Column::Date => item
            .on
            .unwrap_or_else(|| at.date())
            .strftime("%d/%m/%Y")
            .to_string(),
        Column::Time => at.strftime("%H:%M").to_string(),
        Column::People => pupils.to_owned(),
        Column::Kind => item.kind.clone(),
        Column::What => item.what.clone(),
        Column::Text => item.leaves.clone(),
        Column::By => item.by_leaves.clone(),
        Column::Reference => item.case.clone(),
    }
}

/// A cell that a spreadsheet shows and never reckons, also where what begins a formula
/// stands behind what is not seen.
pub(crate) fn cell(text: &str) -> String {
    let first = text
        .chars()
        .find(|letter| !letter.is_control() && !letter.is_whitespace());
    let begins = text.chars().next();
    let formula = |letter: Option<char>| {
        letter.is_some_and(|letter| {
            matches!(
                letter,
                '=' | '+' | '-' | '@' | '|' | '＝' | '＋' | '－' | '＠'
            )
        })
    };
    if formula(first) || matches!(begins, Some('\t' | '\r' | '\n')) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        let check = |text: &str, expected: &str| assert_eq!(cell(text), expected);
        check("Pip was sad", "Pip was sad");
        check("=1+1", "'=1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("-2", "'-2");
        check("+44", "'+44");
        check("\u{7}=1", "'\u{7}=1");
        check("  =1", "'  =1");
        check("\tx", "'\tx");
        check("＝1", "'＝1");
        check("", "");
    }
}
