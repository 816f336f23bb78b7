//! The page of backups: the state in a sentence, the last drill, and the list.
//!
//! Sizes are rounded and no counts are shown: neither may tell how many cases there are.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::backups::{Alarm, BackupRule, alarm, next_scheduled};
use belisha_ui::{Button, Column, EmptyState, Frame, Html, Status, StatusTag, Table};

use super::{folder, progress, queries};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::moment;

#[derive(Template)]
#[template(path = "backups/list.html")]
struct BackupsPage {
    frame: Frame,
    state: StatusTag,
    sentence: String,
    rhythm: String,
    next: String,
    drill: Option<String>,
    list: Option<Table>,
    empty: Option<EmptyState>,
    run: Option<RunForm>,
    is_running: bool,
    progress: String,
    server: String,
}

struct RunForm {
    action: String,
    submission: String,
    button: Button,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let facts = RecordFacts::of(Kind::Backup);
    viewer.require(Action::ReadBackups, &facts)?;
    let rule = BackupRule::of(&viewer.policy.policy);
    let settings = viewer.school.settings();
    let zone = &settings.time_zone;
    let mut records = viewer.read().await?;
    let newest = queries::newest(&mut records).await?;
    let last_drill = queries::last_drill(&mut records).await?;
    let job = crate::jobs::newest(&mut records, super::BACKUP.key, viewer.now).await?;
    drop(records);

    let proved = newest
        .iter()
        .find(|it| it.verified_at.is_some() && !it.failed)
        .map(|it| it.made_at);
    let set_up_at = settings.set_up_at.unwrap_or(viewer.now);
    let (state, sentence) = match (alarm(rule, proved, set_up_at, viewer.now), proved) {
        (Some(Alarm::Never), _) => (
            Status::NotMet,
            "No backup has ever been proved good. Call whoever looks after the server today."
                .to_owned(),
        ),
        (Some(Alarm::TooOld { made_at }), _) => (
            Status::NotMet,
            format!(
                "The newest backup that was proved good is from {}, which is too old. Call whoever looks after the server today.",
                moment(made_at, zone)
            ),
        ),
        (None, Some(made_at)) => (
            Status::Met,
            format!(
                "The newest backup was made on {} and proved good by restoring it.",
                moment(made_at, zone)
            ),
        ),
        (None, None) => (
            Status::DueSoon,
            "No backup has been made yet. The first is made tonight.".to_owned(),
        ),
    };
    let kept_in = folder::of(&viewer.school);
    let rows: Vec<Vec<Html>> = newest
        .iter()
        .filter(|it| kept_in.join(&it.file_name).exists())
        .map(|it| {
            let state = match (it.verified_at, it.failed) {
                (Some(_), false) => StatusTag::new(Status::Met),
                (_, true) => StatusTag::new(Status::NotMet),
                (None, false) => StatusTag::new(Status::DueSoon),
            };
            let words = match (it.verified_at, it.failed) {
                (Some(_), false) => "Restored, checked and compared",
                (_, true) => "Failed when it was restored",
                (None, false) => "Not proved yet",
            };
            let why = if it.was_asked_for {
                "On demand"
            } else {
                "By plan"
            };
            vec![
                moment(it.made_at, zone).into(),
                why.into(),
                size_in_words(it.size_bytes).into(),
                Html::join(&[Html::of(&state), " ".into(), words.into()]),
            ]
        })
        .collect();
    let columns = ["Made", "Why", "Size", "Proved"].map(Column::new).to_vec();
    let is_running = job.as_ref().is_some_and(|job| job.finished_at.is_none());
    let may_run = viewer.may(Action::RunBackup, &facts).is_allowed();
    crate::web::page(&BackupsPage {
        frame: frame::of(&viewer),
        state: StatusTag::new(state),
        sentence,
        rhythm: viewer
            .policy
            .policy
            .settings(&belisha_policy::controls::backup::CONTROL)
            .map(|settings| settings.sentence())
            .unwrap_or_default(),
        next: moment(next_scheduled(rule, viewer.now, zone), zone),
        drill: last_drill.map(|drill| {
            format!(
                "{} on {}, in {}.",
                if drill.passed { "Passed" } else { "Failed" },
                moment(drill.drilled_at, zone),
                length(drill.took_ms)
            )
        }),
        empty: rows.is_empty().then(|| {
            EmptyState::new(
                "No backups yet",
                "Each backup is listed here with the time it was made and whether restoring it worked.",
            )
        }),
        list: (!rows.is_empty()).then(|| Table::new("Backups kept on this server", columns, rows)),
        run: (may_run && !is_running).then(|| RunForm {
            action: super::url(),
            submission: viewer.school.new_row_id(),
            button: Button::submit("Back up now"),
        }),
        is_running,
        progress: progress::url(),
        server: crate::operations::url(),
    })
}

/// A size to the nearest ten megabytes: enough to see that a disk will do.
fn size_in_words(bytes: i64) -> String {
    const STEP: i64 = 10_000_000;
    match (bytes + STEP / 2) / STEP {
        0 => "under 10 MB".into(),
        steps => format!("about {} MB", steps * 10),
    }
}

fn length(took_ms: i64) -> String {
    match took_ms / 1000 {
        0 => "less than a second".into(),
        1 => "one second".into(),
        seconds if seconds < 120 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_so_that_they_tell_nothing() {
        let check = |bytes, expected: &str| assert_eq!(size_in_words(bytes), expected);
        check(0, "under 10 MB");
        check(4_999_999, "under 10 MB");
        check(5_000_000, "about 10 MB");
        check(123_456_789, "about 120 MB");
    }
}
