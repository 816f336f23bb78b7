//! Whether the server can do its work: for a supervisor, never for a person.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::db::sql;
use crate::web::App;

/// 200 where every school's records answer, 503 where one does not. Says no more
/// than that: the page needs nobody, so it tells nobody anything.
pub(crate) async fn get(State(app): State<App>) -> Response {
    for school in app.schools() {
        let answers = async {
            let mut records = school.database.read().await?;
            sql("select 1 as one").one(&mut records).await.map(drop)
        };
        if let Err(fault) = answers.await {
            tracing::error!(school = %school.folder, %fault, "the records do not answer");
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                Json(serde_json::json!({ "records": "do not answer" })),
            )
                .into_response();
        }
    }
    Json(serde_json::json!({ "records": "answer" })).into_response()
}
