//! A device is added.

use belisha_rules::devices::Particulars;

use super::fields::Form;
use super::reading::Known;
use super::{list, object, require, stored};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::filter;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(super) fn url() -> String {
    format!("{}/new", list::url())
}

/// A device being added.
pub(super) struct Adding {
    known: Known,
}

impl Act for Adding {
    type At = ();
    type Form = Form;
    type Read = (Particulars, bool);

    async fn load(records: &mut Connection, viewer: &Viewer, (): ()) -> Result<Self, Problem> {
        require(viewer)?;
        Ok(Self {
            known: Known::load(records, viewer).await?,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            list::url(),
            "Devices",
            "Add a device",
            "Add the device",
        );
        page.fields = form.fields(&self.known, wrong);
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(Particulars, bool)>, Problem> {
        let read = form.read(&self.known, None, wrong);
        Ok(read.map(|particulars| (particulars, form.private())))
    }

    async fn act(
        self,
        tx: &mut Tx,
        _: &Viewer,
        (particulars, private): (Particulars, bool),
    ) -> Result<Entry, Problem> {
        let id = tx.school().new_row_id();
        let token = private.then(|| tx.school().new_row_id());
        stored::put(tx, &id, &particulars, token.as_deref()).await?;
        filter::ask(tx).await?;
        Ok(Entry::of(EntryKind::FilterDeviceAdded, object(&id)).fact("group", &particulars.group))
    }

    fn leads_to(&self) -> String {
        list::url()
    }
}
