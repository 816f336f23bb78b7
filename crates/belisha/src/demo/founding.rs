//! The beginning of a made-up school: its facts, its calendar, its recovery kit, the first
//! people and the policy that it follows.

use belisha_vault::Kit;
use jiff::Span;
use jiff::civil::{Date, Weekday, date};

use super::cast::Cast;
use super::{Life, Pack};
use crate::clock::ForVault;
use crate::problem::Problem;
use crate::schools::set_up::made_up::{Founding, asks_for, found};

/// The places in the cast of those whom set-up asks for. Whatever else they hold in their
/// own name is written with it.
pub(super) fn founders(cast: &Cast) -> Vec<usize> {
    let holds = |someone: &super::cast::Someone| {
        someone
            .posts
            .iter()
            .any(|held| !held.deputy && asks_for(held.post))
    };
    let all = cast.people.iter().enumerate();
    all.filter(|(_, someone)| holds(someone))
        .map(|(who, _)| who)
        .collect()
}

/// Sets the school up as the wizard would. Nobody keeps the sheets of its recovery kit.
pub(super) async fn set_up(
    life: &Life<'_>,
    name: &str,
    pack: Pack,
    cast: &Cast,
) -> Result<(), Problem> {
    let school = life.school;
    let mut tx = life.act_of_the_program().await?;
    let today = tx.today();
    let kit = Kit::new(&mut ForVault(&*school.chance)).recipient();
    let (terms, closures) = calendar(today, life.until);
    let met_on = weekday_before(today - Span::new().days(6));
    let holders = founders(cast)
        .into_iter()
        .map(|who| {
            let someone = &cast.people[who];
            let posts = someone.posts.iter().filter(|held| !held.deputy);
            (
                someone.name.clone(),
                someone.email.clone().unwrap_or_default(),
                posts.map(|held| held.post).collect(),
            )
        })
        .collect();
    let entry = found(
        &mut tx,
        Founding {
            name,
            address: "1 Beacon Lane",
            town: name.split(' ').next().unwrap_or(name),
            terms,
            closures,
            holders,
            kit: &kit,
            pack: pack.policy(),
            minute: &format!(
                "Full governing body, {}, item 7",
                met_on.strftime("%-d %B %Y")
            ),
        },
    )
    .await?;
    tx.commit(entry).await?;
    school.settings_changed().await?;
    Ok(())
}

type Spans = Vec<(String, Date, Date)>;

/// Every half term from the school year of one day to that of another, and the training
/// day that begins each school year.
fn calendar(from: Date, until: Date) -> (Spans, Spans) {
    let years = calendar_year(from)..=calendar_year(until);
    let closures = years
        .clone()
        .map(|year| {
            let first = half_terms(year)[0].1;
            ("Training day".to_owned(), first, first)
        })
        .collect();
    (years.flat_map(half_terms).collect(), closures)
}

/// The year in which the calendar of a day begins: what is left of August belongs to the
/// year to come.
fn calendar_year(day: Date) -> i16 {
    if day.month() >= 8 {
        day.year()
    } else {
        day.year() - 1
    }
}

/// The year in which the school year of a day began.
pub(super) fn school_year(day: Date) -> i16 {
    if day.month() >= 9 {
        day.year()
    } else {
        day.year() - 1
    }
}

/// The day itself, or the Friday before a weekend.
pub(super) fn weekday_before(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => day - Span::new().days(1),
        Weekday::Sunday => day - Span::new().days(2),
        _ => day,
    }
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
    let terms = half_terms(calendar_year(day));
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
