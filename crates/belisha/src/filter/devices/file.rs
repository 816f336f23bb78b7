//! A file of devices is chosen; what it holds stands then on the page of rows, to be looked at.

use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, FileUpload, Frame, Html, Label};

use super::{importing, list, require};
use crate::home::frame;
use crate::people::import::NotATable;
use crate::problem::Problem;
use crate::viewer::Viewer;

pub(super) fn url() -> String {
    format!("{}/file", list::url())
}

#[derive(Template)]
#[template(path = "filter/devices/file.html")]
struct FilePage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    columns: Vec<(&'static str, &'static str)>,
    file: FileUpload,
    send: Button,
    paste: Html,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    require(&viewer)?;
    page(&viewer, None)
}

pub(super) async fn post(
    viewer: Viewer,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    require(&viewer)?;
    let bytes = match sent {
        Ok(sent) => bytes(sent).await,
        Err(_) => None,
    };
    let Some(bytes) = bytes else {
        return page(
            &viewer,
            Some("The file did not arrive whole. Choose it again"),
        );
    };
    if bytes.is_empty() {
        return page(&viewer, Some("Choose a file"));
    }
    match importing::text_of(&bytes) {
        Ok(text) => importing::looked_at(&viewer, text).await,
        Err(why) => page(&viewer, Some(NotATable::sentence(why))),
    }
}

async fn bytes(mut sent: Multipart) -> Option<Vec<u8>> {
    while let Ok(Some(field)) = sent.next_field().await {
        if field.name() == Some("file") {
            return Some(field.bytes().await.ok()?.to_vec());
        }
    }
    None
}

fn page(viewer: &Viewer, error: Option<&str>) -> Result<Response, Problem> {
    let errors = error.map(|text| FieldError::new("file", text));
    let mut frame = frame::of(viewer);
    frame.has_errors = error.is_some();
    let page = crate::web::page(&FilePage {
        frame,
        back: BackLink::to(list::url()),
        columns: importing::COLUMNS.to_vec(),
        file: FileUpload {
            error: error.map(str::to_owned),
            ..FileUpload::new(
                "file",
                Label::medium("Which file?"),
                ".csv,.txt,text/csv",
                "A CSV file of up to 2,000 rows, with the columns’ names in the first line",
            )
        },
        send: Button::submit("Show what it would do"),
        paste: Html::link("Paste the rows instead", &importing::url()),
        errors: ErrorSummary::new(errors.into_iter().collect()),
    })?;
    Ok(if error.is_some() {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}
