//! Who can see this case, and why; who could not be told; and who has opened it.

use crate::web::path::Path;
use askama::Template;
use axum::response::Response;
use belisha_policy::{Post, Word as _};
use belisha_rules::access::{self, AccountState, Action, Decision, Relation, Why};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{BackLink, Column, Frame, Html, SubNavigation, Table};

use super::queries::{Case, object};
use super::{case, times};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/readers")
}

#[derive(Template)]
#[template(path = "incidents/readers.html")]
struct ReadersPage {
    frame: Frame,
    back: BackLink,
    sections: SubNavigation,
    reference: String,
    is_sealed: bool,
    can: Table,
    gaps: Vec<String>,
    opened: Table,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let found = case::opened(&viewer, id).await?;
    let mut records = viewer.read().await?;
    let can = who_can(&mut records, &viewer, &found).await?;
    let gaps = gaps(&mut records, &found).await?;
    let opened = who_has(&mut records, &viewer, &found).await?;
    crate::web::page(&ReadersPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::list::url()),
        sections: case::sections(id, true),
        reference: found.reference.clone(),
        is_sealed: found.kind.is_sealed(),
        can: Table::new(
            "Who can see this, and why",
            ["Person", "Why"].map(Column::new).to_vec(),
            can,
        ),
        gaps,
        opened: Table::new(
            "Who has opened it",
            vec![
                Column::new("Person"),
                Column::numeric("Times"),
                Column::new("Last"),
            ],
            opened,
        ),
    })
}

/// Asks the decision function for everybody who holds a post or was told.
async fn who_can(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Vec<Vec<Html>>, Fault> {
    let rows = sql(
        "select distinct person.id, person.name, person.sort_name from person
         where person.merged_into is null
           and (person.id in (select person from post_holding
                  where from_on <= $2 and (until_on is null or until_on >= $2))
                or person.id in (select person from incident_reader where incident = $1))
         order by person.sort_name, person.id",
    )
    .bind(case.id.to_string())
    .bind(viewer.today())
    .all(connection)
    .await?;
    let mut readers = Vec::new();
    for row in rows {
        let person: PersonId = row.read("id", |text| text.parse().ok())?;
        let worn = hats::of(connection, person, viewer.today()).await?;
        let asked = access::Viewer::person(worn.identity, &worn.hats, AccountState::Active);
        if let Decision::Allowed(why) =
            access::may(&asked, Action::ReadCase, &case.facts, viewer.now)
        {
            let name: String = row.get("name")?;
            let has_key = case
                .readers
                .iter()
                .all(|reading| reading.person != person || reading.has_key);
            let mut says = why_words(why).to_owned();
            if !has_key {
                says.push_str("; has no key yet, so cannot open it");
            }
            readers.push(vec![name.into(), says.into()]);
        }
    }
    Ok(readers)
}

fn why_words(why: Why) -> &'static str {
    match why {
        Why::Anyone => "everybody may",
        Why::OwnReport => "reported it",
        Why::Role(_) => "by their post",
        Why::Relation(_, relation) => match relation {
            Relation::Reporter => "reported it",
            Relation::Own => "it is their own",
            Relation::Cohort => "looks after the pupil’s class",
            Relation::InCharge => "was told and is in charge",
            Relation::Informed => "was told for information",
            Relation::Shared => "it was shared with them",
            Relation::Delegated => "it was delegated to them",
            Relation::HandedOver => "it was handed over to them",
            Relation::BreakGlass => "has emergency sight for an hour",
        },
    }
}

/// Posts that nobody could be told for, and readers who cannot open what is sealed.
async fn gaps(connection: &mut Connection, case: &Case) -> Result<Vec<String>, Fault> {
    let rows = sql("select post, why from incident_gap where incident = $1 order by post")
        .bind(case.id.to_string())
        .all(connection)
        .await?;
    let mut gaps = Vec::new();
    for row in rows {
        let post = row.read("post", Post::from_key)?.with_article();
        let why = match row.get::<String>("why")?.as_str() {
            "excluded" => "those who hold the post may not know of it",
            "never-reads" => "the post never reads a case of this kind",
            _ => "nobody holds the post",
        };
        gaps.push(format!(
            "The policy names {post}, who could not be told: {why}."
        ));
    }
    for reading in case.readers.iter().filter(|reading| !reading.has_key) {
        gaps.push(format!(
            "{} was told and has no account with a key yet. When they have one, share the case with them.",
            reading.name
        ));
    }
    Ok(gaps)
}

async fn who_has(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Vec<Vec<Html>>, Fault> {
    let rows = sql(
        "select person.name, person.id, count(*) as times, max(journal_entry.at_ms) as last_at
         from journal_entry join person on person.id = substr(journal_entry.actor, 8)
         where journal_entry.object = $1 and journal_entry.action = 'incident.opened'
         group by person.name, person.id order by last_at desc, person.name",
    )
    .bind(object(case.id).as_str())
    .all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(vec![
                row.get::<String>("name")?.into(),
                row.get::<i64>("times")?.to_string().into(),
                times::moment(&viewer.school, row.instant("last_at")?).into(),
            ])
        })
        .collect()
}
