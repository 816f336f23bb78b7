//! What became of every row, as a file. Cells that a spreadsheet would take for a
//! formula are made harmless.

use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;

use super::columns;
use super::job::BEYOND_THE_FILE;
use super::plan::{Fate, plan};
use super::register::Register;
use super::{Import, ImportState};
use crate::db::{Connection, sql};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

pub(crate) fn url(id: &str) -> String {
    format!("/people/import/{id}/rows")
}

/// A row's line, fate and words.
type RowFate = (i64, Fate, String);

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let import = super::load(&mut records, &viewer, &id).await?;
    let rows = match import.state {
        ImportState::Mapping => planned(&mut records, &viewer, &import, &pairs).await?,
        ImportState::Done => done(&mut records, &id).await?,
        ImportState::Running | ImportState::Abandoned => return Err(Problem::NotFound),
    };
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"import-rows.csv\"",
            ),
        ],
        file(&rows)?,
    )
        .into_response())
}

async fn planned(
    connection: &mut Connection,
    viewer: &Viewer,
    import: &Import,
    pairs: &[(String, String)],
) -> Result<Vec<RowFate>, Problem> {
    let table = import.table(&viewer.school)?;
    let mapping = columns::chosen(import, &table, pairs)
        .map_err(|_| Problem::GoTo(columns::url(&import.id)))?;
    let register = Register::load(connection).await?;
    let would = plan(import.kind, &table, &mapping, &register, viewer.today());
    Ok(would
        .decisions
        .into_iter()
        .map(|decision| (decision.line, decision.fate, decision.says))
        .collect())
}

async fn done(connection: &mut Connection, id: &str) -> Result<Vec<RowFate>, Fault> {
    sql("select line, fate, says from person_import_row where import = $1 order by line")
        .bind(id)
        .all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.get("line")?,
                row.read("fate", Fate::from_key)?,
                row.get("says")?,
            ))
        })
        .collect()
}

/// UTF-8 with a mark, since spreadsheets on Windows would guess another encoding.
fn file(rows: &[RowFate]) -> Result<Vec<u8>, Fault> {
    let broken = |error: csv::Error| Fault::at("writing a file of rows".into(), error);
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer
        .write_record(["Line", "What became of it", "In words"])
        .map_err(broken)?;
    for (line, fate, says) in rows {
        let line = if *line >= BEYOND_THE_FILE {
            String::new()
        } else {
            line.to_string()
        };
        writer
            .write_record([line.as_str(), fate.name(), &harmless(says)])
            .map_err(broken)?;
    }
    writer
        .into_inner()
        .map_err(|error| Fault::at("writing a file of rows".into(), error.into_error()))
}

/// The text of a cell that no spreadsheet takes for a formula, nor what is left of it
/// when a program drops signs that are not seen (SECURITY-BAR D06; OWASP ASVS 1.2.10).
pub(crate) fn harmless(text: &str) -> String {
    let seen: String = text
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    let first = seen
        .chars()
        .find(|character| !character.is_whitespace() && !is_invisible(*character));
    match first {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%') => {
            format!("'{seen}")
        }
        _ => seen,
    }
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_made_harmless() {
        let check = |text: &str, expected: &str| assert_eq!(harmless(text), expected, "{text:?}");
        check("Ann Lee is added.", "Ann Lee is added.");
        check("=cmd()", "'=cmd()");
        check("+1", "'+1");
        check("-1", "'-1");
        check("@sum", "'@sum");
        check("\t=cmd()", "'=cmd()");
        check("\u{0}\r\n=cmd()", "'=cmd()");
        check("\u{feff} =cmd()", "'\u{feff} =cmd()");
        check("＝cmd()", "'＝cmd()");
        check("a=b", "a=b");
        check("", "");
    }

    proptest! {
        #[test]
        fn no_cell_begins_with_a_formula(text in "[\\x00-\\x20=+\\-@a]{0,12}") {
            let made = harmless(&text);
            let first = made.trim_start().chars().next();
            prop_assert!(!matches!(first, Some('=' | '+' | '-' | '@')), "{made:?}");
        }
    }
}
