//! What a press takes and why it may refuse. The one that is used is the crate `belisha-press`.

use crate::document::Document;

/// Sets a document and returns the bytes of a PDF.
///
/// This takes the processor for a while and does not wait for anything: call it where blocking is allowed, and not
/// more often at once than there are processors to spare.
pub type Press = fn(&Document) -> Result<Vec<u8>, PaperError>;

/// The longest document that is set, in characters; every block, cell and run counts as one more.
///
/// Setting is bound by the processor and its time grows with the text, so a caller who prints what strangers typed
/// has a bound to rely on.
pub const LARGEST_DOCUMENT: usize = 300_000;

/// Why a document was not printed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PaperError {
    /// The title is empty; PDF/UA-1 requires one.
    #[error("The document has no title. Give it a title that says what it is.")]
    NoTitle,
    /// The language is not a tag such as `en-GB`.
    #[error(
        "“{0}” is not a language tag. Use two or three letters and an optional region, such as en-GB."
    )]
    Language(String),
    /// A table without columns, or a row that is longer or shorter than the header.
    #[error("Row {row} of the table “{caption}” does not have a cell for each column heading.")]
    UnevenTable {
        /// The table's caption.
        caption: String,
        /// The row, counted from one; zero when the header itself is empty.
        row: usize,
    },
    /// Lists within lists, too many.
    #[error("A list is nested more than {0} levels deep. Flatten it.")]
    DeepList(usize),
    /// The text does not fit in a QR code.
    #[error("The text for the QR code is too long: {0} bytes. Use a shorter address.")]
    QrCodeTooLong(usize),
    /// An attachment that a PDF reader could not show safely, and what is wrong with it.
    #[error("The file “{name}” cannot be attached: {reason}.")]
    Attachment {
        /// The attachment's name.
        name: String,
        /// What is wrong, as the end of a sentence.
        reason: &'static str,
    },
    /// The document is longer than [`LARGEST_DOCUMENT`].
    #[error("The document is too long to print in one piece: {0} characters. Print it in parts.")]
    TooLong(usize),
    /// The typesetter refused; a fault of this crate, not of the text.
    #[error("The page could not be set: {0}")]
    Typesetting(String),
}
