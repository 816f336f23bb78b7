//! Who hears of a concern: gathers what the rules ask for, and asks them.

use std::collections::{BTreeMap, BTreeSet};

use belisha_policy::Matter;
use belisha_rules::calendar::SchoolCalendar;
use belisha_rules::ids::PersonId;
use belisha_rules::people::Identity;
use belisha_rules::routing::{
    self, Besides, Concern, Holder, MatterRoute, NoRoute, OutOfHours, Plan, Route, Subject,
};
use jiff::Timestamp;
use jiff::civil::Date;

use super::reports::{Report, Sender};
use crate::db::{Connection, sql};
use crate::people::hats;
use crate::people::posts::absence;
use crate::problem::{Fault, Problem};
use crate::school::School;

/// What is asked of the routes.
pub(crate) struct Asked {
    subjects: Vec<PersonId>,
    unnamed_adult: bool,
    at_risk: bool,
    matters: Vec<Matter>,
    now: Timestamp,
}

impl Asked {
    /// Who would hear of this report, from this sender, now.
    pub(crate) fn of(report: &Report, sender: Sender, now: Timestamp) -> Self {
        let mut matters = report.matters();
        if sender == Sender::Visitor {
            matters.push(Matter::VisitorConcern);
        }
        Self {
            subjects: report.kept_out(),
            unnamed_adult: report.unnamed_adult,
            at_risk: report.counts_as_at_risk(),
            matters,
            now,
        }
    }
}

/// A plan and what it was made from.
pub(crate) struct Planned {
    pub(crate) plan: Result<Plan, NoRoute>,
    pub(crate) routes: Vec<Route>,
    pub(crate) calendar: SchoolCalendar,
    pub(crate) besides: Besides,
    /// What holds while the school is shut, if it is shut now.
    pub(crate) shut: Option<OutOfHours>,
}

/// Plans who would be told now.
pub(crate) async fn plan(
    connection: &mut Connection,
    school: &School,
    asked: &Asked,
) -> Result<Planned, Problem> {
    let in_force = school.in_force(connection).await?;
    let (now, today) = (asked.now, school.date_of(asked.now));
    let routes = Route::all(&in_force.policy);
    let calendar = crate::schools::calendar::of(connection, school).await?;
    let mut about = Vec::new();
    for person in &asked.subjects {
        let worn = hats::of(connection, *person, today).await?;
        about.push(Subject::Known {
            identity: worn.identity,
            hats: worn.hats,
        });
    }
    if asked.unnamed_adult {
        about.push(Subject::UnnamedAdult);
    }
    let concern = Concern {
        close_to_subjects: close_to(connection, &asked.subjects).await?,
        subjects: about,
        at_risk: asked.at_risk,
        sent_at: now,
    };
    let hours = OutOfHours::of(&in_force.policy);
    let matter_routes = MatterRoute::all(&in_force.policy);
    let besides = Besides::of(
        &asked.matters,
        &matter_routes,
        hours.as_ref(),
        now,
        &calendar,
    );
    let holders = holders(connection, today).await?;
    Ok(Planned {
        plan: routing::plan_with(&concern, &routes, &besides, &holders, &calendar),
        routes,
        besides,
        shut: hours.filter(|hours| hours.is_shut(now, &calendar)),
        calendar,
    })
}

/// Everybody who holds a post today, or deputises for it.
async fn holders(connection: &mut Connection, today: Date) -> Result<Vec<Holder>, Fault> {
    let away = absence::away(connection, today).await?;
    let mut identities: BTreeMap<PersonId, Identity> = BTreeMap::new();
    let mut holders = Vec::new();
    for (person, held) in hats::all_holders(connection, today).await? {
        let identity = match identities.get(&person) {
            Some(identity) => identity.clone(),
            None => {
                let identity = hats::identity(connection, person).await?;
                identities.insert(person, identity.clone());
                identity
            }
        };
        holders.push(Holder {
            away: identity.is_among(&away),
            identity,
            held,
        });
    }
    Ok(holders)
}

/// Everybody who is marked as close to one of these people, under every id.
pub(crate) async fn close_to(
    connection: &mut Connection,
    people: &[PersonId],
) -> Result<BTreeSet<PersonId>, Fault> {
    let mut near = BTreeSet::new();
    for person in people {
        let identity = hats::identity(connection, *person).await?;
        for id in std::iter::once(identity.person).chain(identity.aliases) {
            let rows = sql(
                "select related_to as near from person_relation where person = $1
                 union
                 select person as near from person_relation where related_to = $1",
            )
            .bind(id.to_string())
            .all(connection)
            .await?;
            for row in rows {
                near.insert(row.read("near", |text| text.parse().ok())?);
            }
        }
    }
    Ok(near)
}

impl Planned {
    /// What the reporter is told while the school is shut: until when, and whom to ring.
    pub(crate) fn shut_sentence(&self, now: Timestamp) -> Option<String> {
        let hours = self.shut.as_ref()?;
        let until = hours
            .opens_on(now, &self.calendar)
            .map_or_else(String::new, |day| {
                format!(" until {}", day.strftime("%A %-d %B"))
            });
        let ring = if hours.number.is_empty() {
            "ring the police on 101, or 999 if somebody is in danger".to_owned()
        } else {
            format!("ring {}, or 999 if somebody is in danger", hours.number)
        };
        Some(format!(
            "The school is shut{until}. Your report is kept and passed on now, but nobody may read \
             it before then. If it cannot wait, {ring}."
        ))
    }
}
