//! The list of accounts: who can sign in, and how each account stands.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{AccountState, Action, Kind, RecordFacts};
use belisha_rules::ids::PersonId;
use belisha_ui::{Button, Column, EmptyState, Frame, Html, Table, Tag, TagColour};

use super::{factor_reset, guests, invite, show};
use crate::accounts::standing::AccountFacts;
use crate::db::sql;
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words;

/// The list.
pub(crate) fn url() -> String {
    "/accounts".to_owned()
}

#[derive(Template)]
#[template(path = "accounts/others/list.html")]
struct ListPage {
    frame: Frame,
    invite: Option<Button>,
    guest: Option<Button>,
    resets_url: Option<String>,
    accounts: Table,
    empty: Option<EmptyState>,
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let any = RecordFacts::of(Kind::Account);
    viewer.require(Action::ListAccounts, &any)?;
    let may = |action| viewer.may(action, &any).is_allowed();
    let rows = rows(&viewer).await?;
    let columns = [
        Column::new("Name"),
        Column::new("State"),
        Column::new("Second factor"),
        Column::new("Last sign-in"),
        Column::numeric("Sessions"),
    ];
    crate::web::page(&ListPage {
        frame: frame::of(&viewer),
        invite: may(Action::InviteAccount).then(|| Button::link("Invite somebody", invite::url())),
        guest: may(Action::InviteAccount).then(|| Button {
            style: belisha_ui::ButtonStyle::Secondary,
            ..Button::link("Open a guest account", guests::url())
        }),
        resets_url: may(Action::ApproveFactorReset).then(factor_reset::list_url),
        empty: rows.is_empty().then(|| {
            EmptyState::new(
                "Nobody has an account yet",
                "Everybody who can sign in is listed here, with the state of the account.",
            )
        }),
        accounts: Table {
            caption_hidden: true,
            ..Table::new("Accounts", columns.into(), rows)
        },
    })
}

async fn rows(viewer: &Viewer) -> Result<Vec<Vec<Html>>, Fault> {
    let mut records = viewer.read().await?;
    sql(
        "select account.person, account.state, account.ends_at, account.must_change_password,
                account.second_factor_at, account.password_known_at,
                person.name, person.starts_on, person.ends_on,
                (select max(session.started_at) from session
                 where session.person = account.person) as last_at,
                (select count(*) from session
                 where session.person = account.person and session.ended_at is null) as sessions
         from account join person on person.id = account.person
         order by person.sort_name, person.id",
    )
    .all(&mut records)
    .await?
    .iter()
    .map(|row| {
        let person: PersonId = row.read("person", |text| text.parse().ok())?;
        let name: String = row.get("name")?;
        let facts = AccountFacts::read(row)?;
        let state = facts.state(
            false,
            None,
            viewer.today(),
            &viewer.school.settings().time_zone,
        );
        Ok(vec![
            Html::link(&name, &show::url(person)),
            Html::of(&tag(state)),
            match facts.has_second_factor {
                true => "Set".into(),
                false => "Not set".into(),
            },
            row.instant_optional("last_at")?.map_or_else(
                || "Never".into(),
                |at| words::moment_at(&viewer.school, at).into(),
            ),
            row.get::<i64>("sessions")?.to_string().into(),
        ])
    })
    .collect()
}

/// An account's state in one or two words.
pub(super) fn tag(state: AccountState) -> Tag {
    let (text, colour) = match state {
        AccountState::Invited => ("Invited", TagColour::Amber),
        AccountState::Pending => ("Waits for approval", TagColour::Amber),
        AccountState::MustEnrol => ("Must enrol", TagColour::Amber),
        AccountState::MustSign => ("Must sign", TagColour::Amber),
        AccountState::Active => ("Active", TagColour::Plain),
        AccountState::Locked => ("Password known", TagColour::Red),
        AccountState::Expired => ("Ended", TagColour::Grey),
        AccountState::Disabled => ("Closed", TagColour::Grey),
    };
    Tag {
        colour,
        ..Tag::new(text)
    }
}
