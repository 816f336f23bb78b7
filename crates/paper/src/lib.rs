//! Documents for print: letters, agreements, registers and recovery sheets.
//!
//! A [`Document`] says what stands on the pages, and nothing of how; a [`Press`] sets it on paper.

mod document;
pub mod markdown;
mod press;

pub use document::{Attachment, Block, Document, Heading, Inline, Letterhead, Signature, Table};
pub use press::{LARGEST_DOCUMENT, PaperError, Press};
