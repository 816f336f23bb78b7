//! The school’s terms, and days inside them on which it is closed. Deadlines
//! in school days are counted by it. One form, for the set-up and for later.

use askama::Template;
use belisha_rules::calendar::{CalendarFault, Days, SchoolCalendar};
use belisha_ui::Html;
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::problem::Problem;
use crate::tx::Tx;

/// Empty rows offered below what is there.
const SPARE_TERMS: usize = 1;
const SPARE_CLOSURES: usize = 3;

/// What was typed: rows with a name and two dates, as lists of equal length.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    #[serde(default)]
    term: Vec<String>,
    #[serde(default)]
    term_from: Vec<String>,
    #[serde(default)]
    term_until: Vec<String>,
    #[serde(default)]
    closure: Vec<String>,
    #[serde(default)]
    closure_from: Vec<String>,
    #[serde(default)]
    closure_until: Vec<String>,
}

/// A span of days with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) name: String,
    pub(super) from: Date,
    pub(super) until: Date,
}

/// A calendar that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Calendar {
    pub(super) terms: Vec<Span>,
    pub(super) closures: Vec<Span>,
}

impl Calendar {
    /// The usual half terms of the school year in which a day falls; the school puts in
    /// its own dates.
    pub(super) fn usual(today: Date) -> Self {
        let year = if today.month() >= 7 {
            today.year()
        } else {
            today.year() - 1
        };
        let next = year + 1;
        let term = |name: String, from: Date, until: Date| Span { name, from, until };
        let date = jiff::civil::date;
        Self {
            terms: vec![
                term(
                    format!("Autumn {year}, first half"),
                    date(year, 9, 2),
                    date(year, 10, 23),
                ),
                term(
                    format!("Autumn {year}, second half"),
                    date(year, 11, 2),
                    date(year, 12, 18),
                ),
                term(
                    format!("Spring {next}, first half"),
                    date(next, 1, 4),
                    date(next, 2, 12),
                ),
                term(
                    format!("Spring {next}, second half"),
                    date(next, 2, 22),
                    date(next, 3, 26),
                ),
                term(
                    format!("Summer {next}, first half"),
                    date(next, 4, 12),
                    date(next, 5, 28),
                ),
                term(
                    format!("Summer {next}, second half"),
                    date(next, 6, 7),
                    date(next, 7, 21),
                ),
            ],
            closures: Vec::new(),
        }
    }

    /// As it stands in the records.
    pub(super) async fn kept(connection: &mut Connection) -> Result<Self, Problem> {
        let read = |rows: Vec<crate::db::Row>| {
            rows.iter()
                .map(|row| {
                    Ok(Span {
                        name: row.get("name")?,
                        from: row.date("starts_on")?,
                        until: row.date("ends_on")?,
                    })
                })
                .collect::<Result<Vec<_>, Problem>>()
        };
        let terms = sql("select name, starts_on, ends_on from school_term order by starts_on, id")
            .all(connection)
            .await?;
        let closures =
            sql("select name, starts_on, ends_on from school_closure order by starts_on, id")
                .all(connection)
                .await?;
        Ok(Self {
            terms: read(terms)?,
            closures: read(closures)?,
        })
    }

    /// Writes it in place of what was there.
    pub(super) async fn write(&self, tx: &mut Tx) -> Result<(), Problem> {
        tx.run(sql("delete from school_term")).await?;
        tx.run(sql("delete from school_closure")).await?;
        for span in &self.terms {
            let id = tx.school().new_row_id();
            tx.run_one(
                sql("insert into school_term (id, name, starts_on, ends_on) values ($1, $2, $3, $4)")
                    .bind(id)
                    .bind(&span.name)
                    .bind(span.from)
                    .bind(span.until),
            )
            .await?;
        }
        for span in &self.closures {
            let id = tx.school().new_row_id();
            tx.run_one(
                sql("insert into school_closure (id, name, starts_on, ends_on) values ($1, $2, $3, $4)")
                    .bind(id)
                    .bind(&span.name)
                    .bind(span.from)
                    .bind(span.until),
            )
            .await?;
        }
        Ok(())
    }

