//! How a viewer stands to the people in cases: their own ids, and the ids whose
//! cases they may not know of because they are, or are close to, the subject.

use std::collections::BTreeSet;

use belisha_rules::ids::{Id, PersonId};

use crate::db::Connection;
use crate::incidents::routing::close_to;
use crate::people::hats;
use crate::problem::Fault;
use crate::viewer::Viewer;

/// Ids as one text, 36 letters each and a space between, for statements that take
/// them apart: a list of any length is one parameter.
pub(super) struct Standing {
    pub(super) own: String,
    pub(super) barred: String,
}

pub(super) async fn of(connection: &mut Connection, viewer: &Viewer) -> Result<Standing, Fault> {
    let mut own: BTreeSet<PersonId> = BTreeSet::from([viewer.person]);
    if let Some(identity) = viewer.access.identity() {
        own.extend(identity.aliases.iter().copied());
    }
    let mut barred = own.clone();
    for near in close_to(connection, &[viewer.person]).await? {
        let identity = hats::identity(connection, near).await?;
        barred.insert(identity.person);
        barred.extend(identity.aliases);
    }
    Ok(Standing {
        own: joined(&own),
        barred: joined(&barred),
    })
}

/// Ids as one text.
pub(super) fn joined<'i, Of: 'i>(ids: impl IntoIterator<Item = &'i Id<Of>>) -> String {
    ids.into_iter()
        .map(Id::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}
