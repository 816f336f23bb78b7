//! What a school needs to trust of its approvals: who decides, who applies, and that what is opened
//! shuts again.

use axum::http::StatusCode;
use belisha_filter::verdict::Outcome::{Allowed, Blocked};
use belisha_policy::{Policy, Post};
use jiff::Timestamp;

use super::kind::{KINDS, Kind};
use crate::filter::set_now;
use crate::filter::tests::{asked_of_the_file, compile_lists};
use crate::testing::{Client, JUNIOR, PRIMARY, Page, TestSchool, covers, on_each_engine};

struct Cast {
    head: Client,
    lead: Client,
    officer: Client,
    coordinator: Client,
    governor: Client,
    technician: Client,
    teacher: Client,
    other: Client,
}

async fn cast(app: &TestSchool) -> Cast {
    compile_lists(app);
    let cast = Cast {
        head: app.signed_in("Hazel Head", &[Post::Headteacher]).await,
        lead: app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await,
        officer: app
            .signed_in("Odd Officer", &[Post::DataProtectionOfficer])
            .await,
        coordinator: app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await,
        governor: app
            .signed_in("Greta Governor", &[Post::SafeguardingGovernor])
            .await,
        technician: app.signed_in("Nils Network", &[Post::NetworkManager]).await,
        teacher: app.signed_in("Tessa Teacher", &[]).await,
        other: app.signed_in("Oscar Other", &[]).await,
    };
    turn(app).await;
    cast
}

async fn turn(app: &TestSchool) {
    set_now(&app.school).await.expect("the turn");
}

fn at(instant: &str) -> Timestamp {
    instant.parse().expect("an instant")
}

/// A teacher asks for a site, as the block page leads to it.
async fn ask(client: &mut Client, name: &str, more: &[(&str, &str)]) -> Page {
    let form = client
        .get(&format!(
            "/approvals/new/filter-change?name={name}&group=pupils"
        ))
        .await;
    let mut fields = vec![("reason", "Times tables in Year 4")];
    fields.extend_from_slice(more);
    client.submit(&form, "Send the request", &fields).await
}

const AGREED: &[(&str, &str)] = &[
    ("risk", "It has adverts, which the browsers block."),
    ("decision", "agree"),
];

