//! The secret code of a report that came without an account, and the messages behind it:
//! what the school writes for whoever has the code, and what they write back. Nothing
//! else of the case is ever shown there.

use belisha_policy::controls::tell_someone;
use belisha_rules::calendar::SchoolCalendar;
use belisha_rules::ids::{IncidentId, ReportId};
use belisha_vault::{AnswerCode, Cost, PersonPublic};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::db::{Connection, sql};
use crate::entries::Object;
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::school::School;
use crate::tx::Tx;
use crate::viewer::Viewer;

/// Easy words, so that a child of six can copy four of them.
const WORDS: &str = include_str!("answer_words.txt");
/// Four of more than five hundred words are 36 bits.
const WORDS_IN_A_CODE: usize = 4;

/// How many codes are stretched at once; the others wait in line.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// A code on its way to whoever reported.
pub(crate) struct GivenCode {
    words: String,
    locator: [u8; 32],
    public: PersonPublic,
}

impl GivenCode {
    /// The code of one submission. It follows from the submission's number, which nobody
    /// else has and which is kept nowhere: a form that is sent twice shows the same code
    /// twice, and no record holds it.
    pub(crate) async fn of(school: &School, submission: &str) -> Result<Self, Fault> {
        let words = words_of(submission);
        let code = stretch(school, &words).await?;
        Ok(Self {
            locator: *code.locator(),
            public: code.private().public(),
            words,
        })
    }

    /// The four words, as they are shown once.
    pub(crate) fn words(&self) -> &str {
        &self.words
    }
}

/// What stands for the submission in the records, from which nobody comes to the code.
pub(crate) fn remembered(submission: &str) -> String {
    let digest = Sha256::new()
        .chain_update(b"belisha/v1/submission\0")
        .chain_update(submission)
        .finalize();
    data_encoding::HEXLOWER.encode(&digest[..16])
}

fn words_of(submission: &str) -> String {
    let list: Vec<&str> = WORDS.lines().collect();
    let digest = Sha256::new()
        .chain_update(b"belisha/v1/answer-words\0")
        .chain_update(submission)
        .finalize();
    let chosen: Vec<&str> = digest
        .chunks_exact(4)
        .take(WORDS_IN_A_CODE)
        .map(|bytes| {
            let number = bytes
                .iter()
                .fold(0_usize, |number, byte| number * 256 + usize::from(*byte));
            list[number % list.len()]
        })
        .collect();
    chosen.join(" ")
}