    /// The same as it would be typed.
    pub(super) fn typed(&self) -> Typed {
        let column = |spans: &[Span], cell: fn(&Span) -> String| spans.iter().map(cell).collect();
        let name = |span: &Span| span.name.clone();
        let from = |span: &Span| span.from.to_string();
        let until = |span: &Span| span.until.to_string();
        Typed {
            term: column(&self.terms, name),
            term_from: column(&self.terms, from),
            term_until: column(&self.terms, until),
            closure: column(&self.closures, name),
            closure_from: column(&self.closures, from),
            closure_until: column(&self.closures, until),
        }
    }
}

impl Typed {
    /// Reads it, or says what needs correcting, once for each row.
    pub(super) fn read(&self) -> Result<Calendar, Vec<(&'static str, String)>> {
        let mut faults = Vec::new();
        let terms = spans(
            "terms",
            &self.term,
            &self.term_from,
            &self.term_until,
            &mut faults,
        );
        let closures = spans(
            "closures",
            &self.closure,
            &self.closure_from,
            &self.closure_until,
            &mut faults,
        );
        if terms.is_empty() && faults.is_empty() {
            faults.push(("terms", "Enter at least one term".to_owned()));
        }
        let mut sorted = terms.clone();
        sorted.sort_by_key(|span| span.from);
        for pair in sorted.windows(2) {
            if pair[1].from <= pair[0].until {
                faults.push((
                    "terms",
                    format!(
                        "“{}” begins before “{}” has ended",
                        pair[1].name, pair[0].name
                    ),
                ));
            }
        }
        for closure in &closures {
            let inside = terms
                .iter()
                .any(|term| closure.from <= term.until && closure.until >= term.from);
            if !inside && !terms.is_empty() {
                faults.push((
                    "closures",
                    format!(
                        "“{}” lies outside all terms, where the school is closed anyway",
                        closure.name
                    ),
                ));
            }
        }
        if faults.is_empty() {
            faults = without_school_days(&terms, &closures);
        }
        if faults.is_empty() {
            Ok(Calendar { terms, closures })
        } else {
            Err(faults)
        }
    }

    /// The fields, with what was typed.
    pub(super) fn fields(&self) -> Html {
        Html::of(&CalendarFields {
            groups: vec![
                Group {
                    id: "terms",
                    legend: "Terms",
                    hint: "Each half term is a row. Leave a row empty to take it out.",
                    rows: rows(
                        "term",
                        &self.term,
                        &self.term_from,
                        &self.term_until,
                        SPARE_TERMS,
                    ),
                },
                Group {
                    id: "closures",
                    legend: "Closed to pupils",
                    hint: "Training days and other days inside a term. Bank holidays are known already.",
                    rows: rows(
                        "closure",
                        &self.closure,
                        &self.closure_from,
                        &self.closure_until,
                        SPARE_CLOSURES,
                    ),
                },
            ],
        })
    }
}

/// Terms in which no school day is left, so that no deadline in them could ever come.
fn without_school_days(terms: &[Span], closures: &[Span]) -> Vec<(&'static str, String)> {
    let days = |spans: &[Span]| {
        spans
            .iter()
            .map(|span| Days {
                first: span.from,
                last: span.until,
            })
            .collect()
    };
    let calendar = SchoolCalendar {
        terms: days(terms),
        closures: days(closures),
        ..SchoolCalendar::of_england_and_wales()
    };
    calendar
        .faults()
        .into_iter()
        .filter(|fault| matches!(fault, CalendarFault::NoSchoolDay(_)))
        .map(|fault| ("terms", fault.sentence()))
        .collect()
}

fn cell(column: &[String], at: usize) -> &str {
    column.get(at).map_or("", |text| text.trim())
}

