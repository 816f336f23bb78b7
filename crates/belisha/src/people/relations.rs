//! Close relations, marked by the designated safeguarding lead: each of the two is shut
//! out of what concerns the other, as if they were its subject.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use belisha_rules::ids::PersonId;
use belisha_rules::people::may_mark_relations;
use belisha_ui::{BackLink, Button, EmptyState, Frame, Radios, TextInput};
use serde::Deserialize;

use super::choosing::{self, Sought};
use super::queries::{self, Person};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url(id: PersonId) -> String {
    format!("/people/{id}/relations")
}

#[derive(Template)]
#[template(path = "people/relations.html")]
struct RelationsPage {
    frame: Frame,
    back: BackLink,
    name: String,
    relations: Vec<(String, String)>,
    empty: EmptyState,
    q: TextInput,
    find: Button,
    nobody_found: bool,
    person: Option<Radios>,
    send: Button,
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<String>,
    Query(sought): Query<Sought>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let person = load(&mut records, &viewer, &id).await?;
    let found: Vec<_> = queries::search(&mut records, &viewer, &sought.q)
        .await?
        .into_iter()
        .filter(|listed| listed.id != person.id)
        .collect();
    crate::web::page(&RelationsPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::person::url(person.id)),
        relations: of(&mut records, person.id).await?,
        empty: EmptyState::new(
            "No close relations are marked",
            "Family, partners and people who share a home are marked here, so that neither reads what concerns the other.",
        ),
        q: choosing::box_for("Find the other person", &sought.q),
        find: Button::secondary("Find"),
        nobody_found: !sought.q.is_empty() && found.is_empty(),
        person: choosing::radios("related", "Who is closely related?", &found, None),
        send: Button::submit("Mark as close relations"),
        name: person.name,
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Marking {
    #[serde(default)]
    related: String,
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Marking>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let person = load(&mut tx, &viewer, &id).await?;
    let related = queries::person(&mut tx, &sent.form.related).await?;
    if person.id == related.id {
        return Err(Problem::field("related", "Choose another person"));
    }
    let row_id = tx.school().new_row_id();
    let (now, by) = (tx.now(), tx.actor().key());
    let marked = tx
        .run(
            sql(
                "insert into person_relation (id, person, related_to, marked_at, marked_by)
                 select $1, $2, $3, $4, $5
                 where not exists (
                     select 1 from person_relation
                     where (person = $2 and related_to = $3) or (person = $3 and related_to = $2))",
            )
            .bind(row_id)
            .bind(person.id.to_string())
            .bind(related.id.to_string())
            .bind(now)
            .bind(by),
        )
        .await?;
    if marked == 1 {
        let entry = Entry::of(
            EntryKind::PersonRelationMarked,
            Object::new("person", person.id),
        )
        .fact("related-to", related.id);
        tx.commit(entry).await?;
    }
    Ok(crate::web::go_to(&url(person.id)))
}

/// The person, for the lead alone: to others the page does not exist.
async fn load(connection: &mut Connection, viewer: &Viewer, id: &str) -> Result<Person, Problem> {
    if !may_mark_relations(&viewer.hats) {
        return Err(Problem::NotFound);
    }
    queries::person(connection, id).await
}

async fn of(connection: &mut Connection, person: PersonId) -> Result<Vec<(String, String)>, Fault> {
    sql(
        "select person.id as id, person.name as name, person.sort_name as sort_name
         from person_relation join person on person.id = person_relation.related_to
         where person_relation.person = $1
         union
         select person.id as id, person.name as name, person.sort_name as sort_name
         from person_relation join person on person.id = person_relation.person
         where person_relation.related_to = $1
         order by sort_name, id",
    )
    .bind(person.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        let id = row.read("id", |text| text.parse().ok())?;
        Ok((row.get("name")?, super::person::url(id)))
    })
    .collect()
}
