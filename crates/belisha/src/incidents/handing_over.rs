//! Handing over: whoever leaves a post gives each sealed case to the next holder. Other
//! cases go with the post; a concern about a headteacher is never given to the next one.

use crate::web::path::Path;
use askama::Template;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::giving as law;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{
    BackLink, Column, EmptyState, Frame, Html, Label, Select, SelectOption, Table, Textarea,
};
use serde::Deserialize;

use super::act_page::{ActPage, Wrong};
use super::queries::{self, Case, Show, object, settle};
use super::{case, entry, giving, list, readers};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

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

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    person: String,
    reason: String,
}

async fn receivers(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Vec<(PersonId, String)>, Fault> {
    giving::receivers(connection, viewer, |worn| {
        law::hand_over(&worn.identity, &worn.hats, &found.facts).is_ok()
    })
    .await
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<IncidentId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let found = queries::load(&mut records, &viewer, id).await?;
    viewer.require(Action::HandOverCase, &found.facts)?;
    let receivers = receivers(&mut records, &viewer, &found).await?;
    let form = Form::default();
    page(&viewer, &found, receivers, &form, Wrong::default(), None)
}

fn page(
    viewer: &Viewer,
    found: &Case,
    receivers: Vec<(PersonId, String)>,
    form: &Form,
    wrong: Wrong,
    submission: Option<String>,
) -> Result<Response, Problem> {
    let nobody = receivers.is_empty();
    let options = std::iter::once(SelectOption::new("", "Choose"))
        .chain(
            receivers
                .into_iter()
                .map(|(person, name)| SelectOption::new(person.to_string(), name)),
        )
        .collect();
    let mut page = ActPage::of(viewer, found, "Hand over the case", "Hand over the case");
    page.lead = Html::paragraphs(if nobody {
        "Nobody who could take this case holds a post and has an account yet. Have the next holder appointed and invited first. A concern about a headteacher is never handed to the next headteacher."
    } else {
        "The next holder of the post reads and handles the case as you do now. You can read it until you leave the post."
    });
    page.fields = vec![
        Html::of(&Select {
            chosen: Some(form.person.clone()),
            error: wrong.at("person"),
            ..Select::new("person", Label::medium("To whom?"), options)
        }),
        Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            rows: 3,
            hint: Some("What they should know first".into()),
            ..Textarea::new("reason", Label::medium("A note for the chronology"))
        }),
    ];
    page.answer(wrong, submission)
}

pub(super) async fn post(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let found = queries::load(&mut tx, &viewer, id).await?;
    viewer.require(Action::HandOverCase, &found.facts)?;
    let form = &sent.form;
    let mut wrong = Wrong::default();
    let person: Option<PersonId> = form.person.parse().ok();
    if person.is_none() {
        wrong.say("person", "Choose somebody");
    }
    wrong.need("reason", &form.reason, "Write a note");
    let (Some(person), true) = (person, wrong.is_empty()) else {
        let receivers = receivers(&mut tx, &viewer, &found).await?;
        drop(tx);
        return page(
            &viewer,
            &found,
            receivers,
            form,
            wrong,
            Some(sent.submission),
        );
    };
    tx.once(&sent.submission, &readers::url(id)).await?;
    let worn = hats::of(&mut tx, person, viewer.today()).await?;
    law::hand_over(&worn.identity, &worn.hats, &found.facts)
        .map_err(|why| giving::refused("The case was not handed over", &why))?;
    giving::give_keys(&mut tx, &viewer, &found, person).await?;
    giving::insert_reader(&mut tx, &found, person, "handed-over", None).await?;
    let record = records::open(&mut tx, &viewer, &object(id)).await?;
    let today = tx.today();
    entry::write(&mut tx, &record, id, "sharing", &form.reason, today, None).await?;
    settle(&mut tx, id).await?;
    notices::tell(
        &mut tx,
        person,
        NoticeKind::IncidentHandedOver,
        &object(id),
        false,
    )
    .await?;
    let entry = Entry::of(EntryKind::IncidentHandedOver, object(id)).fact("to", person);
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&readers::url(id)))
}
