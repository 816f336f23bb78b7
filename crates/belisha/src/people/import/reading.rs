//! One row as a person: names, dates and numbers as people type them.

use belisha_rules::upn::{NotAPupilNumber, UniquePupilNumber};
use jiff::civil::Date;

use super::decode::is_foreign;
use super::fields::{Field, ImportKind, Mapping};
use super::table::TableRow;

/// The longest text that a cell may hold, in characters.
const LONGEST: usize = 200;

/// What a row says about one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Particulars {
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) telephone: Option<String>,
    pub(crate) upn: Option<String>,
    pub(crate) born_on: Option<Date>,
    pub(crate) job_title: Option<String>,
    pub(crate) starts_on: Option<Date>,
    pub(crate) ends_on: Option<Date>,
}

/// How an adult stands to a child, as the row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TieRead {
    pub(crate) relation: String,
    /// None where the file does not say who lives together.
    pub(crate) household: Option<String>,
    pub(crate) responsibility: bool,
    pub(crate) may_be_contacted: bool,
    pub(crate) priority: i64,
}

/// A row that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowRead {
    /// The pupil or member of staff; in a file of contacts, the child.
    pub(crate) person: Particulars,
    pub(crate) class: Option<String>,
    pub(crate) year_group: Option<String>,
    pub(crate) adult: Option<(Particulars, TieRead)>,
    /// What was left out, and why.
    pub(crate) warnings: Vec<String>,
}

/// Reads a row, or says in plain words why not and what to do.
pub(crate) fn read(
    kind: ImportKind,
    mapping: &Mapping,
    columns: usize,
    row: &TableRow,
    today: Date,
) -> Result<RowRead, String> {
    if row.cells.len() > columns && row.cells[columns..].iter().any(|cell| !cell.is_empty()) {
        return Err(format!(
            "The row has {} cells and the first line has {columns}. A comma in a name may lack its quotation marks.",
            row.cells.len()
        ));
    }
    let cells = Cells { mapping, row };
    let mut warnings = Vec::new();
    let named_by = match kind {
        ImportKind::Pupils | ImportKind::Staff => "",
        ImportKind::Contacts => "child’s ",
    };
    let name = cells.name(Field::FullName, Field::Forename, Field::Surname)?;
    let upn = match cells.text(Field::PupilNumber)? {
        None => None,
        Some(text) => match UniquePupilNumber::read(text) {
            Ok(number) => Some(number.as_str().to_owned()),
            Err(why) => {
                if kind == ImportKind::Contacts {
                    return Err(why.to_string());
                }
                warnings.push(left_out(why));
                None
            }
        },
    };
    if name.is_empty() && !(kind == ImportKind::Contacts && upn.is_some()) {
        return Err(format!(
            "The {named_by}name is empty. Fill it in, or take the row out."
        ));
    }
    let born_on = cells.date(Field::BornOn)?;
    if born_on.is_some_and(|day| day > today || day.year() < 1900) {
        return Err("The date of birth cannot be right. Correct it.".into());
    }
    let (starts_on, ends_on) = (cells.date(Field::StartsOn)?, cells.date(Field::EndsOn)?);
    if let (Some(starts), Some(ends)) = (starts_on, ends_on)
        && ends < starts
    {
        return Err("The last day is before the first day. Correct one of them.".into());
    }
    let (email, telephone) = (
        cells.email()?,
        cells.text(Field::Telephone)?.map(str::to_owned),
    );
    let person = Particulars {
        name,
        upn,
        born_on,
        job_title: cells.text(Field::JobTitle)?.map(str::to_owned),
        starts_on,
        ends_on,
        ..Particulars::default()
    };
    let (person, adult) = match kind {
        ImportKind::Pupils => (person, None),
        ImportKind::Staff => (
            Particulars {
                email,
                telephone,
                ..person
            },
            None,
        ),
        ImportKind::Contacts => {
            let adult = Particulars {
                name: cells.name(Field::AdultName, Field::AdultForename, Field::AdultSurname)?,
                email,
                telephone,
                ..Particulars::default()
            };
            if adult.name.is_empty() {
                return Err("The adult’s name is empty. Fill it in, or take the row out.".into());
            }
            (person, Some((adult, cells.tie()?)))
        }
    };
    Ok(RowRead {
        person,
        class: cells.text(Field::Class)?.map(str::to_owned),
        year_group: cells.text(Field::YearGroup)?.map(str::to_owned),
        adult,
        warnings,
    })
}

fn left_out(why: NotAPupilNumber) -> String {
    format!("The pupil number is left out. {why}")
}

struct Cells<'a> {
    mapping: &'a Mapping,
    row: &'a TableRow,
}

