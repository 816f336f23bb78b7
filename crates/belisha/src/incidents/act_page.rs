//! What the pages of the acts on a case share: the case's reference above the heading,
//! and the way back to it. The frame of an act itself is [`crate::web::act`].

use belisha_ui::{Html, Label, Textarea};
use serde::Deserialize;

use super::case;
use super::queries::Case;
use crate::viewer::Viewer;

pub(super) use crate::web::act::{Act, ActPage};
pub(super) use crate::web::wrong::Wrong;

impl ActPage {
    /// A page for an act on this case.
    pub(super) fn of(viewer: &Viewer, case: &Case, title: &'static str, button: &str) -> Self {
        let caption = format!("Case {}", case.reference);
        Self::new(viewer, case::url(case.id), caption, title, button)
    }
}

/// The form of an act that asks for a reason and for nothing else.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Why {
    reason: String,
}

impl Why {
    pub(super) fn fields(&self, asks: &'static str, wrong: &Wrong) -> Vec<Html> {
        vec![why(&self.reason, asks, wrong)]
    }

    /// The reason, or what to say at its field.
    pub(super) fn read(&self, says: &str, wrong: &mut Wrong) -> Option<String> {
        wrong.text("reason", &self.reason, says)
    }
}

/// The field for a reason.
pub(super) fn why(reason: &str, asks: &'static str, wrong: &Wrong) -> Html {
    Html::of(&Textarea {
        value: reason.to_owned(),
        error: wrong.at("reason"),
        rows: 3,
        ..Textarea::new("reason", Label::medium(asks))
    })
}
