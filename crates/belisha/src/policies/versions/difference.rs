//! What a version changes against the one it was begun from: in words for those who
//! read the policy, in effect for those who live under it.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PolicyVersionId;
use belisha_ui::{BackLink, Frame, Html};

use super::{queries, show};
use crate::home;
use crate::policies::clause::runs;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::path::Path;

pub(super) fn url(id: PolicyVersionId) -> String {
    format!("{}/difference", show::url(id))
}

struct Effect {
    title: String,
    /// "10 minutes → 5 minutes", where single values changed.
    values: Vec<String>,
    before: Option<String>,
    after: Option<String>,
}

struct Words {
    summary: String,
    words: Html,
}

#[derive(Template)]
#[template(path = "policies/versions/difference.html")]
struct DifferencePage {
    frame: Frame,
    back: BackLink,
    number: i64,
    before: Option<i64>,
    title: Option<(String, String)>,
    introduction: Html,
    effects: Vec<Effect>,
    clauses: Vec<Words>,
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
) -> Result<Response, Problem> {
    viewer.require(
        Action::ReadPolicyDraft,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    let mut records = viewer.read().await?;
    let version = queries::version(&mut records, id).await?;
    let before = match version.row.begun_from {
        Some(before) => Some(queries::version(&mut records, before).await?),
        None => None,
    };
    drop(records);
    let difference = before
        .as_ref()
        .map(|before| belisha_policy::difference(&before.policy, &version.policy));
    let (effects, clauses, title, introduction) = match difference {
        None => (Vec::new(), Vec::new(), None, Html::default()),
        Some(difference) => (
            difference
                .effects
                .into_iter()
                .map(|effect| Effect {
                    title: match effect.of {
                        Some(of) => format!("{}: {of}", effect.control.title),
                        None => effect.control.title.to_owned(),
                    },
                    values: effect
                        .params
                        .iter()
                        .map(|param| format!("{} → {}", param.before, param.after))
                        .collect(),
                    before: effect.before.map(|held| held.sentence),
                    after: effect.after.map(|held| held.sentence),
                })
                .collect(),
            difference
                .clauses
                .iter()
                .map(|change| Words {
                    summary: change.summary(),
                    words: runs(&change.words),
                })
                .collect(),
            difference.title,
            runs(&difference.introduction),
        ),
    };
    crate::web::page(&DifferencePage {
        frame: home::frame::of(&viewer),
        back: BackLink {
            text: format!("Version {}", version.row.number),
            ..BackLink::to(show::url(id))
        },
        number: version.row.number,
        before: before.map(|before| before.row.number),
        title,
        introduction,
        effects,
        clauses,
    })
}
