//! The second step of an import: which column holds what. What is in no field is not
//! read, and the page says so by name.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, Select, SelectOption};

use super::fields::{Field, Mapping, guess, lacks};
use super::table::Table;
use super::{Import, ImportState};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;

pub(crate) fn url(id: &str) -> String {
    format!("/people/import/{id}/columns")
}

/// What the names of the fields in the form begin with.
pub(super) const PREFIX: &str = "column-";

#[derive(Template)]
#[template(path = "people/import/columns.html")]
struct ColumnsPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    file_name: String,
    encoding: &'static str,
    delimiter: &'static str,
    rows: usize,
    check: String,
    abandon: String,
    fields: Vec<Select>,
    not_read: Vec<String>,
    send: Button,
    give_up: Button,
}

pub(crate) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let import = super::load(&mut records, &viewer, &id).await?;
    if import.state != ImportState::Mapping {
        return Err(Problem::GoTo(super::result::url(&id)));
    }
    let table = import.table(&viewer.school)?;
    let last = super::last_names(&mut records, import.kind).await?;
    let mapping = guess(import.kind, &table.columns, &last);
    page(&viewer, &import, &table, &mapping, Vec::new())
}

/// The mapping that a form or an address carries, or what it lacks.
pub(super) fn chosen(
    import: &Import,
    table: &Table,
    pairs: &[(String, String)],
) -> Result<Mapping, (Mapping, Vec<FieldError>)> {
    let mut mapping = Mapping::new();
    let mut errors = Vec::new();
    for field in Field::of(import.kind) {
        let name = format!("{PREFIX}{}", field.key());
        let column = pairs
            .iter()
            .find(|(key, _)| *key == name)
            .and_then(|(_, value)| value.parse::<usize>().ok())
            .filter(|column| *column < table.columns.len());
        let Some(column) = column else { continue };
        if let Some((other, _)) = mapping.iter().find(|(_, taken)| **taken == column) {
            errors.push(FieldError::new(
                name,
                format!(
                    "“{}” cannot be both {} and {}",
                    table.columns[column],
                    other.label(import.kind).to_lowercase(),
                    field.label(import.kind).to_lowercase()
                ),
            ));
        }
        mapping.insert(field, column);
    }
    errors.extend(
        lacks(import.kind, &mapping)
            .into_iter()
            .map(|(field, says)| FieldError::new(format!("{PREFIX}{}", field.key()), says)),
    );
    if errors.is_empty() {
        Ok(mapping)
    } else {
        Err((mapping, errors))
    }
}

pub(super) fn page(
    viewer: &Viewer,
    import: &Import,
    table: &Table,
    mapping: &Mapping,
    errors: Vec<FieldError>,
) -> Result<Response, Problem> {
    let wrong = !errors.is_empty();
    let options: Vec<SelectOption> = std::iter::once(SelectOption::new("", "Not in this file"))
        .chain(table.columns.iter().enumerate().map(|(number, name)| {
            let name = match name.as_str() {
                "" => format!("Column {}", number + 1),
                name => name.to_owned(),
            };
            SelectOption::new(number.to_string(), name)
        }))
        .collect();
    let fields = Field::of(import.kind)
        .into_iter()
        .map(|field| {
            let name = format!("{PREFIX}{}", field.key());
            let column = mapping.get(&field);
            let sample = column
                .map(|column| table.sample(*column))
                .unwrap_or_default();
            Select {
                hint: (!sample.is_empty()).then(|| format!("For example: {}", sample.join(" · "))),
                error: errors
                    .iter()
                    .find(|error| error.field_id.as_deref() == Some(name.as_str()))
                    .map(|error| error.text.clone()),
                chosen: column.map(ToString::to_string),
                ..Select::new(&name, field.label(import.kind), options.clone())
            }
        })
        .collect();
    let not_read = table
        .columns
        .iter()
        .enumerate()
        .filter(|(number, name)| {
            !name.is_empty() && !mapping.values().any(|column| column == number)
        })
        .map(|(_, name)| name.clone())
        .collect();
    let page = crate::web::page(&ColumnsPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        back: BackLink::to(super::upload::url()),
        file_name: import.file_name.clone(),
        encoding: table.encoding,
        delimiter: table.delimiter_name(),
        rows: table.rows.len(),
        check: super::check::url(&import.id),
        abandon: super::result::abandon_url(&import.id),
        fields,
        not_read,
        send: Button::submit("Show what would change"),
        give_up: Button::like_link("Give this import up"),
        errors: ErrorSummary::new(errors),
    })?;
    Ok(if wrong {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}
