//! How problems are shown: as a page with the person's own navigation around it,
//! or to a program as RFC 9457 problem details.

use std::any::Any;
use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use belisha_ui::Frame;

use crate::clock::random;
use crate::home::frame;
use crate::problem::{FieldProblem, Problem};
use crate::web::App;

/// A problem on its way out; [`render`] gives it its page.
#[derive(Clone)]
struct Raised(Arc<Problem>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::GoTo(url) = &self {
            return super::go_to(url);
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Raised(Arc::new(self)));
        response
    }
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::GoTo(_) => StatusCode::SEE_OTHER,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A handler that panicked: its request ends, and no other.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::Fault(crate::problem::Fault::said("a handler panicked".into())).into_response()
}

#[derive(Template)]
#[template(path = "web/problem.html")]
struct ProblemPage {
    frame: Frame,
    title: String,
    says: String,
    fields: Vec<FieldProblem>,
    reference: Option<String>,
    home: String,
}

/// Gives a problem its page. The answer to what does not exist and to what may not be
/// known is the same page, to the byte, for the same person.
pub(crate) async fn render(State(app): State<App>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let response = next.run(request).await;
    let Some(Raised(problem)) = response.extensions().get::<Raised>().cloned() else {
        return response;
    };
    let reference = match &*problem {
        Problem::Fault(fault) => {
            let reference = app.school_at(&host).map_or_else(String::new, |school| {
                data_encoding::BASE32_NOPAD.encode(&random::<5>(&*school.chance))
            });
            tracing::error!(%reference, path = uri.path(), %fault, "a fault");
            Some(reference)
        }
        _ => None,
    };
    if uri.path().starts_with("/api/") {
        return details(&problem, &uri, reference);
    }
    let viewer = response.extensions().get::<frame::Shown>().cloned();
    page(&problem, reference, viewer)
}

fn page(problem: &Problem, reference: Option<String>, shown: Option<frame::Shown>) -> Response {
    let (title, says) = words(problem);
    let fields = match problem {
        Problem::Fields(fields) => fields.clone(),
        _ => Vec::new(),
    };
    let page = ProblemPage {
        frame: shown.map_or_else(frame::bare, |shown| shown.0),
        title,
        says,
        fields,
        reference,
        home: crate::home::url(),
    };
    let status = problem.status();
    match super::page(&page) {
        Ok(page) => (status, page).into_response(),
        Err(_) => status.into_response(),
    }
}

fn words(problem: &Problem) -> (String, String) {
    match problem {
        Problem::Fields(_) => (
            "There is a problem".into(),
            "Some of what was sent needs correcting. Nothing was saved. Go back and correct it:".into(),
        ),
        Problem::Refused(refused) => (refused.title.clone(), refused.why.clone()),
        Problem::NotFound | Problem::GoTo(_) => (
            "There is nothing here".into(),
            "The address may be mistyped, or what was here may have moved, or it may not be for you. \
             If a link in Belisha led here, tell the network manager which one."
                .into(),
        ),
        Problem::Fault(_) => (
            "Something went wrong on our side".into(),
            "What you did was not saved. Nothing of what was there before is lost. Try again in a minute. \
             If it happens again, give the reference below to the network manager."
                .into(),
        ),
    }
}

fn details(problem: &Problem, uri: &Uri, reference: Option<String>) -> Response {
    let (title, detail) = words(problem);
    let errors: Vec<_> = match problem {
        Problem::Fields(fields) => fields
            .iter()
            .map(|field| serde_json::json!({ "field": field.field, "says": field.says }))
            .collect(),
        _ => Vec::new(),
    };
    let body = serde_json::json!({
        "title": title,
        "status": problem.status().as_u16(),
        "detail": detail,
        "instance": reference.map_or_else(|| uri.path().to_owned(), |reference| format!("urn:fault:{reference}")),
        "errors": errors,
    });
    (
        problem.status(),
        [(header::CONTENT_TYPE, "application/problem+json")],
        Json(body).into_response().into_body(),
    )
        .into_response()
}
