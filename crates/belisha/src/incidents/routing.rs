//! Who hears of a concern: gathers what the rules ask for, and asks them.

use std::collections::{BTreeMap, BTreeSet};

use belisha_rules::calendar::SchoolCalendar;
use belisha_rules::ids::PersonId;
use belisha_rules::people::Identity;
use belisha_rules::routing::{self, Concern, Holder, NoRoute, Plan, Route, Subject};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::school::School;

/// A plan and what it was made from.
pub(crate) struct Planned {
    pub(crate) plan: Result<Plan, NoRoute>,
    pub(crate) routes: Vec<Route>,
    pub(crate) calendar: SchoolCalendar,
}

/// Plans who would be told now of a concern about these people.
pub(crate) async fn plan(
    connection: &mut Connection,
    school: &School,
    subjects: &[PersonId],
    unnamed_adult: bool,
    at_risk: bool,
    now: Timestamp,
) -> Result<Planned, Problem> {
    let in_force = school.in_force(connection).await?;
    let today = school.date_of(now);
    let routes = Route::all(&in_force.policy);
    let calendar = crate::schools::calendar::of(connection, school).await?;
    let mut about = Vec::new();
    for person in subjects {
        let worn = hats::of(connection, *person, today).await?;
        about.push(Subject::Known {
            identity: worn.identity,
            hats: worn.hats,
        });
    }
    if unnamed_adult {
        about.push(Subject::UnnamedAdult);
    }
    let concern = Concern {
        close_to_subjects: close_to(connection, subjects).await?,
        subjects: about,
        at_risk,
        sent_at: now,
    };
    let holders = holders(connection, today).await?;
    Ok(Planned {
        plan: routing::plan(&concern, &routes, &holders, &calendar),
        routes,
        calendar,
    })
}

/// Everybody who holds a post today, or deputises for it.
async fn holders(connection: &mut Connection, today: Date) -> Result<Vec<Holder>, Fault> {
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
            identity,
            held,
            away: false,
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
