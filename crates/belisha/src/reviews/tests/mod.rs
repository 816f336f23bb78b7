//! What a school needs to trust of its guided reviews.

mod cyberbullying;
mod nude_image;
mod others;
mod police_first;

use belisha_policy::{Post, Standing};

use crate::db::sql;
use crate::testing::{Client, Page, TestSchool};

/// The people of a school, by their posts.
struct Cast {
    head: Client,
    lead: Client,
    deputy: Client,
    coordinator: Client,
    chair: Client,
    teacher: Client,
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
        coordinator: app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await,
        chair: app
            .signed_in("Charles Chair", &[Post::ChairOfGovernors])
            .await,
        teacher: app.signed_in("Tessa Teacher", &[]).await,
    };
    app.person("Pip Pupil", Standing::Pupil, &[]).await;
    app.signed_in("Oscar Other", &[]).await;
    cast
}

/// Reports a concern and gives the address of its case.
async fn reported(app: &TestSchool, teacher: &mut Client, who: &str, part: &str) -> String {
    let form = teacher.get("/reports/new").await;
    let checked = teacher
        .submit(
            &form,
            "Continue",
            &[
                ("words", "A picture went round."),
                ("when", "now"),
                ("place", "The library"),
                ("at-risk", "no"),
                ("told-lead", "no"),
                ("knows-how", "I was told"),
                ("who", who),
                ("part", part),
                ("meant", ""),
            ],
        )
        .await;
    teacher.submit(&checked, "Send the report", &[]).await;
    let mut records = app.school.database.read().await.expect("records");
    let row = sql("select id from incident order by opened_at desc, id")
        .one(&mut records)
        .await
        .expect("a case");
    format!("/incidents/{}", row.get::<String>("id").expect("an id"))
}

/// Acknowledges and triages a case.
async fn triaged(who: &mut Client, url: &str, category: &str, imagery: &str) -> Page {
    let case = who.get(url).await;
    who.submit(&case, "Acknowledge: I have this", &[]).await;
    triage(who, url, category, imagery).await
}

async fn triage(who: &mut Client, url: &str, category: &str, imagery: &str) -> Page {
    let form = who.get(&format!("{url}/triage")).await;
    who.submit(
        &form,
        "Save the triage",
        &[
            ("category", category),
            ("child-at-risk", "no"),
            ("disturbing", "no"),
            ("imagery", imagery),
            ("outcome", "respond"),
            ("reason", "As it was told."),
        ],
    )
    .await
}

const KEEP: &str = "Keep and go on";

/// Answers a page of a review.
async fn answer(who: &mut Client, review: &str, page: &str, fields: &[(&str, &str)]) -> Page {
    let form = who.get(&format!("{review}/pages/{page}")).await;
    assert_eq!(form.status.as_u16(), 200, "{page}: {}", form.text());
    who.submit(&form, KEEP, fields).await
}

/// Notes an item in the evidence log of a case.
async fn noted(who: &mut Client, url: &str) -> Page {
    let form = who.get(&format!("{url}/evidence/new")).await;
    let item = [
        ("what", "Four messages."),
        ("place", "A game’s chat"),
        ("at-day", "23"),
        ("at-month", "9"),
        ("at-year", "2026"),
        ("at-time", "8:30"),
        ("keeper", "Tessa Teacher"),
        ("sent-on", "no"),
    ];
    who.submit(&form, "Add to the evidence log", &item).await
}

/// What is done first in a case of cyberbullying.
const FIRST_STEPS: &[(&str, &str)] = &[
    ("not-answered", "yes"),
    ("blocked", "yes"),
    ("site-told", "cannot"),
];

/// The pages of the nude-image review with nothing in them that speaks for a referral.
const HARMLESS: &[(&str, &[(&str, &str)])] = &[
    (
        "immediate-risk",
        &[("at-risk", "no"), ("at-risk-why", "They are at home.")],
    ),
    (
        "how-it-came-about",
        &[
            ("why-shared", "A dare."),
            ("pressed", "unknown"),
            ("who-shared", "not-on-register"),
            ("who-shared-why", "A cousin."),
            ("where-shared", "A chat group."),
            ("knew", "unknown"),
        ],
    ),
    (
        "the-children",
        &[
            ("adults", "no"),
            ("effect", "Upset."),
            ("vulnerable", "no"),
            ("consent", "yes"),
            ("before", "no"),
        ],
    ),
    (
        "criteria",
        &[
            ("adult-involved", "no"),
            ("adult-involved-why", "Only children."),
            ("coerced", "no"),
            ("coerced-why", "A dare among equals."),
            ("unusual", "no"),
            ("unusual-why", "Nothing of the kind."),
            ("sexual-acts", "no"),
            ("sexual-acts-why", "A bare chest."),
            ("pictured", "not-on-register"),
            ("danger", "no"),
            ("danger-why", "Calm."),
        ],
    ),
    (
        "referral",
        &[("refer", "neither"), ("refer-why", "No criterion holds.")],
    ),
    ("viewing", &[("view", "no")]),
    ("more-information", &[("find-out", "no")]),
    (
        "spread",
        &[("spread", "few"), ("services", "A chat group.")],
    ),
    ("take-down", &[("remove", "no")]),
    ("facts", &[("facts", "Good friends.")]),
    ("others", &[("contact", "no")]),
    (
        "parents",
        &[("parents", "no"), ("parents-why", "They know already.")],
    ),
];

/// Answers every page of the nude-image review, harmlessly.
async fn answer_all(who: &mut Client, review: &str) {
    for (page, fields) in HARMLESS {
        answer(who, review, page, fields).await;
    }
}
