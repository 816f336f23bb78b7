//! Coming in and going out, as people do it.

mod coming_in;
mod given_codes;
mod held_forms;
mod others;
mod owed;
mod own;
mod recovery;
mod same_work;

pub(crate) use owed::code_on;

use axum::http::StatusCode;
use belisha_rules::ids::PersonId;

use super::standing;
use super::totp::{self, Seed};
use crate::testing::{Client, PASSWORD, Page, TestSchool};

/// The code that a person's app shows now.
pub(crate) async fn code_of(app: &TestSchool, person: PersonId) -> String {
    let mut records = app.school.database.read().await.expect("records");
    let account = standing::of(&mut records, person)
        .await
        .expect("records")
        .expect("an account");
    let sealed = account.totp_sealed.expect("a second factor");
    Seed::open(&app.school, person, &sealed)
        .expect("a seed")
        .code_at(totp::step_at(app.school.clock.now()))
        .expect("a code")
}

/// Types a name and a password into the sign-in page.
async fn type_in(browser: &mut Client, name: &str, password: &str) -> Page {
    let page = browser.get("/sign-in?then=/cover").await;
    let email = TestSchool::sign_in_name(name);
    browser
        .submit(
            &page,
            "Sign in",
            &[("email", &email), ("password", password)],
        )
        .await
}

/// Signs a person in with password and code.
async fn arrive(app: &TestSchool, name: &str, person: PersonId) -> Client {
    let mut browser = app.nobody();
    let page = type_in(&mut browser, name, PASSWORD).await;
    let code = code_of(app, person).await;
    let page = browser.submit(&page, "Continue", &[("code", &code)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    browser.person = Some(person);
    browser
}

/// Changes one row by hand, where a test needs a state that no page makes.
async fn change(app: &TestSchool, statement: crate::db::Statement) {
    let mut tx = app
        .school
        .write(crate::actor::Actor::School("test"))
        .await
        .expect("a transaction");
    tx.run(statement).await.expect("a row");
    tx.commit(crate::entries::Entry::of(
        crate::entries::EntryKind::PersonChanged,
        crate::entries::Object::new("test", "1"),
    ))
    .await
    .expect("a commit");
}

/// The code in the panel of a page that shows one.
fn shown_code(page: &Page) -> String {
    let text = page.text();
    let after = text.split("The code is made Code").nth(1);
    let after = after.unwrap_or_else(|| panic!("no code on {}:\n{text}", page.path));
    after.trim_start().chars().take(19).collect()
}
