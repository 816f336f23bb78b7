//! No picture of a child that could be indecent enters the records, by any door. What is
//! asked before a file is taken, and what no text may carry.

use crate::files::Imagery;
use crate::incidents::Incident;

/// The risks, by their keys in the editions of the guidance, that are about such pictures.
pub(super) const CATEGORIES: [&str; 2] = ["conduct/nude-image", "nude-image"];

/// What stands on every page of a case with such a picture.
pub(super) const WARNINGS: [&str; 2] = [
    "Do not look at the picture, ask to see it, copy it, save it, print it or send it on. Do not delete it, nor ask a child to.",
    "Set the device aside as it is, switched on or off as you found it, and record who keeps it. Nothing of the picture is put into Belisha: write in words what you were told.",
];

/// What the case says of such pictures, for every door: a file, a print, a pack. A review
/// of such pictures shuts them for good.
pub fn of(incident: &Incident) -> Imagery {
    if incident.reviews.iter().any(|review| review.bars_imagery) {
        Imagery::CouldBeIndecent
    } else {
        incident.imagery
    }
}

/// What to say where a text carries a picture.
pub const TEXT_HOLDS_A_PICTURE: &str = "Take the picture out of this text. Pictures never go into \
    Belisha this way: set the device aside as it is, and write in words what you were told";

/// How the bytes of PNG, JPEG, GIF and WebP pictures begin when they are written as text.
const PICTURE_BEGINS: [&str; 4] = ["iVBORw0KGgo", "/9j/", "R0lGOD", "UklGR"];
/// So long a run of letters and digits without a space is nobody's prose.
const LONGEST_RUN: usize = 300;

/// Whether a text carries a picture: an address that holds its bytes, markup that shows
/// one, or the bytes themselves as text.
pub fn text_holds_a_picture(text: &str) -> bool {
    let folded = text.to_ascii_lowercase();
    if ["data:image", "data:video", "<img", "<video", "<picture"]
        .iter()
        .any(|needle| folded.contains(needle))
    {
        return true;
    }
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_')))
        .any(|run| {
            run.len() > LONGEST_RUN
                || (run.len() > 100 && PICTURE_BEGINS.iter().any(|begin| run.starts_with(begin)))
        })
}
