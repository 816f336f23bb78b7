//! A school from the code on the console to the first account; and its facts afterwards.

use belisha_policy::Post;

use crate::db::sql;
use crate::testing::{JUNIOR, PASSWORD, Page, TestSchool, on_each_engine, unset};

/// Begins a browser that has given the code.
async fn begun(app: &TestSchool) -> crate::testing::Client {
    let code = super::set_up::new_code(&app.school).await.expect("a code");
    let mut browser = app.nobody();
    let page = browser.get("/set-up").await;
    let sent = browser
        .submit(&page, "Begin", &[("code", &code.shown())])
        .await;
    sent.says("Seven steps");
    browser
}

async fn fill_people(browser: &mut crate::testing::Client) -> Page {
    let names = ["Ann Marsh", "Tom Reed", "Ida Fell"];
    let emails = [
        "head@school.example",
        "lead@school.example",
        "chair@school.example",
    ];
    let mut fields = Vec::new();
    for at in 0..9 {
        fields.push(("name", *names.get(at).unwrap_or(&"")));
        fields.push(("email", *emails.get(at).unwrap_or(&"")));
    }
    browser.post("/set-up/people", &fields).await
}

#[test]
fn a_school_is_set_up_from_the_code_to_the_first_account() {
    unset(async |app| {
        let mut browser = begun(&app).await;
        let page = browser.get("/set-up/school").await;
        let page = browser
            .submit(
                &page,
                "Continue",
                &[("name", "Larkfield School"), ("town", "Larkfield")],
            )
            .await;
        page.says("Terms and closures");
        let page = browser.submit(&page, "Continue", &[]).await;
        page.says("People and their posts");
        let page = fill_people(&mut browser).await;
        page.says("Recovery kit");
        let page = browser
            .submit(&page, "Make the kit and show its sheets", &[])
            .await;
        page.says("Sheet 1 of 3").says("Sheet 3 of 3");
        let html = page.html();
        let second = html.split("<pre>").nth(2).expect("the second sheet");
        let second = second.split("</pre>").next().expect("its end");
        let groups: Vec<&str> = second.split_whitespace().collect();
        let wrong = browser
            .submit(
                &page,
                "I have printed all three sheets",
                &[("groups", "AAAAA BBBBB")],
            )
            .await;
        assert_eq!(wrong.status, 422);
        // The sheets are still there, and as a PDF without anything secret in its name.
        wrong.says("Sheet 2 of 3");
        let (path, fields) = wrong.form_with("Get the sheets as a PDF");
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let pdf = browser.post_only(&path, &fields).await;
        assert_eq!(pdf.status, 200);
        assert_eq!(pdf.headers["content-type"], "application/pdf");
        assert_eq!(
            pdf.headers["content-disposition"],
            "attachment; filename=\"recovery-kit-sheets.pdf\""
        );
        assert_eq!(pdf.headers["cache-control"], "no-store");
        let forged = browser.post_only(&path, &fields[..2]).await;
        assert_eq!(forged.status, 403);
        let right = groups[groups.len() - 2..].join(" ");
        let page = browser
            .submit(
                &wrong,
                "I have printed all three sheets",
                &[("groups", &right)],
            )
            .await;
        page.says("Which policy does the school begin with?");
        let page = browser
            .submit(
                &page,
                "Choose this policy",
                &[("pack", "junior"), ("minute", "")],
            )
            .await;
        page.says("Your own account").says("Who are you?");
        let own = open_own_account(&app, &mut browser, &page).await;
        let page = browser.get(&own.link("Continue")).await;
        page.says("Nobody holds these posts yet");
        let opened = browser.submit(&page, "Open the school", &[]).await;
        opened
            .says("Larkfield School is open")
            .says("Tom Reed")
            .says("Ida Fell");

        assert!(
            !opened.text().contains("head@school.example"),
            "whoever set the school up needs no code"
        );
        // The wizard is gone. Its browser is signed in, with both factors.
        assert_eq!(browser.get("/set-up").await.status, 404);
        assert_eq!(browser.get("/set-up/people").await.status, 404);
        assert_eq!(browser.get("/account").await.status, 200);
        assert_eq!(
            app.count("select count(*) as count from session where factor = 'second-factor'")
                .await,
            1
        );
        assert_eq!(
            app.count("select count(*) as count from account where state = 'active' and private_key_by_recovery is not null")
                .await,
            1
        );
        // A code opens another's account.
        let html = opened.html();
        let code = html.split("<code>").nth(1).expect("a code");
        let code = code.split("</code>").next().expect("its end");
        let mut other = app.nobody();
        let page = other.get("/invitation").await;
        let page = other
            .submit(
                &page,
                "Continue",
                &[("code", code), ("new_password", PASSWORD)],
            )
            .await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(
            app.count("select count(*) as count from account where state = 'active'")
                .await,
            2
        );
    });
}

