//! The next school's word that the file arrived.

use belisha_rules::ids::ExportId;
use belisha_ui::{DateInput, Html, TextInput};
use jiff::civil::Date;
use serde::Deserialize;

use super::begin::entry_object;
use super::pack::{Loaded, load};
use super::show_url;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::words::read_date;
use crate::web::wrong::Wrong;

/// The recording of a receipt.
pub(super) struct Receipt(Loaded);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    by: String,
    on_day: String,
    on_month: String,
    on_year: String,
}

impl Act for Receipt {
    type At = ExportId;
    type Form = Form;
    type Read = (String, Date);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: ExportId,
    ) -> Result<Self, Problem> {
        let loaded = load(records, viewer, id).await?;
        if loaded.receipt_due_on.is_none() || loaded.received_on.is_some() {
            return Err(Problem::GoTo(show_url(id)));
        }
        Ok(Self(loaded))
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            show_url(self.0.id),
            self.0.pack.about.clone(),
            "Record that it arrived",
            "Record the receipt",
        );
        page.fields = vec![
            Html::of(&TextInput {
                value: form.by.clone(),
                error: wrong.at("by"),
                hint: Some("A person at the next school, and how they said it".into()),
                ..TextInput::new("by", "Who confirmed it?")
            }),
            Html::of(&DateInput {
                day: form.on_day.clone(),
                month: form.on_month.clone(),
                year: form.on_year.clone(),
                error: wrong.at("on-day"),
                ..DateInput::new("on", "On which day did it arrive?")
            }),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(String, Date)>, Problem> {
        let by = wrong.text("by", &form.by, "Say who confirmed it");
        let on = read_date(&form.on_day, &form.on_month, &form.on_year)
            .filter(|on| *on <= viewer.today());
        if on.is_none() {
            wrong.say("on-day", "Enter a day up to today, such as 27 3 2026");
        }
        Ok(by.zip(on))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, said: (String, Date)) -> Result<Entry, Problem> {
        let (by, on) = said;
        let school = tx.school().clone();
        let sealed = self.0.record.seal(&school, "receipt", 0, &by);
        tx.run_one(
            sql("update export set received_on = $2, sealed_receipt = $3 where id = $1 and received_on is null")
                .bind(self.0.id.to_string())
                .bind(on)
                .bind(sealed),
        )
        .await?;
        let object = super::pack::object(self.0.id);
        if let Some(person) = self
            .0
            .begun_by
            .strip_prefix("person:")
            .and_then(|person| person.parse().ok())
        {
            notices::settled(tx, person, NoticeKind::ExportNotReceived, &object).await?;
        }
        Ok(Entry::of(
            EntryKind::ExportReceived,
            entry_object(self.0.id, &self.0.cases),
        )
        .fact("export", self.0.id)
        .fact("on", on))
    }

    fn leads_to(&self) -> String {
        show_url(self.0.id)
    }
}
