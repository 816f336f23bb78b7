//! What is written down of a device changes.

use belisha_rules::devices::Particulars;
use belisha_ui::{Html, InsetText};

use super::fields::Form;
use super::reading::Known;
use super::stored::Device;
use super::{list, object, require, retirement, stored};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::filter;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(super) fn url(device: &str) -> String {
    format!("{}/{device}", list::url())
}

/// A device being changed.
pub(super) struct Change {
    known: Known,
    device: Device,
}

/// The device in use; another was never here, or is no longer.
pub(super) async fn load(
    records: &mut Connection,
    viewer: &Viewer,
    id: &str,
) -> Result<(Known, Device), Problem> {
    require(viewer)?;
    let known = Known::load(records, viewer).await?;
    let device = known.devices.iter().find(|device| device.id == id);
    let device = device.cloned().ok_or(Problem::NotFound)?;
    Ok((known, device))
}

impl Act for Change {
    type At = String;
    type Form = Form;
    type Read = (Particulars, bool);

    async fn load(records: &mut Connection, viewer: &Viewer, id: String) -> Result<Self, Problem> {
        let (known, device) = load(records, viewer, &id).await?;
        Ok(Self { known, device })
    }

    fn blank(&self) -> Form {
        Form::of(&self.device)
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            list::url(),
            "Devices",
            self.device.particulars.name.clone(),
            "Save the change",
        );
        if let Some(token) = &self.device.token {
            page.lead = Html::of(&InsetText::new(format!(
                "Over HTTPS it asks by https://NAME/dns-query/{token}, over TLS by {token}.NAME, where NAME is the resolver’s own."
            )));
        }
        page.fields = form.fields(&self.known, wrong);
        page.also = Html::link("Take it out of use", &retirement::url(&self.device.id));
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(Particulars, bool)>, Problem> {
        let read = form.read(&self.known, Some(&self.device.id), wrong);
        Ok(read.map(|particulars| (particulars, form.private())))
    }

    async fn act(
        self,
        tx: &mut Tx,
        _: &Viewer,
        (particulars, private): (Particulars, bool),
    ) -> Result<Entry, Problem> {
        // A path stays the same as long as the device has one.
        let token = private.then(|| {
            let kept = self.device.token.clone();
            kept.unwrap_or_else(|| tx.school().new_row_id())
        });
        stored::put(tx, &self.device.id, &particulars, token.as_deref()).await?;
        filter::ask(tx).await?;
        Ok(
            Entry::of(EntryKind::FilterDeviceChanged, object(&self.device.id))
                .fact("group-before", &self.device.particulars.group)
                .fact("group", &particulars.group),
        )
    }

    fn leads_to(&self) -> String {
        list::url()
    }
}
