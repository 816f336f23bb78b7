//! A document as the typesetter takes it: dictionaries of strings and numbers, checked, in the order of the page.

use belisha_paper::{Attachment, Block, Document, Heading, Inline, PaperError, Signature, Table};
use typst::foundations::{Array, Bytes, Dict, IntoValue, Str, Value, dict};

use crate::columns;
use crate::fonts;
use crate::lettering::{drawable, wrappable, wrappable_fixed};

/// The width of the text on the page and of its parts, in points, as `page.typ` draws them.
const PAGE: f64 = 481.0;
const CODE_SIZE: f64 = 9.0;
const CODE_INSET: f64 = 16.0;
const SHEET_SIZE: f64 = 19.0;
const SHEET_TRACKING: f64 = 1.0;
const SHEET_INSET: f64 = 18.0;
const SHEET_GUTTER: f64 = 8.0;
/// The shortest line of running text, in units of its size: that of a list nested as deep as lists may be.
const LINE: f64 = 28.0;
const LABEL: f64 = 12.0;
const VALUE: f64 = 25.0;
const LETTERHEAD: f64 = 18.0;

/// A header of more lines than this is printed once: repeating one that fills the page takes the typesetter minutes.
const TALLEST_REPEATED_HEADER: usize = 8;
const DEEPEST_LIST: usize = 8;
/// Beyond this, readers and browsers disagree on what an address is; the words are printed and not linked.
const LONGEST_URL: usize = 2000;

/// The values that `page.typ` reads from its inputs.
pub(crate) fn of(document: &Document) -> Result<Dict, PaperError> {
    let title = document
        .title
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if title.is_empty() {
        return Err(PaperError::NoTitle);
    }
    let (lang, region) = language(&document.language)?;
    let mut blocks = Blocks { last_level: 0 };
    let values = dict! {
        "title" => drawable(&title),
        "heading" => wrappable(&title, LINE / 1.4),
        "english" => lang == "en",
        "lang" => lang,
        "region" => region,
        "organisation" => wrappable(&document.letterhead.organisation, LETTERHEAD),
        "address" => strings(&document.letterhead.address, LETTERHEAD),
        "reference" => wrappable(&document.reference, LINE),
        "made" => wrappable(&document.made_at_text, LINE),
        "footer" => wrappable(document.footer.as_deref().unwrap_or_default(), LINE),
        "attachments" => attachments(&document.attachments)?,
        "blocks" => blocks.array(&document.blocks, 0)?,
    };
    Ok(dict! { "document" => values })
}

/// The characters of all text in the values, and one for each value.
pub(crate) fn length(values: &Dict) -> usize {
    values.iter().map(|(_, value)| length_of(value)).sum()
}

fn length_of(value: &Value) -> usize {
    match value {
        Value::Str(text) => 1 + text.chars().count(),
        Value::Array(values) => 1 + values.iter().map(length_of).sum::<usize>(),
        Value::Dict(values) => 1 + length(values),
        // Numbers, and the bytes of attachments, which are carried and not set.
        _ => 1,
    }
}

fn language(tag: &str) -> Result<(String, Value), PaperError> {
    let refused = || PaperError::Language(tag.to_owned());
    let (lang, region) = tag
        .split_once('-')
        .map_or((tag, None), |(lang, region)| (lang, Some(region)));
    let is_letters = |part: &str, lengths: &[usize]| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    if !is_letters(lang, &[2, 3]) || region.is_some_and(|region| !is_letters(region, &[2])) {
        return Err(refused());
    }
    Ok((
        lang.to_ascii_lowercase(),
        region.map_or(Value::None, |region| {
            region.to_ascii_uppercase().into_value()
        }),
    ))
}

fn attachments(files: &[Attachment]) -> Result<Array, PaperError> {
    let mut seen = Vec::new();
    files
        .iter()
        .map(|file| {
            let refuse = |reason| {
                Err(PaperError::Attachment {
                    name: file.name.clone(),
                    reason,
                })
            };
            let is_plain =
                |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
            if file.name.is_empty()
                || file.name.starts_with('.')
                || !file.name.chars().all(is_plain)
            {
                return refuse(
                    "its name may have only letters, digits, dots, dashes and underscores",
                );
            }
            if seen.contains(&&file.name) {
                return refuse("another attachment has the same name");
            }
            seen.push(&file.name);
            let is_token = |part: &str| {
                !part.is_empty()
                    && part
                        .chars()
                        .all(|character| is_plain(character) || character == '+')
            };
            if !file
                .mime
                .split_once('/')
                .is_some_and(|(kind, form)| is_token(kind) && is_token(form))
            {
                return refuse("its media type is not of the form text/plain");
            }
            if file.description.trim().is_empty() {
                return refuse("it has no description");
            }
            Ok(dict! {
                "name" => file.name.clone(),
                "mime" => file.mime.clone(),
                "description" => file.description.clone(),
                "bytes" => Bytes::new(file.bytes.clone()),
            }
            .into_value())
        })
        .collect()
}

