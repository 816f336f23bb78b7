//! A child's adults, household by household. Parents who live apart are two households,
//! and what goes to one never shows anything of the other.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use belisha_policy::Standing;
use belisha_rules::access::Action;
use belisha_rules::ids::PersonId;
use belisha_ui::{
    BackLink, Button, Checkboxes, EmptyState, Frame, InputKind, InputWidth, Radios, TextInput,
};
use serde::Deserialize;

use super::choosing::{self, Sought};
use super::queries::{self, Person};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url(child: PersonId) -> String {
    format!("/people/{child}/family")
}

/// The adults of a child who live together.
pub(crate) struct Household {
    pub(crate) name: String,
    pub(crate) adults: Vec<Adult>,
}

/// One adult of a child.
pub(crate) struct Adult {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) url: String,
    /// "mother, with parental responsibility, to be contacted first".
    pub(crate) says: String,
}

/// One child of an adult.
pub(crate) struct Child {
    pub(crate) name: String,
    pub(crate) url: String,
    /// The adult's relation, and who else is of the adult's own household.
    pub(crate) says: String,
}

/// A child's households, that of the first contact first.
pub(crate) async fn households(
    connection: &mut Connection,
    child: PersonId,
) -> Result<Vec<Household>, Fault> {
    let rows = sql(
        "select family_tie.adult, family_tie.relation, family_tie.household, family_tie.parental_responsibility,
                family_tie.may_be_contacted, person.name
         from family_tie join person on person.id = family_tie.adult
         where family_tie.pupil = $1 and person.merged_into is null
         order by family_tie.priority, person.sort_name, person.id",
    )
    .bind(child.to_string())
    .all(connection)
    .await?;
    let mut households: Vec<Household> = Vec::new();
    for row in rows {
        let name: String = row.get("household")?;
        let id: PersonId = row.read("adult", |text| text.parse().ok())?;
        let mut says = vec![row.get::<String>("relation")?.to_lowercase()];
        if row.get("parental_responsibility")? {
            says.push("with parental responsibility".into());
        }
        if !row.get::<bool>("may_be_contacted")? {
            says.push("not to be contacted".into());
        }
        let adult = Adult {
            id: id.to_string(),
            name: row.get("name")?,
            url: super::person::url(id),
            says: says.join(", "),
        };
        match households
            .iter_mut()
            .find(|household| household.name == name)
        {
            Some(household) => household.adults.push(adult),
            None => households.push(Household {
                name,
                adults: vec![adult],
            }),
        }
    }
    Ok(households)
}

/// An adult's children, each with the other adults of the same household.
pub(crate) async fn children(
    connection: &mut Connection,
    adult: PersonId,
) -> Result<Vec<Child>, Fault> {
    let rows = sql(
        "select family_tie.pupil, family_tie.relation, family_tie.household, person.name
         from family_tie join person on person.id = family_tie.pupil
         where family_tie.adult = $1 and person.merged_into is null
         order by person.sort_name, person.id",
    )
    .bind(adult.to_string())
    .all(connection)
    .await?;
    let mut children = Vec::new();
    for row in rows {
        let pupil: PersonId = row.read("pupil", |text| text.parse().ok())?;
        let household: String = row.get("household")?;
        let with: Vec<String> = sql(
            "select person.name from family_tie join person on person.id = family_tie.adult
             where family_tie.pupil = $1 and family_tie.household = $2 and family_tie.adult <> $3
               and person.merged_into is null
             order by person.sort_name",
        )
        .bind(pupil.to_string())
        .bind(household)
        .bind(adult.to_string())
        .all(connection)
        .await?
        .iter()
        .map(|row| row.get("name"))
        .collect::<Result<_, Fault>>()?;
        let relation = row.get::<String>("relation")?.to_lowercase();
        children.push(Child {
            name: row.get("name")?,
            url: super::person::url(pupil),
            says: if with.is_empty() {
                format!("as {relation}")
            } else {
                format!("as {relation}, with {}", belisha_policy::and(&with))
            },
        });
    }
    Ok(children)
}

#[derive(Template)]
#[template(path = "people/families.html")]
struct FamilyPage {
    frame: Frame,
    back: BackLink,
    base: String,
    name: String,
    households: Vec<Household>,
    empty: EmptyState,
    q: TextInput,
    find: Button,
    nobody_found: bool,
    tie: Option<TieForm>,
}

