//! Reading who holds and who is proposed for which post.

use belisha_policy::{Post, Word as _};
use belisha_rules::ids::PersonId;
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::people::dates::in_words;
use crate::problem::{Fault, Problem};
use crate::web::words::capital;

/// One appointment that is not over.
#[derive(Debug, Clone)]
pub(crate) struct Holding {
    pub(crate) id: String,
    pub(crate) post: Post,
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) person_url: String,
    pub(crate) end_url: String,
    pub(crate) deputy: bool,
    pub(crate) since: String,
    pub(crate) until: Option<String>,
}

/// Everybody who holds or deputises for a post on a day, holders first.
pub(crate) async fn current(
    connection: &mut Connection,
    today: Date,
) -> Result<Vec<Holding>, Fault> {
    let rows = sql(
        "select post_holding.id, post_holding.post, post_holding.person, post_holding.deputy,
                post_holding.from_on, post_holding.until_on, person.name
         from post_holding join person on person.id = post_holding.person
         where post_holding.from_on <= $1 and (post_holding.until_on is null or post_holding.until_on >= $1)
           and person.merged_into is null and (person.ends_on is null or person.ends_on >= $1)
         order by post_holding.deputy, post_holding.from_on, post_holding.id",
    )
    .bind(today)
    .all(connection)
    .await?;
    rows.iter().map(holding).collect()
}

/// One appointment, whether it lasts or not.
pub(crate) async fn one(connection: &mut Connection, id: &str) -> Result<Holding, Problem> {
    let row = sql(
        "select post_holding.id, post_holding.post, post_holding.person, post_holding.deputy,
                post_holding.from_on, post_holding.until_on, person.name
         from post_holding join person on person.id = post_holding.person
         where post_holding.id = $1",
    )
    .bind(id)
    .optional(connection)
    .await?
    .ok_or(Problem::NotFound)?;
    Ok(holding(&row)?)
}

fn holding(row: &crate::db::Row) -> Result<Holding, Fault> {
    let (id, person): (String, PersonId) = (
        row.get("id")?,
        row.read("person", |text| text.parse().ok())?,
    );
    Ok(Holding {
        post: row.read("post", Post::from_key)?,
        person,
        name: row.get("name")?,
        person_url: crate::people::person::url(person),
        end_url: super::end::url(&id),
        id,
        deputy: row.get("deputy")?,
        since: in_words(row.date("from_on")?),
        until: row.date_optional("until_on")?.map(in_words),
    })
}

/// A person's posts in words, those that are over last.
pub(crate) async fn of_person(
    connection: &mut Connection,
    person: PersonId,
    today: Date,
) -> Result<Vec<String>, Fault> {
    sql(
        "select post, deputy, from_on, until_on from post_holding where person = $1
         order by case when until_on is null or until_on >= $2 then 0 else 1 end, from_on desc, id",
    )
    .bind(person.to_string())
    .bind(today)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        let post = row.read("post", Post::from_key)?;
        let name = if row.get("deputy")? {
            format!("Deputy for {}", post.with_article())
        } else {
            capital(post.name())
        };
        let from = in_words(row.date("from_on")?);
        Ok(match row.date_optional("until_on")? {
            Some(until) => format!("{name}, from {from} to {}", in_words(until)),
            None => format!("{name}, since {from}"),
        })
    })
    .collect()
}

/// A proposal that waits.
#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    pub(crate) id: String,
    pub(crate) post: Post,
    pub(crate) person: PersonId,
    pub(crate) proposed_by: PersonId,
    pub(crate) deputy: bool,
    pub(crate) from_on: Date,
    pub(crate) url: String,
    /// "Ann Lee as headteacher, from 1 September 2026".
    pub(crate) says: String,
    pub(crate) proposer: String,
}

/// Every proposal that waits, oldest first.
pub(crate) async fn proposals(connection: &mut Connection) -> Result<Vec<Proposal>, Fault> {
    let rows = sql(
        "select post_proposal.id, post_proposal.post, post_proposal.person, post_proposal.proposed_by,
                post_proposal.deputy, post_proposal.from_on, person.name, proposer.name as proposer
         from post_proposal
         join person on person.id = post_proposal.person
         join person as proposer on proposer.id = post_proposal.proposed_by
         where post_proposal.decided_at is null
         order by post_proposal.proposed_at, post_proposal.id",
    )
    .all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let id: String = row.get("id")?;
            let post = row.read("post", Post::from_key)?;
            let (name, deputy): (String, bool) = (row.get("name")?, row.get("deputy")?);
            let from_on = row.date("from_on")?;
            let what = if deputy {
                format!("deputy for {}", post.with_article())
            } else {
                post.name().to_owned()
            };
            Ok(Proposal {
                post,
                person: row.read("person", |text| text.parse().ok())?,
                proposed_by: row.read("proposed_by", |text| text.parse().ok())?,
                deputy,
                from_on,
                url: super::decide::url(&id),
                says: format!("{name} as {what}, from {}", in_words(from_on)),
                proposer: row.get("proposer")?,
                id,
            })
        })
        .collect()
}
