//! One referral: why, to whom, how they are reached, and what has happened with it.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::ids::IncidentId;
use belisha_rules::referrals::{State, Step, next};
use belisha_ui::{
    BackLink, Button, Column, Frame, Html, SummaryList, SummaryRow, Table, Tag, TagColour,
};

use super::queries::{Referral, of_case};
use super::step;
use crate::agencies::{self, agency, contact};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::incidents::case;
use crate::incidents::queries::{self, Case, object};
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::viewer::Viewer;
use crate::web::path::Path;
use crate::web::words::{date, deadline, moment_at};

/// Where a referral stands.
pub(super) fn url(id: IncidentId, referral: &str) -> String {
    format!("/incidents/{id}/referrals/{referral}")
}

#[derive(Template)]
#[template(path = "referrals/show.html")]
struct ShowPage {
    frame: Frame,
    back: BackLink,
    reference: String,
    title: String,
    state: Tag,
    why: Html,
    summary: SummaryList,
    reach: Vec<(String, SummaryList)>,
    steps: Option<Table>,
    acts: Vec<Button>,
}

/// The referral of this case with this id.
pub(super) async fn find(
    connection: &mut Connection,
    id: IncidentId,
    referral: &str,
) -> Result<Referral, Problem> {
    of_case(connection, id)
        .await?
        .into_iter()
        .find(|one| one.id == referral)
        .ok_or(Problem::NotFound)
}

/// Why the referral is made.
pub(super) async fn why(
    connection: &mut Connection,
    record: &OpenRecord,
    referral: &str,
) -> Result<String, Fault> {
    let row = sql("select sealed_why from referral where id = $1")
        .bind(referral)
        .one(connection)
        .await?;
    record.read(
        &format!("referral-{referral}"),
        0,
        &row.get::<Vec<u8>>("sealed_why")?,
    )
}

/// The agencies in words: "Police or Children’s social care".
pub(super) fn to_whom(referral: &Referral) -> String {
    let names: Vec<&str> = match &referral.sent_to {
        Some(agency) => vec![agencies::name(agency)],
        None => referral
            .agencies
            .iter()
            .map(|agency| agencies::name(agency))
            .collect(),
    };
    belisha_policy::or(&names)
}

pub(super) async fn get(
    viewer: Viewer,
    Path((id, referral)): Path<(IncidentId, String)>,
) -> Result<Response, Problem> {
    case::opened(&viewer, id).await?;
    let mut records = viewer.read().await?;
    let found = queries::load(&mut records, &viewer, id).await?;
    let referral = find(&mut records, id, &referral).await?;
    let record = records::open(&mut records, &viewer, &object(id)).await?;
    let why = why(&mut records, &record, &referral.id).await?;
    let may = found.incident.state().is_open() && found.allows(&viewer, Action::AddEntry);
    let acts = next(referral.state)
        .iter()
        .filter(|_| may)
        .map(|next| {
            let button = match next {
                Step::Sent => Button::link("Record that it was sent", ""),
                Step::Acknowledged => Button::secondary("They have it"),
                Step::Advice => Button::secondary("They advised"),
                Step::Refused => Button::secondary("They did not take it"),
                Step::Outcome => Button::secondary("Record the outcome"),
                Step::Chased => Button::secondary("I asked again"),
            };
            Button {
                href: Some(step::url(id, &referral.id, *next)),
                once: false,
                ..button
            }
        })
        .collect();
    let mut reach = Vec::new();
    for key in &referral.agencies {
        reach.push((
            agencies::name(key).to_owned(),
            how_to_reach(&mut records, key).await?,
        ));
    }
    crate::web::page(&ShowPage {
        frame: frame::of(&viewer),
        back: BackLink::to(case::url(id)),
        reference: found.reference.clone(),
        title: format!("Referral: {}", to_whom(&referral)),
        state: tag(referral.state, viewer.now),
        why: Html::paragraphs(&why),
        summary: SummaryList::new(summary(&viewer, &referral)),
        steps: steps(&mut records, &viewer, &referral, &record).await?,
        reach,
        acts,
    })
}

fn summary(viewer: &Viewer, referral: &Referral) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    if let Some(due) = referral.due_at {
        rows.push(SummaryRow::new(
            "To be sent by",
            deadline(&viewer.school, due),
        ));
    }
    if let (Some(chase), State::Sent | State::Acknowledged | State::Advised) =
        (referral.chase_on, referral.state)
    {
        rows.push(SummaryRow::new("Ask again on", date(chase)));
    }
    if referral.review.is_some() {
        rows.push(SummaryRow::new(
            "Asked for by",
            "a guided review of the case",
        ));
    }
    rows
}

async fn how_to_reach(connection: &mut Connection, key: &str) -> Result<SummaryList, Fault> {
    let mut rows = Vec::new();
    let mut say = |label: &str, words: &str| {
        if !words.is_empty() {
            rows.push(SummaryRow::new(label, words.to_owned()));
        }
    };
    let known = agency(key);
    if let Some(agency) = known {
        say("Telephone", &agency.phone);
        say("On the web", &agency.web);
        say("Hours", &agency.hours);
    }
    match contact(connection, key).await? {
        Some(contact) => {
            say("Telephone", &contact.phone);
            say("Out of hours", &contact.out_of_hours);
            say("E-mail", &contact.email);
            say("On the web", &contact.web);
            say("Note", &contact.note);
        }
        None if known.is_some_and(|agency| agency.is_local) => say(
            "Not filled in",
            "Nobody has entered how the school reaches them. Ask the school office or the local authority, and fill it in on the page of agencies.",
        ),
        None => {}
    }
    Ok(SummaryList::new(rows))
}

