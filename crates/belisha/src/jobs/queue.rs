//! The queue of background work: one unfinished row a duty that comes round, and
//! one for each request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::{Again, DUTIES, Duty, LEASE, Turns, Weight};
use crate::db::{Connection, sql};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::upkeep::{Upkeep, keep};

/// A job that is being done: where its progress goes.
pub struct Running {
    school: Arc<School>,
    id: String,
}

impl Running {
    /// Whether somebody asked for this, or its turn came round.
    pub async fn was_asked_for(&self) -> Result<bool, Fault> {
        let row = sql("select asked_by from job where id = $1")
            .bind(&self.id)
            .one(&mut self.school.database.read().await?)
            .await?;
        Ok(row.get::<Option<String>>("asked_by")?.is_some())
    }

    /// Says how far the job has come while a transaction of its own is open. The pages of this server
    /// show it; it is not written down, because on SQLite the writer is the job itself, and on
    /// PostgreSQL those who wait for the job may hold every other connection.
    pub fn meanwhile(&self, done: i64, total: i64, says: &'static str) {
        let told = Told { done, total, says };
        self.school.under_way.tell(&self.id, told);
    }

    /// Says how far the job has come; renews its lease.
    pub async fn progress(&self, done: i64, total: i64, says: &str) -> Result<(), Fault> {
        let lease_until = self.school.clock.now() + LEASE;
        keep(
            &self.school.database,
            Upkeep::JobProgress {
                job: &self.id,
                done,
                total,
                says,
                lease_until,
            },
        )
        .await
    }
}

/// How far a job has come that cannot write it down yet.
#[derive(Debug, Clone)]
struct Told {
    done: i64,
    total: i64,
    says: &'static str,
}

/// How far the jobs of this server have come, by their ids: for as long as they run.
#[derive(Debug, Default)]
pub struct UnderWay(Mutex<HashMap<String, Told>>);

impl UnderWay {
    fn tell(&self, job: &str, told: Told) {
        self.jobs().insert(job.to_owned(), told);
    }

    fn forget(&self, job: &str) {
        self.jobs().remove(job);
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<String, Told>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a job stands, for the page that shows its progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    pub due_at: Timestamp,
    pub is_running: bool,
    pub done: i64,
    pub total: i64,
    pub says: String,
    pub finished_at: Option<Timestamp>,
    pub fault: Option<String>,
}

impl Job {
    /// The same, with what the job has told this server since it last wrote it down.
    pub fn as_told(self, school: &School) -> Self {
        match school.under_way.jobs().get(&self.id) {
            Some(told) if self.finished_at.is_none() => Self {
                done: told.done,
                total: told.total,
                says: told.says.to_owned(),
                ..self
            },
            _ => self,
        }
    }
}

/// The newest job of a duty.
pub async fn newest(
    connection: &mut Connection,
    duty: &str,
    now: Timestamp,
) -> Result<Option<Job>, Fault> {
    let row = sql(
        "select id, due_at, leased_until, progress_done, progress_total, progress_says, finished_at, fault
         from job where kind = $1 and (leased_by is not null or due_at <= $2)
         order by due_at desc, id",
    )
    .bind(duty)
    .bind(now)
    .optional(connection)
    .await?;
    row.map(|row| {
        let finished_at = row.instant_optional("finished_at")?;
        Ok(Job {
            id: row.get("id")?,
            due_at: row.instant("due_at")?,
            is_running: finished_at.is_none()
                && row
                    .instant_optional("leased_until")?
                    .is_some_and(|until| until > now),
            done: row.get("progress_done")?,
            total: row.get("progress_total")?,
            says: row.get("progress_says")?,
            finished_at,
            fault: row.get("fault")?,
        })
    })
    .transpose()
}

/// Asks for a duty now, beside its turn. Asked twice before it begins, it is done once.
pub async fn ask_for(school: &School, duty: &'static str, asked_by: &str) -> Result<(), Fault> {
    let now = school.clock.now();
    keep(
        &school.database,
        Upkeep::JobAsked {
            id: school.new_row_id(),
            kind: duty,
            due_at: now,
            asked_by: Some(asked_by),
        },
    )
    .await?;
    school.wake.notify_one();
    Ok(())
}

/// Asks for a duty at an instant, in the transaction of the act that it follows from, so that the
/// turn is as sure as the act.
pub(crate) async fn ask_within(
    tx: &mut Tx,
    duty: &'static str,
    due_at: Timestamp,
) -> Result<(), Problem> {
    let id = tx.school().new_row_id();
    tx.run(
        sql(
            "insert into job (id, kind, due_at, leased_until, leased_by, attempts, progress_done,
                              progress_total, progress_says, finished_at, fault, asked_by)
             select $1, $2, $3, null, null, 0, 0, 0, '', null, null, 'system:acts'
             where not exists (
                 select 1 from job where kind = $2 and finished_at is null
                   and leased_by is null and asked_by is not null and due_at = $3)",
        )
        .bind(id)
        .bind(duty)
        .bind(due_at),
    )
    .await?;
    Ok(())
}

