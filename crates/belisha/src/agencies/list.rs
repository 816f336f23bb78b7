//! The page of agencies: whom to reach for what, and which of those nearby are missing.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, Frame, Html, SummaryList, SummaryRow, Tag, TagColour};

use super::contact::{self, Contact};
use super::directory::{Agency, all};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::date;

/// Where the agencies stand.
pub(crate) fn url() -> String {
    "/agencies".to_owned()
}

/// One agency on the page.
struct Line {
    name: &'static str,
    is_missing: Option<Tag>,
    facts: SummaryList,
    fill_in: Option<Button>,
}

#[derive(Template)]
#[template(path = "agencies/list.html")]
struct ListPage {
    frame: Frame,
    log: String,
    checked_on: String,
    nearby: Vec<Line>,
    national: Vec<Line>,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let school = RecordFacts::of(Kind::School);
    viewer.require(Action::ReadSchool, &school)?;
    let may_edit = viewer.may(Action::EditAgencies, &school).is_allowed();
    let mut records = viewer.read().await?;
    let (mut nearby, mut national) = (Vec::new(), Vec::new());
    for agency in &all().agencies {
        if agency.is_local {
            let contact = contact::contact(&mut records, &agency.key).await?;
            nearby.push(line(agency, contact, may_edit));
        } else {
            national.push(line(agency, None, false));
        }
    }
    crate::web::page(&ListPage {
        frame: frame::of(&viewer),
        log: crate::referrals::log_url(),
        checked_on: all()
            .checked_on
            .parse()
            .map_or_else(|_| all().checked_on.clone(), date),
        nearby,
        national,
    })
}

/// The site of an address, which is enough to find the source again.
fn host(address: &str) -> &str {
    let after = address.split_once("//").map_or(address, |(_, after)| after);
    after.split('/').next().unwrap_or(after)
}

fn line(agency: &'static Agency, contact: Option<Contact>, may_edit: bool) -> Line {
    let mut facts = Vec::new();
    let mut say = |label: &str, words: &str| {
        if !words.is_empty() {
            facts.push(SummaryRow::new(label, words.to_owned()));
        }
    };
    say("For", &agency.purpose);
    say("When", &agency.when);
    say("Not for", &agency.not_for);
    say("Telephone", &agency.phone);
    let missing = agency.is_local && contact.is_none();
    if let Some(contact) = contact {
        say("Telephone", &contact.phone);
        say("Out of hours", &contact.out_of_hours);
        say("E-mail", &contact.email);
        say("On the web", &contact.web);
        say("Note", &contact.note);
        say("Checked on", &date(contact.checked_on));
    }
    say("Hours", &agency.hours);
    if !agency.web.is_empty() {
        let link = Html::link(&agency.web, &agency.web);
        facts.push(SummaryRow::new("On the web", link));
    }
    if agency.check_first {
        facts.push(SummaryRow::new(
            "Check first",
            "The source of this number is old or second-hand. Check it before you rely on it.",
        ));
    }
    let sources: Vec<&str> = agency.sources.iter().map(|at| host(at)).collect();
    if !sources.is_empty() {
        facts.push(SummaryRow::new("Found at", sources.join(", ")));
    }
    Line {
        name: &agency.name,
        is_missing: missing.then(|| Tag {
            colour: TagColour::Red,
            ..Tag::new("Not filled in")
        }),
        facts: SummaryList::new(facts),
        fill_in: may_edit.then(|| Button {
            href: Some(contact::url(&agency.key)),
            once: false,
            ..Button::secondary(if missing {
                format!("Fill in: {}", agency.name)
            } else {
                format!("Change or confirm: {}", agency.name)
            })
        }),
    }
}
