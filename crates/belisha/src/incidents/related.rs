//! Related cases: those linked with this one or merged into it, and others about the same
//! children or their brothers and sisters. Each is offered only to whoever may read it too.

use std::collections::BTreeMap;

use crate::web::path::Path;
use askama::Template;
use axum::response::Response;
use belisha_policy::{Standing, Word as _};
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{BackLink, Button, Column, EmptyState, Frame, Html, SubNavigation, Table};

use super::queries::{self, Case};
use super::words::{Part, kind_name};
use super::{case, linking, list, merging, times};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/related")
}

/// So many other cases are looked at: a child with more has a longer story than a list tells.
const AT_MOST: usize = 40;

#[derive(Template)]
#[template(path = "incidents/related.html")]
struct RelatedPage {
    frame: Frame,
    back: BackLink,
    sections: SubNavigation,
    reference: String,
    acts: Vec<Button>,
    linked: Option<Table>,
    same: Option<Table>,
    empty: EmptyState,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    case::opened(&viewer, id).await?;
    let mut records = viewer.read().await?;
    let found = queries::load(&mut records, &viewer, id).await?;
    let linked = linked(&mut records, &viewer, &found).await?;
    let same = same(&mut records, &viewer, &found).await?;
    let state = found.incident.state();
    let merged = state == belisha_rules::incidents::State::Merged;
    let mut acts = Vec::new();
    let mut offer = |shown: bool, text: &str, href: String| {
        if shown {
            acts.push(Button {
                href: Some(href),
                once: false,
                ..Button::secondary(text)
            });
        }
    };
    let may_write = found.allows(&viewer, Action::AddEntry);
    let may_triage = found.allows(&viewer, Action::Triage);
    offer(may_write, "Link another case", linking::url(id));
    offer(
        may_triage && state.is_open() && found.incident.acknowledged,
        "Merge into another case",
        merging::url(id),
    );
    offer(
        merged && may_triage,
        "Separate from the other case",
        merging::separation_url(id),
    );
    crate::web::page(&RelatedPage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url()),
        sections: case::sections(id, case::Section::Related),
        reference: found.reference.clone(),
        acts,
        empty: EmptyState::new(
            "Nothing is related to this case that you can read",
            "Cases that are linked with it, merged into it, or about the same children or their brothers and sisters stand here.",
        ),
        linked: table("Linked and merged", linked),
        same: table(
            "About the same children, or their brothers and sisters",
            same,
        ),
    })
}

fn table(caption: &str, lines: Vec<Vec<Html>>) -> Option<Table> {
    (!lines.is_empty()).then(|| {
        Table::new(
            caption,
            ["Case", "About", "State", "Reported", "How"]
                .map(Column::new)
                .to_vec(),
            lines,
        )
    })
}

/// A line for another case, if the viewer may read it.
async fn line(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
    how: Html,
) -> Result<Option<Vec<Html>>, Problem> {
    let other = match queries::load(connection, viewer, id).await {
        Ok(other) => other,
        Err(Problem::NotFound) => return Ok(None),
        Err(problem) => return Err(problem),
    };
    Ok(Some(vec![
        Html::link(&other.reference, &case::url(id)),
        kind_name(other.kind).into(),
        list::state_tag(other.incident.state()),
        times::day(viewer.school.date_of(other.opened_at)).into(),
        how,
    ]))
}

async fn linked(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Vec<Vec<Html>>, Problem> {
    let rows = sql(
        "select id, case when incident = $1 then other else incident end as other, 'linked' as how
         from incident_link where removed_at is null and (incident = $1 or other = $1)
         union all
         select id, into_incident as other, 'into' as how
         from incident_merge where undone_at is null and incident = $1
         union all
         select id, incident as other, 'from' as how
         from incident_merge where undone_at is null and into_incident = $1
         order by 3, 1",
    )
    .bind(found.id.to_string())
    .all(connection)
    .await?;
    let may_write = found.allows(viewer, Action::AddEntry);
    let mut lines = Vec::new();
    for row in rows {
        let other: IncidentId = row.read("other", |text| text.parse().ok())?;
        let how = match row.get::<String>("how")?.as_str() {
            "into" => "this case was merged into it".into(),
            "from" => "it was merged into this case".into(),
            _ if may_write => Html::join(&[
                "linked. ".into(),
                Html::link(
                    "Remove the link",
                    &linking::removal_url(found.id, &row.get::<String>("id")?),
                ),
            ]),
            _ => "linked".into(),
        };
        lines.extend(line(connection, viewer, other, how).await?);
    }
    Ok(lines)
}

async fn same(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Vec<Vec<Html>>, Problem> {
    let children = children(connection, found).await?;
    let mut others: BTreeMap<IncidentId, String> = BTreeMap::new();
    for (child, how) in children {
        let rows = sql("select distinct incident from incident_person
             where person = $1 and removed_at is null and part <> 'reporter' and incident <> $2")
        .bind(child.to_string())
        .bind(found.id.to_string())
        .all(connection)
        .await?;
        for row in rows {
            let other = row.read("incident", |text| text.parse().ok())?;
            others.entry(other).or_insert_with(|| how.clone());
        }
    }
    let mut lines = Vec::new();
    for (other, how) in others.into_iter().take(AT_MOST) {
        lines.extend(line(connection, viewer, other, how.into()).await?);
    }
    Ok(lines)
}

/// The children of the case and their brothers and sisters: those who share a parent.
async fn children(
    connection: &mut Connection,
    found: &Case,
) -> Result<Vec<(PersonId, String)>, Fault> {
    let mut children = Vec::new();
    for involved in &found.people {
        if involved.part == Part::Reporter || involved.standing != Standing::Pupil.key() {
            continue;
        }
        children.push((involved.person, format!("{} too", involved.name)));
        let rows = sql("select distinct sibling.pupil, person.name from family_tie
             join family_tie as sibling on sibling.adult = family_tie.adult
             join person on person.id = sibling.pupil
             where family_tie.pupil = $1 and sibling.pupil <> $1")
        .bind(involved.person.to_string())
        .all(connection)
        .await?;
        for row in rows {
            let sibling: PersonId = row.read("pupil", |text| text.parse().ok())?;
            let name: String = row.get("name")?;
            let how = format!("{name}, brother or sister of {}", involved.name);
            children.push((sibling, how));
        }
    }
    Ok(children)
}
