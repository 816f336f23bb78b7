//! A new password: in place of one that was handed over, or by the person's own wish.
//! The private key moves under it, and every other way in closes.

use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_rules::ids::PersonId;
use belisha_ui::{Button, ErrorSummary, FieldError, Frame, PasswordInput};
use belisha_vault::{PasswordWrap, PersonPrivate};

use super::passwords::{self, Password};
use super::then::{self, Then};
use super::{arrival, endings, keys, second_factor, sessions, step_url};
use crate::actor::Actor;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::HalfWay;
use crate::web::route::Step;
use crate::web::sent::Sent;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    new_password: Password,
    #[serde(default)]
    then: String,
}

#[derive(Template)]
#[template(path = "accounts/new_password.html")]
struct NewPasswordPage {
    frame: Frame,
    errors: ErrorSummary,
    then: String,
    action: String,
    new_password: PasswordInput,
    save: Button,
}

impl NewPasswordPage {
    async fn of(half_way: &HalfWay, then: &str) -> Result<Self, Problem> {
        let mut records = half_way.school.database.read().await?;
        let policy = half_way.school.in_force(&mut records).await?;
        Ok(Self {
            frame: frame::of_school(&half_way.school.settings().name),
            errors: ErrorSummary::default(),
            then: then.to_owned(),
            action: step_url(Step::NewPassword),
            new_password: input(&policy.policy),
            save: Button::submit("Save the new password"),
        })
    }

    fn refused(mut self, says: String) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        self.errors = ErrorSummary::new(vec![FieldError::new("new_password", &says)]);
        self.new_password.error = Some(says);
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

/// The box in which a password is chosen, with what the policy asks of it.
pub(crate) fn input(policy: &belisha_policy::Policy) -> PasswordInput {
    PasswordInput {
        hint: Some(format!(
            "At least {} characters. Three or four words that do not belong together make a \
             good one, and you may paste it from a password manager.",
            belisha_rules::passwords::shortest(policy)
        )),
        ..PasswordInput::chosen("new_password", "New password")
    }
}

pub(crate) async fn get(half_way: HalfWay, Query(asked): Query<Then>) -> Result<Response, Problem> {
    crate::web::page(&NewPasswordPage::of(&half_way, &asked.then).await?)
}

pub(crate) async fn post(
    half_way: HalfWay,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let (school, session) = (&half_way.school, &half_way.session);
    let account = second_factor::account_of(&half_way).await?;
    let policy = {
        let mut records = school.database.read().await?;
        school.in_force(&mut records).await?
    };
    if let Err(refused) = passwords::accept(school, &policy.policy, &account, &form.new_password) {
        let page = NewPasswordPage::of(&half_way, &form.then).await?;
        return page.refused(refused.sentence());
    }
    let token = crate::viewer::token(&headers).ok_or(Problem::NotFound)?;
    let private = session
        .open_key(school, &token)?
        .ok_or_else(|| Fault::said("a session without its key came to a new password".into()))?;
    let (private, wrap) =
        passwords::wrap(school, account.person, private, &form.new_password).await?;
    let mut tx = school
        .write(Actor::Person {
            person: session.person,
            session: Some(session.id),
            factor: session.factor,
        })
        .await?;
    store(&mut tx, account.person, &wrap, &private).await?;
    endings::of_access(&mut tx, account.person, Some(session.id), "new password").await?;
    let token = sessions::renew(
        &mut tx,
        session.id,
        session.person,
        &private,
        session.factor,
        false,
    )
    .await?;
    tx.commit(Entry::of(
        EntryKind::AccountPasswordChanged,
        Object::new("account", account.person),
    ))
    .await?;
    let next = then::next(school, account.person, &form.then).await?;
    Ok(arrival::with_token(crate::web::go_to(&next), &token))
}

/// Writes a password with the key that it opens, also for the recovery kit.
pub(super) async fn store(
    tx: &mut Tx,
    person: PersonId,
    wrap: &PasswordWrap,
    private: &PersonPrivate,
) -> Result<(), Problem> {
    let now = tx.now();
    let by_recovery = keys::for_recovery(tx, person, private).await?;
    tx.run_one(
        sql("update account
             set password_record = $2, password_set_at = $3, public_key = $4, state = 'active',
                 private_key_by_recovery = $5, must_change_password = false, password_known_at = null
             where person = $1 and state <> 'disabled'")
        .bind(person.to_string())
        .bind(wrap.to_bytes())
        .bind(now)
        .bind(private.public().to_bytes().as_slice())
        .bind(by_recovery),
    )
    .await
}
