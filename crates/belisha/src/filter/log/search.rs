//! Looking something up in the log: only for those whose post allows it, for a reason that is kept,
//! with an entry in the journal before a line is shown.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_filter::categories;
use belisha_policy::Word as _;
use belisha_policy::sites::SiteCategory;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    Button, Column, DateInput, ErrorSummary, Frame, Html, InsetText, Label, Select, SelectOption,
    Table, TextInput, Textarea,
};
use jiff::Timestamp;
use jiff::civil::Time;
use serde::Deserialize;

use super::segment;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::settings;
use crate::home::frame;
use crate::problem::Problem;
use crate::records;
use crate::school_keys::rewrapping::{Batch, Turn};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;
use crate::web::words::{moment_at, read_date};
use crate::web::wrong::Wrong;
use belisha_filter::line::Line;

/// The kind under which a reason is sealed aside. It is kept as long as the school is.
const KIND: &str = "filter-search";
/// More lines than anybody reads.
const MOST: usize = 500;
/// As many days as one look-up may span.
const LONGEST_DAYS: i64 = 31;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    device: String,
    group: String,
    category: String,
    name: String,
    from_day: String,
    from_month: String,
    from_year: String,
    to_day: String,
    to_month: String,
    to_year: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "filter/log/search.html")]
struct SearchPage {
    frame: Frame,
    errors: ErrorSummary,
    fields: Vec<Html>,
    send: Button,
    found: Option<Found>,
}

struct Found {
    words: InsetText,
    table: Option<Table>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::SearchFilterLog, &RecordFacts::of(Kind::FilterLog))?;
    page(&viewer, &Form::default(), Wrong::default(), None)
}

pub(super) async fn post(viewer: Viewer, sent: Sent<Form>) -> Result<Response, Problem> {
    viewer.require(Action::SearchFilterLog, &RecordFacts::of(Kind::FilterLog))?;
    let form = sent.form;
    let mut wrong = Wrong::default();
    let span = span(&viewer, &form, &mut wrong);
    wrong.need(
        "reason",
        &form.reason,
        "Say why you look: what you are looking into, and on whose behalf",
    );
    let (Some((from, until)), true) = (span, wrong.is_empty()) else {
        return page(&viewer, &form, wrong, None);
    };
    let pieces = segment::between(&mut viewer.read().await?, &viewer.school, from, until).await?;
    let mut lines: Vec<Line<'_>> = segment::decisions(&pieces, from, until)
        .filter(|line| fits(line, &form))
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.at_ms));
    let mut tx = viewer.write().await?;
    let (school, now, by, id) = (
        tx.school().clone(),
        tx.now(),
        tx.actor().key(),
        tx.school().new_row_id(),
    );
    tx.run_one(
        sql("insert into filter_search (id, made_at, made_by, found, sealed) values ($1, $2, $3, $4, $5)")
            .bind(&id)
            .bind(now)
            .bind(by)
            .bind(lines.len() as i64)
            .bind(records::seal_aside(&school, KIND, &id, form.reason.trim().as_bytes())),
    )
    .await?;
    let days = (until.duration_since(from).as_hours() + 12) / 24;
    let entry = Entry::of(
        EntryKind::FilterLogSearched,
        Object::new("filter-search", &id),
    )
    .fact("found", lines.len())
    .fact("days", days)
    .fact("by-device", !form.device.trim().is_empty());
    // Before a line is shown.
    tx.commit(entry).await?;
    let found = found(&viewer, &lines);
    page(&viewer, &form, Wrong::default(), Some(found))
}

fn fits(line: &Line<'_>, form: &Form) -> bool {
    let typed = |text: &str| text.trim().to_lowercase();
    let (device, name) = (typed(&form.device), typed(&form.name));
    (device.is_empty() || line.device == device)
        && (form.group.is_empty() || line.group == form.group)
        && (form.category.is_empty() || line.category == form.category)
        && (name.is_empty() || line.name.contains(&name))
}

/// From the beginning of one day to the end of another.
fn span(viewer: &Viewer, form: &Form, wrong: &mut Wrong) -> Option<(Timestamp, Timestamp)> {
    let from = read_date(&form.from_day, &form.from_month, &form.from_year);
    let to = read_date(&form.to_day, &form.to_month, &form.to_year);
    if from.is_none() {
        wrong.say("from-day", "Enter the first day, such as 21 9 2026");
    }
    if to.is_none() {
        wrong.say("to-day", "Enter the last day, such as 23 9 2026");
    }
    let (from, to) = (from?, to?);
    let days = from.until(to).map_or(-1, |span| i64::from(span.get_days()));
    if !(0..LONGEST_DAYS).contains(&days) {
        wrong.say(
            "to-day",
            format!("Enter a day from the first on, at most {LONGEST_DAYS} days in all"),
        );
        return None;
    }
    let start = |day| viewer.school.instant(day, Time::midnight());
    Some((start(from)?, start(to.tomorrow().ok()?)?))
}

