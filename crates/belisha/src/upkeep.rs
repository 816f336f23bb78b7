//! The writes that are nobody's act and have no journal entry: that a session is
//! in use, that a job is under way, that a half-written form was kept, that a mail
//! left. This is the whole list; whatever is not here goes through [`crate::tx`].

use belisha_rules::ids::{PersonId, SessionId};
use jiff::Timestamp;

use crate::db::{Database, Statement, WriteFault, sql};
use crate::problem::Fault;

/// A write without an entry.
pub enum Upkeep<'a> {
    /// The person did something: the idle clock starts again.
    SessionUsed {
        session: SessionId,
        at: Timestamp,
    },
    /// A guess at a password or a code, for the throttle; it counts as wrong until judged.
    Attempted {
        id: &'a str,
        name_hash: &'a [u8],
        device_hash: Option<&'a [u8]>,
        address: &'a str,
        kind: &'static str,
        at: Timestamp,
    },
    /// The guess was not looked at, so it does not count.
    AttemptTurnedAway {
        attempt: &'a str,
    },
    /// Guesses that no count asks for any longer.
    AttemptsForgotten {
        before: Timestamp,
    },
    /// Something came without an account, for the flood limit.
    Arrived {
        id: &'a str,
        address_hash: &'a [u8],
        kind: &'static str,
        at: Timestamp,
    },
    /// It does not count after all: the code was right.
    ArrivalTakenBack {
        id: &'a str,
    },
    ArrivalsForgotten {
        before: Timestamp,
    },
    /// What somebody is typing, sealed.
    DraftKept {
        person: PersonId,
        form: &'a str,
        sealed: Vec<u8>,
        at: Timestamp,
    },
    DraftDropped {
        person: PersonId,
        form: &'a str,
    },
    /// What somebody sent from a screen that had locked, sealed under their token.
    FormHeld {
        session: SessionId,
        path: &'a str,
        sealed: Vec<u8>,
        at: Timestamp,
    },
    FormReleased {
        session: SessionId,
    },
    JobAsked {
        id: String,
        kind: &'a str,
        due_at: Timestamp,
        asked_by: Option<&'a str>,
    },
    JobLeased {
        job: &'a str,
        worker: &'a str,
        now: Timestamp,
        until: Timestamp,
    },
    JobFinished {
        job: &'a str,
        worker: &'a str,
        at: Timestamp,
        fault: Option<&'a str>,
    },
    JobProgress {
        job: &'a str,
        done: i64,
        total: i64,
        says: &'a str,
        lease_until: Timestamp,
    },
    /// Old finished turns of a duty that comes round often and says nothing.
    TurnsForgotten {
        kind: &'a str,
        before: Timestamp,
    },
    NoticeMailed {
        notice: &'a str,
        at: Timestamp,
    },
    NoticeMailFailed {
        notice: &'a str,
        fault: &'a str,
    },
    NoticeRead {
        notice: &'a str,
        at: Timestamp,
    },
    /// A resolver at another site asked what is newest, and said what it has.
    FilterNodeSeen {
        node: &'a str,
        snapshot: &'a str,
        at: Timestamp,
    },
    TokenUsed {
        token: &'a str,
        at: Timestamp,
    },
    /// A device with the browser extension asked for its settings. Of one enrolment so many are told apart.
    DeviceHeard {
        enrolment: &'a str,
        device: &'a str,
        version: &'a str,
        at: Timestamp,
    },
    /// Devices that nobody has heard of for long.
    DevicesForgotten {
        before: Timestamp,
    },
    /// The journal was signed as it stands; the same length is signed once.
    CheckpointMade {
        size: i64,
        at: Timestamp,
        note: &'a str,
    },
}

