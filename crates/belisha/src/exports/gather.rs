//! What goes into a pack: everything that the exporter may read and export, and no more.

use std::collections::BTreeSet;

use belisha_policy::{Standing, Word as _};
use belisha_rules::files::may_leave;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::masking::Mask;

use super::pack::{Item, PackFile, PackPerson, may_have};
use crate::db::{Connection, sql};
use crate::entries::EntryKind;
use crate::files;
use crate::incidents::guidance;
use crate::incidents::queries::{Case, load, object};
use crate::incidents::telling::{self, Told};
use crate::problem::{Fault, Problem};
use crate::records;
use crate::viewer::Viewer;
use crate::web::words::moment;

/// The content of some cases.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) items: Vec<Item>,
    pub(super) people: Vec<PackPerson>,
    pub(super) files: Vec<PackFile>,
}

/// Gathers cases that the viewer was found to have.
pub(super) async fn cases(
    connection: &mut Connection,
    viewer: &Viewer,
    cases: &[Case],
    centre: Option<PersonId>,
) -> Result<Gathered, Problem> {
    let mut gathered = Gathered::default();
    let mut involved: Vec<(PersonId, String)> = Vec::new();
    for case in cases {
        let record = records::open(connection, viewer, &object(case.id)).await?;
        for told in telling::all(connection, viewer, case, &record).await? {
            gathered.items.push(item(connection, case, told).await?);
        }
        if may_leave(case.imagery()) {
            for kept in files::queries::of_case(connection, viewer, case, &record).await? {
                let told = Told {
                    at: kept.added_at,
                    on: None,
                    what: "File".into(),
                    by: kept.added_by.clone(),
                    text: format!("{}\n{}", kept.about.shows, kept.kind.name()),
                };
                gathered.items.push(item(connection, case, told).await?);
                if kept.state.is_released() {
                    gathered.files.push(PackFile {
                        id: kept.id,
                        case: case.reference.clone(),
                        incident: case.id,
                        shows: kept.about.shows.clone(),
                        shows_leaves: kept.about.shows,
                        kind: kept.kind.name().to_owned(),
                        ending: kept.kind.ending().to_owned(),
                        size_bytes: kept.size_bytes,
                        goes: false,
                    });
                }
            }
        }
        for person in &case.people {
            if !involved.iter().any(|(id, _)| *id == person.person) {
                involved.push((person.person, person.part.name().to_owned()));
            }
        }
    }
    gathered.items.sort_by_key(|item| item.at_ms);
    // Whoever raised a concern about an adult is not shown to that adult by default.
    let hidden: BTreeSet<PersonId> = match centre {
        Some(_) => cases
            .iter()
            .filter(|case| case.kind.is_sealed())
            .flat_map(|case| case.facts.reporters.iter().copied())
            .collect(),
        None => BTreeSet::new(),
    };
    people(connection, &mut gathered, &involved, centre, &hidden).await?;
    Ok(gathered)
}

async fn item(connection: &mut Connection, case: &Case, told: Told) -> Result<Item, Fault> {
    let by = if told.by.is_empty() {
        "Not named".to_owned()
    } else {
        files::queries::name_of(connection, &told.by).await?
    };
    Ok(Item {
        case: case.reference.clone(),
        kind: guidance::of(&case.guidance)
            .risk(&case.category)
            .map_or_else(String::new, |risk| risk.name.clone()),
        at_ms: told.at.as_millisecond(),
        on: told.on,
        what: told.what,
        leaves: told.text.clone(),
        by_leaves: by.clone(),
        by,
        text: told.text,
        held_back: None,
    })
}

/// Which cases of a person go into a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Pupils' cases alone: a case about an adult is exported by itself.
    OfPupils,
    /// Those about adults too, as far as the viewer holds them: what is recorded of a person
    /// is theirs to ask for.
    All,
}

/// The cases of a person that the viewer may export.
pub(super) async fn cases_of(
    connection: &mut Connection,
    viewer: &Viewer,
    person: PersonId,
    which: Which,
) -> Result<Vec<Case>, Problem> {
    let rows = sql(
        "select distinct incident_person.incident, incident.opened_at
         from incident_person join incident on incident.id = incident_person.incident
         where incident_person.removed_at is null and incident_person.part <> 'reporter'
           and (incident_person.person = $1
                or incident_person.person in (select id from person where merged_into = $1))
         order by incident.opened_at",
    )
    .bind(person.to_string())
    .all(connection)
    .await?;
    let mut cases = Vec::new();
    for row in rows {
        let id: IncidentId = row.read("incident", |text| text.parse().ok())?;
        let case = exportable(connection, viewer, id).await?;
        cases.extend(case.filter(|case| which == Which::All || !case.kind.is_sealed()));
    }
    Ok(cases)
}

