//! No picture of a child that could be indecent enters the records, by any door. What is
//! asked before a file is taken, and what no text may carry.

use belisha_policy::{Matter, Word as _};

use super::Guide;
use crate::access::Kind;
use crate::files::Imagery;
use crate::incidents::Incident;

/// The risks, by their keys in the editions of the guidance, under which such a picture may be.
const RISKS: [&str; 2] = ["conduct/nude-image", "content/illegal"];

/// One thing on record of a case, or of a case that it was merged with or is linked to, as
/// far as it may speak of such a picture.
#[derive(Debug, Clone, Copy)]
pub enum OnRecord<'a> {
    /// A category, as the records spell it, of the case or of a person in it: by the
    /// reporter, by the triage.
    Category(&'a str),
    /// The risk that the triage chose, and whether its edition of the guidance says that
    /// such pictures are part of it.
    Risk { key: &'a str, imagery: bool },
    /// The answer of the last triage: yes, no, unknown.
    Triage(&'a str),
    /// A guided review that was opened and not taken back.
    Review(&'a Guide),
}

/// Whether it speaks of such a picture. One voice is enough: what one says, no other unsays.
pub fn speaks_of_one(on_record: OnRecord<'_>) -> bool {
    match on_record {
        OnRecord::Category(category) => is_named_by(category),
        OnRecord::Risk { key, imagery } => imagery || is_named_by(key),
        OnRecord::Triage(answer) => answer != "no",
        OnRecord::Review(guide) => guide.bars_imagery,
    }
}

/// Whether a category is one under which such a picture may be: a risk of the guidance
/// (`conduct/nude-image`) or the matter that a report named (`matter/nude-image`).
pub fn is_named_by(category: &str) -> bool {
    match category.strip_prefix("matter/") {
        None => RISKS.contains(&category),
        Some(matter) => Matter::from_key(matter).is_some_and(|matter| match matter {
            Matter::NudeImage | Matter::IllegalMaterial => true,
            Matter::Bullying
            | Matter::UpsettingMaterial
            | Matter::StrangerContact
            | Matter::AskedToMeet
            | Matter::Hate
            | Matter::RulesBreach
            | Matter::DataBreach
            | Matter::FilterFailure
            | Matter::SuspectMessage
            | Matter::VisitorConcern => false,
        }),
    }
}

/// Whether what one case says of such pictures holds for one that it is linked to. From a
/// case about an adult to one about pupils it does not: its doors would tell that there is
/// another case. Those two are linked only where the second says so itself ([`may_link`]).
pub fn carries_over(from: Kind, to: Kind) -> bool {
    !from.is_sealed() || to.is_sealed()
}

/// Whether two cases may be linked. Each is its kind and what it says of such pictures.
pub fn may_link(one: (Kind, Imagery), other: (Kind, Imagery)) -> Result<(), &'static str> {
    let leaves_a_door_open = |from: (Kind, Imagery), to: (Kind, Imagery)| {
        from.1 == Imagery::CouldBeIndecent
            && to.1 != Imagery::CouldBeIndecent
            && !carries_over(from.0, to.0)
    };
    if leaves_a_door_open(one, other) || leaves_a_door_open(other, one) {
        Err(
            "One of the two may be about an indecent image of a child, and the other still takes files. \
             Triage that one again, and answer the question about such a picture with yes or not sure. \
             Then link the two.",
        )
    } else {
        Ok(())
    }
}

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

/// The same, said to a child or to whoever writes from outside.
pub const NO_PICTURES: &str = "Take the picture out and tell us in words. Keep the picture where it is, and show it to nobody";

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
