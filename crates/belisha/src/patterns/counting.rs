//! What is counted: one fact sheet for each case about pupils in a period, without the words
//! of anybody, and whether the viewer may open it.

use std::collections::{BTreeMap, BTreeSet};

use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::{IncidentId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::db::{Connection, sql};
use crate::incidents::queries::{self, Show};
use crate::incidents::reports::Sender;
use crate::incidents::routing::close_to;
use crate::incidents::words::kind_from;
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

/// What somebody narrows the counts to.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Narrowed {
    /// The id of a term; empty for all.
    pub(super) term: String,
    /// The key of a kind of case; empty for both.
    pub(super) kind: String,
}

/// A term of the school.
pub(super) struct Term {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) first: Date,
    pub(super) last: Date,
}

/// One case, as far as it is counted.
pub(super) struct Counted {
    pub(super) id: IncidentId,
    pub(super) reference: String,
    pub(super) kind: Kind,
    pub(super) category: String,
    pub(super) guidance: String,
    pub(super) opened_on: Date,
    pub(super) opened_at: Timestamp,
    pub(super) happened_at: Option<Timestamp>,
    pub(super) is_open: bool,
    pub(super) is_overdue: bool,
    pub(super) late: bool,
    pub(super) acknowledged_at: Option<Timestamp>,
    /// The classes of the children concerned, by name.
    pub(super) classes: BTreeSet<String>,
    /// The services and apps that were named, by their keys.
    pub(super) services: BTreeSet<String>,
    /// The children concerned.
    pub(super) children: BTreeMap<PersonId, String>,
    /// Who reported it, each kind of reporter once.
    pub(super) senders: BTreeSet<Sender>,
    pub(super) may_open: bool,
}

/// Everything that a page of patterns is made from.
pub(super) struct Counts {
    pub(super) terms: Vec<Term>,
    pub(super) cases: Vec<Counted>,
    /// Every class that there is: a list of those with a case would tell which have one.
    pub(super) classes: Vec<String>,
    /// Whether the viewer may open every case about a pupil, by their post.
    pub(super) sees_all: bool,
}

impl Counts {
    /// The cases that were reported in a term.
    pub(super) fn of_term(&self, term: &Term) -> impl Iterator<Item = &Counted> {
        let (first, last) = (term.first, term.last);
        self.cases
            .iter()
            .filter(move |case| first <= case.opened_on && case.opened_on <= last)
    }
}

/// The cases of the period, without those that the viewer may not know of.
pub(super) async fn counts(
    connection: &mut Connection,
    viewer: &Viewer,
    narrowed: &Narrowed,
) -> Result<Counts, Problem> {
    viewer.require(Action::ReadPatterns, &RecordFacts::of(Kind::Assurance))?;
    let terms = terms(connection).await?;
    let by_post = |kind| {
        viewer
            .may(Action::ReadCase, &RecordFacts::of(kind))
            .is_allowed()
    };
    let sees_all = by_post(Kind::PupilWelfare) && by_post(Kind::ChildProtection);
    let seen = if sees_all {
        BTreeSet::new()
    } else {
        seen(connection, viewer).await?
    };
    let barred = barred(connection, viewer).await?;
    let mut people = people(connection).await?;
    let classes = classes(connection).await?;
    let mut senders = senders(connection).await?;
    let mut services = services(connection).await?;
    let rows = sql(
        "select incident.id, incident.reference, incident.kind, incident.category, incident.guidance,
                incident.opened_at, incident.is_open, incident.late, incident.acknowledged_at,
                incident.acknowledge_by,
                (select min(happened_at) from report where report.incident = incident.id) as happened_at,
                (select min(due_on) from incident_action
                 where incident_action.incident = incident.id and done_at is null) as next_on
         from incident
         where incident.kind in ('pupil-welfare', 'child-protection') and incident.state <> 'merged'
         order by incident.opened_at, incident.id",
    )
    .all(connection)
    .await?;
    let mut cases = Vec::new();
    for row in rows {
        let id: IncidentId = row.read("id", |text| text.parse().ok())?;
        let involved = people.remove(&id).unwrap_or_default();
        if involved
            .iter()
            .any(|(person, _, part)| part == "alleged" && barred.contains(person))
        {
            continue;
        }
        let opened_at = row.instant("opened_at")?;
        let opened_on = viewer.school.date_of(opened_at);
        let kind = row.read("kind", kind_from)?;
        let in_term = terms
            .iter()
            .find(|term| term.id == narrowed.term)
            .is_none_or(|term| term.first <= opened_on && opened_on <= term.last);
        let of_kind = narrowed.kind.is_empty()
            || kind_from(&narrowed.kind).is_none_or(|wanted| wanted == kind);
        if !in_term || !of_kind {
            continue;
        }
        let is_open: bool = row.get("is_open")?;
        let acknowledged_at = row.instant_optional("acknowledged_at")?;
        let unanswered = acknowledged_at.is_none()
            && row
                .instant_optional("acknowledge_by")?
                .is_some_and(|by| by < viewer.now);
        let action_late = row
            .date_optional("next_on")?
            .is_some_and(|on| on < viewer.today());
        let children: BTreeMap<PersonId, String> = involved
            .iter()
            .filter(|(_, _, part)| matches!(part.as_str(), "harmed" | "alleged"))
            .map(|(person, name, _)| (*person, name.clone()))
            .collect();
        cases.push(Counted {
            id,
            reference: row.get("reference")?,
            kind,
            category: row.get("category")?,
            guidance: row.get("guidance")?,
            opened_on,
            opened_at,
            happened_at: row.instant_optional("happened_at")?,
            is_open,
            is_overdue: is_open && (unanswered || action_late),
            late: row.get("late")?,
            acknowledged_at,
            classes: children
                .keys()
                .filter_map(|child| classes.get(child).cloned())
                .collect(),
            children,
            senders: senders.remove(&id).unwrap_or_default(),
            services: services.remove(&id).unwrap_or_default(),
            may_open: sees_all || seen.contains(&id),
        });
    }
    Ok(Counts {
        terms,
        cases,
        classes: every_class(connection).await?,
        sees_all,
    })
}

