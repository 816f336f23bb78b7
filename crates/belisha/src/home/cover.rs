//! A page that shows nothing, for Hide screen in a browser without script.

use askama::Template;
use axum::response::Response;

use crate::problem::Problem;
use crate::viewer::Viewer;

pub(crate) fn url() -> String {
    "/cover".to_owned()
}

#[derive(Template)]
#[template(path = "home/cover.html")]
struct CoverPage {
    frame: belisha_ui::Frame,
    home: String,
}

pub(crate) async fn get(_viewer: Viewer) -> Result<Response, Problem> {
    crate::web::page(&CoverPage {
        frame: super::frame::bare(),
        home: super::url(),
    })
}
