//! The code from the console, given once.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{Button, ErrorSummary, FieldError, Frame, TextInput};
use sha2::{Digest as _, Sha256};

use super::{entry, url, write};
use crate::accounts::codes::Code;
use crate::db::sql;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::cookies;
use crate::web::sent::Sent;

/// A code that was guessed at so often is dead.
const GUESSES: i64 = 10;

#[derive(Template)]
#[template(path = "schools/set_up/code.html")]
struct CodePage {
    frame: Frame,
    errors: ErrorSummary,
    action: String,
    code: TextInput,
    go_on: Button,
}

/// The page that asks for the code.
pub(super) fn page(typed: String, error: Option<&str>) -> Result<Response, Problem> {
    let errors = error
        .map(|says| FieldError::new("code", says))
        .into_iter()
        .collect();
    let page = crate::web::page(&CodePage {
        frame: Frame {
            has_errors: error.is_some(),
            ..frame::bare()
        },
        errors: ErrorSummary::new(errors),
        action: url(),
        code: TextInput {
            hint: Some(
                "Sixteen letters and figures, on the console where the server was started".into(),
            ),
            value: typed,
            error: error.map(str::to_owned),
            autocomplete: Some("off".into()),
            spellcheck: Some(false),
            ..TextInput::new("code", "Set-up code")
        },
        go_on: Button::submit("Begin"),
    })?;
    Ok(match error {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
        None => page,
    })
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    code: String,
}

pub(super) async fn post(
    here: Here,
    _headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let token = data_encoding::HEXLOWER.encode(&crate::clock::random::<32>(&*here.school.chance));
    let token_hash = Sha256::digest(token.as_bytes()).to_vec();
    // Sixteen letters that read as none are counted as a guess like any other.
    let hash = Code::read(&form.code).map_or_else(Vec::new, |code| code.hash().to_vec());
    let mut tx = write(&here).await?;
    let opened = tx
        .run(
            sql("update set_up set code_hash = null, token_hash = $2
                 where only_row = 1 and code_hash = $1 and wrong_codes < $3")
            .bind(hash)
            .bind(token_hash)
            .bind(GUESSES),
        )
        .await?;
    if opened == 0 {
        tx.run(sql(
            "update set_up set wrong_codes = wrong_codes + 1 where only_row = 1",
        ))
        .await?;
        tx.commit(entry("wrong-code").refused()).await?;
        return page(
            form.code,
            Some(
                "That is not the code. Type it as it stands on the console. After ten wrong tries, or once it \
                 was used, start the server again: it shows a new one.",
            ),
        );
    }
    tx.commit(entry("begun")).await?;
    let mut response = crate::web::go_to(&url());
    response
        .headers_mut()
        .append(header::SET_COOKIE, cookies::set_up(&token));
    Ok(response)
}
