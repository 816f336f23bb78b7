//! The register as an import compares a file with it: read whole, once, so that the
//! comparison itself needs no records.

use std::collections::{BTreeMap, HashMap};

use belisha_policy::{Standing, Word as _};
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::problem::Fault;

/// A person as the register has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) sort_name: String,
    pub(crate) standing: Standing,
    pub(crate) job_title: String,
    pub(crate) email: Option<String>,
    pub(crate) telephone: Option<String>,
    pub(crate) upn: Option<String>,
    pub(crate) born_on: Option<Date>,
    pub(crate) starts_on: Date,
    pub(crate) ends_on: Option<Date>,
    /// The class of a pupil.
    pub(crate) class: Option<String>,
}

/// How an adult stands to a child in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tied {
    pub(crate) relation: String,
    pub(crate) household: String,
    pub(crate) responsibility: bool,
    pub(crate) may_be_contacted: bool,
    pub(crate) priority: i64,
}

/// Everything that an import compares with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Register {
    pub(crate) people: Vec<Known>,
    /// Classes by their names in small letters.
    pub(crate) classes: BTreeMap<String, String>,
    /// Ties by child and adult.
    pub(crate) ties: HashMap<(String, String), Tied>,
}

impl Register {
    /// Reads everybody who was not folded into another entry.
    pub(crate) async fn load(connection: &mut Connection) -> Result<Self, Fault> {
        let people = sql(
            "select person.id, person.name, person.sort_name, person.standing, person.job_title, person.email,
                    person.telephone, person.upn, person.born_on, person.starts_on, person.ends_on,
                    (select min(class.name) from class_member join class on class.id = class_member.class
                     where class_member.person = person.id and class_member.part = 'pupil'
                       and class_member.until_on is null) as class
             from person where person.merged_into is null order by person.id",
        )
        .all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok(Known {
                id: row.get("id")?,
                name: row.get("name")?,
                sort_name: row.get("sort_name")?,
                standing: row.read("standing", Standing::from_key)?,
                job_title: row.get("job_title")?,
                email: row.get("email")?,
                telephone: row.get("telephone")?,
                upn: row.get("upn")?,
                born_on: row.date_optional("born_on")?,
                starts_on: row.date("starts_on")?,
                ends_on: row.date_optional("ends_on")?,
                class: row.get("class")?,
            })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
        let classes = sql("select id, name from class order by id")
            .all(connection)
            .await?
            .iter()
            .map(|row| Ok((row.get::<String>("name")?.to_lowercase(), row.get("id")?)))
            .collect::<Result<_, Fault>>()?;
        let ties = sql(
            "select pupil, adult, relation, household, parental_responsibility, may_be_contacted, priority
             from family_tie",
        )
        .all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok((
                (row.get("pupil")?, row.get("adult")?),
                Tied {
                    relation: row.get("relation")?,
                    household: row.get("household")?,
                    responsibility: row.get("parental_responsibility")?,
                    may_be_contacted: row.get("may_be_contacted")?,
                    priority: row.get("priority")?,
                },
            ))
        })
        .collect::<Result<_, Fault>>()?;
        Ok(Self {
            people,
            classes,
            ties,
        })
    }
}
