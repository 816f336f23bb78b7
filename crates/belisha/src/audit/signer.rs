//! Who signs the journal's checkpoints, and under which name the journal goes.

use belisha_journal::{Origin, Signer};

use crate::problem::Fault;
use crate::school::School;

/// The journal's name. It is made from the school's own random id, so that it stays
/// the same when the school's name or address changes.
pub(crate) fn origin(school: &School) -> Result<Origin, Fault> {
    Origin::new(&format!("belisha/{}", school.settings().id))
        .map_err(|refused| Fault::at("naming the journal".into(), refused))
}

/// The school's signer, from the seed in its key file.
pub(crate) fn signer(school: &School) -> Result<Signer, Fault> {
    Ok(Signer::from_seed(
        origin(school)?,
        *school.key_file.journal_seed().expose(),
    ))
}
