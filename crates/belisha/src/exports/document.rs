//! The pack on paper: a tagged PDF with numbered pages, and on each of them for whom it is.

use belisha_paper::{Block, Document, Heading, Inline, Letterhead};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::begin::LEFT_OUT;
use super::pack::Loaded;
use super::text::{going, held_back, when};
use super::words::Purpose;
use crate::school::School;

pub(super) fn document(
    school: &School,
    loaded: &Loaded,
    marks: &[(String, String)],
    made_at: Timestamp,
    made_at_text: String,
    zone: &TimeZone,
) -> Document {
    let settings = school.settings();
    let pack = &loaded.pack;
    let mut blocks = vec![
        Block::Facts(marks.to_vec()),
        Block::Notice(Inline::plain(format!(
            "For {} of {} alone. It may not be passed on. Names of others may stand as initials or as “another pupil A”.",
            pack.recipient, pack.organisation
        ))),
    ];
    for item in going(loaded) {
        blocks.push(Block::Heading(Heading {
            level: 2,
            text: format!("{}: {}", when(item, zone), item.what),
        }));
        let mut line = vec![Inline::Emphasis(format!("By {}", item.by_leaves))];
        if !item.case.is_empty() {
            line.push(Inline::Emphasis(format!(", case {}", item.case)));
        }
        blocks.push(Block::Paragraph(line));
        for paragraph in item
            .leaves
            .split("\n\n")
            .filter(|text| !text.trim().is_empty())
        {
            blocks.push(Block::Paragraph(Inline::plain(paragraph)));
        }
    }
    if loaded.purpose == Purpose::SubjectAccess {
        blocks.push(heading("What is left out, and why"));
        blocks.push(Block::List {
            ordered: false,
            items: LEFT_OUT
                .iter()
                .map(|line| vec![Block::Paragraph(Inline::plain(*line))])
                .collect(),
        });
    }
    let held = held_back(loaded);
    if !held.is_empty() {
        blocks.push(heading("Held back"));
        blocks.push(Block::Facts(
            held.into_iter()
                .map(|(why, count)| (count.to_string(), why.to_owned()))
                .collect(),
        ));
    }
    let files: Vec<_> = pack.files.iter().filter(|file| file.goes).collect();
    if !files.is_empty() {
        blocks.push(heading("Files in the pack"));
        blocks.push(Block::List {
            ordered: true,
            items: files
                .iter()
                .map(|file| {
                    vec![Block::Paragraph(Inline::plain(format!(
                        "{} ({})",
                        file.shows_leaves, file.kind
                    )))]
                })
                .collect(),
        });
    }
    Document {
        title: loaded.purpose.title().to_owned(),
        language: "en-GB".into(),
        letterhead: Letterhead {
            organisation: settings.name.clone(),
            address: settings.postal_address.lines().map(str::to_owned).collect(),
        },
        reference: loaded.id.to_string(),
        blocks,
        footer: Some(format!(
            "For {}, {}: {}",
            pack.recipient, pack.organisation, pack.reason
        )),
        made_at,
        made_at_text,
        attachments: Vec::new(),
    }
}

fn heading(text: &str) -> Block {
    Block::Heading(Heading {
        level: 2,
        text: text.into(),
    })
}
