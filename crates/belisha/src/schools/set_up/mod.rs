//! The first set-up of a school, by a one-time code that only the console shows. Each
//! step writes its rows at once, so a browser that closes loses one page at most; what
//! nobody may keep (codes, sheets of the kit) is shown once and not kept.

mod account;
mod closing;
mod code;
mod details;
mod kit;
pub(crate) mod made_up;
mod pack;
mod people;
mod second_factor;
mod sheets;
mod steps;
mod terms;

use std::sync::Arc;

use axum::http::HeaderMap;
use sha2::{Digest as _, Sha256};

use crate::accounts::codes::Code;
use crate::actor::Actor;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::Problem;
use crate::school::School;
use crate::tx::Tx;
use crate::viewer::Here;
use crate::web::cookies;
use crate::web::route::{Needs, Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/set-up", Needs::Unset, steps::get),
        post("/set-up", Needs::Unset, code::post),
        get("/set-up/school", Needs::Unset, details::get),
        post("/set-up/school", Needs::Unset, details::post),
        get("/set-up/terms", Needs::Unset, terms::get),
        post("/set-up/terms", Needs::Unset, terms::post),
        get("/set-up/people", Needs::Unset, people::get),
        post("/set-up/people", Needs::Unset, people::post),
        get("/set-up/recovery-kit", Needs::Unset, kit::get),
        post("/set-up/recovery-kit", Needs::Unset, kit::post),
        post(
            "/set-up/recovery-kit/confirmation",
            Needs::Unset,
            kit::confirm,
        ),
        post(
            "/set-up/recovery-kit/sheets.pdf",
            Needs::Unset,
            sheets::post_pdf,
        ),
        get("/set-up/policy", Needs::Unset, pack::get),
        post("/set-up/policy", Needs::Unset, pack::post),
        get("/set-up/account", Needs::Unset, account::get),
        post("/set-up/account", Needs::Unset, account::post),
        get("/set-up/second-factor", Needs::Unset, second_factor::get),
        post("/set-up/second-factor", Needs::Unset, second_factor::post),
        get("/set-up/finish", Needs::Unset, closing::get),
        post("/set-up/finish", Needs::Unset, closing::post),
    ]
}

pub(crate) fn url() -> String {
    "/set-up".to_owned()
}

/// Who acts until there are people.
const SYSTEM: &str = "set-up";

/// Shows a new one-time code on the console of a school that is not set up yet. What
/// was entered before stays; the browser that entered it keeps its access.
pub(crate) async fn say_code(school: &Arc<School>) -> anyhow::Result<()> {
    if school.settings().set_up_at.is_some() {
        return Ok(());
    }
    let code = new_code(school)
        .await
        .map_err(|problem| anyhow::anyhow!("the set-up code could not be made: {problem:?}"))?;
    say(&format!(
        "\nThis school is not set up yet.\n\n    Open {}{}\n    Code: {}\n\n\
         The code works once. Starting the server again gives a new one.\n",
        school.address,
        url(),
        code.shown()
    ));
    Ok(())
}

#[expect(
    clippy::print_stderr,
    reason = "the code is for whoever stands at the console, and for no log"
)]
fn say(words: &str) {
    eprintln!("{words}");
}

/// Makes a code in place of the one before.
pub(crate) async fn new_code(school: &Arc<School>) -> Result<Code, Problem> {
    let code = Code::new(school);
    let mut tx = school.write(Actor::School(SYSTEM)).await?;
    tx.run_one(
        sql(
            "insert into set_up (only_row, code_hash, wrong_codes, token_hash, kit_check)
             values (1, $1, 0, null, null)
             on conflict (only_row) do update set code_hash = excluded.code_hash, wrong_codes = 0",
        )
        .bind(code.hash().as_slice()),
    )
    .await?;
    tx.commit(entry("code")).await?;
    Ok(code)
}

/// Lets only the browser in that gave the code.
async fn begun(here: &Here, headers: &HeaderMap) -> Result<(), Problem> {
    let hash: Option<Vec<u8>> = sql("select token_hash from set_up where only_row = 1")
        .optional(&mut here.school.database.read().await?)
        .await?
        .map(|row| row.get("token_hash"))
        .transpose()?
        .flatten();
    let given = cookies::value(headers, cookies::SET_UP)
        .map(|token| Sha256::digest(token.as_bytes()).to_vec());
    match (hash, given) {
        (Some(kept), Some(given))
            if bool::from(subtle::ConstantTimeEq::ct_eq(&kept[..], &given)) =>
        {
            Ok(())
        }
        _ => Err(Problem::GoTo(url())),
    }
}

/// Begins to write a step.
async fn write(here: &Here) -> Result<Tx, Problem> {
    Ok(here.school.write(Actor::School(SYSTEM)).await?)
}

/// The entry of a step.
fn entry(step: &'static str) -> Entry {
    Entry::of(EntryKind::SchoolChanged, Object::new("school", "set-up")).fact("step", step)
}

/// Which steps are done.
struct Done {
    details: bool,
    terms: bool,
    people: bool,
    kit: bool,
    pack: bool,
    /// Of whoever sets the school up, with a second factor.
    account: bool,
}

impl Done {
    async fn of(connection: &mut Connection) -> Result<Self, Problem> {
        let row = sql(
            "select (select count(*) from school) as details,
                    (select count(*) from school_term) as terms,
                    (select count(*) from post_holding) as people,
                    (select count(*) from recovery_kit where confirmed_at is not null and retired_at is null) as kit,
                    (select count(*) from policy_version) as pack,
                    (select count(*) from account where second_factor_at is not null) as account",
        )
        .one(connection)
        .await?;
        let some = |column: &str| row.get::<i64>(column).map(|count| count > 0);
        Ok(Self {
            details: some("details")?,
            terms: some("terms")?,
            people: some("people")?,
            kit: some("kit")?,
            pack: some("pack")?,
            account: some("account")?,
        })
    }

    /// What the first account rests on: a person, a kit that keeps their key, a policy that says what a
    /// password must be.
    fn before_account(&self) -> bool {
        self.details && self.terms && self.people && self.kit && self.pack
    }

    fn all(&self) -> bool {
        self.before_account() && self.account
    }
}
