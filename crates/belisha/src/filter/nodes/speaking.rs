//! What a node and the server say to each other. A node knows no page, so each answer is short: what it asked
//! for, or a number.

use std::collections::HashMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use belisha_filter::node::{
    File, INDEX, LogReceived, Manifest, POLICY, REGISTER, digest_of, public_key, sign,
};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt as _;

use super::stored::{self, Node};
use crate::actor::Actor;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::log::take_text;
use crate::filter::settings;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::upkeep::{Upkeep, keep};
use crate::viewer::Here;
use crate::web::path;

pub(super) const NAME: &str = "filter-node";

/// Whoever has no token, or one that opens nothing any longer.
pub(super) fn unknown() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

#[derive(Deserialize)]
pub(super) struct Code {
    code: String,
}

#[derive(Serialize)]
struct Enrolled {
    school: String,
    node: String,
    token: String,
    key: String,
}

/// A code becomes a token, once.
pub(super) async fn enrol(
    here: Here,
    axum::Form(given): axum::Form<Code>,
) -> Result<Response, Problem> {
    let code = stored::hash_of(given.code.trim());
    // Whoever guesses keeps nobody from writing.
    let now = here.school.clock.now();
    if stored::of_code(&mut here.school.database.read().await?, &code, now)
        .await?
        .is_none()
    {
        return Ok(unknown());
    }
    let mut tx = here.school.write(Actor::School(NAME)).await?;
    let now = tx.now();
    let Some(node) = stored::of_code(&mut tx, &code, now).await? else {
        return Ok(unknown());
    };
    let token = data_encoding::HEXLOWER.encode(&tx.random::<32>());
    tx.run_one(
        sql(
            "update filter_node set code_hash = null, token_hash = $2, enrolled_at = $3
             where id = $1 and code_hash is not null",
        )
        .bind(&node)
        .bind(stored::hash_of(&token))
        .bind(now),
    )
    .await?;
    let object = Object::new("filter-node", &node);
    tx.commit(Entry::of(EntryKind::FilterNodeEnrolled, object))
        .await?;
    Ok(Json(Enrolled {
        school: here.school.settings().id.clone(),
        node,
        token,
        key: public_key(&here.school.key_file.journal_seed().filter_snapshots()),
    })
    .into_response())
}

pub(super) async fn node(here: &Here, headers: &HeaderMap) -> Result<Option<Node>, Problem> {
    Ok(stored::of_request(&mut here.school.database.read().await?, headers).await?)
}

/// What is newest, signed; nothing where the node has it already.
pub(super) async fn snapshot(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(node) = node(&here, &headers).await? else {
        return Ok(unknown());
    };
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let now = here.school.clock.now();
    let seen = Upkeep::FilterNodeSeen {
        node: &node.id,
        snapshot: known,
        at: now,
    };
    keep(&here.school.database, seen).await?;
    let files = files(&here.school).await?;
    let etag = etag(&files);
    let etag_header = [(header::ETAG, etag.clone())];
    if known == etag {
        return Ok((StatusCode::NOT_MODIFIED, etag_header).into_response());
    }
    let manifest = Manifest {
        school: here.school.settings().id.clone(),
        serial: now.as_millisecond(),
        files: files.into_iter().map(|(file, _)| file).collect(),
    };
    let seed = here.school.key_file.journal_seed().filter_snapshots();
    Ok((etag_header, sign(&manifest, &seed)).into_response())
}

/// What tells the newest snapshot from others; none where there is nothing to follow.
pub(super) async fn newest(school: &School) -> Option<String> {
    files(school).await.ok().map(|files| etag(&files))
}

fn etag(files: &[(File, PathBuf)]) -> String {
    let names: Vec<String> = files
        .iter()
        .map(|(file, _)| format!("{} {}", file.name, file.digest))
        .collect();
    let hash = belisha_journal::Hash::of_payload(names.join("\n").as_bytes()).to_string();
    format!("\"{}\"", hash.get(..32).unwrap_or(&hash))
}

/// One file of the newest snapshot, by its digest.
pub(super) async fn file(
    here: Here,
    headers: HeaderMap,
    path::Path(digest): path::Path<String>,
) -> Result<Response, Problem> {
    if node(&here, &headers).await?.is_none() {
        return Ok(unknown());
    }
    let files = files(&here.school).await?;
    let Some((file, place)) = files.into_iter().find(|(file, _)| file.digest == digest) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let opened = tokio::fs::File::open(place)
        .await
        .map_err(|error| Fault::at("giving a node a file".into(), error))?;
    let body = Body::from_stream(stream::unfold(opened, async |mut opened| {
        let mut piece = vec![0; 1 << 16];
        match opened.read(&mut piece).await {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(Bytes::from(piece)), opened))
            }
            Err(error) => Some((Err(error), opened)),
        }
    }));
    Ok(([(header::CONTENT_LENGTH, file.bytes)], body).into_response())
}

