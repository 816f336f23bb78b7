//! The posts: who holds each, since when, who stands in, and what cannot happen while
//! nobody does.

pub(crate) mod absence;
pub(crate) mod appoint;
pub(crate) mod decide;
pub(crate) mod end;
pub(crate) mod holdings;

use askama::Template;
use axum::response::Response;
use belisha_policy::{Post, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::appointments;
use belisha_rules::ids::PersonId;
use belisha_rules::people::Identity;
use belisha_ui::{Button, Frame, SubNavigation, WarningText};

use crate::home::frame;
use crate::people::hats;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::capital;

pub(crate) fn url() -> String {
    "/people/posts".to_owned()
}

#[derive(Template)]
#[template(path = "people/posts/posts.html")]
struct PostsPage {
    frame: Frame,
    places: SubNavigation,
    gaps: Vec<WarningText>,
    proposals: Vec<holdings::Proposal>,
    posts: Vec<Shown>,
    /// The appointments that whoever looks may not end.
    not_theirs: Vec<String>,
    appoint: Option<Button>,
}

/// One post as the page shows it.
struct Shown {
    name: String,
    holders: Vec<Holder>,
}

/// One holder, with the days on which they are away.
struct Holder {
    held: holdings::Holding,
    away: Vec<absence::Away>,
    /// Where the days are declared, for whoever may.
    declare: Option<String>,
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let appointments = RecordFacts::of(Kind::Appointment);
    viewer.require(Action::ReadAppointments, &appointments)?;
    let mut records = viewer.read().await?;
    let current = holdings::current(&mut records, viewer.today()).await?;
    let gaps = Post::all()
        .filter(|post| {
            !current
                .iter()
                .any(|held| held.post == *post && !held.deputy)
        })
        .filter_map(missing)
        .map(WarningText::new)
        .collect();
    let mut not_theirs = Vec::new();
    for held in &current {
        if !end::is_theirs(&mut records, &viewer, held).await? {
            not_theirs.push(held.id.clone());
        }
    }
    let away = absence::to_come(&mut records, viewer.today()).await?;
    let own = hats::identity(&mut records, viewer.person).await?;
    let declares = |person: PersonId| {
        let posts = current
            .iter()
            .filter(|held| held.person == person)
            .map(|held| held.post)
            .collect();
        appointments::declare_absence(&posts, &Identity::of(person), &own, viewer.access.roles())
            .is_ok()
    };
    let posts = Post::all()
        .map(|post| Shown {
            name: capital(post.name()),
            holders: current
                .iter()
                .filter(|held| held.post == post)
                .map(|held| Holder {
                    away: away.get(&held.person).cloned().unwrap_or_default(),
                    declare: declares(held.person).then(|| absence::url(held.person)),
                    held: held.clone(),
                })
                .collect(),
        })
        .filter(|shown| !shown.holders.is_empty())
        .collect();
    crate::web::page(&PostsPage {
        frame: frame::of(&viewer),
        places: super::places(&viewer),
        gaps,
        proposals: holdings::proposals(&mut records).await?,
        posts,
        not_theirs,
        appoint: viewer
            .may(Action::ProposeAppointment, &appointments)
            .is_allowed()
            .then(|| Button::link("Propose somebody for a post", appoint::url())),
    })
}

/// What cannot happen while nobody holds the post; nothing for posts that a school may
/// well do without.
fn missing(post: Post) -> Option<&'static str> {
    match post {
        Post::Headteacher => {
            Some("Nobody is headteacher: a concern about a member of staff could not be opened.")
        }
        Post::DesignatedSafeguardingLead => Some(
            "Nobody is designated safeguarding lead: a concern about a pupil would wait for a deputy.",
        ),
        Post::DeputyDesignatedSafeguardingLead => Some(
            "Nobody is deputy designated safeguarding lead: nobody stands in when the lead is away.",
        ),
        Post::OnlineSafetyCoordinator => Some(
            "Nobody is online safety co-ordinator: what the policy gives to that post waits for nobody.",
        ),
        Post::NetworkManager => {
            Some("Nobody is network manager: accounts and backups are looked after by nobody.")
        }
        Post::ChairOfGovernors => Some(
            "Nobody is chair of governors: a concern about the headteacher could not be opened.",
        ),
        Post::ViceChairOfGovernors => Some(
            "Nobody is vice-chair of governors: a concern about the chair could not be opened.",
        ),
        Post::SafeguardingGovernor => Some(
            "Nobody is safeguarding governor: the yearly review of safeguarding has no governor.",
        ),
        Post::SeniorLeader
        | Post::SpecialNeedsCoordinator
        | Post::PastoralLead
        | Post::SeniorInformationRiskOwner
        | Post::DataProtectionOfficer
        | Post::SchoolOffice => None,
    }
}
