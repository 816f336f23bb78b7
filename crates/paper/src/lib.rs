//! Pages for print: letters, agreements, registers and recovery sheets as tagged PDF.
//!
//! A [`Document`] says what stands on the pages; [`render`] sets it on A4 and returns the bytes of a file that claims
//! PDF/UA-1 (readable by screen readers) and PDF/A-3a (readable in decades, may carry attachments).
//! Nothing here reads a clock, a network, a disk or an installed font, so the same document gives the same bytes.

mod columns;
mod document;
mod fonts;
mod lettering;
pub mod markdown;
mod press;
mod values;

pub use document::{Attachment, Block, Document, Heading, Inline, Letterhead, Signature, Table};
pub use press::{LARGEST_DOCUMENT, PaperError, render};
