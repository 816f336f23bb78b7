//! Taking the resolver's files in: each line once, into a sealed piece and into numbers; a file that
//! is whole and taken is removed. What the policy never logs is counted and not kept.

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use belisha_policy::Word as _;
use belisha_policy::controls::filter_log;
use jiff::{SignedDuration, Timestamp};

use super::{alerting, segment};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::lists::{self, Judge};
use crate::filter::{base_group, settings};
use crate::jobs::{Again, Duty, Weight, or_next_time};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::upkeep::{Upkeep, keep};
use belisha_filter::line::{self, Line, Said};

const NAME: &str = "filter-log";
/// At most so much of a file in one act.
const PIECE: u64 = 4 << 20;
const HOUR_MS: i64 = 3_600_000;
/// What came another way than by a file is looked at too.
const JUST_NOW: SignedDuration = SignedDuration::from_mins(5);

/// Finished turns of this duty are of no interest for longer.
const TURNS_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A device that nobody heard of for so long has left.
const DEVICES_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

pub(crate) static TAKE_LOG: Duty = Duty {
    key: NAME,
    says: "Takes the log of the filter in, looks for what is unusual, and deletes what is older than the policy keeps.",
    again: Again::Every(SignedDuration::from_mins(2)),
    weight: Weight::Light,
    run: |school, _| Box::pin(async move { take(&school).await }),
};

pub(in crate::filter) async fn take(school: &Arc<School>) -> Result<(), Fault> {
    or_next_time(done(school).await)
}

async fn done(school: &Arc<School>) -> Result<(), Problem> {
    let forgotten = Upkeep::TurnsForgotten {
        kind: NAME,
        before: school.clock.now() - TURNS_KEPT,
    };
    keep(&school.database, forgotten).await?;
    let devices = Upkeep::DevicesForgotten {
        before: school.clock.now() - DEVICES_KEPT,
    };
    keep(&school.database, devices).await?;
    let judge = lists::judge(&mut school.database.read().await?, school).await?;
    let mut took = false;
    for file in files(&settings::folder(school).join("log")) {
        while take_piece(school, &judge, &file).await? {
            took = true;
        }
    }
    forget(school).await?;
    let took = took || segment::came_since(school, school.clock.now() - JUST_NOW).await?;
    alerting::look(school, took).await
}

/// The resolver's files, oldest first: they are named by hour and number.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "log"))
        .collect();
    files.sort();
    files
}

/// What a piece of a file came to.
#[derive(Default)]
struct Piece {
    kept: String,
    lines: i64,
    from_ms: Option<i64>,
    until_ms: i64,
    tallies: BTreeMap<(String, String, String, String), i64>,
    lost: u64,
}

/// What was taken of a text.
pub(in crate::filter) struct Taken {
    pub(in crate::filter) lines: i64,
    pub(in crate::filter) lost: u64,
}

/// Takes whole lines in, wherever they come from: kept, counted, and a gap in them told.
pub(in crate::filter) async fn take_text(
    tx: &mut Tx,
    judge: &Judge,
    text: &str,
) -> Result<Taken, Problem> {
    let school = tx.school().clone();
    let never: Vec<&str> = school
        .in_force(tx)
        .await?
        .policy
        .get(&filter_log::NEVER)
        .into_iter()
        .map(|category| category.key())
        .collect();
    let piece = sorted(&school, judge, &never, text);
    if piece.lines > 0 {
        let span = (piece.from_ms.unwrap_or_default(), piece.until_ms);
        segment::keep(tx, &piece.kept, piece.lines, span).await?;
    }
    count(tx, &piece).await?;
    if piece.lost > 0 {
        alerting::gap(tx, piece.lost, piece.until_ms).await?;
    }
    Ok(Taken {
        lines: piece.lines,
        lost: piece.lost,
    })
}

impl Piece {
    /// Counts a line, and keeps it unless it is private.
    fn take(&mut self, line: &Line<'_>, day: String, private: bool) {
        let tally = (
            day,
            line.group.to_owned(),
            line.outcome().to_owned(),
            line.category.to_owned(),
        );
        *self.tallies.entry(tally).or_default() += 1;
        if !private {
            self.kept.push_str(&line.written());
            self.kept.push('\n');
            self.lines += 1;
            self.from_ms = Some(self.from_ms.map_or(line.at_ms, |from| from.min(line.at_ms)));
            self.until_ms = self.until_ms.max(line.at_ms);
        }
    }
}

