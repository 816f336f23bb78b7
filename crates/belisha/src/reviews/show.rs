//! A review: where it stands, what must be done now, and its pages as a task list.

use askama::Template;
use axum::response::Response;
use belisha_rules::guides::{LedBy, Progress, State, may_escalate, progress, state};
use belisha_rules::ids::IncidentId;
use belisha_ui::{
    BackLink, Button, Frame, Html, SummaryList, SummaryRow, Tag, TagColour, Task, TaskList,
    TaskStatus, WarningText,
};

use super::queries::{self, Open, Review, may_see};
use super::{answers, escalation, group, signature};
use crate::db::Connection;
use crate::home::frame;
use crate::incidents::queries::Case;
use crate::incidents::{case, custody, guidance};
use crate::problem::Problem;
use crate::referrals;
use crate::viewer::Viewer;
use crate::web::act::ActPage;
use crate::web::path::Path;
use crate::web::words::{deadline, moment_at};

/// Where a review stands.
pub(super) fn url(id: IncidentId, guide: &str) -> String {
    format!("/incidents/{id}/reviews/{guide}")
}

/// The page of an act on a review.
pub(super) fn act_page(viewer: &Viewer, open: &Open, title: &'static str, button: &str) -> ActPage {
    let guide = open.review.guide;
    let caption = format!("Case {}: {}", open.case.reference, guide.title);
    ActPage::new(viewer, url(open.case.id, guide.key), caption, title, button)
}

#[derive(Template)]
#[template(path = "reviews/show.html")]
struct ShowPage {
    frame: Frame,
    back: BackLink,
    reference: String,
    title: &'static str,
    about: &'static str,
    state: Tag,
    warnings: Vec<WarningText>,
    summary: SummaryList,
    due: Vec<Html>,
    pages: TaskList,
    computed: Option<SummaryList>,
    acts: Vec<Button>,
    history: String,
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, guide)): Path<(IncidentId, String)>,
) -> Result<Response, Problem> {
    case::opened(&viewer, id).await?;
    let mut records = viewer.read().await?;
    let open = queries::load(&mut records, &viewer, id, &guide).await?;
    let due = referrals::due_links(
        &mut records,
        &viewer,
        &open.case,
        Some(open.review.id.as_str()),
    )
    .await?;
    let known = open.known(&viewer);
    let guide = open.review.guide;
    let computed = if open.is_the_lead || guide.led_by == LedBy::WhoeverHasIt {
        (guide.computed)(&known)
    } else {
        Vec::new()
    };
    let mut acts = Vec::new();
    let link = |text: &str, href: String| Button {
        href: Some(href),
        once: false,
        ..Button::secondary(text)
    };
    let escalates = may_escalate(guide, &open.standing, open.is_the_lead, "a reason").is_ok();
    if escalates && (open.standing.signed.is_some() || !open.standing.case_is_open) {
        acts.push(link(
            "Something new worries me: escalate",
            escalation::url(id, guide.key),
        ));
    }
    if open.standing.case_is_open {
        if guide.bars_imagery {
            acts.push(link("Record a device set aside", custody::new_url(id)));
        }
        acts.push(link("Add a referral", referrals::new_url(id)));
    }
    crate::web::page(&ShowPage {
        frame: frame::of(&viewer),
        back: BackLink::to(case::url(id)),
        reference: open.case.reference.clone(),
        title: guide.title,
        about: guide.about,
        state: tag(state(guide, &known, &open.standing)),
        warnings: guide
            .warnings
            .iter()
            .map(|warning| WarningText::new(*warning))
            .collect(),
        summary: SummaryList::new(summary(&viewer, &open)),
        due,
        pages: TaskList::new("pages", pages(&open, &viewer)),
        computed: (!computed.is_empty()).then(|| {
            SummaryList::new(
                computed
                    .into_iter()
                    .map(|(label, words)| SummaryRow::new(label, words))
                    .collect(),
            )
        }),
        acts,
        history: answers::history_url(id, guide.key),
    })
}

