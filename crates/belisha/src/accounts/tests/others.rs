//! Running other people's accounts.

use axum::http::StatusCode;
use belisha_policy::{Post, Standing};

use super::{arrive, shown_code, type_in};
use crate::testing::{Client, JUNIOR, PASSWORD, TestSchool, covers, on_each_engine};

#[test]
fn the_list_is_for_those_who_run_or_watch_accounts() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let check = async |name: &str, posts: &[Post], status: u16, may_invite: bool| {
            let mut client = app.signed_in(name, posts).await;
            let page = client.get("/accounts").await;
            assert_eq!(page.status.as_u16(), status, "{name}");
            assert_eq!(
                page.html().contains("Invite somebody"),
                may_invite,
                "{name}"
            );
            let form = client.get("/accounts/invitations/new").await;
            assert_eq!(form.status == StatusCode::OK, may_invite, "{name}");
        };
        check("The head", &[Post::Headteacher], 200, true).await;
        check("The technician", &[Post::NetworkManager], 200, true).await;
        check("The office", &[Post::SchoolOffice], 200, true).await;
        check("The officer", &[Post::DataProtectionOfficer], 200, false).await;
        check("The lead", &[Post::DesignatedSafeguardingLead], 404, false).await;
        check("A teacher", &[], 404, false).await;
    });
}

async fn press(client: &mut Client, person: belisha_rules::ids::PersonId, button: &str) {
    let page = client.get(&format!("/accounts/{person}")).await;
    client.submit(&page, button, &[]).await;
}

#[test]
fn a_closed_account_ends_at_once_and_comes_back_with_nothing() {
    covers(&["H-200"]);
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let mut bob = app.signed_in("Bob Finch", &[Post::NetworkManager]).await;
        press(&mut head, bob.id(), "Close the account").await;
        assert_eq!(app.journal().await.last().unwrap(), "account.disabled");
        let sent = bob.get("/cover").await.location.expect("a way");
        assert!(sent.starts_with("/sign-in"));
        assert_eq!(
            type_in(&mut app.nobody(), "Bob Finch", PASSWORD)
                .await
                .status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        press(&mut head, bob.id(), "Open the account again").await;
        assert!(
            bob.get("/cover").await.location.is_some(),
            "the session stays ended"
        );
        arrive(&app, "Bob Finch", bob.id()).await;

        let mut teacher = app.signed_in("Tess Wren", &[]).await;
        let act = format!("/accounts/{}/closure", bob.id());
        let page = teacher.post(&act, &[("submission", "1")]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        let twice = head.post(&act, &[("submission", "2")]).await;
        assert_eq!(twice.status, StatusCode::OK);
        let again = head.post(&act, &[("submission", "2")]).await;
        assert_eq!(again.status, StatusCode::OK, "the same form acts once");
        let other = head.post(&act, &[("submission", "3")]).await;
        assert_eq!(other.status, StatusCode::FORBIDDEN, "already closed");
    });
}

#[test]
fn sessions_of_others_are_ended_by_those_who_run_accounts() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut technician = app.signed_in("Ada Lark", &[Post::NetworkManager]).await;
        let mut bob = app.signed_in("Bob Finch", &[]).await;
        press(&mut technician, bob.id(), "End their sessions").await;
        assert!(bob.get("/cover").await.location.is_some());
    });
}

#[test]
fn a_lost_factor_needs_two_others() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut head = app.signed_in("Ada Lark", &[Post::Headteacher]).await;
        let mut chair = app.signed_in("Cy Heron", &[Post::ChairOfGovernors]).await;
        let mut teacher = app.signed_in("Tess Wren", &[]).await;
        let person = app
            .person(
                "Bob Finch",
                Standing::Staff,
                &[Post::DesignatedSafeguardingLead],
            )
            .await;
        let mut owner = app.as_person(person).await;
        press(&mut head, person, "Ask to reset the second factor").await;
        assert_eq!(app.journal().await.last().unwrap(), "account.reset-asked");
        let told = app
            .count("select count(*) as count from notice where kind = 'account-reset-to-agree'")
            .await;
        assert_eq!(told, 1, "the chair; not the owner, not who asked");

        let page = head.get("/accounts/factor-resets").await;
        page.says("You asked for it");
        assert!(!page.has_button("Agree to the reset"));
        owner
            .get("/accounts/factor-resets")
            .await
            .says("This is your own");
        let page = chair.get("/accounts/factor-resets").await;
        let (agree, _) = page.form_with("Agree to the reset");
        let form = &[("submission", "1")];
        assert_eq!(head.post(&agree, form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(owner.post(&agree, form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(
            teacher.post(&agree, form).await.status,
            StatusCode::NOT_FOUND
        );
        let page = chair.submit(&page, "Agree to the reset", &[]).await;
        page.says("Nobody waits for a reset");
        assert_eq!(app.journal().await.last().unwrap(), "account.reset-agreed");
        assert!(owner.get("/cover").await.location.is_some());
        assert_eq!(
            type_in(&mut app.nobody(), "Bob Finch", PASSWORD)
                .await
                .heading(),
            "Set up your second factor"
        );
        let again = chair.post(&agree, &[("submission", "2")]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND, "done twice");
    });
}

#[test]
fn a_guest_account_names_one_person_and_ends() {
    covers(&["H-201"]);
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let mut office = app.signed_in("Ada Lark", &[Post::SchoolOffice]).await;
        let page = office.get("/accounts/guests/new").await;
        let mut open = async |name: &str, email: &str, date: [&str; 3]| {
            let fields = [
                ("name", name),
                ("email", email),
                ("ends-on-day", date[0]),
                ("ends-on-month", date[1]),
                ("ends-on-year", date[2]),
            ];
            let page = office.get("/accounts/guests/new").await;
            office.submit(&page, "Open the account", &fields).await
        };
        drop(page);
        let email = "tess.wren@larkfield.example";
        for (name, date) in [
            ("", ["30", "9", "2026"]),
            ("Tess Wren", ["22", "9", "2026"]),
            ("Tess Wren", ["1", "1", "2027"]),
            ("Tess Wren", ["31", "9", "2026"]),
            ("Tess Wren", ["soon", "", ""]),
        ] {
            let page = open(name, email, date).await;
            assert_eq!(
                page.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{name} {date:?}"
            );
            assert!(page.html().contains(email), "what was typed stays");
        }
        let last = ["24", "9", "2026"];
        let code = shown_code(&open("Tess Wren", email, last).await);
        let double = open("Tess Wren", email, last).await;
        assert!(double.errors()[0].contains("has this address already"));

        let mut tess = app.nobody();
        let page = tess.get("/invitation").await;
        let chosen = "tram lemon quiet seven";
        tess.submit(
            &page,
            "Continue",
            &[("code", &code), ("new_password", chosen)],
        )
        .await;
        assert_eq!(tess.get("/cover").await.status, StatusCode::OK);
        app.at("2026-09-24T23:59:00+01:00");
        let page = type_in(&mut tess, "Tess Wren", chosen).await;
        assert_eq!(page.status, StatusCode::OK);
        app.at("2026-09-25T00:00:00+01:00");
        let sent = tess.get("/cover").await.location.expect("a way");
        assert!(sent.starts_with("/sign-in"), "ends with the day");
        assert_eq!(
            type_in(&mut tess, "Tess Wren", chosen).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    });
}
