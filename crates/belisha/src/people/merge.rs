//! Merging two entries of one person. One is kept; the other stays as it was, so that
//! what was recorded under it keeps its id, and points to the one that is kept.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::PersonId;
use belisha_rules::people::{MergeFacts, merge as rule};
use belisha_ui::{BackLink, Button, Frame, Radios, TextInput, Textarea, WarningText};
use serde::Deserialize;

use super::choosing;
use super::queries::{self, Person};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

/// The page on which an entry is folded into another; `id` is the one that is kept.
pub(crate) fn url(id: PersonId) -> String {
    format!("/people/{id}/merge")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    /// The entry that goes.
    folded: String,
}

#[derive(Template)]
#[template(path = "people/merge.html")]
struct MergePage {
    frame: Frame,
    back: BackLink,
    name: String,
    q: TextInput,
    find: Button,
    nobody_found: bool,
    found: Option<Radios>,
    look: Button,
    preview: Option<Preview>,
}

/// What a merge would do.
struct Preview {
    folded: String,
    folded_name: String,
    moves: Vec<String>,
    refused: Option<WarningText>,
    reason: Textarea,
    send: Button,
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let kept = load(&mut records, &viewer, &id).await?;
    let found: Vec<_> = queries::search(&mut records, &viewer, &asked.q)
        .await?
        .into_iter()
        .filter(|listed| listed.id != kept.id)
        .collect();
    let preview = if asked.folded.is_empty() {
        None
    } else {
        let folded = load(&mut records, &viewer, &asked.folded).await?;
        Some(preview(&mut records, &kept, &folded).await?)
    };
    crate::web::page(&MergePage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::person::url(kept.id)),
        q: choosing::box_for("Find the other entry of this person", &asked.q),
        find: Button::secondary("Find"),
        nobody_found: !asked.q.is_empty() && found.is_empty(),
        found: choosing::radios("folded", "Which entry is the same person?", &found, None),
        look: Button::submit("See what a merge would do"),
        preview,
        name: kept.name,
    })
}

async fn preview(
    connection: &mut Connection,
    kept: &Person,
    folded: &Person,
) -> Result<Preview, Problem> {
    let refused = refusal(connection, kept, folded).await?;
    let mut moves = filled(kept, folded)
        .into_iter()
        .map(|what| format!("The {what} of the other entry is copied, since this one has none."))
        .collect::<Vec<_>>();
    for (count, one, many) in [
        (
            classes_to_copy(connection, kept, folded).await?,
            "class",
            "classes",
        ),
        (
            ties_to_copy(connection, kept, folded).await?,
            "family tie",
            "family ties",
        ),
    ] {
        match count {
            0 => {}
            1 => moves.push(format!("1 {one} is copied to this entry.")),
            _ => moves.push(format!("{count} {many} are copied to this entry.")),
        }
    }
    moves.push("Records, signatures and journal entries keep the id they were made under, and count as this person’s.".into());
    moves.push(
        "The other entry leaves the lists. It is kept as it is and cannot be used again.".into(),
    );
    Ok(Preview {
        folded: folded.id.to_string(),
        folded_name: folded.name.clone(),
        moves,
        refused: refused.map(WarningText::new),
        reason: Textarea::new("reason", "Why are the two one person?"),
        send: Button::warning("Merge the two entries"),
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Typed {
    folded: String,
    #[serde(default)]
    reason: String,
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<String>,
    sent: Sent<Typed>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let kept = load(&mut tx, &viewer, &id).await?;
    let folded = load(&mut tx, &viewer, &sent.form.folded).await?;
    let reason = sent.form.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::field(
            "reason",
            "Say why the two are one person, in up to 500 characters",
        ));
    }
    if let Some(why) = refusal(&mut tx, &kept, &folded).await? {
        return Err(Problem::refused("These two cannot be merged", why));
    }
    let entry = fold(&mut tx, &kept, &folded, reason).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&super::person::url(kept.id)))
}

