//! A pack: where it stands, what to do next, and what can be taken out.

use askama::Template;
use axum::response::Response;
use belisha_rules::exports::make;
use belisha_rules::ids::ExportId;
use belisha_ui::{BackLink, Button, Frame, InsetText, SummaryList, SummaryRow};

use super::pack::{Loaded, load};
use super::step_url;
use super::words::Purpose;
use crate::files::queries::name_of;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::{date, moment};

#[derive(Template)]
#[template(path = "exports/show.html")]
struct ExportPage {
    frame: Frame,
    back: BackLink,
    title: String,
    about: String,
    summary: SummaryList,
    next: Vec<Button>,
    takes: Vec<Button>,
    passphrase: Option<String>,
    /// The public key to which it is encrypted, in place of a passphrase.
    recipient: Option<String>,
    receipt: Option<InsetText>,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<ExportId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let loaded = load(&mut records, &viewer, id).await?;
    let by = name_of(&mut records, &loaded.begun_by).await?;
    let zone = viewer.school.settings().time_zone.clone();
    let pack = &loaded.pack;
    let mut rows = vec![
        SummaryRow::new("About", pack.about.clone()),
        SummaryRow::new("For", format!("{}, {}", pack.recipient, pack.organisation)),
        SummaryRow::new("Why", pack.reason.clone()),
        SummaryRow::new(
            "Begun",
            format!("{} by {by}", moment(loaded.begun_at, &zone)),
        ),
        SummaryRow::new("State", state(&loaded)),
    ];
    if let Some(at) = loaded.finished_at {
        rows.push(SummaryRow::new("Finished", moment(at, &zone)));
    }
    let mut receipt = None;
    match (loaded.receipt_due_on, loaded.received_on) {
        (_, Some(on)) => {
            let by = loaded.receipt.clone().unwrap_or_default();
            rows.push(SummaryRow::new("Arrived", format!("{}: {by}", date(on))));
        }
        (Some(due), None) => {
            let overdue = if due < viewer.today() {
                " (overdue)"
            } else {
                ""
            };
            rows.push(SummaryRow::new(
                "Receipt owed by",
                format!("{}{overdue}", date(due)),
            ));
            receipt = Some(InsetText::new(
                "Ask the next school to confirm that the file arrived, and record it here.",
            ));
        }
        (None, None) => {}
    }
    let own = loaded.begun_by == viewer.actor().key();
    crate::web::page(&ExportPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::url()),
        title: loaded.purpose.title().to_owned(),
        about: pack.about.clone(),
        summary: SummaryList::new(rows),
        next: next(&loaded),
        takes: takes(&loaded),
        // Whoever made it tells it to the recipient; others need not know it.
        passphrase: loaded
            .finished
            .as_ref()
            .filter(|finished| {
                own && loaded.purpose != Purpose::Recorder && finished.recipient.is_none()
            })
            .map(|finished| finished.passphrase.clone()),
        receipt,
        recipient: loaded
            .finished
            .as_ref()
            .and_then(|finished| finished.recipient.clone()),
    })
}

pub(super) fn state(loaded: &Loaded) -> &'static str {
    match loaded.state.as_str() {
        "finished" => "Finished",
        "abandoned" => "Given up",
        _ if !loaded.masked => "Begun: the names are to be masked",
        _ if !loaded.checked => "Masked: the text is to be read",
        _ => "Read: it can be finished",
    }
}

fn next(loaded: &Loaded) -> Vec<Button> {
    let link = |text: &str, step: &str| Button::link(text, step_url(loaded.id, step));
    if loaded.is_draft() {
        let step = match make(loaded.progress()) {
            Ok(()) => link("Finish the pack", "finish"),
            Err(_) if loaded.masked => link("Read what will leave", "check"),
            Err(_) => link("Mask the names", "masking"),
        };
        let give_up = Button {
            href: Some(step_url(loaded.id, "give-up")),
            once: false,
            ..Button::secondary("Give this pack up")
        };
        return vec![step, give_up];
    }
    if loaded.receipt_due_on.is_some() && loaded.received_on.is_none() {
        return vec![link("Record that it arrived", "receipt")];
    }
    Vec::new()
}

fn takes(loaded: &Loaded) -> Vec<Button> {
    if !loaded.is_finished() {
        return Vec::new();
    }
    let link = |text: &str, step: &str| Button {
        once: false,
        ..Button::link(text, step_url(loaded.id, step))
    };
    match loaded.purpose {
        Purpose::Recorder => vec![link("Take the table (CSV)", "table.csv")],
        Purpose::Chronology | Purpose::Transfer | Purpose::SubjectAccess => vec![
            link("Take the encrypted pack", "pack.age"),
            link("Take it on paper (PDF)", "chronology.pdf"),
        ],
    }
}
