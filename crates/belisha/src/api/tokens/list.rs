//! The viewer's own keys for programs.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{BackLink, Button, Column, EmptyState, Frame, Html, Table, Tag, TagColour};
use jiff::{SignedDuration, Timestamp};

use super::{make, revocation};
use crate::api::scopes::SCOPES;
use crate::db::sql;
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::viewer::Viewer;

#[derive(Template)]
#[template(path = "api/tokens/list.html")]
struct KeysPage {
    frame: Frame,
    back: BackLink,
    make: Option<Button>,
    keys: Table,
    empty: Option<EmptyState>,
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let facts = RecordFacts::of(Kind::ApiToken);
    viewer.require(Action::ListApiTokens, &facts)?;
    let rows = rows(&viewer).await?;
    let columns = ["Name", "May", "Last day", "Last used", "State"];
    crate::web::page(&KeysPage {
        frame: frame::of(&viewer),
        back: BackLink {
            text: "Your account".into(),
            href: crate::accounts::own::url(),
        },
        make: viewer
            .may(Action::IssueApiToken, &facts)
            .is_allowed()
            .then(|| Button::link("Make a key", make::url())),
        empty: rows.is_empty().then(|| {
            EmptyState::new(
                "No keys yet",
                "A key lets other software of the school do a few things here in your name, \
                 such as reading the register. Each key has an end.",
            )
        }),
        keys: Table {
            caption_hidden: true,
            ..Table::new(
                "Keys for programs",
                columns.into_iter().map(Column::new).collect(),
                rows,
            )
        },
    })
}

async fn rows(viewer: &Viewer) -> Result<Vec<Vec<Html>>, Fault> {
    let school = &viewer.school;
    let mut records = viewer.read().await?;
    sql(
        "select id, name, scopes, expires_at, revoked_at, last_used_at from token
         where person = $1 order by made_at desc, id",
    )
    .bind(viewer.person.to_string())
    .all(&mut records)
    .await?
    .iter()
    .map(|row| {
        let (id, name, scopes): (String, String, String) =
            (row.get("id")?, row.get("name")?, row.get("scopes")?);
        let ends = row.instant("expires_at")?;
        let state = match row.instant_optional("revoked_at")? {
            Some(_) => grey("Revoked"),
            None if ends <= viewer.now => grey("Ended"),
            None => revocation::button(&id, &name),
        };
        let day = |at| school.date_of(at).strftime("%-d %B %Y").to_string();
        Ok(vec![
            name.into(),
            in_words(&scopes).into(),
            last_day(school, ends).into(),
            row.instant_optional("last_used_at")?
                .map_or_else(|| "Never".into(), |at| day(at).into()),
            state,
        ])
    })
    .collect()
}

/// The last day of a key that ends at the midnight after it.
fn last_day(school: &School, ends: Timestamp) -> String {
    let last = ends.saturating_sub(SignedDuration::from_millis(1));
    school
        .date_of(last.unwrap_or(ends))
        .strftime("%-d %B %Y")
        .to_string()
}

fn grey(word: &str) -> Html {
    Html::of(&Tag {
        colour: TagColour::Grey,
        ..Tag::new(word)
    })
}

/// What the scopes allow, in words.
fn in_words(scopes: &str) -> String {
    let words: Vec<String> = SCOPES
        .iter()
        .filter(|scope| scopes.split(' ').any(|held| held == scope.key))
        .map(|scope| scope.says.to_owned())
        .collect();
    belisha_policy::and(&words)
}