/// Does one job that is due and has its turn, if there is one.
pub(super) async fn work_once(
    school: &Arc<School>,
    turns: &Turns,
    worker: &str,
) -> Result<bool, Fault> {
    let due = sql("select id, kind from job
         where finished_at is null and due_at <= $1 and (leased_until is null or leased_until < $1)
         order by due_at, id")
    .bind(school.clock.now())
    .all(&mut school.database.read().await?)
    .await?;
    for row in due {
        let (id, kind): (String, String) = (row.get("id")?, row.get("kind")?);
        let duty = DUTIES.iter().find(|duty| duty.key == kind);
        let weight = duty.map_or(Weight::Light, |duty| duty.weight);
        if let Some(_turn) = turns.take(weight).await {
            do_it(school, worker, &id, &kind, duty.copied()).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

async fn do_it(
    school: &Arc<School>,
    worker: &str,
    id: &str,
    kind: &str,
    duty: Option<&Duty>,
) -> Result<(), Fault> {
    let now = school.clock.now();
    keep(
        &school.database,
        Upkeep::JobLeased {
            job: id,
            worker,
            now,
            until: now + LEASE,
        },
    )
    .await?;
    let holder = sql("select leased_by from job where id = $1")
        .bind(id)
        .one(&mut school.database.read().await?)
        .await?;
    if holder.get::<Option<String>>("leased_by")?.as_deref() != Some(worker) {
        // Another server was quicker.
        return Ok(());
    }
    let fault = match duty {
        Some(duty) => {
            let running = Running {
                school: Arc::clone(school),
                id: id.to_owned(),
            };
            (duty.run)(Arc::clone(school), running).await.err()
        }
        None => Some(Fault::said(format!("no duty is called {kind}"))),
    };
    if let Some(fault) = &fault {
        tracing::error!(school = %school.folder, job = %id, %kind, %fault, "background work failed");
    }
    school.under_way.forget(id);
    let says = fault.map(|fault| fault.to_string());
    keep(
        &school.database,
        Upkeep::JobFinished {
            job: id,
            worker,
            at: school.clock.now(),
            fault: says.as_deref(),
        },
    )
    .await
}

/// Gives every duty that comes round its next turn, where none is in the queue.
pub(super) async fn schedule(school: &Arc<School>) -> Result<(), Fault> {
    let mut records = school.database.read().await?;
    for duty in DUTIES {
        // Each half by the index; years of finished jobs are not looked through.
        let row = sql(
            "select (select max(finished_at) from job where kind = $1) as finished_at,
                    (select count(*) from job
                     where kind = $1 and finished_at is null and asked_by is null) as waiting",
        )
        .bind(duty.key)
        .one(&mut records)
        .await?;
        if row.get::<i64>("waiting")? > 0 {
            continue;
        }
        let last = row.instant_optional("finished_at")?;
        if let Some(due_at) = next(school, &mut records, duty, last).await? {
            keep(
                &school.database,
                Upkeep::JobAsked {
                    id: school.new_row_id(),
                    kind: duty.key,
                    due_at,
                    asked_by: None,
                },
            )
            .await?;
        }
    }
    Ok(())
}

async fn next(
    school: &Arc<School>,
    records: &mut Connection,
    duty: &Duty,
    last: Option<Timestamp>,
) -> Result<Option<Timestamp>, Fault> {
    let now = school.clock.now();
    Ok(match &duty.again {
        Again::OnDemand => None,
        Again::Every(span) => Some(last.map_or(now, |last| last + *span)),
        Again::At(decide) => match school.in_force(records).await {
            Ok(in_force) => {
                let zone = school.settings().time_zone.clone();
                Some(decide(&in_force.policy, &now.to_zoned(zone)))
            }
            // Without a policy in force there is nothing to go by yet.
            Err(_) => None,
        },
    })
}
