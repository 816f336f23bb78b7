//! Where the backups of a school lie on this server, and which of them may go. Copies
//! elsewhere are the operator's: what is on this server must not be able to reach them.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use belisha_rules::backups::{Kept, may_delete};

use crate::db::sql;
use crate::problem::Fault;
use crate::school::School;

/// The folder of a school's backups.
pub(crate) fn of(school: &School) -> PathBuf {
    school
        .backups
        .clone()
        .unwrap_or_else(|| school.data.join("backups"))
}

/// The same, made where it is not there yet, for this user alone.
pub(crate) fn made(school: &School) -> Result<PathBuf, Fault> {
    let folder = of(school);
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(|error| {
            Fault::at(
                format!("making the folder of backups {}", folder.display()),
                error,
            )
        })?;
    Ok(folder)
}

/// Deletes the files that the rule on keeping lets go. Their rows stay: what was made and
/// proved is history.
pub(crate) async fn tidy(school: &School) -> Result<(), Fault> {
    let folder = of(school);
    let mut files = Vec::new();
    for row in sql("select file_name, made_at, verified_at, failed from backup order by made_at")
        .all(&mut school.database.read().await?)
        .await?
    {
        let path = folder.join(row.get::<String>("file_name")?);
        if path.exists() {
            let kept = Kept {
                made_at: row.instant("made_at")?,
                proved: row.instant_optional("verified_at")?.is_some()
                    && row.get::<Option<String>>("failed")?.is_none(),
            };
            files.push((path, kept));
        }
    }
    let kept: Vec<Kept> = files.iter().map(|(_, kept)| *kept).collect();
    let zone = school.settings().time_zone.clone();
    for at in may_delete(&kept, school.clock.now(), &zone) {
        std::fs::remove_file(&files[at].0)
            .map_err(|error| Fault::at("deleting an old backup".into(), error))?;
    }
    Ok(())
}