/// Chooses who one is, a password and a second factor; the page of recovery codes.
async fn open_own_account(
    app: &TestSchool,
    browser: &mut crate::testing::Client,
    page: &Page,
) -> Page {
    let mut records = app.school.database.read().await.expect("records");
    let row = sql("select id from person where email = 'head@school.example'")
        .one(&mut records)
        .await
        .expect("the headteacher");
    let head: String = row.get("id").expect("an id");
    drop(records);
    let nobody = browser
        .submit(page, "Continue", &[("new_password", PASSWORD)])
        .await;
    assert_eq!(nobody.errors(), ["Choose who you are"]);
    let short = browser
        .submit(
            page,
            "Continue",
            &[("person", &head), ("new_password", "short")],
        )
        .await;
    assert_eq!(short.status, 422);
    assert_eq!(short.field("person"), head, "who they are is kept");
    let factor = browser
        .submit(
            page,
            "Continue",
            &[("person", &head), ("new_password", PASSWORD)],
        )
        .await;
    assert_eq!(factor.heading(), "Set up your second factor");
    // The school does not open to somebody with a password alone.
    let too_early = browser.get("/set-up/finish").await;
    assert_eq!(too_early.location.as_deref(), Some("/set-up"));
    let wrong = browser
        .submit(&factor, "Confirm", &[("code", "000000")])
        .await;
    assert_eq!(wrong.status, 422);
    let code = crate::accounts::tests::code_on(app, &wrong);
    let codes = browser.submit(&wrong, "Confirm", &[("code", &code)]).await;
    assert_eq!(codes.heading(), "Your recovery codes");
    codes
}

#[test]
fn only_the_browser_that_gave_the_code_goes_on() {
    unset(async |app| {
        let mut browser = begun(&app).await;
        let mut other = app.nobody();
        for path in [
            "/set-up/school",
            "/set-up/people",
            "/set-up/recovery-kit",
            "/set-up/finish",
        ] {
            let page = other.get(path).await;
            assert_eq!(page.location.as_deref(), Some("/set-up"), "{path}");
        }
        other.get("/set-up").await.says("Set-up code");
        // A wrong code, and the right one used twice.
        let page = other.get("/set-up").await;
        let refused = other
            .submit(&page, "Begin", &[("code", "ABCD EFGH IJKL MNOP")])
            .await;
        assert_eq!(refused.status, 422);
        // The last step is not there before the others are done.
        let page = browser.get("/set-up/finish").await;
        assert_eq!(page.location.as_deref(), Some("/set-up"));
        let page = browser.post_only("/set-up/finish", &[]).await;
        assert_eq!(page.location.as_deref(), Some("/set-up"));
        // A wrong form keeps what was typed.
        let page = browser.get("/set-up/school").await;
        let page = browser
            .submit(&page, "Continue", &[("name", ""), ("town", "Larkfield")])
            .await;
        assert_eq!(page.status, 422);
        assert!(page.html().contains("value=\"Larkfield\""));
    });
}

#[test]
fn a_code_guessed_at_too_often_is_dead() {
    unset(async |app| {
        let code = super::set_up::new_code(&app.school).await.expect("a code");
        let mut browser = app.nobody();
        for _ in 0..10 {
            let page = browser
                .post_only("/set-up", &[("code", "ABCD EFGH IJKL MNOP")])
                .await;
            assert_eq!(page.status, 422);
        }
        let page = browser
            .post_only("/set-up", &[("code", &code.shown())])
            .await;
        assert_eq!(page.status, 422);
        let code = super::set_up::new_code(&app.school).await.expect("another");
        let page = browser
            .post_only("/set-up", &[("code", &code.shown())])
            .await;
        assert_eq!(page.status, 303);
    });
}

#[test]
fn the_facts_are_changed_by_those_who_may() {
    on_each_engine(JUNIOR, async |app| {
        let mut teacher = app.signed_in("Tom Reed", &[]).await;
        let page = teacher.get("/school").await;
        page.says("Larkfield School").says("Autumn 2026");
        assert!(!page.has_button("Save the school’s details"));
        let details = [
            ("name", "Larkfield Primary School"),
            ("address", "1 Chalk Lane"),
            ("town", "Larkfield"),
            ("urn", "123456"),
            ("time_zone", "Europe/London"),
        ];
        assert_eq!(teacher.post_only("/school", &details).await.status, 403);
        let mut head = app.signed_in("Ann Marsh", &[Post::Headteacher]).await;
        head.post("/school", &details)
            .await
            .says("Larkfield Primary School");
        let wrong = head
            .post(
                "/school",
                &[("urn", "1"), details[0], details[1], details[2], details[4]],
            )
            .await;
        assert_eq!(wrong.status, 422);
        let page = head.get("/school").await;
        let page = head
            .submit(
                &page,
                "Save terms and closures",
                &[
                    ("closure", "Training day"),
                    ("closure_from", "2026-10-05"),
                    ("closure_until", "2026-10-05"),
                ],
            )
            .await;
        page.says("Training day: 5 October 2026");
        let mut records = app.school.database.read().await.expect("records");
        let row = sql("select urn from school")
            .one(&mut records)
            .await
            .expect("a school");
        assert_eq!(row.get::<String>("urn").expect("a number"), "123456");
        assert_eq!(
            app.journal().await.last().map(String::as_str),
            Some("school.changed")
        );
    });
}
