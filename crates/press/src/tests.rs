use typst::layout::{Frame, FrameItem, Point};

use super::*;
use belisha_paper::{Block, Heading, Inline, Letterhead, Signature, Table};

#[test]
fn only_the_embedded_source_can_be_read() {
    let press = Press::with(Dict::new());
    for name in ["etc/passwd", "page.typ.bak", "secret.txt"] {
        let path = VirtualPath::new(name).expect("a plain path");
        let id = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        assert_eq!(press.file(id), Err(FileError::AccessDenied), "{name}");
        assert_eq!(
            press.source(id).map(|_| ()),
            Err(FileError::AccessDenied),
            "{name}"
        );
    }
    assert_eq!(press.file(press.main()), Err(FileError::AccessDenied));
    assert_eq!(press.today(None), None);
}

#[test]
fn words_without_end_stay_on_the_page() {
    for letter in ["W", "i", "m.", "a-b"] {
        let pages = set(&endless(&letter.repeat(120)));
        for (number, page) in pages.pages().iter().enumerate() {
            let right_margin = page.frame.width().to_pt() * 190.0 / 210.0;
            let furthest = rightmost(&page.frame, Point::zero());
            assert!(
                furthest <= right_margin + 0.5,
                "{letter} reaches {furthest} of {right_margin} on page {number}"
            );
            assert!(
                furthest > right_margin / 2.0,
                "{letter} reaches only {furthest} on page {number}"
            );
        }
    }
}

fn set(document: &Document) -> PagedDocument {
    let values = values::of(document).expect("the document is in order");
    typst::compile::<PagedDocument>(&Press::with(values))
        .output
        .expect("the pages are set")
}

fn rightmost(frame: &Frame, origin: Point) -> f64 {
    frame
        .items()
        .map(|(place, item)| match item {
            FrameItem::Group(group) => rightmost(&group.frame, origin + *place),
            FrameItem::Text(text) => (origin.x + place.x + text.width()).to_pt(),
            FrameItem::Shape(..)
            | FrameItem::Image(..)
            | FrameItem::Link(..)
            | FrameItem::Tag(_) => 0.0,
        })
        .fold(0.0, f64::max)
}

/// One word in every place where a word can stand.
fn endless(word: &str) -> Document {
    let word = word.to_owned();
    let cells = |count| vec![word.clone(); count];
    let nested = |depth| {
        let paragraph = Block::Paragraph(Inline::plain(word.clone()));
        (0..depth).fold(paragraph, |inner, _| Block::List {
            ordered: true,
            items: vec![vec![inner]],
        })
    };
    Document {
        title: word.clone(),
        language: "en-GB".to_owned(),
        letterhead: Letterhead {
            organisation: word.clone(),
            address: cells(1),
        },
        reference: word.clone(),
        blocks: vec![
            nested(0),
            nested(8),
            Block::Paragraph(vec![Inline::Strong(word.clone())]),
            Block::Heading(Heading {
                level: 1,
                text: word.clone(),
            }),
            Block::Facts(vec![(word.clone(), word.clone())]),
            Block::Table(Table {
                caption: word.clone(),
                header: cells(2),
                rows: vec![cells(2)],
            }),
            Block::Table(Table {
                caption: word.clone(),
                header: cells(8),
                rows: vec![cells(8)],
            }),
            Block::Signature(Signature {
                statement: word.clone(),
                name: word.clone(),
                role: word.clone(),
                signed_at_text: word.clone(),
            }),
            Block::SignatureLines(cells(1)),
            Block::Notice(Inline::plain(word.clone())),
            Block::Code(word.clone()),
            Block::Sheet(cells(2)),
            Block::QrCode {
                text: "x".to_owned(),
                caption: word.clone(),
            },
        ],
        footer: Some(word.clone()),
        made_at: jiff::Timestamp::UNIX_EPOCH,
        made_at_text: word,
        attachments: Vec::new(),
    }
}
