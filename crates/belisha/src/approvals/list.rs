//! The page of requests: what waits for me, what I asked for, and, for those who may read them all,
//! everything that was asked.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind as RecordKind, RecordFacts};
use belisha_rules::approvals::State;
use belisha_ui::{Button, Column, EmptyState, Frame, Html, Table};

use super::kind::{KINDS, Kind};
use super::queries::{self, Listed};
use super::show;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::moment_at;

/// Where requests stand.
pub(crate) fn url() -> String {
    "/approvals".to_owned()
}

#[derive(Template)]
#[template(path = "approvals/list.html")]
struct ListPage {
    frame: Frame,
    ask: Vec<Button>,
    waiting: Option<Table>,
    own: Option<Table>,
    all: Option<Table>,
    empty: Option<EmptyState>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let facts = RecordFacts::of(RecordKind::Approval);
    let may_ask = viewer.may(Action::AskApproval, &facts).is_allowed();
    let may_read = viewer.may(Action::ReadApproval, &facts).is_allowed();
    if !may_ask && !may_read {
        viewer.require(Action::AskApproval, &facts)?;
    }
    let listed = queries::all(&mut viewer.read().await?).await?;
    let mine = |line: &&Listed| line.asked_by == viewer.person;
    let waits = |line: &&Listed| may_read && waits_for(&viewer, line);
    let waiting: Vec<&Listed> = listed.iter().filter(waits).collect();
    let own: Vec<&Listed> = listed.iter().filter(mine).collect();
    let rest: Vec<&Listed> = listed
        .iter()
        .filter(|line| may_read && !waits(line) && !mine(line))
        .collect();
    let empty = listed.iter().filter(|line| may_read || mine(line)).count() == 0;
    let button = |text: &str, href: String| Button {
        once: false,
        ..Button::link(text, href)
    };
    crate::web::page(&ListPage {
        frame: frame::of(&viewer),
        ask: if may_ask {
            let offered = |kind: &&&Kind| (kind.is_offered)(&viewer.policy.policy);
            let mut buttons: Vec<Button> = KINDS
                .iter()
                .filter(offered)
                .map(|kind| button(kind.asks, kind.url.to_owned()))
                .collect();
            for button in buttons.iter_mut().skip(1) {
                button.style = belisha_ui::ButtonStyle::Secondary;
            }
            buttons
        } else {
            Vec::new()
        },
        waiting: table(&viewer, "Waiting for you", &waiting),
        own: table(&viewer, "Asked by you", &own),
        all: table(&viewer, "All others", &rest).filter(|_| may_read),
        empty: empty.then(|| {
            EmptyState::new(
                "Nothing has been asked for yet",
                "A site that is blocked by mistake, or a lesson that needs one: ask here, and see what becomes of it.",
            )
        }),
    })
}

/// Whether this person can take the next step.
fn waits_for(viewer: &Viewer, line: &Listed) -> bool {
    let terms = (line.asked_for.kind.terms)(&viewer.policy.policy);
    let facts = RecordFacts::of(RecordKind::Approval);
    let may = |action| viewer.may(action, &facts).is_allowed();
    match line.state {
        State::Requested | State::Previewed | State::RiskNoted | State::PartAgreed => {
            may(Action::DecideApproval)
                && !terms.posts_of(&viewer.hats).is_empty()
                && line.asked_by != viewer.person
        }
        State::Agreed => may(Action::ApplyApproval) && terms.manages(&viewer.hats),
        State::Active | State::Ended | State::RolledBack => {
            terms.reviewed_within.is_some()
                && may(Action::ReviewApproval)
                && !line.reviewed
                && line.asked_by != viewer.person
                && !terms.manages(&viewer.hats)
        }
        State::Refused | State::Withdrawn | State::Applied | State::Tested | State::Reviewed => {
            false
        }
    }
}

fn table(viewer: &Viewer, caption: &str, lines: &[&Listed]) -> Option<Table> {
    let rows: Vec<Vec<Html>> = lines
        .iter()
        .map(|line| {
            let title = format!("{} · {}", line.number, line.asked_for.title());
            vec![
                Html::link(&title, &show::url(line.id)),
                Html::of(&show::tag(line.state)),
                line.asker.clone().into(),
                moment_at(&viewer.school, line.asked_at).into(),
            ]
        })
        .collect();
    let columns = ["Request", "Stands", "Asked by", "Asked on"]
        .map(Column::new)
        .to_vec();
    (!rows.is_empty()).then(|| Table::new(caption, columns, rows))
}