/// Keeps lines that came another way than by the resolver's files, in the act of whoever brings them.
pub(in crate::filter) async fn keep_lines(tx: &mut Tx, lines: &[Line<'_>]) -> Result<(), Problem> {
    let zone = tx.school().settings().time_zone.clone();
    let mut piece = Piece::default();
    for line in lines {
        let at = Timestamp::from_millisecond(line.at_ms).unwrap_or_default();
        piece.take(line, at.to_zoned(zone.clone()).date().to_string(), false);
    }
    let span = (piece.from_ms.unwrap_or_default(), piece.until_ms);
    segment::keep(tx, &piece.kept, piece.lines, span).await?;
    count(tx, &piece).await
}

/// Takes the next piece of one file; whether there was one.
async fn take_piece(school: &Arc<School>, judge: &Judge, file: &Path) -> Result<bool, Problem> {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
        return Ok(false);
    };
    let mut tx = school.write(Actor::School(NAME)).await?;
    let taken = sql("select taken from filter_log_file where name = $1")
        .bind(name)
        .optional(&mut tx)
        .await?
        .map(|row| row.get::<i64>("taken"))
        .transpose()?
        .unwrap_or_default();
    let text = read_from(file, taken)
        .map_err(|error| Fault::at("reading the log of the filter".into(), error))?;
    // The last line may still be on its way.
    let Some(end) = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map(|at| at + 1)
    else {
        drop(tx);
        return remove_if_over(school, file, name, taken)
            .await
            .map(|()| false);
    };
    let whole = String::from_utf8_lossy(&text[..end]);
    let piece = take_text(&mut tx, judge, &whole).await?;
    let now_taken = taken + end as i64;
    tx.run(
        sql("insert into filter_log_file (name, taken) values ($1, $2)
             on conflict (name) do update set taken = excluded.taken")
        .bind(name)
        .bind(now_taken),
    )
    .await?;
    let entry = Entry::of(EntryKind::FilterLogTaken, Object::new("filter", "log"))
        .fact("lines", piece.lines)
        .fact("lost", piece.lost);
    tx.commit(entry).await?;
    Ok(true)
}

fn read_from(file: &Path, from: i64) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(file)?;
    file.seek(SeekFrom::Start(from.unsigned_abs()))?;
    let mut text = Vec::new();
    file.take(PIECE).read_to_end(&mut text)?;
    Ok(text)
}

/// Parts what is kept from what is only counted.
fn sorted(school: &School, judge: &Judge, never: &[&str], text: &str) -> Piece {
    let zone = school.settings().time_zone.clone();
    let mut piece = Piece::default();
    for line in text.lines().filter_map(line::read) {
        match line {
            Said::Gap { at_ms, lost } => {
                piece.lost += lost;
                piece.until_ms = piece.until_ms.max(at_ms);
            }
            Said::Decision(mut line) => {
                // What is opened for one class does not part its numbers from its group’s.
                line.group = base_group(line.group);
                let Ok(at) = Timestamp::from_millisecond(line.at_ms) else {
                    continue;
                };
                let day = at.to_zoned(zone.clone()).date().to_string();
                let private = is_private(judge, never, &line);
                piece.take(&line, day, private);
            }
        }
    }
    piece
}

/// What people do at their bank, and at whatever else the policy names, is theirs.
fn is_private(judge: &Judge, never: &[&str], line: &Line<'_>) -> bool {
    !line.is_blocked()
        && !never.is_empty()
        && judge
            .categories(line.name)
            .iter()
            .any(|category| never.contains(&category.as_str()))
}

async fn count(tx: &mut Tx, piece: &Piece) -> Result<(), Problem> {
    for ((day, group, outcome, category), times) in &piece.tallies {
        tx.run(
            sql(
                "insert into filter_tally (on_day, for_group, outcome, category, times)
                 values ($1, $2, $3, $4, $5)
                 on conflict (on_day, for_group, outcome, category)
                 do update set times = filter_tally.times + excluded.times",
            )
            .bind(day)
            .bind(group)
            .bind(outcome)
            .bind(category)
            .bind(*times),
        )
        .await?;
    }
    Ok(())
}

/// Removes a file to which the resolver writes no more, once all of it is taken.
async fn remove_if_over(
    school: &Arc<School>,
    file: &Path,
    name: &str,
    taken: i64,
) -> Result<(), Problem> {
    let hour: i64 = name
        .split('-')
        .next()
        .and_then(|hour| hour.parse().ok())
        .unwrap_or_default();
    let over = (hour + 2) * HOUR_MS < school.clock.now().as_millisecond();
    let length = std::fs::metadata(file).map_or(0, |found| found.len());
    // A torn last line is never going to be whole.
    let whole = length <= taken.unsigned_abs() || over;
    if !over || !whole {
        return Ok(());
    }
    std::fs::remove_file(file)
        .map_err(|error| Fault::at("removing a file of the filter’s log".into(), error))?;
    let mut tx = school.write(Actor::School(NAME)).await?;
    if tx
        .run(sql("delete from filter_log_file where name = $1").bind(name))
        .await?
        > 0
    {
        let entry = Entry::of(EntryKind::FilterLogTaken, Object::new("filter", "log"))
            .fact("file-removed", hour);
        tx.commit(entry).await?;
    }
    Ok(())
}

/// Deletes what is older than the policy keeps.
async fn forget(school: &Arc<School>) -> Result<(), Problem> {
    let mut tx = school.write(Actor::School(NAME)).await?;
    let kept = school
        .in_force(&mut tx)
        .await?
        .policy
        .get(&filter_log::KEPT);
    let before = tx.now() - SignedDuration::from_hours(24 * i64::from(kept.0));
    let gone = tx
        .run(sql("delete from filter_log_segment where until_at < $1").bind(before))
        .await?;
    let alerts = tx
        .run(
            sql("delete from filter_alert where handled_at is not null and made_at < $1")
                .bind(before),
        )
        .await?;
    if gone + alerts > 0 {
        let entry = Entry::of(EntryKind::FilterLogForgotten, Object::new("filter", "log"))
            .fact("pieces", gone)
            .fact("alerts", alerts);
        tx.commit(entry).await?;
    }
    Ok(())
}