#[test]
fn a_site_is_asked_for_agreed_applied_tested_and_looked_at_each_by_whom_it_falls_to() {
    covers(&["H-194", "H-195"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let now = app.school.clock.now();
        assert_eq!(
            asked_of_the_file(&app, "pupils", "games.example", now),
            Blocked
        );
        // The address fills in all but the reason.
        let asked = ask(&mut cast.teacher, "https://www.games.example/tables", &[]).await;
        asked
            .says("Open games.example for pupils")
            .says("Waits for a decision")
            .says("Times tables in Year 4");
        let url = asked.path.clone();
        // To others it does not exist; the co-ordinator and the governor read it.
        assert_eq!(cast.other.get(&url).await.status, StatusCode::NOT_FOUND);
        for reader in [&mut cast.coordinator, &mut cast.governor] {
            let page = reader.get(&url).await;
            page.says("Tessa Teacher");
            assert!(!page.has_link("Decide") && !page.has_link("Apply it"));
        }
        for refused in [&mut cast.coordinator, &mut cast.governor] {
            let decision = refused.get(&format!("{url}/decision")).await;
            assert_eq!(decision.status, StatusCode::FORBIDDEN);
            let application = refused.post_only(&format!("{url}/application"), &[]).await;
            assert_eq!(application.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(
            cast.teacher.get(&format!("{url}/decision")).await.status,
            StatusCode::FORBIDDEN
        );
        // The decision shows what it would do, and asks for the risk.
        cast.head.get("/approvals").await.says("Waiting for you");
        let form = cast.head.get(&format!("{url}/decision")).await;
        form.says("Blocked: nothing of our own")
            .says("Open: open by request 1");
        assert!(
            !form.html().contains("agree-and-apply"),
            "a head does not apply"
        );
        let bare = cast
            .head
            .submit(&form, "Record the decision", &[("decision", "agree")])
            .await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        let agreed = cast.head.submit(&form, "Record the decision", AGREED).await;
        agreed.says("Agreed, not applied yet");
        assert!(!agreed.has_link("Apply it"), "to decide is not to apply");
        turn(&app).await;
        assert_eq!(
            asked_of_the_file(&app, "pupils", "games.example", now),
            Blocked
        );
        // A second decision comes too late.
        let late = cast.technician.get(&format!("{url}/decision")).await;
        assert_ne!(late.status, StatusCode::OK);
        // Only whoever carries the status applies.
        let form = cast.technician.get(&format!("{url}/application")).await;
        let applied = cast.technician.submit(&form, "Apply it now", &[]).await;
        applied.says("Applied, not tested yet");
        let asked_for =
            "select count(*) as count from job where kind = 'filter' and asked_by is not null";
        assert_eq!(
            app.count(asked_for).await,
            1,
            "the turn is as sure as the act"
        );
        let twice = cast.technician.submit(&form, "Apply it now", &[]).await;
        twice.says("Applied, not tested yet");
        turn(&app).await;
        assert_eq!(
            asked_of_the_file(&app, "pupils", "games.example", now),
            Allowed
        );
        assert_eq!(
            asked_of_the_file(&app, "guests", "games.example", now),
            Blocked
        );
        cast.teacher
            .get(&url)
            .await
            .says("In force")
            .says("Tested: the filter does so");
        cast.governor
            .get("/filter")
            .await
            .says("games.example")
            .says("Times tables in Year 4");
        // Another person looks at it.
        let own = cast.technician.get(&url).await;
        assert!(!own.has_link("Look at it"));
        let form = cast.coordinator.get(&format!("{url}/review")).await;
        let bare = cast
            .coordinator
            .submit(&form, "I have looked at it", &[])
            .await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        cast.coordinator
            .submit(&form, "I have looked at it", &[("note", "Right.")])
            .await
            .says("Looked at by another person");
        let journal = app.journal().await;
        for kind in [
            "approval.asked",
            "approval.agreed",
            "approval.applied",
            "approval.tested",
            "approval.started",
            "approval.reviewed",
        ] {
            assert!(journal.iter().any(|found| found == kind), "{kind}");
        }
    });
}

#[test]
fn what_was_applied_is_rolled_back_with_one_press_and_what_stood_before_stands_again() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let now = app.school.clock.now();
        // The network manager blocks a site without waiting for anybody, and applies it.
        let blocked = ask(
            &mut cast.technician,
            "library.example",
            &[("wish", "block")],
        )
        .await;
        let form = cast
            .technician
            .get(&format!("{}/decision", blocked.path))
            .await;
        let fields = [
            ("risk", "None that I see."),
            ("decision", "agree-and-apply"),
        ];
        cast.technician
            .submit(&form, "Record the decision", &fields)
            .await
            .says("Applied");
        turn(&app).await;
        assert_eq!(
            asked_of_the_file(&app, "pupils", "library.example", now),
            Blocked
        );
        // A teacher asks for it again.
        let asked = ask(&mut cast.teacher, "library.example", &[]).await;
        let form = cast
            .technician
            .get(&format!("{}/decision", asked.path))
            .await;
        form.says("Blocked: blocked by request 1");
        cast.technician
            .submit(&form, "Record the decision", &fields)
            .await;
        turn(&app).await;
        assert_eq!(
            asked_of_the_file(&app, "pupils", "library.example", now),
            Allowed
        );
        // It was a mistake.
        let page = cast.technician.get(&asked.path).await;
        let back = cast.technician.submit(&page, "Roll it back", &[]).await;
        back.says("Rolled back");
        turn(&app).await;
        assert_eq!(
            asked_of_the_file(&app, "pupils", "library.example", now),
            Blocked
        );
        assert!(!cast.head.get(&asked.path).await.has_button("Roll it back"));
        let head = cast
            .head
            .post_only(&format!("{}/rollback", blocked.path), &[])
            .await;
        assert_ne!(head.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn nobody_opens_what_they_asked_for_themselves() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let asked = ask(&mut cast.technician, "games.example", &[]).await;
        assert!(!asked.has_link("Decide"));
        let refused = cast
            .technician
            .get(&format!("{}/decision", asked.path))
            .await;
        refused.says("agreed by another person than whoever asks");
        // The request can be withdrawn by whoever asked, and by nobody else.
        let other = cast
            .head
            .post_only(&format!("{}/withdrawal", asked.path), &[])
            .await;
        assert_ne!(other.status, StatusCode::SEE_OTHER);
        let form = cast
            .technician
            .get(&format!("{}/withdrawal", asked.path))
            .await;
        cast.technician
            .submit(&form, "Withdraw it", &[])
            .await
            .says("Withdrawn");
        let late = cast.head.get(&format!("{}/decision", asked.path)).await;
        assert_ne!(late.status, StatusCode::OK);
    });
}

