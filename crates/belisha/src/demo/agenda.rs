//! What is going to happen in a made-up school, in the order in which it will.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// Things to come, the earliest first; at the same instant in the order they were planned.
pub(super) struct Agenda<Deed> {
    to_come: BTreeMap<(Timestamp, usize), Deed>,
    planned: usize,
    /// Nothing after this instant happens.
    until: Timestamp,
}

impl<Deed> Agenda<Deed> {
    pub(super) fn until(until: Timestamp) -> Self {
        Self {
            to_come: BTreeMap::new(),
            planned: 0,
            until,
        }
    }

    /// Plans something. What lies after the end is forgotten: it has not happened yet.
    pub(super) fn plan(&mut self, at: Timestamp, deed: Deed) {
        if at < self.until {
            self.planned += 1;
            self.to_come.insert((at, self.planned), deed);
        }
    }

    /// The next thing and its instant.
    pub(super) fn next(&mut self) -> Option<(Timestamp, Deed)> {
        self.to_come.pop_first().map(|((at, _), deed)| (at, deed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_first_is_done_first_and_what_is_too_late_is_not_done() {
        let at = |second| Timestamp::from_second(second).expect("an instant");
        let mut agenda = Agenda::until(at(10));
        for (second, deed) in [(7, "late"), (3, "early"), (7, "later"), (10, "never")] {
            agenda.plan(at(second), deed);
        }
        let done: Vec<&str> = std::iter::from_fn(|| agenda.next())
            .map(|(_, deed)| deed)
            .collect();
        assert_eq!(done, ["early", "late", "later"]);
    }
}
