//! The first step of an import: choosing a file. It is read before it is kept, and
//! kept sealed until the import ends.

use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    Button, Choice, Column, ErrorSummary, FieldError, FileUpload, Frame, Html, Label, Radios,
    SubNavigation, Table as Shown,
};

use super::decode::NotATable;
use super::fields::ImportKind;
use super::table::Table;
use super::{Confirmed, ImportState};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::people::dates::in_words;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::viewer::Viewer;
use crate::web::words::capital;

pub(crate) fn url() -> String {
    "/people/import".to_owned()
}

#[derive(Template)]
#[template(path = "people/import/upload.html")]
struct UploadPage {
    frame: Frame,
    places: SubNavigation,
    errors: ErrorSummary,
    submission: String,
    kind: Radios,
    file: FileUpload,
    send: Button,
    before: Option<Shown>,
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ImportPeople, &RecordFacts::of(Kind::Register))?;
    page(
        &viewer,
        &Form {
            submission: viewer.school.new_row_id(),
            ..Form::default()
        },
        Vec::new(),
    )
    .await
}

/// The form with its file.
#[derive(Default)]
struct Form {
    kind: Option<ImportKind>,
    submission: String,
    file_name: String,
    bytes: Vec<u8>,
    too_large: bool,
}

pub(crate) async fn post(
    viewer: Viewer,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    viewer.require(Action::ImportPeople, &RecordFacts::of(Kind::Register))?;
    let form = read(sent.map_err(|_| unreadable())?).await?;
    let mut errors = Vec::new();
    if form.kind.is_none() {
        errors.push(FieldError::new("kind", "Choose what the file is a list of"));
    }
    let table = if form.too_large {
        Err(NotATable::TooLarge)
    } else {
        Table::read(&form.bytes)
    };
    let table = match table {
        Ok(table) => Some(table),
        Err(NotATable::Empty) if form.file_name.is_empty() => {
            errors.push(FieldError::new("file", "Choose a file"));
            None
        }
        Err(why) => {
            errors.push(FieldError::new("file", why.sentence()));
            None
        }
    };
    let (Some(kind), Some(table)) = (form.kind, table) else {
        return page(&viewer, &form, errors).await;
    };
    let mut tx = viewer.write().await?;
    let id = tx.school().new_row_id();
    let leads_to = super::columns::url(&id);
    tx.once(&form.submission, &leads_to).await?;
    let sealed = records::seal_aside(&viewer.school, "person-import", &id, &form.bytes);
    let rows = i64::try_from(table.rows.len()).unwrap_or(i64::MAX);
    let (now, by) = (tx.now(), tx.actor().key());
    let mapping = serde_json::to_string(&Confirmed::default())
        .map_err(|error| Fault::at("writing an empty mapping".into(), error))?;
    tx.run_one(
        sql("insert into person_import (id, kind, file_name, encoding, mapping, state, rows_total, rows_done,
                                        started_at, started_by, finished_at, sealed_file)
             values ($1, $2, $3, $4, $5, 'mapping', $6, 0, $7, $8, null, $9)")
        .bind(&id)
        .bind(kind.key())
        .bind(form.file_name)
        .bind(table.encoding)
        .bind(mapping)
        .bind(rows)
        .bind(now)
        .bind(by)
        .bind(sealed),
    )
    .await?;
    let entry = Entry::of(
        EntryKind::PeopleImportRead,
        Object::new("person-import", &id),
    )
    .fact("kind", kind.key())
    .fact("rows", rows);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&leads_to))
}

async fn read(mut sent: Multipart) -> Result<Form, Problem> {
    let mut form = Form::default();
    loop {
        let field = match sent.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(form),
            Err(error) => return broken(form, &error),
        };
        match field.name().unwrap_or_default() {
            "file" => {
                form.file_name = plain_name(field.file_name().unwrap_or_default());
                match field.bytes().await {
                    Ok(bytes) => form.bytes = bytes.to_vec(),
                    Err(error) => return broken(form, &error),
                }
            }
            name @ ("kind" | "submission") => {
                let is_kind = name == "kind";
                let text = match field.text().await {
                    Ok(text) => text,
                    Err(error) => return broken(form, &error),
                };
                if is_kind {
                    form.kind = ImportKind::from_key(&text);
                } else {
                    form.submission = text;
                }
            }
            // Nobody can set what the form does not show.
            _ => return Err(unreadable()),
        }
    }
}

fn broken(form: Form, error: &MultipartError) -> Result<Form, Problem> {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Ok(Form {
            too_large: true,
            ..form
        })
    } else {
        Err(unreadable())
    }
}

fn unreadable() -> Problem {
    Problem::refused(
        "This form could not be read",
        "The file did not arrive whole. Nothing was kept. Go back, reload the page and send it again.",
    )
}

/// The name for showing: no folders, nothing that is not seen, at most a hundred characters.
fn plain_name(name: &str) -> String {
    name.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|character| !character.is_control())
        .take(100)
        .collect()
}

async fn page(viewer: &Viewer, form: &Form, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let error = |field: &str| {
        errors
            .iter()
            .find(|error| error.field_id.as_deref() == Some(field))
            .map(|error| error.text.clone())
    };
    let wrong = !errors.is_empty();
    let choice = |kind: ImportKind, hint: &str| Choice {
        hint: Some(hint.to_owned()),
        ..Choice::new(kind.key(), capital(kind.name()))
    };
    let page = crate::web::page(&UploadPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        places: crate::people::places(viewer),
        submission: form.submission.clone(),
        kind: Radios {
            chosen: form.kind.map(|kind| kind.key().to_owned()),
            error: error("kind"),
            ..Radios::new(
                "kind",
                Label::medium("What is the file a list of?"),
                vec![
                    choice(ImportKind::Pupils, "One row for each child"),
                    choice(ImportKind::Staff, "One row for each member of staff"),
                    choice(
                        ImportKind::Contacts,
                        "One row for each child with each of their adults",
                    ),
                ],
            )
        },
        file: FileUpload {
            error: error("file"),
            ..FileUpload::new(
                "file",
                Label::medium("Which file?"),
                ".csv,.txt,text/csv",
                "A CSV file of up to 5 MB and 100,000 rows, with the columns’ names in the first line",
            )
        },
        send: Button::submit("Continue"),
        before: before(&mut viewer.read().await?, viewer).await?,
        errors: ErrorSummary::new(errors),
    })?;
    Ok(if wrong {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}

/// The last imports, for going on with one or looking at its result.
async fn before(connection: &mut Connection, viewer: &Viewer) -> Result<Option<Shown>, Fault> {
    let rows = sql(
        "select id, kind, rows_total, state, started_at from person_import
                    order by started_at desc, id limit 10",
    )
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        let id: String = row.get("id")?;
        let state = row.read("state", ImportState::from_key)?;
        let day = in_words(viewer.school.date_of(row.instant("started_at")?));
        let leads_to = match state {
            ImportState::Mapping => super::columns::url(&id),
            ImportState::Running | ImportState::Done | ImportState::Abandoned => {
                super::result::url(&id)
            }
        };
        Ok(vec![
            Html::link(&day, &leads_to),
            capital(row.read("kind", ImportKind::from_key)?.name()).into(),
            row.get::<i64>("rows_total")?.to_string().into(),
            capital(state.name()).into(),
        ])
    })
    .collect::<Result<Vec<_>, Fault>>()?;
    let columns = vec![
        Column::new("Date"),
        Column::new("List of"),
        Column::numeric("Rows"),
        Column::new("State"),
    ];
    Ok((!rows.is_empty()).then(|| Shown::new("Imports before", columns, rows)))
}
