//! Back up now: the request, and the page that shows how far it is.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{BackLink, Frame, Progress};

use crate::home::frame;
use crate::jobs;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

/// How often the page asks again.
const REFRESH_SECONDS: u32 = 3;

pub(super) fn url() -> String {
    "/backups/progress".to_owned()
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {}

/// Asked twice before it begins, it is done once; the queue sees to it.
pub(super) async fn post(viewer: Viewer, _sent: Sent<Form>) -> Result<Response, Problem> {
    viewer.require(Action::RunBackup, &RecordFacts::of(Kind::Backup))?;
    jobs::ask_for(&viewer.school, super::BACKUP.key, &viewer.actor().key()).await?;
    Ok(crate::web::go_to(&url()))
}

#[derive(Template)]
#[template(path = "backups/progress.html")]
struct ProgressPage {
    frame: Frame,
    back: BackLink,
    heading: &'static str,
    progress: Option<Progress>,
    words: &'static str,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadBackups, &RecordFacts::of(Kind::Backup))?;
    let job = jobs::newest(&mut viewer.read().await?, super::BACKUP.key, viewer.now).await?;
    let mut frame = frame::of(&viewer);
    let (heading, progress, words) = match job {
        None => (
            "No backup is being made",
            None,
            "The page of backups shows when the next one is planned.",
        ),
        Some(job) if job.finished_at.is_none() => {
            frame.refresh_after_seconds = Some(REFRESH_SECONDS);
            let done = u64::try_from(job.done).unwrap_or(0);
            let total = u64::try_from(job.total).ok().filter(|total| *total > 0);
            let progress = Progress {
                id: "backup".into(),
                label: "Making and proving a backup".into(),
                done,
                total,
                words: if job.says.is_empty() {
                    "Waiting to begin".into()
                } else {
                    job.says
                },
            };
            (
                "A backup is being made",
                Some(progress),
                "You can leave this page: the work goes on without it.",
            )
        }
        Some(job) if job.fault.is_some() => (
            "The backup failed",
            None,
            "Nothing was lost, and the backups made before are as they were. The headteacher and the network \
             manager were told. The server’s log says what went wrong.",
        ),
        Some(_) => (
            "The backup is finished",
            None,
            "It was made, restored into a scratch place and compared. The page of backups says what came of it.",
        ),
    };
    crate::web::page(&ProgressPage {
        frame,
        back: BackLink::to(super::url()),
        heading,
        progress,
        words,
    })
}