async fn steps(
    connection: &mut Connection,
    viewer: &Viewer,
    referral: &Referral,
    record: &OpenRecord,
) -> Result<Option<Table>, Problem> {
    let rows = sql(
        "select referral_step.id, referral_step.step, referral_step.agency, referral_step.how,
                referral_step.made_at, referral_step.made_by, referral_step.sealed_words,
                referral_step.sealed_reference
         from referral_step where referral_step.referral = $1
         order by referral_step.number",
    )
    .bind(&referral.id)
    .all(connection)
    .await?;
    let names: BTreeMap<String, String> = sql(
        "select distinct referral_step.made_by, person.name from referral_step
         join person on referral_step.made_by = 'person:' || person.id
         where referral_step.referral = $1",
    )
    .bind(&referral.id)
    .all(connection)
    .await?
    .iter()
    .map(|row| Ok((row.get("made_by")?, row.get("name")?)))
    .collect::<Result<_, Fault>>()?;
    let mut lines = Vec::new();
    for row in rows {
        let id: String = row.get("id")?;
        let step = row.read("step", Step::from_key)?;
        let words = record.read(
            &format!("step-{id}"),
            0,
            &row.get::<Vec<u8>>("sealed_words")?,
        )?;
        let reference = record.read(
            &format!("reference-{id}"),
            0,
            &row.get::<Vec<u8>>("sealed_reference")?,
        )?;
        let how = step::how_name(&row.get::<String>("how")?);
        let mut what = vec![match step {
            Step::Sent => format!(
                "Sent to {}{how}",
                agencies::name(&row.get::<String>("agency")?)
            )
            .into(),
            other => Html::from(other.name()),
        }];
        if !reference.is_empty() {
            what.push(Html::paragraphs(&format!("Reference: {reference}")));
        }
        what.push(Html::paragraphs(&words));
        let by: String = row.get("made_by")?;
        lines.push(vec![
            moment_at(&viewer.school, row.instant("made_at")?).into(),
            Html::join(&what),
            names.get(&by).cloned().unwrap_or_default().into(),
        ]);
    }
    Ok((!lines.is_empty()).then(|| {
        Table::new(
            "What has happened",
            ["When", "What", "By"].map(Column::new).to_vec(),
            lines,
        )
    }))
}

/// The state as a tag.
fn tag(state: State, now: jiff::Timestamp) -> Tag {
    let (colour, words) = match state {
        State::Due(Some(due)) if due <= now => (TagColour::Red, "to be sent, overdue"),
        State::Due(_) => (TagColour::Red, state.name()),
        State::Sent | State::Acknowledged | State::Advised | State::Refused => {
            (TagColour::Amber, state.name())
        }
        State::Ended => (TagColour::Green, state.name()),
        State::Withdrawn => (TagColour::Grey, state.name()),
    };
    Tag {
        colour,
        ..Tag::new(words)
    }
}

/// The referrals of a case, for its page.
pub(crate) async fn table(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Option<Table>, Problem> {
    let lines: Vec<Vec<Html>> = of_case(connection, case.id)
        .await?
        .iter()
        .map(|referral| {
            let by = match (referral.state, referral.due_at, referral.chase_on) {
                (State::Due(_), Some(due), _) => {
                    format!("Send by {}", deadline(&viewer.school, due))
                }
                (State::Sent | State::Acknowledged | State::Advised, _, Some(chase)) => {
                    format!("Ask again on {}", date(chase))
                }
                _ => String::new(),
            };
            vec![
                Html::link(&to_whom(referral), &url(case.id, &referral.id)),
                Html::of(&tag(referral.state, viewer.now)),
                by.into(),
            ]
        })
        .collect();
    Ok((!lines.is_empty()).then(|| Table {
        caption_hidden: true,
        ..Table::new(
            "Referrals",
            ["To", "State", "By when"].map(Column::new).to_vec(),
            lines,
        )
    }))
}

/// Links to the referrals that are due, of the whole case or of one review.
pub(crate) async fn due_links(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    review: Option<&str>,
) -> Result<Vec<Html>, Problem> {
    Ok(of_case(connection, case.id)
        .await?
        .iter()
        .filter(|one| matches!(one.state, State::Due(_)))
        .filter(|one| review.is_none() || one.review.as_deref() == review)
        .map(|one| {
            let by = one.due_at.map_or_else(String::new, |due| {
                let late = if due <= viewer.now { " (overdue)" } else { "" };
                format!(", by {}{late}", deadline(&viewer.school, due))
            });
            let link = Html::link(
                &format!("Referral to {}", to_whom(one)),
                &url(case.id, &one.id),
            );
            Html::trusted(format!("<p>{}{}</p>", link, Html::from(by)))
        })
        .collect())
}
