//! The pages behind the footer: accessibility and cookies; help is beside this. Open to everybody, and
//! shown with a person's own navigation to whoever is signed in.

use askama::Template;
use axum::response::Response;
use belisha_ui::{FooterLink, Frame};

use super::{frame, help};
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::cookies;

/// The links at the foot of a page: its own help, and what is said of all pages.
pub(super) fn links(path: &str) -> Vec<FooterLink> {
    [
        ("Help", help::url_for(path)),
        ("Accessibility", ACCESSIBILITY.to_owned()),
        ("Cookies", COOKIES.to_owned()),
    ]
    .map(|(text, href)| FooterLink {
        text: text.into(),
        href,
    })
    .into()
}

/// The same for whoever is signed in: whom outside the school can be reached stands first.
pub(super) fn links_within(path: &str) -> Vec<FooterLink> {
    let agencies = FooterLink {
        text: "Agencies and helplines".into(),
        href: crate::agencies::url(),
    };
    std::iter::once(agencies).chain(links(path)).collect()
}

pub(super) const ACCESSIBILITY: &str = "/accessibility";
pub(super) const COOKIES: &str = "/cookies";

#[derive(Template)]
#[template(path = "home/accessibility.html")]
struct AccessibilityPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "home/cookies.html")]
struct CookiesPage {
    frame: Frame,
    session: &'static str,
    device: &'static str,
}

pub(super) async fn accessibility(here: Here) -> Result<Response, Problem> {
    crate::web::page(&AccessibilityPage {
        frame: around(&here),
    })
}

pub(super) async fn cookies_page(here: Here) -> Result<Response, Problem> {
    crate::web::page(&CookiesPage {
        frame: around(&here),
        session: cookies::SESSION,
        device: cookies::DEVICE,
    })
}

pub(super) fn around(here: &Here) -> Frame {
    match &here.viewer {
        Some(viewer) => frame::of(viewer),
        None => frame::of_school(&here.school.settings().name),
    }
}
