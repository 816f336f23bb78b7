//! Carrying an import out, in the background: the whole file in one transaction with
//! one journal entry, so that a file is imported or is not.

use std::collections::HashMap;
use std::sync::Arc;

use belisha_policy::Word as _;

use super::plan::{Decision, Fate, Plan, Whom, plan};
use super::reading::Particulars;
use super::register::Register;
use super::{Import, find};
use crate::actor::{Actor, Factor};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs::{Again, Duty, Running, Weight};
use crate::notices::{self, NoticeKind};
use crate::people::queries::sort_name;
use crate::people::{class, classes, families};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;

/// The duty's name in the queue.
pub(crate) const KEY: &str = "people-import";

/// What the page says while the file is read, and while its rows are written.
const READING: &str = "Comparing the file with the register";
const WRITING: &str = "Writing the rows";

/// After how many rows the page hears of it.
const TELL_EVERY: i64 = 20;

/// Leavers are rows of the result too, and stand on no line of the file.
pub(super) const BEYOND_THE_FILE: i64 = 1_000_000_000;

/// Imports what was confirmed.
pub(crate) static DUTY: Duty = Duty {
    key: KEY,
    says: "Imports people from a file that was confirmed",
    again: Again::OnDemand,
    weight: Weight::Light,
    run: |school, running| Box::pin(run(school, running)),
};

async fn run(school: Arc<School>, running: Running) -> Result<(), Fault> {
    let waiting =
        sql("select id from person_import where state = 'running' order by started_at, id")
            .all(&mut school.database.read().await?)
            .await?;
    for row in waiting {
        let id: String = row.get("id")?;
        import(&school, &running, &id)
            .await
            .map_err(|problem| match problem {
                Problem::Fault(fault) => fault,
                Problem::Fields(_) | Problem::Refused(_) | Problem::NotFound | Problem::GoTo(_) => {
                    Fault::said(format!("the import {id} was refused: {problem:?}"))
                }
            })?;
    }
    Ok(())
}

async fn import(school: &Arc<School>, running: &Running, id: &str) -> Result<(), Problem> {
    let Some(import) = find(&mut school.database.read().await?, id).await? else {
        return Ok(());
    };
    let (table, total) = (import.table(school)?, import.rows_total);
    running.progress(0, total, READING).await?;
    let mut tx = school.write(importer(&import)).await?;
    let Some(import) = find(&mut tx, id).await? else {
        return Ok(());
    };
    if import.state != super::ImportState::Running {
        return Ok(());
    }
    let register = Register::load(&mut tx).await?;
    let decided = plan(
        import.kind,
        &table,
        &import.confirmed.mapping(),
        &register,
        tx.today(),
    );
    running.meanwhile(0, total, WRITING);
    let left = write(&mut tx, running, &import, &decided, &register).await?;
    let now = tx.now();
    tx.run_one(
        sql("update person_import set state = 'done', rows_done = rows_total, finished_at = $2, sealed_file = null
             where id = $1 and state = 'running'")
        .bind(id)
        .bind(now),
    )
    .await?;
    let object = Object::new("person-import", id);
    if let Some(person) = tx.actor().person() {
        notices::tell(&mut tx, person, NoticeKind::PeopleImported, &object, false).await?;
    }
    let entry = Entry::of(EntryKind::PeopleImported, object)
        .fact("kind", import.kind.key())
        .fact("added", decided.count(Fate::Added))
        .fact("changed", decided.count(Fate::Changed))
        .fact("unchanged", decided.count(Fate::Unchanged))
        .fact("refused", decided.count(Fate::Refused))
        .fact("left", left);
    tx.commit(entry).await?;
    running.progress(total, total, "Done").await?;
    Ok(())
}

/// The person who imports: the import is their act, done for them.
fn importer(import: &Import) -> Actor {
    let person = import
        .started_by
        .strip_prefix("person:")
        .and_then(|id| id.parse().ok());
    match person {
        Some(person) => Actor::Person {
            person,
            session: None,
            factor: Factor::None,
        },
        None => Actor::School(KEY),
    }
}

/// Writes everything that was decided, and says how far it is; how many have left. Nothing counts until
/// the whole is committed.
async fn write(
    tx: &mut Tx,
    running: &Running,
    import: &Import,
    decided: &Plan,
    register: &Register,
) -> Result<usize, Problem> {
    let ids: Vec<String> = decided
        .added
        .iter()
        .map(|_| tx.new_id::<belisha_rules::ids::of::Person>().to_string())
        .collect();
    for (added, id) in decided.added.iter().zip(&ids) {
        let standing = added.standing.key();
        add(tx, id, standing, &added.particulars).await?;
    }
    let mut of_class: HashMap<String, String> = register
        .classes
        .iter()
        .map(|(name, id)| (name.clone(), id.clone()))
        .collect();
    for (name, year_group) in &decided.classes {
        let id = tx.school().new_row_id();
        // One entry stands for the whole import, so this one is not written.
        classes::add(tx, &id, name, year_group).await?;
        of_class.insert(name.to_lowercase(), id);
    }
    for (decision, number) in decided.decisions.iter().zip(1..) {
        let whom = decision.whom.as_ref().map(|whom| match whom {
            Whom::Known(id) => id.as_str(),
            Whom::New(place) => ids[*place].as_str(),
        });
        if let Some(whom) = whom {
            carry_out(tx, decision, whom, &of_class).await?;
        }
        tell_fate(
            tx,
            &import.id,
            decision.line,
            decision.fate,
            whom,
            &decision.says,
        )
        .await?;
        if number % TELL_EVERY == 0 {
            running.meanwhile(number, import.rows_total, WRITING);
        }
    }
    leave(tx, import, decided).await
}

async fn carry_out(
    tx: &mut Tx,
    decision: &Decision,
    whom: &str,
    of_class: &HashMap<String, String>,
) -> Result<(), Problem> {
    if let Some(to) = &decision.change {
        change(tx, whom, to).await?;
    }
    if let Some(class) = decision
        .class
        .as_ref()
        .and_then(|name| of_class.get(&name.to_lowercase()))
    {
        class::put(tx, class, whom, "pupil").await?;
    }
    if let Some(decided) = &decision.tie {
        let tie = families::Tie {
            relation: &decided.tie.relation,
            household: &decided.tie.household,
            responsibility: decided.tie.responsibility,
            may_be_contacted: decided.tie.may_be_contacted,
            priority: decided.tie.priority,
        };
        families::put(tx, &decided.pupil, whom, &tie).await?;
    }
    Ok(())
}

async fn add(
    tx: &mut Tx,
    id: &str,
    standing: &'static str,
    to: &Particulars,
) -> Result<(), Problem> {
    let starts_on = to.starts_on.unwrap_or(tx.today());
    tx.run_one(
        sql(
            "insert into person (id, name, sort_name, standing, job_title, email, telephone, upn,
                                 born_on, starts_on, ends_on, merged_into)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, null)",
        )
        .bind(id)
        .bind(&to.name)
        .bind(sort_name(&to.name))
        .bind(standing)
        .bind(to.job_title.clone().unwrap_or_default())
        .bind(to.email.clone())
        .bind(to.telephone.clone())
        .bind(to.upn.clone())
        .bind(to.born_on)
        .bind(starts_on)
        .bind(to.ends_on),
    )
    .await
}