impl Upkeep<'_> {
    fn statement(self) -> Statement {
        match self {
            Self::SessionUsed { session, at } => {
                sql("update session set last_active_at = $2 where id = $1 and last_active_at < $2")
                    .bind(session.to_string())
                    .bind(at)
            }
            Self::Attempted { id, name_hash, device_hash, address, kind, at } => sql(
                "insert into account_attempt (id, name_hash, device_hash, address, kind, at_ms, succeeded)
                 values ($1, $2, $3, $4, $5, $6, false)",
            )
            .bind(id)
            .bind(name_hash)
            .bind(device_hash)
            .bind(address)
            .bind(kind)
            .bind(at),
            Self::AttemptTurnedAway { attempt } => {
                sql("delete from account_attempt where id = $1").bind(attempt)
            }
            Self::AttemptsForgotten { before } => {
                sql("delete from account_attempt where at_ms < $1").bind(before)
            }
            Self::Arrived { id, address_hash, kind, at } => sql(
                "insert into report_arrival (id, address_hash, kind, at_ms) values ($1, $2, $3, $4)",
            )
            .bind(id)
            .bind(address_hash)
            .bind(kind)
            .bind(at),
            Self::ArrivalTakenBack { id } => {
                sql("delete from report_arrival where id = $1").bind(id)
            }
            Self::ArrivalsForgotten { before } => {
                sql("delete from report_arrival where at_ms < $1").bind(before)
            }
            Self::DraftKept { person, form, sealed, at } => sql(
                "insert into draft (person, form, sealed, kept_at) values ($1, $2, $3, $4)
                 on conflict (person, form) do update set sealed = excluded.sealed, kept_at = excluded.kept_at",
            )
            .bind(person.to_string())
            .bind(form)
            .bind(sealed)
            .bind(at),
            Self::DraftDropped { person, form } => {
                sql("delete from draft where person = $1 and form = $2")
                    .bind(person.to_string())
                    .bind(form)
            }
            Self::FormHeld { session, path, sealed, at } => sql(
                "insert into session_held_form (session, path, sealed, held_at) values ($1, $2, $3, $4)
                 on conflict (session) do update
                 set path = excluded.path, sealed = excluded.sealed, held_at = excluded.held_at",
            )
            .bind(session.to_string())
            .bind(path)
            .bind(sealed)
            .bind(at),
            Self::FormReleased { session } => {
                sql("delete from session_held_form where session = $1").bind(session.to_string())
            }
            Self::JobAsked { id, kind, due_at, asked_by } => sql(
                "insert into job (id, kind, due_at, leased_until, leased_by, attempts, progress_done,
                                  progress_total, progress_says, finished_at, fault, asked_by)
                 select $1, $2, $3, null, null, 0, 0, 0, '', null, null, $4
                 where not exists (
                     select 1 from job where kind = $2 and finished_at is null
                       and leased_by is null and (asked_by is null) = ($5))",
            )
            .bind(id)
            .bind(kind)
            .bind(due_at)
            .bind(asked_by)
            .bind(asked_by.is_none()),
            Self::JobLeased { job, worker, now, until } => sql(
                "update job set leased_until = $4, leased_by = $2, attempts = attempts + 1
                 where id = $1 and finished_at is null and (leased_until is null or leased_until < $3)",
            )
            .bind(job)
            .bind(worker)
            .bind(now)
            .bind(until),
            Self::JobFinished { job, worker, at, fault } => sql(
                "update job set finished_at = $3, fault = $4 where id = $1 and leased_by = $2",
            )
            .bind(job)
            .bind(worker)
            .bind(at)
            .bind(fault),
            Self::JobProgress { job, done, total, says, lease_until } => sql(
                "update job set progress_done = $2, progress_total = $3, progress_says = $4, leased_until = $5
                 where id = $1 and finished_at is null",
            )
            .bind(job)
            .bind(done)
            .bind(total)
            .bind(says)
            .bind(lease_until),
            Self::TurnsForgotten { kind, before } => {
                sql("delete from job where kind = $1 and finished_at < $2 and fault is null")
                    .bind(kind)
                    .bind(before)
            }
            Self::NoticeMailed { notice, at } => {
                sql("update notice set mailed_at = $2 where id = $1 and mailed_at is null")
                    .bind(notice)
                    .bind(at)
            }
            Self::NoticeMailFailed { notice, fault } => sql(
                "update notice set mail_attempts = mail_attempts + 1, mail_fault = $2 where id = $1",
            )
            .bind(notice)
            .bind(fault),
            Self::NoticeRead { notice, at } => {
                sql("update notice set read_at = $2 where id = $1 and read_at is null")
                    .bind(notice)
                    .bind(at)
            }
            Self::CheckpointMade { size, at, note } => sql(
                "insert into journal_checkpoint (size, made_at, note) values ($1, $2, $3)
                 on conflict (size) do nothing",
            )
            .bind(size)
            .bind(at)
            .bind(note),
            Self::FilterNodeSeen { node, snapshot, at } => {
                sql("update filter_node set seen_at = $3, snapshot = $2 where id = $1")
                    .bind(node)
                    .bind(snapshot)
                    .bind(at)
            }
            Self::DeviceHeard { enrolment, device, version, at } => sql(
                "insert into filter_extension_device (enrolment, device, version, first_at, last_at)
                 select $1, $2, $3, $4, $4
                 where exists (select 1 from filter_extension_device where enrolment = $1 and device = $2)
                    or (select count(*) from filter_extension_device where enrolment = $1) < 5000
                 on conflict (enrolment, device) do update
                 set version = excluded.version, last_at = excluded.last_at",
            )
            .bind(enrolment)
            .bind(device)
            .bind(version)
            .bind(at),
            Self::DevicesForgotten { before } => {
                sql("delete from filter_extension_device where last_at < $1").bind(before)
            }
            Self::TokenUsed { token, at } => {
                sql("update token set last_used_at = $2 where id = $1").bind(token).bind(at)
            }
        }
    }
}

/// Does it, in a transaction of its own.
pub async fn keep(database: &Database, upkeep: Upkeep<'_>) -> Result<(), Fault> {
    let mut transaction = database.begin().await?;
    match upkeep.statement().run(&mut transaction).await {
        Ok(_) => transaction.commit().await,
        Err(WriteFault::Fault(fault)) => Err(fault),
        Err(WriteFault::Constraint(name)) => {
            Err(Fault::said(format!("upkeep broke the constraint {name}")))
        }
    }
}
