//! Adding one person to the register.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Button, FieldError, Frame};

use belisha_policy::Word as _;

use super::particulars::{Fields, Particulars, Typed};
use super::queries::sort_name;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(crate) fn url() -> String {
    "/people/add".to_owned()
}

#[derive(Template)]
#[template(path = "people/add.html")]
struct AddPage {
    frame: Frame,
    back: BackLink,
    fields: Fields,
    submission: String,
    send: Button,
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::EditPeople, &RecordFacts::of(Kind::Register))?;
    page(
        &viewer,
        &Typed::fresh(viewer.today()),
        Vec::new(),
        viewer.school.new_row_id(),
    )
}

pub(crate) async fn post(viewer: Viewer, sent: Sent<Typed>) -> Result<Response, Problem> {
    viewer.require(Action::EditPeople, &RecordFacts::of(Kind::Register))?;
    let mut tx = viewer.write().await?;
    let errors = match sent.form.read(None, viewer.today()) {
        Ok(particulars) => {
            let id: PersonId = tx.new_id();
            let url = super::person::url(id);
            tx.once(&sent.submission, &url).await?;
            let mut clashes = particulars.clashes(&mut tx, None).await?;
            clashes.extend(particulars.double(&mut tx).await?);
            if clashes.is_empty() {
                let entry = add(&mut tx, id, &particulars).await?;
                tx.commit(entry).await?;
                return Ok(crate::web::go_to(&url));
            }
            clashes
        }
        Err(errors) => errors,
    };
    page(&viewer, &sent.form, errors, sent.submission)
}

/// Adds a person whom nothing clashes with.
pub(crate) async fn add(
    tx: &mut Tx,
    id: PersonId,
    particulars: &Particulars,
) -> Result<Entry, Problem> {
    tx.run_one(
        sql(
            "insert into person (id, name, sort_name, standing, job_title, email, telephone, upn,
                                 born_on, starts_on, ends_on, merged_into)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null)",
        )
        .bind(id.to_string())
        .bind(&particulars.name)
        .bind(sort_name(&particulars.name))
        .bind(particulars.standing.key())
        .bind(&particulars.job_title)
        .bind(particulars.email.clone())
        .bind(particulars.telephone.clone())
        .bind(particulars.upn.clone())
        .bind(particulars.born_on)
        .bind(particulars.starts_on),
    )
    .await?;
    Ok(Entry::of(EntryKind::PersonAdded, Object::new("person", id))
        .fact("standing", particulars.standing.key()))
}

fn page(
    viewer: &Viewer,
    typed: &Typed,
    errors: Vec<FieldError>,
    submission: String,
) -> Result<Response, Problem> {
    let wrong = !errors.is_empty();
    let page = crate::web::page(&AddPage {
        frame: Frame {
            has_errors: wrong,
            ..frame::of(viewer)
        },
        back: BackLink::to(super::list::url()),
        fields: typed.fields(true, errors),
        submission,
        send: Button::submit("Add the person"),
    })?;
    Ok(if wrong {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    } else {
        page
    })
}
