//! A person's own agreements: what waits for their signature, and what they have signed.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use belisha_policy::controls::agreement;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    BannerKind, Column, EmptyState, Frame, Html, NotificationBanner, Table, Task, TaskList,
    TaskStatus,
};

use super::queries::{self, Owed, Stands};
use super::{copy, sign, signed, signers};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::people::hats;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::date;

pub(crate) fn url() -> String {
    super::url()
}

#[derive(Template)]
#[template(path = "agreements/own.html")]
struct OwnPage {
    frame: Frame,
    held: Option<NotificationBanner>,
    to_sign: Option<TaskList>,
    signed: Option<Table>,
    nothing: Option<EmptyState>,
    lists: Vec<(String, String)>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let to_sign = today(&mut records, &viewer).await?;
    let signed = signed_rows(&mut records, &viewer).await?;
    let held = super::holds_account(&mut records, viewer.person, viewer.today()).await?;
    let lists = if viewer
        .may(Action::ListUnsigned, &RecordFacts::of(Kind::Agreement))
        .is_allowed()
    {
        titles(&viewer)
            .into_iter()
            .map(|(of, title)| (title, signers::url(&of)))
            .collect()
    } else {
        Vec::new()
    };
    crate::web::page(&OwnPage {
        frame: frame::of(&viewer),
        held: held.then(|| {
            NotificationBanner::new(
                BannerKind::Important,
                Html::paragraphs(
                    "Your account opens when you have signed the agreement below. You can still report a concern.",
                ),
            )
        }),
        nothing: (to_sign.is_empty() && signed.is_empty()).then(|| {
            EmptyState::new(
                "No agreements are asked of you",
                "When the policy asks you to sign something, it waits for you here, and your copy stays here once you have signed.",
            )
        }),
        to_sign: (!to_sign.is_empty()).then(|| TaskList::new("to-sign", to_sign)),
        signed: (!signed.is_empty()).then(|| {
            Table::new(
                "What you have signed",
                vec![Column::new("Agreement"), Column::new("Signed"), Column::new("Holds until"), Column::new("Copy")],
                signed,
            )
        }),
        lists,
    })
}

/// What waits for this person's signature, for the Today page too.
pub(crate) async fn today(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Vec<Task>, Problem> {
    let titles = titles(viewer);
    let today = viewer.today();
    Ok(queries::owed_by(connection, viewer.person)
        .await?
        .into_iter()
        .filter_map(|owed| {
            let title = titles.get(&owed.of)?;
            task(&owed, title, today)
        })
        .collect())
}

fn task(owed: &Owed, title: &str, today: jiff::civil::Date) -> Option<Task> {
    let why = match (owed.signed_on, owed.changed.len()) {
        (Some(_), _) => "signed before, to be signed anew",
        (None, 0) => "not signed yet",
        (None, _) => "parts of it have changed since you signed",
    };
    let (status, when) = match owed.stands(today) {
        Stands::Signed => return None,
        Stands::Overdue => (
            TaskStatus::Problem,
            format!("was due on {}", date(owed.due_on)),
        ),
        Stands::Due => (
            TaskStatus::Incomplete,
            format!("due by {}", date(owed.due_on)),
        ),
    };
    Some(Task {
        hint: Some(format!("{why}, {when}")),
        ..Task::new(format!("Sign: {title}"), sign::url(&owed.of), status)
    })
}

fn titles(viewer: &Viewer) -> BTreeMap<String, String> {
    viewer
        .policy
        .policy
        .all(&agreement::CONTROL)
        .map(|bound| (bound.get(&agreement::OF), bound.get(&agreement::TITLE)))
        .collect()
}

async fn signed_rows(
    connection: &mut Connection,
    viewer: &Viewer,
) -> Result<Vec<Vec<Html>>, Problem> {
    let titles = titles(viewer);
    let identity = hats::identity(connection, viewer.person).await?;
    let mut rows = Vec::new();
    for person in std::iter::once(identity.person).chain(identity.aliases) {
        for row in sql(
            "select id, agreement, signed_on, until_on, paper_place from agreement_signature
             where person = $1 and withdrawn_at is null order by signed_at desc, id",
        )
        .bind(person.to_string())
        .all(connection)
        .await?
        {
            let id = row.read("id", |text| text.parse().ok())?;
            let of: String = row.get("agreement")?;
            let title = titles.get(&of).unwrap_or(&of);
            let on_paper = row.get::<Option<String>>("paper_place")?.is_some();
            rows.push(vec![
                Html::link(title, &signed::url(id)),
                date(row.date("signed_on")?).into(),
                row.date_optional("until_on")?
                    .map_or_else(|| "it is replaced".to_owned(), date)
                    .into(),
                if on_paper {
                    "On paper, at the office".into()
                } else {
                    Html::link("Save (PDF)", &copy::url(id))
                },
            ]);
        }
    }
    Ok(rows)
}
