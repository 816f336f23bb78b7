//! Adding a file. The answer comes before the bytes, the bytes are sealed as they arrive,
//! and only then is anything done with them.

use std::collections::BTreeSet;

use askama::Template;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::files::{Arriving, ScanState, after_scan, may_be_asked_for, may_enter};
use belisha_rules::guides::imagery::{TEXT_HOLDS_A_PICTURE, text_holds_a_picture};
use belisha_rules::ids::{FileId, IncidentId, PersonId};
use belisha_ui::{
    BackLink, Button, Checkboxes, Choice, ErrorSummary, FieldError, FileUpload, Frame, Label,
    Textarea,
};

use super::examine::{Examined, examine};
use super::keeping::{New, keep};
use super::kinds::{ACCEPT, KINDS_AND_SIZE, Unfit};
use super::queries::{self, About, content_field, possible_readers, record_of};
use super::spool::{Spooled, Spooling};
use super::{list, question, scanner};
use crate::clock::random;
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::incidents::queries::{Case, load, object};
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord, Tier};
use crate::viewer::Viewer;
use crate::web::path::Path;

pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/files/new")
}

#[derive(Template)]
#[template(path = "files/upload.html")]
struct UploadPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    reference: String,
    submission: String,
    file: FileUpload,
    shows: Textarea,
    readers: Option<Checkboxes>,
    scanned: bool,
    send: Button,
}

/// The form, apart from the file.
#[derive(Default)]
struct Form {
    submission: String,
    undressed: String,
    shows: String,
    readers: Vec<PersonId>,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let case = load(&mut records, &viewer, id).await?;
    viewer.require(Action::AddEntry, &case.facts)?;
    let arriving = queries::arriving(&mut records, &viewer, &case).await?;
    if may_be_asked_for(&arriving).is_err() {
        return Err(Problem::GoTo(question::url(id)));
    }
    let form = Form {
        submission: viewer.school.new_row_id(),
        ..Form::default()
    };
    page(&viewer, &case, &form, Vec::new())
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    request: Request,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let case = load(&mut records, &viewer, id).await?;
    viewer.require(Action::AddEntry, &case.facts)?;
    let arriving = queries::arriving(&mut records, &viewer, &case).await?;
    if let Err(why) = may_be_asked_for(&arriving) {
        drop(records);
        return Err(question::refuse(&viewer, &case, why).await?);
    }
    let record = records::open(&mut records, &viewer, &object(id)).await?;
    drop(records);
    if is_without_a_file(&request) {
        return again(&viewer, &case, request).await;
    }
    let multipart = Multipart::from_request(request, &())
        .await
        .map_err(|_| cut_off())?;
    let mut arrival = Arrival {
        viewer: &viewer,
        case: &case,
        record: &record,
        arriving,
        id: viewer.school.new_id(),
        salt: random(&*viewer.school.chance),
        form: Form::default(),
        own: None,
    };
    let (name, spooled) = match arrival.read(multipart).await? {
        Read::File { name, spooled } => (name, spooled),
        Read::Unfit(why) => return unfit(&viewer, &case, &arrival.form, why).await,
    };
    let mut wrong = Vec::new();
    if arrival.form.shows.trim().is_empty() {
        wrong.push(FieldError::new("shows", "Say what the file shows"));
    } else if arrival.form.shows.chars().count() > 2000 {
        wrong.push(FieldError::new("shows", "Shorten this to 2,000 characters"));
    } else if text_holds_a_picture(&arrival.form.shows) {
        wrong.push(FieldError::new("shows", TEXT_HOLDS_A_PICTURE));
    }
    if !wrong.is_empty() {
        return page(&viewer, &case, &arrival.form, wrong);
    }
    let (examined, state, spooled) = match look_through(&viewer, spooled, name.clone()).await? {
        Ok(found) => found,
        Err(why) => return unfit(&viewer, &case, &arrival.form, why).await,
    };
    add(arrival, name, examined, state, spooled).await
}

/// Whether the form was kept while its sender signed in again: the words came back, and a
/// browser does not give the file a second time by itself.
fn is_without_a_file(request: &Request) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// Shows the words again, and asks for the file again.
async fn again(viewer: &Viewer, case: &Case, request: Request) -> Result<Response, Problem> {
    let body = Bytes::from_request(request, &())
        .await
        .map_err(|_| cut_off())?;
    let mut form = Form {
        submission: viewer.school.new_row_id(),
        ..Form::default()
    };
    for (name, value) in form_urlencoded::parse(&body) {
        match name.as_ref() {
            "submission" if !value.is_empty() => form.submission = value.into_owned(),
            "shows" => form.shows = value.into_owned(),
            "readers" => form.readers.extend(value.parse::<PersonId>().ok()),
            _ => {}
        }
    }
    let says =
        "Choose the file again: your words were kept while you signed in, and the file was not";
    page(viewer, case, &form, vec![FieldError::new("file", says)])
}