struct TieForm {
    adult: Radios,
    texts: Vec<TextInput>,
    truths: Vec<Checkboxes>,
    send: Button,
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<String>,
    Query(sought): Query<Sought>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let child = child(&mut records, &viewer, &id).await?;
    let found: Vec<_> = queries::search(&mut records, &viewer, &sought.q)
        .await?
        .into_iter()
        .filter(|listed| listed.standing != Standing::Pupil)
        .collect();
    let text = |name: &str, label: &str, hint: &str| TextInput {
        hint: Some(hint.to_owned()),
        ..TextInput::new(name, label)
    };
    crate::web::page(&FamilyPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::person::url(child.id)),
        base: url(child.id),
        households: households(&mut records, child.id).await?,
        empty: EmptyState::new(
            "No adult is recorded yet",
            "Parents and carers come with an import of contacts, or one by one below.",
        ),
        q: choosing::box_for("Find an adult in the register", &sought.q),
        find: Button::secondary("Find"),
        nobody_found: !sought.q.is_empty() && found.is_empty(),
        tie: choosing::radios("adult", "Who is it?", &found, None).map(|adult| TieForm {
            adult,
            texts: vec![
                text("relation", "Relation to the child", "For example, mother, father, grandmother, foster carer"),
                text(
                    "household",
                    "Household",
                    "Adults who live together have the same words here, such as “Home of the mother”. \
                     Parents who live apart have different ones.",
                ),
                TextInput {
                    kind: InputKind::Digits,
                    width: Some(InputWidth::Two),
                    value: "1".into(),
                    ..text("priority", "Order of contact", "1 is contacted first")
                },
            ],
            truths: vec![
                Checkboxes::confirm("responsibility", "Has parental responsibility"),
                Checkboxes {
                    chosen: vec!["yes".into()],
                    ..Checkboxes::confirm("contact", "May be contacted")
                },
            ],
            send: Button::submit("Record this adult"),
        }),
        name: child.name,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Typed {
    adult: String,
    relation: String,
    household: String,
    priority: String,
    responsibility: String,
    contact: String,
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Typed>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let child = child(&mut tx, &viewer, &id).await?;
    let adult = queries::person(&mut tx, &sent.form.adult).await?;
    let (relation, household) = (sent.form.relation.trim(), sent.form.household.trim());
    let priority = sent.form.priority.trim().parse::<i64>().ok();
    let Some(priority) = priority.filter(|number| (1..=99).contains(number)) else {
        return Err(Problem::field(
            "priority",
            "The order of contact must be a number from 1 to 99",
        ));
    };
    if relation.is_empty() || household.is_empty() || relation.len().max(household.len()) > 200 {
        return Err(Problem::field(
            "relation",
            "Enter the relation to the child and the household, up to 200 characters each",
        ));
    }
    if adult.standing == Standing::Pupil || adult.merged_into.is_some() {
        return Err(Problem::field("adult", "Choose an adult"));
    }
    let tie = Tie {
        relation,
        household,
        responsibility: sent.form.responsibility == "yes",
        may_be_contacted: sent.form.contact == "yes",
        priority,
    };
    put(&mut tx, &child.id.to_string(), &adult.id.to_string(), &tie).await?;
    let entry = Entry::of(EntryKind::FamilyTied, Object::new("person", child.id))
        .fact("adult", adult.id)
        .fact("parental-responsibility", tie.responsibility)
        .fact("may-be-contacted", tie.may_be_contacted);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&url(child.id)))
}

/// What is recorded of an adult and a child.
pub(crate) struct Tie<'a> {
    pub(crate) relation: &'a str,
    pub(crate) household: &'a str,
    pub(crate) responsibility: bool,
    pub(crate) may_be_contacted: bool,
    pub(crate) priority: i64,
}

/// Records an adult of a child, or what is now true of one who was recorded before.
pub(crate) async fn put(
    tx: &mut Tx,
    child: &str,
    adult: &str,
    tie: &Tie<'_>,
) -> Result<(), Problem> {
    let id = tx.school().new_row_id();
    tx.run_one(
        sql("insert into family_tie (id, pupil, adult, relation, household, parental_responsibility,
                                     may_be_contacted, priority)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (pupil, adult) do update
             set relation = excluded.relation, household = excluded.household,
                 parental_responsibility = excluded.parental_responsibility,
                 may_be_contacted = excluded.may_be_contacted, priority = excluded.priority")
        .bind(id)
        .bind(child)
        .bind(adult)
        .bind(tie.relation)
        .bind(tie.household)
        .bind(tie.responsibility)
        .bind(tie.may_be_contacted)
        .bind(tie.priority),
    )
    .await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Untying {
    adult: String,
}

pub(crate) async fn untie(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Untying>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let child = child(&mut tx, &viewer, &id).await?;
    let adult = queries::person(&mut tx, &sent.form.adult).await?;
    let gone = tx
        .run(
            sql("delete from family_tie where pupil = $1 and adult = $2")
                .bind(child.id.to_string())
                .bind(adult.id.to_string()),
        )
        .await?;
    if gone == 0 {
        return Err(Problem::NotFound);
    }
    let entry =
        Entry::of(EntryKind::FamilyUntied, Object::new("person", child.id)).fact("adult", adult.id);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&url(child.id)))
}

/// The pupil whose family it is, for somebody who may record it.
async fn child(connection: &mut Connection, viewer: &Viewer, id: &str) -> Result<Person, Problem> {
    let child = queries::person(connection, id).await?;
    viewer.require(Action::EditPeople, &queries::facts_of(child.id))?;
    if child.standing != Standing::Pupil || child.merged_into.is_some() {
        return Err(Problem::NotFound);
    }
    Ok(child)
}
