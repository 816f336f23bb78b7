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
    requests: String,
}

/// Blocked questions by category and group.
type Counts = BTreeMap<(String, String), usize>;

pub(super) async fn get(viewer: Viewer, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilterFigures, &RecordFacts::of(Kind::Filter))?;
    let mut records = viewer.read().await?;
    let calendar = crate::schools::calendar::of(&mut records, &viewer.school).await?;
    let today = viewer.today();
    let mut terms: Vec<Days> = calendar.terms;
    terms.retain(|term| term.first <= today);
    terms.sort_by_key(|term| std::cmp::Reverse(term.first));
    let asked: Option<Date> = query
        .as_deref()
        .and_then(|query| query.strip_prefix("from="))
        .and_then(|day| day.parse().ok());
    let at = terms
        .iter()
        .position(|term| asked == Some(term.first))
        .unwrap_or_default();
    let Some(term) = terms.get(at).copied() else {
        return Err(Problem::refused(
            "No term has begun yet",
            "The numbers of the filter are shown by term. Enter the terms under School.",
        ));
    };
    let now = counts(&mut records, term).await?;
    let before = match terms.get(at + 1) {
        Some(before) => Some(counts(&mut records, *before).await?),
        None => None,
    };
    let requests = requests(&mut records, &viewer, term).await?;
    drop(records);
    let open = viewer
        .may(Action::SearchFilterLog, &RecordFacts::of(Kind::FilterLog))
        .is_allowed();
    crate::web::page(&FiguresPage {
        frame: frame::of(&viewer),
        title: format!("{} to {}", date(term.first), date(term.last)),
        note: InsetText::new(if open {
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
        blocked: table(&now, before.as_ref(), open),
        requests,
    })
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

fn table(now: &Counts, before: Option<&Counts>, open: bool) -> Option<Table> {
    let groups: BTreeSet<&String> = now.keys().map(|(_, group)| group).collect();
    let kinds: BTreeSet<&String> = now.keys().map(|(category, _)| category).collect();
    let figure = |count: usize| -> Html {
        if open {
            Figure::open(count).words().into()
        } else {
            Figure::of(count, 0).words().into()
        }
    };
    let rows: Vec<Vec<Html>> = kinds
        .iter()
        .map(|category| {
            let title = match category.as_str() {
                "" => "By the school’s own decision, or by the hour",
                key => categories::title(key),
            };
            let mut row: Vec<Html> = vec![title.into()];
            let of = |counts: &Counts, group: &String| {
                let key = ((*category).clone(), group.clone());
                counts.get(&key).copied().unwrap_or_default()
            };
            row.extend(groups.iter().map(|group| figure(of(now, group))));
            row.push(match before {
                Some(before) => {
                    let all = before.iter().filter(|((other, _), _)| other == *category);
                    figure(all.map(|(_, times)| times).sum())
                }
                None => "no term before".into(),
            });
            row
        })
        .collect();
    let mut columns = vec![Column::new("Blocked")];
    columns.extend(groups.iter().map(|group| Column::numeric(group.as_str())));
    columns.push(Column::numeric("All groups, the term before"));
    (!rows.is_empty())
        .then(|| Table::new("Blocked questions by kind of site and group", columns, rows))
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
