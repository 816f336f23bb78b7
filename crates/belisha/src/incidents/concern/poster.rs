//! The sheet for the notice board and the newsletter: the two addresses, each with its
//! code for a telephone's camera.

use askama::Template;
use axum::response::Response;
use belisha_ui::{BackLink, Frame, Html};

use crate::home::frame;
use crate::incidents::{list, tell};
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

pub(crate) fn url() -> String {
    "/concern/poster".to_owned()
}

struct Way {
    title: &'static str,
    says: &'static str,
    address: String,
    code: Html,
}

#[derive(Template)]
#[template(path = "incidents/concern/poster.html")]
struct PosterPage {
    frame: Frame,
    back: BackLink,
    school: String,
    ways: Vec<Way>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let school = &viewer.school;
    let way = |title, says, path: String| {
        let address = format!("{}{path}", school.address.trim_end_matches('/'));
        Ok::<_, Fault>(Way {
            code: code(&address, title)?,
            title,
            says,
            address,
        })
    };
    crate::web::page(&PosterPage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url()),
        school: school.settings().name.clone(),
        ways: vec![
            way(
                "For children: tell someone",
                "Is something wrong online, or worrying you? Tell us. You do not have to say your name.",
                tell::url(),
            )?,
            way(
                "For families and visitors: tell the school of a concern",
                "No account, no proof, and no name if you do not want to give it.",
                super::url(),
            )?,
        ],
    })
}

/// A code for a telephone's camera, as an SVG that scales with the page.
fn code(address: &str, title: &str) -> Result<Html, Fault> {
    let code = qrcode::QrCode::new(address)
        .map_err(|error| Fault::at("drawing a QR code".into(), error))?;
    let svg = code.render::<qrcode::render::svg::Color<'_>>().build();
    let from = svg.find("<svg").unwrap_or_default();
    let label = Html::from(format!("QR code: {title}"));
    let svg = svg[from..].replacen(
        "<svg ",
        &format!("<svg role=\"img\" aria-label=\"{label}\" "),
        1,
    );
    Ok(Html::trusted(svg))
}
