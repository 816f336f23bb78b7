//! The beginning of a made-up school: its facts, its calendar, its recovery kit and
//! the policy that it follows.

use belisha_vault::{Kit, KitRecipient};
use jiff::Span;
use jiff::civil::{Date, Weekday, date};

use crate::clock::ForVault;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::policies::adopt;
use crate::problem::Problem;
use crate::tx::Tx;

use super::{Life, Pack};

/// Sets the school up as the wizard would; the public half of its recovery kit.
pub(super) async fn set_up(
    life: &Life<'_>,
    name: &str,
    pack: Pack,
) -> Result<KitRecipient, Problem> {
    let school = life.school;
    let mut tx = life.act_of_the_program().await?;
    let (now, today) = (tx.now(), tx.today());
    tx.run_one(
        sql("insert into school (only_row, id, name, address, town, urn, time_zone, demonstration, set_up_at)
             values (1, $1, $2, '1 Beacon Lane', $3, '', 'Europe/London', true, $4)")
        .bind(school.new_row_id())
        .bind(name)
        .bind(name.split(' ').next().unwrap_or(name))
        .bind(now),
    )
    .await?;
    terms(&mut tx, today, life.until).await?;
    let kit = Kit::new(&mut ForVault(&*school.chance)).recipient();
    tx.run_one(
        sql(
            "insert into recovery_kit (id, recipient, made_at, made_by, confirmed_at, retired_at)
             values ($1, $2, $3, 'system:set-up', $3, null)",
        )
        .bind(school.new_row_id())
        .bind(kit.to_string())
        .bind(now),
    )
    .await?;
    adopt(&mut tx, pack.policy(), "Full governing body, item 7").await?;
    tx.commit(Entry::of(
        EntryKind::SchoolSetUp,
        Object::new("school", "set-up"),
    ))
    .await?;
    school.settings_changed().await?;
    Ok(kit)
}

/// Every half term from the school year of one day to that of another, and the
/// training day that begins each.
async fn terms(tx: &mut Tx, from: Date, until: Date) -> Result<(), Problem> {
    let year_of = |day: Date| {
        if day.month() >= 8 {
            day.year()
        } else {
            day.year() - 1
        }
    };
    for year in year_of(from)..=year_of(until) {
        for (name, starts, ends) in half_terms(year) {
            let id = tx.school().new_row_id();
            tx.run_one(
                sql("insert into school_term (id, name, starts_on, ends_on) values ($1, $2, $3, $4)")
                    .bind(id)
                    .bind(name)
                    .bind(starts)
                    .bind(ends),
            )
            .await?;
        }
        let id = tx.school().new_row_id();
        tx.run_one(
            sql("insert into school_closure (id, name, starts_on, ends_on) values ($1, 'Training day', $2, $2)")
                .bind(id)
                .bind(half_terms(year)[0].1),
        )
        .await?;
    }
    Ok(())
}

/// The half terms of the school year that begins in this autumn, each from a Monday to
/// a Friday.
pub(super) fn half_terms(year: i16) -> [(String, Date, Date); 6] {
    let next = year + 1;
    let term = |name: &str, from: Date, until: Date| {
        (name.to_owned(), monday_from(from), friday_until(until))
    };
    [
        term(
            &format!("Autumn {year}, first half"),
            date(year, 9, 1),
            date(year, 10, 24),
        ),
        term(
            &format!("Autumn {year}, second half"),
            date(year, 10, 30),
            date(year, 12, 20),
        ),
        term(
            &format!("Spring {next}, first half"),
            date(next, 1, 4),
            date(next, 2, 13),
        ),
        term(
            &format!("Spring {next}, second half"),
            date(next, 2, 20),
            date(next, 3, 28),
        ),
        term(
            &format!("Summer {next}, first half"),
            date(next, 4, 13),
            date(next, 5, 24),
        ),
        term(
            &format!("Summer {next}, second half"),
            date(next, 5, 31),
            date(next, 7, 22),
        ),
    ]
}

/// Whether pupils are in school; the made-up school closes for nothing else.
pub(super) fn is_school_day(day: Date) -> bool {
    let year = if day.month() >= 8 {
        day.year()
    } else {
        day.year() - 1
    };
    let terms = half_terms(year);
    let in_term = terms
        .iter()
        .any(|(_, from, until)| (*from..=*until).contains(&day));
    let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    in_term && !is_weekend && day != terms[0].1
}

fn monday_from(day: Date) -> Date {
    (0..7)
        .map(|after| day + Span::new().days(after))
        .find(|day| day.weekday() == Weekday::Monday)
        .unwrap_or(day)
}

fn friday_until(day: Date) -> Date {
    (0..7)
        .map(|before| day - Span::new().days(before))
        .find(|day| day.weekday() == Weekday::Friday)
        .unwrap_or(day)
}
