//! Approvals: in the chain's order, by those whose step it is, for exact words.

use belisha_policy::Post;

use super::{approve, draft_with};
use crate::testing::{JUNIOR, on_each_engine};

#[test]
fn a_version_that_leaves_out_a_route_is_not_put_forward() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let route = JUNIOR
            .split("```control incident-route")
            .find(|block| block.contains("about = \"headteacher\""))
            .and_then(|block| block.split("```").next())
            .expect("the route about the headteacher");
        let block = format!("```control incident-route{route}```\n");
        let shown = draft_with(&mut head, &block, "").await;
        shown
            .says("Before it can be put forward")
            .says("about the headteacher");
        assert!(!shown.has_button("Put forward for approval"));
        let refused = head.post(&format!("{}/proposal", shown.path), &[]).await;
        assert_eq!(refused.status, 403);
        refused
            .says("leaves out what every school must decide")
            .says("about the headteacher");
    });
}

#[test]
fn each_body_approves_in_turn_with_a_minute_and_is_told_when_it_is_its_turn() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let mut chair = app
            .signed_in("Chris Chair", &[Post::ChairOfGovernors])
            .await;
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        let shown = draft_with(&mut head, "10 minutes", "5 minutes").await;
        let page = head.submit(&shown, "Put forward for approval", &[]).await;
        page.says("waits for the senior leaders");
        assert_eq!(
            app.count("select count(*) as count from notice where kind = 'policy-to-approve'")
                .await,
            1
        );
        let approval = format!("{}/approval", shown.path);
        assert_eq!(teacher.get(&approval).await.status, 403);
        let early = chair.get(&approval).await;
        assert_eq!(early.status, 403);
        early.says("senior leaders approve this version now");
        let form = head.get(&approval).await;
        let wrong = head
            .submit(
                &form,
                "Record the decision",
                &[("decision", "approved"), ("minute", " ")],
            )
            .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.errors()[0].contains("minute"));
        approve(&mut head, &shown.path, "SLT 9")
            .await
            .says("waits for the governors");
        let done = approve(&mut chair, &shown.path, "FGB 4").await;
        done.says("approved")
            .says("Minute FGB 4")
            .says("Minute SLT 9");
        assert!(chair.get(&approval).await.status == 403, "twice");
        let journal = app.journal().await;
        assert_eq!(
            journal
                .iter()
                .filter(|kind| *kind == "policy.approved")
                .count(),
            2
        );
    });
}

#[test]
fn a_change_of_text_voids_what_was_approved() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        app.signed_in("Chris Chair", &[Post::ChairOfGovernors])
            .await;
        let shown = draft_with(&mut head, "10 minutes", "5 minutes").await;
        let page = head.submit(&shown, "Put forward for approval", &[]).await;
        approve(&mut head, &shown.path, "SLT 9").await;
        let open = head.get(&shown.path).await;
        // Taken back and put forward again unchanged, the approval still stands.
        let back = head.submit(&open, "Take back to change it", &[]).await;
        head.submit(&back, "Put forward for approval", &[])
            .await
            .says("waits for the governors");
        let open = head.get(&page.path).await;
        head.submit(&open, "Take back to change it", &[]).await;
        let editor = head.get(&format!("{}/text", shown.path)).await;
        let text = editor.field("text").replace("5 minutes", "6 minutes");
        let saved = head
            .submit(&editor, "Save the draft", &[("text", text.as_str())])
            .await;
        saved.says("about earlier words and no longer counts");
        head.submit(&saved, "Put forward for approval", &[])
            .await
            .says("waits for the senior leaders");
    });
}

#[test]
fn a_decision_stands_for_the_words_that_were_shown() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let mut other = app.signed_in("Sam Senior", &[Post::SeniorLeader]).await;
        let shown = draft_with(&mut head, "10 minutes", "5 minutes").await;
        head.submit(&shown, "Put forward for approval", &[]).await;
        let form = other.get(&format!("{}/approval", shown.path)).await;
        let open = head.get(&shown.path).await;
        head.submit(&open, "Take back to change it", &[]).await;
        let editor = head.get(&format!("{}/text", shown.path)).await;
        let text = editor.field("text").replace("5 minutes", "15 minutes");
        let saved = head
            .submit(&editor, "Save the draft", &[("text", text.as_str())])
            .await;
        head.submit(&saved, "Put forward for approval", &[]).await;
        let page = other
            .submit(
                &form,
                "Record the decision",
                &[("decision", "approved"), ("minute", "SLT 9")],
            )
            .await;
        assert_eq!(page.status, 403);
        page.says("The words changed while this page was open");
    });
}

#[test]
fn a_refusal_needs_its_reason_and_makes_it_a_draft_again() {
    on_each_engine(JUNIOR, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let mut chair = app
            .signed_in("Chris Chair", &[Post::ChairOfGovernors])
            .await;
        let shown = draft_with(&mut head, "10 minutes", "5 minutes").await;
        head.submit(&shown, "Put forward for approval", &[]).await;
        approve(&mut head, &shown.path, "SLT 9").await;
        let form = chair.get(&format!("{}/approval", shown.path)).await;
        let wrong = chair
            .submit(&form, "Record the decision", &[("decision", "refused")])
            .await;
        assert_eq!(wrong.errors(), ["Say why it is refused."]);
        let none = chair.submit(&form, "Record the decision", &[]).await;
        assert_eq!(none.errors(), ["Choose what was decided."]);
        let page = chair
            .submit(
                &form,
                "Record the decision",
                &[("decision", "refused"), ("reason", "Too short for year 3.")],
            )
            .await;
        page.says("draft")
            .says("Refused for the governors")
            .says("Too short for year 3.");
        assert!(app.journal().await.contains(&"policy.refused".to_owned()));
        // Everybody is asked again, even for the same words.
        let open = head.get(&shown.path).await;
        head.submit(&open, "Put forward for approval", &[])
            .await
            .says("waits for the senior leaders");
    });
}
