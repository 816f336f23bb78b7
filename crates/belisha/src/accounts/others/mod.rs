//! Other people's accounts, for those who run them: who has one, how it stands, and
//! the acts by which it is opened, closed and helped out. None of them shows or
//! chooses a password.

pub(super) mod closure;
pub(super) mod factor_reset;
pub(super) mod guests;
pub(super) mod invite;
pub(crate) mod list;
pub(super) mod password_reset;
pub(super) mod sessions;
pub(crate) mod show;

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Frame, Panel, WarningText};

use super::codes::Code;
use super::standing::{self, Stored};
use crate::db::Connection;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;

/// What the rules ask about one person's account.
pub(super) fn facts_of(person: PersonId) -> RecordFacts {
    let mut facts = RecordFacts::of(Kind::Account);
    facts.owners.push(person);
    facts
}

/// An account that the viewer may do this with; for whom the two look the same, one
/// that is not there is one that may not be known.
pub(super) async fn load(
    connection: &mut Connection,
    viewer: &Viewer,
    person: &str,
    action: Action,
) -> Result<Stored, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    viewer.require(action, &facts_of(person))?;
    standing::of(connection, person)
        .await?
        .ok_or(Problem::NotFound)
}

/// Nobody closes, opens or resets their own account.
pub(super) fn not_oneself(viewer: &Viewer, person: PersonId) -> Result<(), Problem> {
    if viewer.person == person {
        return Err(Problem::refused(
            "Not your own account",
            "This is done by somebody else who runs the accounts, so that no one person can let \
             themselves in or out. Ask the headteacher or the network manager.",
        ));
    }
    Ok(())
}

#[derive(Template)]
#[template(path = "accounts/others/code.html")]
struct CodePage {
    frame: Frame,
    back: BackLink,
    title: String,
    name: String,
    panel: Panel,
    address: String,
    lasts: &'static str,
    warning: Option<WarningText>,
}

/// The page that shows a code to whoever made it, once.
fn show_code(
    viewer: &Viewer,
    account: PersonId,
    name: &str,
    code: &Code,
    lasts: &'static str,
    warning: Option<&str>,
) -> Result<Response, Problem> {
    let address = format!("{}{}", viewer.school.address, super::invitation::url());
    crate::web::page(&CodePage {
        frame: frame::of(viewer),
        back: back(account),
        title: format!("A code for {name}"),
        name: name.to_owned(),
        panel: Panel::with_reference("The code is made", "Code", &code.shown()),
        address,
        lasts,
        warning: warning.map(WarningText::new),
    })
}

fn back(person: PersonId) -> BackLink {
    BackLink {
        text: "The account".into(),
        href: show::url(person),
    }
}
