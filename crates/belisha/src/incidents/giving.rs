//! Giving a case to one more person: their name among the readers, and for a sealed case
//! every key of it, wrapped by whoever gives.

use belisha_rules::giving::GiveRefused;
use belisha_rules::ids::{IncidentId, PersonId, ReportId};
use belisha_ui::SelectOption;
use jiff::Timestamp;

use super::queries::{Case, object, report_object};
use super::reports::answers;
use crate::db::{Connection, sql};
use crate::people::hats::{self, Worn};
use crate::problem::{Fault, Problem};
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

/// Those with an account to whom the case may be given in some way. Whoever may not know of
/// it is not in the list, and no page says why.
pub(super) async fn receivers(
    connection: &mut Connection,
    viewer: &Viewer,
    may_be_given: impl Fn(&Worn) -> bool,
) -> Result<Vec<(PersonId, String)>, Fault> {
    let rows = sql("select person.id, person.name from person
         join account on account.person = person.id
         where person.merged_into is null and account.state <> 'disabled'
           and (person.ends_on is null or person.ends_on >= $1)
         order by person.sort_name, person.id")
    .bind(viewer.today())
    .all(connection)
    .await?;
    let mut receivers = Vec::new();
    for row in rows {
        let person: PersonId = row.read("id", |text| text.parse().ok())?;
        let worn = hats::of(connection, person, viewer.today()).await?;
        if person != viewer.person && may_be_given(&worn) {
            receivers.push((person, row.get("name")?));
        }
    }
    Ok(receivers)
}

/// The people to choose from.
pub(super) fn options(people: &[(PersonId, String)]) -> Vec<SelectOption> {
    std::iter::once(SelectOption::new("", "Choose"))
        .chain(
            people
                .iter()
                .map(|(person, name)| SelectOption::new(person.to_string(), name.clone())),
        )
        .collect()
}

/// Whom of them the form names; nobody where it names somebody who was not offered.
pub(super) fn chosen(people: &[(PersonId, String)], typed: &str) -> Option<PersonId> {
    people
        .iter()
        .map(|(person, _)| *person)
        .find(|person| person.to_string() == typed)
}

/// The page of a rule's no.
pub(super) fn refused(title: &'static str, why: &GiveRefused) -> Problem {
    Problem::refused(title, why.sentence())
}

/// Wraps every key of a sealed case to the receiver. The giver opens each, so a reader is
/// added by a reader.
pub(super) async fn give_keys(
    tx: &mut Tx,
    viewer: &Viewer,
    found: &Case,
    person: PersonId,
) -> Result<(), Problem> {
    if !found.kind.is_sealed() {
        return Ok(());
    }
    let case = records::open(tx, viewer, &object(found.id)).await?;
    if !records::give(tx, &object(found.id), &case, person).await? {
        return Err(Problem::refused(
            "This person cannot open anything sealed yet",
            "They have no account with a key. Invite them first, then come back here.",
        ));
    }
    for report in reports(tx, found.id).await? {
        let words = records::open(tx, viewer, &report_object(report)).await?;
        records::give(tx, &report_object(report), &words, person).await?;
    }
    for report in answers::with_code(tx, found.id).await? {
        let messages = records::open(tx, viewer, &answers::object(report)).await?;
        records::give(tx, &answers::object(report), &messages, person).await?;
    }
    Ok(())
}

/// Writes down that a person reads the case, why and until when.
pub(super) async fn insert_reader(
    tx: &mut Tx,
    found: &Case,
    person: PersonId,
    why: &'static str,
    until: Option<Timestamp>,
) -> Result<(), Problem> {
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run(
        sql("insert into incident_reader (incident, person, why, stage, from_at, until_at, given_by)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (incident, person, why) do update
             set from_at = excluded.from_at, until_at = excluded.until_at, given_by = excluded.given_by")
        .bind(found.id.to_string())
        .bind(person.to_string())
        .bind(why)
        .bind(found.stage)
        .bind(now)
        .bind(until)
        .bind(by),
    )
    .await?;
    Ok(())
}

/// The case, and those that were merged into it, however often.
pub(super) async fn with_merged(
    connection: &mut Connection,
    id: IncidentId,
) -> Result<Vec<IncidentId>, Fault> {
    sql("with recursive merged (id) as (
             select cast($1 as text)
             union
             select incident_merge.incident from incident_merge
             join merged on incident_merge.into_incident = merged.id
             where incident_merge.undone_at is null)
         select id from merged order by id")
    .bind(id.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| row.read("id", |text| text.parse().ok()))
    .collect()
}

/// The reports that the case holds, with those of cases that were merged into it.
pub(super) async fn reports(
    connection: &mut Connection,
    id: IncidentId,
) -> Result<Vec<ReportId>, Fault> {
    let mut reports: Vec<(Timestamp, ReportId)> = Vec::new();
    for case in with_merged(connection, id).await? {
        let rows = sql("select id, reported_at from report where incident = $1")
            .bind(case.to_string())
            .all(connection)
            .await?;
        for row in rows {
            let report = row.read("id", |text| text.parse().ok())?;
            reports.push((row.instant("reported_at")?, report));
        }
    }
    reports.sort();
    Ok(reports.into_iter().map(|(_, report)| report).collect())
}