/// What came of reading the form.
enum Read {
    File { name: String, spooled: Spooled },
    Unfit(Unfit),
}

struct Arrival<'a> {
    viewer: &'a Viewer,
    case: &'a Case,
    record: &'a OpenRecord,
    arriving: Arriving,
    id: FileId,
    salt: [u8; 32],
    form: Form,
    /// The file's own key, where it is sealed to persons.
    own: Option<OpenRecord>,
}

impl Arrival<'_> {
    /// Reads the fields in the order in which they come; the file is the last.
    async fn read(&mut self, mut sent: Multipart) -> Result<Read, Problem> {
        loop {
            let field = match sent.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => return Ok(Read::Unfit(Unfit::Empty)),
                Err(error) => return broken(&error),
            };
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                let file_name = plain_name(field.file_name().unwrap_or_default());
                return self.take(file_name, field).await;
            }
            let text = match field.text().await {
                Ok(text) => text,
                Err(error) => return broken(&error),
            };
            match name.as_str() {
                "submission" => self.form.submission = text,
                "undressed" => self.form.undressed = text,
                "shows" => self.form.shows = text,
                "readers" => self.form.readers.extend(text.parse::<PersonId>().ok()),
                // Nobody can set what the form does not show.
                _ => return Err(cut_off()),
            }
        }
    }

    async fn take(
        &mut self,
        name: String,
        mut field: axum::extract::multipart::Field<'_>,
    ) -> Result<Read, Problem> {
        self.arriving.shows_a_child_undressed = match self.form.undressed.as_str() {
            "no" => Some(false),
            "yes" => Some(true),
            _ => None,
        };
        // Before a byte of the file is looked at.
        if let Err(why) = may_enter(&self.arriving) {
            return Err(question::refuse(self.viewer, self.case, why).await?);
        }
        let possible = possible_readers(self.viewer, self.case);
        self.form
            .readers
            .retain(|reader| possible.iter().any(|(person, _)| person == reader));
        let school = &self.viewer.school;
        if !self.form.readers.is_empty() {
            let own = record_of(self.id, self.case.id, true);
            self.own = Some(records::draw(school, &own));
        }
        let key = self.own.as_ref().unwrap_or(self.record);
        let identity = key.file_identity(&content_field(self.id));
        let spooling = Spooling::begin(&school.data, &school.new_row_id(), identity, self.salt)?;
        let mut fits = true;
        loop {
            match field.chunk().await {
                // What is too large is read to its end, so that the answer reaches the browser.
                Ok(Some(piece)) => fits = fits && spooling.take(piece).await,
                Ok(None) => break,
                Err(error) => return broken(&error),
            }
        }
        Ok(match spooling.finish().await? {
            Some(spooled) if fits && spooled.size_bytes > 0 => Read::File { name, spooled },
            Some(_) if fits => Read::Unfit(Unfit::Empty),
            _ => Read::Unfit(Unfit::TooLarge),
        })
    }
}

fn broken(error: &MultipartError) -> Result<Read, Problem> {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Ok(Read::Unfit(Unfit::TooLarge))
    } else {
        Err(cut_off())
    }
}

fn cut_off() -> Problem {
    Problem::refused(
        "The file did not arrive whole",
        "Nothing was kept. Go back, choose the file again and send it once more. If the line is slow, try a smaller file.",
    )
}

/// The name for showing: no folders, nothing that is not seen or turns the direction of
/// reading, at most a hundred characters.
pub(super) fn plain_name(name: &str) -> String {
    let unseen = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    name.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|letter| !unseen(*letter))
        .take(100)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Examines and scans, on a thread that may wait.
async fn look_through(
    viewer: &Viewer,
    mut spooled: Spooled,
    name: String,
) -> Result<Result<(Examined, ScanState, Spooled), Unfit>, Fault> {
    let scanner = viewer.school.scanner.clone();
    tokio::task::spawn_blocking(move || {
        let opened = |problem| Fault::at("reading a file that has just arrived".into(), problem);
        let examined = match examine(&mut spooled.open().map_err(opened)?, &name) {
            Ok(examined) => examined,
            Err(why) => return Ok(Err(why)),
        };
        let scanned = scanner::scan(scanner.as_ref(), &mut spooled.open().map_err(opened)?);
        let state = after_scan(scanned);
        Ok(if state == ScanState::Infected {
            Err(Unfit::Infected)
        } else {
            Ok((examined, state, spooled))
        })
    })
    .await
    .map_err(|error| Fault::at("looking a file through".into(), error))?
}

