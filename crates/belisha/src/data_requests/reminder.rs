//! The last day of a request is brought to mind: once when it is as near as the policy says,
//! once more when it is over.

use std::sync::Arc;

use belisha_policy::controls::data_requests::NOTICE;
use belisha_rules::access::{self, AccountState, Action};
use belisha_rules::ids::{DataRequestId, PersonId};
use jiff::SignedDuration;
use jiff::civil::Date;

use super::queries::{facts, object};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::jobs::{Again, Duty, Weight, or_next_time};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;

const NAME: &str = "remind-of-data-requests";

/// The duty, once an hour.
pub(crate) static REMIND: Duty = Duty {
    key: NAME,
    says: "Reminds those who answer requests to see data of a last day that is near or over.",
    again: Again::Every(SignedDuration::from_hours(1)),
    weight: Weight::Light,
    run: |school, _| Box::pin(async move { remind(&school).await }),
};

async fn remind(school: &Arc<School>) -> Result<(), Fault> {
    let mut records = school.database.read().await?;
    let in_force = match school.in_force(&mut records).await {
        Ok(in_force) => in_force,
        Err(Problem::Fault(fault)) => return Err(fault),
        Err(_) => return Ok(()),
    };
    let today = school.today();
    let near = in_force.policy.get(&NOTICE).after(today);
    let due = sql(
        "select id, person, due_on, due_on < $1 as is_late from data_request
         where ended_on is null and due_on <= $2
           and ((due_on < $1 and (late_told_for is null or late_told_for <> due_on))
             or (due_on >= $1 and (near_told_for is null or near_told_for <> due_on)))
         order by due_on, id",
    )
    .bind(today)
    .bind(near)
    .all(&mut records)
    .await?;
    drop(records);
    for row in due {
        let request = Due {
            id: row.read("id", |text| text.parse().ok())?,
            about: row.read_optional("person", |text| text.parse().ok())?,
            on: row.date("due_on")?,
            is_late: row.get("is_late")?,
        };
        or_next_time(tell(school, request).await)?;
    }
    Ok(())
}

struct Due {
    id: DataRequestId,
    about: Option<PersonId>,
    on: Date,
    is_late: bool,
}

async fn tell(school: &Arc<School>, request: Due) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let statement = if request.is_late {
        sql("update data_request set late_told_for = due_on
             where id = $1 and due_on = $2 and ended_on is null
               and (late_told_for is null or late_told_for <> due_on)")
    } else {
        sql("update data_request set near_told_for = due_on
             where id = $1 and due_on = $2 and ended_on is null
               and (near_told_for is null or near_told_for <> due_on)")
    };
    tx.run_one(statement.bind(request.id.to_string()).bind(request.on))
        .await?;
    // A day that is over takes the place of one that was near.
    notices::settled_for_all(&mut tx, NoticeKind::DataRequestDue, &object(request.id)).await?;
    for person in who_answers(&mut tx, request.about).await? {
        notices::tell(
            &mut tx,
            person,
            NoticeKind::DataRequestDue,
            &object(request.id),
            request.is_late,
        )
        .await?;
    }
    let of = if request.is_late { "overdue" } else { "due" };
    tx.commit(Entry::of(EntryKind::DataRequestReminded, object(request.id)).fact("of", of))
        .await?;
    Ok(())
}

/// Those with an account and a post who may work on the answer; nobody whom it is about or who
/// is close to them.
async fn who_answers(tx: &mut Tx, about: Option<PersonId>) -> Result<Vec<PersonId>, Fault> {
    let (now, today) = (tx.now(), tx.today());
    let facts = facts(tx, about).await?;
    let mut answers = Vec::new();
    for row in sql("select distinct account.person from account
         join person on person.id = account.person
         join post_holding on post_holding.person = account.person
         where account.state <> 'disabled' and person.merged_into is null
           and (person.ends_on is null or person.ends_on >= $1)
           and from_on <= $1 and (until_on is null or until_on >= $1)
         order by account.person")
    .bind(today)
    .all(tx)
    .await?
    {
        let person: PersonId = row.read("person", |text| text.parse().ok())?;
        let worn = hats::of(tx, person, today).await?;
        let asked = access::Viewer::person(worn.identity, &worn.hats, AccountState::Active);
        if access::may(&asked, Action::AnswerDataRequest, &facts, now).is_allowed() {
            answers.push(person);
        }
    }
    Ok(answers)
}