fn summary(viewer: &Viewer, open: &Open) -> Vec<SummaryRow> {
    let review = &open.review;
    let at = |instant| moment_at(&viewer.school, instant);
    let mut rows = vec![SummaryRow::new("Opened", at(review.opened_at))];
    match (review.signed, review.signed_at) {
        (Some(way), Some(signed)) => {
            let name = review.guide.way(way).map_or("", |way| way.name);
            rows.push(SummaryRow::new("Signed", format!("{}: {name}", at(signed))));
        }
        _ => {
            if let Some(by) = review.sign_by {
                let overdue = if by < viewer.now { " (overdue)" } else { "" };
                rows.push(SummaryRow::new(
                    "To be signed by",
                    format!("{}{overdue}", deadline(&viewer.school, by)),
                ));
            }
        }
    }
    let led = match review.guide.led_by {
        LedBy::TheLead if !open.case.kind.is_sealed() => {
            "The designated safeguarding lead or a deputy"
        }
        LedBy::TheLead | LedBy::WhoeverHasIt => "Whoever has charge of the case",
    };
    rows.push(SummaryRow::new("Conducted by", led));
    let (source, source_at) = (review.guide.source, review.guide.source_at);
    let follows = match source_at {
        "" => source.into(),
        at => Html::link(source, at),
    };
    rows.push(SummaryRow::new("Follows", follows));
    rows.push(SummaryRow::new(
        "Edition of the guidance",
        guidance::of(&open.case.guidance).name.clone(),
    ));
    rows
}

fn pages(open: &Open, viewer: &Viewer) -> Vec<Task> {
    let (guide, id) = (open.review.guide, open.case.id);
    let known = open.known(viewer);
    let mut tasks: Vec<Task> = progress(guide, &known)
        .into_iter()
        .map(|(group, how)| {
            let theirs = group.by == LedBy::WhoeverHasIt || open.is_the_lead;
            let open_now = open.standing.case_is_open && theirs;
            let task = |status| {
                let mut task = Task::new(group.title, group::url(id, guide.key, group.key), status);
                if !open_now {
                    task.href = None;
                    task.hint = (!theirs).then(|| "The safeguarding lead answers this".to_owned());
                }
                task
            };
            match how {
                Progress::Answered => task(TaskStatus::Completed),
                Progress::Begun => task(TaskStatus::InProgress),
                Progress::NotBegun => task(TaskStatus::Incomplete),
                Progress::Locked(first) => Task {
                    hint: Some(first.trim_end_matches('.').to_owned()),
                    ..Task::waiting(group.title)
                },
            }
        })
        .collect();
    let may_sign = open.is_the_lead || guide.led_by == LedBy::WhoeverHasIt;
    if may_sign {
        tasks.push(Task::new(
            "Check your answers",
            answers::url(id, guide.key),
            if open.answers.is_empty() {
                TaskStatus::Incomplete
            } else {
                TaskStatus::InProgress
            },
        ));
        if open.standing.signed.is_some() {
            let last = tasks.len() - 1;
            tasks[last].status = TaskStatus::Completed;
            tasks.push(Task {
                href: None,
                ..Task::new("Sign the review", "", TaskStatus::Completed)
            });
        } else if open.standing.case_is_open
            && belisha_rules::guides::lacks(guide, &known).is_empty()
        {
            tasks.push(Task::new(
                "Sign the review",
                signature::url(id, guide.key),
                TaskStatus::Incomplete,
            ));
        } else {
            tasks.push(Task::waiting("Sign the review"));
        }
    }
    tasks
}

/// The state as a tag.
pub(super) fn tag(state: State) -> Tag {
    let colour = match state {
        State::Escalated | State::ReferralDue => TagColour::Red,
        State::Reported | State::At(_) | State::Open | State::ToSign | State::FollowUp => {
            TagColour::Amber
        }
        State::Referred | State::InSchool => TagColour::Green,
        State::Closed => TagColour::Grey,
    };
    Tag {
        colour,
        ..Tag::new(state.name())
    }
}

/// The reviews of a case, for its page: a task for each that the viewer may see.
pub(crate) async fn on_case(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Option<TaskList>, Problem> {
    let tasks: Vec<Task> = queries::of_case(connection, case.id)
        .await?
        .into_iter()
        .map(|review| task(viewer, case, &review))
        .collect();
    Ok((!tasks.is_empty()).then(|| TaskList::new("reviews", tasks)))
}

fn task(viewer: &Viewer, case: &Case, review: &Review) -> Task {
    let status = match (review.signed, review.answers) {
        (Some(_), _) => TaskStatus::Completed,
        (None, 0) => TaskStatus::Incomplete,
        (None, _) => TaskStatus::InProgress,
    };
    let mut task = Task::new(review.guide.title, url(case.id, review.guide.key), status);
    if !may_see(case, viewer, review.guide) {
        task.href = None;
        task.hint = Some("The safeguarding lead or a deputy conducts this review".to_owned());
    } else if let (None, Some(by)) = (review.signed, review.sign_by) {
        let overdue = if by < viewer.now { " (overdue)" } else { "" };
        task.hint = Some(format!(
            "To be signed by {}{overdue}",
            deadline(&viewer.school, by)
        ));
    }
    task
}
