//! The table, as Markdown.

use std::fmt;

/// What was measured, with the value and what it is compared with.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; 3]>);

impl Table {
    pub(crate) fn add(
        &mut self,
        what: impl Into<String>,
        value: impl Into<String>,
        beside: impl Into<String>,
    ) {
        self.0.push([what.into(), value.into(), beside.into()]);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| Measured | Value | Beside its reference |\n|---|---|---|"
        )?;
        for [what, value, beside] in &self.0 {
            writeln!(f, "| {what} | {value} | {beside} |")?;
        }
        Ok(())
    }
}
