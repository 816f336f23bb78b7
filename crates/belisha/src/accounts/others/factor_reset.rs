//! A second factor that is lost together with the recovery codes: one authorised
//! person asks, another agrees, and neither is its owner (OWASP ASVS 5.0.0, 6.4.4).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use belisha_policy::Post;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::accounts::{self, FactorResetRefused};
use belisha_rules::ids::PersonId;
use belisha_ui::{Button, EmptyState, Frame};
use jiff::SignedDuration;

use super::{load, not_oneself, show};
use crate::accounts::endings;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};
use crate::web::words;

/// What was asked so long ago is asked again, since nobody remembers why.
const WAITS: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) fn ask_url(person: PersonId) -> String {
    format!("/accounts/{person}/factor-reset")
}

/// The resets that wait for a second person.
pub(crate) fn list_url() -> String {
    "/accounts/factor-resets".to_owned()
}

fn agree_url(id: &str) -> String {
    format!("/accounts/factor-resets/{id}/agreement")
}

/// Asks. Nothing changes yet, but those who may agree are told.
pub(crate) async fn ask(
    viewer: Viewer,
    Path(person): Path<String>,
    Sent { submission, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let account = load(&mut tx, &viewer, &person, Action::StartReset).await?;
    not_oneself(&viewer, account.person)?;
    tx.once(&submission, &show::url(account.person)).await?;
    if !account.facts.has_second_factor {
        return Err(Problem::refused(
            "There is no second factor to reset",
            "This person has none set up. If their work needs one, the next sign-in asks for it.",
        ));
    }
    let (id, now) = (tx.school().new_row_id(), tx.now());
    tx.run_one(
        sql("insert into account_factor_reset (id, person, asked_at, asked_by, agreed_at, agreed_by, refused_at)
             values ($1, $2, $3, $4, null, null, null)")
        .bind(&id)
        .bind(account.person.to_string())
        .bind(now)
        .bind(viewer.person.to_string()),
    )
    .await?;
    tell_approvers(&mut tx, &viewer, account.person, &id).await?;
    tx.commit(
        Entry::of(
            EntryKind::AccountResetAsked,
            Object::new("account", account.person),
        )
        .fact("reset", &id),
    )
    .await?;
    Ok(crate::web::go_to(&show::url(account.person)))
}

async fn tell_approvers(
    tx: &mut Tx,
    viewer: &Viewer,
    owner: PersonId,
    id: &str,
) -> Result<(), Problem> {
    let today = tx.today();
    for post in [
        Post::Headteacher,
        Post::DesignatedSafeguardingLead,
        Post::ChairOfGovernors,
    ] {
        for (holder, deputy) in hats::holders(tx, post, today).await? {
            if !deputy && holder != viewer.person && holder != owner {
                let object = Object::new("factor-reset", id);
                notices::tell(tx, holder, NoticeKind::AccountResetToAgree, &object, true).await?;
            }
        }
    }
    Ok(())
}

/// A reset that waits.
struct Waiting {
    id: String,
    owner: PersonId,
    owner_name: String,
    asked_by: PersonId,
    asker_name: String,
    asked_at: jiff::Timestamp,
}

async fn waiting(connection: &mut Connection, viewer: &Viewer) -> Result<Vec<Waiting>, Fault> {
    let since = viewer
        .now
        .checked_sub(WAITS)
        .unwrap_or(jiff::Timestamp::MIN);
    sql(
        "select account_factor_reset.id, account_factor_reset.person, owner.name as owner_name,
                account_factor_reset.asked_by, asker.name as asker_name, account_factor_reset.asked_at
         from account_factor_reset
         join person as owner on owner.id = account_factor_reset.person
         join person as asker on asker.id = account_factor_reset.asked_by
         where account_factor_reset.agreed_at is null and account_factor_reset.refused_at is null
           and account_factor_reset.asked_at > $1
         order by account_factor_reset.asked_at, account_factor_reset.id",
    )
    .bind(since)
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(Waiting {
            id: row.get("id")?,
            owner: row.read("person", |text| text.parse().ok())?,
            owner_name: row.get("owner_name")?,
            asked_by: row.read("asked_by", |text| text.parse().ok())?,
            asker_name: row.get("asker_name")?,
            asked_at: row.instant("asked_at")?,
        })
    })
    .collect()
}

