//! Who can see this case, and why; who could not be told; and who has opened it.

use crate::web::path::Path;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use belisha_policy::{Post, Word as _};
use belisha_rules::access::{self, AccountState, Action, Decision, Relation, Why};
use belisha_rules::calendar::Deadline;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{BackLink, Button, Column, DateInput, Frame, Html, Label, SubNavigation, Table};
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::Deserialize;

use super::queries::{self, Case, object};
use super::{case, delegation, handing_over, sharing, times, withdrawal};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::read_date;

pub(crate) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/readers")
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(rename = "on-day")]
    day: String,
    #[serde(rename = "on-month")]
    month: String,
    #[serde(rename = "on-year")]
    year: String,
}

#[derive(Template)]
#[template(path = "incidents/readers.html")]
struct ReadersPage {
    frame: Frame,
    back: BackLink,
    sections: SubNavigation,
    reference: String,
    is_sealed: bool,
    acts: Vec<Button>,
    can: Table,
    on: DateInput,
    look: Button,
    gaps: Vec<String>,
    opened: Table,
}

pub(super) async fn get(
    viewer: Viewer,
    Path(id): Path<IncidentId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let found = case::opened(&viewer, id).await?;
    let mut records = viewer.read().await?;
    let opened_on = viewer.school.date_of(found.opened_at);
    let day = read_date(&asked.day, &asked.month, &asked.year)
        .filter(|day| opened_on <= *day && *day < viewer.today());
    let (can, caption) = match day {
        None => (
            who_can(&mut records, &viewer, &found).await?,
            "Who can see this, and why".to_owned(),
        ),
        Some(day) => (
            who_could(&mut records, &viewer, &found, day).await?,
            format!("Who could see this on {}, and why", times::day(day)),
        ),
    };
    let gaps = gaps(&mut records, &found).await?;
    let opened = who_has(&mut records, &viewer, &found).await?;
    let offers = [
        (Action::ShareCase, "Share the case", sharing::url(id)),
        (
            Action::DelegateCase,
            "Delegate the case",
            delegation::url(id),
        ),
        (
            Action::HandOverCase,
            "Hand over the case",
            handing_over::url(id),
        ),
    ];
    let acts = offers
        .into_iter()
        .filter(|(action, _, _)| {
            found.allows(&viewer, *action)
                && (found.kind.is_sealed() || *action != Action::HandOverCase)
        })
        .map(|(_, text, href)| Button {
            href: Some(href),
            once: false,
            ..Button::secondary(text)
        })
        .collect();
    crate::web::page(&ReadersPage {
        frame: frame::of(&viewer),
        back: BackLink::to(super::list::url()),
        sections: case::sections(id, case::Section::Readers),
        reference: found.reference.clone(),
        is_sealed: found.kind.is_sealed(),
        acts,
        can: Table::new(caption, ["Person", "Why"].map(Column::new).to_vec(), can),
        on: DateInput {
            day: asked.day,
            month: asked.month,
            year: asked.year,
            hint: Some(format!(
                "A day from {} until yesterday. It is told from what is on record, as people’s posts were then.",
                times::day(opened_on)
            )),
            ..DateInput::new("on", Label::medium("Who could see it on another day?"))
        },
        look: Button::secondary("Show that day"),
        gaps,
        opened: Table::new(
            "Who has opened it",
            vec![
                Column::new("Person"),
                Column::numeric("Times"),
                Column::new("Last"),
            ],
            opened,
        ),
    })
}

/// Those who could read it on a day gone by, by the posts and the readers of that day.
async fn who_could(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
    day: Date,
) -> Result<Vec<Vec<Html>>, Fault> {
    let calendar = crate::schools::calendar::of(connection, &viewer.school).await?;
    // The last moment of the day: what ended with it still held then.
    let instant = calendar.passes_at(Deadline::EndOf(day)) - SignedDuration::from_millis(1);
    let facts = queries::facts_at(connection, case, instant).await?;
    let mut lines = Vec::new();
    for (person, name) in candidates(connection, case, day).await? {
        let worn = hats::of(connection, person, day).await?;
        let asked = access::Viewer::person(worn.identity, &worn.hats, AccountState::Active);
        if let Decision::Allowed(why) = access::may(&asked, Action::ReadCase, &facts, instant) {
            lines.push(vec![name.into(), why_words(why).into()]);
        }
    }
    Ok(lines)
}

