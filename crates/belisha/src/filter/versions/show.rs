//! One list: its versions, what is odd in the newest, what another version would do to last week's traffic,
//! and what can be decided.

use askama::Template;
use axum::response::Response;
use belisha_filter::categories;
use belisha_rules::access::{Action, Kind as RecordKind, RecordFacts};
use belisha_ui::{BackLink, Button, ButtonStyle, Column, Frame, Html, InsetText, Table};
use jiff::Timestamp;

use super::deciding::{self, Back, Refuse, Take, Verb};
use super::preview::{self, Effect};
use super::stored::{self, Found};
use super::{list, slug};
use crate::clock::random;
use crate::filter::{devices, lists};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::moment_at;
use crate::web::wrong::Wrong;

pub(super) fn url(name: &str) -> String {
    format!("{}/{}", list::url(), slug(name).replace('+', "%2B"))
}

/// A version that could be in use instead, with what it would do.
struct Other {
    heading: &'static str,
    effect: Html,
    form: Option<DecisionForm>,
}

struct DecisionForm {
    submission: String,
    reason: Html,
    version: Html,
    buttons: Vec<Button>,
}

#[derive(Template)]
#[template(path = "filter/versions/show.html")]
struct ShowPage {
    frame: Frame,
    back: BackLink,
    name: String,
    about: String,
    held: Option<InsetText>,
    decided: Option<String>,
    faults: Vec<String>,
    fault_count: u64,
    others: Vec<Other>,
    versions: Table,
}

pub(super) async fn get(viewer: Viewer, Path(list): Path<String>) -> Result<Response, Problem> {
    viewer.require(Action::ReadFilter, &RecordFacts::of(RecordKind::Filter))?;
    let found = stored::find(&viewer.school, &list)?;
    let mut records = viewer.read().await?;
    let decided = stored::decisions(&mut records)
        .await?
        .into_iter()
        .find(|decision| decision.list == found.standing.name)
        .map(|decision| {
            format!(
                "Decided on {}: {}",
                moment_at(&viewer.school, decision.made_at),
                decision.reason
            )
        });
    let judge = lists::judge(&mut records, &viewer.school).await?;
    let asked = crate::filter::log::asked_last_week(&mut records, &viewer).await?;
    drop(records);
    let waiting = found.waiting().map(str::to_owned);
    let before = found.before().map(|kept| kept.digest.clone());
    let wanted: Vec<String> = waiting.iter().chain(&before).cloned().collect();
    let (found, effects) = preview::of(
        found,
        judge,
        asked,
        wanted,
        (viewer.now, random(&*viewer.school.chance)),
    )
    .await?;
    let manages = devices::manages(&viewer);
    let mut others = Vec::new();
    for (version, effect) in &effects {
        let is_waiting = Some(version) == waiting.as_ref();
        let form = manages.then(|| form(&viewer, &found, version, is_waiting));
        others.push(Other {
            heading: if is_waiting {
                "What the newer version would do"
            } else {
                "What the version before would do"
            },
            effect: shown(&viewer, effect.as_ref()),
            form,
        });
    }
    let standing = &found.standing;
    crate::web::page(&ShowPage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url()),
        about: format!(
            "{}, {} entries in use.",
            categories::title(&standing.category),
            standing.entries
        ),
        held: standing
            .held
            .as_ref()
            .map(|why| InsetText::new(format!("An earlier version is in use: {why}."))),
        decided,
        faults: standing.first_faults.clone(),
        fault_count: standing.faults,
        others,
        versions: versions(&viewer, &found),
        name: standing.name.clone(),
    })
}

/// Why, and the buttons of what can be decided about a version.
fn form(viewer: &Viewer, found: &Found, version: &str, is_waiting: bool) -> DecisionForm {
    let name = &found.standing.name;
    let button = |text: &str, action: String, style| Button {
        style,
        form_action: Some(action),
        ..Button::submit(text)
    };
    let buttons = if is_waiting {
        vec![
            button(
                Take::BUTTON,
                deciding::url::<Take>(name),
                ButtonStyle::Primary,
            ),
            button(
                Refuse::BUTTON,
                deciding::url::<Refuse>(name),
                ButtonStyle::Secondary,
            ),
        ]
    } else {
        vec![button(
            Back::BUTTON,
            deciding::url::<Back>(name),
            ButtonStyle::Warning,
        )]
    };
    DecisionForm {
        submission: viewer.school.new_row_id(),
        reason: deciding::reason(
            if is_waiting { "reason" } else { "reason-back" },
            "",
            &Wrong::default(),
        ),
        version: deciding::hidden(version),
        buttons,
    }
}

fn shown(viewer: &Viewer, effect: Option<&Effect>) -> Html {
    let Some(effect) = effect else {
        return Html::paragraphs("It cannot be read, so nothing can be said of it.");
    };
    let mut parts = vec![Html::paragraphs(&effect.in_words())];
    let may_see = viewer
        .may(
            Action::SearchFilterLog,
            &RecordFacts::of(RecordKind::FilterLog),
        )
        .is_allowed();
    let rows: Vec<Vec<Html>> = effect
        .names(may_see)
        .map(|changed| {
            vec![
                changed.name.clone().into(),
                changed.group.clone().into(),
                changed.would.into(),
                changed.times.to_string().into(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let columns = vec![
            Column::new("Site"),
            Column::new("Group"),
            Column::new("Would be"),
            Column::numeric("Times asked"),
        ];
        parts.push(Html::of(&Table::new("Sites most asked for", columns, rows)));
    }
    Html::join(&parts)
}

fn versions(viewer: &Viewer, found: &Found) -> Table {
    let rows = found
        .kept
        .iter()
        .map(|kept| {
            let taken = Timestamp::from_second(kept.taken_at).ok();
            vec![
                taken
                    .filter(|_| kept.taken_at > 0)
                    .map_or_else(
                        || "not known".to_owned(),
                        |at| moment_at(&viewer.school, at),
                    )
                    .into(),
                kept.entries.to_string().into(),
                if kept.digest == found.standing.in_use {
                    "in use"
                } else {
                    "kept"
                }
                .into(),
            ]
        })
        .collect();
    let columns = vec![
        Column::new("First in use"),
        Column::numeric("Entries"),
        Column::new("Now"),
    ];
    Table::new("Versions that are kept", columns, rows)
}