impl<'a> Cells<'a> {
    /// A cell's text; none where it is empty or the row is too short.
    fn text(&self, field: Field) -> Result<Option<&'a str>, String> {
        let cell = self
            .mapping
            .get(&field)
            .and_then(|column| self.row.cells.get(*column))
            .map(String::as_str)
            .filter(|text| !text.is_empty());
        let Some(text) = cell else {
            return Ok(None);
        };
        if text
            .chars()
            .any(|character| is_foreign(character) || character.is_control())
        {
            return Err(
                "A cell holds a sign that is no letter, or a line break. Type the cell again."
                    .into(),
            );
        }
        if text.chars().count() > LONGEST {
            return Err(format!(
                "A cell holds more than {LONGEST} characters. A quotation mark may be missing on this line."
            ));
        }
        Ok(Some(text))
    }

    fn name(&self, whole: Field, first: Field, last: Field) -> Result<String, String> {
        let parts = match (self.text(first)?, self.text(last)?) {
            (Some(first), Some(last)) => format!("{first} {last}"),
            (first, last) => match self.text(whole)? {
                Some(whole) => in_order(whole),
                None => first.or(last).unwrap_or_default().to_owned(),
            },
        };
        Ok(parts.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn date(&self, field: Field) -> Result<Option<Date>, String> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        date(text).map(Some).ok_or_else(|| {
            format!("“{text}” is not a date that exists. Write it as 27/03/2019 or 2019-03-27.")
        })
    }

    fn email(&self) -> Result<Option<String>, String> {
        let Some(text) = self.text(Field::Email)? else {
            return Ok(None);
        };
        email(text).map(Some).ok_or_else(|| {
            format!("“{text}” is not an e-mail address. Correct it, or leave it empty.")
        })
    }

    fn truth(&self, field: Field, unsaid: bool) -> Result<bool, String> {
        let Some(text) = self.text(field)? else {
            return Ok(unsaid);
        };
        match text.to_lowercase().as_str() {
            "y" | "yes" | "t" | "true" | "1" | "x" => Ok(true),
            "n" | "no" | "f" | "false" | "0" | "-" => Ok(false),
            _ => Err(format!("“{text}” is neither yes nor no. Write Yes or No.")),
        }
    }

    fn tie(&self) -> Result<TieRead, String> {
        let lives_with = self.truth(Field::LivesWith, false)?;
        let household = match self.text(Field::Household)? {
            Some(named) => Some(named.to_owned()),
            None if lives_with => Some("Lives with the child".to_owned()),
            None => None,
        };
        let priority = match self.text(Field::Priority)? {
            None => 9,
            Some(text) => text
                .parse::<i64>()
                .ok()
                .filter(|number| (0..=99).contains(number))
                .ok_or_else(|| {
                    format!("“{text}” is not a contact priority. Write a number from 1 to 99.")
                })?,
        };
        Ok(TieRead {
            relation: self.text(Field::Relation)?.unwrap_or("Contact").to_owned(),
            household,
            responsibility: self.truth(Field::Responsibility, false)?,
            may_be_contacted: self.truth(Field::MayBeContacted, true)?,
            priority,
        })
    }
}

/// "Lee, Ann" is Ann Lee.
fn in_order(whole: &str) -> String {
    match whole.split(',').collect::<Vec<_>>()[..] {
        [last, first] if !first.trim().is_empty() => format!("{first} {last}"),
        _ => whole.to_owned(),
    }
}

/// An e-mail address in small letters, if it has the shape of one.
pub(crate) fn email(text: &str) -> Option<String> {
    let (name, host) = text.rsplit_once('@')?;
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|character| !character.is_whitespace() && !",;<>()@".contains(character))
    };
    (plain(name)
        && plain(host)
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.'))
    .then(|| text.to_lowercase())
}

