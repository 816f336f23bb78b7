//! Versions of the policy: drafted, put forward, approved step by step, in force from
//! a day, superseded. Rows say what happened; the rules say where a version stands.

use sha2::{Digest as _, Sha256};

/// What exactly was put to those who approve: a mark of the text and of its revision,
/// so that any change voids the approvals that were given before it.
pub(super) fn fingerprint(text: &str, revision: i64) -> String {
    let hash = Sha256::new()
        .chain_update(format!("belisha policy {revision}\n"))
        .chain_update(text)
        .finalize();
    data_encoding::HEXLOWER.encode(&hash)
}
