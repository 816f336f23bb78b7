//! The end of a case: what is due by its outcome, two people, a hold, and nothing left.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};

use super::finding::find;
use crate::db::sql;
use crate::incidents::tests::everybody_seen_to;
use crate::testing::{Client, JUNIOR, Page, TestSchool, on_each_engine};

const WORDS: &str = "Something that only readers know.";

struct Cast {
    head: Client,
    lead: Client,
    deputy: Client,
    chair: Client,
    technician: Client,
    teacher: Client,
    subject: Client,
}

async fn cast(app: &TestSchool) -> Cast {
    let cast = Cast {
        head: app.signed_in("Hazel Head", &[Post::Headteacher]).await,
        lead: app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await,
        deputy: app
            .signed_in("Dora Deputy", &[Post::DeputyDesignatedSafeguardingLead])
            .await,
        chair: app
            .signed_in("Charles Chair", &[Post::ChairOfGovernors])
            .await,
        technician: app.signed_in("Nils Network", &[Post::NetworkManager]).await,
        teacher: app.signed_in("Tessa Teacher", &[]).await,
        subject: app.signed_in("Oscar Other", &[]).await,
    };
    app.signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
        .await;
    app.person("Pip Pupil", Standing::Pupil, &[]).await;
    cast
}

/// Reports something about somebody; the address of the case.
async fn reported(app: &TestSchool, teacher: &mut Client, who: &str, part: &str) -> String {
    let form = teacher.get("/reports/new").await;
    let fields = [
        ("words", WORDS),
        ("when", "now"),
        ("place", "The library"),
        ("at-risk", "no"),
        ("told-lead", "no"),
        ("knows-how", "I saw it"),
        ("who", who),
        ("part", part),
        ("meant", ""),
    ];
    let checked = teacher.submit(&form, "Continue", &fields).await;
    teacher.submit(&checked, "Send the report", &[]).await;
    let mut records = app.school.database.read().await.expect("records");
    let row = sql("select id from incident order by opened_at desc, id")
        .one(&mut records)
        .await
        .expect("a case");
    format!("/incidents/{}", row.get::<String>("id").expect("an id"))
}

async fn triaged(who: &mut Client, url: &str, category: &str) {
    let case = who.get(url).await;
    if case.has_button("Acknowledge: I have this") {
        who.submit(&case, "Acknowledge: I have this", &[]).await;
    }
    let form = who.get(&format!("{url}/triage")).await;
    let fields = [
        ("category", category),
        ("child-at-risk", "no"),
        ("disturbing", "no"),
        ("imagery", "no"),
        ("outcome", "respond"),
        ("reason", "As it was told."),
    ];
    who.submit(&form, "Save the triage", &fields).await;
}

async fn closed(who: &mut Client, url: &str) -> Page {
    let form = who.get(&format!("{url}/closure")).await;
    who.submit(&form, "Close the case", &[("outcome", "It is over.")])
        .await
}

/// A case about a pupil, closed.
async fn about_a_pupil(app: &TestSchool, cast: &mut Cast) -> String {
    let url = reported(app, &mut cast.teacher, "Pip Pupil", "harmed").await;
    let lead = &mut cast.lead;
    triaged(lead, &url, "conduct/bullying").await;
    let form = lead.get(&format!("{url}/parents")).await;
    let fields = [
        ("decision", "informed"),
        ("on-day", "23"),
        ("on-month", "9"),
        ("on-year", "2026"),
        ("words", "Rang home."),
    ];
    lead.submit(&form, "Save", &fields).await;
    everybody_seen_to(lead, &url).await;
    closed(lead, &url).await.says("Closed the case");
    url
}

