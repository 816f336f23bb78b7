//! Half-written forms, kept sealed while somebody types, so that a flat battery or a
//! locked screen loses nothing. A draft is its writer's alone and leaves with the act.

#[cfg(test)]
mod tests;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use belisha_rules::guides::imagery::{TEXT_HOLDS_A_PICTURE, text_holds_a_picture};
use belisha_rules::ids::PersonId;

use crate::db::{Connection, sql};
use crate::problem::{Fault, Problem};
use crate::records::rewrap_aside;
use crate::school::School;
use crate::school_keys::rewrapping::{Batch, Turn};
use crate::tx::Tx;
use crate::upkeep::{Upkeep, keep};
use crate::viewer::Viewer;
use crate::web::route::{Needs, Route, post};

/// The kind under which a draft is sealed aside.
const KIND: &str = "draft";
const LONGEST_BYTES: usize = 256 * 1024;
const LONGEST_NAME: usize = 80;

pub(crate) fn routes() -> Vec<Route> {
    vec![post("/drafts/{form}", Needs::Session, keep_draft)]
}

/// Where the script sends what is being typed into a form: the value of `data-draft-url`.
/// A form's name holds letters, figures and dashes: `report`, `entry-` and an id.
pub(crate) fn url(form: &str) -> String {
    format!("/drafts/{form}")
}

async fn keep_draft(
    viewer: Viewer,
    Path(form): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let is_name = form.len() <= LONGEST_NAME
        && form
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if !is_name {
        return Err(Problem::NotFound);
    }
    if body.len() > LONGEST_BYTES {
        return Err(Problem::refused(
            "This draft is too long to keep",
            "Send the form, or save part of what you wrote elsewhere.",
        ));
    }
    // What a form would not take is not kept for it either.
    if form_urlencoded::parse(&body).any(|(_, value)| text_holds_a_picture(&value)) {
        return Err(Problem::refused(
            "This draft cannot be kept",
            TEXT_HOLDS_A_PICTURE,
        ));
    }
    let school = &viewer.school;
    let sealed = crate::records::seal_aside(school, KIND, &place(viewer.person, &form), &body);
    keep(
        &school.database,
        Upkeep::DraftKept {
            person: viewer.person,
            form: &form,
            sealed,
            at: viewer.now,
        },
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a person had typed into a form, field by field; none where nothing was kept.
pub(crate) async fn kept(
    connection: &mut Connection,
    school: &School,
    person: PersonId,
    form: &str,
) -> Result<Option<Vec<(String, String)>>, Fault> {
    let row = sql("select sealed from draft where person = $1 and form = $2")
        .bind(person.to_string())
        .bind(form)
        .optional(connection)
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let sealed: Vec<u8> = row.get("sealed")?;
    let body = crate::records::open_aside(school, KIND, &place(person, form), &sealed)?;
    Ok(Some(form_urlencoded::parse(&body).into_owned().collect()))
}

/// Wraps the keys of the next drafts anew, under the school's current key.
pub(crate) async fn rewrap(tx: &mut Tx, turn: &Turn<'_>) -> Result<Batch, Problem> {
    let school = tx.school().clone();
    // Named as they are sealed: by person and form.
    let rows = sql("select person || '/' || form as place, sealed from draft
         where substr(sealed, 7, 8) <> $1 and person || '/' || form > $2
         order by person || '/' || form limit $3")
    .bind(turn.keys.current_id().to_bytes().as_slice())
    .bind(turn.after)
    .bind(turn.limit)
    .all(tx)
    .await?;
    let mut batch = Batch::default();
    for row in rows {
        let (place, sealed): (String, Vec<u8>) = (row.get("place")?, row.get("sealed")?);
        let anew = rewrap_aside(&school, turn.keys, KIND, &place, &sealed);
        if let Some(anew) = batch.took(&place, anew) {
            tx.run_one(
                sql(
                    "update draft set sealed = $3 where person || '/' || form = $1 and sealed = $2",
                )
                .bind(&place)
                .bind(sealed)
                .bind(anew),
            )
            .await?;
        }
    }
    Ok(batch)
}

fn place(person: PersonId, form: &str) -> String {
    format!("{person}/{form}")
}