/// Rows that are wholly empty are left out.
fn spans(
    field: &'static str,
    names: &[String],
    from: &[String],
    until: &[String],
    faults: &mut Vec<(&'static str, String)>,
) -> Vec<Span> {
    let mut spans = Vec::new();
    for at in 0..names.len().max(from.len()).max(until.len()) {
        let (name, first, last) = (cell(names, at), cell(from, at), cell(until, at));
        if name.is_empty() && first.is_empty() && last.is_empty() {
            continue;
        }
        let called = if name.is_empty() {
            format!("Row {}", at + 1)
        } else {
            format!("“{name}”")
        };
        if name.is_empty() || name.chars().count() > 60 {
            faults.push((
                field,
                format!("{called}: enter a name of at most 60 letters"),
            ));
            continue;
        }
        match (first.parse::<Date>(), last.parse::<Date>()) {
            (Ok(from), Ok(until)) if from > until => {
                faults.push((field, format!("{called}: it ends before it begins")));
            }
            (Ok(from), Ok(until)) if until.duration_since(from).as_hours() > 24 * 200 => {
                faults.push((
                    field,
                    format!("{called}: it is longer than half a year; check the years"),
                ));
            }
            (Ok(from), Ok(until)) => spans.push(Span {
                name: name.to_owned(),
                from,
                until,
            }),
            (Err(_), _) | (_, Err(_)) => {
                faults.push((
                    field,
                    format!("{called}: enter both dates, such as 2026-09-02"),
                ));
            }
        }
    }
    spans
}

/// The rows as the form shows them.
#[derive(Template)]
#[template(path = "schools/terms.html")]
struct CalendarFields {
    groups: Vec<Group>,
}

impl askama::filters::HtmlSafe for CalendarFields {}

struct Group {
    id: &'static str,
    legend: &'static str,
    hint: &'static str,
    rows: Vec<Row>,
}

struct Row {
    kind: &'static str,
    number: usize,
    name: String,
    from: String,
    until: String,
}

fn rows(
    kind: &'static str,
    names: &[String],
    from: &[String],
    until: &[String],
    spare: usize,
) -> Vec<Row> {
    (0..names.len() + spare)
        .map(|at| Row {
            kind,
            number: at + 1,
            name: cell(names, at).to_owned(),
            from: cell(from, at).to_owned(),
            until: cell(until, at).to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(terms: &[(&str, &str, &str)], closures: &[(&str, &str, &str)]) -> Typed {
        let column = |rows: &[(&str, &str, &str)], cell: fn(&(&str, &str, &str)) -> String| {
            rows.iter().map(cell).collect()
        };
        Typed {
            term: column(terms, |row| row.0.to_owned()),
            term_from: column(terms, |row| row.1.to_owned()),
            term_until: column(terms, |row| row.2.to_owned()),
            closure: column(closures, |row| row.0.to_owned()),
            closure_from: column(closures, |row| row.1.to_owned()),
            closure_until: column(closures, |row| row.2.to_owned()),
        }
    }

    #[test]
    fn a_calendar_is_read_or_says_what_is_wrong() {
        let check = |terms: &[(&str, &str, &str)], closures: &[(&str, &str, &str)], says: &str| {
            match typed(terms, closures).read() {
                Ok(_) => assert_eq!(says, "", "{terms:?} {closures:?}"),
                Err(faults) => {
                    assert!(!says.is_empty() && faults[0].1.contains(says), "{faults:?}");
                }
            }
        };
        let autumn = ("Autumn", "2026-09-02", "2026-12-18");
        check(&[autumn], &[], "");
        check(&[autumn, ("", "", "")], &[("", " ", "")], "");
        check(
            &[autumn],
            &[("Training day", "2026-09-02", "2026-09-02")],
            "",
        );
        // A year of no school days: all weekend, or all closed.
        check(
            &[("Autumn", "2026-09-05", "2026-09-06")],
            &[],
            "has no school day left",
        );
        check(
            &[autumn],
            &[("Closed", "2026-09-01", "2026-12-31")],
            "has no school day left",
        );
        check(&[], &[], "at least one term");
        check(
            &[("Autumn", "2026-12-18", "2026-09-02")],
            &[],
            "ends before it begins",
        );
        check(
            &[("Autumn", "2 September", "2026-12-18")],
            &[],
            "enter both dates",
        );
        check(&[("", "2026-09-02", "2026-12-18")], &[], "enter a name");
        check(
            &[("Autumn", "2026-09-02", "2062-12-18")],
            &[],
            "longer than half a year",
        );
        check(
            &[autumn, ("Spring", "2026-12-18", "2027-02-12")],
            &[],
            "begins before “Autumn” has ended",
        );
        check(
            &[autumn],
            &[("Easter", "2027-04-01", "2027-04-05")],
            "outside all terms",
        );
    }

    #[test]
    fn the_usual_calendar_is_right_as_it_stands() {
        for day in ["2026-07-01", "2026-09-23", "2027-01-10", "2027-06-30"] {
            let usual = Calendar::usual(day.parse().expect("a date"));
            assert_eq!(usual.typed().read(), Ok(usual), "{day}");
        }
    }
}
