//! One class: who is in it, who joins, who leaves.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{BackLink, Button, Choice, EmptyState, Frame, Label, Radios, TextInput};
use serde::Deserialize;

use super::choosing::{self, Sought};
use super::dates::in_words;
use super::queries;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url(id: &str) -> String {
    format!("/people/classes/{id}")
}

/// Somebody's place in a class.
struct Member {
    id: String,
    name: String,
    person: String,
    since: String,
}

struct Part {
    heading: &'static str,
    members: Vec<Member>,
}

#[derive(Template)]
#[template(path = "people/class.html")]
struct ClassPage {
    frame: Frame,
    back: BackLink,
    name: String,
    year_group: String,
    parts: Vec<Part>,
    is_empty: bool,
    empty: EmptyState,
    join: Option<JoinForm>,
}

struct JoinForm {
    /// Where members go to and leave from.
    base: String,
    q: TextInput,
    find: Button,
    person: Option<Radios>,
    nobody_found: bool,
    part: Radios,
    send: Button,
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<String>,
    Query(sought): Query<Sought>,
) -> Result<Response, Problem> {
    let register = RecordFacts::of(Kind::Register);
    viewer.require(Action::ReadRegister, &register)?;
    let mut records = viewer.read().await?;
    let (name, year_group) = load(&mut records, &id).await?;
    let parts = vec![
        Part {
            heading: "Teachers",
            members: members(&mut records, &id, "teacher").await?,
        },
        Part {
            heading: "Assistants",
            members: members(&mut records, &id, "assistant").await?,
        },
        Part {
            heading: "Pupils",
            members: members(&mut records, &id, "pupil").await?,
        },
    ];
    let found = queries::search(&mut records, &viewer, &sought.q).await?;
    let may_edit = viewer.may(Action::EditPeople, &register).is_allowed();
    crate::web::page(&ClassPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::classes::url()),
        is_empty: parts.iter().all(|part| part.members.is_empty()),
        parts,
        year_group,
        name,
        empty: EmptyState::new(
            "Nobody is in this class yet",
            "Pupils join by an import that names their class, or one by one below.",
        ),
        join: may_edit.then(|| JoinForm {
            base: url(&id),
            q: choosing::box_for("Find a person to add", &sought.q),
            find: Button::secondary("Find"),
            nobody_found: !sought.q.is_empty() && found.is_empty(),
            person: choosing::radios("person", "Who joins?", &found, None),
            part: Radios {
                chosen: Some("pupil".into()),
                ..Radios::new(
                    "part",
                    Label::medium("As what?"),
                    vec![
                        Choice::new("pupil", "Pupil"),
                        Choice::new("teacher", "Teacher"),
                        Choice::new("assistant", "Assistant"),
                    ],
                )
            },
            send: Button::submit("Add to the class"),
        }),
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Joining {
    #[serde(default)]
    person: String,
    part: String,
}

pub(crate) async fn join(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Joining>,
) -> Result<Response, Problem> {
    viewer.require(Action::EditPeople, &RecordFacts::of(Kind::Register))?;
    let mut tx = viewer.write().await?;
    load(&mut tx, &id).await?;
    if sent.form.person.is_empty() {
        return Err(Problem::refused(
            "Nobody was chosen",
            "Go back, choose one of the people that were found, and add them again.",
        ));
    }
    let person = queries::person(&mut tx, &sent.form.person).await?;
    let part = match sent.form.part.as_str() {
        "pupil" => "pupil",
        "teacher" => "teacher",
        "assistant" => "assistant",
        _ => return Err(Problem::NotFound),
    };
    if (part == "pupil") != (person.standing == belisha_policy::Standing::Pupil) {
        return Err(Problem::refused(
            "They cannot join the class so",
            "Pupils join as pupils, and adults as teachers or assistants. Go back and choose again.",
        ));
    }
    if put(&mut tx, &id, &person.id.to_string(), part).await? {
        let entry = Entry::of(EntryKind::ClassChanged, Object::new("class", &id))
            .fact("joined", person.id)
            .fact("part", part);
        tx.commit(entry).await?;
    }
    Ok(crate::web::go_to(&url(&id)))
}

/// Puts a person into a class. A pupil is in one class at a time: the place in another
/// ends. False where they are in it already.
pub(crate) async fn put(
    tx: &mut Tx,
    class: &str,
    person: &str,
    part: &'static str,
) -> Result<bool, Problem> {
    let today = tx.today();
    let there = sql(
        "select id from class_member where class = $1 and person = $2 and part = $3 and until_on is null",
    )
    .bind(class)
    .bind(person)
    .bind(part)
    .optional(tx)
    .await?;
    if there.is_some() {
        return Ok(false);
    }
    if part == "pupil" {
        tx.run(
            sql("update class_member set until_on = $2 where person = $1 and part = 'pupil' and until_on is null")
                .bind(person)
                .bind(today),
        )
        .await?;
    }
    let id = tx.school().new_row_id();
    tx.run_one(
        sql(
            "insert into class_member (id, class, person, part, from_on, until_on)
             values ($1, $2, $3, $4, $5, null)",
        )
        .bind(id)
        .bind(class)
        .bind(person)
        .bind(part)
        .bind(today),
    )
    .await?;
    Ok(true)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leaving {
    member: String,
}

pub(crate) async fn leave(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Leaving>,
) -> Result<Response, Problem> {
    viewer.require(Action::EditPeople, &RecordFacts::of(Kind::Register))?;
    let mut tx = viewer.write().await?;
    let row =
        sql("select person from class_member where id = $1 and class = $2 and until_on is null")
            .bind(&sent.form.member)
            .bind(&id)
            .optional(&mut tx)
            .await?
            .ok_or(Problem::NotFound)?;
    let person: String = row.get("person")?;
    let today = tx.today();
    tx.run_one(
        sql("update class_member set until_on = $2 where id = $1 and until_on is null")
            .bind(&sent.form.member)
            .bind(today),
    )
    .await?;
    let entry = Entry::of(EntryKind::ClassChanged, Object::new("class", &id)).fact("left", person);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&url(&id)))
}

async fn load(connection: &mut Connection, id: &str) -> Result<(String, String), Problem> {
    let row = sql("select name, year_group from class where id = $1")
        .bind(id)
        .optional(connection)
        .await?
        .ok_or(Problem::NotFound)?;
    Ok((row.get("name")?, row.get("year_group")?))
}

async fn members(
    connection: &mut Connection,
    class: &str,
    part: &'static str,
) -> Result<Vec<Member>, Fault> {
    sql(
        "select class_member.id, class_member.person, class_member.from_on, person.name
         from class_member join person on person.id = class_member.person
         where class_member.class = $1 and class_member.part = $2 and class_member.until_on is null
           and person.merged_into is null
         order by person.sort_name, person.id",
    )
    .bind(class)
    .bind(part)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(Member {
            id: row.get("id")?,
            name: row.get("name")?,
            person: super::person::url(row.read("person", |text| text.parse().ok())?),
            since: in_words(row.date("from_on")?),
        })
    })
    .collect()
}
