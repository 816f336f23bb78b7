//! A journal file as a forger with a text editor sees it: numbered lines, from 1.
//!
//! The sound file has its header on lines 1 and 2; entries on 3 to 6, 14 to 17 and 25
//! to 28; checkpoints on 7 to 13, 18 to 24 and 29 to 35.

use std::ops::RangeInclusive;

use data_encoding::BASE64;

use super::story::{signer, story};

pub(super) struct Page(Vec<String>);

/// The sound file of twelve entries.
pub(super) fn sound() -> Page {
    Page::of(&story(12).file(&signer()))
}

impl Page {
    pub(super) fn of(file: &str) -> Self {
        Self(file.split_terminator('\n').map(str::to_owned).collect())
    }

    pub(super) fn line(&self, number: usize) -> &str {
        &self.0[number - 1]
    }

    /// Replaces a part of a line, which must be there.
    pub(super) fn replace(mut self, number: usize, old: &str, new: &str) -> Self {
        let line = &mut self.0[number - 1];
        assert!(line.contains(old), "line {number} has no {old}");
        *line = line.replacen(old, new, 1);
        self
    }

    /// Puts another line in the place of one.
    pub(super) fn set(mut self, number: usize, line: &str) -> Self {
        self.0[number - 1] = line.to_owned();
        self
    }

    /// Copies a line over another.
    pub(super) fn overwrite(self, from: usize, to: usize) -> Self {
        let line = self.line(from).to_owned();
        self.set(to, &line)
    }

    /// Changes the hexadecimal digit that follows `before`.
    pub(super) fn other_digit(self, number: usize, before: &str) -> Self {
        let at = self.line(number).find(before).expect("the line has it") + before.len();
        let digit = &self.line(number)[at..=at];
        let other = if digit == "0" { "1" } else { "0" };
        let (old, new) = (format!("{before}{digit}"), format!("{before}{other}"));
        self.replace(number, &old, &new)
    }

    /// Changes the bytes of a signature: four of the key, then sixty-four.
    pub(super) fn signature(self, number: usize, change: impl FnOnce(&mut [u8])) -> Self {
        let (name, signature) = self
            .line(number)
            .rsplit_once(' ')
            .expect("a signature line");
        let mut bytes = BASE64.decode(signature.as_bytes()).expect("a signature");
        change(&mut bytes);
        let line = format!("{name} {}", BASE64.encode(&bytes));
        self.set(number, &line)
    }

    pub(super) fn insert(mut self, number: usize, line: &str) -> Self {
        self.0.insert(number - 1, line.to_owned());
        self
    }

    pub(super) fn copy(self, from: usize, to: usize) -> Self {
        let line = self.line(from).to_owned();
        self.insert(to, &line)
    }

    pub(super) fn swap(mut self, one: usize, other: usize) -> Self {
        self.0.swap(one - 1, other - 1);
        self
    }

    pub(super) fn delete(mut self, numbers: RangeInclusive<usize>) -> Self {
        self.0.drain(numbers.start() - 1..*numbers.end());
        self
    }

    pub(super) fn text(&self) -> String {
        self.0.iter().map(|line| format!("{line}\n")).collect()
    }

    pub(super) fn lines(&self, numbers: RangeInclusive<usize>) -> Vec<String> {
        self.0[numbers.start() - 1..*numbers.end()].to_vec()
    }
}

impl From<Page> for Vec<u8> {
    fn from(page: Page) -> Self {
        page.text().into_bytes()
    }
}
