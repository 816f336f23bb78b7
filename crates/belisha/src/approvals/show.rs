//! One request: what is asked, what it changes, where it stands, and everything that happened to it.

use askama::Template;
use axum::response::Response;
use belisha_filter::verdict::Outcome;
use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::approvals::{self, Event, State};
use belisha_rules::ids::ApprovalId;
use belisha_ui::{
    Button, ButtonStyle, Column, Frame, Html, SummaryList, SummaryRow, Table, Tag, TagColour,
    Timeline, TimelineItem,
};

use super::queries::{self, Found, Step};
use super::{application, decision, list, review, rollback, withdrawal};
use crate::db::Connection;
use crate::filter::{self, NewEntry, Stored};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::{capital, element, moment_at};

/// The page of a request.
pub(crate) fn url(id: ApprovalId) -> String {
    format!("/approvals/{id}")
}

/// A press that leads on, or does something at once.
struct Press {
    action: String,
    submission: String,
    button: Button,
}

#[derive(Template)]
#[template(path = "approvals/show.html")]
struct ShowPage {
    frame: Frame,
    back: belisha_ui::BackLink,
    number: i64,
    kind: &'static str,
    title: String,
    state: Tag,
    facts: SummaryList,
    preview: Option<Html>,
    preview_heading: &'static str,
    links: Vec<Button>,
    presses: Vec<Press>,
    timeline: Timeline,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<ApprovalId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let found = queries::load(&mut records, &viewer, id).await?;
    let preview = preview(&mut records, &viewer, &found).await?;
    drop(records);
    let mut rows = found.asked_for.rows();
    rows.extend(who_and_when(&viewer, &found));
    // The newest first.
    let mut items: Vec<TimelineItem> = found.steps.iter().map(|step| item(&viewer, step)).collect();
    items.reverse();
    items.push(asked(&viewer, &found));
    crate::web::page(&ShowPage {
        frame: frame::of(&viewer),
        back: belisha_ui::BackLink::to(list::url()),
        number: found.number,
        kind: found.asked_for.kind.name,
        title: found.asked_for.title(),
        state: tag(found.approval.state),
        facts: SummaryList::new(rows),
        preview,
        preview_heading: if found.approval.state.waits() || found.approval.state == State::Agreed {
            "What it would do"
        } else {
            "Before and now"
        },
        links: links(&viewer, &found),
        presses: presses(&viewer, &found),
        timeline: Timeline::new(items),
    })
}

/// Who asked, why, and for when.
pub(super) fn who_and_when(viewer: &Viewer, found: &Found) -> Vec<SummaryRow> {
    let mut rows = vec![
        SummaryRow::new(found.asked_for.kind.why, Html::paragraphs(&found.reason)),
        SummaryRow::new("Asked by", found.asker.clone()),
    ];
    if let Some(starts_at) = found.approval.starts_at {
        rows.push(SummaryRow::new(
            "Begins",
            moment_at(&viewer.school, starts_at),
        ));
    }
    rows.push(SummaryRow::new(
        "Ends",
        found.approval.ends_at.map_or_else(
            || "When somebody changes it".to_owned(),
            |ends_at| moment_at(&viewer.school, ends_at),
        ),
    ));
    rows
}

/// Where it stands, in colour.
pub(super) fn tag(state: State) -> Tag {
    let colour = match state {
        State::Requested | State::Previewed | State::RiskNoted | State::PartAgreed => {
            TagColour::Amber
        }
        State::Agreed | State::Applied | State::Tested => TagColour::Plain,
        State::Active => TagColour::Green,
        State::Refused | State::Withdrawn | State::RolledBack => TagColour::Red,
        State::Ended | State::Reviewed => TagColour::Grey,
    };
    Tag {
        colour,
        ..Tag::new(capital(state.name()))
    }
}

/// For each name and group: what stood, what will stand, and what the filter says to both; none where it
/// changes nothing there.
pub(super) async fn preview(
    records: &mut Connection,
    viewer: &Viewer,
    found: &Found,
) -> Result<Option<Html>, Problem> {
    let entries = found.asked_for.entries(found.between());
    if entries.is_empty() {
        return Ok(None);
    }
    let at = found
        .approval
        .starts_at
        .map_or(viewer.now, |starts_at| starts_at.max(viewer.now));
    let judge = filter::judge(records, &viewer.school).await?;
    let mut rows = Vec::new();
    for entry in &entries {
        let (name, group) = (&entry.name, &entry.group);
        let before = filter::before(records, found.id, name, group).await?;
        let mut now = filter::of_name(records, name, group).await?;
        now.extend(before.iter().cloned());
        let with = after(found, entry, &before);
        let says = |stand: &[Stored]| {
            let policy = judge.with(stand, &now);
            let verdict = judge.verdict_under(&policy, group, name, at)?;
            Some(match verdict.outcome {
                Outcome::Allowed => "open",
                Outcome::Blocked => "blocked",
            })
        };
        rows.push(vec![
            name.clone().into(),
            filter::group_in_words(group).into(),
            stands(viewer, &before, says(&before)).into(),
            stands(viewer, &with, says(&with)).into(),
        ]);
    }
    let columns = ["Site", "For", "Before", "With it"]
        .map(Column::new)
        .to_vec();
    let table = Html::of(&Table {
        caption_hidden: true,
        ..Table::new("Before, and with it", columns, rows)
    });
    if !found.approval.state.waits() && found.approval.state != State::Agreed {
        return Ok(Some(table));
    }
    let mut parts = vec![table];
    for entry in &entries {
        let words = filter::last_week(records, viewer, &entry.name, &entry.group).await?;
        parts.push(Html::paragraphs(&words));
    }
    Ok(Some(Html::join(&parts)))
}

