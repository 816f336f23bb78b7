//! One setting, whole: changed in a draft, seen in the difference, approved, in force,
//! and obeyed by the sessions that are open.

use belisha_policy::Post;

use super::{approve, draft_with};
use crate::testing::{PRIMARY, on_each_engine};

#[test]
fn a_shorter_idle_lock_is_approved_and_sessions_obey_it() {
    on_each_engine(PRIMARY, async |app| {
        let mut head = app.signed_in("Hana Head", &[Post::Headteacher]).await;
        let mut chair = app
            .signed_in("Chris Chair", &[Post::ChairOfGovernors])
            .await;
        let mut teacher = app.signed_in("Tom Teacher", &[]).await;
        let shown = draft_with(&mut head, "after = \"10 minutes\"", "after = \"5 minutes\"").await;
        let difference = head.get(&shown.link("See what it changes")).await;
        difference
            .says("10 minutes → 5 minutes")
            .says("The screen locks after 10 minutes")
            .says("The screen locks after 5 minutes");
        head.submit(&shown, "Put forward for approval", &[]).await;
        let approved = approve(&mut chair, &shown.path, "FGB 2026-09, item 7").await;

        // Until it is in force, six idle minutes lock nobody out.
        app.clock.advance_ms(4 * 60 * 1000);
        assert_eq!(teacher.get("/policy").await.status, 200);

        let form = chair.get(&approved.link("Bring into force")).await;
        chair
            .submit(&form, "Bring into force", &[])
            .await
            .says("in force");
        assert_eq!(teacher.get("/policy").await.status, 200);
        app.clock.advance_ms(6 * 60 * 1000);
        let locked = teacher.get("/policy").await;
        assert_eq!(locked.status, 303);
        assert!(
            locked
                .location
                .as_deref()
                .is_some_and(|to| to.contains("unlock")),
            "{:?}",
            locked.location
        );
    });
}
