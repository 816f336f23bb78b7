//! The table, as Markdown.

use std::fmt;

/// What was measured, with what it is compared with.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; 5]>);

impl Table {
    /// A line between the parts.
    pub(crate) fn heading(&mut self, says: &str) {
        self.0.push([
            format!("**{says}**"),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ]);
    }

    /// Something that is asked for by one person, by many, and as often as it can be.
    pub(crate) fn add(&mut self, cells: [String; 5]) {
        self.0.push(cells);
    }

    /// Something that is one number.
    pub(crate) fn single(&mut self, what: &str, value: &str, beside: &str) {
        self.0.push([
            what.to_owned(),
            value.to_owned(),
            String::new(),
            String::new(),
            beside.to_owned(),
        ]);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| Measured | Alone: median, p99 | Many at once: median, p99 | At most | Beside its reference |\n\
             |---|---|---|---|---|"
        )?;
        for cells in &self.0 {
            writeln!(f, "| {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}
