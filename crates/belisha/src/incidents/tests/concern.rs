//! Parents and visitors report on the public page, with the policy's own advice, and the
//! page never says who is at the school.

use axum::http::StatusCode;

use super::{cast, newest};
use crate::testing::{Client, JUNIOR, PRIMARY, Page, covers, on_each_engine};

fn typed<'a>(sender: &'a str, about: &'a str, names: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("sender", sender),
        ("words", "My child was sent horrible messages."),
        ("about-whom", about),
        ("names", names),
        ("at-risk", "no"),
        ("told-police", "no"),
        ("name", "A Parent"),
        ("contact", "01632 960 001"),
    ]
}

async fn check(client: &mut Client, fields: &[(&str, &str)]) -> Page {
    let form = client.get("/concern").await;
    client.submit(&form, "Continue", fields).await
}

fn code(sent: &Page) -> String {
    let html = sent.html();
    let list = html
        .split("belisha-code\">")
        .nth(1)
        .and_then(|rest| rest.split("</ol>").next())
        .expect("a code");
    list.replace("<li>", "")
        .replace("</li>", " ")
        .trim()
        .to_owned()
}

#[test]
fn a_parent_reads_the_policys_advice_reports_and_is_answered() {
    covers(&["C-204", "C-218", "C-226"]);
    for (pack, advice, receives) in [
        (
            JUNIOR,
            "Do not reply to whoever upset your child.",
            "the online safety co-ordinator",
        ),
        (PRIMARY, "Never answer whoever sent it.", "the headteacher"),
    ] {
        on_each_engine(pack, async |app| {
            let mut cast = cast(&app).await;
            let mut parent = app.nobody();
            let page = parent.get("/concern").await;
            page.says(advice)
                .says("do not send it on")
                .says("police at once")
                .says("ring 999");
            assert!(page.has_link("Exit this page"));
            assert!(!page.html().contains("type=\"file\""));
            let checked = check(&mut parent, &typed("parent", "child", "Pip Pupil")).await;
            checked.says(&format!("This goes to {receives}."));
            let sent = parent.submit(&checked, "Send it", &[]).await;
            sent.says("We have your report").says(advice);
            let words = code(&sent);
            let url = newest(&app).await;
            let handler = if pack == JUNIOR {
                &mut cast.coordinator
            } else {
                &mut cast.head
            };
            let case = handler.get(&url).await;
            case.says("a parent or carer, without an account")
                .says("A Parent")
                .says("01632 960 001")
                .says("Pip Pupil");
            let form = handler.get(&format!("{url}/answer")).await;
            handler
                .submit(
                    &form,
                    "Send the answer",
                    &[("words", "We will ring you today.")],
                )
                .await;
            let ask = parent.get("/concern/answer").await;
            let answer = parent
                .submit(&ask, "Show the answer", &[("code", words.as_str())])
                .await;
            answer.says("We will ring you today.");
        });
    }
}

#[test]
fn a_visitor_reaches_head_and_lead() {
    covers(&["C-161"]);
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let mut visitor = app.nobody();
        let checked = check(&mut visitor, &typed("visitor", "child", "")).await;
        checked.says("This goes to the headteacher and the designated safeguarding lead.");
        visitor.submit(&checked, "Send it", &[]).await;
        let url = newest(&app).await;
        for reader in [&mut cast.head, &mut cast.lead] {
            reader
                .get(&url)
                .await
                .says("a visitor or volunteer, without an account");
        }
        assert_eq!(
            app.count("select count(*) as count from notice where kind = 'incident-for-you'")
                .await,
            2
        );
    });
}

#[test]
fn the_page_says_the_same_whether_a_name_is_on_the_register() {
    on_each_engine(JUNIOR, async |app| {
        cast(&app).await;
        let mut parent = app.nobody();
        let neutral = |page: &Page, name: &str| page.text().replace(name, "NAME");
        for (about, known, unknown) in [
            ("child", "Pip Pupil", "Zed Nobody"),
            ("adult", "Oscar Other", "Zed Nobody"),
            ("adult", "Tessa Teacher", "Zed Nobody"),
        ] {
            let there = check(&mut parent, &typed("parent", about, known)).await;
            let absent = check(&mut parent, &typed("parent", about, unknown)).await;
            assert_eq!(neutral(&there, known), neutral(&absent, unknown), "{about}");
        }
    });
}

#[test]
fn a_concern_about_the_head_from_outside_goes_to_the_chair() {
    on_each_engine(PRIMARY, async |app| {
        let mut cast = cast(&app).await;
        let mut parent = app.nobody();
        let fields = typed("parent", "adult", "Hazel Head");
        let checked = check(&mut parent, &fields).await;
        checked.says("This goes to the chair of governors.");
        parent.submit(&checked, "Send it", &[]).await;
        let url = newest(&app).await;
        assert_eq!(cast.head.get(&url).await.status, StatusCode::NOT_FOUND);
        cast.chair
            .get(&url)
            .await
            .says("My child was sent horrible messages.");
    });
}

#[test]
fn mistakes_are_said_and_nothing_typed_is_lost() {
    on_each_engine(JUNIOR, async |app| {
        let mut parent = app.nobody();
        let form = parent.get("/concern").await;
        let bare = parent.submit(&form, "Continue", &[]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(bare.errors().len(), 4, "{:?}", bare.errors());
        let mut fields = typed("parent", "child", "Pip Pupil");
        fields.extend([("on-day", "1"), ("on-month", "1"), ("on-year", "2099")]);
        let wrong = parent.submit(&form, "Continue", &fields).await;
        wrong
            .says("This day is still to come")
            .says("My child was sent horrible messages.");
        assert_eq!(wrong.field("contact"), "01632 960 001");
    });
}

#[test]
fn the_sheet_to_print_leads_to_both_pages() {
    on_each_engine(JUNIOR, async |app| {
        let mut office = app
            .signed_in("Olive Office", &[belisha_policy::Post::SchoolOffice])
            .await;
        let sheet = office.get("/concern/poster").await;
        sheet
            .says("http://localhost/tell")
            .says("http://localhost/concern");
        assert_eq!(sheet.html().matches("<svg role=\"img\"").count(), 2);
        assert_eq!(
            app.nobody().get("/concern/poster").await.status,
            StatusCode::SEE_OTHER
        );
    });
}
