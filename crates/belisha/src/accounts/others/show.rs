//! One person's account, and what may be done with it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use belisha_rules::access::{AccountState, Action};
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Button, Frame, Html, SummaryList, SummaryRow};

use super::{closure, factor_reset, facts_of, invite, list, load, password_reset, sessions};
use crate::db::sql;
use crate::home::frame;
use crate::people::hats;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words;

/// The page of a person's account.
pub(crate) fn url(person: PersonId) -> String {
    format!("/accounts/{person}")
}

/// A form of one button, and what it does in a sentence.
struct Act {
    url: String,
    says: &'static str,
    button: Button,
}

#[derive(Template)]
#[template(path = "accounts/others/show.html")]
struct ShowPage {
    frame: Frame,
    back: BackLink,
    name: String,
    facts: SummaryList,
    acts: Vec<Act>,
    submission: String,
}

pub(crate) async fn get(viewer: Viewer, Path(person): Path<String>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let account = load(&mut records, &viewer, &person, Action::ListAccounts).await?;
    let person = account.person;
    let worn = hats::of(&mut records, person, viewer.today()).await?;
    let row =
        sql("select count(*) as sessions from session where person = $1 and ended_at is null")
            .bind(person.to_string())
            .one(&mut records)
            .await?;
    let open: i64 = row.get("sessions")?;
    let state = account.facts.state(
        belisha_rules::accounts::needs_second_factor(&viewer.policy.policy, &worn.hats),
        None,
        viewer.today(),
        &viewer.school.settings().time_zone,
    );
    let mut rows = vec![
        SummaryRow::new("State", Html::of(&list::tag(state))),
        SummaryRow::new("Signs in as", account.sign_in_name.as_str()),
        SummaryRow::new("Posts", frame::posts_in_words(&worn.hats)),
        SummaryRow::new(
            "Second factor",
            match account.facts.has_second_factor {
                true => "Set",
                false => "Not set",
            },
        ),
        SummaryRow::new("Open sessions", open.to_string()),
    ];
    if let Some(at) = account.facts.ends_at {
        rows.push(SummaryRow::new(
            "Last day",
            words::last_day(&viewer.school, at),
        ));
    }
    crate::web::page(&ShowPage {
        frame: frame::of(&viewer),
        back: BackLink {
            text: "Accounts".into(),
            href: list::url(),
        },
        name: account.name.clone(),
        facts: SummaryList::new(rows),
        acts: acts(
            &viewer,
            person,
            state,
            account.facts.has_second_factor,
            open,
        ),
        submission: viewer.school.new_row_id(),
    })
}

fn acts(
    viewer: &Viewer,
    person: PersonId,
    state: AccountState,
    has_factor: bool,
    open: i64,
) -> Vec<Act> {
    let facts = facts_of(person);
    let may = |action| viewer.may(action, &facts).is_allowed();
    let others = viewer.person != person;
    let mut acts = Vec::new();
    if may(Action::InviteAccount) && state == AccountState::Invited {
        acts.push(Act {
            url: invite::again_url(person),
            says: "The code they had stops working. What was sealed to them meanwhile opens \
                   again when another reader adds them.",
            button: Button::submit("Make a new code"),
        });
    }
    if may(Action::EndOthersSessions) && open > 0 {
        acts.push(Act {
            url: sessions::url(person),
            says: "They are signed out everywhere at once, and can sign in again.",
            button: Button::secondary("End their sessions"),
        });
    }
    let has_password = !matches!(state, AccountState::Invited | AccountState::Disabled);
    if others && may(Action::StartReset) && has_password {
        acts.push(Act {
            url: password_reset::url(person),
            says: "For a forgotten password. They get a code and choose a new one, and still \
                   need their second factor. Cases that were sealed to them alone open again \
                   only when another reader adds them. Where that would be a loss, ask whoever \
                   runs the server for a code from the recovery kit instead: it keeps their key.",
            button: Button::secondary("Start a new password"),
        });
        if has_factor {
            acts.push(Act {
                url: factor_reset::ask_url(person),
                says: "For a lost telephone and lost recovery codes. Nothing happens until a \
                       second person agrees.",
                button: Button::secondary("Ask to reset the second factor"),
            });
        }
    }
    if others && may(Action::DisableAccount) {
        acts.push(match state {
            AccountState::Disabled => Act {
                url: closure::open_url(person),
                says: "They can sign in again. Sessions, keys and codes that ended stay ended.",
                button: Button::secondary("Open the account again"),
            },
            AccountState::Invited
            | AccountState::Pending
            | AccountState::MustEnrol
            | AccountState::MustSign
            | AccountState::Active
            | AccountState::Locked
            | AccountState::Expired => Act {
                url: closure::url(person),
                says: "They are signed out at once and cannot sign in. What they wrote stays.",
                button: Button::warning("Close the account"),
            },
        });
    }
    acts
}
