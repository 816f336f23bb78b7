//! What stands on the pages: plain values, in reading order, without any word about layout.
//!
//! Every string is printed literally. A line break in a string is a line break on paper.

use jiff::Timestamp;

/// One printed document, from its heading to the files attached to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The title, printed once at the top and shown by readers as the window's title; not empty.
    pub title: String,
    /// The language of the text as a tag of language and optional region, such as `en-GB` or `pl`.
    pub language: String,
    /// Who sends the document.
    pub letterhead: Letterhead,
    /// The reference by which the sender finds the document again; in the footer of every page. May be empty.
    pub reference: String,
    /// The body, in reading order; may be empty.
    pub blocks: Vec<Block>,
    /// A line for the foot of every page, such as how to ask for another format.
    pub footer: Option<String>,
    /// When the document was made, for the file's metadata.
    pub made_at: Timestamp,
    /// The same instant in the words and the time zone of the reader, for the footer; may be empty.
    pub made_at_text: String,
    /// Files carried inside the PDF, such as the exact text that was signed and its proof.
    pub attachments: Vec<Attachment>,
}

/// The name and postal address at the top of the first page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// The organisation's name.
    pub organisation: String,
    /// The address, one line each, and any telephone number or web address.
    pub address: Vec<String>,
}

/// A file inside the PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The file's name: letters, digits, `.`, `-` and `_` only, not starting with a dot, and used once in a document.
    pub name: String,
    /// The media type, such as `text/markdown`.
    pub mime: String,
    /// The file's content, carried unchanged.
    pub bytes: Vec<u8>,
    /// What the file is, in one sentence; PDF/UA-1 requires it.
    pub description: String,
}

/// One piece of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading of a section.
    Heading(Heading),
    /// A paragraph of running text.
    Paragraph(Vec<Inline>),
    /// A list, numbered when `ordered`; each item is a short run of blocks, so that lists nest.
    List {
        /// Whether the items are numbered from one.
        ordered: bool,
        /// The items, each of which holds at least one block.
        items: Vec<Vec<Block>>,
    },
    /// Labels with their values, side by side.
    Facts(Vec<(String, String)>),
    /// Rows under a header that is repeated on every page.
    Table(Table),
    /// A signature already given.
    Signature(Signature),
    /// Empty lines to sign on paper, one for each label, such as "Signed" and "Date".
    SignatureLines(Vec<String>),
    /// A boxed notice that the reader should not miss.
    Notice(Vec<Inline>),
    /// Text in a face of fixed width, its lines and spaces kept, such as a proof that a machine will read.
    Code(String),
    /// Numbered groups of characters in large type, to be read from the sheet and typed, such as a recovery key.
    Sheet(Vec<String>),
    /// A code for a phone's camera, with the words that stand for it.
    QrCode {
        /// What the camera reads.
        text: String,
        /// What is printed under the code and read aloud in its place; says what the code is for.
        caption: String,
    },
    /// The next block starts a new page.
    PageBreak,
    /// A thin line across the page.
    Rule,
}

/// A heading of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The depth, from 1. A depth that skips a level is drawn up to the next one allowed, as PDF/UA-1 requires.
    pub level: u8,
    /// The words of the heading.
    pub text: String,
}

/// A table with one header row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What the table shows, printed above it; may be empty.
    pub caption: String,
    /// The column headings; at least one.
    pub header: Vec<String>,
    /// The rows; each as long as the header.
    pub rows: Vec<Vec<String>>,
}

/// A signature already given, as a record on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// What was declared, in full.
    pub statement: String,
    /// The name of the person who signed.
    pub name: String,
    /// In what capacity they signed.
    pub role: String,
    /// When they signed, in the reader's words.
    pub signed_at_text: String,
}

/// A run of text inside a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Strongly emphasised text, printed bold.
    Strong(String),
    /// Emphasised text, printed in italics.
    Emphasis(String),
    /// A link; on paper the address follows the words unless it is the words.
    Link {
        /// The words of the link.
        text: String,
        /// Where it leads; anything but `https:`, `http:`, `mailto:` and `tel:` is printed and not linked.
        url: String,
    },
}

impl Inline {
    /// A paragraph or notice of plain text only.
    pub fn plain(text: impl Into<String>) -> Vec<Self> {
        vec![Self::Text(text.into())]
    }
}
