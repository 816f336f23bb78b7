//! One signature: what the signer sees once they have signed, and whoever may read it later.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::SignatureId;
use belisha_ui::{BackLink, Button, Details, Frame, Html, Panel, SummaryList, SummaryRow};

use super::{asked, copy, own, signatures, signers, words};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::{date, moment};

pub(super) fn url(id: SignatureId) -> String {
    format!("/agreements/signatures/{id}")
}

/// The signature that an address names.
pub(super) fn id_in(url: &str) -> Option<SignatureId> {
    url.strip_prefix("/agreements/signatures/")?.parse().ok()
}

#[derive(Template)]
#[template(path = "agreements/signed.html")]
struct SignedPage {
    frame: Frame,
    back: BackLink,
    panel: Option<Panel>,
    facts: SummaryList,
    copy: Option<Button>,
    text: Option<Details>,
    today: String,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let id: SignatureId = id.parse().map_err(|_| Problem::NotFound)?;
    let mut records = viewer.read().await?;
    let kept = signatures::find(&mut records, id).await?;
    viewer.require(Action::ReadSignature, &asked::facts(kept.person))?;
    let own = viewer
        .access
        .identity()
        .is_some_and(|identity| identity.is(kept.person));
    let zone = viewer.school.settings().time_zone.clone();
    let mut rows = vec![
        SummaryRow::new("Signed by", kept.full_name.as_str()),
        SummaryRow::new("Post", kept.post.as_str()),
        SummaryRow::new("Date", date(kept.signed_on)),
        SummaryRow::new("Policy", format!("Version {}", kept.version)),
        SummaryRow::new("Part of", kept.basis.as_str()),
        SummaryRow::new(
            "Holds until",
            kept.until_on
                .map_or_else(|| "It is replaced".to_owned(), date),
        ),
    ];
    if kept.full_name.to_lowercase() != kept.person_name.to_lowercase() {
        rows.insert(
            1,
            SummaryRow::new("On the register as", kept.person_name.as_str()),
        );
    }
    match &kept.paper_place {
        Some(place) => rows.push(SummaryRow::new("The signed paper is", place.as_str())),
        None => rows.push(SummaryRow::new("Entered", moment(kept.signed_at, &zone))),
    }
    let on_screen = kept.paper_place.is_none();
    crate::web::page(&SignedPage {
        frame: frame::of(&viewer),
        back: BackLink::to(if own {
            own::url()
        } else {
            signers::url(&kept.of)
        }),
        panel: own.then(|| Panel::new("Agreement signed")),
        facts: SummaryList::new(rows),
        copy: on_screen.then(|| {
            Button::link(
                if own {
                    "Save your copy (PDF)"
                } else {
                    "Save a copy (PDF)"
                },
                copy::url(id),
            )
        }),
        text: on_screen.then(|| {
            Details::new(
                "The words that were signed",
                Html::trusted(belisha_policy::as_html(words::agreement_part(
                    &kept.signed_text,
                ))),
            )
        }),
        today: crate::home::url(),
    })
}
