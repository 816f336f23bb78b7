//! The mail about notices: one a person, however much waits, and it says only that
//! something does. Urgent ones leave at once, others are gathered for a few minutes,
//! and what cannot leave is tried again at growing distances.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::db::sql;
use crate::jobs::{Again, Duty, Running, Weight, Work};
use crate::mail::Mail;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::upkeep::{Upkeep, keep};

/// How long a notice that is not urgent waits for others to join it.
const GATHERING: SignedDuration = SignedDuration::from_mins(5);
/// An attempt that failed is made again two minutes after the notice, then four, eight…;
/// the twelfth and last is more than a day after it.
pub(super) const MOST_ATTEMPTS: i64 = 12;
/// Finished turns of this duty are of no interest for longer.
const TURNS_KEPT: SignedDuration = SignedDuration::from_hours(24);

const SUBJECT: &str = "You have something new in Belisha";

pub(crate) static MAIL: Duty = Duty {
    key: "mail",
    says: "Sends one mail to each person for whom something new waits. It says that and no more.",
    // A notice asks for its own turn; this one finds what a server that died left behind.
    again: Again::Every(SignedDuration::from_mins(30)),
    weight: Weight::Light,
    run,
};

fn run(school: Arc<School>, _: Running) -> Work {
    Box::pin(async move { send_waiting(&school, &school.mail).await })
}

/// Asks for a turn of the duty in the transaction that wrote the notice, so that the
/// mail is as sure as the notice is.
pub(super) async fn ask(tx: &mut Tx, urgent: bool) -> Result<(), Problem> {
    let (now, id) = (tx.now(), tx.school().new_row_id());
    let due = if urgent { now } else { now + GATHERING };
    ask_at(tx, id, due).await
}

async fn ask_at(tx: &mut Tx, id: String, due: Timestamp) -> Result<(), Problem> {
    tx.run(
        sql(
            "insert into job (id, kind, due_at, leased_until, leased_by, attempts, progress_done,
                              progress_total, progress_says, finished_at, fault, asked_by)
             select $1, 'mail', $2, null, null, 0, 0, 0, '', null, null, 'system:notices'
             where not exists (
                 select 1 from job where kind = 'mail' and finished_at is null
                   and leased_by is null and asked_by is not null and due_at <= $2)",
        )
        .bind(id)
        .bind(due),
    )
    .await?;
    Ok(())
}

/// What waits for one person's mail, and when the earliest of it is due.
struct Waiting {
    notices: Vec<String>,
    due: Timestamp,
}

/// Sends what is due. A mail that cannot leave keeps no other back.
pub(super) async fn send_waiting(school: &Arc<School>, mail: &Mail) -> Result<(), Fault> {
    let now = school.clock.now();
    let forgotten = Upkeep::TurnsForgotten {
        kind: MAIL.key,
        before: now - TURNS_KEPT,
    };
    keep(&school.database, forgotten).await?;
    if matches!(mail, Mail::None) {
        return Ok(());
    }
    for (address, waiting) in waiting(school, now).await? {
        if waiting.due > now {
            continue;
        }
        let sent = mail.send(&address, SUBJECT, &words(&school.address)).await;
        let fault = sent.err().map(|fault| fault.to_string());
        for notice in &waiting.notices {
            let upkeep = match &fault {
                None => Upkeep::NoticeMailed { notice, at: now },
                Some(fault) => Upkeep::NoticeMailFailed { notice, fault },
            };
            keep(&school.database, upkeep).await?;
        }
        if let Some(fault) = &fault {
            tracing::warn!(school = %school.folder, %fault, notices = waiting.notices.len(), "a mail did not leave");
        }
    }
    // What was not due, and what did not leave, asks for the next turn.
    let rest = waiting(school, now).await?;
    if let Some(due_at) = rest.values().map(|waiting| waiting.due).min() {
        keep(
            &school.database,
            Upkeep::JobAsked {
                id: school.new_row_id(),
                kind: MAIL.key,
                due_at,
                asked_by: Some("system:notices"),
            },
        )
        .await?;
    }
    Ok(())
}

/// What waits, by address. A person's mail is ready when one of their notices is, and
/// then takes the others along.
async fn waiting(school: &School, now: Timestamp) -> Result<BTreeMap<String, Waiting>, Fault> {
    let mut waiting: BTreeMap<String, Waiting> = BTreeMap::new();
    let today = school.date_of(now);
    for row in sql(
        "select notice.id, notice.made_at, notice.urgent, notice.mail_attempts, person.email
         from notice join person on person.id = notice.person
         where notice.mailed_at is null and notice.read_at is null and notice.mail_attempts < $1
           and person.email is not null and (person.ends_on is null or person.ends_on >= $2)
         order by notice.made_at, notice.id",
    )
    .bind(MOST_ATTEMPTS)
    .bind(today)
    .all(&mut school.database.read().await?)
    .await?
    {
        let due = due(
            row.instant("made_at")?,
            row.get("urgent")?,
            row.get("mail_attempts")?,
        );
        let person = waiting.entry(row.get("email")?).or_insert(Waiting {
            notices: Vec::new(),
            due,
        });
        person.notices.push(row.get("id")?);
        person.due = person.due.min(due);
    }
    Ok(waiting)
}

/// When the next attempt for a notice is due.
fn due(made_at: Timestamp, urgent: bool, attempts: i64) -> Timestamp {
    let after = match (attempts, urgent) {
        (0, true) => SignedDuration::ZERO,
        (0, false) => GATHERING,
        (attempts, urgent) => {
            let minutes = 1_i64 << attempts.clamp(1, MOST_ATTEMPTS);
            let gathered = if urgent {
                SignedDuration::ZERO
            } else {
                GATHERING
            };
            gathered + SignedDuration::from_mins(minutes)
        }
    };
    made_at + after
}

/// The whole body. Whoever reads it over a shoulder learns that a person of the school
/// has something to look at, and nothing else.
fn words(address: &str) -> String {
    format!(
        "Something new waits for you in Belisha.\r\n\r\nSign in to see what it is:\r\n{address}\r\n\r\n\
         This mail says no more on purpose. Please do not answer it.\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_leave_is_tried_at_growing_distances() {
        let made: Timestamp = "2026-09-23T08:00:00Z".parse().unwrap();
        let check = |urgent, attempts, expected: &str| {
            assert_eq!(due(made, urgent, attempts).to_string(), expected);
        };
        check(true, 0, "2026-09-23T08:00:00Z");
        check(false, 0, "2026-09-23T08:05:00Z");
        check(true, 1, "2026-09-23T08:02:00Z");
        check(false, 1, "2026-09-23T08:07:00Z");
        check(true, 2, "2026-09-23T08:04:00Z");
        check(true, 3, "2026-09-23T08:08:00Z");
        check(true, 11, "2026-09-24T18:08:00Z");
    }
}