/// The case, if the viewer may export it.
async fn exportable(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<Option<Case>, Problem> {
    match load(connection, viewer, id).await {
        Ok(case) => Ok(Some(case).filter(|case| may_have(viewer, case).is_ok())),
        Err(Problem::NotFound | Problem::Refused(_)) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Those who are part of a case, those who wrote in it, and everybody on the register whose
/// whole name stands in the text.
async fn people(
    connection: &mut Connection,
    gathered: &mut Gathered,
    involved: &[(PersonId, String)],
    centre: Option<PersonId>,
    hidden: &BTreeSet<PersonId>,
) -> Result<(), Problem> {
    let rows = sql("select id, name, standing, merged_into from person order by sort_name, id")
        .all(connection)
        .await?;
    let mut lower = String::new();
    let mut writers: BTreeSet<&str> = BTreeSet::new();
    for item in &gathered.items {
        lower.push_str(&item.text.to_lowercase());
        lower.push('\n');
        writers.insert(&item.by);
    }
    for file in &gathered.files {
        lower.push_str(&file.shows.to_lowercase());
        lower.push('\n');
    }
    let mut people: Vec<PackPerson> = Vec::new();
    let mut earlier: Vec<(PersonId, String)> = Vec::new();
    for row in &rows {
        let id: PersonId = row.read("id", |text| text.parse().ok())?;
        let name: String = row.get("name")?;
        if let Some(now) = row.read_optional("merged_into", |text| text.parse().ok())? {
            earlier.push((now, name));
            continue;
        }
        let part = involved
            .iter()
            .find(|(person, _)| *person == id)
            .map(|(_, part)| part.clone());
        let wrote = writers.contains(name.as_str());
        if part.is_none() && !wrote && !lower.contains(&name.to_lowercase()) {
            continue;
        }
        let is_pupil = row.read("standing", Standing::from_key)? == Standing::Pupil;
        // Those who act for the school are named; children other than the one it is about are not.
        let mask = if hidden.contains(&id) {
            Mask::Another
        } else if centre == Some(id) || (!is_pupil && wrote) {
            Mask::Named
        } else {
            Mask::Another
        };
        people.push(PackPerson {
            id: Some(id),
            names: vec![name],
            is_pupil,
            part: part.unwrap_or_else(|| {
                if wrote {
                    "wrote in the case".into()
                } else {
                    "named in the text".into()
                }
            }),
            mask: mask.key().to_owned(),
            found: 0,
        });
    }
    for (now, name) in earlier {
        if let Some(person) = people.iter_mut().find(|person| person.id == Some(now)) {
            person.names.push(name);
        }
    }
    gathered.people = people;
    Ok(())
}

/// What the register itself says of a person, for a person who asks what is held about them.
pub(super) async fn register(
    connection: &mut Connection,
    viewer: &Viewer,
    person: PersonId,
) -> Result<Vec<Item>, Fault> {
    let row = sql(
        "select name, standing, job_title, email, telephone, upn, born_on, starts_on, ends_on
         from person where id = $1",
    )
    .bind(person.to_string())
    .one(connection)
    .await?;
    let mut lines = vec![format!("Name: {}", row.get::<String>("name")?)];
    for (label, column) in [
        ("Job", "job_title"),
        ("Mail", "email"),
        ("Telephone", "telephone"),
        ("Unique pupil number", "upn"),
        ("Born on", "born_on"),
        ("From", "starts_on"),
        ("Until", "ends_on"),
    ] {
        if let Some(value) = row.get::<Option<String>>(column)?.filter(|v| !v.is_empty()) {
            lines.push(format!("{label}: {value}"));
        }
    }
    let standing = row.read("standing", Standing::from_key)?;
    lines.push(format!("Is on the register as: {}", standing.name()));
    let mut items = vec![plain(viewer, "Register", lines.join("\n"))];
    let signed = sql(
        "select agreement, signed_on, full_name from agreement_signature
         where person = $1 order by signed_on, id",
    )
    .bind(person.to_string())
    .all(connection)
    .await?;
    let mut lines = Vec::new();
    for row in signed {
        lines.push(format!(
            "{}, signed on {} as {}",
            row.get::<String>("agreement")?,
            row.get::<String>("signed_on")?,
            row.get::<String>("full_name")?
        ));
    }
    if !lines.is_empty() {
        items.push(plain(viewer, "Agreements", lines.join("\n")));
    }
    let posts =
        sql("select post, from_on, until_on from post_holding where person = $1 order by from_on")
            .bind(person.to_string())
            .all(connection)
            .await?;
    let mut lines = Vec::new();
    for row in posts {
        let until = row
            .get::<Option<String>>("until_on")?
            .unwrap_or_else(|| "now".to_owned());
        lines.push(format!(
            "{}, from {} until {until}",
            row.get::<String>("post")?,
            row.get::<String>("from_on")?
        ));
    }
    if !lines.is_empty() {
        items.push(plain(viewer, "Posts", lines.join("\n")));
    }
    items.extend(journal(connection, viewer, person).await?);
    Ok(items)
}

/// What the journal holds about a person: what was done with their entry and their account,
/// and how often they did what themselves. What it says of other people and of cases is not
/// told here.
async fn journal(
    connection: &mut Connection,
    viewer: &Viewer,
    person: PersonId,
) -> Result<Vec<Item>, Fault> {
    let zone = viewer.school.settings().time_zone.clone();
    let mut items = Vec::new();
    let rows = sql("select at_ms, action from journal_entry
         where object in ($1, $2) order by sequence")
    .bind(format!("person:{person}"))
    .bind(format!("account:{person}"))
    .all(connection)
    .await?;
    let mut lines = Vec::new();
    for row in rows {
        let kind = row.read("action", EntryKind::from_key)?;
        lines.push(format!(
            "{}: {}",
            moment(row.instant("at_ms")?, &zone),
            kind.name()
        ));
    }
    if !lines.is_empty() {
        items.push(plain(
            viewer,
            "Journal: about this person",
            lines.join("\n"),
        ));
    }
    let rows = sql(
        "select action, count(*) as count, min(at_ms) as first_at, max(at_ms) as last_at
         from journal_entry where actor = $1 group by action order by action",
    )
    .bind(format!("person:{person}"))
    .all(connection)
    .await?;
    let mut lines = Vec::new();
    for row in rows {
        let kind = row.read("action", EntryKind::from_key)?;
        lines.push(format!(
            "{}: {} times, from {} to {}",
            kind.name(),
            row.get::<i64>("count")?,
            moment(row.instant("first_at")?, &zone),
            moment(row.instant("last_at")?, &zone)
        ));
    }
    if !lines.is_empty() {
        items.push(plain(
            viewer,
            "Journal: done by this person",
            lines.join("\n"),
        ));
    }
    Ok(items)
}

/// The reports that a person sent, in cases that the viewer may export and that are not in
/// the pack already; with the cases, which decide who may have the pack.
pub(super) async fn reports_by(
    connection: &mut Connection,
    viewer: &Viewer,
    person: PersonId,
    there: &[IncidentId],
) -> Result<(Vec<Item>, Vec<IncidentId>), Problem> {
    let rows = sql("select distinct incident from report where reporter = $1 order by incident")
        .bind(person.to_string())
        .all(connection)
        .await?;
    let (mut items, mut cases) = (Vec::new(), Vec::new());
    for row in rows {
        let id: IncidentId = row.read("incident", |text| text.parse().ok())?;
        if there.contains(&id) {
            continue;
        }
        let Some(case) = exportable(connection, viewer, id).await? else {
            continue;
        };
        for told in telling::reports_of(connection, viewer, &case, person).await? {
            items.push(Item {
                what: "Report that this person sent".into(),
                ..item(connection, &case, told).await?
            });
        }
        cases.push(id);
    }
    Ok((items, cases))
}

fn plain(viewer: &Viewer, what: &str, text: String) -> Item {
    Item {
        case: String::new(),
        kind: String::new(),
        at_ms: viewer.now.as_millisecond(),
        on: None,
        what: what.to_owned(),
        by: "Belisha".to_owned(),
        by_leaves: "Belisha".to_owned(),
        leaves: text.clone(),
        text,
        held_back: None,
    }
}
