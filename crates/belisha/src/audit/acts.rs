//! `docs/acts.md`, derived from the kinds of entry; a test compares.

use belisha_policy::Word as _;

use crate::entries::EntryKind;

/// The page: every kind of entry with the sentence that readers see.
fn page() -> String {
    let mut page = String::from(
        "# Acts\n\n\
         Every act leaves one entry in the journal. This list is derived from the code: \
         `UPDATE=1 cargo test the_list_of_acts` rewrites it.\n\n\
         A line reads \"Ann Lee *sentence*\". Facts beside it are numbers, dates and words of ours; \
         what people wrote is never in them.\n\n\
         | Entry | Sentence |\n|---|---|\n",
    );
    for kind in EntryKind::all() {
        page.push_str(&format!("| `{}` | {} |\n", kind.key(), kind.name()));
    }
    page
}

#[cfg(test)]
mod tests {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/acts.md");

    #[test]
    fn the_list_of_acts_is_the_one_in_the_documents() {
        let page = super::page();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(FILE, &page).expect("the file");
        }
        let kept = std::fs::read_to_string(FILE).unwrap_or_default();
        assert_eq!(
            kept, page,
            "run UPDATE=1 cargo test the_list_of_acts and look at what changed"
        );
    }
}
