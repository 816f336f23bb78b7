//! The outline of a Markdown text: its headings, its control blocks and the
//! words between them, each with its place. What they mean is for [`crate::parse`].

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A part of the text that is more than words, in order of its place.
pub(crate) enum Part {
    Heading(Heading),
    Block(Block),
    /// What looks like a control to a reader, but not to Markdown: its place.
    Hidden(usize),
}

/// A heading that stands on its own, not in a list or a quotation.
pub(crate) struct Heading {
    /// From the first `#` to the end of the line.
    pub(crate) range: Range<usize>,
    pub(crate) level: HeadingLevel,
    pub(crate) title: String,
    pub(crate) id: Option<String>,
    /// Whether the braces hold something that is no id.
    pub(crate) other_attributes: bool,
}

/// A fenced block with words after its fence.
pub(crate) struct Block {
    /// From the opening fence to the end of the closing one.
    pub(crate) range: Range<usize>,
    pub(crate) info: String,
    /// Between the fences.
    pub(crate) body: Range<usize>,
    pub(crate) is_closed: bool,
    /// Whether it stands in a list or a quotation.
    pub(crate) is_nested: bool,
}

/// The Markdown that a policy is written in: the common kind, with tables, and
/// with ids after headings.
pub(crate) const DIALECT: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_HEADING_ATTRIBUTES);

/// Headings and fenced blocks of a text whose lines end in `\n`.
pub(crate) fn outline(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let mut heading: Option<Heading> = None;
    for (event, range) in Parser::new_ext(text, DIALECT).into_offset_iter() {
        if hides_controls(&event) {
            parts.extend(hidden(text, range.clone()));
        }
        match event {
            Event::Start(Tag::Heading {
                level,
                id,
                classes,
                attrs,
            }) if depth == 0 => {
                heading = Some(Heading {
                    range,
                    level,
                    title: String::new(),
                    id: id.map(|id| id.to_string()),
                    other_attributes: !classes.is_empty() || !attrs.is_empty(),
                });
                depth += 1;
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                if !info.trim().is_empty() {
                    parts.push(Part::Block(block(text, range, &info, depth > 0)));
                }
                depth += 1;
            }
            Event::Start(_) => depth += 1,
            Event::End(TagEnd::Heading(_)) if depth == 1 => {
                depth = 0;
                parts.extend(heading.take().map(Part::Heading));
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(words)
            | Event::Code(words)
            | Event::InlineHtml(words)
            | Event::Html(words) => {
                if let Some(heading) = &mut heading {
                    heading.title.push_str(&words);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(heading) = &mut heading {
                    heading.title.push(' ');
                }
            }
            // Not part of the dialect, or without words.
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }
    parts
}

fn hides_controls(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Html(_) | Event::Code(_) | Event::Start(Tag::CodeBlock(CodeBlockKind::Indented))
    )
}

/// Lines of the range that begin like a control block.
fn hidden(text: &str, range: Range<usize>) -> impl Iterator<Item = Part> {
    let start = range.start;
    text[range]
        .split_inclusive('\n')
        .scan(start, |at, line| {
            let here = *at;
            *at += line.len();
            Some((here, line))
        })
        .filter(|(_, line)| {
            let line = line.trim_start();
            let after = line.trim_start_matches(['`', '~']);
            line.len() - after.len() >= 3 && after.split_whitespace().next() == Some("control")
        })
        .map(|(at, _)| Part::Hidden(at))
}

fn block(text: &str, range: Range<usize>, info: &str, is_nested: bool) -> Block {
    let source = &text[range.clone()];
    let trimmed = source.trim_end_matches('\n');
    let opening_ends = source.find('\n').map_or(source.len(), |at| at + 1);
    let last_line_starts = trimmed.rfind('\n').map_or(0, |at| at + 1);
    let fence = source.trim_start().chars().next().unwrap_or('`');
    let last_line = trimmed[last_line_starts..].trim();
    let is_closed = last_line_starts >= opening_ends
        && last_line.len() >= 3
        && last_line.chars().all(|letter| letter == fence);
    let body_ends = if is_closed {
        last_line_starts
    } else {
        source.len()
    };
    Block {
        body: range.start + opening_ends.min(body_ends)..range.start + body_ends,
        range,
        info: info.trim().to_owned(),
        is_closed,
        is_nested,
    }
}
