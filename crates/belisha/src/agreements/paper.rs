//! A signature on paper, recorded by the office: who, when, and where the paper is.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::controls::agreement::Asks;
use belisha_rules::access::Action;
use belisha_rules::agreements::{PaperRefused, Signing, record_paper};
use belisha_rules::ids::{PersonId, SignatureId};
use belisha_ui::{
    BackLink, Button, DateInput, ErrorSummary, FieldError, Frame, InsetText, TextInput,
};
use serde::Deserialize;

use super::asked::{self, Asked};
use super::{signatures, signers, words};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::Sent;
use crate::web::words::{date, read_date};

pub(super) fn url(of: &str, person: PersonId) -> String {
    format!("/agreements/{of}/paper/{person}")
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Form {
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    post: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    signed_on_day: String,
    #[serde(default)]
    signed_on_month: String,
    #[serde(default)]
    signed_on_year: String,
}

#[derive(Template)]
#[template(path = "agreements/paper.html")]
struct PaperPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    title: String,
    name: String,
    since: InsetText,
    full_name: TextInput,
    post: Option<TextInput>,
    signed_on: DateInput,
    place: TextInput,
    record: Button,
    submission: String,
}

pub(super) async fn get(
    viewer: Viewer,
    Path((of, person)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (asked, name, _) = load(&viewer, &of, &person).await?;
    let form = Form {
        full_name: name.clone(),
        ..Form::default()
    };
    let submission = viewer.school.new_row_id();
    crate::web::page(&page(&viewer, &asked, name, &form, Vec::new(), submission))
}

pub(super) async fn post(
    viewer: Viewer,
    Path((of, person)): Path<(String, String)>,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    let (asked, name, person) = load(&viewer, &of, &person).await?;
    let on = read_date(
        &form.signed_on_day,
        &form.signed_on_month,
        &form.signed_on_year,
    );
    let (full_name, post) = (
        words::one_line(&form.full_name),
        words::one_line(&form.post),
    );
    let place = words::one_line(&form.place);
    let mut errors = Vec::new();
    if full_name.is_empty() {
        errors.push(FieldError::new(
            "full-name",
            "Enter the name as it stands on the paper.",
        ));
    }
    if asked.agreement.asks.contains(&Asks::Post) && post.is_empty() {
        errors.push(FieldError::new(
            "post",
            "Enter the post as it stands on the paper.",
        ));
    }
    match on {
        None => errors.push(FieldError::new(
            "signed-on-day",
            "Enter the date on the paper, such as 23 9 2026.",
        )),
        Some(on) => {
            if let Err(refused) = record_paper(&asked.agreement, &asked.signing, on, viewer.today())
            {
                errors.push(FieldError::new("signed-on-day", refused.sentence()));
            }
        }
    }
    if place.is_empty() {
        errors.push(FieldError::new(
            "place",
            "Say where the signed paper is kept.",
        ));
    }
    let (Some(on), true) = (on, errors.is_empty()) else {
        let mut shown = page(&viewer, &asked, name, &form, errors, submission);
        shown.frame.has_errors = true;
        let shown = crate::web::page(&shown)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    };
    let mut tx = viewer.write().await?;
    let leads_to = signers::url(&of);
    tx.once(&submission, &leads_to).await?;
    // Asked again within the transaction: a version may have come into force meanwhile.
    let (school, today) = (tx.school().clone(), tx.today());
    let asked = asked::of(&mut tx, &school, person, &of, today).await?;
    record_paper(&asked.agreement, &asked.signing, on, today)
        .map_err(|refused| Problem::refused("This was not recorded", refused.sentence()))?;
    let id: SignatureId = tx.new_id();
    signatures::keep(
        &mut tx,
        signatures::New {
            id,
            person,
            version: asked.in_force.id,
            agreement: &asked.agreement,
            on,
            full_name: &full_name,
            post: &post,
            signed_text: "",
            paper_place: Some(&place),
        },
    )
    .await?;
    tx.commit(
        Entry::of(
            EntryKind::AgreementPaperRecorded,
            Object::new("signature", id),
        )
        .fact("agreement", &of)
        .fact("version", asked.in_force.number)
        .fact("signed-on", on),
    )
    .await?;
    Ok(crate::web::go_to(&leads_to))
}

async fn load(
    viewer: &Viewer,
    of: &str,
    person: &str,
) -> Result<(Asked, String, PersonId), Problem> {
    signers::may(viewer, Action::RecordPaperSignature)?;
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let mut records = viewer.read().await?;
    let name = sql("select name from person where id = $1 and merged_into is null")
        .bind(person.to_string())
        .optional(&mut records)
        .await?
        .ok_or(Problem::NotFound)?
        .get("name")?;
    let asked = asked::of(&mut records, &viewer.school, person, of, viewer.today()).await?;
    match asked.signing {
        Signing::Due { .. } => Ok((asked, name, person)),
        Signing::Signed { .. } => Err(Problem::refused(
            "This is signed already",
            PaperRefused::SignedAlready.sentence(),
        )),
        Signing::NotRequired => Err(Problem::refused(
            "There is nothing to sign",
            PaperRefused::NotAsked.sentence(),
        )),
    }
}

fn page(
    viewer: &Viewer,
    asked: &Asked,
    name: String,
    form: &Form,
    errors: Vec<FieldError>,
    submission: String,
) -> PaperPage {
    let error = |field: &str| {
        errors
            .iter()
            .find(|error| error.field_id.as_deref() == Some(field))
            .map(|error| error.text.clone())
    };
    PaperPage {
        frame: frame::of(viewer),
        back: BackLink::to(signers::url(&asked.agreement.of)),
        title: asked.agreement.title.clone(),
        name,
        since: InsetText::new(format!(
            "The words of this agreement have stood as they are since {}. A paper signed before that day has other words on it and does not count.",
            date(asked.agreement.in_force_on)
        )),
        full_name: TextInput {
            value: form.full_name.clone(),
            error: error("full-name"),
            spellcheck: Some(false),
            ..TextInput::new("full-name", "Full name, as it stands on the paper")
        },
        post: asked
            .agreement
            .asks
            .contains(&Asks::Post)
            .then(|| TextInput {
                value: form.post.clone(),
                error: error("post"),
                ..TextInput::new("post", "Post, as it stands on the paper")
            }),
        signed_on: DateInput {
            error: error("signed-on-day"),
            day: form.signed_on_day.clone(),
            month: form.signed_on_month.clone(),
            year: form.signed_on_year.clone(),
            ..DateInput::new("signed-on", "When was it signed?")
        },
        place: TextInput {
            value: form.place.clone(),
            error: error("place"),
            hint: Some("Such as: personnel file, office cabinet 2.".into()),
            ..TextInput::new("place", "Where is the paper kept?")
        },
        record: Button::submit("Record the signature"),
        submission,
        errors: ErrorSummary::new(errors),
    }
}
