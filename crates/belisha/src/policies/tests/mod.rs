//! The policy as people meet it: adopted, read, changed, approved, in force, kept.

mod adoption;
mod approvals;
mod assurance;
mod attestation;
mod clause;
mod commencement;
mod draft;
mod idle_lock;
mod reading;
mod rows;

use crate::testing::{Client, Page};

/// A draft of the version in force with `before` replaced by `after`; its page.
pub(crate) async fn draft_with(client: &mut Client, before: &str, after: &str) -> Page {
    let list = client.get("/policy/versions").await;
    let shown = client
        .submit(&list, "Begin a draft from the version in force", &[])
        .await;
    let editor = client.get(&format!("{}/text", shown.path)).await;
    let text = editor.field("text").replace(before, after);
    client
        .submit(&editor, "Save the draft", &[("text", text.as_str())])
        .await
}

/// Records an approval of the version whose page this is.
pub(crate) async fn approve(client: &mut Client, version: &str, minute: &str) -> Page {
    let page = client.get(&format!("{version}/approval")).await;
    client
        .submit(
            &page,
            "Record the decision",
            &[("decision", "approved"), ("minute", minute)],
        )
        .await
}