/// An allegation that came to this, closed by the headteacher.
async fn allegation(app: &TestSchool, cast: &mut Cast, outcome: &str) -> String {
    let url = reported(app, &mut cast.teacher, "Oscar Other", "alleged").await;
    let head = &mut cast.head;
    triaged(head, &url, "conduct/rules").await;
    let review = format!("{url}/reviews/allegation");
    let threshold: Vec<(String, &str)> = ["harmed", "offence", "risk", "unsuitable"]
        .into_iter()
        .flat_map(|limb| [(limb.to_owned(), "no"), (format!("{limb}-why"), "No.")])
        .collect();
    let threshold: Vec<(&str, &str)> = threshold
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    let clearing: &[(&str, &str)] = match outcome {
        "substantiated" | "unsubstantiated" => &[],
        _ => &[("clearing", "none")],
    };
    let mut ends = vec![
        ("outcome", outcome),
        ("outcome-why", "The evidence."),
        ("disciplinary", "no"),
        ("disciplinary-why", "Nothing to discipline."),
        ("copy", "yes"),
    ];
    ends.extend(clearing);
    let pages: [(&str, &[(&str, &str)]); 5] = [
        ("threshold", &threshold),
        (
            "officer",
            &[("contact", "no"), ("contact-why", "Below it.")],
        ),
        (
            "telling",
            &[
                ("told", "below"),
                ("told-why", "Fair."),
                ("told-who", "Nobody."),
                ("contact-pupils", "Nothing."),
            ],
        ),
        (
            "investigation",
            &[
                ("led", "school"),
                ("investigator", "Hazel Head"),
                ("found", "What there was."),
            ],
        ),
        ("outcome", &ends),
    ];
    for (page, fields) in pages {
        let form = head.get(&format!("{review}/pages/{page}")).await;
        assert_eq!(form.status, StatusCode::OK, "{page}: {}", form.text());
        let kept = head.submit(&form, "Keep and go on", fields).await;
        assert!(kept.errors().is_empty(), "{page}: {:?}", kept.errors());
    }
    let form = head.get(&format!("{review}/signature")).await;
    let fields = [("way", "outcome"), ("states", "outcome-0")];
    head.submit(&form, "Sign the review", &fields).await;
    closed(head, &url).await.says("Closed the case");
    url
}

async fn share(from: &mut Client, url: &str, with: &str) {
    let form = from.get(&format!("{url}/sharing")).await;
    let person = crate::incidents::tests::choice(&form, with);
    let fields = [
        ("person", person.as_str()),
        ("reason", "To agree to its end."),
    ];
    let case = from.submit(&form, "Share the case", &fields).await;
    assert!(case.errors().is_empty(), "{:?}", case.errors());
}

fn below(url: &str, act: &str) -> String {
    format!("{}/{act}", url.replace("/incidents/", "/retention/cases/"))
}

async fn proposed(who: &mut Client, url: &str) -> Page {
    let form = who.get(&below(url, "decision")).await;
    let fields = [("decision", "destroy"), ("reason", "Its time is over.")];
    who.submit(&form, "Save the decision", &fields).await
}

async fn agreed(who: &mut Client, url: &str) -> Page {
    let form = who.get(&below(url, "destruction")).await;
    if form.status != StatusCode::OK {
        return form;
    }
    who.submit(&form, "Destroy the case", &[("agree", "yes")])
        .await
}

async fn birth_date(app: &TestSchool, name: &str, born_on: &str) {
    let mut tx = app
        .school
        .write(crate::actor::Actor::School("test"))
        .await
        .expect("a transaction");
    tx.run(
        sql("update person set born_on = $2 where name = $1")
            .bind(name)
            .bind(born_on),
    )
    .await
    .expect("a row");
    tx.commit(crate::entries::Entry::of(
        crate::entries::EntryKind::PersonChanged,
        crate::entries::Object::new("test", "1"),
    ))
    .await
    .expect("a commit");
}

async fn due_on(app: &TestSchool, url: &str) -> String {
    let mut records = app.school.database.read().await.expect("records");
    let id = url.rsplit('/').next().expect("an id");
    sql("select coalesce(due_on, lacks) as due_on from retention_term where incident = $1")
        .bind(id)
        .one(&mut records)
        .await
        .expect("a term")
        .get("due_on")
        .expect("words")
}

