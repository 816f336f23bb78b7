//! Reads a whole policy. All faults are found at once and told in the order in
//! which they stand, so that an editor mends them in one go.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::HeadingLevel;

use crate::block::{self, Info};
use crate::fault::{Fault, Lines};
use crate::form;
use crate::outline::{Block, Heading, Part, outline};
use crate::policy::{Clause, Depth, Policy};
use crate::prose::quoted;
use crate::settings::Bound;

/// The longest policy, in bytes. A printed policy of a hundred pages is a third of it.
pub const LONGEST_POLICY: usize = 1_000_000;

/// Reads a policy from Markdown.
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
        match part {
            Part::Heading(heading) => reader.heading(heading),
            Part::Block(block) => reader.block(&block),
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

    fn title(&mut self, heading: Heading) {
        let at = heading.range.start;
        let words = heading.title.trim().to_owned();
        if let Some(first) = &self.title {
            let message = format!(
                "{} is a second title; the first stands on line {}.",
                quoted(&words),
                first.line
            );
            self.fault(at, message, "Begin a section with ## instead.");
            return;
        }
        if !self.clauses.is_empty() {
            self.fault(
                at,
                "the title stands after the first section.",
                "Move it to the top.",
            );
        }
        if words.is_empty() {
            self.fault(
                at,
                "the title has no words.",
                "Write what the policy is called.",
            );
        }
        self.title = Some(Title {
            words,
            line: self.lines.place(at).0,
        });
    }

    fn clause(&mut self, heading: Heading, depth: Depth) {
        let at = heading.range.start;
        let title = heading.title.trim().to_owned();
        if title.is_empty() {
            self.fault(
                at,
                "this heading has no words.",
                "Write a title, or take the heading out.",
            );
        }
        let parent = self.parent(at, depth);
        let id = self.id(&heading, &title);
        let number = self.number(depth);
        self.clauses.push(Draft {
            at,
            clause: Clause {
                id,
                number,
                depth,
                title,
                words: String::new(),
                controls: Vec::new(),
                parent,
                line: self.lines.place(at).0,
            },
        });
    }

    fn parent(&mut self, at: usize, depth: Depth) -> Option<String> {
        let (over, marks) = match depth {
            Depth::Section => return None,
            Depth::Clause => (Depth::Section, "a section (##)"),
            Depth::SubClause => (Depth::Clause, "a clause (###)"),
        };
        let parent = self
            .clauses
            .iter()
            .rev()
            .map(|draft| &draft.clause)
            .find(|clause| clause.depth < depth)
            .filter(|clause| clause.depth == over)
            .map(|clause| clause.id.clone());
        if parent.is_none() {
            self.fault(
                at,
                format!("this heading belongs under {marks}, and there is none above it."),
                "Add one, or write fewer # here.",
            );
        }
        parent
    }

    fn number(&mut self, depth: Depth) -> String {
        let [section, clause, sub_clause] = &mut self.counts;
        match depth {
            Depth::Section => {
                (*section, *clause, *sub_clause) = (*section + 1, 0, 0);
                format!("{section}")
            }
            Depth::Clause => {
                (*clause, *sub_clause) = (*clause + 1, 0);
                format!("{section}.{clause}")
            }
            Depth::SubClause => {
                *sub_clause += 1;
                format!("{section}.{clause}.{sub_clause}")
            }
        }
    }

    /// The id of a heading, or a proposal with a fault where it has no proper one.
    fn id(&mut self, heading: &Heading, title: &str) -> String {
        let at = heading.range.start;
        if heading.other_attributes {
            self.fault(
                at,
                "the braces after a heading hold its id and nothing else.",
                "Write them like {#leaving-a-computer}.",
            );
        }
        let line = self.lines.place(at).0;
        let Some(id) = heading.id.as_deref() else {
            let proposed = self.ids.free(title, line);
            let message = format!("the heading {} has no id.", quoted(title));
            self.fault(
                at,
                message,
                format!(
                    "Write {{#{proposed}}} at its end. It stays the same when the title changes."
                ),
            );
            return proposed;
        };
        if !form::is_slug(id) {
            let proposed = self.ids.free(id, line);
            let message = format!(
                "{} cannot be an id: it takes small letters, digits and single hyphens.",
                quoted(id)
            );
            self.fault(at, message, format!("Write {{#{proposed}}}."));
            return proposed;
        }
        if let Some(first) = self.ids.taken(id) {
            let proposed = self.ids.free(title, line);
            let message = format!("the id “{id}” already stands on line {first}.");
            self.fault(
                at,
                message,
                format!("Every id is used once. Write {{#{proposed}}}."),
            );
            return proposed;
        }
        self.ids.take(id, line);
        id.to_owned()
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
        match (self.clauses.last_mut(), &self.title) {
            (Some(draft), _) if draft.clause.words.is_empty() => draft.clause.words = words,
            (Some(draft), _) => {
                // A heading that could not be placed left its words to the clause before it.
                draft.clause.words.push_str("\n\n");
                draft.clause.words.push_str(&words);
            }
            (None, _) => {
                if self.title.is_none() && !words.is_empty() {
                    let at = self.text.len() - self.text.trim_start().len();
                    self.faults.push(
                        self.lines
                            .fault(at, "these words stand before the title.")
                            .help("Begin the policy with its title: # Online safety policy"),
                    );
                }
                self.introduction.push_str(&words);
            }
        }
    }

    fn finish(mut self) -> Result<Policy, Vec<Fault>> {
        self.words_end_at(self.text.len());
        self.give_words();
        self.empty_clauses();
        if self.title.is_none() {
            self.faults
                .retain(|fault| !fault.message.starts_with("these words stand before"));
            self.fault(
                0,
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
            .filter(|Draft { clause, .. }| clause.words.trim().is_empty() && !parents.contains(clause.id.as_str()))
            .map(|Draft { clause, at }| {
                self.lines
                    .fault(*at, format!("{} {} has no words.", clause.number, quoted(&clause.title)))
                    .help("Write what it says, or take the heading out: a heading alone cannot be approved.")
            })
            .collect();
        self.faults.extend(empty);
    }

    fn fault(&mut self, at: usize, message: impl Into<String>, help: impl Into<String>) {
        self.faults.push(self.lines.fault(at, message).help(help));
    }
}

/// The ids that were given or proposed so far, with their lines.
#[derive(Default)]
struct Ids {
    lines: HashMap<String, usize>,
    /// How often each stem was proposed, so that many equal titles take no longer than few.
    proposed: HashMap<String, usize>,
}

impl Ids {
    fn taken(&self, id: &str) -> Option<usize> {
        self.lines.get(id).copied()
    }

    fn take(&mut self, id: &str, line: usize) {
        self.lines.insert(id.to_owned(), line);
    }

    /// An id that is still free, made from these words, and from now on taken.
    fn free(&mut self, words: &str, line: usize) -> String {
        let mut stem = form::slug(words);
        if stem.is_empty() {
            stem.push_str("clause");
        }
        let count = self.proposed.entry(stem.clone()).or_insert(0);
        loop {
            *count += 1;
            let id = if *count == 1 {
                stem.clone()
            } else {
                format!("{stem}-{count}")
            };
            if !self.lines.contains_key(&id) {
                self.lines.insert(id.clone(), line);
                return id;
            }
        }
    }
}