/// The blocks in reading order; remembers the depth of the last heading.
struct Blocks {
    last_level: u8,
}

impl Blocks {
    fn array(&mut self, blocks: &[Block], depth: usize) -> Result<Array, PaperError> {
        let mut drawn = Array::new();
        for block in blocks {
            if let Some(value) = self.value(block, depth)? {
                drawn.push(value.into_value());
            }
        }
        Ok(drawn)
    }

    /// A block without anything to print, or a page break inside a list, has no value.
    fn value(&mut self, block: &Block, depth: usize) -> Result<Option<Dict>, PaperError> {
        Ok(match block {
            Block::Heading(heading) => self.heading(heading),
            Block::Paragraph(runs) => {
                has_words(runs).then(|| dict! { "kind" => "paragraph", "runs" => inlines(runs) })
            }
            Block::List { ordered, items } => self.list(*ordered, items, depth)?,
            Block::Facts(rows) => (!rows.is_empty()).then(|| facts(rows)),
            Block::Table(table) => Some(register(table)?),
            Block::Signature(given) => Some(signature(given)),
            Block::SignatureLines(labels) => (!labels.is_empty()).then(|| {
                dict! { "kind" => "signature-lines", "labels" => strings(labels, LABEL / 2.0) }
            }),
            Block::Notice(runs) => {
                has_words(runs).then(|| dict! { "kind" => "notice", "runs" => inlines(runs) })
            }
            Block::Code(text) => (!text.trim().is_empty()).then(|| code(text)),
            Block::Sheet(groups) => (!groups.is_empty()).then(|| sheet(groups)),
            Block::QrCode { text, caption } => Some(qr_code(text, caption)?),
            Block::PageBreak => (depth == 0).then(|| dict! { "kind" => "page-break" }),
            Block::Rule => Some(dict! { "kind" => "rule" }),
        })
    }

    fn heading(&mut self, heading: &Heading) -> Option<Dict> {
        if heading.text.trim().is_empty() {
            return None;
        }
        self.last_level = heading.level.clamp(1, self.last_level.saturating_add(1));
        Some(dict! {
            "kind" => "heading",
            "level" => i64::from(self.last_level),
            "text" => wrappable(&heading.text, LINE / 1.5),
        })
    }

    fn list(
        &mut self,
        ordered: bool,
        items: &[Vec<Block>],
        depth: usize,
    ) -> Result<Option<Dict>, PaperError> {
        if depth >= DEEPEST_LIST {
            return Err(PaperError::DeepList(DEEPEST_LIST));
        }
        let mut drawn = Array::new();
        for item in items {
            let blocks = self.array(item, depth + 1)?;
            if !blocks.is_empty() {
                drawn.push(blocks.into_value());
            }
        }
        Ok((!drawn.is_empty())
            .then(|| dict! { "kind" => "list", "ordered" => ordered, "items" => drawn }))
    }
}

fn strings(texts: &[String], width: f64) -> Array {
    texts
        .iter()
        .map(|text| wrappable(text, width).into_value())
        .collect()
}

fn has_words(runs: &[Inline]) -> bool {
    runs.iter().any(|run| match run {
        Inline::Text(text) | Inline::Strong(text) | Inline::Emphasis(text) => {
            !text.trim().is_empty()
        }
        Inline::Link { text, url } => !text.trim().is_empty() || !url.trim().is_empty(),
    })
}

fn inlines(runs: &[Inline]) -> Array {
    runs.iter().map(|run| inline(run).into_value()).collect()
}

fn inline(run: &Inline) -> Dict {
    let words = |kind: &str, text: &str| dict! { "kind" => kind, "text" => wrappable(text, LINE) };
    match run {
        Inline::Text(text) => words("text", text),
        Inline::Strong(text) => words("strong", text),
        Inline::Emphasis(text) => words("emphasis", text),
        Inline::Link { text, url } => {
            let text = if text.trim().is_empty() { url } else { text };
            let shown = shown_address(text, url);
            if !may_be_followed(url) {
                return words(
                    "text",
                    &format!(
                        "{text}{}",
                        shown.map(|url| format!(" ({url})")).unwrap_or_default()
                    ),
                );
            }
            dict! {
                "kind" => "link",
                "text" => wrappable(text, LINE),
                "url" => url.clone(),
                "shown" => wrappable(shown.unwrap_or_default(), LINE),
            }
        }
    }
}

