//! The editor: the whole text of a draft. What does not read is shown with line and
//! column, and nothing typed is lost, neither to a fault nor to another editor.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Fault;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PolicyVersionId;
use belisha_rules::policies as rules;
use belisha_ui::{
    BackLink, Button, Difference, DifferenceLine, ErrorSummary, FieldError, Frame, Textarea,
};

use super::queries::{self, Version};
use super::{object, proposal, show};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::home;
use crate::policies::controls;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::sent::Sent;

pub(super) fn url(id: PolicyVersionId) -> String {
    format!("{}/text", show::url(id))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    revision: i64,
    #[serde(default)]
    text: String,
}

/// What stands beside the text box.
enum Trouble {
    None,
    Faults(Vec<Fault>),
    /// Somebody else saved first: their text, against this one.
    Theirs(Difference),
}

#[derive(Template)]
#[template(path = "policies/versions/text.html")]
struct TextPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    theirs: Option<Difference>,
    number: i64,
    help: String,
    action: String,
    revision: i64,
    text: Textarea,
    button: Button,
}

fn page(
    viewer: &Viewer,
    version: &Version,
    text: String,
    trouble: Trouble,
) -> Result<Response, Problem> {
    let (errors, theirs) = match trouble {
        Trouble::None => (Vec::new(), None),
        Trouble::Faults(faults) => (
            faults
                .iter()
                .take(MOST_SHOWN)
                .map(|fault| FieldError::new("text", said(fault)))
                .collect(),
            None,
        ),
        Trouble::Theirs(difference) => (
            vec![FieldError::new(
                "text",
                "Somebody else saved this draft while you were editing. Your text is below and not saved.",
            )],
            Some(difference),
        ),
    };
    let failed = !errors.is_empty();
    let mut frame = home::frame::of(viewer);
    frame.has_errors = failed;
    let answer = crate::web::page(&TextPage {
        frame,
        back: BackLink::to(show::url(version.row.id)),
        text: Textarea {
            error: errors.first().map(|error: &FieldError| error.text.clone()),
            value: text,
            rows: 40,
            hint: Some(
                "Sections begin with ##, clauses with ### and sub-clauses with ####. Keep the ids in braces.".into(),
            ),
            ..Textarea::new("text", "The whole policy")
        },
        errors: ErrorSummary::new(errors),
        theirs,
        number: version.row.number,
        help: controls::url(),
        action: url(version.row.id),
        revision: version.row.revision,
        button: Button::submit("Save the draft"),
    })?;
    Ok(if failed {
        (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
    } else {
        answer
    })
}

/// More faults than this at once help nobody.
const MOST_SHOWN: usize = 30;

/// A fault as an editor reads it: "Line 12, column 3: there is no control called …".
pub(super) fn said(fault: &Fault) -> String {
    let help = fault.help.as_deref().unwrap_or_default();
    format!(
        "Line {}, column {}: {} {help}",
        fault.line, fault.column, fault.message
    )
    .trim_end()
    .to_owned()
}

pub(crate) async fn get(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
) -> Result<Response, Problem> {
    let version = queries::version(&mut viewer.read().await?, id).await?;
    may_edit(&viewer, &version)?;
    let text = version.text.clone();
    page(&viewer, &version, text, Trouble::None)
}

pub(crate) async fn post(
    viewer: Viewer,
    Path(id): Path<PolicyVersionId>,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let version = queries::version(&mut tx, id).await?;
    may_edit(&viewer, &version)?;
    // Browsers send line breaks of their own.
    let text = form.text.replace("\r\n", "\n");
    if form.revision != version.row.revision {
        drop(tx);
        let difference = lines(&version.text, &text);
        return page(&viewer, &version, text, Trouble::Theirs(difference));
    }
    if let Err(faults) = belisha_policy::parse(&text) {
        drop(tx);
        return page(&viewer, &version, text, Trouble::Faults(faults));
    }
    let entry = save(&mut tx, &viewer, &version, &text).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&show::url(id)))
}

/// Whether this person may change the words of this version.
pub(super) fn may_edit(viewer: &Viewer, version: &Version) -> Result<(), Problem> {
    viewer.require(
        Action::EditPolicyDraft,
        &RecordFacts::of(Kind::PolicyDocument),
    )?;
    rules::edit(
        &version.facts(),
        &version.chain(&viewer.policy.policy),
        viewer.today(),
    )
    .map_err(proposal::refused)
}

/// Saves new words over the revision that the editor saw.
pub(super) async fn save(
    tx: &mut Tx,
    viewer: &Viewer,
    version: &Version,
    text: &str,
) -> Result<Entry, Problem> {
    may_edit(viewer, version)?;
    tx.run_one(
        sql(
            "update policy_version set text = $2, revision = revision + 1
             where id = $1 and revision = $3 and state = 'draft'",
        )
        .bind(version.row.id.to_string())
        .bind(text)
        .bind(version.row.revision),
    )
    .await?;
    Ok(Entry::of(EntryKind::PolicyChanged, object(version.row.id))
        .fact("revision", version.row.revision + 1))
}

/// Two texts line by line, without the long stretches that are the same.
fn lines(theirs: &str, mine: &str) -> Difference {
    let (theirs, mine): (Vec<&str>, Vec<&str>) = (theirs.lines().collect(), mine.lines().collect());
    let same_start = theirs.iter().zip(&mine).take_while(|(a, b)| a == b).count();
    let same_end = theirs[same_start..]
        .iter()
        .rev()
        .zip(mine[same_start..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let removed = theirs[same_start..theirs.len() - same_end]
        .iter()
        .map(|line| DifferenceLine::Removed((*line).to_owned()));
    let added = mine[same_start..mine.len() - same_end]
        .iter()
        .map(|line| DifferenceLine::Added((*line).to_owned()));
    Difference::new(removed.chain(added).collect())
}