#[test]
fn a_refusal_says_why_and_changes_nothing() {
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let asked = ask(&mut cast.teacher, "adult.example", &[]).await;
        let form = cast.head.get(&format!("{}/decision", asked.path)).await;
        let bare = cast
            .head
            .submit(&form, "Record the decision", &[("decision", "refuse")])
            .await;
        assert_eq!(bare.errors(), ["Say why you refuse"]);
        let fields = [("decision", "refuse"), ("note", "Not for children.")];
        cast.head
            .submit(&form, "Record the decision", &fields)
            .await
            .says("Refused");
        cast.teacher
            .get(&asked.path)
            .await
            .says("Not for children.");
        turn(&app).await;
        let now = app.school.clock.now();
        assert_eq!(
            asked_of_the_file(&app, "pupils", "adult.example", now),
            Blocked
        );
    });
}

#[test]
fn social_networks_are_opened_for_a_stated_time_only_and_shut_by_themselves() {
    covers(&["H-300"]);
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let endless = ask(&mut cast.teacher, "social.example", &[]).await;
        assert_eq!(endless.status, StatusCode::UNPROCESSABLE_ENTITY);
        endless.says("for a stated time only");
        assert_eq!(endless.field("reason"), "Times tables in Year 4");
        let asked = ask(&mut cast.teacher, "social.example", &[("until", "today")]).await;
        let form = cast
            .technician
            .get(&format!("{}/decision", asked.path))
            .await;
        let fields = [("risk", "Adverts."), ("decision", "agree-and-apply")];
        cast.technician
            .submit(&form, "Record the decision", &fields)
            .await;
        turn(&app).await;
        let reached = |instant| asked_of_the_file(&app, "pupils", "social.example", at(instant));
        assert_eq!(reached("2026-09-23T10:00:00+01:00"), Allowed);
        // The filter keeps the end by itself, even if nobody writes the file again.
        assert_eq!(reached("2026-09-24T00:00:00+01:00"), Blocked);
        app.at("2026-09-24T00:00:01+01:00");
        turn(&app).await;
        // Signed in again: the night was long.
        let mut teacher = app.as_person(cast.teacher.id()).await;
        teacher.get(&asked.path).await.says("Ended");
        assert!(app.journal().await.contains(&"approval.ended".to_owned()));
        assert_eq!(
            app.count("select count(*) as count from filter_entry where ended_at is null")
                .await,
            0
        );
    });
}

const LESSON: &[(&str, &str)] = &[
    ("lesson", "How adverts persuade"),
    ("class", "6B"),
    ("group", "year-6"),
    ("pages", "https://social.example/about\ngames.example"),
    ("on-day", "24"),
    ("on-month", "9"),
    ("on-year", "2026"),
    ("from", "10:45"),
    ("to", "11:30"),
    ("aims", "To see through an advert."),
    (
        "risk",
        "Comments below the page: the teacher shows it on the board first.",
    ),
];

