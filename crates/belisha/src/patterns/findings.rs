//! What a grid says, in words: no more than its cells show to this viewer.

use belisha_rules::patterns::Figure;

use super::counting::Counted;
use super::tables::Grid;

/// What the finding of a grid is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    /// The fullest cell.
    Warmest,
    /// The fullest row of the first column.
    Most,
    /// The last two rows of the first column, one after the other.
    Trend,
    /// How much of everything falls into the first column.
    Share,
}

const TOO_FEW: &str = "Too few cases to say anything from them.";

impl Grid<'_> {
    pub(super) fn finding(&self, sees_all: bool) -> String {
        let said = match self.tells {
            Tells::Warmest => self.warmest_cell(sees_all),
            Tells::Most => self.most(sees_all),
            Tells::Trend => self.trend(sees_all),
            Tells::Share => self.share(sees_all),
        };
        said.unwrap_or_else(|| TOO_FEW.to_owned())
    }

    fn warmest_cell(&self, sees_all: bool) -> Option<String> {
        let warmest = self.warmest(sees_all);
        if says_nothing(warmest) {
            return None;
        }
        let (row, column) = self.rows.iter().find_map(|(row, cells)| {
            cells
                .iter()
                .zip(&self.columns)
                .find(|(cell, _)| Self::figure(cell, sees_all) == warmest)
                .map(|(_, column)| (row, column))
        })?;
        Some(format!(
            "Most cases, {}, are in {row}, {column}.",
            warmest.words()
        ))
    }

    fn most(&self, sees_all: bool) -> Option<String> {
        let warmest = self.warmest(sees_all);
        if says_nothing(warmest) {
            return None;
        }
        let (row, _) = self
            .rows
            .iter()
            .find(|(_, cells)| Self::figure(&cells[0], sees_all) == warmest)?;
        Some(format!(
            "{row} is named most often, in {}.",
            in_cases(warmest)
        ))
    }

    fn trend(&self, sees_all: bool) -> Option<String> {
        let mut with_any = self
            .rows
            .iter()
            .map(|(row, cells)| (row, Self::figure(&cells[0], sees_all)))
            .filter(|(_, figure)| !says_nothing(*figure));
        let (mut before, mut last) = (None, with_any.next()?);
        for next in with_any {
            before = Some(std::mem::replace(&mut last, next));
        }
        let (term, figure) = last;
        Some(match before {
            None => format!("In {term}, {} reported.", was(figure)),
            Some((earlier, count)) => format!(
                "In {term}, {} reported; in {earlier}, {}.",
                was(figure),
                count.words()
            ),
        })
    }

    fn share(&self, sees_all: bool) -> Option<String> {
        let column = |wanted: &dyn Fn(usize) -> bool| -> Vec<&Counted> {
            self.rows
                .iter()
                .flat_map(|(_, cells)| cells.iter().enumerate())
                .filter(|(index, _)| wanted(*index))
                .flat_map(|(_, cell)| cell.iter().copied())
                .collect()
        };
        let all = Self::figure(&column(&|_| true), sees_all);
        let first = Self::figure(&column(&|index| index == 0), sees_all);
        if says_nothing(all) {
            return None;
        }
        Some(format!(
            "Of {}, {} {} acknowledged {}.",
            in_cases(all),
            first.words(),
            if first == Figure::Exact(1) {
                "was"
            } else {
                "were"
            },
            self.columns.first()?
        ))
    }
}

fn says_nothing(figure: Figure) -> bool {
    matches!(figure, Figure::Few | Figure::Exact(0))
}

fn was(figure: Figure) -> String {
    match figure {
        Figure::Exact(1) => "1 case was".to_owned(),
        Figure::Exact(_) | Figure::About(_) | Figure::Few => {
            format!("{} cases were", figure.words())
        }
    }
}

fn in_cases(figure: Figure) -> String {
    match figure {
        Figure::Exact(1) => "1 case".to_owned(),
        Figure::Exact(_) | Figure::About(_) | Figure::Few => format!("{} cases", figure.words()),
    }
}
