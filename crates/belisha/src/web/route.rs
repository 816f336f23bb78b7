//! A route says who may come in before its handler is asked. There is no way to
//! add one without saying it, and the list can be printed: `belisha routes`.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::web::App;

/// Who may come in. What they may do there, the act asks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Anybody at all.
    Nothing,
    /// A school that is not set up yet; afterwards the page does not exist.
    Unset,
    /// A person who gave the password and not yet the second factor, or who must
    /// still enrol; with the name of the step.
    Step(Step),
    /// A person whose session is open.
    Session,
    /// The same, confirmed again within the last five minutes.
    SteppedUp,
    /// A program with a token of this scope.
    Scope(&'static str),
    /// A device with the browser extension, by the key of its enrolment.
    Enrolment,
    /// Anybody, and no school: whether the server can do its work.
    NoSchool,
    /// Whoever sits at the server's own machine, and no school: metrics.
    Operator,
}

/// The steps between a password and an open session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Give the second factor.
    SecondFactor,
    /// Choose an own password in place of the one that was handed over.
    NewPassword,
    /// Set the second factor up.
    Enrolment,
    /// Unlock a session that locked.
    Unlock,
    /// Sign what holds the account, before anything else.
    Agreement,
}

/// One method of one path.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub needs: Needs,
    handler: Handle,
}

/// A handler of any kind. What axum builds around a handler is generic over it, and with some
/// five hundred of them compiling that took longer than everything else; so it is built once.
type Handle = Arc<dyn Fn(Request, App) -> Answer + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

fn handle<H, T>(handler: H) -> Handle
where
    H: Handler<T, App>,
    T: 'static,
{
    Arc::new(move |request, app| Box::pin(handler.clone().call(request, app)))
}

/// A page or a file.
pub(crate) fn get<H, T>(path: &'static str, needs: Needs, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route {
        method: Method::GET,
        path,
        needs,
        handler: handle(handler),
    }
}

/// An act.
pub(crate) fn post<H, T>(path: &'static str, needs: Needs, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route {
        method: Method::POST,
        path,
        needs,
        handler: handle(handler),
    }
}

impl Route {
    pub(crate) fn handler(self, app: &App) -> MethodRouter<App> {
        let needs = self.needs;
        let app = app.clone();
        let filter = if self.method == Method::POST {
            MethodFilter::POST
        } else {
            MethodFilter::GET
        };
        let handler = self.handler;
        let router = on(filter, move |State(app): State<App>, request: Request| {
            handler(request, app)
        });
        router.layer(axum::middleware::from_fn_with_state(
            app,
            move |State(app): State<App>, request: Request, next: Next| async move {
                let request = match crate::viewer::admit(&app, needs, request).await {
                    Ok(request) => request,
                    Err(problem) => return problem.into_response(),
                };
                let viewer = request.extensions().get::<crate::viewer::Viewer>().cloned();
                let mut response = next.run(request).await;
                // A problem's page has the person's own navigation around it.
                if let (Some(viewer), true) = (viewer, response.status().as_u16() >= 400) {
                    let frame = crate::home::frame::of(&viewer);
                    response
                        .extensions_mut()
                        .insert(crate::home::frame::Shown(frame));
                }
                response
            },
        ))
    }
}

/// The list as a person reads it.
pub(crate) fn list(routes: &[Route]) -> String {
    let mut lines: Vec<String> = routes
        .iter()
        .map(|route| format!("{:<5} {:<55} {:?}", route.method, route.path, route.needs))
        .collect();
    lines.sort();
    lines.join("\n") + "\n"
}
