//! A code from the school: it opens a new account, or lets somebody who forgot the
//! password choose another. Each works once and not for long.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_rules::accounts::{self, Link, LinkRefused, Purpose};
use belisha_ui::{Button, ErrorSummary, FieldError, Frame, PasswordInput, TextInput};
use belisha_vault::{PasswordWrap, PersonPrivate};
use jiff::Timestamp;

use super::codes::Code;
use super::guesses::{self, GuessAt};
use super::passwords::{self, Password};
use super::standing::{self, Stored};
use super::{arrival, endings, keys, new_password};
use crate::actor::{Actor, Factor};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::school::{InForce, School};
use crate::tx::Tx;
use crate::viewer::Here;
use crate::web::sent::Sent;

/// The page on which a code is typed.
pub(crate) fn url() -> String {
    "/invitation".to_owned()
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    code: String,
    new_password: Password,
}

#[derive(Template)]
#[template(path = "accounts/invitation.html")]
struct InvitationPage {
    frame: Frame,
    errors: ErrorSummary,
    action: String,
    code: TextInput,
    new_password: PasswordInput,
    open: Button,
}

impl InvitationPage {
    fn of(here: &Here, policy: &InForce) -> Self {
        Self {
            frame: frame::of_school(&here.school.settings().name),
            errors: ErrorSummary::default(),
            action: url(),
            code: TextInput {
                hint: Some("Sixteen letters and figures, such as ABCD EFGH IJKL MNOP".into()),
                autocomplete: Some("off".into()),
                spellcheck: Some(false),
                ..TextInput::new("code", "Code from the school")
            },
            new_password: new_password::input(&policy.policy),
            open: Button::submit("Continue"),
        }
    }

    fn refused(mut self, typed: String, field: &str, says: &str) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        self.code.value = typed;
        match field {
            "code" => self.code.error = Some(says.to_owned()),
            _ => self.new_password.error = Some(says.to_owned()),
        }
        self.errors = ErrorSummary::new(vec![FieldError::new(field, says)]);
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

pub(crate) async fn get(here: Here) -> Result<Response, Problem> {
    let policy = in_force(&here.school).await?;
    crate::web::page(&InvitationPage::of(&here, &policy))
}

pub(crate) async fn post(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let school = &here.school;
    let policy = in_force(school).await?;
    let page = InvitationPage::of(&here, &policy);
    let guess = match guesses::begin(school, GuessAt::Invitation, "", None, here.address).await? {
        Ok(guess) => guess,
        Err(later) => return page.refused(form.code, "code", later.sentence()),
    };
    let Some(given) = find(school, &form.code).await? else {
        guess.was_wrong(school, None).await?;
        return page.refused(form.code, "code", LinkRefused::Used.sentence());
    };
    if let Err(refused) =
        passwords::accept(school, &policy.policy, &given.account, &form.new_password)
    {
        return page.refused(form.code, "new_password", &refused.sentence());
    }
    let person = given.account.person;
    let (private, is_new_key) = given.open(school).await?;
    let (private, wrap) = passwords::wrap(school, person, private, &form.new_password).await?;

    let mut tx = school
        .write(Actor::Person {
            person,
            session: None,
            factor: Factor::Password,
        })
        .await?;
    guess.was_right(&mut tx).await?;
    use_up(&mut tx, &given.id).await?;
    new_password::store(&mut tx, person, &wrap, &private).await?;
    endings::of_access(&mut tx, person, None, "new password").await?;
    let lost = match is_new_key {
        true => records::forget_reader(&mut tx, person).await?,
        false => 0,
    };
    let arrival = arrival::begin(&mut tx, &here, &headers, person, &private).await?;
    let kind = match given.purpose {
        Purpose::Invitation => EntryKind::AccountOpened,
        Purpose::Reset => EntryKind::AccountPasswordChanged,
    };
    tx.commit(
        Entry::of(kind, Object::new("account", person))
            .fact("by", "a code")
            .fact("new-key", is_new_key)
            .fact("sealed-records-closed", lost),
    )
    .await?;
    Ok(arrival.on(crate::web::go_to(&crate::home::url())))
}

/// Uses a code up, with the key that waited under it.
pub(super) async fn use_up(tx: &mut Tx, id: &str) -> Result<(), Problem> {
    let now = tx.now();
    tx.run_one(
        sql(
            "update account_invitation set used_at = $2, private_key_by_code = null
             where id = $1 and used_at is null and withdrawn_at is null",
        )
        .bind(id)
        .bind(now),
    )
    .await
}

/// A code that opens something now.
struct Opening {
    id: String,
    purpose: Purpose,
    account: Stored,
    wrapped: Option<PasswordWrap>,
    code: Code,
}

impl Opening {
    /// The private key that waited under the code; a new one where none did, because
    /// whoever forgets a password loses the key that only it opened.
    async fn open(
        &self,
        school: &std::sync::Arc<School>,
    ) -> Result<(PersonPrivate, bool), Problem> {
        let Some(wrapped) = self.wrapped.clone() else {
            return Ok((keys::new(school), true));
        };
        let code = self.code.letters();
        passwords::open_under_code(school, &self.account, wrapped, code)
            .await?
            .map(|private| (private, false))
            .ok_or_else(|| Fault::said("a code no longer opens the key under it".into()).into())
    }
}

async fn find(school: &School, typed: &str) -> Result<Option<Opening>, Problem> {
    let Some(code) = Code::read(typed) else {
        return Ok(None);
    };
    let mut records = school.database.read().await?;
    let row = sql(
        "select id, person, kind, made_at, used_at, withdrawn_at, private_key_by_code
         from account_invitation where code_hash = $1",
    )
    .bind(code.hash().as_slice())
    .optional(&mut records)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let person = row.read("person", |text| text.parse().ok())?;
    let account = standing::of(&mut records, person)
        .await?
        .ok_or_else(|| Fault::said(format!("a code without an account: person {person}")))?;
    let purpose = row.read("kind", |kind| match kind {
        "invitation" => Some(Purpose::Invitation),
        "reset" => Some(Purpose::Reset),
        _ => None,
    })?;
    let over = account
        .facts
        .is_over(school.today(), &school.settings().time_zone);
    let link = Link {
        purpose,
        made_at: row.instant("made_at")?,
        used: row.instant_optional("used_at")?.is_some(),
        withdrawn: over || row.instant_optional("withdrawn_at")?.is_some(),
    };
    let now: Timestamp = school.clock.now();
    if accounts::follow(link, now).is_err() {
        return Ok(None);
    }
    let wrapped: Option<Vec<u8>> = row.get("private_key_by_code")?;
    Ok(Some(Opening {
        id: row.get("id")?,
        purpose,
        account,
        wrapped: wrapped
            .map(|bytes| PasswordWrap::from_bytes(&bytes))
            .transpose()
            .map_err(|error| Fault::at("reading a key under a code".into(), error))?,
        code,
    }))
}

async fn in_force(school: &School) -> Result<std::sync::Arc<InForce>, Problem> {
    let mut records = school.database.read().await?;
    school.in_force(&mut records).await
}
