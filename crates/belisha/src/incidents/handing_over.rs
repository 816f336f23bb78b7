//! Handing over: whoever leaves a post gives each sealed case to the next holder. Other
//! cases go with the post; a concern about a headteacher is never given to the next one.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::giving as law;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{BackLink, Column, EmptyState, Frame, Html, Label, Select, Table, Textarea};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, Show, object, settle};
use super::{case, entry, giving, list, readers};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/handing-over")
}

/// The list of what is to be handed over before somebody leaves a post.
pub(crate) fn list_url() -> String {
    "/incidents/handing-over".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/handing_over.html")]
struct HandingOverPage {
    frame: Frame,
    back: BackLink,
    table: Option<Table>,
    empty: EmptyState,
}

pub(super) async fn list(viewer: Viewer) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let mut lines = Vec::new();
    for show in [
        Show::Open,
        Show::Closed,
        Show::LowLevel,
        Show::LowLevelClosed,
    ] {
        let (rows, _) = queries::list(&mut records, &viewer, show, 0, 500).await?;
        for row in rows {
            if !row.kind.is_sealed() {
                continue;
            }
            let found = queries::load(&mut records, &viewer, row.id).await?;
            if !found.allows(&viewer, Action::HandOverCase) {
                continue;
            }
            let given: Vec<String> = found
                .readers
                .iter()
                .filter(|reading| reading.why == "handed-over")
                .map(|reading| reading.name.clone())
                .collect();
            lines.push(vec![
                Html::link(&row.reference, &case::url(row.id)),
                super::words::kind_name(row.kind).into(),
                list::state_tag(row.state),
                given.join(", ").into(),
                Html::link("Hand it over", &url(row.id)),
            ]);
        }
    }
    crate::web::page(&HandingOverPage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url()),
        table: (!lines.is_empty()).then(|| Table {
            caption_hidden: true,
            ..Table::new(
                "Sealed cases that you hold",
                ["Case", "About", "State", "Handed over to", "Next"]
                    .map(Column::new)
                    .to_vec(),
                lines,
            )
        }),
        empty: EmptyState::new(
            "You hold no sealed case",
            "Concerns about adults that are sealed to you stand here, so that you can give each to whoever takes your post. All other cases go with the post.",
        ),
    })
}

/// The handing over of one case.
pub(super) struct HandingOver {
    case: Case,
    receivers: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    person: String,
    note: String,
}

impl Act for HandingOver {
    type At = IncidentId;
    type Form = Form;
    /// To whom, and what they should know first.
    type Read = (PersonId, String);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::HandOverCase, &case.facts)?;
        let receivers = giving::receivers(records, viewer, |worn| {
            law::hand_over(&worn.identity, &worn.hats, &case.facts).is_ok()
        })
        .await?;
        Ok(Self { case, receivers })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Hand over the case";
        let mut page = ActPage::of(viewer, &self.case, title, title);
        page.lead = Html::paragraphs(if self.receivers.is_empty() {
            "Nobody who could take this case holds a post and has an account yet. Have the next holder appointed and invited first. A concern about a headteacher is never handed to the next headteacher."
        } else {
            "The next holder of the post reads and handles the case as you do now. You can read it until you leave the post."
        });
        page.fields = vec![
            Html::of(&Select {
                chosen: Some(form.person.clone()),
                error: wrong.at("person"),
                ..Select::new(
                    "person",
                    Label::medium("To whom?"),
                    giving::options(&self.receivers),
                )
            }),
            Html::of(&Textarea {
                value: form.note.clone(),
                error: wrong.at("note"),
                rows: 3,
                hint: Some("What they should know first".into()),
                ..Textarea::new("note", Label::medium("A note for the chronology"))
            }),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(PersonId, String)>, Problem> {
        let person: Option<PersonId> = form.person.parse().ok();
        if person.is_none() {
            wrong.say("person", "Choose somebody");
        }
        let note = wrong.text("note", &form.note, "Write a note");
        Ok(person.zip(note))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (person, note): (PersonId, String),
    ) -> Result<Entry, Problem> {
        let id = self.case.id;
        let worn = hats::of(tx, person, viewer.today()).await?;
        law::hand_over(&worn.identity, &worn.hats, &self.case.facts)
            .map_err(|why| giving::refused("The case was not handed over", &why))?;
        giving::give_keys(tx, viewer, &self.case, person).await?;
        giving::insert_reader(tx, &self.case, person, "handed-over", None).await?;
        let record = records::open(tx, viewer, &object(id)).await?;
        let today = tx.today();
        entry::write(tx, &record, id, "sharing", &note, today, None).await?;
        settle(tx, id).await?;
        let kind = NoticeKind::IncidentHandedOver;
        notices::tell(tx, person, kind, &object(id), false).await?;
        Ok(Entry::of(EntryKind::IncidentHandedOver, object(id)).fact("to", person))
    }

    fn leads_to(&self) -> String {
        readers::url(self.case.id)
    }
}
