//! A fault in a policy: where it stands, what is wrong, and what to do.

use std::cell::Cell;
use std::fmt;

/// One thing that keeps a policy from being read or from coming into force.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// Characters from the start of the line, counted from 1.
    pub column: usize,
    /// What is wrong, as the rest of a sentence that begins with the place.
    pub message: String,
    /// What to do about it, as a sentence, where that is not plain from the message.
    pub help: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)?;
        match &self.help {
            Some(help) => write!(f, " {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}

/// Where each line of a text begins, to turn byte offsets into lines and columns.
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// The offset that was asked for last and the characters before it in its line:
    /// a line of a megabyte with a fault in every word is not counted from its start
    /// each time.
    last: Cell<(usize, usize)>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            text,
            starts,
            last: Cell::new((0, 0)),
        }
    }

    /// Line and column of a byte offset, both counted from 1.
    pub(crate) fn place(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let (from, before) = match self.last.get() {
            (last, before) if (start..=offset).contains(&last) => (last, before),
            _ => (start, 0),
        };
        let before = before + self.text[from..offset].chars().count();
        self.last.set((offset, before));
        (line, before + 1)
    }

    /// A fault at a byte offset.
    pub(crate) fn fault(&self, offset: usize, message: impl Into<String>) -> Fault {
        let (line, column) = self.place(offset);
        Fault {
            line,
            column,
            message: message.into(),
            help: None,
        }
    }
}

impl Fault {
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let lines = Lines::of("één\n\tx\n");
        for (offset, expected) in [
            (0, (1, 1)),
            (2, (1, 2)),
            (6, (2, 1)),
            (7, (2, 2)),
            (9, (3, 1)),
            (99, (3, 1)),
            (1, (1, 1)),
        ] {
            assert_eq!(lines.place(offset), expected, "{offset}");
        }
    }
}
