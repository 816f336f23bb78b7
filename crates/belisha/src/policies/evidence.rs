//! Evidence: what a control's own query counts in the records, for one use of the
//! control on one day. The query is declared with the control; nothing here knows
//! which control it runs.

use belisha_policy::{Argument, Query, Settings};
use belisha_rules::assurance::{Standing, Tally, USUAL_NOTICE, count};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Connection, Row, sql};
use crate::problem::Fault;

/// One thing that was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// What it is: `person:<id>`, `backup:<id>`.
    pub(super) item: String,
    pub(super) label: String,
    pub(super) standing: Standing,
    pub(super) since: Option<Date>,
    pub(super) until: Option<Date>,
}

/// The day and the instant for which evidence is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) day: Date,
    pub(super) instant: Timestamp,
}

/// Runs a control's query.
pub(super) async fn lines(
    connection: &mut Connection,
    query: &Query,
    settings: &Settings,
    moment: Moment,
) -> Result<Vec<Line>, Fault> {
    let mut statement = sql(query.sql);
    for argument in query.arguments(settings, moment.day, moment.instant) {
        statement = match argument {
            Argument::Text(text) => statement.bind(text),
            Argument::Number(number) => statement.bind(number),
            Argument::YesNo(yes) => statement.bind(yes),
        };
    }
    statement.all(connection).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<Line, Fault> {
    let (since, until) = (
        row.date_optional("since_on")?,
        row.date_optional("until_on")?,
    );
    Ok(Line {
        item: row.get("item")?,
        label: row.get("label")?,
        standing: row.read("standing", |word| match word {
            "met" => Some(Standing::Met { until }),
            "due" => Some(Standing::Due),
            "not-met" => Some(Standing::NotMet { since }),
            _ => None,
        })?,
        since,
        until,
    })
}

/// What the lines come to.
pub(super) fn tally(lines: &[Line], day: Date) -> Tally {
    count(lines.iter().map(|line| line.standing), USUAL_NOTICE, day)
}
