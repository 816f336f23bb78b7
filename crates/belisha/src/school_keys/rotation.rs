//! A new key for the school, while it goes on working. The key file gets a new current key and keeps the
//! old one; then everything under the old one is wrapped anew, batch by batch, each an act. Killed
//! anywhere, it is called again and goes on.

use std::sync::Arc;

use belisha_vault::KeyId;

use super::CONSOLE;
use super::rewrapping::{Kept, Which};
use crate::actor::Actor;
use crate::clock::ForVault;
use crate::db::Connection;
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::school::School;

/// A rotation under way.
pub(crate) struct Rotation {
    school: Arc<School>,
    pub(crate) key: KeyId,
    /// Whether the key was made now, or an unfinished rotation goes on.
    pub(crate) is_new: bool,
    kinds: std::vec::IntoIter<Kept>,
    kind: Option<Kept>,
    after: String,
}

/// One step of a rotation, for whoever watches.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) kind: Kept,
    pub(crate) rewrapped: u64,
    pub(crate) refused: Vec<String>,
}

/// Makes a new key, or goes on where a rotation was left.
pub(crate) async fn begin(school: &Arc<School>) -> Result<Rotation, Problem> {
    // The writer's turn is held while the file is replaced, so that two consoles make one key after the
    // other and neither loses the other's.
    let tx = school.write(Actor::School(CONSOLE)).await?;
    let fault = |problem| Fault::at("replacing the key file".into(), problem);
    let file = school.key_file.read().map_err(fault)?;
    let old = file.keys().current_id();
    let is_new = left(&mut school.database.read().await?, old).await? == 0;
    let key = if is_new {
        let file = file.rotate(&mut ForVault(&*school.chance)).map_err(fault)?;
        let key = file.keys().current_id();
        // The file first: a key that nobody uses does no harm, an entry about a key that is not there does.
        tx.commit(
            Entry::of(EntryKind::KeysRotated, Object::new("school-key", key)).fact("before", old),
        )
        .await?;
        key
    } else {
        drop(tx);
        old
    };
    Ok(Rotation {
        school: Arc::clone(school),
        key,
        is_new,
        kinds: Kept::ALL.to_vec().into_iter(),
        kind: None,
        after: String::new(),
    })
}

impl Rotation {
    /// Wraps the next batch anew; none when all is done.
    pub(crate) async fn step(&mut self) -> Result<Option<Step>, Problem> {
        loop {
            let kind = match self.kind {
                Some(kind) => kind,
                None => match self.kinds.next() {
                    Some(kind) => {
                        self.after.clear();
                        *self.kind.insert(kind)
                    }
                    None => return Ok(None),
                },
            };
            let mut tx = self.school.write(Actor::School(CONSOLE)).await?;
            let batch = kind.rewrap(&mut tx, &self.after).await?;
            let Some(last) = batch.last else {
                self.kind = None;
                continue;
            };
            self.after = last;
            if batch.rewrapped > 0 {
                tx.commit(
                    Entry::of(
                        EntryKind::KeysRewrapped,
                        Object::new("school-key", self.key),
                    )
                    .fact("what", kind.key())
                    .fact("count", batch.rewrapped),
                )
                .await?;
            }
            return Ok(Some(Step {
                kind,
                rewrapped: batch.rewrapped,
                refused: batch.refused,
            }));
        }
    }
}

/// How much does not lie under this key.
pub(crate) async fn left(connection: &mut Connection, key: KeyId) -> Result<i64, Fault> {
    let mut left = 0;
    for kind in Kept::ALL {
        left += kind.count(connection, Which::NotUnder(key)).await?;
    }
    Ok(left)
}
