//! A referral that hangs is somebody's to chase: those who have charge of the case are
//! told once a day, without a word of what it is about.

use std::sync::Arc;

use belisha_rules::access::{self, AccountState, Action};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::referrals::hangs;
use jiff::SignedDuration;

use super::queries::of_case;
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::{self, object};
use crate::jobs::{Again, Duty, Weight};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::school::School;

const NAME: &str = "chase-referrals";

/// The duty, every ten minutes: a referral may be due within the hour.
pub(crate) static CHASE: Duty = Duty {
    key: NAME,
    says: "Tells those who have charge of a case that a referral is overdue.",
    again: Again::Every(SignedDuration::from_mins(10)),
    weight: Weight::Light,
    run: |school, _| Box::pin(async move { chase(&school).await }),
};

async fn chase(school: &Arc<School>) -> Result<(), Fault> {
    let now = school.clock.now();
    let today = school.date_of(now);
    let rows = sql("select distinct referral.incident from referral
         join incident on incident.id = referral.incident
         where incident.is_open and referral.withdrawn_at is null
           and (referral.told_on is null or referral.told_on < $2)
           and (referral.due_at <= $1 or referral.chase_on <= $2)
         order by referral.incident")
    .bind(now)
    .bind(today)
    .all(&mut school.database.read().await?)
    .await?;
    for row in rows {
        let id = row.read("incident", |text| text.parse().ok())?;
        match chase_one(school, id).await {
            Ok(()) => {}
            Err(Problem::Fault(fault)) => return Err(fault),
            // Somebody has just done it.
            Err(
                Problem::NotFound | Problem::Refused(_) | Problem::Fields(_) | Problem::GoTo(_),
            ) => {}
        }
    }
    Ok(())
}

async fn chase_one(school: &Arc<School>, id: IncidentId) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let (now, today) = (tx.now(), tx.today());
    let found = queries::find(&mut tx, id).await?.ok_or(Problem::NotFound)?;
    let mut hanging = 0;
    for referral in of_case(&mut tx, id).await? {
        if !hangs(referral.state, referral.chase_on, now, today) {
            continue;
        }
        hanging += tx
            .run(
                sql("update referral set told_on = $2
                     where id = $1 and (told_on is null or told_on < $2)")
                .bind(&referral.id)
                .bind(today),
            )
            .await?;
    }
    if hanging == 0 {
        return Err(Problem::NotFound);
    }
    let mut people: Vec<PersonId> = found.facts.in_charge.clone();
    people.sort_unstable();
    people.dedup();
    for person in people {
        let worn = hats::of(&mut tx, person, today).await?;
        let asked = access::Viewer::person(worn.identity, &worn.hats, AccountState::Active);
        if access::may(&asked, Action::ReadCase, &found.facts, now).is_allowed() {
            notices::tell(
                &mut tx,
                person,
                NoticeKind::ReferralHangs,
                &object(id),
                true,
            )
            .await?;
        }
    }
    tx.commit(Entry::of(EntryKind::ReferralOverdue, object(id)).fact("referrals", hanging))
        .await?;
    Ok(())
}
