//! The lists as the program keeps them: what was decided reaches the compiler, the index is made anew where
//! that changes it, and what is held is told to those who manage the filter.

use std::collections::BTreeSet;
use std::sync::Arc;

use belisha_filter::compile::{Compile, compile};
use belisha_filter::decided::{Standing, decide, decisions};
use belisha_filter::lists::{Kind, Limits};
use belisha_policy::controls::filter_changes;
use jiff::{SignedDuration, Timestamp};

use super::stored;
use crate::actor::Actor;
use crate::clock::random;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::lists::index_file;
use crate::jobs::{Again, Duty, Weight, or_next_time};
use crate::notices::{self, NoticeKind};
use crate::people::hats::holders;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;

const NAME: &str = "filter-lists";

pub(crate) static LISTS: Duty = Duty {
    key: NAME,
    says: "Carries out what was decided about lists, writes down how they stand, and tells of those that are held.",
    again: Again::Every(SignedDuration::from_mins(15)),
    weight: Weight::Heavy,
    run: |school, _| Box::pin(async move { run(&school).await }),
};

pub(in crate::filter) async fn run(school: &Arc<School>) -> Result<(), Fault> {
    or_next_time(done(school).await)
}

async fn done(school: &Arc<School>) -> Result<(), Problem> {
    let decided = stored::decisions(&mut school.database.read().await?).await?;
    let decided = stored::for_the_compiler(decided);
    let out = index_file(school);
    let fault = |error: std::io::Error| {
        Fault::at("carrying out what was decided about lists".into(), error)
    };
    if decisions(&out).map_err(fault)? != decided {
        decide(&out, &decided).map_err(fault)?;
        make(school).await?;
    }
    let Some(standing) = stored::stood(school) else {
        return Ok(());
    };
    write_down(school, &standing).await
}

/// Makes the index anew, aside.
async fn make(school: &Arc<School>) -> Result<(), Problem> {
    let lists = stored::folder(school);
    if !lists.is_dir() {
        return Ok(());
    }
    let (out, key) = (index_file(school), random(&*school.chance));
    let built_at = school.clock.now().as_second();
    let work = move || {
        compile(&Compile {
            lists: &lists,
            out: &out,
            key,
            built_at,
            limits: Limits::default(),
            accept: BTreeSet::new(),
        })
    };
    let fault = |error| Fault::at("making the index of the lists anew".into(), error);
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Fault::at("making the index of the lists anew".into(), error))?
        .map_err(fault)?;
    Ok(())
}

/// Keeps how the lists stand, where that has changed, and tells of those that are held.
async fn write_down(school: &Arc<School>, standing: &Standing) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let held: Vec<String> = standing
        .lists
        .iter()
        .filter(|list| list.held.is_some())
        .map(|list| format!("{}={}", list.name, list.found))
        .collect();
    let illegal = standing
        .lists
        .iter()
        .filter(|list| list.kind == Kind::Illegal)
        .count();
    let mark = belisha_journal::Hash::of_payload(held.join("\n").as_bytes()).to_string();
    let refreshed = standing
        .refreshed_at
        .and_then(|at| Timestamp::from_second(at).ok());
    let compiled = Timestamp::from_second(standing.compiled_at).unwrap_or_default();
    let before = sql("select compiled_at, refreshed_at, mark from filter_refresh
         order by seen_at desc, id desc limit 1")
    .optional(&mut tx)
    .await?;
    if let Some(before) = &before
        && before.instant("compiled_at")? == compiled
        && before.instant_optional("refreshed_at")? == refreshed
        && before.get::<String>("mark")? == mark
    {
        return Ok(());
    }
    let told = before
        .map(|before| before.get::<String>("mark"))
        .transpose()?;
    let (id, now) = (tx.school().new_row_id(), tx.now());
    tx.run_one(
        sql("insert into filter_refresh (id, seen_at, compiled_at, refreshed_at, lists, held, illegal, mark)
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(id)
        .bind(now)
        .bind(compiled)
        .bind(refreshed)
        .bind(standing.lists.len() as i64)
        .bind(held.len() as i64)
        .bind(illegal as i64)
        .bind(&mark),
    )
    .await?;
    if !held.is_empty() && told.as_ref() != Some(&mark) {
        tell(&mut tx, school).await?;
    }
    if held.is_empty() {
        notices::settled_for_all(&mut tx, NoticeKind::FilterListHeld, &object()).await?;
    }
    let entry = Entry::of(EntryKind::FilterListsSeen, object())
        .fact("lists", standing.lists.len())
        .fact("held", held.len());
    tx.commit(entry).await?;
    Ok(())
}

fn object() -> Object {
    Object::new("filter-list", "all")
}

/// Tells those who manage the filter.
async fn tell(tx: &mut Tx, school: &School) -> Result<(), Problem> {
    let managers = school
        .in_force(tx)
        .await?
        .policy
        .get(&filter_changes::MANAGERS);
    let today = tx.today();
    for post in managers {
        for (person, _) in holders(tx, post, today).await? {
            notices::tell(tx, person, NoticeKind::FilterListHeld, &object(), false).await?;
        }
    }
    Ok(())
}
