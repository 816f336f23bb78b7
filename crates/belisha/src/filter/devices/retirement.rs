//! A device is taken out of use. It follows from then on the group of devices that nobody has named.

use belisha_ui::{ButtonStyle, Html, Label, Textarea};
use serde::Deserialize;

use super::change;
use super::stored::Device;
use super::{list, object, stored};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::filter;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(super) fn url(device: &str) -> String {
    format!("{}/retirement", change::url(device))
}

/// A device being taken out of use.
pub(super) struct Retirement {
    device: Device,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    reason: String,
}

impl Act for Retirement {
    type At = String;
    type Form = Form;
    type Read = String;

    async fn load(records: &mut Connection, viewer: &Viewer, id: String) -> Result<Self, Problem> {
        let (_, device) = change::load(records, viewer, &id).await?;
        Ok(Self { device })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            change::url(&self.device.id),
            self.device.particulars.name.clone(),
            "Take it out of use",
            "Take it out of use",
        );
        page.send.style = ButtonStyle::Warning;
        page.lead = Html::paragraphs(
            "If it asks the filter again, it is treated like a device that nobody has named. What is in the log stays.",
        );
        page.fields = vec![Html::of(&Textarea {
            value: form.reason.clone(),
            rows: 2,
            hint: Some("Such as broken, sold, or lost on a trip. Name no child.".into()),
            error: wrong.at("reason"),
            ..Textarea::new("reason", Label::medium("Why?"))
        })];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<String>, Problem> {
        Ok(wrong.text("reason", &form.reason, "Say why it is taken out of use"))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, reason: String) -> Result<Entry, Problem> {
        if stored::end(tx, &self.device.id, Some(&reason)).await? == 0 {
            return Err(Problem::NotFound);
        }
        filter::ask(tx).await?;
        Ok(
            Entry::of(EntryKind::FilterDeviceRetired, object(&self.device.id))
                .fact("group", &self.device.particulars.group),
        )
    }

    fn leads_to(&self) -> String {
        list::url()
    }
}
