//! An old key leaves the key file, once nothing lies under it. Backups carry a key file of their own, so
//! older ones still restore.

use std::sync::Arc;

use belisha_vault::KeyId;

use super::CONSOLE;
use super::rewrapping::{Kept, Which};
use crate::actor::Actor;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::school::School;

/// Takes the old key out whose printed name this is.
pub(crate) async fn retire(school: &Arc<School>, name: &str) -> Result<KeyId, Problem> {
    let tx = school.write(Actor::School(CONSOLE)).await?;
    let fault = |problem| Fault::at("replacing the key file".into(), problem);
    let file = school.key_file.read().map_err(fault)?;
    if file.keys().current_id().to_string() == name {
        return Err(Problem::refused(
            "This is the current key",
            format!("key {name} is the current one. Make a new key first: belisha keys rotate."),
        ));
    }
    let old = file.keys().old_ids();
    let Some(key) = old.into_iter().find(|key| key.to_string() == name) else {
        return Err(Problem::refused(
            "No such key",
            format!(
                "the key file holds no old key {name}. “belisha keys show” lists them. Nothing was changed."
            ),
        ));
    };
    let mut connection = school.database.read().await?;
    for kind in Kept::ALL {
        let under = kind.count(&mut connection, Which::Under(key)).await?;
        if under > 0 {
            return Err(Problem::refused(
                "The key is in use",
                format!(
                    "{under} {} still lie under key {name}. Wrap them anew first: belisha keys rotate.",
                    kind.in_words()
                ),
            ));
        }
    }
    drop(connection);
    // While the writer's turn is held, so that a rotation elsewhere is not written over.
    file.retire(key)
        .map_err(|refused| Fault::at("replacing the key file".into(), refused))?;
    tx.commit(Entry::of(
        EntryKind::KeysRetired,
        Object::new("school-key", key),
    ))
    .await?;
    Ok(key)
}
