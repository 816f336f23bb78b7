//! A person's own account: what opens it, where it is open, and how to change that.

pub(super) mod factor;
pub(super) mod known;
pub(super) mod password;
pub(super) mod sessions;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{Button, Frame, NotificationBanner, SummaryList, SummaryRow, Table};

use super::standing::{self, Stored};
use crate::db::sql;
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words;

/// The page.
pub(crate) fn url() -> String {
    "/account".to_owned()
}

/// The page, after something was done there.
pub(super) fn url_after(done: Done) -> String {
    format!("{}?done={}", url(), done.key())
}

/// What was just done, for the banner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Password,
    Session,
    Sessions,
}

impl Done {
    const ALL: [Self; 3] = [Self::Password, Self::Session, Self::Sessions];

    fn key(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Session => "session",
            Self::Sessions => "sessions",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Password => {
                "Your password is changed. Everywhere else you are signed out, and your keys \
                 for programs have ended."
            }
            Self::Session => "That session has ended.",
            Self::Sessions => "Everywhere else you are signed out.",
        }
    }
}

#[derive(Debug, Default, serde::Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "accounts/own/account.html")]
struct AccountPage {
    frame: Frame,
    facts: SummaryList,
    has_factor: bool,
    new_codes_url: String,
    new_codes: Button,
    sessions: Table,
    end_others_url: String,
    end_others: Button,
    known_url: String,
    keys_url: Option<String>,
}

pub(crate) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let account = load(&viewer).await?;
    let mut frame = frame::of(&viewer);
    frame.banner = Done::ALL
        .into_iter()
        .find(|done| done.key() == asked.done)
        .map(|done| NotificationBanner::success(done.sentence()));
    let may_make_keys = viewer
        .may(Action::IssueApiToken, &RecordFacts::of(Kind::ApiToken))
        .is_allowed();
    crate::web::page(&AccountPage {
        facts: facts(&viewer, &account).await?,
        has_factor: account.facts.has_second_factor,
        new_codes_url: factor::codes_url(),
        new_codes: Button::secondary("Make new recovery codes"),
        sessions: sessions::table(&viewer).await?,
        end_others_url: sessions::others_url(),
        end_others: Button::secondary("Sign out everywhere else"),
        known_url: known::url(),
        keys_url: may_make_keys.then(crate::api::tokens::url),
        frame,
    })
}

/// The viewer's own account, which everybody may use who has one.
pub(super) async fn load(viewer: &Viewer) -> Result<Stored, Problem> {
    let mut facts = RecordFacts::of(Kind::Account);
    facts.owners.push(viewer.person);
    viewer.require(Action::UseOwnAccount, &facts)?;
    let mut records = viewer.read().await?;
    standing::of(&mut records, viewer.person)
        .await?
        .ok_or(Problem::NotFound)
}

async fn facts(viewer: &Viewer, account: &Stored) -> Result<SummaryList, Fault> {
    let mut records = viewer.read().await?;
    let row = sql("select password_set_at, second_factor_at,
                (select count(*) from account_recovery_code
                 where account_recovery_code.person = account.person and used_at is null) as codes
         from account where person = $1")
    .bind(viewer.person.to_string())
    .one(&mut records)
    .await?;
    let set_on = |column: &str| -> Result<Option<String>, Fault> {
        Ok(row
            .instant_optional(column)?
            .map(|at| format!("Set on {}", words::date(viewer.school.date_of(at)))))
    };
    let password = set_on("password_set_at")?.unwrap_or_else(|| "Not set".into());
    let factor = set_on("second_factor_at")?.unwrap_or_else(|| "Not set up".into());
    let posts = frame::posts_in_words(&viewer.hats);
    let mut rows = vec![
        SummaryRow::new("Name", account.name.as_str()),
        SummaryRow::new("Signs in as", account.sign_in_name.as_str()),
        SummaryRow::new("Posts", posts),
        SummaryRow::changeable("Password", password, password::url()),
        SummaryRow::changeable("Second factor", factor, factor::url()),
    ];
    if account.facts.has_second_factor {
        let left = row.get::<i64>("codes")?;
        rows.push(SummaryRow::new(
            "Recovery codes",
            format!("{left} of 10 not used yet"),
        ));
    }
    if let Some(at) = account.facts.ends_at {
        rows.push(SummaryRow::new(
            "Last day",
            words::last_day(&viewer.school, at),
        ));
    }
    Ok(SummaryList::new(rows))
}
