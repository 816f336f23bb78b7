//! What happens without anybody: each school year's roll is imported, and on the last nights
//! the program does its own work, so that the newest backups are real ones and proved.

use jiff::Span;

use super::agenda::Agenda;
use super::living::Deed;
use super::{Life, founding};
use crate::problem::Fault;

/// So many nights before the present. Each makes a whole backup and restores it, which for
/// every night of the years would take longer than the years' other life together.
const NIGHTS: i64 = 3;

pub(super) fn plan(life: &Life<'_>, agenda: &mut Agenda<Deed>) -> Result<(), Fault> {
    let first = founding::school_year(life.school.today());
    for school_year in first + 1..=founding::school_year(life.until) {
        let [(_, training_day, _), ..] = founding::half_terms(school_year);
        agenda.plan(life.at(training_day, 8, 0)?, Deed::NewYear { school_year });
    }
    for ago in (0..NIGHTS).rev() {
        let day = life.until - Span::new().days(ago);
        agenda.plan(life.at(day, 4, 0)?, Deed::Night);
    }
    Ok(())
}
