//! Blocks from Markdown, as policies and agreements use it: headings, paragraphs, lists, emphasis, links, tables.
//!
//! Nothing is hidden: markup that has no place on paper, such as HTML, is printed as it was typed. Quotations become
//! plain paragraphs, and pictures become the words that describe them.

use std::iter::Peekable;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::document::{Block, Heading, Inline, Table};

/// Lists nested deeper than this continue as items of the list around them.
const DEEPEST_LIST: usize = 6;

/// The blocks of a Markdown text, in reading order.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut reader = Reader {
        events: Parser::new_ext(markdown, options).peekable(),
    };
    reader.blocks(0)
}

struct Reader<'a> {
    events: Peekable<Parser<'a>>,
}

impl<'a> Reader<'a> {
    /// The blocks up to the end of the list item around them, or of the text.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        // Quotations, and lists that are too deep, are passed through without going down a level.
        let mut passed_through = 0;
        while self.events.peek().is_some() {
            let runs = self.runs();
            if !runs.is_empty() {
                blocks.push(Block::Paragraph(runs));
            }
            match self.events.next() {
                Some(Event::Start(Tag::Heading { level, .. })) => {
                    let text = plain(&self.runs());
                    blocks.push(Block::Heading(Heading {
                        level: level as u8,
                        text,
                    }));
                    self.events.next();
                }
                Some(Event::Start(Tag::List(first))) if depth < DEEPEST_LIST => {
                    blocks.push(self.list(first.is_some(), depth));
                }
                Some(Event::Start(Tag::CodeBlock(kind))) => {
                    let text = self.literal();
                    blocks.push(Block::Code(match kind {
                        // What stands beside the fence was typed, and whoever signs the page shall read it.
                        CodeBlockKind::Fenced(beside) if !beside.is_empty() => {
                            format!("{beside}\n{text}").trim_end().to_owned()
                        }
                        _ => text,
                    }));
                }
                Some(Event::Start(Tag::HtmlBlock)) => {
                    blocks.push(Block::Paragraph(Inline::plain(self.literal())))
                }
                Some(Event::Start(Tag::Table(_))) => blocks.push(Block::Table(self.table())),
                Some(Event::Start(Tag::List(_) | Tag::Item | Tag::BlockQuote(_))) => {
                    passed_through += 1
                }
                Some(Event::End(TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_))) => {
                    if passed_through == 0 {
                        break;
                    }
                    passed_through -= 1;
                }
                Some(Event::Rule) => blocks.push(Block::Rule),
                // The ends of paragraphs and the starts of blocks whose options are off.
                Some(_) | None => {}
            }
        }
        blocks
    }

    fn list(&mut self, ordered: bool, depth: usize) -> Block {
        let mut items = Vec::new();
        while let Some(Event::Start(Tag::Item)) = self.events.next() {
            items.push(self.blocks(depth + 1));
        }
        Block::List { ordered, items }
    }

    /// The text of a block without markup inside, up to and with its end.
    fn literal(&mut self) -> String {
        let mut text = String::new();
        while let Some(Event::Text(part) | Event::Html(part)) = self.events.next() {
            text.push_str(&part);
        }
        text.truncate(text.trim_end().len());
        text
    }

    fn table(&mut self) -> Table {
        let mut table = Table::default();
        let mut row = Vec::new();
        loop {
            match self.events.next() {
                Some(Event::Start(Tag::TableCell)) => row.push(plain(&self.runs())),
                Some(Event::End(TagEnd::TableHead)) => table.header = std::mem::take(&mut row),
                Some(Event::End(TagEnd::TableRow)) => table.rows.push(std::mem::take(&mut row)),
                Some(Event::End(TagEnd::Table)) | None => return table,
                Some(_) => {}
            }
        }
    }

    /// The runs of text from here to the next event that is not part of a line.
    fn runs(&mut self) -> Vec<Inline> {
        let mut line = Line::default();
        while let Some(event) = self.events.next_if(|event| is_of_a_line(event)) {
            line.take(event);
        }
        line.runs
    }
}

fn is_of_a_line(event: &Event) -> bool {
    match event {
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineHtml(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::SoftBreak
        | Event::HardBreak => true,
        Event::Start(tag) => {
            matches!(
                tag,
                Tag::Paragraph | Tag::Strong | Tag::Emphasis | Tag::Link { .. } | Tag::Image { .. }
            )
        }
        Event::End(tag) => matches!(
            tag,
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link | TagEnd::Image
        ),
        Event::Html(_) | Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_) => {
            false
        }
    }
}

/// A line of running text while it is read; a link keeps its words together, and bold wins over italics.
#[derive(Default)]
struct Line {
    runs: Vec<Inline>,
    strong: usize,
    emphasis: usize,
    link: Option<(String, String)>,
}

impl Line {
    fn take(&mut self, event: Event) {
        match event {
            Event::Start(Tag::Strong) => self.strong += 1,
            Event::End(TagEnd::Strong) => self.strong = self.strong.saturating_sub(1),
            Event::Start(Tag::Emphasis) => self.emphasis += 1,
            Event::End(TagEnd::Emphasis) => self.emphasis = self.emphasis.saturating_sub(1),
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.link = Some((String::new(), dest_url.into_string()))
            }
            Event::End(TagEnd::Link) => {
                if let Some((text, url)) = self.link.take() {
                    self.runs.push(Inline::Link { text, url });
                }
            }
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => self.write(&text),
            Event::SoftBreak => self.write(" "),
            Event::HardBreak => self.write("\n"),
            // Paragraphs and pictures, whose words come by themselves.
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if let Some((words, _)) = &mut self.link {
            words.push_str(text);
            return;
        }
        // The parser cuts text at every special character; words must be whole to be broken well.
        match (self.runs.last_mut(), self.strong > 0, self.emphasis > 0) {
            (Some(Inline::Strong(last)), true, _)
            | (Some(Inline::Emphasis(last)), false, true)
            | (Some(Inline::Text(last)), false, false) => last.push_str(text),
            (_, true, _) => self.runs.push(Inline::Strong(text.to_owned())),
            (_, false, true) => self.runs.push(Inline::Emphasis(text.to_owned())),
            (_, false, false) => self.runs.push(Inline::Text(text.to_owned())),
        }
    }
}

fn plain(runs: &[Inline]) -> String {
    runs.iter()
        .map(|run| match run {
            Inline::Text(text)
            | Inline::Strong(text)
            | Inline::Emphasis(text)
            | Inline::Link { text, .. } => text.as_str(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
