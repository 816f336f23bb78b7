//! Backups: made, encrypted, and proved by restoring them.

mod drill;
mod drill_key;
pub(crate) mod folder;
mod form;
mod list;
pub(crate) mod loading;
mod making;
mod parcel;
mod progress;
mod queries;
pub(crate) mod restoring;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use belisha_policy::Post;
use belisha_rules::backups::{BackupRule, next_scheduled};

use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::jobs::{Again, Duty, Running, Weight};
use crate::notices::{NoticeKind, tell};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::web::route::{Needs, Route, get, post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/backups", Needs::Session, list::get),
        post("/backups", Needs::Session, progress::post),
        get("/backups/progress", Needs::Session, progress::get),
    ]
}

/// The first page.
pub(crate) fn url() -> String {
    "/backups".to_owned()
}

/// How the journal names these acts' actor.
const SYSTEM: &str = "backups";

/// Makes a backup when the policy says, and proves it at once.
pub(crate) static BACKUP: Duty = Duty {
    key: "backup",
    says: "Makes a backup, restores it into a scratch place and compares.",
    again: Again::At(|policy, now| {
        next_scheduled(BackupRule::of(policy), now.timestamp(), now.time_zone())
    }),
    weight: Weight::Heavy,
    run: |school, running| Box::pin(make_and_prove(school, running)),
};

async fn make_and_prove(school: Arc<School>, running: Running) -> Result<(), Fault> {
    let why = if running.was_asked_for().await? {
        "asked"
    } else {
        "nightly"
    };
    let proved = match making::make(&school, &running, why).await {
        Ok(made) => drill::drill(&school, &running, &made).await,
        Err(problem) => Err(problem),
    };
    match proved {
        Ok(_) => {}
        Err(Problem::Fault(fault)) => {
            raise_alarm(&school, "a backup could not be made or proved").await?;
            return Err(fault);
        }
        Err(_) => {
            raise_alarm(&school, "a backup could not be made or proved").await?;
            return Err(Fault::said("a backup was refused".into()));
        }
    }
    folder::tidy(&school).await?;
    running.progress(4, 4, "Done").await
}

/// Writes down that a backup or a check failed, and tells those who must see to it.
pub(crate) async fn raise_alarm(school: &Arc<School>, what: &'static str) -> Result<(), Fault> {
    let raised = async {
        let mut tx = school.write(Actor::School(SYSTEM)).await?;
        let object = Object::new("backup", "alarm");
        tell_those_who_care(&mut tx, &object).await?;
        tx.commit(Entry::of(EntryKind::BackupFailed, object).fact("what", what))
            .await?;
        Ok(())
    };
    raised.await.map_err(|problem: Problem| match problem {
        Problem::Fault(fault) => fault,
        _ => Fault::said("raising an alarm was refused".into()),
    })
}

/// The network manager mends it, the headteacher must know.
async fn tell_those_who_care(tx: &mut Tx, object: &Object) -> Result<(), Problem> {
    let today = tx.today();
    for post in [Post::NetworkManager, Post::Headteacher] {
        for (person, _) in hats::holders(tx, post, today).await? {
            tell(tx, person, NoticeKind::BackupFailed, object, true).await?;
        }
    }
    Ok(())
}

/// When the newest proved backup was made, for the metrics.
pub(crate) async fn newest_proved_at(school: &School) -> Result<Option<jiff::Timestamp>, Fault> {
    sql("select max(made_at) as made_at from backup where verified_at is not null and failed is null")
        .one(&mut school.database.read().await?)
        .await?
        .instant_optional("made_at")
}
