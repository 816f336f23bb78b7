//! The lists of cases. What the viewer may not know of is left out by the statement;
//! what is left goes through the one decision function before it is shown.

use std::collections::BTreeSet;

use belisha_policy::Word;
use belisha_rules::access::{Action, Grant, Granted, Kind, RecordFacts};
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::State;
use jiff::Timestamp;

use super::standing::{self, Standing};
use crate::db::{Connection, Row as DbRow, Statement, sql};
use crate::incidents::words::{AtRisk, kind_from, state_from};
use crate::problem::Fault;
use crate::viewer::Viewer;

/// Which cases a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    New,
    Mine,
    Overdue,
    Open,
    Closed,
    /// Low-level concerns about adults: never mixed with other cases.
    LowLevel,
    LowLevelClosed,
}

impl Word for Show {
    const KIND: &'static str = "a list of cases";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::New, "new", "New"),
        (Self::Mine, "mine", "Mine"),
        (Self::Overdue, "overdue", "Overdue"),
        (Self::Open, "open", "All open"),
        (Self::Closed, "closed", "Closed"),
        (
            Self::LowLevel,
            "low-level",
            "Low-level concerns about adults",
        ),
        (
            Self::LowLevelClosed,
            "low-level-closed",
            "Low-level concerns that were closed",
        ),
    ];
}

/// One line of a list: no words of anybody's.
pub(crate) struct Row {
    pub(crate) id: IncidentId,
    pub(crate) reference: String,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) risk: AtRisk,
    pub(crate) category: String,
    pub(crate) guidance: String,
    pub(crate) opened_at: Timestamp,
    pub(crate) acknowledge_by: Option<Timestamp>,
    pub(crate) acknowledged_by: Option<String>,
    pub(crate) next_action_on: Option<jiff::civil::Date>,
    pub(crate) late: bool,
}

/// What waits for a person, for the Today page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Reports that they may take up, and nobody has acknowledged.
    pub(crate) new: u32,
    /// Open cases that they acknowledged or have something to do in.
    pub(crate) mine: u32,
    /// Open cases past a deadline.
    pub(crate) overdue: u32,
    /// Actions of their own that are not done yet.
    pub(crate) actions_due: u32,
}

