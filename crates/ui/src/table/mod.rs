//! Things that are alike, one to a row. On a phone each row becomes a card that repeats the headings.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html};

/// A table with a caption.
#[derive(Clone, Debug, Template)]
#[template(path = "table/table.html")]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// Whether the caption is for screen readers only, because a heading above says the same.
    pub caption_hidden: bool,
    /// The columns.
    pub columns: Vec<Column>,
    /// The cells, row by row, as many as there are columns.
    pub rows: Vec<Vec<Html>>,
    /// Whether the first cell names its row.
    pub first_cell_names_row: bool,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Whether its cells are numbers, set to the right.
    pub numeric: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            numeric: false,
        }
    }

    /// A column of numbers.
    #[must_use]
    pub fn numeric(title: impl Into<String>) -> Self {
        Self {
            numeric: true,
            ..Self::new(title)
        }
    }
}

impl HtmlSafe for Table {}

impl Table {
    /// A table whose first cells name their rows.
    #[must_use]
    pub fn new(caption: impl Into<String>, columns: Vec<Column>, rows: Vec<Vec<Html>>) -> Self {
        Self {
            caption: caption.into(),
            caption_hidden: false,
            columns,
            rows,
            first_cell_names_row: true,
        }
    }

    /// Each cell of a row with its column; a cell too many is left out.
    fn cells<'a>(&'a self, row: &'a [Html]) -> Vec<Cell<'a>> {
        let pairs = self.columns.iter().zip(row).enumerate();
        pairs
            .map(|(index, (column, content))| Cell {
                column,
                content,
                names_row: index == 0 && self.first_cell_names_row,
            })
            .collect()
    }
}

struct Cell<'a> {
    column: &'a Column,
    content: &'a Html,
    names_row: bool,
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let columns = vec![
        Column::new("Reference"),
        Column::new("Reported by"),
        Column::numeric("Days open"),
    ];
    let row = |reference: &str, by: &str, days: &str| {
        vec![Html::link(reference, "#"), by.into(), days.into()]
    };
    let rows = vec![
        row("K7M2 Q4", "A teacher", "2"),
        row("B9TR X1", "School office", "14"),
    ];
    vec![
        Example::new(
            "cards on a phone",
            &Table::new("Open incidents", columns.clone(), rows.clone()),
        ),
        Example::new(
            "with a hidden caption",
            &Table {
                caption_hidden: true,
                first_cell_names_row: false,
                ..Table::new("Open incidents again", columns, rows)
            },
        ),
    ]
}
