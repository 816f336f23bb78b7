//! Who has signed, as a file for a spreadsheet.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_rules::access::Action;
use jiff::civil::Date;

use super::{queries, signers};
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

pub(super) fn url(of: &str) -> String {
    format!("/agreements/{of}/signatures.csv")
}

pub(super) async fn get(viewer: Viewer, Path(of): Path<String>) -> Result<Response, Problem> {
    signers::may(&viewer, Action::ExportSignatures)?;
    queries::bound(&viewer.policy.policy, &of)?;
    let today = viewer.today();
    let mut records = viewer.read().await?;
    let lines = signers::lines(&mut records, &of, today).await?;
    drop(records);
    let file = file(&lines, today).map_err(|error| Fault::at("writing a list".into(), error))?;
    let tx = viewer.write().await?;
    tx.commit(
        Entry::of(EntryKind::AgreementExported, Object::new("agreement", &of))
            .fact("agreement", &of)
            .fact("people", lines.len()),
    )
    .await?;
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{of}-agreement-{today}.csv\""),
            ),
        ],
        file,
    )
        .into_response())
}

fn file(lines: &[signers::Line], today: Date) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(["Name", "Is", "Stands", "Due", "Signed", "Holds until"])?;
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    for line in lines {
        let stands = line.owed.stands(today);
        file.write_record([
            cell(&line.name),
            cell(line.standing.name()),
            signers::tag(stands).text,
            line.owed.due_on.to_string(),
            day(line.owed.signed_on),
            day(line.owed.until_on),
        ])?;
    }
    file.into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// A cell that a spreadsheet shows and never reckons: text that begins like a formula
/// gets an apostrophe before it.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let check = |text: &str, expected: &str| assert_eq!(cell(text), expected);
        check("Ann Lee", "Ann Lee");
        check("=1+1", "'=1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("+44 20", "'+44 20");
        check("-2", "'-2");
        check("\t=1", "'\t=1");
        check("", "");
    }
}