/// One page of a list, newest first, and whether there are more.
pub(crate) async fn list(
    connection: &mut Connection,
    viewer: &Viewer,
    show: Show,
    offset: i64,
    limit: i64,
) -> Result<(Vec<Row>, bool), Fault> {
    let standing = standing::of(connection, viewer).await?;
    let mut listed = listed(connection, viewer, &standing, show, offset, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = listed.len() > limit;
    listed.truncate(limit);
    let ids: Vec<IncidentId> = listed.into_iter().map(|listed| listed.id).collect();
    Ok((rows(connection, viewer, &standing, &ids).await?, more))
}

/// A case in a list, before anything else of it is read.
pub(crate) struct Listed {
    pub(crate) id: IncidentId,
    kind: Kind,
    pub(crate) category: String,
    pub(crate) opened_at: Timestamp,
}

/// Every case of a list that the viewer may open, newest first.
pub(crate) async fn readable(
    connection: &mut Connection,
    viewer: &Viewer,
    show: Show,
) -> Result<Vec<Listed>, Fault> {
    let standing = standing::of(connection, viewer).await?;
    let mut listed = listed(connection, viewer, &standing, show, 0, i64::from(i32::MAX)).await?;
    let may = may_open(connection, viewer, &standing, &listed).await?;
    listed.retain(|one| may.contains(&one.id));
    Ok(listed)
}

/// Which of these cases the viewer may open. Of a kind that they read by their post, no case
/// need be looked at.
async fn may_open(
    connection: &mut Connection,
    viewer: &Viewer,
    standing: &Standing,
    listed: &[Listed],
) -> Result<BTreeSet<IncidentId>, Fault> {
    let (by_post, others): (Vec<&Listed>, Vec<&Listed>) = listed.iter().partition(|one| {
        viewer
            .may(Action::ReadCase, &RecordFacts::of(one.kind))
            .is_allowed()
    });
    let others: Vec<IncidentId> = others.iter().map(|one| one.id).collect();
    let others = rows(connection, viewer, standing, &others).await?;
    let by_post = by_post.iter().map(|one| one.id);
    Ok(others.iter().map(|row| row.id).chain(by_post).collect())
}

/// The lines of these cases, of those that the viewer may read.
pub(crate) async fn lines(
    connection: &mut Connection,
    viewer: &Viewer,
    ids: &[IncidentId],
) -> Result<Vec<Row>, Fault> {
    let standing = standing::of(connection, viewer).await?;
    rows(connection, viewer, &standing, ids).await
}

/// The cases of a list that the viewer may know of, newest first.
async fn listed(
    connection: &mut Connection,
    viewer: &Viewer,
    standing: &Standing,
    show: Show,
    offset: i64,
    limit: i64,
) -> Result<Vec<Listed>, Fault> {
    let Some(due) = due(connection, viewer, standing, show).await? else {
        let page = with_rights(every(), viewer, standing)
            .bind(!matches!(show, Show::Closed | Show::LowLevelClosed))
            .bind(matches!(show, Show::LowLevel | Show::LowLevelClosed))
            .bind(limit)
            .bind(offset);
        return read_listed(&page.all(connection).await?);
    };
    let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let known = known(connection, viewer, standing, &due).await?;
    Ok(known.into_iter().skip(skipped).take(most).collect())
}

/// Of these cases those that are open and that the viewer may know of, newest first.
async fn known(
    connection: &mut Connection,
    viewer: &Viewer,
    standing: &Standing,
    ids: &BTreeSet<IncidentId>,
) -> Result<Vec<Listed>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let known = with_rights(some(), viewer, standing).bind(standing::joined(ids));
    read_listed(&known.all(connection).await?)
}

/// Binds what decides of which cases a viewer knows: the first five places of a statement.
fn with_rights(statement: Statement, viewer: &Viewer, standing: &Standing) -> Statement {
    let always = |kind: Kind| {
        viewer
            .may(Action::ReadCase, &RecordFacts::of(kind))
            .is_allowed()
    };
    let pastoral = viewer
        .access
        .roles()
        .contains(&belisha_rules::access::Role::Pastoral);
    statement
        .bind(&standing.own)
        .bind(&standing.barred)
        .bind(always(Kind::PupilWelfare))
        .bind(always(Kind::ChildProtection))
        .bind(pastoral)
}

fn read_listed(rows: &[DbRow]) -> Result<Vec<Listed>, Fault> {
    rows.iter()
        .map(|row| {
            Ok(Listed {
                id: row.read("id", |text| text.parse().ok())?,
                kind: row.read("kind", kind_from)?,
                category: row.get("category")?,
                opened_at: row.instant("opened_at")?,
            })
        })
        .collect()
}

