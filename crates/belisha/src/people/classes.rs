//! The classes: which there are, and a new one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    Button, Column, EmptyState, ErrorSummary, FieldError, Frame, Html, InputWidth, SubNavigation,
    Table, TextInput,
};
use serde::Deserialize;

use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url() -> String {
    "/people/classes".to_owned()
}

/// A class with how many pupils are in it now.
pub(crate) struct Class {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) year_group: String,
    pub(crate) pupils: i64,
}

/// Every class by name.
pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<Class>, Fault> {
    sql("select class.id, class.name, class.year_group, count(class_member.id) as pupils
         from class left join class_member
           on class_member.class = class.id and class_member.part = 'pupil' and class_member.until_on is null
         group by class.id, class.name, class.year_group
         order by class.year_group, class.name")
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(Class {
            id: row.get("id")?,
            name: row.get("name")?,
            year_group: row.get("year_group")?,
            pupils: row.get("pupils")?,
        })
    })
    .collect()
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Typed {
    name: String,
    year_group: String,
}

#[derive(Template)]
#[template(path = "people/classes.html")]
struct ClassesPage {
    frame: Frame,
    places: SubNavigation,
    errors: ErrorSummary,
    classes: Option<Table>,
    empty: EmptyState,
    add: Option<AddForm>,
}

struct AddForm {
    submission: String,
    name: TextInput,
    year_group: TextInput,
    send: Button,
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadRegister, &RecordFacts::of(Kind::Register))?;
    page(
        &viewer,
        &Typed::default(),
        Vec::new(),
        viewer.school.new_row_id(),
    )
    .await
}

pub(crate) async fn post(viewer: Viewer, sent: Sent<Typed>) -> Result<Response, Problem> {
    viewer.require(Action::EditPeople, &RecordFacts::of(Kind::Register))?;
    let mut tx = viewer.write().await?;
    let id = tx.school().new_row_id();
    let leads_to = super::class::url(&id);
    tx.once(&sent.submission, &leads_to).await?;
    let name = sent
        .form
        .name
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let error = if name.is_empty() || name.chars().count() > 60 {
        Some("Enter the class’s name, up to 60 characters")
    } else {
        sql("select id from class where lower(name) = $1")
            .bind(name.to_lowercase())
            .optional(&mut tx)
            .await?
            .map(|_| "There is a class of this name already")
    };
    if let Some(error) = error {
        drop(tx);
        let errors = vec![FieldError::new("name", error)];
        return page(&viewer, &sent.form, errors, sent.submission).await;
    }
    let entry = add(&mut tx, &id, &name, sent.form.year_group.trim()).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&leads_to))
}

/// Adds a class whose name is new.
pub(crate) async fn add(
    tx: &mut Tx,
    id: &str,
    name: &str,
    year_group: &str,
) -> Result<Entry, Problem> {
    tx.run_one(
        sql("insert into class (id, name, year_group) values ($1, $2, $3)")
            .bind(id)
            .bind(name)
            .bind(year_group),
    )
    .await?;
    Ok(Entry::of(EntryKind::ClassAdded, Object::new("class", id)))
}

async fn page(
    viewer: &Viewer,
    typed: &Typed,
    errors: Vec<FieldError>,
    submission: String,
) -> Result<Response, Problem> {
    let classes = all(&mut viewer.read().await?).await?;
    let rows: Vec<Vec<Html>> = classes
        .iter()
        .map(|class| {
            vec![
                Html::link(&class.name, &super::class::url(&class.id)),
                class.year_group.clone().into(),
                class.pupils.to_string().into(),
            ]
        })
        .collect();
    let wrong = !errors.is_empty();
    let may_edit = viewer
        .may(Action::EditPeople, &RecordFacts::of(Kind::Register))
        .is_allowed();
    let page = crate::web::page(&ClassesPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        places: super::places(viewer),
        classes: (!rows.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Classes",
                vec![
                    Column::new("Class"),
                    Column::new("Year group"),
                    Column::numeric("Pupils"),
                ],
                rows,
            )
        }),
        empty: EmptyState::new(
            "There are no classes yet",
            "Classes are made here, or by an import of pupils that names them.",
        ),
        add: may_edit.then(|| AddForm {
            submission,
            name: TextInput {
                value: typed.name.clone(),
                error: errors.first().map(|error| error.text.clone()),
                spellcheck: Some(false),
                width: Some(InputWidth::Twenty),
                ..TextInput::new("name", "Name of the class")
            },
            year_group: TextInput {
                value: typed.year_group.clone(),
                width: Some(InputWidth::Ten),
                ..TextInput::new("year-group", "Year group (optional)")
            },
            send: Button::submit("Add the class"),
        }),
        errors: ErrorSummary::new(errors),
    })?;
    Ok(if wrong {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}
