//! The lead's review of a nude image, from the triage to a signature, and after.

use axum::http::StatusCode;

use super::{HARMLESS, KEEP, answer, answer_all, cast, reported, triage, triaged};
use crate::db::sql;
use crate::jobs;
use crate::testing::{JUNIOR, covers, on_each_engine};

const KEEP_PART: &str = "Keep what I have";
const SIGN: &str = "Sign the review";

#[test]
fn only_the_lead_and_deputies_conduct_it_and_the_close_check_waits_for_it() {
    covers(&["H-120", "H-121", "H-025", "H-119"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        let case = triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        // Whoever triages sees that it opened, and not what is in it.
        case.says("Nude or semi-nude image")
            .says("The safeguarding lead or a deputy conducts this review")
            .says("in the review “Nude or semi-nude image”, and sign it.");
        let review = format!("{url}/reviews/nude-image");
        for page in [
            review.clone(),
            format!("{review}/answers"),
            format!("{review}/history"),
            format!("{review}/signature"),
            format!("{review}/escalation"),
            format!("{review}/pages/criteria"),
        ] {
            for who in [&mut cast.coordinator, &mut cast.head, &mut cast.teacher] {
                assert_eq!(who.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
            }
        }
        assert_eq!(
            app.count(
                "select count(*) as count from notice where kind = 'incident-for-you' and urgent"
            )
            .await,
            2,
            "the lead and the deputy are told"
        );
        for who in [&mut cast.lead, &mut cast.deputy] {
            let page = who.get(&review).await;
            assert!(
                page.link(
                    "Sharing nudes and semi-nudes: advice for education settings (UKCIS, 2024)"
                )
                .starts_with("https://www.gov.uk/")
            );
            page.says("Do not look at the picture")
                .says("Edition of the guidance England, September 2025")
                .says("The five criteria");
        }
        let refused = cast.lead.get(&format!("{review}/signature")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused.says("Answer these pages first");
        let absent = cast.lead.get(&format!("{review}/pages/nothing")).await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
        let absent = cast
            .lead
            .get(&format!("{url}/reviews/indecent-image"))
            .await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn every_question_is_asked_and_answers_are_kept_with_author_time_and_history() {
    covers(&[
        "H-122", "H-123", "H-124", "H-125", "H-126", "H-127", "H-128", "H-129", "H-130", "H-131",
        "H-132", "H-133", "H-136", "H-138",
    ]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        let review = format!("{url}/reviews/nude-image");
        let lead = &mut cast.lead;
        for (page, fields) in HARMLESS {
            let form = lead.get(&format!("{review}/pages/{page}")).await;
            // Nothing typed: each question that has no usual answer says what it wants.
            let wrong = lead.submit(&form, KEEP, &[]).await;
            if *page != "viewing" && *page != "parents" {
                assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
                assert!(!wrong.errors().is_empty(), "{page}");
            }
            // The reason alone missing, what was typed stays.
            let reasons = fields.iter().any(|(name, _)| name.ends_with("-why"));
            if reasons {
                let bare: Vec<(&str, &str)> = fields
                    .iter()
                    .copied()
                    .filter(|(name, _)| !name.ends_with("-why"))
                    .collect();
                let form = lead.get(&format!("{review}/pages/{page}")).await;
                let wrong = lead.submit(&form, KEEP, &bare).await;
                assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
                assert!(
                    wrong
                        .errors()
                        .iter()
                        .all(|line| line.starts_with("Give the reason")),
                    "{page}"
                );
            }
            answer(lead, &review, page, fields).await;
        }
        lead.get(&format!("{review}/answers"))
            .await
            .says("A dare among equals.")
            .says("somebody who is not on the register")
            .says("Go on to sign");
        // A changed answer is a new row, and the old one stays to be seen.
        app.clock.advance_ms(60_000);
        answer(
            &mut cast.deputy,
            &review,
            "spread",
            &[("spread", "widely"), ("services", "Two groups.")],
        )
        .await;
        let history = cast.deputy.get(&format!("{review}/history")).await;
        history
            .says("To a few people")
            .says("Widely")
            .says("Lena Lead")
            .says("Dora Deputy");
        // The same answers again add nothing.
        let before = app
            .count("select count(*) as count from review_answer")
            .await;
        answer(
            &mut cast.lead,
            &review,
            "spread",
            &[("spread", "widely"), ("services", "Two groups.")],
        )
        .await;
        assert_eq!(
            app.count("select count(*) as count from review_answer")
                .await,
            before
        );
        // None of it can be read on the disk.
        let mut records = app.school.database.read().await.expect("records");
        for row in sql("select sealed_value, sealed_reason from review_answer")
            .all(&mut records)
            .await
            .expect("answers")
        {
            for column in ["sealed_value", "sealed_reason"] {
                let sealed: Vec<u8> = row.get(column).expect("bytes");
                let words = b"dare";
                assert!(!sealed.windows(words.len()).any(|part| part == words));
            }
        }
        assert!(app.journal().await.contains(&"review.answered".to_owned()));
    });
}

#[test]
fn whoever_is_interrupted_keeps_what_is_answered_and_nobody_writes_past_another() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        let review = format!("{url}/reviews/nude-image");
        let page = format!("{review}/pages/the-children");
        let form = cast.lead.get(&page).await;
        let stale = cast.deputy.get(&page).await;
        cast.lead
            .submit(&form, KEEP_PART, &[("effect", "Very upset.")])
            .await
            .says("In progress");
        assert_eq!(cast.lead.get(&page).await.field("effect"), "Very upset.");
        let late = cast
            .deputy
            .submit(&stale, KEEP_PART, &[("effect", "Not upset.")])
            .await;
        late.says("Somebody else changed this first");
        assert_eq!(cast.lead.get(&page).await.field("effect"), "Very upset.");
        // What the page does not show cannot be set.
        let forged = cast
            .lead
            .submit(&form, KEEP, &[("adult-involved", "no")])
            .await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_criterion_forces_a_referral_at_once_and_the_case_waits_until_it_is_sent() {
    covers(&["H-141", "H-142", "H-143", "H-145"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        let review = format!("{url}/reviews/nude-image");
        let lead = &mut cast.lead;
        let page = format!("{review}/pages/criteria");
        for (criterion, answer) in [
            ("adult-involved", "yes"),
            ("coerced", "unknown"),
            ("unusual", "yes"),
            ("danger", "yes"),
        ] {
            let form = lead.get(&page).await;
            let why = format!("{criterion}-why");
            let shown = lead
                .submit(
                    &form,
                    KEEP_PART,
                    &[(criterion, answer), (&why, "As we were told.")],
                )
                .await;
            // Within the hour of the first criterion, to either agency.
            shown
                .says("Referral to Police or Children’s social care, by 23 September 2026 at")
                .says("To be sent now");
        }
        assert_eq!(app.count("select count(*) as count from referral").await, 1);
        assert_eq!(
            app.count(
                "select count(*) as count from notice where kind = 'incident-review' and urgent"
            )
            .await,
            2,
            "the headteacher and the deputy hear of present danger"
        );
        lead.get(&url)
            .await
            .says("Send the 1 referral that is due.");
        // The page of the referral says how they are reached, and that a number is missing.
        let case = lead.get(&url).await;
        let referral = lead
            .get(&case.link("Police or Children’s social care"))
            .await;
        referral
            .says("to be sent")
            .says("999, or 101 when it is not an emergency")
            .says("Nobody has entered how the school reaches them");
        let form = lead.get(&referral.link("Record that it was sent")).await;
        let wrong = lead.submit(&form, "Save", &[("reference", "CAD 1")]).await;
        assert_eq!(wrong.errors().len(), 2);
        assert_eq!(wrong.field("reference"), "CAD 1");
        let sent = lead
            .submit(
                &form,
                "Save",
                &[
                    ("agency", "police"),
                    ("how", "telephone"),
                    ("reference", "CAD 1234"),
                    ("words", "Spoke to the desk."),
                ],
            )
            .await;
        sent.says("Sent to Police by telephone").says("CAD 1234");
        let case = lead.get(&url).await;
        case.says("Referred to Police by telephone. Reference: CAD 1234.");
        assert!(!case.text().contains("referral that is due"));
        // The step does not fit twice.
        let again = lead.get(&format!("{}/steps/sent", referral.path)).await;
        let twice = lead
            .submit(
                &again,
                "Save",
                &[("agency", "police"), ("how", "telephone")],
            )
            .await;
        assert_eq!(twice.status, StatusCode::FORBIDDEN);
        twice.says("It stands at “sent”");
    });
}

#[test]
fn under_thirteen_is_worked_out_from_the_register() {
    covers(&["H-144"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        let review = format!("{url}/reviews/nude-image");
        let lead = &mut cast.lead;
        let mut records = app.school.database.read().await.expect("records");
        let pip: String = sql("select id from person where name = 'Pip Pupil'")
            .one(&mut records)
            .await
            .expect("Pip")
            .get("id")
            .expect("an id");
        drop(records);
        let form = lead.get(&format!("{review}/pages/criteria")).await;
        let fields = [
            ("sexual-acts", "yes"),
            ("sexual-acts-why", "So we were told."),
            ("pictured", pip.as_str()),
        ];
        // The register does not say when Pip was born, so it counts.
        lead.submit(&form, KEEP_PART, &fields)
            .await
            .says("A pupil in the picture was under 13 on the day not known")
            .says("cannot be ruled out, so it counts")
            .says("Referral to Police or Children’s social care");
        let born = async |on: &str| {
            let mut tx = app
                .school
                .write(crate::actor::Actor::School("set-up"))
                .await
                .expect("a transaction");
            tx.run(
                sql("update person set born_on = $2 where id = $1")
                    .bind(&pip)
                    .bind(on),
            )
            .await
            .expect("a date of birth");
            tx.commit(crate::entries::Entry::of(
                crate::entries::EntryKind::PersonChanged,
                crate::entries::Object::new("person", &pip),
            ))
            .await
            .expect("a commit");
        };
        born("2013-09-24").await;
        lead.get(&review)
            .await
            .says("yes, by the date of birth")
            .says("Sexual acts and a child under 13 holds");
        born("2013-09-23").await;
        lead.get(&review)
            .await
            .says("no, by the dates of birth")
            .says("does not hold");
    });
}

#[test]
fn it_stays_in_school_only_with_both_statements_and_escalates_at_any_time() {
    covers(&["H-146", "H-147", "H-148", "H-149"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        let review = format!("{url}/reviews/nude-image");
        let lead = &mut cast.lead;
        answer_all(lead, &review).await;
        let form = lead.get(&format!("{review}/signature")).await;
        form.says("“It goes to the police or to children’s social care” is not open");
        let one = lead
            .submit(
                &form,
                SIGN,
                &[
                    ("way", "in-school"),
                    ("states", "in-school-0"),
                    ("words", "A mentor."),
                ],
            )
            .await;
        assert_eq!(one.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(one.field("words"), "A mentor.");
        let other = lead
            .submit(&form, SIGN, &[("way", "refer"), ("states", "refer-0")])
            .await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        let both = [
            ("way", "in-school"),
            ("states", "in-school-0"),
            ("states", "in-school-1"),
        ];
        let mut bare = both.to_vec();
        let unnamed = lead.submit(&form, SIGN, &bare).await;
        assert_eq!(
            unnamed.errors(),
            ["Answer this: Which support holds the risk?"]
        );
        bare.push(("words", "A mentor, weekly."));
        let signed = lead.submit(&form, SIGN, &bare).await;
        signed.says("dealt with in school");
        // Sent twice, it leads to the same place.
        let again = lead.submit(&form, SIGN, &bare).await;
        assert_eq!(again.path, signed.path);
        assert_eq!(
            app.count("select count(*) as count from review_signature")
                .await,
            1
        );
        // A changed answer asks for a new signature.
        answer(lead, &review, "facts", &[("facts", "No longer friends.")]).await;
        lead.get(&url)
            .await
            .says("Sign the review “Nude or semi-nude image”.");
        let stale = lead.submit(&form, SIGN, &bare).await;
        stale.says("to be signed");
        Box::pin(closed_and_escalated(&app, &mut cast, &url, &review, &bare)).await;
    });
}

async fn closed_and_escalated(
    app: &crate::testing::TestSchool,
    cast: &mut super::Cast,
    url: &str,
    review: &str,
    statements: &[(&str, &str)],
) {
    let lead = &mut cast.lead;
    let form = lead.get(&format!("{review}/signature")).await;
    lead.submit(&form, SIGN, statements).await;
    for (page, button, fields) in [
        (
            "parents",
            "Save",
            &[("decision", "held"), ("words", "They know already.")][..],
        ),
        (
            "police",
            "Save the decision",
            &[("decision", "not-told"), ("reason", "No criterion holds.")][..],
        ),
    ] {
        let form = lead.get(&format!("{url}/{page}")).await;
        lead.submit(&form, button, fields).await;
    }
    crate::incidents::tests::everybody_seen_to(lead, url).await;
    lead.get(url).await.says("Nothing is missing.");
    let form = lead.get(&format!("{url}/closure")).await;
    lead.submit(&form, "Close the case", &[("outcome", "Calm again.")])
        .await
        .says("Closed");
    let form = lead.get(&format!("{review}/escalation")).await;
    form.says("The case opens again");
    let empty = lead.submit(&form, "Escalate", &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    lead.submit(
        &form,
        "Escalate",
        &[("reason", "It was an adult after all.")],
    )
    .await
    .says("escalated")
    .says("Referral to Police or Children’s social care");
    lead.get(url)
        .await
        .says("Reopened")
        .says("Send the 1 referral that is due.");
    for kind in ["review.signed", "review.escalated"] {
        assert!(
            app.journal().await.iter().any(|entry| entry == kind),
            "{kind}"
        );
    }
}

#[test]
fn looking_defaults_to_no_and_is_never_alone() {
    covers(&["H-134"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        let review = format!("{url}/reviews/nude-image");
        let lead = &mut cast.lead;
        let form = lead.get(&format!("{review}/pages/viewing")).await;
        assert_eq!(form.field("view"), "no");
        let wrong = lead
            .submit(
                &form,
                KEEP,
                &[
                    ("view", "yes"),
                    ("viewed-by", "Lena Lead"),
                    ("viewed-with", "Lena Lead"),
                ],
            )
            .await;
        let errors = wrong.errors().join("; ");
        assert!(errors.contains("Give the reason"), "{errors}");
        assert!(errors.contains("nobody looks alone"), "{errors}");
        let kept = lead
            .submit(
                &form,
                KEEP,
                &[
                    ("view", "yes"),
                    ("view-why", "To see whose hand it is."),
                    ("viewed-by", "Lena Lead"),
                    ("viewed-with", "Dora Deputy"),
                ],
            )
            .await;
        assert_eq!(kept.status, StatusCode::OK);
        lead.get(&format!("{review}/answers"))
            .await
            .says("Dora Deputy");
    });
}

#[test]
fn answers_become_actions_and_parents_are_told_unless_a_reason_says_otherwise() {
    covers(&["H-135", "H-137", "H-139", "H-140"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        let review = format!("{url}/reviews/nude-image");
        let lead = &mut cast.lead;
        let form = lead.get(&format!("{review}/pages/parents")).await;
        assert_eq!(form.field("parents"), "yes");
        let bare = lead.submit(&form, KEEP, &[("parents", "no")]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        lead.submit(&form, KEEP, &[("parents", "yes")]).await;
        for (page, fields) in [
            (
                "more-information",
                [("find-out", "yes"), ("find-out-what", "Who else has it.")],
            ),
            (
                "take-down",
                [("remove", "yes"), ("remove-what", "The chat group.")],
            ),
            (
                "others",
                [("contact", "yes"), ("contact-whom", "Hillside School.")],
            ),
        ] {
            answer(lead, &review, page, &fields).await;
        }
        lead.get(&url)
            .await
            .says("Find out: Who else has it.")
            .says("Have it taken down: The chat group.")
            .says("Contact: Hillside School.")
            .says("Tell the parents, and record it in the case.")
            .says("Complete the 4 actions that are still open.");
        // Answered again, nothing is set twice.
        answer(
            lead,
            &review,
            "take-down",
            &[("remove", "yes"), ("remove-what", "Both groups.")],
        )
        .await;
        assert_eq!(
            app.count("select count(*) as count from incident_action")
                .await,
            4
        );
    });
}

#[test]
fn no_picture_enters_by_a_text_and_the_triage_is_asked_first() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/rules", "unknown").await;
        let review = format!("{url}/reviews/nude-image");
        let picture = "See data:image/png;base64,iVBORw0KGgo";
        let lead = &mut cast.lead;
        let says = "set the device aside";
        let form = lead.get(&format!("{review}/pages/facts")).await;
        let wrong = lead.submit(&form, KEEP, &[("facts", picture)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says(says);
        assert_eq!(wrong.field("facts"), picture, "nothing typed is lost");
        let form = lead.get(&format!("{url}/entries/new")).await;
        let wrong = lead
            .submit(&form, "Add to the chronology", &[("words", picture)])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says(says);
        // A review of pictures stays, whatever a later triage says.
        triage(lead, &url, "conduct/rules", "no").await;
        lead.get(&url).await.says("Nude or semi-nude image");
    });
}

#[test]
fn a_referral_that_hangs_is_told_to_those_in_charge_once_a_day() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        let review = format!("{url}/reviews/nude-image");
        let lead = &mut cast.lead;
        let form = lead.get(&format!("{review}/pages/criteria")).await;
        lead.submit(
            &form,
            KEEP_PART,
            &[("coerced", "yes"), ("coerced-why", "She was threatened.")],
        )
        .await;
        let told = "select count(*) as count from notice where kind = 'referral-hangs'";
        jobs::work_until_idle(&app.school)
            .await
            .expect("the duties");
        assert_eq!(app.count(told).await, 0);
        app.clock.advance_ms(61 * 60 * 1000);
        jobs::work_until_idle(&app.school)
            .await
            .expect("the duties");
        let first = app.count(told).await;
        assert!(first >= 2, "{first}");
        app.clock.advance_ms(20 * 60 * 1000);
        jobs::work_until_idle(&app.school)
            .await
            .expect("the duties");
        assert_eq!(app.count(told).await, first);
        assert!(app.journal().await.contains(&"referral.overdue".to_owned()));
    });
}

#[test]
fn the_clause_shows_whether_reviews_and_referrals_were_in_time() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let clause = "/policy/clauses/nude-images-first-meeting";
        cast.head
            .get(clause)
            .await
            .says("There is nothing to count yet.");
        let url = reported(&app, &mut cast.teacher, "Pip Pupil", "harmed").await;
        triaged(&mut cast.coordinator, &url, "conduct/nude-image", "yes").await;
        cast.head.get(clause).await.says("1 of 1 is due soon.");
        let review = format!("{url}/reviews/nude-image");
        let lead = &mut cast.lead;
        let form = lead.get(&format!("{review}/pages/criteria")).await;
        lead.submit(
            &form,
            KEEP_PART,
            &[("coerced", "yes"), ("coerced-why", "She was threatened.")],
        )
        .await;
        let case = lead.get(&url).await;
        let referral = lead
            .get(&case.link("Police or Children’s social care"))
            .await;
        let form = lead.get(&referral.link("Record that it was sent")).await;
        // A session that lies idle locks, so the lead comes back.
        app.clock.advance_ms(61 * 60 * 1000);
        let mut head = app.as_person(cast.head.id()).await;
        head.get(clause).await.says("1 of 2 was not in time.");
        let mut lead = app.as_person(cast.lead.id()).await;
        lead.submit(&form, "Save", &[("agency", "police"), ("how", "telephone")])
            .await
            .says("Sent to Police");
        // Late stays late.
        head.get(clause).await.says("1 of 2 was not in time.");
    });
}
