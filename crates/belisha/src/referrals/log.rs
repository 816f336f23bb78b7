//! The log of contacts with agencies: each step of each referral, the newest first, in the
//! cases that the viewer may read. No word of what was said stands here.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::ids::IncidentId;
use belisha_rules::referrals::Step;
use belisha_ui::{BackLink, Column, EmptyState, Frame, Html, Table};

use super::show;
use crate::agencies;
use crate::db::sql;
use crate::home::frame;
use crate::incidents::queries;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::{capital, moment_at};

/// Where the log stands.
pub(crate) fn url() -> String {
    "/agencies/log".to_owned()
}

/// So many steps are looked at: what is older is found in its case.
const AT_MOST: i64 = 300;

#[derive(Template)]
#[template(path = "referrals/log.html")]
struct LogPage {
    frame: Frame,
    back: BackLink,
    table: Option<Table>,
    empty: EmptyState,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let rows = sql(
        "select referral_step.step, referral_step.agency, referral_step.made_at, referral.id,
                referral.incident
         from referral_step join referral on referral.id = referral_step.referral
         order by referral_step.made_at desc, referral_step.id limit $1",
    )
    .bind(AT_MOST)
    .all(&mut records)
    .await?;
    let mut references: BTreeMap<IncidentId, Option<String>> = BTreeMap::new();
    let mut lines: Vec<Vec<Html>> = Vec::new();
    for row in rows {
        let id: IncidentId = row.read("incident", |text| text.parse().ok())?;
        if !references.contains_key(&id) {
            let reference = match queries::load(&mut records, &viewer, id).await {
                Ok(case) => Some(case.reference),
                Err(Problem::NotFound) => None,
                Err(problem) => return Err(problem),
            };
            references.insert(id, reference);
        }
        let Some(Some(reference)) = references.get(&id) else {
            continue;
        };
        let step = row.read("step", Step::from_key)?;
        let agency: String = row.get("agency")?;
        lines.push(vec![
            moment_at(&viewer.school, row.instant("made_at")?).into(),
            agencies::name(&agency).into(),
            capital(step.name()).into(),
            Html::link(reference, &show::url(id, &row.get::<String>("id")?)),
        ]);
    }
    crate::web::page(&LogPage {
        frame: frame::of(&viewer),
        back: BackLink::to(agencies::url()),
        table: (!lines.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Contacts with agencies",
                ["When", "Agency", "What", "Case"].map(Column::new).to_vec(),
                lines,
            )
        }),
        empty: EmptyState::new(
            "No contact with an agency that you can read",
            "A referral is recorded in its case. Each step of it then stands here too.",
        ),
    })
}
