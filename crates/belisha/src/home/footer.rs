//! The pages behind the footer: help, accessibility, cookies. Open to everybody, and
//! shown with a person's own navigation to whoever is signed in.

use askama::Template;
use axum::response::Response;
use belisha_ui::{FooterLink, Frame};

use super::frame;
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::cookies;

/// The links at the foot of every page.
pub(super) fn links() -> Vec<FooterLink> {
    [
        ("Help", HELP),
        ("Accessibility", ACCESSIBILITY),
        ("Cookies", COOKIES),
    ]
    .map(|(text, href)| FooterLink {
        text: text.into(),
        href: href.into(),
    })
    .into()
}

/// The same for whoever is signed in: whom outside the school can be reached stands first.
pub(super) fn links_within() -> Vec<FooterLink> {
    let agencies = FooterLink {
        text: "Agencies and helplines".into(),
        href: crate::agencies::url(),
    };
    std::iter::once(agencies).chain(links()).collect()
}

pub(super) const HELP: &str = "/help";
pub(super) const ACCESSIBILITY: &str = "/accessibility";
pub(super) const COOKIES: &str = "/cookies";

#[derive(Template)]
#[template(path = "home/help.html")]
struct HelpPage {
    frame: Frame,
}

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

pub(super) async fn help(here: Here) -> Result<Response, Problem> {
    crate::web::page(&HelpPage {
        frame: around(&here),
    })
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

fn around(here: &Here) -> Frame {
    match &here.viewer {
        Some(viewer) => frame::of(viewer),
        None => frame::of_school(&here.school.settings().name),
    }
}
