//! Reads a whole policy. All faults are found at once and told in the order in
//! which they stand, so that an editor mends them in one go.

mod headings;
mod ids;

use std::collections::{HashMap, HashSet};

use pulldown_cmark::HeadingLevel;

use crate::block::{self, Info};
use crate::fault::{Fault, Lines};
use crate::outline::{Block, Heading, Part, outline};
use crate::policy::{Clause, Depth, Policy};
use crate::prose::quoted;
use crate::settings::Bound;

use ids::Ids;

/// The longest policy, in bytes. A printed policy of a hundred pages is a third of it.
pub const LONGEST_POLICY: usize = 1_000_000;

/// How many faults are told at once. A text with more is no policy, and to explain
/// each could take longer than anybody waits.
const MOST_FAULTS: usize = 1_000;

/// Reads a policy from Markdown. All faults are told in order, up to the first thousand.
pub fn parse(text: &str) -> Result<Policy, Vec<Fault>> {
    if text.len() > LONGEST_POLICY {
        return Err(vec![Fault {
            line: 1,
            column: 1,
            message: format!(
                "this policy has {} bytes, and the longest that can be read has {LONGEST_POLICY}.",
                text.len()
            ),
            help: Some("Is it the right file?".to_owned()),
        }]);
    }
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let mut reader = Reader::new(&text);
    for part in outline(&text) {
        if reader.faults.len() > MOST_FAULTS {
            return Err(reader.first_faults());
        }
        match part {
            Part::Heading(heading) => reader.heading(heading),
            Part::Block(block) => reader.block(&block),
            Part::Hidden(at) => reader.hidden(at),
        }
    }
    reader.finish()
}

struct Reader<'a> {
    text: &'a str,
    lines: Lines<'a>,
    faults: Vec<Fault>,
    title: Option<Title>,
    introduction: String,
    has_words_before_title: bool,
    clauses: Vec<Draft>,
    /// Where the words that are not yet given to anything begin.
    words_from: usize,
    words: String,
    /// How many sections, clauses of the section and sub-clauses of the clause there are.
    counts: [usize; 3],
    ids: Ids,
    /// Where each control was set first, by key and repeat key.
    set_at: HashMap<(&'static str, Option<String>), (String, usize)>,
}

struct Title {
    words: String,
    line: usize,
}

