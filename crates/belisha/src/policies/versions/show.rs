//! One version: where it stands, who decided what about it, what is missing, and what
//! this person may do with it next.

use askama::Template;
use axum::response::Response;
use belisha_policy::{Bound, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PolicyVersionId;
use belisha_rules::policies::VersionState;
use belisha_ui::{
    BackLink, Button, Column, Frame, Html, SummaryList, SummaryRow, Table, Tag, Timeline,
    TimelineItem,
};

use super::queries::{self, Version};
use super::{
    approval, block, commencement, difference, draft, list, proposal, state_tag, take_back, text,
};
use crate::home;
use crate::policies::days::{moment, written};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::capital;

pub(crate) fn url(id: PolicyVersionId) -> String {
    format!("{}/{id}", list::url())
}

/// An act that this person may do with the version: a button in a form of its own.
struct Act {
    action: String,
    button: Button,
}

#[derive(Template)]
#[template(path = "policies/versions/show.html")]
struct VersionPage {
    frame: Frame,
    back: BackLink,
    number: i64,
    state: Tag,
    facts: SummaryList,
    /// What it lacks before it can be put forward.
    lacks: Vec<String>,
    is_behind: bool,
    difference: String,
    links: Vec<Button>,
    acts: Vec<Act>,
    decisions: Timeline,
    has_decisions: bool,
    settings: Option<Table>,
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
) -> Result<Response, Problem> {
    viewer.require(
        Action::ReadPolicyDraft,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    let version = queries::version(&mut viewer.read().await?, id).await?;
    let state = version.state(&viewer.policy.policy, viewer.today());
    let is_draft = state == VersionState::Draft;
    let is_behind = !version.is_begun_from(viewer.policy.id)
        && matches!(
            state,
            VersionState::Draft | VersionState::Awaiting(_) | VersionState::Approved
        );
    let decisions = timeline(&viewer, &version);
    let (links, acts) = next(&viewer, &version, state, is_behind);
    crate::web::page(&VersionPage {
        frame: home::frame::of(&viewer),
        back: BackLink {
            text: "Versions".into(),
            ..BackLink::to(list::url())
        },
        number: version.row.number,
        state: state_tag(state),
        facts: facts(&viewer, &version),
        lacks: if is_draft {
            version
                .policy
                .ready()
                .err()
                .unwrap_or_default()
                .into_iter()
                .map(|fault| {
                    format!(
                        "{} {}",
                        capital(&fault.message),
                        fault.help.unwrap_or_default()
                    )
                })
                .collect()
        } else {
            Vec::new()
        },
        is_behind,
        difference: difference::url(id),
        links,
        acts,
        has_decisions: !decisions.items.is_empty(),
        decisions,
        settings: (is_draft && may(&viewer, Action::EditPolicyDraft)).then(|| settings(&version)),
    })
}

fn may(viewer: &Viewer, action: Action) -> bool {
    viewer
        .may(action, &RecordFacts::of(Kind::PolicyDocument))
        .is_allowed()
}

fn facts(viewer: &Viewer, version: &Version) -> SummaryList {
    let chain = version.chain(&viewer.policy.policy);
    let steps: Vec<&str> = chain.steps.iter().map(|step| step.name()).collect();
    let mut rows = vec![
        SummaryRow::new(
            "Begun",
            format!(
                "{} by {}",
                written(viewer.school.date_of(version.row.made_at)),
                version.row.made_by
            ),
        ),
        SummaryRow::new("Needs the approval of", steps.join(", then ")),
    ];
    if let Some(from) = version.row.in_force_on {
        rows.push(SummaryRow::new("In force from", written(from)));
    }
    if let Some(until) = version.row.superseded_on {
        rows.push(SummaryRow::new("Superseded on", written(until)));
    }
    SummaryList::new(rows)
}

/// What was decided about this version, newest first; decisions about earlier words say so.
fn timeline(viewer: &Viewer, version: &Version) -> Timeline {
    let standing: Vec<_> = version.standing_decisions().map(|d| d.at).collect();
    let items = version
        .decisions
        .iter()
        .rev()
        .map(|decision| {
            let body = decision.step.name();
            let mut says = Vec::new();
            if !decision.minute.is_empty() {
                says.push(format!("Minute {}.", decision.minute));
            }
            if !decision.reason.is_empty() {
                says.push(format!("“{}”", decision.reason));
            }
            if !standing.contains(&decision.at) {
                says.push("This was about earlier words and no longer counts.".to_owned());
            }
            TimelineItem {
                by: Some(decision.name.clone()),
                description: (!says.is_empty()).then(|| Html::from(says.join(" "))),
                ..TimelineItem::new(
                    if decision.approved {
                        format!("Approved for the {body}")
                    } else {
                        format!("Refused for the {body}")
                    },
                    moment(viewer.school.date_of(decision.at)),
                )
            }
        })
        .collect();
    Timeline::new(items)
}

/// What comes next, for this person: pages to open and acts to do.
fn next(
    viewer: &Viewer,
    version: &Version,
    state: VersionState,
    is_behind: bool,
) -> (Vec<Button>, Vec<Act>) {
    let id = version.row.id;
    let (edits, approves) = (
        may(viewer, Action::EditPolicyDraft),
        may(viewer, Action::ApprovePolicy),
    );
    let act = |action: String, button: Button| Act { action, button };
    let (mut links, mut acts) = (Vec::new(), Vec::new());
    match state {
        VersionState::Draft if edits => {
            links.push(Button::link("Change the text", text::url(id)));
            if is_behind {
                acts.push(act(
                    draft::renewal_url(id),
                    Button::secondary("Bring up to the version in force"),
                ));
            } else if version.policy.ready().is_ok() {
                acts.push(act(
                    proposal::url(id),
                    Button::secondary("Put forward for approval"),
                ));
            }
            acts.push(act(
                take_back::withdrawal_url(id),
                Button::like_link("Withdraw this draft"),
            ));
        }
        VersionState::Awaiting(_) => {
            if approves {
                links.push(Button::link("Approve or refuse", approval::url(id)));
            }
            if edits {
                acts.push(act(
                    take_back::url(id),
                    Button::secondary("Take back to change it"),
                ));
            }
        }
        VersionState::Approved => {
            if approves && !is_behind {
                links.push(Button::link("Bring into force", commencement::url(id)));
            }
            if edits {
                acts.push(act(
                    take_back::url(id),
                    Button::secondary("Take back to change it"),
                ));
            }
        }
        VersionState::ComesIntoForce { .. } if edits => acts.push(act(
            take_back::url(id),
            Button::secondary("Take back before it comes into force"),
        )),
        VersionState::Draft
        | VersionState::ComesIntoForce { .. }
        | VersionState::InForce { .. }
        | VersionState::Superseded
        | VersionState::Withdrawn => {}
    }
    (links, acts)
}

/// Every control of a draft, each with the way to its form.
fn settings(version: &Version) -> Table {
    let rows = version
        .policy
        .clauses
        .iter()
        .flat_map(|clause| {
            clause.controls.iter().enumerate().map(move |(at, bound)| {
                vec![
                    Html::from(format!("{} {}", clause.number, clause.title)),
                    Html::from(bound.sentence()),
                    if bound.control().params.is_empty() {
                        Html::from("Nothing to set")
                    } else {
                        Html::link(&change(bound), &block::url(version.row.id, &clause.id, at))
                    },
                ]
            })
        })
        .collect();
    Table {
        caption_hidden: true,
        ..Table::new(
            "What this draft sets",
            vec![
                Column::new("Clause"),
                Column::new("In plain words"),
                Column::new("Form"),
            ],
            rows,
        )
    }
}

/// "Change named post: headteacher"; no two links of the table say the same.
fn change(bound: &Bound) -> String {
    let title = bound.control().title.to_lowercase();
    match bound.settings.repeat_key() {
        Some(key) => format!("Change {title}: {}", key.words()),
        None => format!("Change {title}"),
    }
}
