//! Writes the people of a made-up school into its register: staff, governors and
//! visitors one act each, pupils and their families as an import does.

use belisha_policy::{Standing, Word as _};
use belisha_rules::ids::PersonId;
use jiff::civil::Date;

use crate::agreements::person_changed;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::Problem;
use crate::tx::Tx;

use super::Life;
use super::cast::{Cast, Class, Someone, Tie};

/// Writes everybody down; the id of each, in the order of the cast.
pub(super) async fn write(life: &Life<'_>, cast: &Cast) -> Result<Vec<PersonId>, Problem> {
    let ids: Vec<PersonId> = cast.people.iter().map(|_| life.school.new_id()).collect();
    for (someone, id) in cast.people.iter().zip(&ids) {
        if !is_imported(someone) {
            let mut tx = life.act_of_the_program().await?;
            person(&mut tx, *id, someone).await?;
            person_changed(&mut tx, *id).await?;
            tx.commit(Entry::of(EntryKind::PersonAdded, Object::new("person", id)))
                .await?;
            appoint(life, *id, someone).await?;
        }
    }
    import(life, cast, &ids).await?;
    Ok(ids)
}

fn is_imported(someone: &Someone) -> bool {
    matches!(someone.standing, Standing::Pupil | Standing::Parent)
}

async fn person(tx: &mut Tx, id: PersonId, someone: &Someone) -> Result<(), Problem> {
    tx.run_one(
        sql(
            "insert into person (id, name, sort_name, standing, job_title, email, telephone, upn,
                                 born_on, starts_on, ends_on, merged_into)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null)",
        )
        .bind(id.to_string())
        .bind(&someone.name)
        .bind(someone.name.to_lowercase())
        .bind(someone.standing.key())
        .bind(someone.job_title)
        .bind(someone.email.clone())
        .bind(someone.telephone.clone())
        .bind(someone.upn.clone())
        .bind(someone.born_on)
        .bind(someone.starts_on)
        .bind(someone.ends_on),
    )
    .await
}

async fn appoint(life: &Life<'_>, id: PersonId, someone: &Someone) -> Result<(), Problem> {
    for held in &someone.posts {
        let mut tx = life.act_of_the_program().await?;
        let holding = life.school.new_row_id();
        tx.run_one(
            sql(
                "insert into post_holding (id, post, person, deputy, from_on, until_on)
                 values ($1, $2, $3, $4, $5, null)",
            )
            .bind(&holding)
            .bind(held.post.key())
            .bind(id.to_string())
            .bind(held.deputy)
            .bind(someone.starts_on),
        )
        .await?;
        let entry = Entry::of(
            EntryKind::PostAppointed,
            Object::new("post-holding", &holding),
        )
        .fact("post", held.post.key())
        .fact("deputy", held.deputy);
        tx.commit(entry).await?;
    }
    Ok(())
}

async fn import(life: &Life<'_>, cast: &Cast, ids: &[PersonId]) -> Result<(), Problem> {
    let mut tx = life.act_of_the_program().await?;
    let mut imported = 0;
    for (someone, id) in cast.people.iter().zip(ids) {
        if is_imported(someone) {
            person(&mut tx, *id, someone).await?;
            imported += 1;
        }
    }
    for class in &cast.classes {
        write_class(&mut tx, class, cast, ids).await?;
    }
    let households: Vec<String> =
        (0..=cast.ties.iter().map(|tie| tie.household).max().unwrap_or(0))
            .map(|number| {
                // Named as an import names them.
                let first = cast.ties.iter().find(|tie| tie.household == number);
                first.map_or_else(String::new, |tie| {
                    format!("Household of {}", cast.people[tie.adult].name)
                })
            })
            .collect();
    for tie in &cast.ties {
        write_tie(&mut tx, tie, &households, ids).await?;
    }
    let entry = Entry::of(
        EntryKind::PeopleImported,
        Object::new("people-import", life.school.new_row_id()),
    )
    .fact("added", imported);
    tx.commit(entry).await?;
    Ok(())
}

async fn write_class(
    tx: &mut Tx,
    class: &Class,
    cast: &Cast,
    ids: &[PersonId],
) -> Result<(), Problem> {
    let id = tx.school().new_row_id();
    tx.run_one(
        sql("insert into class (id, name, year_group) values ($1, $2, $3)")
            .bind(&id)
            .bind(&class.name)
            .bind(class.year_group),
    )
    .await?;
    let since = school_year_began(tx.today());
    let adults = [
        (Some(class.teacher), "teacher"),
        (class.assistant, "assistant"),
    ];
    let pupils = class.pupils.iter().map(|pupil| (Some(*pupil), "pupil"));
    for (member, part) in adults.into_iter().chain(pupils) {
        let Some(member) = member else { continue };
        let row = tx.school().new_row_id();
        tx.run_one(
            sql(
                "insert into class_member (id, class, person, part, from_on, until_on)
                 values ($1, $2, $3, $4, $5, null)",
            )
            .bind(row)
            .bind(&id)
            .bind(ids[member].to_string())
            .bind(part)
            .bind(since.max(cast.people[member].starts_on)),
        )
        .await?;
    }
    Ok(())
}

async fn write_tie(
    tx: &mut Tx,
    tie: &Tie,
    households: &[String],
    ids: &[PersonId],
) -> Result<(), Problem> {
    let row = tx.school().new_row_id();
    tx.run_one(
        sql("insert into family_tie (id, pupil, adult, relation, household, parental_responsibility,
                                     may_be_contacted, priority)
             values ($1, $2, $3, $4, $5, $6, true, $7)")
        .bind(row)
        .bind(ids[tie.pupil].to_string())
        .bind(ids[tie.adult].to_string())
        .bind(tie.relation)
        .bind(&households[tie.household])
        .bind(tie.parental_responsibility)
        .bind(tie.priority),
    )
    .await
}

fn school_year_began(day: Date) -> Date {
    let year = if day.month() >= 8 {
        day.year()
    } else {
        day.year() - 1
    };
    super::founding::half_terms(year)[0].1
}
