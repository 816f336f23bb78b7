//! What the notice pages read, and how the mail about notices stands.

use belisha_policy::Word as _;
use belisha_rules::ids::PersonId;
use jiff::Timestamp;

use super::NoticeKind;
use super::post::MOST_ATTEMPTS;
use crate::db::{Connection, Row, sql};
use crate::mail::Mail;
use crate::problem::Fault;
use crate::school::School;

/// One notice of a person.
pub(super) struct Notice {
    pub(super) id: String,
    pub(super) kind: NoticeKind,
    pub(super) made_at: Timestamp,
    pub(super) read_at: Option<Timestamp>,
    pub(super) urgent: bool,
}

/// The newest notices of a person, unread ones first.
pub(super) async fn of(
    connection: &mut Connection,
    person: PersonId,
    at_most: i64,
) -> Result<Vec<Notice>, Fault> {
    let mut notices = unopened(connection, person, at_most).await?;
    let room = at_most - i64::try_from(notices.len()).unwrap_or(at_most);
    let opened = sql("select id, kind, made_at, read_at, urgent from notice
         where person = $1 and read_at is not null order by made_at desc, id limit $2")
    .bind(person.to_string())
    .bind(room)
    .all(connection)
    .await?;
    for row in &opened {
        notices.push(notice(row)?);
    }
    Ok(notices)
}

/// The newest notices that a person has not opened. Asked apart from the others, so that
/// years of opened ones are not sorted to find them.
pub(super) async fn unopened(
    connection: &mut Connection,
    person: PersonId,
    at_most: i64,
) -> Result<Vec<Notice>, Fault> {
    sql("select id, kind, made_at, read_at, urgent from notice
         where person = $1 and read_at is null order by made_at desc, id limit $2")
    .bind(person.to_string())
    .bind(at_most)
    .all(connection)
    .await?
    .iter()
    .map(notice)
    .collect()
}

fn notice(row: &Row) -> Result<Notice, Fault> {
    Ok(Notice {
        id: row.get("id")?,
        kind: row.read("kind", NoticeKind::from_key)?,
        made_at: row.instant("made_at")?,
        read_at: row.instant_optional("read_at")?,
        urgent: row.get("urgent")?,
    })
}

/// How many notices a person has not opened.
pub(crate) async fn unread(connection: &mut Connection, person: PersonId) -> Result<u32, Fault> {
    let unread: i64 =
        sql("select count(*) as unread from notice where person = $1 and read_at is null")
            .bind(person.to_string())
            .one(connection)
            .await?
            .get("unread")?;
    Ok(u32::try_from(unread).unwrap_or(u32::MAX))
}

/// How the mail stands, for whoever runs the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MailStanding {
    /// No mail server is configured; so many unread notices wait on people's own pages.
    NoServer { unread: i64 },
    Leaving {
        /// Notices whose mail could not leave and will be tried again.
        retrying: i64,
        /// Notices whose mail was given up after the last attempt.
        given_up: i64,
        /// Since when the oldest of them waits.
        oldest: Option<Timestamp>,
        /// Unread notices of people who have no mail address.
        without_address: i64,
    },
}

/// The ids of all cases about adults, as one text that a statement takes apart. They are few,
/// which no engine would guess: asked in one statement, each looks through every report.
async fn sealed_cases(connection: &mut Connection) -> Result<String, Fault> {
    let rows =
        sql("select id from incident where kind <> 'pupil-welfare' and kind <> 'child-protection'")
            .all(connection)
            .await?;
    let ids: Result<Vec<String>, Fault> = rows.iter().map(|row| row.get("id")).collect();
    Ok(ids?.join(" "))
}

/// Reads how the mail stands now. Notices about sealed cases are not counted: whoever
/// looks after the mail, or may be the subject of such a case, would learn that there is one.
pub(crate) async fn mail_standing(
    connection: &mut Connection,
    school: &School,
) -> Result<MailStanding, Fault> {
    let sealed = sealed_cases(connection).await?;
    if matches!(school.mail, Mail::None) {
        let unread = sql("with recursive sealed (n, id) as (
                 select 1, substr(cast($1 as text), 1, 36)
                 union all
                 select n + 1, substr(cast($1 as text), n * 37 + 1, 36) from sealed
                 where n * 37 < length(cast($1 as text)))
               select count(*) as unread from notice where read_at is null
               and object not like 'incident-sight:%'
               and object not in (select 'incident:' || id from sealed
                                  union
                                  select 'report:' || report.id from sealed
                                  cross join report where report.incident = sealed.id)")
        .bind(sealed)
        .one(connection)
        .await?
        .get("unread")?;
        return Ok(MailStanding::NoServer { unread });
    }
    let row = sql(
        "with recursive sealed (n, id) as (
           select 1, substr(cast($2 as text), 1, 36)
           union all
           select n + 1, substr(cast($2 as text), n * 37 + 1, 36) from sealed
           where n * 37 < length(cast($2 as text)))
         select count(case when notice.mail_attempts > 0 and notice.mail_attempts < $1 then 1 end) as retrying,
                count(case when notice.mail_attempts >= $1 then 1 end) as given_up,
                min(case when notice.mail_attempts > 0 then notice.made_at end) as oldest,
                count(case when person.email is null then 1 end) as without_address
         from notice join person on person.id = notice.person
         where notice.mailed_at is null and notice.read_at is null
           and notice.object not like 'incident-sight:%'
           and notice.object not in (select 'incident:' || id from sealed
                                     union
                                     select 'report:' || report.id from sealed
                                     cross join report where report.incident = sealed.id)",
    )
    .bind(MOST_ATTEMPTS)
    .bind(sealed)
    .one(connection)
    .await?;
    Ok(MailStanding::Leaving {
        retrying: row.get("retrying")?,
        given_up: row.get("given_up")?,
        oldest: row.instant_optional("oldest")?,
        without_address: row.get("without_address")?,
    })
}