/// Which cases each outcome leaves due, and when.
#[test]
fn an_allegation_is_kept_by_what_came_of_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        birth_date(&app, "Oscar Other", "1985-07-01").await;
        for (outcome, due) in [
            ("substantiated", "2052-07-01"),
            ("unsubstantiated", "2052-07-01"),
            ("unfounded", "2052-07-01"),
            ("malicious", "2026-09-23"),
            ("false", "2026-09-23"),
        ] {
            app.clock.advance_ms(1000);
            let url = allegation(&app, &mut cast, outcome).await;
            assert_eq!(due_on(&app, &url).await, due, "{outcome}");
            let list = cast.head.get("/retention").await;
            let at_once = matches!(outcome, "malicious" | "false");
            assert_eq!(
                list.html().contains(&below(&url, "decision")),
                at_once,
                "{outcome}"
            );
            let early = cast.head.get(&below(&url, "decision")).await;
            let expected = if at_once {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(early.status, expected, "{outcome}");
        }
    });
}

#[test]
fn a_malicious_allegation_leaves_the_adults_record_when_two_people_agree() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = allegation(&app, &mut cast, "malicious").await;
        // Whoever may not know of the case learns nothing here either.
        for who in [
            &mut cast.lead,
            &mut cast.subject,
            &mut cast.technician,
            &mut cast.chair,
        ] {
            for act in ["decision", "destruction", "hold"] {
                let page = who.get(&below(&url, act)).await;
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{act}");
            }
        }
        let form = cast.head.get(&below(&url, "decision")).await;
        let empty = cast.head.submit(&form, "Save the decision", &[]).await;
        assert_eq!(empty.errors(), ["Say why", "Choose what you decide"]);
        let past = cast
            .head
            .submit(
                &form,
                "Save the decision",
                &[
                    ("decision", "keep"),
                    ("until-day", "1"),
                    ("until-month", "1"),
                    ("until-year", "2020"),
                    ("reason", "The adult agreed."),
                ],
            )
            .await;
        // It stays on nobody's record without their word.
        assert!(
            past.errors()[0].contains("has agreed to it in writing"),
            "{:?}",
            past.errors()
        );
        assert!(past.errors()[1].contains("Enter a day after today"));
        assert_eq!(past.field("reason"), "The adult agreed.");
        proposed(&mut cast.head, &url)
            .await
            .says("another person must agree");
        // Not alone, and not without reading it.
        agreed(&mut cast.head, &url)
            .await
            .says("Somebody else must agree");
        share(&mut cast.head, &url, "Charles Chair").await;
        // Who would be told next, and is not yet, reads it from now on.
        cast.chair.get(&url).await.says("To agree to its end.");
        let form = cast.chair.get(&below(&url, "destruction")).await;
        form.says("Its time is over.").says("This cannot be undone");
        let unticked = cast.chair.submit(&form, "Destroy the case", &[]).await;
        assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
        let certificate = agreed(&mut cast.chair, &url).await;
        certificate
            .says("This case was destroyed")
            .says("malicious or false")
            .says("Hazel Head")
            .says("Charles Chair");

        assert!(!certificate.text().contains("Oscar"));
        for statement in [
            "select count(*) as count from incident",
            "select count(*) as count from incident_person",
            "select count(*) as count from report",
            "select count(*) as count from review_answer",
            "select count(*) as count from retention_decision",
            "select count(*) as count from record_key_reader",
            "select count(*) as count from record_key
             where destroyed_at is null or wrapped is not null or wrapped_for_recovery is not null",
            "select count(*) as count from notice where object like 'incident:%'",
        ] {
            assert_eq!(app.count(statement).await, 0, "{statement}");
        }
        assert_eq!(app.journal().await.last().unwrap(), "retention.destroyed");
        // Those who could read it are told what became of it, nobody else that there was one.
        let told = cast.head.get(&url).await;
        assert_eq!(told.location.as_deref(), Some(certificate.path.as_str()));
        cast.head
            .get("/retention/destroyed")
            .await
            .says("Concern about a member of staff");
        for who in [
            &mut cast.subject,
            &mut cast.lead,
            &mut cast.technician,
            &mut cast.teacher,
        ] {
            assert_eq!(who.get(&url).await.status, StatusCode::NOT_FOUND);
            let certificate = who.get(&certificate.path).await;
            assert_eq!(certificate.status, StatusCode::NOT_FOUND);
        }
        let page = cast.teacher.get("/reports").await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(
            agreed(&mut cast.chair, &url).await.status,
            StatusCode::NOT_FOUND
        );
    });
}

