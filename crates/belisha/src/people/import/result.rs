//! How an import gets on, and what became of it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_ui::{
    BackLink, BigNumber, Button, Column, Frame, Html, Progress, Table as Shown, WarningText,
};

use super::ImportState;
use super::plan::Fate;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::jobs;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::sent::Sent;
use crate::web::words::capital;

/// How many rows that were not read the page shows; the rest are in the download.
const SHOWN: i64 = 100;

pub(crate) fn url(id: &str) -> String {
    format!("/people/import/{id}")
}

pub(super) fn abandon_url(id: &str) -> String {
    format!("/people/import/{id}/abandon")
}

#[derive(Template)]
#[template(path = "people/import/result.html")]
struct ResultPage {
    frame: Frame,
    back: BackLink,
    title: &'static str,
    progress: Option<Progress>,
    stopped: Option<(WarningText, Button)>,
    base: String,
    numbers: Vec<BigNumber>,
    refused: Option<Shown>,
    rows_url: Option<String>,
    people: String,
}

pub(crate) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let import = super::load(&mut records, &viewer, &id).await?;
    let mut page = ResultPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::upload::url()),
        title: "The import is done",
        progress: None,
        stopped: None,
        base: url(&id),
        numbers: Vec::new(),
        refused: None,
        rows_url: None,
        people: crate::people::list::url(),
    };
    match import.state {
        ImportState::Mapping => return Err(Problem::GoTo(super::columns::url(&id))),
        ImportState::Abandoned => page.title = "This import was given up",
        ImportState::Running => {
            let job = jobs::newest(&mut records, super::job::KEY, viewer.now)
                .await?
                .map(|job| job.as_told(&viewer.school));
            let has_stopped = job.as_ref().is_none_or(|job| job.finished_at.is_some());
            if has_stopped {
                page.title = "The import stopped";
                page.stopped = Some((
                    WarningText::new(
                        "Something went wrong on our side. Nothing of the file was written. \
                         If it stops again, tell the network manager.",
                    ),
                    Button::submit("Start it again"),
                ));
            } else {
                page.title = "The import is under way";
                page.frame.refresh_after_seconds = Some(2);
                page.progress = Some(progress(&import, job.as_ref()));
            }
        }
        ImportState::Done => {
            page.numbers = numbers(&mut records, &id).await?;
            page.refused = refused(&mut records, &id).await?;
            page.rows_url = Some(super::fates::url(&id));
        }
    }
    crate::web::page(&page)
}

fn progress(import: &super::Import, job: Option<&jobs::Job>) -> Progress {
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let (done, total) = job.map_or((0, import.rows_total), |job| (job.done, job.total.max(1)));
    let label = job.map_or("", |job| job.says.as_str());
    let label = if label.is_empty() {
        "Waiting to begin"
    } else {
        label
    };
    Progress::counted("rows", label, "Row", count(done), count(total))
}

async fn numbers(connection: &mut Connection, id: &str) -> Result<Vec<BigNumber>, Fault> {
    sql("select fate, count(*) as count from person_import_row where import = $1 group by fate order by fate")
        .bind(id)
        .all(connection)
        .await?
        .iter()
        .map(|row| {
            let fate = row.read("fate", Fate::from_key)?;
            let count = u64::try_from(row.get::<i64>("count")?).unwrap_or(0);
            Ok(BigNumber {
                needs_action: fate == Fate::Refused,
                ..BigNumber::new(count, fate.name())
            })
        })
        .collect()
}

async fn refused(connection: &mut Connection, id: &str) -> Result<Option<Shown>, Fault> {
    let rows = sql(
        "select line, says from person_import_row where import = $1 and fate = 'refused'
                    order by line limit $2",
    )
    .bind(id)
    .bind(SHOWN)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(vec![
            Html::from(format!("Line {}", row.get::<i64>("line")?)),
            row.get::<String>("says")?.into(),
        ])
    })
    .collect::<Result<Vec<_>, Fault>>()?;
    let columns = vec![Column::new("Where"), Column::new("Why, and what to do")];
    Ok((!rows.is_empty()).then(|| Shown::new(capital("rows that were not read"), columns, rows)))
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFields {}

/// Gives an import up before it was confirmed: the file is emptied.
pub(crate) async fn abandon(
    viewer: Viewer,
    Path(id): Path<String>,
    _: Sent<NoFields>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let import = super::load(&mut tx, &viewer, &id).await?;
    if import.state != ImportState::Mapping {
        return Err(Problem::GoTo(url(&id)));
    }
    let now = tx.now();
    tx.run_one(
        sql(
            "update person_import set state = 'abandoned', sealed_file = null, finished_at = $2
             where id = $1 and state = 'mapping'",
        )
        .bind(&id)
        .bind(now),
    )
    .await?;
    tx.commit(Entry::of(
        EntryKind::PeopleImportAbandoned,
        Object::new("person-import", &id),
    ))
    .await?;
    Ok(crate::web::go_to(&super::upload::url()))
}

/// Asks again for an import that stopped.
pub(crate) async fn again(
    viewer: Viewer,
    Path(id): Path<String>,
    _: Sent<NoFields>,
) -> Result<Response, Problem> {
    let import = super::load(&mut viewer.read().await?, &viewer, &id).await?;
    if import.state == ImportState::Running {
        jobs::ask_for(&viewer.school, super::job::KEY, &viewer.actor().key()).await?;
    }
    Ok(crate::web::go_to(&url(&id)))
}
