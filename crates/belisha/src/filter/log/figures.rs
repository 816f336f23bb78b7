//! Numbers of the filter for governors and leaders: by kind of site and group, for a term, with the
//! trend beside the term before. Small numbers are not said to those who may not open the log.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use belisha_filter::categories;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::calendar::Days;
use belisha_rules::patterns::Figure;
use belisha_ui::{Column, Frame, Html, InsetText, Table};
use jiff::civil::{Date, Time};

use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::date;

#[derive(Template)]
#[template(path = "filter/log/figures.html")]
struct FiguresPage {
    frame: Frame,
    title: String,
    note: InsetText,
    terms: Vec<Html>,
    blocked: Option<Table>,
    trend: Option<Table>,
    export: Vec<Html>,
    requests: String,
}

/// Blocked questions by category and group.
type Counts = BTreeMap<(String, String), usize>;

pub(super) async fn get(viewer: Viewer, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let from: Option<Date> = query
        .as_deref()
        .and_then(|query| query.strip_prefix("from="))
        .and_then(|day| day.parse().ok());
    let mut records = viewer.read().await?;
    let found = Figures::load(&mut records, &viewer, from).await?;
    let requests = requests(&mut records, &viewer, found.term).await?;
    drop(records);
    let Figures {
        term, terms, open, ..
    } = &found;
    let exported =
        |which: Which, words: &str| Html::link(words, &super::figures_file::url(which, *term));
    crate::web::page(&FiguresPage {
        frame: frame::of(&viewer),
        title: format!("{} to {}", date(term.first), date(term.last)),
        note: InsetText::new(if *open {
            "Each page that a browser opens asks for several names, and often twice, so these are questions and not pages."
        } else {
            "Each page that a browser opens asks for several names, and often twice, so these are questions and not pages. Numbers under five are not said, and others are rounded, so that no child can be told from them."
        }),
        terms: terms
            .iter()
            .map(|term| {
                let words = format!("From {}", date(term.first));
                Html::link(&words, &format!("/filter/figures?from={}", term.first))
            })
            .collect(),
        blocked: found.grid(Which::Groups).map(Grid::table),
        trend: found.grid(Which::Terms).map(Grid::table),
        export: vec![
            exported(Which::Groups, "Numbers by group, for a spreadsheet"),
            exported(Which::Terms, "Numbers by term, for a spreadsheet"),
        ],
        requests,
    })
}

/// So many terms stand beside each other.
const MOST_TERMS: usize = 6;

/// Which grid of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Groups,
    Terms,
}

/// The numbers of a term and of those before it.
pub(super) struct Figures {
    pub(super) term: Days,
    terms: Vec<Days>,
    /// The term itself first, then the terms before it.
    counts: Vec<(Days, Counts)>,
    open: bool,
}