async fn every_class(connection: &mut Connection) -> Result<Vec<String>, Fault> {
    sql("select distinct name from class order by name")
        .all(connection)
        .await?
        .iter()
        .map(|row| row.get("name"))
        .collect()
}

async fn services(
    connection: &mut Connection,
) -> Result<BTreeMap<IncidentId, BTreeSet<String>>, Fault> {
    let mut services: BTreeMap<IncidentId, BTreeSet<String>> = BTreeMap::new();
    for row in sql("select incident, service from incident_service")
        .all(connection)
        .await?
    {
        services
            .entry(row.read("incident", |text| text.parse().ok())?)
            .or_default()
            .insert(row.get("service")?);
    }
    Ok(services)
}

async fn terms(connection: &mut Connection) -> Result<Vec<Term>, Fault> {
    sql("select id, name, starts_on, ends_on from school_term order by starts_on")
        .all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok(Term {
                id: row.get("id")?,
                name: row.get("name")?,
                first: row.date("starts_on")?,
                last: row.date("ends_on")?,
            })
        })
        .collect()
}

/// The cases that the viewer may open though their post does not open them all.
async fn seen(connection: &mut Connection, viewer: &Viewer) -> Result<BTreeSet<IncidentId>, Fault> {
    let mut seen = BTreeSet::new();
    for show in [Show::Open, Show::Closed] {
        let readable = queries::readable(connection, viewer, show).await?;
        seen.extend(readable.into_iter().map(|case| case.id));
    }
    Ok(seen)
}

/// The viewer and whoever is close to them, under every id.
async fn barred(connection: &mut Connection, viewer: &Viewer) -> Result<BTreeSet<PersonId>, Fault> {
    let mut barred = BTreeSet::from([viewer.person]);
    if let Some(identity) = viewer.access.identity() {
        barred.extend(identity.aliases.iter().copied());
    }
    for near in close_to(connection, &[viewer.person]).await? {
        let identity = hats::identity(connection, near).await?;
        barred.insert(identity.person);
        barred.extend(identity.aliases);
    }
    Ok(barred)
}

type Involved = Vec<(PersonId, String, String)>;

async fn people(connection: &mut Connection) -> Result<BTreeMap<IncidentId, Involved>, Fault> {
    let rows = sql(
        "select incident_person.incident, incident_person.person, incident_person.part, person.name
         from incident_person join person on person.id = incident_person.person
         where incident_person.removed_at is null and incident_person.part <> 'reporter'
         order by incident_person.added_at, incident_person.id",
    )
    .all(connection)
    .await?;
    let mut people: BTreeMap<IncidentId, Involved> = BTreeMap::new();
    for row in rows {
        let incident = row.read("incident", |text| text.parse().ok())?;
        people.entry(incident).or_default().push((
            row.read("person", |text| text.parse().ok())?,
            row.get("name")?,
            row.get("part")?,
        ));
    }
    Ok(people)
}

/// Who reported each case.
async fn senders(
    connection: &mut Connection,
) -> Result<BTreeMap<IncidentId, BTreeSet<Sender>>, Fault> {
    let mut senders: BTreeMap<IncidentId, BTreeSet<Sender>> = BTreeMap::new();
    for row in sql("select distinct incident, audience from report")
        .all(connection)
        .await?
    {
        let incident = row.read("incident", |text| text.parse().ok())?;
        let sender = row.read("audience", Sender::from_key)?;
        senders.entry(incident).or_default().insert(sender);
    }
    Ok(senders)
}

/// The class of each pupil today.
async fn classes(connection: &mut Connection) -> Result<BTreeMap<PersonId, String>, Fault> {
    sql("select class_member.person, class.name from class_member
         join class on class.id = class_member.class
         where class_member.part = 'pupil' and class_member.until_on is null")
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok((
            row.read("person", |text| text.parse().ok())?,
            row.get("name")?,
        ))
    })
    .collect()
}
