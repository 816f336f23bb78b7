//! The drill: the newest backup is restored into a scratch place on this server, opened,
//! its journal verified and its rows counted. Only then does it count as a backup.

use std::sync::Arc;

use belisha_rules::backups::{Drill, prove};

use super::making::Made;
use super::{SYSTEM, drill_key, loading, parcel};
use crate::actor::Actor;
use crate::audit::walk::{Ending, check};
use crate::db::{Place, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs::Running;
use crate::problem::{Fault, Problem};
use crate::school::School;

/// Drills a backup and writes down what came of it; whether it is proved good.
pub(crate) async fn drill(
    school: &Arc<School>,
    running: &Running,
    made: &Made,
) -> Result<bool, Problem> {
    let began = school.clock.steady_ms();
    running
        .progress(2, 4, "Restoring it into a scratch place")
        .await?;
    let scratch = school.data.join(format!(".drill-{}", made.id));
    std::fs::create_dir_all(&scratch)
        .map_err(|error| Fault::at("making a scratch place".into(), error))?;
    let found = restore_and_look(school, running, made, &scratch).await;
    std::fs::remove_dir_all(&scratch)
        .map_err(|error| Fault::at("clearing the scratch place".into(), error))?;
    let says = match prove(&found?) {
        Ok(()) => None,
        Err(faults) => Some(
            faults
                .iter()
                .map(belisha_rules::backups::DrillFault::sentence)
                .collect::<Vec<_>>()
                .join(" "),
        ),
    };
    let took_ms = i64::try_from(school.clock.steady_ms().saturating_sub(began)).unwrap_or(i64::MAX);

    let mut tx = school.write(Actor::School(SYSTEM)).await?;
    let now = tx.now();
    let passed = says.is_none();
    tx.run_one(
        sql(
            "insert into backup_drill (id, backup, drilled_at, took_ms, passed, says)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(school.new_row_id())
        .bind(made.id.to_string())
        .bind(now)
        .bind(took_ms)
        .bind(passed)
        .bind(says.clone().unwrap_or_default()),
    )
    .await?;
    tx.run_one(
        sql("update backup set verified_at = $2, failed = $3 where id = $1")
            .bind(made.id.to_string())
            .bind(passed.then_some(now))
            .bind(says),
    )
    .await?;
    let object = Object::new("backup", made.id);
    if !passed {
        super::tell_those_who_care(&mut tx, &object).await?;
    }
    let entry = Entry::of(EntryKind::BackupDrilled, object)
        .fact("passed", if passed { "yes" } else { "no" })
        .fact("took-ms", took_ms);
    tx.commit(entry).await?;
    Ok(passed)
}

async fn restore_and_look(
    school: &Arc<School>,
    running: &Running,
    made: &Made,
    scratch: &std::path::Path,
) -> Result<Drill, Fault> {
    let mut drill = Drill {
        decrypted: false,
        opened: false,
        journal_verified: false,
        counts: Vec::new(),
    };
    let unchanged = parcel::sha256_of(&made.path).is_ok_and(|hash| hash == made.sha256);
    if !unchanged {
        return Ok(drill);
    }
    let Ok(heading) = loading::heading(&made.path, drill_key::of(school)?).await else {
        return Ok(drill);
    };
    drill.decrypted = true;
    let place = Place::File(scratch.join("belisha.db"));
    let loaded = match loading::load(&made.path, drill_key::of(school)?, &place).await {
        Ok(loaded) => loaded,
        Err(refused) => {
            tracing::error!(%refused, "a drill could not load its backup");
            return Ok(drill);
        }
    };
    drill.opened = true;
    running.progress(3, 4, "Checking what was restored").await?;
    let key = crate::audit::signer::signer(school)?.verifier_key();
    let checked = check(
        &mut loaded.database.read().await?,
        &key,
        &[],
        Ending::Note(&heading.checkpoint),
    )
    .await?;
    drill.journal_verified = checked.is_sound();
    for (table, made) in &made.counts {
        let restored = loaded.put.get(table).copied().unwrap_or(0);
        drill.counts.push((table.clone(), *made, restored));
    }
    loaded.database.close().await;
    Ok(drill)
}
