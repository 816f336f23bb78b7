//! The policy in force as people read it: its words, with one plain sentence in place
//! of each control, and how each clause stands.

use askama::Template;
use axum::response::Response;
use belisha_policy::{Clause, Depth, Policy, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::assurance::{self, Status};
use belisha_ui::{Frame, Html, StatusTag, SubNavigation};

use super::clause;
use super::counted::{self, Standings};
use super::days::written;
use super::versions::queries;
use super::{shown, versions};
use crate::home;
use crate::problem::Problem;
use crate::viewer::Viewer;

struct Part {
    id: String,
    number: String,
    title: String,
    /// 2 for a section, 3 for a clause, 4 for a sub-clause.
    level: u8,
    words: Html,
    sentences: Vec<String>,
    status: StatusTag,
    page: String,
}

struct Section {
    heading: Part,
    /// How the weakest of its clauses stands that rest on more than words.
    overall: StatusTag,
    parts: Vec<Part>,
}

#[derive(Template)]
#[template(path = "policies/read.html")]
struct PolicyPage {
    frame: Frame,
    navigation: SubNavigation,
    title: String,
    number: i64,
    in_force_on: String,
    reviewed_by: String,
    approvals: Vec<String>,
    introduction: Html,
    sections: Vec<Section>,
    versions: Option<String>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadPolicy, &RecordFacts::of(Kind::PolicyDocument))?;
    let mut records = viewer.read().await?;
    let in_force = &viewer.policy;
    let standings = counted::today(&mut records, &viewer).await?;
    let approvals = queries::decisions(&mut records, in_force.id)
        .await?
        .iter()
        .filter(|decision| decision.approved)
        .map(|decision| {
            let minute = if decision.minute.is_empty() {
                String::new()
            } else {
                format!(", minute {}", decision.minute)
            };
            format!(
                "the {} on {}, recorded by {}{minute}",
                decision.step.name(),
                written(viewer.school.date_of(decision.at)),
                decision.name,
            )
        })
        .collect();
    let review = in_force
        .policy
        .get(&belisha_policy::controls::policy_review::EVERY)
        .after(in_force.in_force_on);
    crate::web::page(&PolicyPage {
        frame: home::frame::of(&viewer),
        navigation: shown::parts(&viewer, &super::url()),
        title: in_force.policy.title.clone(),
        number: in_force.number,
        in_force_on: written(in_force.in_force_on),
        reviewed_by: written(review),
        approvals,
        introduction: Html::trusted(belisha_policy::as_html(&in_force.policy.introduction)),
        sections: sections(&in_force.policy, &standings),
        versions: viewer
            .may(
                Action::ReadPolicyDraft,
                &RecordFacts::of(Kind::PolicyDocument),
            )
            .is_allowed()
            .then(versions::list::url),
    })
}

fn sections(policy: &Policy, standings: &Standings) -> Vec<Section> {
    policy
        .clauses
        .chunk_by(|_, next| next.depth != Depth::Section)
        .filter_map(|clauses| {
            let (heading, rest) = clauses.split_first()?;
            let statuses = clauses
                .iter()
                .filter_map(|clause| standings.get(clause.id.as_str())?.status)
                .filter(|status| *status != Status::Stated);
            Some(Section {
                heading: part(heading, standings),
                overall: shown::tag(assurance::of_clause(statuses)),
                parts: rest.iter().map(|clause| part(clause, standings)).collect(),
            })
        })
        .collect()
}

fn part(clause: &Clause, standings: &Standings) -> Part {
    let status = standings
        .get(clause.id.as_str())
        .and_then(|standing| standing.status)
        .unwrap_or(Status::Stated);
    Part {
        id: clause.id.clone(),
        number: clause.number.clone(),
        title: clause.title.clone(),
        level: match clause.depth {
            Depth::Section => 2,
            Depth::Clause => 3,
            Depth::SubClause => 4,
        },
        words: Html::trusted(clause.words_as_html()),
        sentences: clause
            .controls
            .iter()
            .map(|bound| bound.sentence())
            .collect(),
        status: shown::tag(status),
        page: clause::url(&clause.id),
    }
}
