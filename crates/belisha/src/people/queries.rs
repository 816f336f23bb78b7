//! Reading the register: what the pages of this and other features ask of it.

use belisha_policy::{Standing, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PersonId;
use jiff::civil::Date;

use crate::db::{Connection, Row, sql};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

/// One entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) standing: Standing,
    pub(crate) job_title: String,
    pub(crate) email: Option<String>,
    pub(crate) telephone: Option<String>,
    pub(crate) upn: Option<String>,
    pub(crate) born_on: Option<Date>,
    pub(crate) starts_on: Date,
    pub(crate) ends_on: Option<Date>,
    /// The entry that this one was folded into.
    pub(crate) merged_into: Option<PersonId>,
}

impl Person {
    /// Whether the person's last day is past.
    pub(crate) fn has_left(&self, today: Date) -> bool {
        self.ends_on.is_some_and(|day| day < today)
    }
}

/// A person in a list: what is needed to tell namesakes apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) standing: Standing,
    pub(crate) job_title: String,
    pub(crate) class: Option<String>,
    pub(crate) ends_on: Option<Date>,
}

impl Listed {
    /// The name with what tells namesakes apart: "Ann Lee, pupils, Oak".
    pub(crate) fn in_full(&self) -> String {
        let more = match (&self.class, self.job_title.as_str()) {
            (Some(class), _) => class.as_str(),
            (None, "") => self.standing.name(),
            (None, title) => title,
        };
        format!("{} ({more})", self.name)
    }
}

/// What a list of people is narrowed to; empty texts narrow nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Narrowed<'a> {
    pub(crate) standing: Option<Standing>,
    pub(crate) class: &'a str,
    pub(crate) name: &'a str,
    /// Whether people whose last day is past are listed too.
    pub(crate) leavers: bool,
}

/// A name for finding and sorting: small letters, single spaces.
pub(crate) fn sort_name(name: &str) -> String {
    name.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A person's name; an entry that was folded into another answers with its own.
pub(crate) async fn name_of(connection: &mut Connection, id: PersonId) -> Result<String, Problem> {
    let row = sql("select name from person where id = $1")
        .bind(id.to_string())
        .optional(connection)
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(row.get("name")?)
}

/// Up to twenty people whose names hold this text, for choosing one; nobody for
/// somebody who may not read the register.
pub(crate) async fn search(
    connection: &mut Connection,
    viewer: &Viewer,
    text: &str,
) -> Result<Vec<Listed>, Fault> {
    let readable = viewer
        .may(Action::ReadRegister, &RecordFacts::of(Kind::Register))
        .is_allowed();
    if !readable || text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let narrowed = Narrowed {
        name: text,
        ..Narrowed::default()
    };
    list(connection, &narrowed, viewer.today(), 20, 0).await
}

/// A part of the register by name.
pub(crate) async fn list(
    connection: &mut Connection,
    narrowed: &Narrowed<'_>,
    today: Date,
    at_most: i64,
    from: i64,
) -> Result<Vec<Listed>, Fault> {
    let rows = sql(
        "select person.id, person.name, person.standing, person.job_title, person.ends_on,
                (select min(class.name) from class_member join class on class.id = class_member.class
                 where class_member.person = person.id
                   and (class_member.until_on is null or class_member.until_on >= $5)) as class
         from person
         where person.merged_into is null
           and ($1 = '' or person.standing = $1)
           and ($2 = '' or exists (
               select 1 from class_member where class_member.person = person.id and class_member.class = $2
                 and (class_member.until_on is null or class_member.until_on >= $5)))
           and person.sort_name like $3 escape '!'
           and ($4 or person.ends_on is null or person.ends_on >= $5)
         order by person.sort_name, person.id limit $6 offset $7",
    )
    .bind(narrowed.standing.map_or("", |standing| standing.key()))
    .bind(narrowed.class)
    .bind(pattern(narrowed.name))
    .bind(narrowed.leavers)
    .bind(today)
    .bind(at_most)
    .bind(from)
    .all(connection)
    .await?;
    rows.iter().map(listed).collect()
}

/// How many people [`list`] would find.
pub(crate) async fn count(
    connection: &mut Connection,
    narrowed: &Narrowed<'_>,
    today: Date,
) -> Result<i64, Fault> {
    let row = sql(
        "select count(*) as count from person
         where person.merged_into is null
           and ($1 = '' or person.standing = $1)
           and ($2 = '' or exists (
               select 1 from class_member where class_member.person = person.id and class_member.class = $2
                 and (class_member.until_on is null or class_member.until_on >= $5)))
           and person.sort_name like $3 escape '!'
           and ($4 or person.ends_on is null or person.ends_on >= $5)",
    )
    .bind(narrowed.standing.map_or("", |standing| standing.key()))
    .bind(narrowed.class)
    .bind(pattern(narrowed.name))
    .bind(narrowed.leavers)
    .bind(today)
    .one(connection)
    .await?;
    row.get("count")
}

/// The entry of a person; not found for a text that is no id.
pub(crate) async fn person(connection: &mut Connection, id: &str) -> Result<Person, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::NotFound)?;
    let row = sql(
        "select id, name, standing, job_title, email, telephone, upn, born_on, starts_on, ends_on, merged_into
         from person where id = $1",
    )
    .bind(id.to_string())
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    Ok(Person {
        id,
        name: row.get("name")?,
        standing: row.read("standing", Standing::from_key)?,
        job_title: row.get("job_title")?,
        email: row.get("email")?,
        telephone: row.get("telephone")?,
        upn: row.get("upn")?,
        born_on: row.date_optional("born_on")?,
        starts_on: row.date("starts_on")?,
        ends_on: row.date_optional("ends_on")?,
        merged_into: row.read_optional("merged_into", |text| text.parse().ok())?,
    })
}

/// The facts by which the rules decide about an entry of the register.
pub(crate) fn facts_of(person: PersonId) -> RecordFacts {
    RecordFacts {
        owners: vec![person],
        ..RecordFacts::of(Kind::Register)
    }
}

fn listed(row: &Row) -> Result<Listed, Fault> {
    Ok(Listed {
        id: row.read("id", |text| text.parse().ok())?,
        name: row.get("name")?,
        standing: row.read("standing", Standing::from_key)?,
        job_title: row.get("job_title")?,
        class: row.get("class")?,
        ends_on: row.date_optional("ends_on")?,
    })
}

/// What a name must hold, for `like … escape '!'`: signs that mean something there mean themselves.
pub(crate) fn pattern(name: &str) -> String {
    let mut pattern = String::from("%");
    for character in sort_name(name).chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
