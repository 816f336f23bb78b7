//! A hold: a reason for which a case is kept, whatever its time, and the end of it.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_ui::{Button, Html, InsetText, Label, Textarea};
use serde::Deserialize;

use super::of_case_url;
use super::queries::{Kept, hold_field, load};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::incidents::case;
use crate::incidents::queries::{Case, object};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::words::date;
use crate::web::wrong::Wrong;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
}

fn reason(form: &Form, asks: &'static str, hint: &str, wrong: &Wrong) -> Html {
    Html::of(&Textarea {
        value: form.reason.clone(),
        error: wrong.at("reason"),
        rows: 3,
        hint: Some(hint.into()),
        ..Textarea::new("reason", Label::medium(asks))
    })
}

/// The buttons about a hold on the page of a case.
pub(crate) async fn offers(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Option<Button>, Problem> {
    if !found.allows(viewer, Action::HoldCase) {
        return Ok(None);
    }
    let held = super::queries::hold(connection, found.id).await?.is_some();
    let (text, act) = if held {
        ("End the hold", "hold/end")
    } else {
        ("Keep it from being destroyed", "hold")
    };
    Ok(Some(Button {
        href: Some(of_case_url(found.id, act)),
        once: false,
        ..Button::secondary(text)
    }))
}

/// The placing of a hold on one case.
pub(super) struct Hold(Kept);

impl Act for Hold {
    type At = IncidentId;
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let kept = load(records, viewer, id, Action::HoldCase).await?;
        if kept.hold.is_some() {
            return Err(Problem::refused(
                "This case is held already",
                "A hold stands on it. End that one first if the reason has changed.",
            ));
        }
        Ok(Self(kept))
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let caption = format!("Case {}", self.0.case.reference);
        let title = "Keep this case from being destroyed";
        let mut page = ActPage::new(
            viewer,
            case::url(self.0.case.id),
            caption,
            title,
            "Place the hold",
        );
        page.fields = vec![reason(
            form,
            "Why must it be kept?",
            "A claim, a complaint, an inquiry, an investigation: what it is, and with whom",
            wrong,
        )];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<String>, Problem> {
        Ok(wrong.text("reason", &form.reason, "Say why it must be kept"))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reason: String) -> Result<Entry, Problem> {
        let id = self.0.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
        tx.run_one(
            sql(
                "insert into retention_hold (id, incident, placed_at, placed_by, sealed_reason,
                                             ended_at, ended_by, sealed_end_reason)
                 values ($1, $2, $3, $4, $5, null, null, null)",
            )
            .bind(&row)
            .bind(id.to_string())
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &hold_field(&row), 0, &reason)),
        )
        .await?;
        Ok(Entry::of(EntryKind::RetentionHeld, object(id)))
    }

    fn leads_to(&self) -> String {
        case::url(self.0.case.id)
    }
}

/// The end of a hold.
pub(super) struct HoldEnd {
    kept: Kept,
    hold: String,
    why: String,
}

impl Act for HoldEnd {
    type At = IncidentId;
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let kept = load(records, viewer, id, Action::HoldCase).await?;
        let hold = kept.hold.as_ref().ok_or(Problem::NotFound)?;
        let record = records::open(records, viewer, &object(id)).await?;
        Ok(Self {
            hold: hold.id.clone(),
            why: format!(
                "Held since {}: {}",
                date(viewer.school.date_of(hold.at)),
                hold.reason(&record)?
            ),
            kept,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let caption = format!("Case {}", self.kept.case.reference);
        let back = case::url(self.kept.case.id);
        let mut page = ActPage::new(viewer, back, caption, "End the hold", "End the hold");
        page.lead = Html::of(&InsetText::new(self.why.clone()));
        page.fields = vec![reason(
            form,
            "Why does the hold end?",
            "The case is then kept for its own time, and not longer",
            wrong,
        )];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<String>, Problem> {
        Ok(wrong.text("reason", &form.reason, "Say why the hold ends"))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reason: String) -> Result<Entry, Problem> {
        let id = self.kept.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (now, by) = (tx.now(), tx.actor().key());
        let field = format!("{}-end", hold_field(&self.hold));
        tx.run_one(
            sql(
                "update retention_hold set ended_at = $2, ended_by = $3, sealed_end_reason = $4
                 where id = $1 and ended_at is null",
            )
            .bind(&self.hold)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &field, 0, &reason)),
        )
        .await?;
        Ok(Entry::of(EntryKind::RetentionHoldEnded, object(id)))
    }

    fn leads_to(&self) -> String {
        case::url(self.kept.case.id)
    }
}
