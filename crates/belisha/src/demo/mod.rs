//! Made-up primary schools with a plausible life, for trying the program out and for
//! testing it. Everything follows from a seed and a day: the same two make the same school.

mod accounts;
mod agenda;
mod cases;
mod cast;
mod dice;
mod drafting;
mod families;
mod filtering;
mod founding;
mod guests;
mod handout;
mod living;
mod names;
mod nights;
mod register;
mod signing;
mod staff;
mod stories;
mod visit;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::actor::Actor;
use crate::clock::{SeededChance, SetClock};
use crate::commands::{Where, open_school};
use crate::policies;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::web::{self, App};

use cast::Cast;
use dice::Dice;
pub(crate) use handout::{Handout, table, write as write_handout};
use living::Living;
use staff::Ground;

/// The file that says how to sign in; its presence marks a demonstration's folder.
pub(crate) const HANDOUT: &str = "demo.json";

/// The policy that a made-up school follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pack {
    Junior,
    Primary,
}

impl Pack {
    fn policy(self) -> &'static policies::Pack {
        let key = match self {
            Self::Junior => "junior",
            Self::Primary => "primary",
        };
        policies::pack(key).expect("both packs are inside the program")
    }

    fn school_name(self, number: usize) -> &'static str {
        let names = match self {
            Self::Junior => [
                "Lanternfield School",
                "Hobbinlane School",
                "Thistlebrook School",
                "Kestrelgate School",
            ],
            Self::Primary => [
                "Chalkwater Primary School",
                "Saltmeadow Primary School",
                "Fernhollow Primary School",
                "Millrace Primary School",
            ],
        };
        names[number % names.len()]
    }
}

/// What is made up.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) pupils: usize,
    /// How many years of life, at least one; the first is the twelve weeks before today.
    pub(crate) years: u8,
    /// The policy of each school; their number is the number of schools.
    pub(crate) packs: Vec<Pack>,
    pub(crate) seed: u64,
    /// The instant at which the made-up life reaches the present.
    pub(crate) now: Timestamp,
}

/// The most schools that one demonstration has names for.
pub(crate) const MOST_SCHOOLS: usize = 8;

/// Makes the schools in their folders and closes them again.
pub(crate) async fn make(at: &Where, plan: &Plan) -> anyhow::Result<Vec<Handout>> {
    let mut handouts = Vec::with_capacity(plan.packs.len());
    for (number, pack) in plan.packs.iter().enumerate() {
        handouts.push(make_school(at, plan, number, *pack).await?);
    }
    Ok(handouts)
}

async fn make_school(
    at: &Where,
    plan: &Plan,
    number: usize,
    pack: Pack,
) -> anyhow::Result<Handout> {
    let name = pack.school_name(
        plan.packs[..number]
            .iter()
            .filter(|earlier| **earlier == pack)
            .count(),
    );
    let folder = name.split(' ').next().unwrap_or(name).to_lowercase();
    let zone = TimeZone::get("Europe/London")?;
    let until = plan.now.to_zoned(zone.clone()).date();
    let from = founding::weekday_before(
        until - Span::new().weeks(12 + 52 * (i64::from(plan.years.max(1)) - 1)),
    );
    let morning = from.at(8, 30, 0, 0).to_zoned(zone.clone())?.timestamp();
    let clock = Arc::new(SetClock::at(morning));
    let chance = Arc::new(SeededChance::new(plan.seed.wrapping_add(number as u64)));
    let school = open_school(at, &folder, clock.clone(), chance).await?;
    anyhow::ensure!(
        school.settings().set_up_at.is_none(),
        "the database holds a school in the schema of {folder} already, so it is left as it is. Name another database."
    );
    let life = Life {
        school: &school,
        clock: &clock,
        until,
        end: plan.now,
        years: plan.years.max(1),
        zone,
    };
    let handout = live(&life, &folder, name, pack, plan.pupils).await;
    school.database.close().await;
    Ok(handout.map_err(|problem| Fault::said(format!("making {name} up: {problem:?}")))?)
}

/// A made-up school while its life is being told.
struct Life<'a> {
    school: &'a Arc<School>,
    clock: &'a SetClock,
    /// The day on which the life reaches the present, and the instant.
    until: Date,
    end: Timestamp,
    years: u8,
    zone: TimeZone,
}

impl Life<'_> {
    /// An act of the set-up, before or beside what people do. A minute passes.
    async fn act_of_the_program(&self) -> Result<Tx, Fault> {
        self.a_minute_passes();
        self.school.write(Actor::School("set-up")).await
    }

    fn a_minute_passes(&self) {
        self.clock.advance_ms(60_000);
    }

    /// An instant by the school's clock.
    fn at(&self, day: Date, hour: i64, minute: i64) -> Result<Timestamp, Fault> {
        day.to_zoned(self.zone.clone())
            .and_then(|midnight| midnight.checked_add(Span::new().hours(hour).minutes(minute)))
            .map(|zoned| zoned.timestamp())
            .map_err(|error| Fault::at("an instant of a made-up day".into(), error))
    }

    /// In the morning of a school day, so many days after an instant at least.
    fn morning_after(
        &self,
        instant: Timestamp,
        days: i64,
        dice: Dice<'_>,
    ) -> Result<Timestamp, Fault> {
        let mut day = self.school.date_of(instant) + Span::new().days(days);
        while !founding::is_school_day(day) && day < self.until {
            day += Span::new().days(1);
        }
        self.at(day, dice.between(8, 11), dice.between(0, 59))
    }
}

async fn live(
    life: &Life<'_>,
    folder: &str,
    name: &str,
    pack: Pack,
    pupils: usize,
) -> Result<Handout, Problem> {
    let dice = Dice::of(&*life.school.chance);
    let mut cast = Cast::default();
    let from = life.school.today();
    let ground = Ground {
        pack,
        domain: &format!("{folder}.example"),
        from,
        today: life.until,
    };
    let (teachers, assistants) =
        staff::hire(&mut cast, &ground, dice, families::classes_for(pupils));
    let school_years = founding::school_year(from)..=founding::school_year(life.until);
    families::enrol(
        &mut cast,
        dice,
        pupils,
        school_years,
        &teachers,
        &assistants,
    );
    founding::set_up(life, name, pack, &cast).await?;
    let router = web::router(App::new(vec![Arc::clone(life.school)], Vec::new(), false));
    let mut living = Living::new(pack, cast, router);
    register::fill(life, &mut living).await?;
    living.live(life).await?;
    Ok(Handout::of(folder, name, &living.cast, &living.accounts))
}
