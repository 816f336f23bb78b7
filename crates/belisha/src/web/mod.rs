//! What stands between a browser and an act: which school, which person, which
//! form, what goes wrong, and the headers that every answer carries.

pub(crate) mod act;
pub(crate) mod address;
pub(crate) mod certificate;
pub(crate) mod cookies;
mod expiry;
pub(crate) mod forgery;
pub(crate) mod headers;
pub(crate) mod path;
pub(crate) mod pdf;
pub(crate) mod problems;
pub(crate) mod route;
pub(crate) mod sent;
pub(crate) mod server;
pub(crate) mod words;
pub(crate) mod wrong;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::problem::{Fault, Problem};
use crate::school::School;

/// The longest form that is read: a report too long by far is still turned back at its
/// field, with what was typed, and not by the server.
pub(crate) const LONGEST_FORM: usize = 4 * 1024 * 1024;

/// What the server serves: one school or several, told apart by the host name.
#[derive(Clone)]
pub struct App(Arc<Served>);

struct Served {
    schools: Vec<Arc<School>>,
    /// Proxies whose forwarded headers are believed.
    proxies: Vec<std::net::IpAddr>,
    /// Whether answers say that only HTTPS may be used from now on.
    over_tls: bool,
}

impl App {
    pub fn new(schools: Vec<Arc<School>>, proxies: Vec<std::net::IpAddr>, over_tls: bool) -> Self {
        Self(Arc::new(Served {
            schools,
            proxies,
            over_tls,
        }))
    }

    pub fn schools(&self) -> &[Arc<School>] {
        &self.0.schools
    }

    /// The school that a host name means: its folder's name is the first label
    /// (`oakfield.belisha.example`). A server with one school answers to any name.
    pub(crate) fn school_at(&self, host: &str) -> Option<&Arc<School>> {
        if let [only] = self.schools() {
            return Some(only);
        }
        let label = host.split(['.', ':']).next().unwrap_or_default();
        self.schools().iter().find(|school| school.folder == label)
    }

    pub(crate) fn trusts(&self, address: std::net::IpAddr) -> bool {
        self.0.proxies.contains(&address)
    }

    pub(crate) fn over_tls(&self) -> bool {
        self.0.over_tls
    }
}

/// Every route with every layer around it: what `serve` serves and tests test.
pub fn router(app: App) -> Router {
    use axum::middleware::{from_fn, from_fn_with_state};

    let mut router = Router::new();
    for route in crate::routes::routes() {
        router = router.route(route.path, route.handler(&app));
    }
    router
        .fallback(|| async { Problem::NotFound })
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(
            problems::panicked,
        ))
        .layer(from_fn(forgery::refuse))
        // Around all that may raise a problem, which has no page before this gives it one.
        .layer(from_fn_with_state(app.clone(), problems::render))
        .layer(from_fn_with_state(app.clone(), headers::set))
        .layer(axum::extract::DefaultBodyLimit::max(LONGEST_FORM))
        .layer(from_fn(crate::operations::metrics::measure))
        .with_state(app)
}

/// A page.
pub(crate) fn page(template: &impl Template) -> Result<Response, Problem> {
    let html = template
        .render()
        .map_err(|error| Fault::at("rendering a page".into(), error))?;
    Ok(Html(html).into_response())
}

/// Where to go after an act: always with GET.
pub(crate) fn go_to(url: &str) -> Response {
    Redirect::to(url).into_response()
}