/// What stands with it.
fn after(found: &Found, entry: &NewEntry, before: &[Stored]) -> Vec<Stored> {
    let mut with: Vec<Stored> = before
        .iter()
        .filter(|stored| entry.until.is_some() || stored.until.is_some())
        .cloned()
        .collect();
    with.extend(entry.decision.map(|decision| Stored {
        approval: found.id,
        number: found.number,
        name: entry.name.clone(),
        group: entry.group.clone(),
        decision,
        reason: found.reason.clone(),
        from: entry.from,
        until: entry.until,
    }));
    with
}

fn stands(viewer: &Viewer, stored: &[Stored], verdict: Option<&str>) -> String {
    let own: Vec<String> = stored
        .iter()
        .map(|entry| {
            let until = entry.until.map_or_else(String::new, |until| {
                format!(" until {}", moment_at(&viewer.school, until))
            });
            format!(
                "{} by request {}{until}",
                entry.decision.words(),
                entry.number
            )
        })
        .collect();
    let own = if own.is_empty() {
        "nothing of our own".to_owned()
    } else {
        own.join("; ")
    };
    match verdict {
        Some(verdict) => format!("{}: {own}", capital(verdict)),
        None => capital(&own),
    }
}

fn asked(viewer: &Viewer, found: &Found) -> TimelineItem {
    TimelineItem {
        by: Some(found.asker.clone()),
        ..TimelineItem::new("Asked", element(&viewer.school, found.asked_at))
    }
}

fn item(viewer: &Viewer, step: &Step) -> TimelineItem {
    let title = match step.post {
        Some(post) => format!("{} as {}", step.event.name(), post.name()),
        None => step.event.name().to_owned(),
    };
    TimelineItem {
        by: Some(
            step.by
                .clone()
                .unwrap_or_else(|| "Belisha, by itself".into()),
        ),
        description: (!step.note.is_empty()).then(|| Html::paragraphs(&step.note)),
        ..TimelineItem::new(title, element(&viewer.school, step.at))
    }
}

/// Whether the rules let this viewer do it now.
fn could(viewer: &Viewer, found: &Found, event: Event) -> bool {
    let terms = found.terms(&viewer.policy.policy);
    let by = queries::by(viewer);
    approvals::after(&found.approval, &terms, event, by, viewer.now).is_ok()
}

/// What leads to a page of its own.
fn links(viewer: &Viewer, found: &Found) -> Vec<Button> {
    let may = |action| viewer.may(action, &found.facts).is_allowed();
    let terms = found.terms(&viewer.policy.policy);
    let decides = approvals::agrees_as(&found.approval, &terms, queries::by(viewer)).is_ok();
    let link = |text: &str, href: String| Button {
        once: false,
        ..Button::link(text, href)
    };
    let mut links = Vec::new();
    if found.approval.state.waits() && may(Action::DecideApproval) && decides {
        links.push(link("Decide", decision::url(found.id)));
    }
    if may(Action::ApplyApproval) && !terms.applies_itself && could(viewer, found, Event::Apply) {
        links.push(link("Apply it", application::url(found.id)));
    }
    if may(Action::ReviewApproval) && could(viewer, found, Event::Review) {
        links.push(link("Look at it", review::url(found.id)));
    }
    if could(viewer, found, Event::Withdraw) {
        links.push(Button {
            style: ButtonStyle::Secondary,
            ..link("Withdraw it", withdrawal::url(found.id))
        });
    }
    links
}

/// What is done with one press.
fn presses(viewer: &Viewer, found: &Found) -> Vec<Press> {
    let may = viewer.may(Action::ApplyApproval, &found.facts).is_allowed();
    if !may || !could(viewer, found, Event::RollBack) {
        return Vec::new();
    }
    vec![Press {
        action: rollback::url(found.id),
        submission: viewer.school.new_row_id(),
        button: Button::warning("Roll it back"),
    }]
}