async fn lesson(client: &mut Client, more: &[(&str, &str)]) -> Page {
    let form = client.get("/approvals/new/sensitive-lesson").await;
    let mut fields: Vec<(&str, &str)> = LESSON
        .iter()
        .filter(|(name, _)| more.iter().all(|(other, _)| other != name))
        .copied()
        .collect();
    fields.extend_from_slice(more);
    client.submit(&form, "Send the request", &fields).await
}

#[test]
fn a_sensitive_lesson_needs_both_opens_for_its_class_and_time_and_shuts_by_itself() {
    covers(&["C-057", "C-058", "C-059", "C-136"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let bare = lesson(&mut cast.teacher, &[("risk", ""), ("to", "16:45")]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        bare.says("nobody can agree without it")
            .says("for 4 hours at most");
        let asked = lesson(&mut cast.teacher, &[]).await;
        asked
            .says("6B: How adverts persuade")
            .says("social.example, games.example");
        let url = asked.path.clone();
        // The lead may read it; to agree is for the two whom the policy names.
        cast.lead.get(&url).await.says("How adverts persuade");
        let lead = cast.lead.get(&format!("{url}/decision")).await;
        lead.says("Only the headteacher or the data protection officer");
        let form = cast.head.get(&format!("{url}/decision")).await;
        let agree = [("decision", "agree")];
        cast.head
            .submit(&form, "Record the decision", &agree)
            .await
            .says("Agreed in part");
        turn(&app).await;
        let reached = |group, name, time| {
            let instant = at(&format!("2026-09-24T{time}:00+01:00"));
            asked_of_the_file(&app, group, name, instant)
        };
        assert_eq!(reached("year-6", "social.example", "11:00"), Blocked);
        let again = cast.head.get(&format!("{url}/decision")).await;
        again.says("You have agreed to this already");
        let form = cast.officer.get(&format!("{url}/decision")).await;
        cast.officer
            .submit(&form, "Record the decision", &agree)
            .await
            .says("Applied");
        turn(&app).await;
        cast.teacher
            .get(&url)
            .await
            .says("Set and tested, not begun");
        for name in ["social.example", "games.example"] {
            for (group, time, expected) in [
                ("year-6", "10:44", Blocked),
                ("year-6", "10:45", Allowed),
                ("year-6", "11:29", Allowed),
                ("year-6", "11:30", Blocked),
                ("pupils", "11:00", Blocked),
            ] {
                assert_eq!(
                    reached(group, name, time),
                    expected,
                    "{name} {group} {time}"
                );
            }
        }
        app.at("2026-09-24T10:45:00+01:00");
        turn(&app).await;
        let mut teacher = app.as_person(cast.teacher.id()).await;
        teacher.get(&url).await.says("In force");
        app.at("2026-09-24T11:30:00+01:00");
        turn(&app).await;
        teacher = app.as_person(cast.teacher.id()).await;
        teacher.get(&url).await.says("Ended");
        assert_eq!(reached("year-6", "social.example", "11:00"), Blocked);
        // The next occasion needs an approval of its own.
        let next = lesson(&mut teacher, &[("on-day", "25")]).await;
        next.says("Risk assessed, not decided");
    });
}

#[test]
fn a_lesson_opens_on_the_devices_of_its_class_and_on_no_others() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let mut office = app.signed_in("Olga Office", &[Post::SchoolOffice]).await;
        let classes = office.get("/people/classes").await;
        let class = [("name", "6B"), ("year-group", "6")];
        office.submit(&classes, "Add the class", &class).await;
        for (name, address, class) in [("ipad-1", "10.2.0.1", "6B"), ("ipad-2", "10.2.0.2", "")] {
            let rows = format!("name,address,group,class\n{name},{address},year-6,{class}\n");
            let form = cast.technician.get("/filter/devices/rows").await;
            let looked = cast
                .technician
                .submit(&form, "Show what the rows would do", &[("rows", &rows)])
                .await;
            cast.technician
                .submit(&looked, "Write this device down", &[])
                .await;
        }
        let form = cast.teacher.get("/approvals/new/sensitive-lesson").await;
        form.says("The devices of 6B (year-6)");
        let mut records = app.school.database.read().await.expect("the records");
        let classes = crate::filter::classes(&mut records).await.expect("classes");
        drop(records);
        let option = crate::filter::class_group(&classes[0].0, &classes[0].1);
        let asked = lesson(&mut cast.teacher, &[("group", &option)]).await;
        asked.says("year-6: only the devices of the class");
        for client in [&mut cast.head, &mut cast.officer] {
            let form = client.get(&format!("{}/decision", asked.path)).await;
            form.says("year-6 (one class)");
            client
                .submit(&form, "Record the decision", &[("decision", "agree")])
                .await;
        }
        turn(&app).await;
        cast.head
            .get(&asked.path)
            .await
            .says("Set and tested, not begun");
        let groups = devices_groups(&app);
        assert_eq!(groups[1], "year-6");
        let during = at("2026-09-24T11:00:00+01:00");
        let reached = |group: &str, name| asked_of_the_file(&app, group, name, during);
        assert_eq!(reached(&groups[0], "social.example"), Allowed);
        assert_eq!(reached(&groups[0], "adult.example"), Blocked);
        assert_eq!(reached("year-6", "social.example"), Blocked);
        // Over, the class is a part of its group again.
        app.at("2026-09-24T11:46:00+01:00");
        turn(&app).await;
        assert_eq!(devices_groups(&app), ["year-6", "year-6"]);
    });
}