/// The address as it is printed after the words of a link, unless the words are the address.
fn shown_address<'a>(text: &str, url: &'a str) -> Option<&'a str> {
    let bare = url
        .strip_prefix("mailto:")
        .or_else(|| url.strip_prefix("tel:"))
        .unwrap_or(url);
    let same = |address: &str| address.trim_end_matches('/') == text.trim().trim_end_matches('/');
    let is_the_words = same(bare) || bare.split_once("://").is_some_and(|(_, rest)| same(rest));
    (!is_the_words && !bare.is_empty()).then_some(bare)
}

fn may_be_followed(url: &str) -> bool {
    let is_plain = url.len() <= LONGEST_URL && url.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain
        && ["https://", "http://", "mailto:", "tel:"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
}

fn facts(rows: &[(String, String)]) -> Dict {
    let rows: Array = rows
        .iter()
        .map(|(label, value)| {
            dict! { "label" => wrappable(label, LABEL), "value" => wrappable(value, VALUE) }
                .into_value()
        })
        .collect();
    dict! { "kind" => "facts", "rows" => rows }
}

fn register(table: &Table) -> Result<Dict, PaperError> {
    let uneven = |row| PaperError::UnevenTable {
        caption: table.caption.clone(),
        row,
    };
    if table.header.is_empty() {
        return Err(uneven(0));
    }
    if let Some(row) = table
        .rows
        .iter()
        .position(|row| row.len() != table.header.len())
    {
        return Err(uneven(row + 1));
    }
    let columns = columns::of(table);
    let cells = |row: &[String]| -> Array {
        row.iter()
            .zip(&columns)
            .map(|(cell, column)| wrappable(cell, column.width).into_value())
            .collect()
    };
    let rows: Array = table
        .rows
        .iter()
        .map(|row| cells(row).into_value())
        .collect();
    let shapes: Array = columns
        .iter()
        .map(|column| dict! { "share" => column.share, "number" => column.is_number }.into_value())
        .collect();
    Ok(dict! {
        "kind" => "table",
        "caption" => wrappable(table.caption.trim(), LINE),
        "columns" => shapes,
        "header" => cells(&table.header),
        "repeat" => columns::header_lines(table, &columns) <= TALLEST_REPEATED_HEADER,
        "rows" => rows,
    })
}

fn signature(given: &Signature) -> Dict {
    dict! {
        "kind" => "signature",
        "statement" => wrappable(&given.statement, LINE),
        "name" => wrappable(&given.name, LINE / 1.6),
        "role" => wrappable(&given.role, LINE / 1.5),
        "signed" => wrappable(&given.signed_at_text, LINE / 2.2),
    }
}

fn code(text: &str) -> Dict {
    let columns = ((PAGE - CODE_INSET) / (CODE_SIZE * fonts::fixed_width())).floor() as usize;
    let lines: Array = text
        .lines()
        .map(|line| wrappable_fixed(line, columns).into_value())
        .collect();
    dict! { "kind" => "code", "lines" => lines }
}

fn sheet(groups: &[String]) -> Dict {
    let character = SHEET_SIZE * fonts::fixed_width() + SHEET_TRACKING;
    let longest = groups
        .iter()
        .map(|group| group.chars().count())
        .max()
        .unwrap_or(0) as f64;
    let fitting = (PAGE + SHEET_GUTTER) / (longest * character + SHEET_INSET + SHEET_GUTTER);
    let columns = fitting.floor().clamp(1.0, 4.0);
    let in_line = (((PAGE + SHEET_GUTTER) / columns - SHEET_GUTTER - SHEET_INSET) / character)
        .floor() as usize;
    let groups: Array = groups
        .iter()
        .map(|group| wrappable_fixed(group, in_line).into_value())
        .collect();
    dict! { "kind" => "sheet", "columns" => columns as i64, "groups" => groups }
}

fn qr_code(text: &str, caption: &str) -> Result<Dict, PaperError> {
    let code = qrcode::QrCode::new(text).map_err(|_| PaperError::QrCodeTooLong(text.len()))?;
    let picture = code.render::<qrcode::render::svg::Color>().build();
    // The picture is read aloud by its caption, so an empty caption falls back on what the camera would read.
    let caption = if caption.trim().is_empty() {
        text
    } else {
        caption
    };
    Ok(dict! {
        "kind" => "qr-code",
        "svg" => Str::from(picture),
        "caption" => wrappable(caption, VALUE),
    })
}
