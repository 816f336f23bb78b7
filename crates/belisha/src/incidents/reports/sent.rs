//! Confirmation: the report was sent, its reference, and who was told.

use crate::web::path::Path;
use askama::Template;
use axum::response::Response;
use belisha_policy::Post;
use belisha_policy::Word as _;
use belisha_rules::ids::ReportId;
use belisha_rules::routing::{MatterRoute, OutOfHours, Route, route_for};
use belisha_ui::{Button, Frame, Panel, WarningText};

use super::show::{OwnReport, load};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

pub(super) fn url(id: ReportId) -> String {
    format!("/reports/{id}/sent")
}

/// The report that an address of a confirmation names; none where it is the plain one.
pub(super) fn id_in(url: &str) -> Option<ReportId> {
    url.strip_prefix("/reports/")?
        .strip_suffix("/sent")?
        .parse()
        .ok()
}

/// What is said of recipients to whoever may not follow the report.
pub(super) const PLAIN: &str = "It has gone to whoever the policy names for it.";

/// The confirmation that says nothing of the report, for whoever may not read it.
pub(super) fn plain_url() -> String {
    "/reports/sent".to_owned()
}

#[derive(Template)]
#[template(path = "incidents/reports/sent.html")]
struct ReportSentPage {
    frame: Frame,
    panel: Panel,
    told: String,
    danger: WarningText,
    mine: Button,
}

pub(super) async fn get(viewer: Viewer, Path(id): Path<ReportId>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let report = load(&mut records, &viewer, id).await?;
    let told = told(&mut records, &viewer, &report).await?;
    page(
        &viewer,
        Panel::with_reference("Report sent", "Your reference", &report.reference),
        told,
    )
}

pub(super) async fn get_plain(viewer: Viewer) -> Result<Response, Problem> {
    page(&viewer, Panel::new("Report sent"), PLAIN.to_owned())
}

fn page(viewer: &Viewer, panel: Panel, told: String) -> Result<Response, Problem> {
    crate::web::page(&ReportSentPage {
        frame: frame::of(viewer),
        panel,
        told,
        danger: WarningText::new(
            "If a child is in danger now, ring 999. Do not wait for an answer here.",
        ),
        mine: Button::link("See my reports", super::own::url()),
    })
}

/// Who was told, by post and never by name.
pub(super) async fn told(
    connection: &mut Connection,
    viewer: &Viewer,
    report: &OwnReport,
) -> Result<String, Fault> {
    let rows = sql("select distinct post_holding.post
         from incident_reader
         join post_holding on post_holding.person = incident_reader.person
              and post_holding.from_on <= $2
              and (post_holding.until_on is null or post_holding.until_on >= $2)
         where incident_reader.incident = $1 and incident_reader.why = 'first'")
    .bind(report.incident.to_string())
    .bind(viewer.school.date_of(report.reported_at))
    .all(connection)
    .await?;
    let mut posts = Vec::new();
    for row in rows {
        posts.push(row.read("post", Post::from_key)?);
    }
    // Of somebody's several posts, the one the route names stands for them.
    let policy = &viewer.policy.policy;
    let routes = Route::all(policy);
    let (matters, hours) = (MatterRoute::all(policy), OutOfHours::of(policy));
    let mut routed: Vec<Post> = Vec::new();
    for post in route_for(report.about, &routes)
        .into_iter()
        .flat_map(|route| route.first.iter().chain(&route.next))
        .chain(matters.iter().flat_map(|matter| &matter.first))
        .chain(hours.iter().flat_map(|hours| &hours.told))
    {
        if !routed.contains(post) {
            routed.push(*post);
        }
    }
    let named: Vec<String> = routed
        .into_iter()
        .filter(|post| posts.contains(post))
        .map(|post| post.with_article().to_owned())
        .collect();
    Ok(match (named.is_empty(), posts.is_empty()) {
        (false, _) => format!("We have told {}.", belisha_policy::and(&named)),
        (true, false) => "We have told the next person in line.".to_owned(),
        (true, true) => belisha_rules::routing::NoRoute {
            about: report.about,
            gaps: Vec::new(),
        }
        .sentence()
        .to_owned(),
    })
}
