//! Prints: from a [`Document`] to the bytes of a tagged PDF on A4 that claims PDF/UA-1 (readable by screen readers) and
//! PDF/A-3a (readable in decades, may carry attachments).
//!
//! The typesetter sees one embedded source, five embedded faces and the values. Nothing here reads a clock, a network,
//! a disk or an installed font, so the same document gives the same bytes.
//!
//! This is a crate of its own because the typesetter is a third of a clean build: only the program depends on it, and
//! whoever reads, checks or changes the product need not build it.

mod columns;
mod fonts;
mod lettering;
mod values;

use std::sync::LazyLock;

use belisha_paper::{Document, LARGEST_DOCUMENT, PaperError};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

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
