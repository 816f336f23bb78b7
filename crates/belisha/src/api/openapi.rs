//! `GET /api/v1/openapi.json`: every address under /api/v1 with what it takes and gives.

use axum::Json;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::scopes::SCOPES;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Belisha",
        description = "For programs of the school: the same acts as on the pages, under the same rules. \
                       A key tells how a case stands and never opens its words, and knows nothing of a case that is sealed to persons. Times and dates are ISO 8601; what goes \
                       wrong is told as problem details (RFC 9457)."
    ),
    paths(
        get,
        super::policy::get,
        super::people::list,
        super::people::get,
        super::reports::post,
        super::reports::get,
        super::cases::list,
        super::cases::get,
        super::agreements::get,
        super::agreements::words,
        super::agreements::sign,
    ),
    modifiers(&Keys)
)]
pub(super) struct Document;

/// Says how a program shows its key.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scopes: Vec<String> = SCOPES
            .iter()
            .map(|scope| format!("`{}`: {}", scope.key, scope.says))
            .collect();
        let says = format!(
            "A key that is made under Account, Keys for programs. Its scopes: {}.",
            scopes.join("; ")
        );
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(says))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

/// This document
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "this document",
    responses((status = 200, description = "The OpenAPI document", content_type = "application/json"))
)]
pub(super) async fn get() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}
