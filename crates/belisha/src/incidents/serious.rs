//! What to do when something serious happens: the steps, with the people whom the policy in force
//! names and the numbers that the school has written down. For a frightened adult with a child
//! in the room, so it is short, and it prints.

use askama::Template;
use axum::response::Response;
use belisha_policy::controls::{incident_route, out_of_hours};
use belisha_policy::{About, Post, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PersonId;
use belisha_ui::{Button, Frame, SummaryList, SummaryRow};

use super::reports;
use crate::agencies;
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

pub(crate) fn url() -> String {
    "/incidents/serious".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/serious.html")]
struct SeriousPage {
    frame: Frame,
    /// Whom to tell in person, each post with whoever holds it.
    tell: Vec<String>,
    report: Button,
    /// About whom, and who hears of it.
    adults: SummaryList,
    /// What the policy says of evenings and holidays; none where it says nothing.
    shut: Option<String>,
    agencies: String,
    nearby: SummaryList,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ReadSchool, &RecordFacts::of(Kind::School))?;
    let mut records = viewer.read().await?;
    let first = |about: About| {
        let route = viewer.policy.policy.route(about);
        route.map_or_else(Vec::new, |route| route.get(&incident_route::FIRST))
    };
    let mut adults = Vec::new();
    for about in [
        About::Staff,
        About::DesignatedSafeguardingLead,
        About::Headteacher,
        About::ChairOfGovernors,
    ] {
        let told = with_holders(&mut records, &viewer, &first(about)).await?;
        if !told.is_empty() {
            let label = format!("About {}", about.name());
            adults.push(SummaryRow::new(label, belisha_policy::and(&told)));
        }
    }
    let mut nearby = Vec::new();
    for agency in agencies::all().agencies.iter().filter(|one| one.is_local) {
        let contact = agencies::contact(&mut records, &agency.key).await?;
        let words = contact.map_or_else(
            || "not filled in yet".to_owned(),
            |contact| match contact.out_of_hours.as_str() {
                "" => contact.phone,
                later => format!("{}; out of hours {later}", contact.phone),
            },
        );
        nearby.push(SummaryRow::new(agency.name.clone(), words));
    }
    crate::web::page(&SeriousPage {
        tell: with_holders(&mut records, &viewer, &first(About::PupilAtRisk)).await?,
        shut: shut(&mut records, &viewer).await?,
        frame: frame::of(&viewer),
        report: Button::link("Report a concern", reports::new_url()),
        adults: SummaryList::new(adults),
        agencies: agencies::url(),
        nearby: SummaryList::new(nearby),
    })
}

/// Each post, with the names of those who hold it today.
async fn with_holders(
    connection: &mut Connection,
    viewer: &Viewer,
    posts: &[Post],
) -> Result<Vec<String>, Fault> {
    let mut said = Vec::with_capacity(posts.len());
    for post in posts {
        let mut names = Vec::new();
        for (person, is_deputy) in hats::holders(connection, *post, viewer.today()).await? {
            let name = name_of(connection, person).await?;
            names.push(if is_deputy {
                format!("{name}, deputy")
            } else {
                name
            });
        }
        said.push(match names.is_empty() {
            true => format!("the {}", post.name()),
            false => format!("the {} ({})", post.name(), names.join("; ")),
        });
    }
    Ok(said)
}

async fn name_of(connection: &mut Connection, person: PersonId) -> Result<String, Fault> {
    sql("select name from person where id = $1")
        .bind(person.to_string())
        .one(connection)
        .await?
        .get("name")
}

async fn shut(connection: &mut Connection, viewer: &Viewer) -> Result<Option<String>, Fault> {
    let Some(bound) = viewer.policy.policy.bound(&out_of_hours::CONTROL) else {
        return Ok(None);
    };
    let told = with_holders(connection, viewer, &bound.get(&out_of_hours::TOLD)).await?;
    let number = bound.get(&out_of_hours::NUMBER);
    let mut said = Vec::new();
    if !number.is_empty() {
        said.push(format!("Ring {number}."));
    }
    if !told.is_empty() {
        said.push(format!(
            "A report that is sent then also goes at once to {}.",
            belisha_policy::and(&told)
        ));
    }
    Ok((!said.is_empty()).then(|| said.join(" ")))
}