/// A code as it was typed: the words, whatever stands between them.
pub(crate) fn folded(typed: &str) -> String {
    typed
        .to_lowercase()
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

async fn stretch(school: &School, words: &str) -> Result<AnswerCode, Fault> {
    let _turn = AT_ONCE
        .acquire()
        .await
        .map_err(|error| Fault::at("waiting to stretch a code".into(), error))?;
    let (id, words) = (school.settings().id.clone(), words.to_owned());
    tokio::task::spawn_blocking(move || AnswerCode::of(&id, &words, Cost::FLOOR))
        .await
        .map_err(|error| Fault::at("stretching a code".into(), error))
}

/// What the records call the messages of a report.
pub(crate) fn object(report: ReportId) -> Object {
    Object::new("report-messages", report)
}

/// Keeps what finds a code, and makes the key of its messages.
pub(super) async fn keep_code(
    tx: &mut Tx,
    report: ReportId,
    keys: &records::Tier,
    code: &GivenCode,
    calendar: &SchoolCalendar,
) -> Result<(), Problem> {
    let (school, now) = (tx.school().clone(), tx.now());
    let in_force = school.in_force(tx).await?;
    let within = in_force.policy.get(&tell_someone::ANSWERED_WITHIN);
    let lasts = in_force.policy.get(&tell_someone::CODE_LASTS);
    let (messages, _) = records::create(tx, &object(report), keys).await?;
    let wrapped = match keys {
        records::Tier::School => None,
        records::Tier::Persons(_) => {
            Some(messages.wrap_for_code(&school, &report.to_string(), &code.public))
        }
    };
    tx.run_one(
        sql("insert into report_answer_code (report, locator, public_key, wrapped, made_at, ends_at, answer_by)
             values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(report.to_string())
        .bind(code.locator.as_slice())
        .bind(code.public.to_bytes().as_slice())
        .bind(wrapped)
        .bind(now)
        .bind(calendar.passes_at(calendar.due(now, lasts)))
        .bind(calendar.passes_at(calendar.due(now, within))),
    )
    .await
}

/// A report that was found by its code, with its messages open.
pub(crate) struct Opened {
    pub(crate) report: ReportId,
    pub(crate) incident: IncidentId,
    pub(crate) reported_at: Timestamp,
    pub(crate) acknowledged: bool,
    record: OpenRecord,
}

/// One message.
pub(crate) struct Message {
    pub(crate) from_school: bool,
    pub(crate) at: Timestamp,
    pub(crate) read_at: Option<Timestamp>,
    pub(crate) words: String,
}

/// Finds a report by its code. A code that is wrong and a code that has ended are alike.
pub(crate) async fn open_by_code(
    school: &School,
    typed: &str,
    now: Timestamp,
) -> Result<Option<Opened>, Problem> {
    let code = stretch(school, &folded(typed)).await?;
    let mut records = school.database.read().await?;
    let found = sql(
        "select report_answer_code.report, report_answer_code.wrapped, report.incident,
                report.reported_at, incident.acknowledged_at
         from report_answer_code
         join report on report.id = report_answer_code.report
         join incident on incident.id = report.incident
         where report_answer_code.locator = $1 and report_answer_code.ends_at > $2",
    )
    .bind(code.locator().as_slice())
    .bind(now)
    .optional(&mut records)
    .await?;
    let Some(row) = found else { return Ok(None) };
    let report: ReportId = row.read("report", |text| text.parse().ok())?;
    let wrapped: Option<Vec<u8>> = row.get("wrapped")?;
    let record = records::open_by_code(
        &mut records,
        school,
        &object(report),
        wrapped.as_deref(),
        &report.to_string(),
        code.private(),
    )
    .await?;
    Ok(Some(Opened {
        report,
        incident: row.read("incident", |text| text.parse().ok())?,
        reported_at: row.instant("reported_at")?,
        acknowledged: row.instant_optional("acknowledged_at")?.is_some(),
        record,
    }))
}

impl Opened {
    /// What was written so far, oldest first.
    pub(crate) async fn messages(
        &self,
        connection: &mut Connection,
    ) -> Result<Vec<Message>, Problem> {
        read(connection, self.report, &self.record).await
    }

    /// Writes back.
    pub(crate) async fn write_back(&self, tx: &mut Tx, words: &str) -> Result<(), Problem> {
        write(tx, self.report, &self.record, false, words).await
    }

    /// Notes that whoever has the code has seen what the school wrote; whether there was
    /// something new.
    pub(crate) async fn seen(&self, tx: &mut Tx) -> Result<bool, Problem> {
        let now = tx.now();
        let seen = tx
            .run(
                sql("update report_message set read_at = $2
                     where report = $1 and from_school and read_at is null")
                .bind(self.report.to_string())
                .bind(now),
            )
            .await?;
        Ok(seen > 0)
    }
}

/// The reports of a case that have a code.
pub(crate) async fn with_code(
    connection: &mut Connection,
    incident: IncidentId,
) -> Result<Vec<ReportId>, Fault> {
    sql("select report.id from report
         join report_answer_code on report_answer_code.report = report.id
         where report.incident = $1 order by report.reported_at, report.id")
    .bind(incident.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| row.read("id", |text| text.parse().ok()))
    .collect()
}

/// The messages of a report, for a viewer who may read its case.
pub(crate) async fn for_viewer(
    connection: &mut Connection,
    viewer: &Viewer,
    report: ReportId,
) -> Result<Vec<Message>, Problem> {
    let record = records::open(connection, viewer, &object(report)).await?;
    read(connection, report, &record).await
}

/// Writes to whoever has the code of a report.
pub(crate) async fn answer(
    tx: &mut Tx,
    viewer: &Viewer,
    report: ReportId,
    words: &str,
) -> Result<(), Problem> {
    let record = records::open(tx, viewer, &object(report)).await?;
    write(tx, report, &record, true, words).await
}

async fn read(
    connection: &mut Connection,
    report: ReportId,
    record: &OpenRecord,
) -> Result<Vec<Message>, Problem> {
    sql(
        "select id, from_school, made_at, read_at, sealed from report_message
         where report = $1 order by made_at, id",
    )
    .bind(report.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        let id: String = row.get("id")?;
        Ok(Message {
            from_school: row.get("from_school")?,
            at: row.instant("made_at")?,
            read_at: row.instant_optional("read_at")?,
            words: record.read(&format!("message-{id}"), 0, &row.get::<Vec<u8>>("sealed")?)?,
        })
    })
    .collect()
}

async fn write(
    tx: &mut Tx,
    report: ReportId,
    record: &OpenRecord,
    from_school: bool,
    words: &str,
) -> Result<(), Problem> {
    let (school, now, id) = (tx.school().clone(), tx.now(), tx.school().new_row_id());
    let by = tx.actor().person().map(|person| person.to_string());
    let sealed = record.seal(&school, &format!("message-{id}"), 0, words.trim());
    tx.run_one(
        sql("insert into report_message (id, report, from_school, made_at, made_by, read_at, sealed)
             values ($1, $2, $3, $4, $5, null, $6)")
        .bind(id)
        .bind(report.to_string())
        .bind(from_school)
        .bind(now)
        .bind(by)
        .bind(sealed),
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_four_easy_words_of_a_long_list() {
        let list: Vec<&str> = WORDS.lines().collect();
        let mut once = list.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), list.len());
        assert!(list.len() >= 512, "{} words", list.len());
        for word in list {
            assert!(
                word.bytes().all(|letter| letter.is_ascii_lowercase()),
                "{word}"
            );
            assert!((2..=8).contains(&word.len()), "{word}");
        }
        let words = words_of("a submission");
        assert_eq!(words.split(' ').count(), WORDS_IN_A_CODE);
        assert_eq!(words, words_of("a submission"));
        assert_ne!(words, words_of("another submission"));
        assert_ne!(remembered("a submission"), remembered("another submission"));
    }

    #[test]
    fn a_code_is_read_however_a_child_types_it() {
        for typed in [
            "apple river seven moon",
            " Apple  RIVER-seven, moon. ",
            "apple\nriver\nseven\nmoon",
        ] {
            assert_eq!(folded(typed), "apple river seven moon", "{typed:?}");
        }
    }
}