/// Numbers as they may be said, in rows and columns.
pub(super) struct Grid {
    pub(super) caption: &'static str,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Figures {
    /// Those of the term that begins on a day, or else of the newest.
    pub(super) async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        from: Option<Date>,
    ) -> Result<Self, Problem> {
        viewer.require(Action::ReadFilterFigures, &RecordFacts::of(Kind::Filter))?;
        let calendar = crate::schools::calendar::of(records, &viewer.school).await?;
        let today = viewer.today();
        let mut terms: Vec<Days> = calendar.terms;
        terms.retain(|term| term.first <= today);
        terms.sort_by_key(|term| std::cmp::Reverse(term.first));
        let at = terms
            .iter()
            .position(|term| from == Some(term.first))
            .unwrap_or_default();
        let Some(term) = terms.get(at).copied() else {
            return Err(Problem::refused(
                "No term has begun yet",
                "The numbers of the filter are shown by term. Enter the terms under School.",
            ));
        };
        let mut found = Vec::new();
        for term in terms.iter().skip(at).take(MOST_TERMS) {
            found.push((*term, counts(records, *term).await?));
        }
        let open = viewer
            .may(Action::SearchFilterLog, &RecordFacts::of(Kind::FilterLog))
            .is_allowed();
        Ok(Self {
            term,
            terms,
            counts: found,
            open,
        })
    }

    fn said(&self, count: usize) -> String {
        if self.open {
            Figure::open(count).words()
        } else {
            Figure::of(count, 0).words()
        }
    }

    /// One of the grids; none where nothing was blocked.
    pub(super) fn grid(&self, which: Which) -> Option<Grid> {
        let (_, now) = self.counts.first()?;
        let grid = match which {
            Which::Groups => self.by_group(now),
            Which::Terms => self.by_term(),
        };
        (!grid.rows.is_empty()).then_some(grid)
    }

    fn by_group(&self, now: &Counts) -> Grid {
        let groups: BTreeSet<&String> = now.keys().map(|(_, group)| group).collect();
        let kinds: BTreeSet<&String> = now.keys().map(|(category, _)| category).collect();
        let rows = kinds
            .iter()
            .map(|category| {
                let of = |group: &String| {
                    let key = ((*category).clone(), group.clone());
                    now.get(&key).copied().unwrap_or_default()
                };
                let figures = groups.iter().map(|group| self.said(of(group)));
                std::iter::once(title(category)).chain(figures).collect()
            })
            .collect();
        let columns = std::iter::once("Blocked".to_owned()).chain(groups.into_iter().cloned());
        Grid {
            caption: "Blocked questions by kind of site and group",
            columns: columns.collect(),
            rows,
        }
    }

    fn by_term(&self) -> Grid {
        let all = self.counts.iter().flat_map(|(_, counts)| counts.keys());
        let kinds: BTreeSet<&String> = all.map(|(category, _)| category).collect();
        // The oldest first, as a trend is read.
        let terms = || self.counts.iter().rev();
        let rows = kinds
            .iter()
            .map(|category| {
                let of = |counts: &Counts| {
                    let own = counts.iter().filter(|((other, _), _)| other == *category);
                    own.map(|(_, times)| times).sum()
                };
                let figures = terms().map(|(_, counts)| self.said(of(counts)));
                std::iter::once(title(category)).chain(figures).collect()
            })
            .collect();
        let columns = terms().map(|(term, _)| format!("From {}", date(term.first)));
        Grid {
            caption: "Blocked questions by kind of site, term by term",
            columns: std::iter::once("Blocked".to_owned())
                .chain(columns)
                .collect(),
            rows,
        }
    }
}

impl Grid {
    fn table(self) -> Table {
        let columns = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, name)| match at {
                0 => Column::new(name.as_str()),
                _ => Column::numeric(name.as_str()),
            })
            .collect();
        let rows = self
            .rows
            .into_iter()
            .map(|row| row.into_iter().map(Html::from).collect())
            .collect();
        Table::new(self.caption, columns, rows)
    }
}

fn title(category: &str) -> String {
    match category {
        "" => "By the school’s own decision, or by the hour".to_owned(),
        key => categories::title(key).to_owned(),
    }
}

async fn counts(records: &mut Connection, term: Days) -> Result<Counts, Fault> {
    sql(
        "select category, for_group, cast(sum(times) as bigint) as times from filter_tally
         where outcome = 'blocked' and on_day >= $1 and on_day <= $2
         group by category, for_group",
    )
    .bind(term.first)
    .bind(term.last)
    .all(records)
    .await?
    .iter()
    .map(|row| {
        let times: i64 = row.get("times")?;
        let key = (row.get("category")?, row.get("for_group")?);
        Ok((key, usize::try_from(times).unwrap_or_default()))
    })
    .collect()
}

/// How often somebody asked for a site that was blocked, and how often they were right to: the
/// measure of blocking too much.
async fn requests(
    records: &mut Connection,
    viewer: &Viewer,
    term: Days,
) -> Result<String, Problem> {
    let start = |day: Date| {
        viewer
            .school
            .instant(day, Time::midnight())
            .ok_or_else(|| Fault::said(format!("{day} has no beginning by the school’s clock")))
    };
    let row = sql("select count(*) as asked,
                coalesce(sum(case when applied_at is not null then 1 else 0 end), 0) as applied
         from approval
         where kind = 'filter-change' and opens and asked_at >= $1 and asked_at < $2")
    .bind(start(term.first)?)
    .bind(start(term.last.tomorrow().unwrap_or(term.last))?)
    .one(records)
    .await?;
    let (asked, applied): (i64, i64) = (row.get("asked")?, row.get("applied")?);
    Ok(match asked {
        0 => "Nobody asked for a blocked site in this term.".to_owned(),
        _ => format!(
            "Staff asked {} for a blocked site; {applied} of them were opened. Each that was opened is a site that the filter blocked too much.",
            crate::web::words::counted(asked, "time", "times")
        ),
    })
}
