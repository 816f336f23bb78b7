//! The ids of one policy's clauses: each is used once, and where one is missing a
//! free one is proposed.

use std::collections::HashMap;

use crate::slug::slug;

/// The ids that were given or proposed so far, with their lines.
#[derive(Default)]
pub(super) struct Ids {
    lines: HashMap<String, usize>,
    /// How often each stem was proposed, so that many equal titles take no longer than few.
    proposed: HashMap<String, usize>,
}

impl Ids {
    pub(super) fn taken(&self, id: &str) -> Option<usize> {
        self.lines.get(id).copied()
    }

    pub(super) fn take(&mut self, id: &str, line: usize) {
        self.lines.insert(id.to_owned(), line);
    }

    /// An id that is still free, made from these words, and from now on taken.
    pub(super) fn free(&mut self, words: &str, line: usize) -> String {
        let mut stem = slug(words);
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