async fn add(
    arrival: Arrival<'_>,
    name: String,
    examined: Examined,
    state: ScanState,
    mut spooled: Spooled,
) -> Result<Response, Problem> {
    let (viewer, form, id) = (arrival.viewer, &arrival.form, arrival.id);
    let mut tx = viewer.write().await?;
    let case = load(&mut tx, viewer, arrival.case.id).await?;
    viewer.require(Action::AddEntry, &case.facts)?;
    let leads_to = list::url(case.id);
    tx.once(&form.submission, &leads_to).await?;
    // Asked again on what is true now: somebody may have classified the case meanwhile.
    let now = Arriving {
        shows_a_child_undressed: arrival.arriving.shows_a_child_undressed,
        ..queries::arriving(&mut tx, viewer, &case).await?
    };
    if let Err(why) = may_enter(&now) {
        drop(tx);
        return Err(question::refuse(viewer, &case, why).await?);
    }
    let belongs_to = object(case.id);
    let marked = arrival.own.is_some();
    let record = record_of(id, case.id, marked);
    if let Some(own) = &arrival.own {
        let mut readers: BTreeSet<PersonId> = form.readers.iter().copied().collect();
        readers.insert(viewer.person);
        let tier = Tier::Persons(readers.into_iter().collect());
        records::put(&mut tx, &record, own, &tier).await?;
    }
    let about = About {
        name,
        shows: form.shows.trim().to_owned(),
        salt: data_encoding::HEXLOWER.encode(&arrival.salt),
        commitment: data_encoding::HEXLOWER.encode(&spooled.commitment),
        picture: examined.picture,
    };
    let new = New {
        id,
        belongs_to: &belongs_to,
        record: &record,
        kind: examined.kind,
        state,
        about: &about,
    };
    let key = arrival.own.as_ref().unwrap_or(arrival.record);
    keep(&mut tx, key, &new, &mut spooled).await?;
    let entry = Entry::of(EntryKind::FileAdded, belongs_to)
        .fact("file", id)
        .fact("kind", examined.kind.key())
        .fact("bytes", spooled.size_bytes)
        .fact("state", state.key())
        .revision(spooled.commitment);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&leads_to))
}

/// Writes down that a file was not fit, and shows the form again.
async fn unfit(viewer: &Viewer, case: &Case, form: &Form, why: Unfit) -> Result<Response, Problem> {
    if why != Unfit::Empty {
        let tx = viewer.write().await?;
        tx.commit(
            Entry::of(EntryKind::FileRefused, object(case.id))
                .fact("why", why.key())
                .refused(),
        )
        .await?;
    }
    page(
        viewer,
        case,
        form,
        vec![FieldError::new("file", why.sentence())],
    )
}

fn page(
    viewer: &Viewer,
    case: &Case,
    form: &Form,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let error = |field: &str| {
        errors
            .iter()
            .find(|error| error.field_id.as_deref() == Some(field))
            .map(|error| error.text.clone())
    };
    let wrong = !errors.is_empty();
    let mut hint = KINDS_AND_SIZE.to_owned();
    if wrong {
        hint.push_str(". Choose the file again: a browser does not keep it");
    }
    let people: Vec<Choice> = possible_readers(viewer, case)
        .into_iter()
        .map(|(person, name)| Choice::new(person.to_string(), name))
        .collect();
    let page = UploadPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        back: BackLink::to(list::url(case.id)),
        reference: case.reference.clone(),
        submission: form.submission.clone(),
        file: FileUpload {
            error: error("file"),
            ..FileUpload::new("file", Label::medium("Which file?"), ACCEPT, &hint)
        },
        shows: Textarea {
            value: form.shows.clone(),
            error: error("shows"),
            rows: 3,
            hint: Some("Who wrote or made it, to whom, when, and how it came to you".into()),
            ..Textarea::new("shows", Label::medium("What does it show?"))
        },
        readers: (!people.is_empty()).then(|| Checkboxes {
            chosen: form.readers.iter().map(ToString::to_string).collect(),
            hint: Some(
                "Leave this empty for everybody who may read the case. Choose people, and only they and you can \
                 ever open it."
                    .into(),
            ),
            ..Checkboxes::new(
                "readers",
                Label::medium("Should only some people see it?"),
                people,
            )
        }),
        scanned: viewer.school.scanner.is_some(),
        send: Button::submit("Add the file"),
        errors: ErrorSummary::new(errors),
    };
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, crate::web::page(&page)?).into_response())
}
