//! The last step: the school opens. Everybody else who holds a post gets a code for their
//! account, shown once and to be handed over in person.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use belisha_policy::{Post, Word as _};
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Button, ErrorSummary, Frame, Html};

use super::details::StepPage;
use super::{Done, begun, write};
use crate::accounts::{given, invitation, keys};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::people::hats;
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/set-up/finish".to_owned()
}

pub(super) async fn get(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let mut records = here.school.database.read().await?;
    if !Done::of(&mut records).await?.all() {
        return Err(Problem::GoTo(super::url()));
    }
    let today = here.school.today();
    let mut vacant = Vec::new();
    for post in Post::all() {
        if hats::holders(&mut records, post, today).await?.is_empty() {
            vacant.push(post.name());
        }
    }
    let gaps = if vacant.is_empty() {
        Html::from("Every post has a holder.")
    } else {
        Html::from(format!(
            "Nobody holds these posts yet: {}. Where the policy names one of them, the next in line is told. \
             You can appoint people under People at any time.",
            vacant.join(", ")
        ))
    };
    crate::web::page(&StepPage {
        frame: frame::bare(),
        back: BackLink::to(super::url()),
        errors: ErrorSummary::default(),
        heading: "Open the school",
        lead: "From now on Belisha carries the policy out. Each other person who holds a post gets a code for their \
               own account. The codes are shown once: print them.",
        action: url(),
        fields: Html::join(&[Html::trusted("<p>"), gaps, Html::trusted("</p>")]),
        go_on: Button::submit("Open the school"),
    })
}

#[derive(Template)]
#[template(path = "schools/set_up/opened.html")]
struct OpenedPage {
    frame: Frame,
    school: String,
    address: String,
    invited: Vec<Invited>,
    go_on: Button,
}

struct Invited {
    name: String,
    posts: String,
    email: String,
    code: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {}

pub(super) async fn post(
    here: Here,
    headers: HeaderMap,
    _sent: Sent<Form>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let school = &here.school;
    let mut records = school.database.read().await?;
    if !Done::of(&mut records).await?.all() {
        return Err(Problem::GoTo(super::url()));
    }
    let rows = sql("select id, name, email from person
         where email is not null and not exists (select 1 from account where account.person = person.id)
         order by sort_name")
        .all(&mut records)
        .await?;
    drop(records);
    let mut waiting = Vec::new();
    for row in rows {
        let person: PersonId = row.read("id", |text| text.parse().ok())?;
        // Slow on purpose, so it is done before the act begins.
        let under_code = keys::under_code(school, person).await?;
        let (name, email): (String, String) = (row.get("name")?, row.get("email")?);
        waiting.push((person, name, email, under_code));
    }
    let mut tx = write(&here).await?;
    let (now, today) = (tx.now(), tx.today());
    let mut invited = Vec::new();
    let opened: Option<PersonId> =
        sql("select person from account where second_factor_at is not null")
            .optional(&mut tx)
            .await?
            .map(|row| row.read("person", |text| text.parse().ok()))
            .transpose()?;
    if let Some(person) = opened {
        crate::agreements::person_changed(&mut tx, person).await?;
    }
    for (person, name, email, under_code) in waiting {
        given::open_account(&mut tx, person, &email, None, &under_code).await?;
        let worn = hats::of(&mut tx, person, today).await?;
        crate::agreements::person_changed(&mut tx, person).await?;
        invited.push(Invited {
            name,
            posts: frame::posts_in_words(&worn.hats),
            email,
            code: under_code.code.shown(),
        });
    }
    tx.run_one(
        sql("update school set set_up_at = $1 where only_row = 1 and set_up_at is null").bind(now),
    )
    .await?;
    tx.run_one(sql("delete from set_up where only_row = 1"))
        .await?;
    let accounts = invited.len() + usize::from(opened.is_some());
    tx.commit(
        Entry::of(EntryKind::SchoolSetUp, Object::new("school", "set-up"))
            .fact("accounts", accounts),
    )
    .await?;
    school.settings_changed().await?;
    crate::web::page(&OpenedPage {
        frame: frame::of_school(&school.settings().name),
        school: school.settings().name.clone(),
        address: format!("{}{}", school.address, invitation::url()),
        invited,
        go_on: Button::link("Go to Today", crate::home::url()),
    })
}
