//! What a person is to the school today: read afresh at each request, so that a
//! promotion, a merge or a last day counts at once.

use std::collections::BTreeSet;

use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::ids::PersonId;
use belisha_rules::people::{Hats, Held, Identity};
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::problem::Fault;

/// A person with their hats, and every id that a merge folded into theirs.
#[derive(Debug, Clone)]
pub(crate) struct Worn {
    pub identity: Identity,
    pub hats: Hats,
}

/// The hats of one person on a day.
pub(crate) async fn of(
    connection: &mut Connection,
    person: PersonId,
    today: Date,
) -> Result<Worn, Fault> {
    let standings = sql("select standing from person where id = $1
         union
         select 'parents' from family_tie where adult = $1")
    .bind(person.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| row.read("standing", Standing::from_key))
    .collect::<Result<BTreeSet<_>, _>>()?;
    let posts = sql("select post, deputy from post_holding
         where person = $1 and from_on <= $2 and (until_on is null or until_on >= $2)")
    .bind(person.to_string())
    .bind(today)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(Held {
            post: row.read("post", Post::from_key)?,
            deputy: row.get("deputy")?,
        })
    })
    .collect::<Result<BTreeSet<_>, Fault>>()?;
    Ok(Worn {
        identity: identity(connection, person).await?,
        hats: Hats { standings, posts },
    })
}

/// A person under every id they ever had. Merges may follow one another, so the
/// whole chain is walked in both directions.
pub(crate) async fn identity(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Identity, Fault> {
    // Each link both ways in one branch: PostgreSQL lets a recursive query have no more.
    let aliases = sql("with recursive same (id) as (
             select cast($1 as text)
             union
             select link.other
             from same
             join (select id as one, merged_into as other from person where merged_into is not null
                   union all
                   select merged_into as one, id as other from person where merged_into is not null) link
               on link.one = same.id)
         select id from same where id <> $1")
    .bind(person.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| row.read("id", |text| text.parse().ok()))
    .collect::<Result<BTreeSet<PersonId>, _>>()?;
    Ok(Identity { person, aliases })
}

/// Who holds which post on a day: post by post in the order of the posts, and within each
/// as [`holders`] has them.
pub(crate) async fn all_holders(
    connection: &mut Connection,
    today: Date,
) -> Result<Vec<(PersonId, Held)>, Fault> {
    let mut found = sql("select post_holding.post, post_holding.person, post_holding.deputy
         from post_holding join person on person.id = post_holding.person
         where post_holding.from_on <= $1 and (post_holding.until_on is null or post_holding.until_on >= $1)
           and person.starts_on <= $1 and (person.ends_on is null or person.ends_on >= $1)
           and person.merged_into is null
         order by post_holding.deputy, post_holding.from_on, post_holding.id")
    .bind(today)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        let held = Held {
            post: row.read("post", Post::from_key)?,
            deputy: row.get("deputy")?,
        };
        Ok((row.read("person", |text| text.parse().ok())?, held))
    })
    .collect::<Result<Vec<(PersonId, Held)>, Fault>>()?;
    let place = |post: Post| Post::all().position(|other| other == post);
    // Stable: within a post the order of the statement stays.
    found.sort_by_key(|(_, held)| place(held.post));
    Ok(found)
}

/// Who holds a post on a day, holders first, then deputies, longest in post first.
pub(crate) async fn holders(
    connection: &mut Connection,
    post: Post,
    today: Date,
) -> Result<Vec<(PersonId, bool)>, Fault> {
    sql("select post_holding.person, post_holding.deputy
         from post_holding join person on person.id = post_holding.person
         where post_holding.post = $1
           and post_holding.from_on <= $2 and (post_holding.until_on is null or post_holding.until_on >= $2)
           and person.starts_on <= $2 and (person.ends_on is null or person.ends_on >= $2)
           and person.merged_into is null
         order by post_holding.deputy, post_holding.from_on, post_holding.id")
    .bind(post.key())
    .bind(today)
    .all(connection)
    .await?
    .iter()
    .map(|row| Ok((row.read("person", |text| text.parse().ok())?, row.get("deputy")?)))
    .collect()
}