/// All open or all closed cases. How the viewer stands to a case is asked of each case that
/// comes up and not of all cases that the viewer ever had to do with: the first is a look into
/// an index, the second grows with the years.
fn every() -> Statement {
    sql("with recursive
           own (n, id) as (
             select 1, substr(cast($1 as text), 1, 36)
             union all
             select n + 1, substr(cast($1 as text), n * 37 + 1, 36) from own
             where n * 37 < length(cast($1 as text))),
           barred (n, id) as (
             select 1, substr(cast($2 as text), 1, 36)
             union all
             select n + 1, substr(cast($2 as text), n * 37 + 1, 36) from barred
             where n * 37 < length(cast($2 as text)))
         select incident.id, incident.kind, incident.category, incident.opened_at
         from incident
         where incident.is_open = $6
           and (incident.kind = 'low-level-concern') = $7
           and incident.id not in (select incident from incident_person
             where part = 'alleged' and removed_at is null and person in (select id from barred))
           and ((incident.kind = 'pupil-welfare' and $3) or (incident.kind = 'child-protection' and $4)
             or exists (select 1 from incident_reader
                  where incident_reader.incident = incident.id and person in (select id from own)
                    and incident_reader.stage <= incident.stage)
             or ($5 and exists (select 1 from incident_person
                  join class_member on class_member.person = incident_person.person
                       and class_member.part = 'pupil' and class_member.until_on is null
                  join class_member as adult on adult.class = class_member.class
                       and adult.part <> 'pupil' and adult.until_on is null
                  where incident_person.incident = incident.id and adult.person in (select id from own)
                    and incident_person.removed_at is null and incident_person.part <> 'reporter')))
         order by incident.opened_at desc, incident.id
         limit $8 offset $9")
}

/// Of so many cases, those that the viewer may know of: each is looked at, so there must be few.
fn some() -> Statement {
    sql("with recursive
           own (n, id) as (
             select 1, substr(cast($1 as text), 1, 36)
             union all
             select n + 1, substr(cast($1 as text), n * 37 + 1, 36) from own
             where n * 37 < length(cast($1 as text))),
           barred (n, id) as (
             select 1, substr(cast($2 as text), 1, 36)
             union all
             select n + 1, substr(cast($2 as text), n * 37 + 1, 36) from barred
             where n * 37 < length(cast($2 as text))),
           asked (n, id) as (
             select 1, substr(cast($6 as text), 1, 36)
             union all
             select n + 1, substr(cast($6 as text), n * 37 + 1, 36) from asked
             where n * 37 < length(cast($6 as text)))
         select incident.id, incident.kind, incident.category, incident.opened_at
         from asked cross join incident
         where incident.id = asked.id
           and incident.is_open
           and incident.kind <> 'low-level-concern'
           and incident.id not in (select incident from incident_person
             where part = 'alleged' and removed_at is null and person in (select id from barred))
           and ((incident.kind = 'pupil-welfare' and $3) or (incident.kind = 'child-protection' and $4)
             or exists (select 1 from incident_reader
                  where incident_reader.incident = incident.id and person in (select id from own)
                    and incident_reader.stage <= incident.stage)
             or ($5 and exists (select 1 from incident_person
                  join class_member on class_member.person = incident_person.person
                       and class_member.part = 'pupil' and class_member.until_on is null
                  join class_member as adult on adult.class = class_member.class
                       and adult.part <> 'pupil' and adult.until_on is null
                  where incident_person.incident = incident.id and adult.person in (select id from own)
                    and incident_person.removed_at is null and incident_person.part <> 'reporter')))
         order by incident.opened_at desc, incident.id")
}

/// The cases for which something is to be done, whoever may know of them: found by what is to
/// be done, of which there is little, and not among all that are open. None where a list
/// shows more than that.
async fn due(
    connection: &mut Connection,
    viewer: &Viewer,
    standing: &Standing,
    show: Show,
) -> Result<Option<BTreeSet<IncidentId>>, Fault> {
    // Whoever takes such cases up by their post finds each that is new, told of it or not.
    let takes_up = |kind: Kind| {
        viewer
            .may(Action::Acknowledge, &RecordFacts::of(kind))
            .is_allowed()
    };
    let due = match show {
        Show::New => sql("with recursive own (n, id) as (
                   select 1, substr(cast($1 as text), 1, 36)
                   union all
                   select n + 1, substr(cast($1 as text), n * 37 + 1, 36) from own
                   where n * 37 < length(cast($1 as text)))
                 select incident.id from incident
                 where incident.state = 'reported'
                   and ((incident.kind = 'pupil-welfare' and $2) or (incident.kind = 'child-protection' and $3)
                     or exists (select 1 from incident_reader
                          where incident_reader.incident = incident.id and person in (select id from own)
                            and why in ('first', 'next') and incident_reader.stage <= incident.stage))")
            .bind(&standing.own)
            .bind(takes_up(Kind::PupilWelfare))
            .bind(takes_up(Kind::ChildProtection)),
        // A case is theirs who was given it last, or else who acknowledged it.
        Show::Mine => sql("with recursive own (n, id) as (
                   select 1, substr(cast($1 as text), 1, 36)
                   union all
                   select n + 1, substr(cast($1 as text), n * 37 + 1, 36) from own
                   where n * 37 < length(cast($1 as text)))
                 select incident.id from incident
                 where incident.is_open and incident.acknowledged_by in (select id from own)
                   and not exists (select 1 from incident_assignment
                     where incident_assignment.incident = incident.id)
                 union
                 select given.incident from incident_assignment as given
                 cross join incident
                 where given.owner in (select id from own)
                   and incident.id = given.incident and incident.is_open
                   and given.id = (select newest.id from incident_assignment as newest
                     where newest.incident = given.incident
                     order by newest.assigned_at desc, newest.id limit 1)
                 union
                 select incident from incident_action
                 where owner in (select id from own) and done_at is null")
            .bind(&standing.own),
        Show::Overdue => sql("select id from incident where state = 'reported' and acknowledge_by < $1
                 union
                 select incident from incident_action where done_at is null and due_on < $2")
            .bind(viewer.now)
            .bind(viewer.today()),
        Show::Open | Show::Closed | Show::LowLevel | Show::LowLevelClosed => return Ok(None),
    };
    let rows = due.all(connection).await?;
    rows.iter()
        .map(|row| row.read("id", |text| text.parse().ok()))
        .collect::<Result<_, _>>()
        .map(Some)
}

/// The lines of these cases, in this order, of those that the viewer may read.
async fn rows(
    connection: &mut Connection,
    viewer: &Viewer,
    standing: &Standing,
    ids: &[IncidentId],
) -> Result<Vec<Row>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql("with recursive
           own (n, id) as (
             select 1, substr(cast($1 as text), 1, 36)
             union all
             select n + 1, substr(cast($1 as text), n * 37 + 1, 36) from own
             where n * 37 < length(cast($1 as text))),
           asked (n, id) as (
             select 1, substr(cast($3 as text), 1, 36)
             union all
             select n + 1, substr(cast($3 as text), n * 37 + 1, 36) from asked
             where n * 37 < length(cast($3 as text)))
         select incident.id, incident.reference, incident.kind, incident.state, incident.risk,
                incident.category, incident.guidance, incident.opened_at, incident.acknowledge_by,
                incident.late, handler.name as acknowledged_name,
                (select min(due_on) from incident_action
                 where incident_action.incident = incident.id and done_at is null) as next_action_on,
                exists (select 1 from incident_reader
                  where incident_reader.incident = incident.id and person in (select id from own)
                    and why in ('first', 'next') and incident_reader.stage <= incident.stage) as in_charge,
                exists (select 1 from incident_reader
                  where incident_reader.incident = incident.id and person in (select id from own)
                    and why = 'copy') as informed,
                exists (select 1 from incident_reader
                  where incident_reader.incident = incident.id and person in (select id from own)
                    and why = 'shared' and (until_at is null or until_at > $2)) as shared,
                exists (select 1 from incident_reader
                  where incident_reader.incident = incident.id and person in (select id from own)
                    and why = 'handed-over' and (until_at is null or until_at > $2)) as handed_over,
                exists (select 1 from incident_reader
                  where incident_reader.incident = incident.id and person in (select id from own)
                    and why = 'delegated' and until_at > $2) as delegated,
                exists (select 1 from incident_reader
                  where incident_reader.incident = incident.id and person in (select id from own)
                    and why = 'emergency' and until_at > $2) as in_emergency,
                exists (select 1 from incident_person
                  join class_member on class_member.person = incident_person.person
                       and class_member.part = 'pupil' and class_member.until_on is null
                  join class_member as adult on adult.class = class_member.class
                       and adult.part <> 'pupil' and adult.until_on is null
                  where incident_person.incident = incident.id and adult.person in (select id from own)
                    and incident_person.removed_at is null and incident_person.part <> 'reporter') as cohort
         from asked cross join incident
         left join person as handler on handler.id = coalesce(
              (select owner from incident_assignment
               where incident_assignment.incident = incident.id
               order by assigned_at desc, incident_assignment.id limit 1), incident.acknowledged_by)
         where incident.id = asked.id
         order by asked.n")
    .bind(&standing.own)
    .bind(viewer.now)
    .bind(standing::joined(ids))
    .all(connection)
    .await?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        if viewer
            .may(Action::ReadCase, &facts_of(row, viewer)?)
            .is_allowed()
        {
            shown.push(read(row)?);
        }
    }
    Ok(shown)
}

/// How this viewer alone stands to the case of a line.
fn facts_of(row: &DbRow, viewer: &Viewer) -> Result<RecordFacts, Fault> {
    let me = |stands: bool| {
        stands
            .then_some(viewer.person)
            .into_iter()
            .collect::<Vec<_>>()
    };
    let truth = |column: &str| row.get::<bool>(column);
    Ok(RecordFacts {
        in_charge: me(truth("in_charge")?),
        informed: me(truth("informed")?),
        cohort: me(truth("cohort")?),
        grants: [
            (Granted::Shared, truth("shared")?),
            (Granted::HandedOver, truth("handed_over")?),
            (Granted::Delegated, truth("delegated")?),
            (Granted::BreakGlass, truth("in_emergency")?),
        ]
        .into_iter()
        .filter(|(_, given)| *given)
        .map(|(how, _)| Grant {
            to: viewer.person,
            how,
            // The statement has asked whether it still lasts.
            until: Some(Timestamp::MAX),
        })
        .collect(),
        ..RecordFacts::of(row.read("kind", kind_from)?)
    })
}

fn read(row: &DbRow) -> Result<Row, Fault> {
    Ok(Row {
        id: row.read("id", |text| text.parse().ok())?,
        reference: row.get("reference")?,
        kind: row.read("kind", kind_from)?,
        state: row.read("state", state_from)?,
        risk: row.read("risk", AtRisk::from_key)?,
        category: row.get("category")?,
        guidance: row.get("guidance")?,
        opened_at: row.instant("opened_at")?,
        acknowledge_by: row.instant_optional("acknowledge_by")?,
        acknowledged_by: row.get("acknowledged_name")?,
        next_action_on: row.date_optional("next_action_on")?,
        late: row.get("late")?,
    })
}

/// What waits for the viewer, by the same lists that they can open.
pub(crate) async fn waiting_for(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Waiting, Fault> {
    let standing = standing::of(connection, viewer).await?;
    let mut due_in = async |show| due(connection, viewer, &standing, show).await;
    let new = due_in(Show::New).await?.unwrap_or_default();
    let mine = due_in(Show::Mine).await?.unwrap_or_default();
    let overdue = due_in(Show::Overdue).await?.unwrap_or_default();
    let all: BTreeSet<IncidentId> = [&new, &mine, &overdue]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    let known = known(connection, viewer, &standing, &all).await?;
    let may = may_open(connection, viewer, &standing, &known).await?;
    let count = |due: &BTreeSet<IncidentId>| {
        u32::try_from(due.intersection(&may).count()).unwrap_or(u32::MAX)
    };
    let mut waiting = Waiting {
        new: count(&new),
        mine: count(&mine),
        overdue: count(&overdue),
        actions_due: 0,
    };
    let row = sql("with recursive barred (n, id) as (
             select 1, substr(cast($2 as text), 1, 36)
             union all
             select n + 1, substr(cast($2 as text), n * 37 + 1, 36) from barred
             where n * 37 < length(cast($2 as text)))
         select count(*) as due from incident_action
         where owner = $1 and done_at is null
           and incident not in (select incident from incident_person
             where part = 'alleged' and removed_at is null and person in (select id from barred))")
    .bind(viewer.person.to_string())
    .bind(standing.barred)
    .one(connection)
    .await?;
    waiting.actions_due = u32::try_from(row.get::<i64>("due")?).unwrap_or(u32::MAX);
    Ok(waiting)
}