async fn change(tx: &mut Tx, id: &str, to: &Particulars) -> Result<(), Problem> {
    tx.run_one(
        sql("update person set name = $2, sort_name = $3, job_title = $4, email = $5, telephone = $6, upn = $7,
                    born_on = $8, starts_on = coalesce($9, starts_on), ends_on = $10
             where id = $1 and merged_into is null")
        .bind(id)
        .bind(&to.name)
        .bind(sort_name(&to.name))
        .bind(to.job_title.clone().unwrap_or_default())
        .bind(to.email.clone())
        .bind(to.telephone.clone())
        .bind(to.upn.clone())
        .bind(to.born_on)
        .bind(to.starts_on)
        .bind(to.ends_on),
    )
    .await
}

/// Gives those who were ticked their last day, if they are still missing from the file.
async fn leave(tx: &mut Tx, import: &Import, decided: &Plan) -> Result<usize, Problem> {
    let Some(day) = import.confirmed.left_on else {
        return Ok(0);
    };
    let mut left = 0;
    for id in &import.confirmed.leavers {
        let Some(missing) = decided.missing.iter().find(|missing| missing.id == *id) else {
            continue;
        };
        let set = tx
            .run(
                // Somebody imported after they had left began no later than they left.
                sql("update person set ends_on = $2, starts_on = case when starts_on > $2 then $2 else starts_on end
                     where id = $1 and merged_into is null")
                    .bind(id)
                    .bind(day),
            )
            .await?;
        let says = format!(
            "{} left on {}.",
            missing.name,
            crate::people::dates::in_words(day)
        );
        if set == 1 {
            let line = BEYOND_THE_FILE + i64::try_from(left).unwrap_or(0);
            tell_fate(tx, &import.id, line, Fate::Left, Some(id), &says).await?;
            left += 1;
        }
    }
    Ok(left)
}

async fn tell_fate(
    tx: &mut Tx,
    import: &str,
    line: i64,
    fate: Fate,
    person: Option<&str>,
    says: &str,
) -> Result<(), Problem> {
    tx.run_one(
        sql("insert into person_import_row (import, line, fate, person, says) values ($1, $2, $3, $4, $5)")
            .bind(import)
            .bind(line)
            .bind(fate.key())
            .bind(person)
            .bind(says),
    )
    .await
}
