//! A destruction: a second person agrees, the keys of the case are destroyed and its rows
//! deleted, and a certificate says so.

use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::retention::{destroy, due_on};
use belisha_ui::{Checkboxes, Html, WarningText};
use serde::Deserialize;

use super::decision::{refused, summary};
use super::queries::{Kept, load, rule_of, who_may};
use super::{certificate, list};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::incidents::erasing::{self, Erased};
use crate::incidents::queries::object;
use crate::incidents::words::kind_key;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// The destruction of one case.
pub(super) struct Destruction {
    kept: Kept,
    reason: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    agree: String,
}

impl Act for Destruction {
    type At = IncidentId;
    type Form = Form;
    type Read = ();

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let kept = load(records, viewer, id, Action::DestroyCase).await?;
        let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
        destroy(&kept.standing, identity, viewer.today()).map_err(refused)?;
        let reason = match &kept.proposed {
            Some(proposed) => {
                let record = records::open(records, viewer, &object(id)).await?;
                proposed.reason(&record)?
            }
            None => String::new(),
        };
        Ok(Self { kept, reason })
    }

    fn page(&self, viewer: &Viewer, _: &Form, wrong: &Wrong) -> ActPage {
        let caption = format!("Case {}", self.kept.case.reference);
        let title = "Is this case destroyed?";
        let mut page = ActPage::new(viewer, list::url(), caption, title, "Destroy the case");
        page.lead = Html::join(&[
            Html::of(&WarningText::new(
                "This cannot be undone: not by you, not by whoever runs the server, and not with the recovery kit.",
            )),
            Html::of(&summary(viewer, &self.kept)),
            Html::paragraphs(&format!("The reason that was given: {}", self.reason)),
        ]);
        page.fields = vec![Html::of(&Checkboxes {
            error: wrong.at("agree"),
            ..Checkboxes::confirm(
                "agree",
                "I have read the case, and agree that it is destroyed",
            )
        })];
        page.also = Html::join(&[
            Html::trusted("<p>"),
            Html::link(
                "Keep it longer instead",
                &super::of_case_url(self.kept.case.id, "decision"),
            ),
            Html::trusted("</p>"),
        ]);
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<()>, Problem> {
        if form.agree.is_empty() {
            wrong.say(
                "agree",
                "Tick the box if you agree; otherwise keep it longer",
            );
            return Ok(None);
        }
        Ok(Some(()))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, (): ()) -> Result<Entry, Problem> {
        let identity = viewer.access.identity().ok_or(Problem::NotFound)?;
        destroy(&self.kept.standing, identity, tx.today()).map_err(refused)?;
        let id = self.kept.case.id;
        let witnesses = who_may(tx, &self.kept.case, Action::ReadCase).await?;
        let gone = erasing::erase(tx, id).await?;
        certify(tx, &self.kept, gone).await?;
        for witness in witnesses {
            tx.run_one(
                sql("insert into retention_witness (incident, person) values ($1, $2)")
                    .bind(id.to_string())
                    .bind(witness.person.to_string()),
            )
            .await?;
        }
        Ok(Entry::of(EntryKind::RetentionDestroyed, object(id))
            .fact("rule", rule_of(self.kept.standing.term).key())
            .fact("keys", gone.keys)
            .fact("files", gone.files))
    }

    fn leads_to(&self) -> String {
        certificate::url(self.kept.case.id)
    }
}

async fn certify(tx: &mut Tx, kept: &Kept, gone: Erased) -> Result<(), Problem> {
    let (now, by) = (tx.now(), tx.actor().key());
    let decided_by = kept
        .proposed
        .as_ref()
        .map(|proposed| format!("person:{}", proposed.by))
        .unwrap_or_default();
    let due = due_on(kept.standing.term, kept.standing.kept_until).unwrap_or(kept.closed_on);
    tx.run_one(
        sql("insert into retention_destruction (incident, reference, kind, rule, opened_on, closed_on,
                                                due_on, keys_shredded, files_destroyed, decided_by,
                                                agreed_by, destroyed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(kept.case.id.to_string())
        .bind(&kept.case.reference)
        .bind(kind_key(kept.case.kind))
        .bind(rule_of(kept.standing.term).key())
        .bind(kept.opened_on)
        .bind(kept.closed_on)
        .bind(due)
        .bind(i64::try_from(gone.keys).unwrap_or(i64::MAX))
        .bind(i64::try_from(gone.files).unwrap_or(i64::MAX))
        .bind(decided_by)
        .bind(by)
        .bind(now),
    )
    .await
}