fn found(viewer: &Viewer, lines: &[Line<'_>]) -> Found {
    let words = match lines.len() {
        0 => "Nothing in the log fits. What the policy never logs is not in it.".to_owned(),
        count if count > MOST => {
            format!(
                "{count} lines fit; the newest {MOST} are shown. Narrow the search to see others."
            )
        }
        1 => "One line fits.".to_owned(),
        count => format!("{count} lines fit."),
    };
    let rows: Vec<Vec<Html>> = lines
        .iter()
        .take(MOST)
        .map(|line| {
            let at = Timestamp::from_millisecond(line.at_ms).unwrap_or_default();
            vec![
                moment_at(&viewer.school, at).into(),
                line.device.into(),
                line.group.into(),
                line.name.into(),
                line.outcome().into(),
                categories::title(line.category).into(),
            ]
        })
        .collect();
    let columns = ["When", "Device", "Group", "Name", "Was", "Kind of site"].map(Column::new);
    Found {
        words: InsetText::new(words),
        table: (!rows.is_empty()).then(|| Table::new("What the log holds", columns.to_vec(), rows)),
    }
}

fn page(
    viewer: &Viewer,
    form: &Form,
    wrong: Wrong,
    found: Option<Found>,
) -> Result<Response, Problem> {
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut frame = frame::of(viewer);
    frame.has_errors = !wrong.is_empty();
    let page = SearchPage {
        frame,
        fields: fields(viewer, form, &wrong),
        errors: ErrorSummary::new(wrong.into_errors()),
        send: Button::submit("Look it up"),
        found,
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

fn fields(viewer: &Viewer, form: &Form, wrong: &Wrong) -> Vec<Html> {
    let line = |name: &str, label: &str, hint: &str, value: &str| {
        Html::of(&TextInput {
            value: value.to_owned(),
            hint: Some(hint.to_owned()),
            error: wrong.at(name),
            spellcheck: Some(false),
            ..TextInput::new(name, Label::medium(label))
        })
    };
    let all = || SelectOption::new("", "All");
    let groups = std::iter::once(all())
        .chain(
            settings::groups(&viewer.policy.policy)
                .into_iter()
                .map(|group| SelectOption::new(group.clone(), group)),
        )
        .collect();
    let kinds =
        std::iter::once(all())
            .chain(SiteCategory::all().map(|category| {
                SelectOption::new(category.key(), categories::title(category.key()))
            }))
            .collect();
    let day = |name: &str, label: &str, [day, month, year]: [&String; 3]| {
        Html::of(&DateInput {
            day: day.clone(),
            month: month.clone(),
            year: year.clone(),
            error: wrong.at(&format!("{name}-day")),
            ..DateInput::new(name, Label::medium(label))
        })
    };
    vec![
        Html::of(&Textarea {
            value: form.reason.clone(),
            rows: 2,
            hint: Some("It is kept with your name and the time.".into()),
            error: wrong.at("reason"),
            ..Textarea::new("reason", Label::medium("Why do you look?"))
        }),
        day(
            "from",
            "From which day?",
            [&form.from_day, &form.from_month, &form.from_year],
        ),
        day(
            "to",
            "Until which day?",
            [&form.to_day, &form.to_month, &form.to_year],
        ),
        line(
            "device",
            "Which device?",
            "Its address on the network. Left empty, all.",
            &form.device,
        ),
        Html::of(&Select {
            chosen: Some(form.group.clone()),
            ..Select::new("group", Label::medium("Which group?"), groups)
        }),
        Html::of(&Select {
            chosen: Some(form.category.clone()),
            ..Select::new("category", Label::medium("Which kind of site?"), kinds)
        }),
        line(
            "name",
            "Which name?",
            "Or a part of it. Left empty, all.",
            &form.name,
        ),
    ]
}

/// Wraps the keys of the next reasons anew, under the school's current key.
pub(crate) async fn rewrap(tx: &mut Tx, turn: &Turn<'_>) -> Result<Batch, Problem> {
    let school = tx.school().clone();
    let rows = sql("select id, sealed from filter_search
         where substr(sealed, 7, 8) <> $1 and id > $2 order by id limit $3")
    .bind(turn.keys.current_id().to_bytes().as_slice())
    .bind(turn.after)
    .bind(turn.limit)
    .all(tx)
    .await?;
    let mut batch = Batch::default();
    for row in rows {
        let (id, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed")?);
        let anew = records::rewrap_aside(&school, turn.keys, KIND, &id, &sealed);
        if let Some(anew) = batch.took(&id, anew) {
            tx.run_one(
                sql("update filter_search set sealed = $3 where id = $1 and sealed = $2")
                    .bind(&id)
                    .bind(sealed)
                    .bind(anew),
            )
            .await?;
        }
    }
    Ok(batch)
}