/// The group of each device in the register that the resolver reads.
fn devices_groups(app: &TestSchool) -> Vec<String> {
    let file = crate::filter::folder(&app.school).join("filter-register.toml");
    let text = std::fs::read_to_string(file).expect("a register");
    let register = belisha_filter::resolver::Register::parse(&text).expect("readable");
    register
        .devices
        .into_iter()
        .map(|device| device.group)
        .collect()
}

#[test]
fn a_lesson_is_stopped_at_once_by_whoever_had_to_agree() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let asked = lesson(
            &mut cast.teacher,
            &[("on-day", "23"), ("from", "8:30"), ("to", "9:30")],
        )
        .await;
        for client in [&mut cast.head, &mut cast.officer] {
            let form = client.get(&format!("{}/decision", asked.path)).await;
            client
                .submit(&form, "Record the decision", &[("decision", "agree")])
                .await;
        }
        turn(&app).await;
        let now = app.school.clock.now();
        assert_eq!(
            asked_of_the_file(&app, "year-6", "social.example", now),
            Allowed
        );
        let lead = cast
            .lead
            .post_only(&format!("{}/withdrawal", asked.path), &[])
            .await;
        assert_ne!(lead.status, StatusCode::SEE_OTHER);
        let form = cast.head.get(&format!("{}/withdrawal", asked.path)).await;
        cast.head
            .submit(&form, "Withdraw it", &[("note", "A parent has asked.")])
            .await
            .says("Withdrawn");
        turn(&app).await;
        assert_eq!(
            asked_of_the_file(&app, "year-6", "social.example", now),
            Blocked
        );
    });
}

#[test]
fn each_kind_has_a_key_and_an_address_of_its_own() {
    for (at, kind) in KINDS.iter().enumerate() {
        assert_eq!(kind.url, format!("/approvals/new/{}", kind.key));
        assert!(KINDS[..at].iter().all(|other| other.key != kind.key));
    }
}

#[test]
fn both_packs_say_who_decides() {
    let pack = |text| belisha_policy::parse(text).expect("a pack without faults");
    let (junior, primary) = (pack(JUNIOR), pack(PRIMARY));
    let terms = |kind: &str, policy: &Policy| (Kind::from_key(kind).expect("a kind").terms)(policy);
    assert_eq!(
        terms("sensitive-lesson", &junior).deciders,
        [Post::Headteacher]
    );
    assert_eq!(
        terms("sensitive-lesson", &primary).deciders,
        [Post::Headteacher, Post::DataProtectionOfficer]
    );
    for policy in [junior, primary] {
        let terms = terms("filter-change", &policy);
        assert_eq!(terms.managers, [Post::NetworkManager]);
        assert!(terms.second_person && !terms.all);
    }
}

