//! One request: who asks for what, until when, what was done and what can be done now.

use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::data_requests::Due;
use belisha_rules::ids::{DataRequestId, ExportId};
use belisha_ui::{
    BackLink, Button, Frame, Html, InsetText, Moment, SummaryList, SummaryRow, Timeline,
    TimelineItem,
};

use super::queries::{Asked, load, object};
use super::{list, step};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::schools::calendar;
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::{capital, date};

#[derive(Template)]
#[template(path = "data_requests/show.html")]
struct RequestPage {
    frame: Frame,
    back: BackLink,
    caption: String,
    asker: String,
    says: Option<InsetText>,
    facts: SummaryList,
    acts: Vec<Button>,
    packs: Vec<Html>,
    steps: Option<Timeline>,
}

pub(super) async fn get(
    viewer: Viewer,
    Path(id): Path<DataRequestId>,
) -> Result<Response, Problem> {
    opened(&viewer, id).await?;
    let mut records = viewer.read().await?;
    let asked = load(&mut records, &viewer, id, Action::ReadDataRequest).await?;
    let record = records::open(&mut records, &viewer, &object(id)).await?;
    let days = calendar::of(&mut records, &viewer.school).await?;
    let today = viewer.today();
    let due = asked.request.due(today, &days);
    let asker = record.read("asker", 0, &asked.sealed_asker)?;
    let may_answer = viewer
        .may(Action::AnswerDataRequest, &asked.facts)
        .is_allowed();
    let mut acts: Vec<Button> = Vec::new();
    if may_answer {
        acts.extend(
            asked
                .request
                .next(today, &days)
                .into_iter()
                .map(|next| Button {
                    href: Some(step::url(id, next)),
                    once: false,
                    ..Button::secondary(step::title(next))
                }),
        );
    }
    let ended = matches!(due, Due::Ended(_, _));
    if let (Some(person), false) = (asked.person, ended) {
        let is_pupil = is_pupil(&mut records, &asked).await?;
        if crate::exports::may_begin_for_person(&viewer, person, is_pupil) {
            acts.push(Button {
                href: Some(crate::exports::of_person_url(person)),
                once: false,
                ..Button::secondary("Make the pack for them")
            });
        }
    }
    crate::web::page(&RequestPage {
        frame: frame::of(&viewer),
        back: BackLink::to(list::url()),
        caption: format!("Request: {}", asked.request.kind.name()),
        asker: list::first_line(&asker),
        says: says(due),
        facts: facts(&viewer, &asked, &record, &asker, due)?,
        acts,
        packs: packs(&mut records, &asked).await?,
        steps: steps(&asked, &record)?,
    })
}

/// That it was opened is in the journal before any of it is shown.
async fn opened(viewer: &Viewer, id: DataRequestId) -> Result<(), Problem> {
    let mut tx = viewer.write().await?;
    load(&mut tx, viewer, id, Action::ReadDataRequest).await?;
    tx.commit(Entry::of(EntryKind::DataRequestOpened, object(id)))
        .await?;
    Ok(())
}

fn says(due: Due) -> Option<InsetText> {
    match due {
        Due::Waits { for_identity } => Some(InsetText::new(format!(
            "Check first who asks, and that they may. If you do it today, the answer is due by {}.",
            date(for_identity)
        ))),
        Due::Paused { .. } => Some(InsetText::new(
            "They were asked what they mean. Until they answer, the clock stands still.",
        )),
        Due::On(_) | Due::Ended(_, _) => None,
    }
}

fn facts(
    viewer: &Viewer,
    asked: &Asked,
    record: &OpenRecord,
    asker: &str,
    due: Due,
) -> Result<SummaryList, Fault> {
    let reach = asker.lines().skip(1).collect::<Vec<_>>().join(" ");
    let about = record.read("about", 0, &asked.sealed_about)?;
    let about: Html = match asked.person {
        Some(person) => Html::link(&about, &crate::people::person::url(person)),
        None if asked.request.kind.is_about_a_person() => {
            format!("{about} (not on the register)").into()
        }
        None => about.into(),
    };
    Ok(SummaryList::new(vec![
        SummaryRow::new("Where it stands", list::standing(viewer, due)),
        SummaryRow::new("Received", date(asked.request.received_on)),
        SummaryRow::new("About", about),
        SummaryRow::new("Reached", reach),
        SummaryRow::new(
            "Asks for",
            Html::paragraphs(&record.read("words", 0, &asked.sealed_words)?),
        ),
    ]))
}

async fn is_pupil(connection: &mut Connection, asked: &Asked) -> Result<bool, Fault> {
    let Some(person) = asked.person else {
        return Ok(false);
    };
    let row = sql("select standing from person where id = $1")
        .bind(person.to_string())
        .one(connection)
        .await?;
    Ok(row.get::<String>("standing")? == "pupils")
}

/// The packs that were made for the person since they asked.
async fn packs(connection: &mut Connection, asked: &Asked) -> Result<Vec<Html>, Fault> {
    let Some(person) = asked.person else {
        return Ok(Vec::new());
    };
    sql("select id, state from export
         where about = $1 and purpose = 'subject-access' and begun_at >= $2
         order by begun_at, id")
    .bind(format!("person:{person}"))
    .bind(asked.recorded_at)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        let id: ExportId = row.read("id", |text| text.parse().ok())?;
        let state = match row.get::<String>("state")?.as_str() {
            "finished" => "finished",
            "abandoned" => "given up",
            _ => "begun",
        };
        Ok(Html::join(&[
            Html::link("The pack for them", &crate::exports::show_url(id)),
            format!(", {state}").into(),
        ]))
    })
    .collect()
}

fn steps(asked: &Asked, record: &OpenRecord) -> Result<Option<Timeline>, Fault> {
    let mut items = Vec::new();
    for step in asked.steps.iter().rev() {
        let words = record.read(&format!("step-{}", step.id), 0, &step.sealed_words)?;
        items.push(TimelineItem {
            by: (!step.by.is_empty()).then(|| step.by.clone()),
            description: Some(Html::paragraphs(&words)),
            ..TimelineItem::new(
                capital(step.step.name()),
                Moment::new(step.taken_on.to_string(), date(step.taken_on)),
            )
        });
    }
    Ok((!items.is_empty()).then(|| Timeline::new(items)))
}
