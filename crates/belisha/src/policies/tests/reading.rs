//! The policy in force, as people read it.

use belisha_policy::Post;

use crate::testing::{JUNIOR, PRIMARY, on_each_engine};

#[test]
fn anybody_with_an_account_reads_the_words_and_sentences_without_blocks() {
    on_each_engine(JUNIOR, async |app| {
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        let page = teacher.get("/policy").await;
        assert_eq!(page.status, 200);
        assert_eq!(page.heading(), "Online safety policy");
        page.says("1, in force since 23 September 2026")
            .says("Next review by")
            .says("Lock the screen or log off when you walk away.")
            .says("The screen locks after 10 minutes");
        assert!(!page.html().contains("```"), "no block is shown");
        assert!(!page.text().contains("after = "), "no setting is shown");
        assert!(page.has_link("How clause"));
        // Numbers are for those who answer for the school.
        assert!(!page.has_link("Assurance"));
        assert_eq!(teacher.get("/assurance").await.status, 403);
    });
}

#[test]
fn the_help_page_is_the_catalogue() {
    on_each_engine(PRIMARY, async |app| {
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        let page = teacher.get("/policy/controls").await;
        for control in belisha_policy::catalogue() {
            page.says(control.title);
            for param in control.params {
                page.says(param.about());
            }
        }
        page.says("By default: The screen locks after");
    });
}

#[test]
fn the_chair_sees_assurance_beside_the_policy() {
    on_each_engine(JUNIOR, async |app| {
        let mut chair = app
            .signed_in("Chris Chair", &[Post::ChairOfGovernors])
            .await;
        let page = chair.get("/policy").await;
        assert!(page.has_link("Assurance") && page.has_link("Versions"));
    });
}