#[test]
fn a_case_about_a_pupil_waits_for_the_birth_date_and_then_for_the_birthday() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let url = about_a_pupil(&app, &mut cast).await;
        assert_eq!(due_on(&app, &url).await, "birth-date");
        cast.lead
            .get("/retention")
            .await
            .says("A date of birth is missing");
        birth_date(&app, "Pip Pupil", "2001-09-24").await;
        find(&app.school).await.expect("the duty");
        assert_eq!(due_on(&app, &url).await, "2026-09-24");
        cast.lead.get(&url).await.says("24 September 2026");
        let early = cast.lead.get(&below(&url, "decision")).await;
        assert_eq!(early.status, StatusCode::FORBIDDEN);
        early.says("It is kept until 24 September 2026.");

        app.at("2026-09-24T09:00:00+01:00");
        let mut lead = app.as_person(cast.lead.id()).await;
        let mut deputy = app.as_person(cast.deputy.id()).await;
        find(&app.school).await.expect("the duty");
        find(&app.school).await.expect("the duty, a second time");
        let told = app
            .count("select count(*) as count from notice where kind = 'retention-due'")
            .await;
        assert_eq!(told, 3, "the head, the lead and the deputy, once");
        lead.get("/retention").await.says("Decide");
        // Kept longer, with a reason and a day.
        let form = lead.get(&below(&url, "decision")).await;
        let kept = lead
            .submit(
                &form,
                "Save the decision",
                &[
                    ("decision", "keep"),
                    ("until-day", "1"),
                    ("until-month", "3"),
                    ("until-year", "2027"),
                    ("reason", "A claim may come."),
                ],
            )
            .await;
        kept.says("No case waits for a decision");
        find(&app.school).await.expect("the duty");
        assert_eq!(due_on(&app, &url).await, "2027-03-01");

        app.at("2027-03-01T09:00:00+00:00");
        let mut lead = app.as_person(lead.id()).await;
        let mut head = app.as_person(cast.head.id()).await;
        deputy = app.as_person(deputy.id()).await;
        find(&app.school).await.expect("the duty");
        proposed(&mut lead, &url).await;
        let told = app
            .count("select count(*) as count from notice where kind = 'retention-to-agree'")
            .await;
        assert_eq!(told, 2);
        // The second may think otherwise.
        head.get("/retention")
            .await
            .says("Lena Lead decided that it is destroyed");
        // A hold comes before all.
        let form = lead.get(&below(&url, "hold")).await;
        let nothing = lead.submit(&form, "Place the hold", &[]).await;
        assert_eq!(nothing.errors(), ["Say why it must be kept"]);
        lead.submit(&form, "Place the hold", &[("reason", "A solicitor wrote.")])
            .await
            .says("A solicitor wrote.");
        let twice = lead.get(&below(&url, "hold")).await;
        assert_eq!(twice.status, StatusCode::FORBIDDEN);
        agreed(&mut head, &url).await.says("A hold keeps it.");
        deputy.get("/retention").await.says("kept for a reason");
        let form = lead.get(&below(&url, "hold/end")).await;
        lead.submit(&form, "End the hold", &[("reason", "It was settled.")])
            .await;
        let certificate = agreed(&mut deputy, &url).await;
        certificate.says("This case was destroyed");
        assert_eq!(
            app.count("select count(*) as count from incident_entry")
                .await,
            0
        );
        // What the clause counts.
        app.count(
            "select count(*) as count from retention_destruction where kind = 'pupil-welfare'",
        )
        .await;
        head.get("/retention/destroyed").await.says("1 March 2027");
    });
}

