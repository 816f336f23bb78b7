//! Background work. Each duty is declared once, by the feature it belongs to; the
//! queue stands in the records, and whoever holds the lease of a job does it, so
//! that several servers share the work and a server that dies loses none.

mod queue;
mod turns;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::problem::{Fault, Problem};
use crate::school::School;

pub(crate) use queue::ask_within;
pub use queue::{Job, Running, UnderWay, ask_for, newest};
pub use turns::Turns;

/// Work that the program does by itself.
pub struct Duty {
    /// Its name in the queue, the metrics and the journal: `backup`.
    pub key: &'static str,
    /// What it does, for whoever runs the server.
    pub says: &'static str,
    /// When it is due again, once it has been done.
    pub again: Again,
    /// What it takes of the machine, which the schools of a server share.
    pub weight: Weight,
    pub run: fn(Arc<School>, Running) -> Work,
}

/// How much of the machine a duty takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Light,
    /// It reads or writes all that a school has. A server does one such duty at a time, so that
    /// a hundred schools whose night has come do not stand in the way of whoever reports.
    Heavy,
}

/// What a duty's function gives back.
pub type Work = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send>>;

/// When a duty is due again.
pub enum Again {
    /// So long after the last time.
    Every(SignedDuration),
    /// At an instant that the policy and the clock decide.
    At(fn(&belisha_policy::Policy, &jiff::Zoned) -> Timestamp),
    /// Only when somebody asks.
    OnDemand,
}

/// Every duty there is.
pub static DUTIES: &[&Duty] = &[
    &crate::policies::versions::commencement::DUTY,
    &crate::agreements::OWED,
    &crate::notices::MAIL,
    &crate::backups::BACKUP,
    &crate::audit::checkpoint::CHECKPOINT,
    &crate::incidents::MOVE_ALERTS_ON,
    &crate::incidents::LOOK_AFTER_CASES,
    &crate::referrals::CHASE,
    &crate::people::import::job::DUTY,
    &crate::files::RESCAN,
    &crate::exports::CHASE,
    &crate::data_requests::REMIND,
    &crate::retention::FIND_DUE,
    &crate::filter::TURN,
    &crate::filter::TAKE_LOG,
    &crate::filter::TEST,
    &crate::filter::LISTS,
];

/// What a duty came to that acts by the rules: where no policy is in force yet, or somebody was
/// quicker, there is nothing to do until its next turn.
pub(crate) fn or_next_time(done: Result<(), Problem>) -> Result<(), Fault> {
    match done {
        Ok(()) => Ok(()),
        Err(Problem::Fault(fault)) => Err(fault),
        Err(Problem::NotFound | Problem::Refused(_) | Problem::Fields(_) | Problem::GoTo(_)) => {
            Ok(())
        }
    }
}

/// How long the worker sleeps when nothing wakes it.
const NAP: Duration = Duration::from_secs(5);
/// How long the turns of duties are good: a policy may move them.
const PLANNED_FOR: Duration = Duration::from_secs(60);
/// How long a job may run without a sign of life before another server takes it.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// Does the background work of one school until told to stop, in turn with the others of
/// this server.
pub async fn work(school: Arc<School>, turns: Arc<Turns>, mut stopped: watch::Receiver<bool>) {
    // A name for the lease: this process, and no other.
    let worker = school.new_row_id();
    let mut settled = Instant::now();
    let mut planned = None;
    while !*stopped.borrow() {
        school.opened_texts.forget_unused(school.clock.now());
        if settled.elapsed() >= NAP {
            if let Err(fault) = school.database.settle().await {
                tracing::error!(school = %school.folder, %fault, "the log of the records");
            }
            settled = Instant::now();
        }
        if school.settings().set_up_at.is_some() {
            let is_planned = planned.is_some_and(|at: Instant| at.elapsed() < PLANNED_FOR);
            let worked = async {
                if !is_planned {
                    queue::schedule(&school).await?;
                }
                queue::work_once(&school, &turns, &worker).await
            };
            match worked.await {
                // There may be more: look again before sleeping. What was done comes round again.
                Ok(true) => {
                    planned = None;
                    continue;
                }
                Ok(false) if !is_planned => planned = Some(Instant::now()),
                Ok(false) => {}
                Err(fault) => {
                    tracing::error!(school = %school.folder, %fault, "the queue of background work")
                }
            }
        }
        tokio::select! {
            _ = stopped.changed() => {}
            () = school.wake.notified() => {}
            () = tokio::time::sleep(NAP) => {}
        }
    }
}

/// Does everything that is due now, and returns: for tests and a simulated term.
pub async fn work_until_idle(school: &Arc<School>) -> Result<(), Fault> {
    let (worker, turns) = (school.new_row_id(), Turns::of_this_machine());
    loop {
        queue::schedule(school).await?;
        if !queue::work_once(school, &turns, &worker).await? {
            return Ok(());
        }
    }
}
