//! Drafts: begun, changed as text and by form, kept from faults and from each other.

use belisha_policy::Post;

use super::draft_with;
use crate::testing::{JUNIOR, on_each_engine};

#[test]
fn a_draft_is_begun_once_by_those_who_may_and_by_nobody_else() {
    on_each_engine(JUNIOR, async |app| {
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        let list = teacher.get("/policy/versions").await;
        assert!(!list.has_button("Begin a draft from the version in force"));
        let page = teacher
            .post("/policy/versions", &[("submission", "s")])
            .await;
        assert_eq!(page.status, 403);
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let list = head.get("/policy/versions").await;
        let first = head
            .submit(&list, "Begin a draft from the version in force", &[])
            .await;
        let second = head
            .submit(&list, "Begin a draft from the version in force", &[])
            .await;
        assert_eq!(first.path, second.path);
        first.says("Version 2 of the policy").says("draft");
        assert_eq!(
            app.count("select count(*) as count from policy_version")
                .await,
            2
        );
        assert!(app.journal().await.contains(&"policy.drafted".to_owned()));
    });
}

#[test]
fn faults_are_shown_with_their_place_and_nothing_typed_is_lost() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let page = draft_with(&mut head, "control idle-lock", "control idel-lock").await;
        assert_eq!(page.status, 422);
        let errors = page.errors().join("\n");
        let line = JUNIOR
            .lines()
            .position(|line| line == "```control idle-lock")
            .expect("the block")
            + 1;
        assert!(errors.contains(&format!("Line {line}, column")), "{errors}");
        assert!(errors.contains("Did you mean “idle-lock”?"), "{errors}");
        assert!(page.field("text").contains("control idel-lock"));
        // Mended on the same page, it is saved.
        let mended = page
            .field("text")
            .replace("idel-lock", "idle-lock")
            .replace("10 minutes", "7 minutes");
        let saved = head
            .submit(&page, "Save the draft", &[("text", mended.as_str())])
            .await;
        saved.says("The screen locks after 7 minutes");
    });
}

#[test]
fn two_editors_lose_nothing() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let mut lead = app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await;
        let shown = draft_with(&mut head, "10 minutes", "9 minutes").await;
        let editor = format!("{}/text", shown.path);
        let (hers, his) = (head.get(&editor).await, lead.get(&editor).await);
        let first = hers.field("text").replace("9 minutes", "8 minutes");
        head.submit(&hers, "Save the draft", &[("text", first.as_str())])
            .await;
        let second = his.field("text").replace("9 minutes", "6 minutes");
        let page = lead
            .submit(&his, "Save the draft", &[("text", second.as_str())])
            .await;
        assert_eq!(page.status, 422);
        page.says("Somebody else saved this draft")
            .says("after = \"8 minutes\"")
            .says("after = \"6 minutes\"");
        assert!(page.field("text").contains("6 minutes"));
        head.get(&shown.path).await.says("after 8 minutes");
        // Saved again knowingly, it takes the place.
        lead.submit(&page, "Save the draft", &[])
            .await
            .says("after 6 minutes");
    });
}

#[test]
fn a_control_is_changed_by_its_form_and_only_its_block_is_rewritten() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let shown = draft_with(&mut head, "nothing", "nothing").await;
        let before = head
            .get(&format!("{}/text", shown.path))
            .await
            .field("text");
        let form = head.get(&shown.link("Change idle lock")).await;
        assert_eq!(form.field("after"), "10 minutes");
        let wrong = head
            .submit(&form, "Save into the draft", &[("after", "5 weeks")])
            .await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.field("after"), "5 weeks");
        assert!(
            wrong.errors()[0].contains("minutes"),
            "{:?}",
            wrong.errors()
        );
        let saved = head
            .submit(&wrong, "Save into the draft", &[("after", "5 minutes")])
            .await;
        saved.says("The screen locks after 5 minutes");
        let after = head
            .get(&format!("{}/text", shown.path))
            .await
            .field("text");
        assert_eq!(
            after,
            before.replace("after = \"10 minutes\"", "after = \"5 minutes\"")
        );
        // A form made before somebody else saved says so and keeps what was typed.
        let late = head
            .submit(&form, "Save into the draft", &[("after", "4 minutes")])
            .await;
        assert_eq!(late.status, 422);
        assert_eq!(late.field("after"), "4 minutes");
        late.says("Somebody else saved this draft")
            .says("after 5 minutes");
    });
}

#[test]
fn a_list_keeps_its_order_through_the_form() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let shown = draft_with(&mut head, "nothing", "nothing").await;
        let form = head.get(&shown.link("Change approval of the policy")).await;
        let fields = [("by", "governors"), ("by", "senior-leaders"), ("by", "")];
        let saved = head.submit(&form, "Save into the draft", &fields).await;
        saved.says("when the governors and the senior leaders have approved it");
    });
}

#[test]
fn the_version_in_force_is_not_edited() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let list = head.get("/policy/versions").await;
        let version = list.link("Version 1");
        let page = head.get(&format!("{version}/text")).await;
        assert_eq!(page.status, 403);
        page.says("no longer a draft");
        head.get("/policy/versions/not-an-id")
            .await
            .says("There is nothing here");
    });
}
