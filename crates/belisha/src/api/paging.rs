//! Long lists, a page at a time: each page names the last entry that the next begins after.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::db::{Connection, sql};
use crate::problem::Problem;

const USUAL: u16 = 100;
const MOST: u16 = 500;

/// Which page of people is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// The `next` of the page before; left out for the first page.
    after: Option<String>,
    /// How many entries at most, 1 to 500; 100 where left out.
    limit: Option<u16>,
}

/// From where and how many.
pub(super) struct Page {
    /// Name and id of the last person of the page before; empty for the first page.
    pub(super) after: (String, String),
    pub(super) limit: usize,
}

/// Reads what was asked for.
pub(super) async fn page(
    connection: &mut Connection,
    asked: Result<Query<Paging>, QueryRejection>,
) -> Result<Page, Problem> {
    let Query(asked) = asked.map_err(|_| {
        Problem::field(
            "after",
            "Send what “next” said on the page before, and a whole number as “limit”.",
        )
    })?;
    let limit = asked.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::field(
            "limit",
            format!("Ask for 1 to {MOST} entries at a time."),
        ));
    }
    let after = match asked.after {
        None => (String::new(), String::new()),
        Some(id) => {
            let row = sql("select sort_name from person where id = $1")
                .bind(&id)
                .optional(connection)
                .await?
                .ok_or_else(|| {
                    Problem::field(
                        "after",
                        "Nobody has this id. Begin again with the first page.",
                    )
                })?;
            (row.get("sort_name")?, id)
        }
    };
    Ok(Page {
        after,
        limit: usize::from(limit),
    })
}

/// Cuts what was found down to the page; the id to go on after, where there is more.
pub(super) fn cut<T>(
    found: &mut Vec<T>,
    limit: usize,
    id: impl Fn(&T) -> String,
) -> Option<String> {
    if found.len() <= limit {
        return None;
    }
    found.truncate(limit);
    found.last().map(id)
}