/// Everybody who held a post on a day or was ever told.
async fn candidates(
    connection: &mut Connection,
    case: &Case,
    day: Date,
) -> Result<Vec<(PersonId, String)>, Fault> {
    sql(
        "select distinct person.id, person.name, person.sort_name from person
         where person.merged_into is null
           and (person.id in (select person from post_holding
                  where from_on <= $2 and (until_on is null or until_on >= $2))
                or person.id in (select person from incident_reader where incident = $1))
         order by person.sort_name, person.id",
    )
    .bind(case.id.to_string())
    .bind(day)
    .all(connection)
    .await?
    .iter()
    .map(|row| Ok((row.read("id", |text| text.parse().ok())?, row.get("name")?)))
    .collect()
}

/// Asks the decision function for everybody who holds a post or was told.
async fn who_can(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Vec<Vec<Html>>, Fault> {
    let may_end = case.allows(viewer, Action::ShareCase);
    let mut readers = Vec::new();
    for (person, name) in candidates(connection, case, viewer.today()).await? {
        let worn = hats::of(connection, person, viewer.today()).await?;
        let asked = access::Viewer::person(worn.identity, &worn.hats, AccountState::Active);
        if let Decision::Allowed(why) =
            access::may(&asked, Action::ReadCase, &case.facts, viewer.now)
        {
            let mine = || {
                case.readers
                    .iter()
                    .filter(|reading| reading.person == person)
            };
            let mut says = why_words(why).to_owned();
            if let Some(until) = mine()
                .find(|reading| matches!(reading.why.as_str(), "delegated" | "emergency"))
                .and_then(|reading| reading.until_at)
                .filter(|until| *until > viewer.now)
            {
                says = format!("{says}, until {}", times::moment(&viewer.school, until));
            }
            if !mine().all(|reading| reading.has_key) {
                says.push_str("; has no key yet, so cannot open it");
            }
            let mut cell: Vec<Html> = vec![says.into()];
            if may_end && mine().any(|reading| withdrawal::can_end(reading, viewer.now)) {
                cell.push(Html::trusted("<br>"));
                cell.push(Html::link(
                    &format!("End {name}’s access"),
                    &withdrawal::url(case.id, person),
                ));
            }
            readers.push(vec![name.into(), Html::join(&cell)]);
        }
    }
    Ok(readers)
}

fn why_words(why: Why) -> &'static str {
    match why {
        Why::Anyone => "everybody may",
        Why::OwnReport => "reported it",
        Why::Role(_) => "by their post",
        Why::Relation(_, relation) => match relation {
            Relation::Reporter => "reported it",
            Relation::Own => "it is their own",
            Relation::Cohort => "looks after the pupil’s class",
            Relation::InCharge => "was told and is in charge",
            Relation::Informed => "was told for information",
            Relation::Shared => "it was shared with them",
            Relation::Delegated => "it was delegated to them",
            Relation::HandedOver => "it was handed over to them",
            Relation::BreakGlass => "has emergency sight",
            Relation::NamedDeputy => "is the deputy named for emergencies",
        },
    }
}

/// Posts that nobody could be told for, and readers who cannot open what is sealed.
async fn gaps(connection: &mut Connection, case: &Case) -> Result<Vec<String>, Fault> {
    let rows = sql("select post, why from incident_gap where incident = $1 order by post")
        .bind(case.id.to_string())
        .all(connection)
        .await?;
    let mut gaps = Vec::new();
    for row in rows {
        let post = row.read("post", Post::from_key)?.with_article();
        let why = match row.get::<String>("why")?.as_str() {
            "excluded" => "those who hold the post may not know of it",
            "never-reads" => "the post never reads a case of this kind",
            _ => "nobody holds the post",
        };
        gaps.push(format!(
            "The policy names {post}, who could not be told: {why}."
        ));
    }
    for reading in case.readers.iter().filter(|reading| !reading.has_key) {
        gaps.push(format!(
            "{} was told and has no account with a key yet. When they have one, share the case with them.",
            reading.name
        ));
    }
    Ok(gaps)
}

async fn who_has(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<Vec<Vec<Html>>, Fault> {
    let rows = sql(
        "select person.name, person.id, count(*) as times, max(journal_entry.at_ms) as last_at
         from journal_entry join person on person.id = substr(journal_entry.actor, 8)
         where journal_entry.object = $1
           and journal_entry.action in ('incident.opened', 'file.opened', 'file.downloaded')
         group by person.name, person.id order by last_at desc, person.name",
    )
    .bind(object(case.id).as_str())
    .all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(vec![
                row.get::<String>("name")?.into(),
                row.get::<i64>("times")?.to_string().into(),
                times::moment(&viewer.school, row.instant("last_at")?).into(),
            ])
        })
        .collect()
}
