//! The school's terms and closed days, as the rules reckon with them.

use belisha_rules::calendar::{Days, SchoolCalendar};

use crate::db::{Connection, Row, sql};
use crate::problem::Fault;
use crate::school::School;

/// The calendar as it is in the records now.
pub(crate) async fn of(
    connection: &mut Connection,
    school: &School,
) -> Result<SchoolCalendar, Fault> {
    let terms = sql("select starts_on, ends_on from school_term order by starts_on")
        .all(connection)
        .await?;
    let closures = sql("select starts_on, ends_on from school_closure order by starts_on")
        .all(connection)
        .await?;
    Ok(SchoolCalendar {
        terms: terms.iter().map(days).collect::<Result<_, _>>()?,
        closures: closures.iter().map(days).collect::<Result<_, _>>()?,
        extra_bank_holidays: Vec::new(),
        zone: school.settings().time_zone.clone(),
    })
}

fn days(row: &Row) -> Result<Days, Fault> {
    Ok(Days {
        first: row.date("starts_on")?,
        last: row.date("ends_on")?,
    })
}
