//! Cyberbullying, allegations, and the shorter guides in the machinery.

use axum::http::StatusCode;

use super::{FIRST_STEPS, answer, cast, noted, reported, triaged};
use crate::testing::{JUNIOR, PRIMARY, covers, on_each_engine};

#[test]
fn cyberbullying_goes_step_by_step_and_an_indecent_picture_opens_its_own_review() {
    covers(&["C-234", "C-242", "C-243", "C-246", "C-247", "C-248"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.head, &url, "conduct/bullying", "no").await;
        let review = format!("{url}/reviews/cyberbullying");
        let head = &mut cast.head;
        let locked = head.get(&format!("{review}/pages/evidence")).await;
        assert_eq!(locked.status, StatusCode::FORBIDDEN);
        locked.says("Answer first whether an indecent picture");
        answer(
            head,
            &review,
            "image",
            &[("indecent", "no"), ("indecent-why", "Only words.")],
        )
        .await;
        let moment = |name: &str| {
            [
                (format!("{name}-day"), "23"),
                (format!("{name}-month"), "9"),
                (format!("{name}-year"), "2026"),
                (format!("{name}-time"), "8:30"),
            ]
        };
        answer(head, &review, "first-steps", FIRST_STEPS).await;
        noted(head, &url).await;
        answer(head, &review, "evidence", &[("noted", "yes")]).await;
        let held = moment("met-when");
        let mut fields: Vec<(&str, &str)> = held
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        fields.extend([
            ("met-reporter", "yes"),
            ("met-target", "yes"),
            ("met-facts", "Since Monday, every evening."),
        ]);
        answer(head, &review, "meeting", &fields).await;
        // A legal flag makes the decision on the police compulsory.
        let form = head.get(&format!("{review}/pages/law")).await;
        let wrong = head
            .submit(
                &form,
                super::KEEP,
                &[("flags", "threatening"), ("flags", "stalking")],
            )
            .await;
        assert_eq!(
            wrong.errors(),
            ["Choose an answer: Are the police brought in?"]
        );
        answer(
            head,
            &review,
            "law",
            &[
                ("flags", "threatening"),
                ("flags", "stalking"),
                ("police", "no"),
                ("police-why", "Both are eight."),
            ],
        )
        .await;
        let locked = head.get(&format!("{review}/pages/removal")).await;
        assert_eq!(locked.status, StatusCode::FORBIDDEN);
        locked.says("The finding comes first.");
        answer(
            head,
            &review,
            "investigation",
            &[
                ("investigator", "Hazel Head"),
                ("investigated", "Spoke to both."),
            ],
        )
        .await;
        let removal = answer(
            head,
            &review,
            "finding",
            &[
                ("finding", "not-proved"),
                ("finding-why", "The account was shared."),
            ],
        )
        .await;
        assert_eq!(removal.heading(), "Taking it down");
        head.get(&review).await.says("finding made");

        // Now it turns out that a picture may be in it.
        answer(
            head,
            &review,
            "image",
            &[
                ("indecent", "unknown"),
                ("indecent-why", "Somebody said so."),
            ],
        )
        .await;
        head.get(&url)
            .await
            .says("Indecent image of a child: police first");
        let locked = head.get(&format!("{review}/pages/removal")).await;
        locked.says("the police must know of the picture");
    });
}

#[test]
fn under_the_first_policy_cyberbullying_is_dealt_with_as_any_other_case() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        let case = triaged(&mut cast.coordinator, &url, "conduct/bullying", "no").await;
        assert!(!case.text().contains("Guided reviews"), "{}", case.text());
    });
}

#[test]
fn an_allegation_is_taken_through_the_threshold_and_the_designated_officer() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Oscar Other", "alleged").await;
        triaged(&mut cast.head, &url, "conduct/rules", "no").await;
        let review = format!("{url}/reviews/allegation");
        for who in [
            &mut cast.lead,
            &mut cast.coordinator,
            &mut cast.teacher,
            &mut cast.chair,
        ] {
            assert_eq!(who.get(&review).await.status, StatusCode::NOT_FOUND);
        }
        let head = &mut cast.head;
        head.get(&review).await.says("Do not tell the adult");
        answer(
            head,
            &review,
            "threshold",
            &[
                ("harmed", "no"),
                ("harmed-why", "Nobody was."),
                ("offence", "no"),
                ("offence-why", "None."),
                ("risk", "unknown"),
                ("risk-why", "We do not know yet."),
                ("unsuitable", "no"),
                ("unsuitable-why", "Nothing else."),
            ],
        )
        .await
        .says("may be met, so it is treated as met")
        .says("Referral to Local authority designated officer, by the end of 24 September 2026");
        let locked = head.get(&format!("{review}/pages/officer")).await;
        locked.says("Contact the designated officer first");
        let case = head.get(&url).await;
        let referral = head
            .get(&case.link("Local authority designated officer"))
            .await;
        let form = head.get(&referral.link("Record that it was sent")).await;
        head.submit(
            &form,
            "Save",
            &[
                ("how", "telephone"),
                ("words", "Spoke to the duty officer."),
            ],
        )
        .await;
        answer(
            head,
            &review,
            "officer",
            &[("advice", "Wait until Thursday.")],
        )
        .await
        .says("May the adult be told?");
        // What is written of it is sealed to the head: the school's key opens nothing.
        let sealed = app
            .count("select count(*) as count from record_key where tier = 3 and wrapped is null")
            .await;
        assert!(sealed >= 1);
    });
}

