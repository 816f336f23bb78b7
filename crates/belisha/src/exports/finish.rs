//! The last step: the pack is made final, and the journal commits to what is in it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use belisha_policy::Word as _;
use belisha_rules::exports::{make, receipt_due};
use belisha_rules::ids::ExportId;
use belisha_ui::{
    BackLink, Button, ErrorSummary, FieldError, Frame, Label, SummaryList, SummaryRow, TextInput,
};
use belisha_vault::FileRecipient;
use serde::Deserialize;

use super::bundle::{made, manifest};
use super::pack::{Finished, Loaded, load, written};
use super::text::{going, held_back, marks, text};
use super::words::Purpose;
use super::{document, show_url, step_url};
use crate::clock::ForVault;
use crate::db::sql;
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::pdf;
use crate::web::sent::Sent;
use crate::web::words::moment;

#[derive(Template)]
#[template(path = "exports/finish.html")]
struct FinishPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    about: String,
    summary: SummaryList,
    submission: String,
    key: Option<TextInput>,
    send: Button,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    key: String,
}

async fn ready(viewer: &Viewer, id: ExportId) -> Result<Loaded, Problem> {
    let loaded = load(&mut viewer.read().await?, viewer, id).await?;
    if loaded.is_finished() {
        return Err(Problem::GoTo(show_url(id)));
    }
    make(loaded.progress())
        .map_err(|why| Problem::refused("This pack cannot be finished yet", why.sentence()))?;
    Ok(loaded)
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<ExportId>) -> Result<Response, Problem> {
    let loaded = ready(&viewer, id).await?;
    crate::web::page(&page(&viewer, &loaded, ""))
}

fn page(viewer: &Viewer, loaded: &Loaded, key: &str) -> FinishPage {
    let pack = &loaded.pack;
    let masked = pack
        .people
        .iter()
        .filter(|person| person.mask() != belisha_rules::masking::Mask::Named)
        .count();
    let held: usize = held_back(loaded).iter().map(|(_, count)| count).sum();
    let files = pack.files.iter().filter(|file| file.goes).count();
    let rows = vec![
        SummaryRow::new(
            "What it is",
            crate::web::words::capital(loaded.purpose.name()),
        ),
        SummaryRow::new("About", pack.about.clone()),
        SummaryRow::new("For", format!("{}, {}", pack.recipient, pack.organisation)),
        SummaryRow::new("Why", pack.reason.clone()),
        SummaryRow::new("Entries that go", going(loaded).count().to_string()),
        SummaryRow::new("Entries held back", held.to_string()),
        SummaryRow::new("People not named", masked.to_string()),
        SummaryRow::new("Files that go along", files.to_string()),
    ];
    FinishPage {
        frame: frame::of(viewer),
        back: BackLink::to(step_url(loaded.id, "check")),
        errors: ErrorSummary::default(),
        about: pack.about.clone(),
        summary: SummaryList::new(rows),
        submission: viewer.school.new_row_id(),
        // A table is not encrypted: it goes into the school's own recorder.
        key: (loaded.purpose != Purpose::Recorder).then(|| TextInput {
            value: key.to_owned(),
            hint: Some(
                "If the recipient has sent you a public key for the tool age, it begins with age1. Ask them on the \
                 telephone whether it is theirs. Leave this empty, and a passphrase is made for you to tell them."
                    .into(),
            ),
            spellcheck: Some(false),
            ..TextInput::new("key", Label::medium("Their public key, if they have one"))
        }),
        send: Button::submit("Finish the pack"),
    }
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<ExportId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let loaded = ready(&viewer, id).await?;
    let typed = sent.form.key.trim();
    let recipient = match (typed, typed.parse::<FileRecipient>()) {
        ("", _) => None,
        (_, Ok(recipient)) if loaded.purpose != Purpose::Recorder => Some(recipient.to_string()),
        (_, _) => {
            // A secret key that came here by mistake is not shown again.
            let is_secret = typed.to_ascii_uppercase().starts_with("AGE-SECRET");
            let mut page = page(&viewer, &loaded, if is_secret { "" } else { typed });
            let says = "This is no public key: it begins with age1 and has 62 characters. Never enter a secret key";
            page.frame.has_errors = true;
            page.submission = sent.submission;
            if let Some(key) = &mut page.key {
                key.error = Some(says.to_owned());
            }
            page.errors = ErrorSummary::new(vec![FieldError::new("key", says)]);
            let page = crate::web::page(&page)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let school = &viewer.school;
    let settings = school.settings();
    let zone = &settings.time_zone;
    let at = moment(viewer.now, zone);
    let marks = marks(&loaded, &viewer.name, &settings.name, &at);
    let text = text(&loaded, &marks, zone);
    // Set before anything is locked: the press takes a second.
    let paper = document::document(
        school,
        &loaded,
        &marks,
        viewer.now,
        format!("Made {at} by {}", viewer.name),
        zone,
    );
    let paper = pdf::set(paper).await?;
    let mut records = viewer.read().await?;
    let manifest = manifest(&mut records, &viewer, &loaded, &text, &paper, &at).await?;
    drop(records);
    let manifest = serde_json::to_string_pretty(&manifest)
        .map_err(|error| Fault::at(format!("writing export:{id}"), error))?;
    let finished = Finished {
        manifest,
        text,
        paper: BASE64_STANDARD.encode(&paper),
        passphrase: match recipient {
            Some(_) => String::new(),
            None => belisha_vault::passphrase(&mut ForVault(&*school.chance)).to_string(),
        },
        recipient,
    };

    let mut tx = viewer.write().await?;
    let now = load(&mut tx, &viewer, id).await?;
    tx.once(&sent.submission, &show_url(id)).await?;
    make(now.progress())
        .map_err(|why| Problem::refused("This pack cannot be finished now", why.sentence()))?;
    let calendar = crate::schools::calendar::of(&mut tx, school).await?;
    let due = (loaded.purpose == Purpose::Transfer).then(|| receipt_due(tx.today(), &calendar));
    let sealed = loaded
        .record
        .seal(school, "finished", 0, &written(id, &finished)?);
    let at = tx.now();
    tx.run_one(
        sql("update export set state = 'finished', finished_at = $3, sealed_finished = $4, receipt_due_on = $5
             where id = $1 and revision = $2 and state = 'draft'")
        .bind(id.to_string())
        .bind(loaded.revision)
        .bind(at)
        .bind(sealed)
        .bind(due),
    )
    .await?;
    tx.commit(made(&loaded, &finished.manifest)).await?;
    Ok(crate::web::go_to(&show_url(id)))
}