/// One line of the list; the button where the viewer may agree, otherwise why not.
struct Line {
    says: String,
    agree: Result<(String, Button), &'static str>,
}

#[derive(Template)]
#[template(path = "accounts/others/factor_reset.html")]
struct ResetsPage {
    frame: Frame,
    lines: Vec<Line>,
    submission: String,
    empty: EmptyState,
}

pub(crate) async fn list(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::ApproveFactorReset, &RecordFacts::of(Kind::Account))?;
    let mut records = viewer.read().await?;
    let lines = waiting(&mut records, &viewer)
        .await?
        .into_iter()
        .map(|reset| Line {
            says: format!(
                "{} asked on {} to reset the second factor of {}.",
                reset.asker_name,
                words::moment_at(&viewer.school, reset.asked_at),
                reset.owner_name
            ),
            agree: accounts::clear_factor(reset.owner, reset.asked_by, viewer.person)
                .map(|()| (agree_url(&reset.id), Button::submit("Agree to the reset")))
                .map_err(sentence),
        })
        .collect();
    crate::web::page(&ResetsPage {
        frame: frame::of(&viewer),
        lines,
        submission: viewer.school.new_row_id(),
        empty: EmptyState::new(
            "Nobody waits for a reset",
            "When somebody has lost their telephone and their recovery codes, the headteacher or \
             the network manager asks here, and a second person agrees.",
        ),
    })
}

fn sentence(refused: FactorResetRefused) -> &'static str {
    match refused {
        FactorResetRefused::OwnFactor => "This is your own: another person agrees to it.",
        FactorResetRefused::SamePerson => "You asked for it: another person agrees to it.",
    }
}

/// Agrees: the factor and its recovery codes are gone, and the person enrols anew.
pub(crate) async fn agree(
    viewer: Viewer,
    Path(id): Path<String>,
    Sent { submission, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let reset = waiting(&mut tx, &viewer)
        .await?
        .into_iter()
        .find(|reset| reset.id == id);
    viewer.require(Action::ApproveFactorReset, &RecordFacts::of(Kind::Account))?;
    tx.once(&submission, &list_url()).await?;
    let reset = reset.ok_or(Problem::NotFound)?;
    accounts::clear_factor(reset.owner, reset.asked_by, viewer.person)
        .map_err(|refused| Problem::refused("Another person has to agree", sentence(refused)))?;
    let now = tx.now();
    tx.run_one(
        sql(
            "update account_factor_reset set agreed_at = $2, agreed_by = $3
             where id = $1 and agreed_at is null",
        )
        .bind(&reset.id)
        .bind(now)
        .bind(viewer.person.to_string()),
    )
    .await?;
    tx.run_one(
        sql(
            "update account set totp_sealed = null, totp_last_step = null, second_factor_at = null
             where person = $1",
        )
        .bind(reset.owner.to_string()),
    )
    .await?;
    tx.run(
        sql("delete from account_recovery_code where person = $1").bind(reset.owner.to_string()),
    )
    .await?;
    endings::of_access(&mut tx, reset.owner, None, "factor reset").await?;
    let object = Object::new("account", reset.owner);
    notices::tell(
        &mut tx,
        reset.owner,
        NoticeKind::AccountChanged,
        &object,
        true,
    )
    .await?;
    tx.commit(
        Entry::of(EntryKind::AccountResetAgreed, object)
            .fact("reset", &reset.id)
            .fact("asked-by", reset.asked_by),
    )
    .await?;
    Ok(crate::web::go_to(&list_url()))
}