#[test]
fn a_mailing_is_permitted_for_a_time_and_by_nobody_who_asks_for_it() {
    covers(&["C-050"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.teacher.get("/approvals").await;
        let form = cast.teacher.get(&form.link("Ask to send a mailing")).await;
        form.says("Nobody sends advertisements to many people without permission.");
        let bare = cast.teacher.submit(&form, "Send the request", &[]).await;
        assert_eq!(
            bare.errors(),
            [
                "Say what it advertises",
                "Say on whose behalf it is sent",
                "Say to whom it goes",
                "Say by which way it is sent",
                "Enter a day from today on, such as 27 3 2027",
                "Say why the school should send it",
            ]
        );
        let typed = [
            ("about", "A holiday club"),
            ("from", "Kestrel Sports"),
            ("to", "all families of Year 4"),
            ("how", "A leaflet in book bags"),
            ("until-day", "30"),
            ("until-month", "9"),
            ("until-year", "2026"),
            ("reason", "Families asked where their children can go."),
        ];
        let asked = cast.teacher.submit(&bare, "Send the request", &typed).await;
        asked
            .says("a mailing")
            .says("A holiday club, to all families of Year 4")
            .says("Kestrel Sports");
        // It changes nothing in the filter, and says nothing of it.
        assert!(!asked.text().contains("What it would do"));
        let url = asked.path.clone();
        for other in [&mut cast.technician, &mut cast.officer] {
            let decision = other.get(&format!("{url}/decision")).await;
            assert_eq!(decision.status, StatusCode::FORBIDDEN);
        }
        let form = cast.head.get(&format!("{url}/decision")).await;
        form.says("Whose addresses are used");
        let agreed = [
            (
                "risk",
                "The leaflet says that the school does not recommend it.",
            ),
            ("decision", "agree"),
        ];
        let active = cast
            .head
            .submit(&form, "Record the decision", &agreed)
            .await;
        active
            .says("In force")
            .says("Agreed as headteacher")
            .says("Begun");
        assert!(!active.has_link("Look at it") && !active.has_button("Roll it back"));
        // Nothing of it reaches the filter, which tests nothing either.
        turn(&app).await;
        assert_eq!(
            app.count("select count(*) as count from filter_entry")
                .await,
            0
        );
        cast.coordinator.get(&url).await.says("In force");
        app.at("2026-10-01T00:00:00+01:00");
        turn(&app).await;
        let mut head = app.as_person(cast.head.id()).await;
        head.get(&url).await.says("Ended");
    });
}

#[test]
fn a_mailing_can_be_stopped_and_a_policy_without_the_control_has_none() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let form = cast.head.get("/approvals/new/mailing").await;
        let typed = [
            ("about", "A book fair"),
            ("from", "A bookshop"),
            ("to", "everybody"),
            ("how", "E-mail"),
            ("until-day", "30"),
            ("until-month", "9"),
            ("until-year", "2026"),
            ("reason", "It pays for the library."),
        ];
        let asked = cast.head.submit(&form, "Send the request", &typed).await;
        let url = asked.path.clone();
        // Whoever asks does not permit it to themselves.
        let decision = cast.head.get(&format!("{url}/decision")).await;
        assert_eq!(decision.status, StatusCode::FORBIDDEN);
        let form = cast.head.get(&format!("{url}/withdrawal")).await;
        cast.head
            .submit(&form, "Withdraw it", &[("note", "It is cancelled.")])
            .await
            .says("Withdrawn");
    });
    on_each_engine(JUNIOR, async |app| {
        let mut cast = cast(&app).await;
        let page = cast.teacher.get("/approvals").await;
        assert!(!page.has_link("Ask to send a mailing"));
        let form = cast.teacher.get("/approvals/new/mailing").await;
        assert_eq!(form.status, StatusCode::NOT_FOUND);
    });
}
