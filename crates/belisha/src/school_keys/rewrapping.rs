//! What lies under the school's key, and wrapping it anew. Each kind is a line here and an act of the
//! feature that owns its table.

use belisha_vault::{KeyId, OpenRefused, SchoolKeys};

use crate::accounts;
use crate::db::{Connection, sql};
use crate::drafts;
use crate::filter;
use crate::incidents;
use crate::people;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::tx::Tx;

/// How many are wrapped anew in one act, so that nobody waits long for the writer.
const BATCH: i64 = 200;

/// The kinds of thing that lie under the school's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The keys of records that the school's key opens.
    RecordKeys,
    /// The seeds of one-time codes.
    SecondFactors,
    Drafts,
    HeldForms,
    Imports,
    /// What the filter knows, waiting for somebody to report it.
    Alerts,
    /// Pieces of the filter’s log.
    FilterLog,
    /// What is unusual in it.
    FilterAlerts,
    /// Why somebody looked something up in it.
    FilterSearches,
}

impl Kept {
    pub(crate) const ALL: [Self; 9] = [
        Self::RecordKeys,
        Self::SecondFactors,
        Self::Drafts,
        Self::HeldForms,
        Self::Imports,
        Self::Alerts,
        Self::FilterLog,
        Self::FilterAlerts,
        Self::FilterSearches,
    ];