/// What a node follows, as it lies in the filter's folder.
async fn files(school: &School) -> Result<Vec<(File, PathBuf)>, Problem> {
    let folder = settings::folder(school);
    let register = folder.join(REGISTER);
    let work = move || {
        [INDEX, POLICY, REGISTER]
            .into_iter()
            .map(|name| {
                let place = folder.join(name);
                let (digest, bytes) = digest(&place)?;
                let name = name.to_owned();
                Ok((
                    File {
                        name,
                        digest,
                        bytes,
                    },
                    place,
                ))
            })
            .collect::<std::io::Result<Vec<_>>>()
    };
    // A school that has written no device down has no register, and its nodes need one all the same.
    if !register.exists() {
        settings::write(&register, "")?;
    }
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Fault::at("looking at what nodes follow".into(), error))?
        .map_err(|_| {
            Problem::refused(
                "There is nothing to follow yet",
                "The lists are not compiled, or the policy is not in force.",
            )
        })
}

type Seen = (u64, u64, i64, i64);

/// Digests of files that have not changed since; an index is large.
static DIGESTS: Mutex<Option<HashMap<PathBuf, (Seen, String)>>> = Mutex::new(None);

fn digest(path: &Path) -> std::io::Result<(String, u64)> {
    let about = std::fs::metadata(path)?;
    let seen = (about.ino(), about.len(), about.mtime(), about.mtime_nsec());
    let lock = || DIGESTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((before, digest)) = lock().get_or_insert_default().get(path)
        && *before == seen
    {
        return Ok((digest.clone(), about.len()));
    }
    let digest = digest_of(path)?;
    lock()
        .get_or_insert_default()
        .insert(path.to_owned(), (seen, digest.clone()));
    Ok((digest, about.len()))
}

#[derive(Deserialize)]
pub(super) struct Piece {
    file: String,
    from: u64,
}

/// A piece of a node's log. What was received before is not taken twice, and what would leave a hole is not
/// taken at all; the answer says how far the file is.
pub(super) async fn log(
    here: Here,
    headers: HeaderMap,
    Query(piece): Query<Piece>,
    body: Bytes,
) -> Result<Response, Problem> {
    let Some(node) = node(&here, &headers).await? else {
        return Ok(unknown());
    };
    if !is_name(&piece.file) {
        return Ok(StatusCode::BAD_REQUEST.into_response());
    }
    // A question with nothing in it is cheap: a node asks it of each file at each turn.
    let received = received(&mut here.school.database.read().await?, &node, &piece).await?;
    if !body.contains(&b'\n') || piece.from > received {
        return Ok(Json(LogReceived { received }).into_response());
    }
    let judge = crate::filter::judge(&mut here.school.database.read().await?, &here.school).await?;
    let mut tx = here.school.write(Actor::School(NAME)).await?;
    let received = self::received(&mut tx, &node, &piece).await?;
    let known = received.saturating_sub(piece.from);
    let new = usize::try_from(known)
        .ok()
        .and_then(|known| body.get(known..));
    let whole = new.unwrap_or_default();
    // Whole lines alone: the rest comes again.
    let end = whole
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map(|at| at + 1);
    let (Some(end), true) = (end, piece.from <= received) else {
        drop(tx);
        return Ok(Json(LogReceived { received }).into_response());
    };
    let text = String::from_utf8_lossy(&whole[..end]).into_owned();
    let taken = take_text(&mut tx, &judge, &text).await?;
    let now = received + end as u64;
    tx.run(
        sql(
            "insert into filter_node_file (node, name, received) values ($1, $2, $3)
             on conflict (node, name) do update set received = excluded.received",
        )
        .bind(&node.id)
        .bind(&piece.file)
        .bind(i64::try_from(now).unwrap_or(i64::MAX)),
    )
    .await?;
    let entry = Entry::of(
        EntryKind::FilterLogTaken,
        Object::new("filter-node", &node.id),
    )
    .fact("lines", taken.lines)
    .fact("lost", taken.lost);
    tx.commit(entry).await?;
    Ok(Json(LogReceived { received: now }).into_response())
}

/// How far a file is taken.
async fn received(connection: &mut Connection, node: &Node, piece: &Piece) -> Result<u64, Fault> {
    let row = sql("select received from filter_node_file where node = $1 and name = $2")
        .bind(&node.id)
        .bind(&piece.file)
        .optional(connection)
        .await?;
    let received = row.map(|row| row.get::<i64>("received")).transpose()?;
    Ok(received.unwrap_or_default().unsigned_abs())
}

/// `HOUR-NUMBER.log`, as the resolver names its files.
fn is_name(name: &str) -> bool {
    let digits = |text: &str| {
        !text.is_empty() && text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    name.strip_suffix(".log")
        .and_then(|name| name.split_once('-'))
        .is_some_and(|(hour, number)| digits(hour) && digits(number))
}
