//! From a document to the bytes of a PDF. The typesetter sees one embedded source, five embedded faces and the values.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::document::Document;
use crate::{fonts, values};

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

/// Sets the document on A4 and returns a tagged PDF that claims PDF/UA-1 and PDF/A-3a.
///
/// This takes the processor for a while and does not wait for anything: call it where blocking is allowed, and not
/// more often at once than there are processors to spare.
pub fn render(document: &Document) -> Result<Vec<u8>, PaperError> {
    let values = values::of(document)?;
    let length = values::length(&values);
    if length > LARGEST_DOCUMENT {
        return Err(PaperError::TooLong(length));
    }
    let pdf = print(values, options(document)?);
    // The typesetter remembers what it set, names and all, until told to forget; a cache of another version would not.
    typst::comemo::evict(0);
    let (pdf, warnings) = pdf.map_err(|problems| PaperError::Typesetting(sentence(&problems)))?;
    debug_assert!(warnings.is_empty(), "{}", sentence(&warnings));
    Ok(pdf)
}

fn print(
    values: Dict,
    options: PdfOptions,
) -> Result<(Vec<u8>, Vec<SourceDiagnostic>), Vec<SourceDiagnostic>> {
    let set = typst::compile::<PagedDocument>(&Press::with(values));
    let pages = set.output.map_err(Vec::from_iter)?;
    let pdf = typst_pdf::pdf(&pages, &options).map_err(Vec::from_iter)?;
    Ok((pdf, Vec::from_iter(set.warnings)))
}

fn options(document: &Document) -> Result<PdfOptions, PaperError> {
    let made = document.made_at.to_zoned(jiff::tz::TimeZone::UTC);
    let timestamp = Datetime::from_ymd_hms(
        made.year().into(),
        made.month().unsigned_abs(),
        made.day().unsigned_abs(),
        made.hour().unsigned_abs(),
        made.minute().unsigned_abs(),
        made.second().unsigned_abs(),
    );
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_3a])
        .map_err(|refused| PaperError::Typesetting(refused.message().to_string()))?;
    Ok(PdfOptions {
        creator: Smart::Custom(Some("Belisha".to_owned())),
        timestamp: timestamp.map(typst_pdf::Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    })
}

fn sentence(problems: &[SourceDiagnostic]) -> String {
    problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

static PAGE: LazyLock<Source> = LazyLock::new(|| {
    let path =
        VirtualPath::new("page.typ").expect("the name of the embedded source is a plain file name");
    let id = FileId::new(RootedPath::new(VirtualRoot::Project, path));
    Source::new(id, include_str!("page.typ").to_owned())
});

/// The whole world of the typesetter.
struct Press {
    library: LazyHash<Library>,
}

impl Press {
    fn with(values: Dict) -> Self {
        // Header cells of a row, which a table of labels and values needs to be read aloud well.
        let features = [Feature::A11yExtras].into_iter().collect();
        Self {
            library: LazyHash::new(
                Library::builder()
                    .with_inputs(values)
                    .with_features(features)
                    .build(),
            ),
        }
    }
}

impl World for Press {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts::BOOK
    }

    fn main(&self) -> FileId {
        PAGE.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == PAGE.id() {
            Ok(PAGE.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts::face(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests;
