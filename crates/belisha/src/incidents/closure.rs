//! Closure: the case ends when nothing is missing, and says what came of it.

use crate::web::path::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::incidents::{CloseRefused, ClosureRule, close, close_check};
use belisha_ui::{Html, Label, Textarea, WarningText};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{case, entry};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/closure")
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    outcome: String,
    revision: i64,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let found = queries::load(&mut viewer.read().await?, &viewer, id).await?;
    viewer.require(Action::CloseCase, &found.facts)?;
    let form = Form {
        revision: found.revision,
        ..Form::default()
    };
    page(&viewer, &found, &form, Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let mut page = ActPage::of(viewer, found, "Close the case", "Close the case");
    page.revision = Some(form.revision);
    let missing = close_check(&found.incident, &ClosureRule::of(&viewer.policy.policy));
    if !missing.is_empty() {
        let lines: Vec<Html> = missing
            .iter()
            .map(|missing| Html::trusted(format!("<li>{}</li>", Html::from(missing.sentence()))))
            .collect();
        page.lead = Html::join(&[
            Html::of(&WarningText::new("Before this case can be closed:")),
            Html::trusted(format!("<ul>{}</ul>", Html::join(&lines))),
        ]);
    }
    page.fields = vec![Html::of(&Textarea {
        value: form.outcome.clone(),
        error: wrong.at("outcome"),
        ..Textarea::new("outcome", Label::medium("What came of it?"))
    })];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let found = queries::load(&mut tx, &viewer, id).await?;
    viewer.require(Action::CloseCase, &found.facts)?;
    let mut wrong = Wrong::default();
    wrong.need("outcome", &sent.form.outcome, "Say what came of it");
    if !wrong.is_empty() {
        drop(tx);
        return page(&viewer, &found, &sent.form, wrong, Some(sent.submission));
    }
    tx.once(&sent.submission, &case::url(id)).await?;
    let rule = ClosureRule::of(&viewer.policy.policy);
    let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
    close(&found.incident, &rule, identity).map_err(refused)?;
    end(
        &mut tx,
        &viewer,
        &found,
        "closed",
        &sent.form.outcome,
        sent.form.revision,
    )
    .await?;
    tx.commit(Entry::of(EntryKind::IncidentClosed, object(id)))
        .await?;
    Ok(crate::web::go_to(&case::url(id)))
}

fn refused(refused: CloseRefused) -> Problem {
    match refused {
        CloseRefused::WrongState(wrong) => {
            Problem::refused("This case cannot be closed now", wrong.sentence())
        }
        CloseRefused::Missing(missing) => {
            let lines: Vec<String> = missing.iter().map(|missing| missing.sentence()).collect();
            Problem::refused("This case cannot be closed yet", lines.join(" "))
        }
        CloseRefused::OwnReport => Problem::refused(
            "Somebody else closes this case",
            "You reported it yourself, and the policy asks that somebody else closes it.",
        ),
    }
}

/// Ends a case on the revision that was looked at: somebody else's change in between is
/// not closed over.
pub(super) async fn end(
    tx: &mut Tx,
    viewer: &Viewer,
    found: &Case,
    ending: &'static str,
    words: &str,
    revision: i64,
) -> Result<(), Problem> {
    let record = records::open(tx, viewer, &object(found.id)).await?;
    let school = tx.school().clone();
    let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
    tx.run_one(
        sql("update incident set is_open = false, moves_on_at = null where id = $1 and revision = $2")
            .bind(found.id.to_string())
            .bind(revision),
    )
    .await?;
    tx.run_one(
        sql("insert into incident_closure (id, incident, closed_at, closed_by, sealed_outcome, reopened_at,
                                           reopened_by, sealed_reopen_reason, ending)
             values ($1, $2, $3, $4, $5, null, null, null, $6)")
        .bind(&row)
        .bind(found.id.to_string())
        .bind(now)
        .bind(by)
        .bind(record.seal(&school, &format!("closure-{row}"), 0, words.trim()))
        .bind(ending),
    )
    .await?;
    entry::write(tx, &record, found.id, "closure", words, today, None).await?;
    settle(tx, found.id).await
}
