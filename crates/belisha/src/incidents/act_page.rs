//! What the pages of the acts on a case share: the case's reference above the heading,
//! and the way back to it. The frame of an act itself is [`crate::web::act`].

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
