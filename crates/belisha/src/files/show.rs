//! One file: what is known of it, and a look at it. That somebody looked is in the journal
//! before anything is shown.

use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::files::{EntryRefused, may_leave};
use belisha_rules::ids::FileId;
use belisha_ui::{BackLink, Button, Frame, InsetText, SummaryList, SummaryRow};

use super::list::{self, shown_name, size, state_tag};
use super::queries::{self, Kept, name_of};
use super::{download, preview, rescan};
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::queries::{Case, object};
use crate::problem::Problem;
use crate::records::OpenRecord;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::moment;

pub(crate) fn url(id: FileId) -> String {
    format!("/files/{id}")
}

#[derive(Template)]
#[template(path = "files/show.html")]
struct FilePage {
    frame: Frame,
    back: BackLink,
    reference: String,
    name: String,
    facts: SummaryList,
    held: Option<InsetText>,
    submission: String,
    scan_at: String,
    scan: Option<Button>,
    preview_at: Option<String>,
    shows: String,
    copy: Option<Button>,
}

/// Finds a file, and writes down that the viewer is about to see or have it.
pub(super) async fn opened(
    viewer: &Viewer,
    id: FileId,
    what: EntryKind,
) -> Result<(Case, Kept, OpenRecord), Problem> {
    let mut tx = viewer.write().await?;
    let (case, kept, record) = queries::find(&mut tx, viewer, id).await?;
    crate::incidents::case::prove(viewer, &case, &url(id))?;
    if !may_leave(case.imagery()) {
        return Err(Problem::refused(
            "No file of this case can be opened",
            EntryRefused::CouldBeIndecent.sentence(),
        ));
    }
    tx.commit(Entry::of(what, object(case.id)).fact("file", id))
        .await?;
    Ok((case, kept, record))
}

/// The same for a copy or a preview: only what was released.
pub(super) async fn released(
    viewer: &Viewer,
    id: FileId,
    what: EntryKind,
) -> Result<(Case, Kept, OpenRecord), Problem> {
    let mut records = viewer.read().await?;
    let (_, kept, _) = queries::find(&mut records, viewer, id).await?;
    drop(records);
    if !kept.state.is_released() {
        return Err(Problem::refused(
            "This file cannot be opened now",
            if kept.state.waits() {
                "The virus scanner has not looked at it yet. It is asked again every minute; nothing is lost."
            } else {
                "The virus scanner found something harmful in it. It stays locked. Tell the network manager."
            },
        ));
    }
    opened(viewer, id, what).await
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<FileId>) -> Result<Response, Problem> {
    let (case, kept, _) = opened(&viewer, id, EntryKind::FileOpened).await?;
    let mut records = viewer.read().await?;
    let by = name_of(&mut records, &kept.added_by).await?;
    let zone = viewer.school.settings().time_zone.clone();
    let mut facts = vec![
        SummaryRow::new("What it shows", kept.about.shows.clone()),
        SummaryRow::new(
            "Kind",
            format!("{}, {}", kept.kind.name(), size(kept.size_bytes)),
        ),
        SummaryRow::new("Added", format!("{} by {by}", moment(kept.added_at, &zone))),
        SummaryRow::new("State", belisha_ui::Html::of(&state_tag(kept.state))),
    ];
    if let Some(at) = kept.scanned_at {
        facts.push(SummaryRow::new("Scanned", moment(at, &zone)));
    }
    if kept.is_marked() {
        facts.push(SummaryRow::new(
            "Who can open it",
            "Only people who were chosen",
        ));
    }
    if let Some(picture) = &kept.about.picture {
        facts.push(SummaryRow::new(
            "Size of the picture",
            format!("{} by {} pixels", picture.width, picture.height),
        ));
        if let Some(taken) = &picture.taken {
            facts.push(SummaryRow::new("Taken, says the camera", taken.clone()));
        }
        if let Some(camera) = &picture.camera {
            facts.push(SummaryRow::new("Camera", camera.clone()));
        }
        facts.push(SummaryRow::new(
            "Place",
            if picture.holds_place {
                "The original holds the place where it was taken. It is not shown here and not in the preview."
            } else {
                "The original holds no place"
            },
        ));
    }
    let released = kept.state.is_released();
    crate::web::page(&FilePage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url(case.id)),
        reference: case.reference.clone(),
        name: shown_name(&kept),
        facts: SummaryList::new(facts),
        held: (!released).then(|| {
            InsetText::new(if kept.state.waits() {
                "The virus scanner did not answer when this file arrived. It is asked again every minute, and the \
                 file opens by itself once it has been looked at. Nothing is lost."
            } else {
                "The virus scanner found something harmful in this file. It stays locked. Tell the network manager \
                 where it came from."
            })
        }),
        submission: viewer.school.new_row_id(),
        scan_at: rescan::url(id),
        scan: kept
            .state
            .waits()
            .then(|| Button::secondary("Ask the scanner again now")),
        preview_at: (released && kept.kind.is_picture()).then(|| preview::url(id)),
        shows: kept.about.shows.clone(),
        copy: released.then(|| Button {
            once: false,
            ..Button::link("Take a copy", download::url(id))
        }),
    })
}
