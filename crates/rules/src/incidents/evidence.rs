//! The evidence log: what there is, where, when it was saved, who keeps it. An indecent
//! picture of a child is never evidence that a school keeps, so that question comes first.

use super::{Act, Incident, WrongState, in_state, is_in_hand};
use crate::files::Imagery;

/// Why an item was not noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteRefused {
    WrongState(WrongState),
    /// Nobody has said yet whether a picture of a child that could be indecent is part of it.
    PictureQuestionFirst,
    /// There may be such a picture: it is not kept, and the device is set aside.
    CouldBeIndecent,
}

impl NoteRefused {
    /// The sentence for the page that says no.
    pub fn sentence(&self) -> String {
        match self {
            Self::WrongState(wrong) => wrong.sentence(),
            Self::PictureQuestionFirst => {
                "Triage the case first, and say whether a nude picture of a child may be part of it."
                    .to_owned()
            }
            Self::CouldBeIndecent => {
                "A nude picture of a child may be part of this case. Nothing of it is kept as evidence: set the device aside as it is, record its custody, and tell the police."
                    .to_owned()
            }
        }
    }
}

/// Notes an item, or corrects one by another. What the case says of such pictures, with all
/// that belongs to it, is the caller's to know.
pub fn note_evidence(incident: &Incident, imagery: Imagery) -> Result<(), NoteRefused> {
    in_state(incident, Act::NoteEvidence, is_in_hand).map_err(NoteRefused::WrongState)?;
    match imagery {
        Imagery::NotExpected => Ok(()),
        Imagery::NotYetKnown => Err(NoteRefused::PictureQuestionFirst),
        Imagery::CouldBeIndecent => Err(NoteRefused::CouldBeIndecent),
    }
}