    /// As the journal names it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::RecordKeys => "record-keys",
            Self::SecondFactors => "second-factors",
            Self::Drafts => "drafts",
            Self::HeldForms => "held-forms",
            Self::Imports => "imports",
            Self::Alerts => "alerts",
            Self::FilterLog => "filter-log",
            Self::FilterAlerts => "filter-alerts",
            Self::FilterSearches => "filter-searches",
        }
    }

    /// As the console names it.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::RecordKeys => "keys of records",
            Self::SecondFactors => "second factors",
            Self::Drafts => "drafts",
            Self::HeldForms => "kept forms",
            Self::Imports => "files being imported",
            Self::Alerts => "alerts waiting to be reported",
            Self::FilterLog => "pieces of the filter’s log",
            Self::FilterAlerts => "alerts of the filter",
            Self::FilterSearches => "reasons for looking into the log",
        }
    }

    /// Wraps the next ones after `after` anew.
    pub(crate) async fn rewrap(self, tx: &mut Tx, after: &str) -> Result<Batch, Problem> {
        let school = tx.school().clone();
        let keys = school.key_file.keys();
        let turn = Turn {
            keys: &keys,
            after,
            limit: BATCH,
        };
        match self {
            Self::RecordKeys => records::rewrap(tx, &turn).await,
            Self::SecondFactors => accounts::rewrap_second_factors(tx, &turn).await,
            Self::Drafts => drafts::rewrap(tx, &turn).await,
            Self::HeldForms => accounts::held_form::rewrap(tx, &turn).await,
            Self::Imports => people::import::rewrap(tx, &turn).await,
            Self::Alerts => incidents::reports::rewrap_alerts(tx, &turn).await,
            Self::FilterLog => filter::rewrap_segments(tx, &turn).await,
            Self::FilterAlerts => filter::rewrap_alerts(tx, &turn).await,
            Self::FilterSearches => filter::rewrap_searches(tx, &turn).await,
        }
    }

    /// How many lie under another key than this one, or only under this one.
    pub(crate) async fn count(
        self,
        connection: &mut Connection,
        which: Which,
    ) -> Result<i64, Fault> {
        let (statement, key) = match (self, which) {
            (Self::RecordKeys, Which::NotUnder(key)) => (
                sql(
                    "select count(*) as count from record_key where wrapped is not null and substr(wrapped, 3, 8) <> $1",
                ),
                key,
            ),
            (Self::RecordKeys, Which::Under(key)) => (
                sql(
                    "select count(*) as count from record_key where wrapped is not null and substr(wrapped, 3, 8) = $1",
                ),
                key,
            ),
            (Self::SecondFactors, Which::NotUnder(key)) => (
                sql(
                    "select count(*) as count from account where totp_sealed is not null and substr(totp_sealed, 3, 8) <> $1",
                ),
                key,
            ),
            (Self::SecondFactors, Which::Under(key)) => (
                sql(
                    "select count(*) as count from account where totp_sealed is not null and substr(totp_sealed, 3, 8) = $1",
                ),
                key,
            ),
            // What is sealed aside carries its wrapped key behind a length of four bytes.
            (Self::Drafts, Which::NotUnder(key)) => (
                sql("select count(*) as count from draft where substr(sealed, 7, 8) <> $1"),
                key,
            ),
            (Self::Drafts, Which::Under(key)) => (
                sql("select count(*) as count from draft where substr(sealed, 7, 8) = $1"),
                key,
            ),
            (Self::HeldForms, Which::NotUnder(key)) => (
                sql(
                    "select count(*) as count from session_held_form where substr(sealed, 7, 8) <> $1",
                ),
                key,
            ),
            (Self::HeldForms, Which::Under(key)) => (
                sql(
                    "select count(*) as count from session_held_form where substr(sealed, 7, 8) = $1",
                ),
                key,
            ),
            (Self::Imports, Which::NotUnder(key)) => (
                sql(
                    "select count(*) as count from person_import where sealed_file is not null and substr(sealed_file, 7, 8) <> $1",
                ),
                key,
            ),
            (Self::Imports, Which::Under(key)) => (
                sql(
                    "select count(*) as count from person_import where sealed_file is not null and substr(sealed_file, 7, 8) = $1",
                ),
                key,
            ),
            (Self::FilterLog, Which::NotUnder(key)) => (
                sql(
                    "select count(*) as count from filter_log_segment where substr(sealed, 7, 8) <> $1",
                ),
                key,
            ),
            (Self::FilterLog, Which::Under(key)) => (
                sql(
                    "select count(*) as count from filter_log_segment where substr(sealed, 7, 8) = $1",
                ),
                key,
            ),
            (Self::FilterAlerts, Which::NotUnder(key)) => (
                sql("select count(*) as count from filter_alert where substr(sealed, 7, 8) <> $1"),
                key,
            ),
            (Self::FilterAlerts, Which::Under(key)) => (
                sql("select count(*) as count from filter_alert where substr(sealed, 7, 8) = $1"),
                key,
            ),
            (Self::FilterSearches, Which::NotUnder(key)) => (
                sql("select count(*) as count from filter_search where substr(sealed, 7, 8) <> $1"),
                key,
            ),
            (Self::FilterSearches, Which::Under(key)) => (
                sql("select count(*) as count from filter_search where substr(sealed, 7, 8) = $1"),
                key,
            ),
            (Self::Alerts, Which::NotUnder(key)) => (
                sql("select count(*) as count from report_alert where substr(sealed, 7, 8) <> $1"),
                key,
            ),
            (Self::Alerts, Which::Under(key)) => (
                sql("select count(*) as count from report_alert where substr(sealed, 7, 8) = $1"),
                key,
            ),
        };
        statement
            .bind(key.to_bytes().as_slice())
            .one(connection)
            .await?
            .get("count")
    }
}

/// Which of them are counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which {
    NotUnder(KeyId),
    Under(KeyId),
}

/// One turn of wrapping anew: the keys, and where the turn before ended.
pub(crate) struct Turn<'a> {
    pub(crate) keys: &'a SchoolKeys,
    pub(crate) after: &'a str,
    pub(crate) limit: i64,
}

/// What one turn did.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Where the next turn begins; none when there is nothing left.
    pub(crate) last: Option<String>,
    pub(crate) rewrapped: u64,
    /// Ids of what would not open with any key: damaged, and left as it is.
    pub(crate) refused: Vec<String>,
}

impl Batch {
    /// Notes what became of one; the new wrapping where there is one to write.
    pub(crate) fn took(
        &mut self,
        id: &str,
        rewrapped: Result<Option<Vec<u8>>, OpenRefused>,
    ) -> Option<Vec<u8>> {
        self.last = Some(id.to_owned());
        match rewrapped {
            Ok(Some(wrapped)) => {
                self.rewrapped += 1;
                Some(wrapped)
            }
            Ok(None) => None,
            Err(_) => {
                self.refused.push(id.to_owned());
                None
            }
        }
    }
}