/// A date as registers write it: day first, or the ISO form, with or without a time.
pub(crate) fn date(text: &str) -> Option<Date> {
    let day = text.split([' ', 'T']).next()?;
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [first, month, last] = parts[..] else {
        return None;
    };
    let (year, day) = if first.len() == 4 {
        (first, last)
    } else {
        (last, first)
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4
        || day.len() > 2
        || month.len() > 2
        || ![year, month, day].into_iter().all(digits)
    {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TODAY: Date = jiff::civil::date(2026, 9, 23);

    fn pupil(cells: &[&str]) -> Result<RowRead, String> {
        let mapping = Mapping::from([
            (Field::PupilNumber, 0),
            (Field::Forename, 1),
            (Field::Surname, 2),
            (Field::BornOn, 3),
            (Field::Class, 4),
        ]);
        let row = TableRow {
            line: 2,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        read(ImportKind::Pupils, &mapping, 5, &row, TODAY)
    }

    #[test]
    fn dates_are_read_day_first_or_in_the_iso_form() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(
                date(text).map(|day| day.to_string()).as_deref(),
                expected,
                "{text}"
            );
        };
        check("27/03/2019", Some("2019-03-27"));
        check("7/3/2019", Some("2019-03-07"));
        check("2019-03-27", Some("2019-03-27"));
        check("2019-03-27T00:00:00", Some("2019-03-27"));
        check("27/03/2019 00:00", Some("2019-03-27"));
        check("27.03.2019", Some("2019-03-27"));
        check("29/02/2020", Some("2020-02-29"));
        check("29/02/2019", None);
        check("31/04/2019", None);
        check("03/27/2019", None);
        check("27/03/19", None);
        check("43551", None);
        check("soon", None);
        check("", None);
    }

    #[test]
    fn a_row_is_read_whole() {
        let read =
            pupil(&["B801200005001", " Zoë ", "O’Hara-Lee", "27/03/2019", "Oak"]).expect("a row");
        assert_eq!(read.person.name, "Zoë O’Hara-Lee");
        assert_eq!(read.person.upn.as_deref(), Some("B801200005001"));
        assert_eq!(read.person.born_on, Some(jiff::civil::date(2019, 3, 27)));
        assert_eq!(read.class.as_deref(), Some("Oak"));
        assert!(read.warnings.is_empty());
        // A short row has empty cells at its end.
        assert_eq!(
            pupil(&["", "Ann", "Lee"]).expect("a row").person.name,
            "Ann Lee"
        );
        // What looks like a formula is a name like any other.
        assert_eq!(
            pupil(&["", "=1+1", "Lee"]).expect("a row").person.name,
            "=1+1 Lee"
        );
    }

    #[test]
    fn a_row_that_cannot_be_read_says_what_to_do() {
        let check = |cells: &[&str], expected: &str| {
            let said = pupil(cells).expect_err("a refusal");
            assert!(said.contains(expected), "{said}");
        };
        check(&["", "", "", "27/03/2019"], "name is empty");
        check(&["", "Ann", "Lee", "31/04/2019"], "not a date that exists");
        check(
            &["", "Ann", "Lee", "27/03/2031"],
            "date of birth cannot be right",
        );
        check(
            &["", "Ann", "Lee", "", "Oak", "extra"],
            "6 cells and the first line has 5",
        );
        check(&["", "An\0n", "Lee"], "no letter");
        check(&["", &"x".repeat(201), "Lee"], "more than 200");
    }

    #[test]
    fn a_wrong_check_letter_is_named_and_the_child_is_kept() {
        let read = pupil(&["A801200005001", "Ann", "Lee"]).expect("a row");
        assert_eq!(read.person.upn, None);
        assert!(
            read.warnings[0].contains("these digits need B, not A"),
            "{:?}",
            read.warnings
        );
    }

    #[test]
    fn an_adult_is_read_with_the_tie() {
        let mapping = Mapping::from([
            (Field::PupilNumber, 0),
            (Field::AdultName, 1),
            (Field::Relation, 2),
            (Field::Email, 3),
            (Field::LivesWith, 4),
            (Field::Responsibility, 5),
            (Field::Priority, 6),
        ]);
        let row = |cells: &[&str]| TableRow {
            line: 2,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        let check = |cells: &[&str]| read(ImportKind::Contacts, &mapping, 7, &row(cells), TODAY);
        let (adult, tie) = check(&[
            "B801200005001",
            "Lee, Ann",
            "Mother",
            "Ann@Home.example",
            "T",
            "Yes",
            "1",
        ])
        .expect("a row")
        .adult
        .expect("an adult");
        assert_eq!(
            (adult.name.as_str(), adult.email.as_deref()),
            ("Ann Lee", Some("ann@home.example"))
        );
        assert_eq!(
            tie,
            TieRead {
                relation: "Mother".into(),
                household: Some("Lives with the child".into()),
                responsibility: true,
                may_be_contacted: true,
                priority: 1
            }
        );
        let refused = |cells: &[&str], expected: &str| {
            let said = check(cells).expect_err("a refusal");
            assert!(said.contains(expected), "{said}");
        };
        refused(&["A801200005001", "Ann Lee"], "these digits need B");
        refused(&["B801200005001", ""], "adult’s name is empty");
        refused(
            &["B801200005001", "Ann Lee", "", "ann at home"],
            "not an e-mail address",
        );
        refused(
            &["B801200005001", "Ann Lee", "", "", "maybe"],
            "neither yes nor no",
        );
        refused(
            &["B801200005001", "Ann Lee", "", "", "", "", "first"],
            "not a contact priority",
        );
    }

    proptest! {
        #[test]
        fn no_date_makes_the_reader_fail(text in "\\PC{0,20}") {
            let _ = date(&text);
        }

        #[test]
        fn a_written_date_is_read_back(year in 1900_i16..2100, month in 1_i8..=12, day in 1_i8..=28) {
            let written = Date::new(year, month, day).unwrap();
            prop_assert_eq!(date(&written.to_string()), Some(written));
            prop_assert_eq!(date(&format!("{day}/{month}/{year}")), Some(written));
        }
    }
}
