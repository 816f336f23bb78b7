//! The files of a case.

use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::files::{EntryRefused, ScanState, may_be_asked_for, may_leave};
use belisha_rules::ids::IncidentId;
use belisha_ui::{
    BackLink, Button, Column, EmptyState, Frame, Html, InsetText, SubNavigation, Table, Tag,
    TagColour,
};

use super::queries::{self, Kept, name_of};
use super::{question, show};
use crate::home::frame;
use crate::incidents::case::{self, Section};
use crate::incidents::queries::object;
use crate::problem::Problem;
use crate::records;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::moment;

pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/files")
}

#[derive(Template)]
#[template(path = "files/list.html")]
struct FilesPage {
    frame: Frame,
    back: BackLink,
    sections: SubNavigation,
    reference: String,
    shut: Option<InsetText>,
    add: Option<Button>,
    table: Option<Table>,
    nothing: Option<EmptyState>,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    case::opened(&viewer, id).await?;
    let mut records = viewer.read().await?;
    let found = crate::incidents::queries::load(&mut records, &viewer, id).await?;
    let record = records::open(&mut records, &viewer, &object(id)).await?;
    let files = queries::of_case(&mut records, &viewer, &found, &record).await?;
    let arriving = queries::arriving(&mut records, &viewer, &found).await?;
    let may_add = found.allows(&viewer, Action::AddEntry);
    let entry = may_be_asked_for(&arriving);
    let zone = viewer.school.settings().time_zone.clone();
    let leaves = may_leave(found.imagery());
    let mut rows = Vec::new();
    for file in &files {
        let name = shown_name(file);
        let by = name_of(&mut records, &file.added_by).await?;
        let mut state = vec![Html::of(&state_tag(file.state))];
        if file.is_marked() {
            state.push(Html::from(" "));
            state.push(Html::of(&Tag {
                colour: TagColour::Grey,
                ..Tag::new("Only some people")
            }));
        }
        rows.push(vec![
            if leaves {
                Html::link(&name, &show::url(file.id))
            } else {
                name.into()
            },
            file.about.shows.clone().into(),
            format!("{}, {}", file.kind.name(), size(file.size_bytes)).into(),
            format!("{} by {by}", moment(file.added_at, &zone)).into(),
            Html::join(&state),
        ]);
    }
    let shut = match entry {
        Err(why @ EntryRefused::CouldBeIndecent) => Some(why.sentence()),
        Err(why) if may_add => Some(why.sentence()),
        _ => None,
    };
    crate::web::page(&FilesPage {
        frame: frame::of(&viewer),
        back: BackLink::to(crate::incidents::list::url()),
        sections: case::sections(id, Section::Files),
        reference: found.reference.clone(),
        shut: shut.map(InsetText::new),
        add: (may_add && entry.is_ok()).then(|| Button::link("Add a file", question::url(id))),
        nothing: rows.is_empty().then(|| {
            EmptyState::new(
                "No files yet",
                "Screenshots of messages, letters and notes that belong to this case stand here.",
            )
        }),
        table: (!rows.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Files of this case",
                ["File", "What it shows", "Kind", "Added", "State"]
                    .map(Column::new)
                    .to_vec(),
                rows,
            )
        }),
    })
}

/// The name, or what stands for it where the device gave none.
pub(super) fn shown_name(file: &Kept) -> String {
    if file.about.name.is_empty() {
        format!("Unnamed {}", file.kind.name())
    } else {
        file.about.name.clone()
    }
}

/// The state as a person reads it.
pub(super) fn state_tag(state: ScanState) -> Tag {
    let (text, colour) = match state {
        ScanState::Clean => ("Scanned, nothing found", TagColour::Green),
        ScanState::NotScanned => ("Not scanned: no scanner is set up", TagColour::Grey),
        ScanState::Quarantined => ("Held back: the scanner did not answer", TagColour::Amber),
        ScanState::Infected => ("Locked: something harmful was found", TagColour::Red),
    };
    Tag {
        colour,
        ..Tag::new(text)
    }
}

/// "340 KB", "1.4 MB".
pub(crate) fn size(bytes: u64) -> String {
    if bytes < 1024 {
        format!("{bytes} bytes")
    } else if bytes < 1024 * 1024 {
        format!("{} KB", bytes.div_ceil(1024))
    } else {
        let tenths = bytes * 10 / (1024 * 1024);
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}