/// A clause whose words may still grow, with the place of its heading.
struct Draft {
    clause: Clause,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            lines: Lines::of(text),
            faults: Vec::new(),
            title: None,
            introduction: String::new(),
            has_words_before_title: false,
            clauses: Vec::new(),
            words_from: 0,
            words: String::new(),
            counts: [0; 3],
            ids: Ids::default(),
            set_at: HashMap::new(),
        }
    }

    fn heading(&mut self, heading: Heading) {
        self.words_end_at(heading.range.start);
        self.give_words();
        self.words_from = heading.range.end;
        match heading.level {
            HeadingLevel::H1 => self.title(heading),
            HeadingLevel::H2 => self.clause(heading, Depth::Section),
            HeadingLevel::H3 => self.clause(heading, Depth::Clause),
            HeadingLevel::H4 => self.clause(heading, Depth::SubClause),
            HeadingLevel::H5 | HeadingLevel::H6 => self.fault(
                heading.range.start,
                format!("the heading {} stands too deep.", quoted(heading.title.trim())),
                "A policy has sections (##), clauses (###) and sub-clauses (####), and nothing below.",
            ),
        }
    }

    fn block(&mut self, block: &Block) {
        let key = match block::info(&block.info) {
            Info::Words => return,
            Info::Misspelt { message, help } => {
                self.fault(block.range.start, message, help);
                return;
            }
            Info::Control(key) => key,
        };
        if !block.is_nested {
            self.words_end_at(block.range.start);
            self.words_from = block.range.end;
        }
        if block.is_nested {
            self.fault(
                block.range.start,
                "this control stands in a list or a quotation.",
                "A control stands on its own, at the start of the line, with an empty line before it.",
            );
        } else if !block.is_closed {
            self.fault(
                block.range.start,
                "this control block is never closed, so the rest of the policy is taken as part of it.",
                "Write ``` on a line of its own below its last value.",
            );
        } else {
            self.control(block, key);
        }
    }

    fn hidden(&mut self, at: usize) {
        self.fault(
            at,
            "this looks like a control, but it is indented, inside HTML or all on one line, so it would set nothing.",
            "Put the fence at the start of a line, with an empty line before it, and each value on its own line.",
        );
    }

    fn control(&mut self, block: &Block, key: &str) {
        let settings = match block::read(self.text, &self.lines, block, key) {
            Ok(settings) => settings,
            Err(faults) => {
                self.faults.extend(faults);
                return;
            }
        };
        let line = self.lines.place(block.range.start).0;
        let Some(clause) = self
            .clauses
            .last_mut()
            .map(|draft| &mut draft.clause)
            .filter(|clause| clause.depth != Depth::Section)
        else {
            self.fault(
                block.range.start,
                format!("the control “{key}” stands outside any clause."),
                "Put it under a clause (###) or a sub-clause (####), so that the clause says what it sets.",
            );
            return;
        };
        let control = settings.control();
        let repeat_key = settings.repeat_key().map(|value| value.key());
        let what = match (&repeat_key, control.repeats_by) {
            (Some(value), Some(param)) => {
                format!("“{}” with {} = \"{value}\"", control.key, param.name())
            }
            (_, _) => format!("“{}”", control.key),
        };
        let number = clause.number.clone();
        clause.controls.push(Bound {
            clause: clause.id.clone(),
            line,
            settings,
        });
        match self.set_at.get(&(control.key, repeat_key.clone())) {
            Some((first, first_line)) => {
                let message = format!(
                    "clause {number} sets {what}, which clause {first} has already set on line {first_line}."
                );
                self.fault(block.range.start, message, "Keep one of the two.");
            }
            None => {
                self.set_at
                    .insert((control.key, repeat_key), (number, line));
            }
        }
    }

    /// Takes the words up to here, which belong to the heading before.
    fn words_end_at(&mut self, at: usize) {
        let words = self
            .text
            .get(self.words_from..at)
            .unwrap_or_default()
            .trim_matches('\n')
            .trim_end();
        if words.trim().is_empty() {
            return;
        }
        if !self.words.is_empty() {
            self.words.push_str("\n\n");
        }
        self.words.push_str(words);
    }

    fn give_words(&mut self) {
        let words = std::mem::take(&mut self.words);
        if words.is_empty() {
            return;
        }
        // A heading that could not be placed leaves its words to the one before it.
        let to = match self.clauses.last_mut() {
            Some(draft) => &mut draft.clause.words,
            None => {
                self.has_words_before_title |= self.title.is_none();
                &mut self.introduction
            }
        };
        if !to.is_empty() {
            to.push_str("\n\n");
        }
        to.push_str(&words);
    }

    fn finish(mut self) -> Result<Policy, Vec<Fault>> {
        self.words_end_at(self.text.len());
        self.give_words();
        self.empty_clauses();
        let top = self.text.len() - self.text.trim_start().len();
        if self.title.is_none() {
            self.fault(
                top,
                "this policy has no title.",
                "Begin it with one: # Online safety policy",
            );
        } else if self.clauses.is_empty() {
            self.fault(
                self.text.len(),
                "this policy has no clauses.",
                "Add a section (##) and a clause (###).",
            );
        }
        if self.has_words_before_title && self.title.is_some() {
            self.fault(
                top,
                "these words stand before the title.",
                "Move them below it.",
            );
        }
        if self.faults.len() > MOST_FAULTS {
            return Err(self.first_faults());
        }
        self.faults.sort();
        match self.title {
            Some(title) if self.faults.is_empty() => Ok(Policy {
                title: title.words,
                introduction: self.introduction,
                clauses: self.clauses.into_iter().map(|draft| draft.clause).collect(),
                line: title.line,
            }),
            Some(_) | None => Err(self.faults),
        }
    }

    /// The faults that are told where there are too many, and that there are more.
    fn first_faults(mut self) -> Vec<Fault> {
        self.faults.sort();
        self.faults.truncate(MOST_FAULTS);
        if let Some(last) = self.faults.last_mut() {
            last.message = format!("from here on there are more than {MOST_FAULTS} faults.");
            last.help = Some("Mend those above first.".to_owned());
        }
        self.faults
    }

    /// A heading that promises something and says nothing cannot be approved.
    fn empty_clauses(&mut self) {
        let parents: HashSet<&str> = self
            .clauses
            .iter()
            .filter_map(|draft| draft.clause.parent.as_deref())
            .collect();
        let empty: Vec<Fault> = self
            .clauses
            .iter()
            .filter(|Draft { clause, .. }| {
                !clause.title.is_empty()
                    && clause.words.is_empty()
                    && !parents.contains(clause.id.as_str())
            })
            .map(|Draft { clause, at }| {
                let message = format!("{} {} has no words.", clause.number, quoted(&clause.title));
                self.lines.fault(*at, message).help(
                    "Write what it says, or take the heading out: a heading alone cannot be approved.",
                )
            })
            .collect();
        self.faults.extend(empty);
    }

    fn fault(&mut self, at: usize, message: impl Into<String>, help: impl Into<String>) {
        self.faults.push(self.lines.fault(at, message).help(help));
    }
}
