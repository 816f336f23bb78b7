//! Nodes in the records.

use axum::http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::db::{Connection, Row, sql};
use crate::problem::Fault;

/// A node that is invited or at work.
pub(super) struct Node {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) invited_at: Timestamp,
    pub(super) code_until: Timestamp,
    pub(super) enrolled_at: Option<Timestamp>,
    pub(super) seen_at: Option<Timestamp>,
    /// The snapshot that it follows, as it said.
    pub(super) snapshot: String,
}

/// What stands in the records in place of a code or a token.
pub(super) fn hash_of(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// All that are not ended, by name.
pub(super) async fn all(connection: &mut Connection) -> Result<Vec<Node>, Fault> {
    sql(
        "select id, name, invited_at, code_until, enrolled_at, seen_at, snapshot
         from filter_node where ended_at is null order by name_key, id",
    )
    .all(connection)
    .await?
    .iter()
    .map(node)
    .collect()
}

pub(super) async fn find(connection: &mut Connection, id: &str) -> Result<Option<Node>, Fault> {
    sql(
        "select id, name, invited_at, code_until, enrolled_at, seen_at, snapshot
         from filter_node where id = $1 and ended_at is null",
    )
    .bind(id)
    .optional(connection)
    .await?
    .as_ref()
    .map(node)
    .transpose()
}

fn node(row: &Row) -> Result<Node, Fault> {
    Ok(Node {
        id: row.get("id")?,
        name: row.get("name")?,
        invited_at: row.instant("invited_at")?,
        code_until: row.instant("code_until")?,
        enrolled_at: row.instant_optional("enrolled_at")?,
        seen_at: row.instant_optional("seen_at")?,
        snapshot: row.get("snapshot")?,
    })
}

/// The node whose token a request carries.
pub(super) async fn of_request(
    connection: &mut Connection,
    headers: &HeaderMap,
) -> Result<Option<Node>, Fault> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let Some(token) = token else { return Ok(None) };
    sql(
        "select id, name, invited_at, code_until, enrolled_at, seen_at, snapshot
         from filter_node where token_hash = $1 and ended_at is null",
    )
    .bind(hash_of(token))
    .optional(connection)
    .await?
    .as_ref()
    .map(node)
    .transpose()
}

/// The nodes that should have asked and have not, each with when it last did.
pub(in crate::filter) async fn silent(
    connection: &mut Connection,
    longest: SignedDuration,
    now: Timestamp,
) -> Result<Vec<(String, Timestamp)>, Fault> {
    let silent = all(connection).await?.into_iter().filter_map(|node| {
        let last = node.seen_at.or(node.enrolled_at)?;
        (now.duration_since(last) > longest).then_some((node.name, last))
    });
    Ok(silent.collect())
}

/// The node that may be enrolled with a code.
pub(super) async fn of_code(
    connection: &mut Connection,
    code_hash: &[u8],
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    sql("select id from filter_node
         where code_hash = $1 and code_until > $2 and ended_at is null")
    .bind(code_hash)
    .bind(now)
    .optional(connection)
    .await?
    .map(|row| row.get("id"))
    .transpose()
}