#[test]
fn a_case_that_is_opened_again_has_no_end_in_sight() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        birth_date(&app, "Pip Pupil", "2001-09-01").await;
        let url = about_a_pupil(&app, &mut cast).await;
        proposed(&mut cast.lead, &url).await;
        app.clock.advance_ms(60_000);
        let form = cast.lead.get(&format!("{url}/reopening")).await;
        cast.lead
            .submit(
                &form,
                "Open the case again",
                &[("reason", "Something new.")],
            )
            .await;
        let refused = agreed(&mut cast.head, &url).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused.says("Close it first.");
        app.clock.advance_ms(60_000);
        triaged(&mut cast.lead, &url, "conduct/bullying").await;
        closed(&mut cast.lead, &url).await;
        // What was decided before it was opened again decides nothing.
        agreed(&mut cast.head, &url)
            .await
            .says("Nobody has decided that it is to be destroyed.");
    });
}

#[test]
fn nothing_is_destroyed_while_somebody_asks_to_see_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        birth_date(&app, "Pip Pupil", "2001-09-01").await;
        let url = about_a_pupil(&app, &mut cast).await;
        let form = cast.lead.get("/data-requests/new/subject-access").await;
        let fields = [
            ("received-day", "23"),
            ("received-month", "9"),
            ("received-year", "2026"),
            ("asker", "Paula Parent"),
            ("reach", "By letter"),
            ("about", "Pip Pupil"),
            ("words", "Everything."),
        ];
        let request = cast.lead.submit(&form, "Save", &fields).await.path;
        let refused = proposed(&mut cast.lead, &url).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        refused.says("Answer that request first.");
        let form = cast.lead.get(&format!("{request}/steps/withdrawn")).await;
        let fields = [
            ("on-day", "23"),
            ("on-month", "9"),
            ("on-year", "2026"),
            ("words", "She rang."),
        ];
        cast.lead.submit(&form, "Save", &fields).await;
        proposed(&mut cast.lead, &url)
            .await
            .says("another person must agree");
    });
}

/// A table of a case that somebody adds later is part of its end as well.
#[test]
fn every_table_that_belongs_to_a_case_ends_with_it() {
    let ends = [
        include_str!("../incidents/erasing.rs"),
        include_str!("../reviews/erasing.rs"),
        include_str!("../referrals/erasing.rs"),
        include_str!("../files/erasing.rs"),
        include_str!("../exports/erasing.rs"),
        include_str!("terms.rs"),
    ]
    .concat();
    let schema = include_str!("../../schema.sql");
    let mut table = "";
    let mut of_a_case = 0;
    for line in schema.lines() {
        if let Some(name) = line.strip_prefix("CREATE TABLE ") {
            table = name.trim_end_matches(" (");
        }
        let belongs = [
            "incident",
            "report",
            "review",
            "referral",
            "incident_sight",
            "incident_custody",
            "file",
            "export",
        ]
        .iter()
        .any(|owner| line.contains(&format!("references {owner} (id)")));
        if belongs {
            let gone = ["delete from", "update"].iter().any(|verb| {
                [' ', '\n']
                    .iter()
                    .any(|after| ends.contains(&format!("{verb} {table}{after}")))
            });
            assert!(
                gone,
                "{table} outlives its case: delete it in incidents/erasing.rs"
            );
            of_a_case += 1;
        }
    }
    assert!(of_a_case > 20, "{of_a_case}");
}
