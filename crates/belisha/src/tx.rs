//! The write path. A transaction knows who acts and when, holds the journal's
//! head so that entries have one order, and can only be committed with its entry.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use belisha_journal::{Draft, Hash, Head};
use belisha_policy::Word as _;
use belisha_rules::ids::Id;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::actor::{Actor, Factor};
use crate::clock::random;
use crate::db::{Connection, Statement, Transaction, WriteFault, sql};
use crate::entries::Entry;
use crate::problem::{Fault, Problem};
use crate::school::School;

/// A transaction. Dropped, it undoes itself.
pub struct Tx {
    transaction: Transaction,
    head: Head,
    actor: Actor,
    now: Timestamp,
    school: Arc<School>,
}

impl Tx {
    /// Begins to write. Waits for the writer before, so that one school's entries
    /// have one order and no two acts decide on the same facts.
    pub async fn begin(school: &Arc<School>, actor: Actor) -> Result<Self, Fault> {
        let mut transaction = school.database.begin().await?;
        // An update, not a select, so that PostgreSQL locks the row as SQLite locks the file.
        let locked = sql("update journal_head set head = head where only_row = 1")
            .run(&mut transaction)
            .await
            .map_err(never_constrained)?;
        let head = if locked == 1 {
            let row = sql("select head from journal_head where only_row = 1")
                .one(transaction.connection())
                .await?;
            Head::from_bytes(&row.get::<Vec<u8>>("head")?)
                .map_err(|error| Fault::at("reading the journal's head".into(), error))?
        } else {
            let head = Head::empty();
            sql("insert into journal_head (only_row, head) values (1, $1)")
                .bind(head.to_bytes())
                .run(&mut transaction)
                .await
                .map_err(never_constrained)?;
            head
        };
        Ok(Self {
            transaction,
            head,
            actor,
            now: school.clock.now(),
            school: Arc::clone(school),
        })
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The person who acts. Acts that only a person may do ask for it.
    pub fn person(&self) -> Result<belisha_rules::ids::PersonId, Problem> {
        self.actor.person().ok_or(Problem::NotFound)
    }

    /// The instant of this act: every row it writes carries the same one.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The date of this act by the school's own clock.
    pub fn today(&self) -> Date {
        self.school.date_of(self.now)
    }

    pub fn school(&self) -> &Arc<School> {
        &self.school
    }

    /// A new random id.
    pub fn new_id<Of>(&self) -> Id<Of> {
        self.school.new_id()
    }

    /// Random bytes for keys, nonces and codes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        random(&*self.school.chance)
    }

    /// Runs a writing statement; the number of rows it touched.
    pub async fn run(&mut self, statement: Statement) -> Result<u64, WriteFault> {
        statement.run(&mut self.transaction).await
    }

    /// Runs a writing statement that must touch exactly one row. If it touched
    /// none, somebody else was quicker, and the reader is told so.
    pub async fn run_one(&mut self, statement: Statement) -> Result<(), Problem> {
        match self.run(statement).await? {
            1 => Ok(()),
            0 => Err(Problem::changed_first()),
            touched => {
                Err(Fault::said(format!("a statement for one row touched {touched}")).into())
            }
        }
    }

    /// Remembers the submission of the form behind this act. A form that is sent twice
    /// acts once: the second time the reader is led to where the first one led.
    pub async fn once(&mut self, submission: &str, leads_to: &str) -> Result<(), Problem> {
        if submission.is_empty() {
            return Err(Problem::refused(
                "This form could not be read",
                "It came without its own number, so it cannot be told from the same form sent twice. \
                 Go back, reload the page and send it again.",
            ));
        }
        let (now, by) = (self.now, self.actor.key());
        // Its number alone is not enough: another person's number leads nowhere.
        let id = format!("{by}/{submission}");
        let remembered = self
            .run(
                sql(
                    "insert into submission (id, made_at, made_by, led_to) values ($1, $2, $3, $4)
                     on conflict (id) do nothing",
                )
                .bind(&id)
                .bind(now)
                .bind(by)
                .bind(leads_to),
            )
            .await?;
        if remembered == 1 {
            return Ok(());
        }
        let row = sql("select led_to from submission where id = $1")
            .bind(&id)
            .one(self)
            .await?;
        Err(Problem::GoTo(row.get("led_to")?))
    }

    /// Commits the act together with its entry, both or neither; the entry's number.
    pub async fn commit(mut self, entry: Entry) -> Result<u64, Fault> {
        let (session, factor) = match &self.actor {
            Actor::Person {
                session, factor, ..
            } => (
                session.map(|session| short(&session.to_string())),
                match factor {
                    Factor::None => belisha_journal::Factor::None,
                    Factor::Password => belisha_journal::Factor::Password,
                    Factor::SecondFactor => belisha_journal::Factor::SecondFactor,
                    Factor::SteppedUp => belisha_journal::Factor::StepUp,
                },
            ),
            Actor::School(_) => (None, belisha_journal::Factor::None),
        };
        let recorded = self
            .head
            .append(Draft {
                at_ms: u64::try_from(self.now.as_millisecond())
                    .map_err(|error| Fault::at("the time of an act".into(), error))?,
                clock_ms: self.school.clock.steady_ms(),
                actor: self.actor.in_journal(),
                session,
                factor,
                action: entry.kind.key().to_owned(),
                object: entry.object.as_str().to_owned(),
                facts: entry.facts,
                revision: entry.revision.map(Hash),
                result: if entry.refused {
                    belisha_journal::Outcome::Refused
                } else {
                    belisha_journal::Outcome::Done
                },
                payload: entry.sealed.as_deref().map(Hash::of_payload),
            })
            .map_err(|error| Fault::at("encoding a journal entry".into(), error))?;
        let sequence = i64::try_from(recorded.sequence)
            .map_err(|error| Fault::at("the journal's sequence".into(), error))?;
        sql(
            "insert into journal_entry (sequence, line, leaf, at_ms, action, object, actor)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(sequence)
        .bind(recorded.line)
        .bind(recorded.leaf.0.as_slice())
        .bind(self.now)
        .bind(entry.kind.key())
        .bind(entry.object.as_str())
        .bind(self.actor.key())
        .run(&mut self.transaction)
        .await
        .map_err(never_constrained)?;
        if let Some(sealed) = entry.sealed {
            sql("insert into journal_payload (sequence, sealed) values ($1, $2)")
                .bind(sequence)
                .bind(sealed)
                .run(&mut self.transaction)
                .await
                .map_err(never_constrained)?;
        }
        sql("update journal_head set head = $1 where only_row = 1")
            .bind(self.head.to_bytes())
            .run(&mut self.transaction)
            .await
            .map_err(never_constrained)?;
        self.transaction.commit().await?;
        self.school.after_commit(entry.kind);
        Ok(recorded.sequence)
    }

    /// The number that this act's entry will have; for a record that cites its own proof.
    pub fn next_sequence(&self) -> u64 {
        self.head.size()
    }
}

impl Deref for Tx {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.transaction.connection_ref()
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Connection {
        self.transaction.connection()
    }
}

fn never_constrained(fault: WriteFault) -> Fault {
    match fault {
        WriteFault::Fault(fault) => fault,
        WriteFault::Constraint(name) => {
            Fault::said(format!("the journal broke its own constraint {name}"))
        }
    }
}

/// The first group of an id: enough to tell one person's sessions apart.
fn short(id: &str) -> String {
    id.split('-').next().unwrap_or_default().to_owned()
}