/// Folds one entry into another that the rules let it be folded into.
pub(crate) async fn fold(
    tx: &mut Tx,
    kept: &Person,
    folded: &Person,
    reason: &str,
) -> Result<Entry, Problem> {
    let (kept_id, folded_id) = (kept.id.to_string(), folded.id.to_string());
    // First it goes, so that its number and address are free for the entry that is kept.
    tx.run_one(
        sql("update person set merged_into = $2 where id = $1 and merged_into is null")
            .bind(&folded_id)
            .bind(&kept_id),
    )
    .await?;
    tx.run_one(
        sql(
            "update person set email = coalesce(email, $2), telephone = coalesce(telephone, $3),
                    upn = coalesce(upn, $4), born_on = coalesce(born_on, $5)
             where id = $1",
        )
        .bind(&kept_id)
        .bind(folded.email.clone())
        .bind(folded.telephone.clone())
        .bind(folded.upn.clone())
        .bind(folded.born_on),
    )
    .await?;
    for row in sql("select id from class_member where person = $2 and until_on is null and not exists (
                        select 1 from class_member as own where own.person = $1 and own.until_on is null
                          and (own.class = class_member.class or (own.part = 'pupil' and class_member.part = 'pupil')))")
        .bind(&kept_id)
        .bind(&folded_id)
        .all(tx)
        .await?
    {
        let (member, new): (String, String) = (row.get("id")?, tx.school().new_row_id());
        tx.run_one(
            sql("insert into class_member (id, class, person, part, from_on, until_on)
                 select $1, class, $2, part, from_on, null from class_member where id = $3")
            .bind(new)
            .bind(&kept_id)
            .bind(member),
        )
        .await?;
    }
    for row in sql("select id from family_tie where adult = $1 or pupil = $1")
        .bind(&folded_id)
        .all(tx)
        .await?
    {
        let (tie, new): (String, String) = (row.get("id")?, tx.school().new_row_id());
        tx.run(
            sql("insert into family_tie (id, pupil, adult, relation, household, parental_responsibility,
                                         may_be_contacted, priority)
                 select $1, case when pupil = $3 then $2 else pupil end, case when adult = $3 then $2 else adult end,
                        relation, household, parental_responsibility, may_be_contacted, priority
                 from family_tie where id = $4
                 on conflict (pupil, adult) do nothing")
            .bind(new)
            .bind(&kept_id)
            .bind(&folded_id)
            .bind(tie),
        )
        .await?;
    }
    let (id, now, by) = (tx.school().new_row_id(), tx.now(), tx.actor().key());
    tx.run_one(
        sql(
            "insert into person_merge (id, kept, merged, merged_at, merged_by, reason)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id)
        .bind(&kept_id)
        .bind(&folded_id)
        .bind(now)
        .bind(by)
        .bind(reason),
    )
    .await?;
    Ok(
        Entry::of(EntryKind::PersonMerged, Object::new("person", kept.id))
            .fact("merged", folded.id),
    )
}

async fn load(connection: &mut Connection, viewer: &Viewer, id: &str) -> Result<Person, Problem> {
    let person = queries::person(connection, id).await?;
    viewer.require(Action::MergePeople, &queries::facts_of(person.id))?;
    if person.merged_into.is_some() {
        return Err(Problem::refused(
            "This entry was merged before",
            "It points to another entry already. Merge that one instead.",
        ));
    }
    Ok(person)
}

async fn refusal(
    connection: &mut Connection,
    kept: &Person,
    folded: &Person,
) -> Result<Option<&'static str>, Problem> {
    if kept.id == folded.id {
        return Ok(Some("This is the same entry. Choose another one."));
    }
    let (of_kept, of_folded) = (
        facts(connection, kept).await?,
        facts(connection, folded).await?,
    );
    Ok(rule(of_kept, of_folded).err().map(|why| why.sentence()))
}

async fn facts(connection: &mut Connection, person: &Person) -> Result<MergeFacts, Fault> {
    let row = sql(
        "select (select count(*) from post_holding where person = $1 and until_on is null)
              + (select count(*) from post_proposal where person = $1 and decided_at is null) as posts,
                (select count(*) from account where person = $1 and state <> 'disabled') as accounts",
    )
    .bind(person.id.to_string())
    .one(connection)
    .await?;
    Ok(MergeFacts {
        standing: person.standing,
        has_post: row.get::<i64>("posts")? > 0,
        has_account: row.get::<i64>("accounts")? > 0,
    })
}

/// What the entry that is kept lacks and the other has.
fn filled(kept: &Person, folded: &Person) -> Vec<&'static str> {
    [
        (
            "e-mail address",
            kept.email.is_none() && folded.email.is_some(),
        ),
        (
            "telephone",
            kept.telephone.is_none() && folded.telephone.is_some(),
        ),
        (
            "unique pupil number",
            kept.upn.is_none() && folded.upn.is_some(),
        ),
        (
            "date of birth",
            kept.born_on.is_none() && folded.born_on.is_some(),
        ),
    ]
    .into_iter()
    .filter_map(|(what, is)| is.then_some(what))
    .collect()
}

async fn classes_to_copy(
    connection: &mut Connection,
    kept: &Person,
    folded: &Person,
) -> Result<i64, Fault> {
    sql("select count(*) as count from class_member where person = $2 and until_on is null and not exists (
             select 1 from class_member as own where own.person = $1 and own.until_on is null
               and (own.class = class_member.class or (own.part = 'pupil' and class_member.part = 'pupil')))")
    .bind(kept.id.to_string())
    .bind(folded.id.to_string())
    .one(connection)
    .await?
    .get("count")
}

async fn ties_to_copy(
    connection: &mut Connection,
    kept: &Person,
    folded: &Person,
) -> Result<i64, Fault> {
    sql("select count(*) as count from family_tie
         where (adult = $2 and not exists (
                   select 1 from family_tie as own where own.adult = $1 and own.pupil = family_tie.pupil))
            or (pupil = $2 and not exists (
                   select 1 from family_tie as own where own.pupil = $1 and own.adult = family_tie.adult))")
    .bind(kept.id.to_string())
    .bind(folded.id.to_string())
    .one(connection)
    .await?
    .get("count")
}