#[test]
fn an_allegation_below_the_threshold_is_lowered_with_reasons_by_whoever_has_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Hazel Head", "alleged").await;
        let chair = &mut cast.chair;
        let early = chair.get(&format!("{url}/lowering")).await;
        let refused = chair
            .submit(
                &early,
                "Lower it",
                &[("reason", "Small."), ("officer", "Small.")],
            )
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        triaged(chair, &url, "conduct/rules", "no")
            .await
            .says("Allegation against an adult");
        let form = chair.get(&format!("{url}/lowering")).await;
        let wrong = chair
            .submit(&form, "Lower it", &[("reason", "A word in anger.")])
            .await;
        assert_eq!(
            wrong.errors(),
            ["Say why the designated officer need not be contacted"]
        );
        let lowered = chair
            .submit(
                &form,
                "Lower it",
                &[
                    ("reason", "A word in anger."),
                    ("officer", "Advised so by telephone."),
                ],
            )
            .await;
        lowered
            .says("Low-level concern about an adult")
            .says("A word in anger.");
        let text = lowered.text();
        assert!(!text.contains("Record the contact with"), "{text}");
        assert!(!text.contains("Allegation against an adult"), "{text}");
        assert!(!text.contains("that is due"), "{text}");
        // The headteacher still sees no trace, and nobody else has come in.
        for who in [&mut cast.head, &mut cast.lead, &mut cast.teacher] {
            assert_eq!(who.get(&url).await.status, StatusCode::NOT_FOUND);
        }
        assert!(app.journal().await.contains(&"incident.lowered".to_owned()));
    });
}

#[test]
fn illegal_material_goes_to_those_whom_each_policy_names_before_the_case_closes() {
    covers(&["H-189", "H-190"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "witness").await;
        triaged(&mut cast.coordinator, &url, "content/illegal", "no")
            .await
            .says("Police")
            .says("Internet Watch Foundation")
            .says("Local authority")
            .says("Send the 3 referrals that are due.");
    });
}

#[test]
fn whoever_has_a_case_adds_a_referral_and_takes_it_to_its_end() {
    covers(&["H-054", "H-185"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/bullying", "no").await;
        let who = &mut cast.coordinator;
        let form = who.get(&format!("{url}/referrals/new")).await;
        let wrong = who
            .submit(&form, "Add the referral", &[("why", "Advice.")])
            .await;
        assert_eq!(wrong.errors(), ["Choose the agency"]);
        assert_eq!(wrong.field("why"), "Advice.");
        let added = who
            .submit(
                &form,
                "Add the referral",
                &[("agency", "posh"), ("why", "Advice.")],
            )
            .await;
        let at = added.path.clone();
        let again = who
            .submit(
                &form,
                "Add the referral",
                &[("agency", "posh"), ("why", "Advice.")],
            )
            .await;
        assert_eq!(again.path, at, "sent twice, it is one");
        for (step, says, fields) in [
            ("sent", "sent", &[("how", "form")][..]),
            ("acknowledged", "acknowledged", &[][..]),
            (
                "advice",
                "Report it again in 48 hours.",
                &[("words", "Report it again in 48 hours.")][..],
            ),
            ("chased", "Chased", &[][..]),
            ("outcome", "ended", &[("words", "The account is gone.")][..]),
        ] {
            let form = who.get(&format!("{at}/steps/{step}")).await;
            assert_eq!(form.status, StatusCode::OK, "{step}");
            who.submit(&form, "Save", fields).await.says(says);
        }
        let over = who.get(&format!("{at}/steps/chased")).await;
        let refused = who.submit(&over, "Save", &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        // Each contact stands in the log, for those who may read its case, and no word of it.
        let agencies = who.get("/agencies").await;
        let log = who
            .get(&agencies.link("Contacts with agencies so far"))
            .await;
        log.says("Professionals Online Safety Helpline")
            .says("Chased")
            .says("Advice received");
        assert!(log.html().contains(&at) && !log.text().contains("48 hours"));
        let absent = who.get(&format!("{at}/steps/nothing")).await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
        let stranger = cast.teacher.get(&at).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
        let log = cast.teacher.get("/agencies/log").await;
        log.says("No contact with an agency that you can read");
        assert!(!log.text().contains("Helpline"));
    });
}
