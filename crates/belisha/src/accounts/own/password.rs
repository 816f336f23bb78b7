//! A person changes their own password: the old one proves that it is they.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, PasswordInput};

use super::{Done, url_after};
use crate::accounts::devices::Device;
use crate::accounts::guesses::{self, GuessAt};
use crate::accounts::passwords::{self, Password};
use crate::accounts::{arrival, endings, new_password, sessions};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/account/password".to_owned()
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    password: Password,
    new_password: Password,
}

#[derive(Template)]
#[template(path = "accounts/own/password.html")]
struct PasswordPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    action: String,
    password: PasswordInput,
    new_password: PasswordInput,
    save: Button,
}

impl PasswordPage {
    fn of(viewer: &Viewer) -> Self {
        Self {
            frame: frame::of(viewer),
            back: BackLink {
                text: "Your account".into(),
                href: super::url(),
            },
            errors: ErrorSummary::default(),
            action: url(),
            password: PasswordInput::current("password", "Password now"),
            new_password: new_password::input(&viewer.policy.policy),
            save: Button::submit("Change the password"),
        }
    }

    fn refused(mut self, field: &str, says: &str) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        match field {
            "password" => self.password.error = Some(says.to_owned()),
            _ => self.new_password.error = Some(says.to_owned()),
        }
        self.errors = ErrorSummary::new(vec![FieldError::new(field, says)]);
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    super::load(&viewer).await?;
    crate::web::page(&PasswordPage::of(&viewer))
}

pub(crate) async fn post(
    viewer: Viewer,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    let account = super::load(&viewer).await?;
    let school = &viewer.school;
    let session = viewer.session.ok_or(Problem::NotFound)?;
    let page = PasswordPage::of(&viewer);
    let refused =
        passwords::accept(school, &viewer.policy.policy, &account, &form.new_password).err();
    if let Some(refused) = refused {
        return page.refused("new_password", &refused.sentence());
    }
    let guess = guesses::begin(
        school,
        GuessAt::Password,
        &account.sign_in_name,
        Device::of(&headers).as_ref(),
        viewer.address,
    )
    .await?;
    let guess = match guess {
        Ok(guess) => guess,
        Err(later) => return page.refused("password", later.sentence()),
    };
    let Some(private) = passwords::open(school, Some(&account), &form.password).await? else {
        guess.was_wrong(school, Some(viewer.person)).await?;
        return page.refused("password", "That is not your password now.");
    };
    let (private, wrap) =
        passwords::wrap(school, viewer.person, private, &form.new_password).await?;

    let mut tx = viewer.write().await?;
    guess.was_right(&mut tx).await?;
    new_password::store(&mut tx, viewer.person, &wrap, &private).await?;
    let ended = endings::of_access(&mut tx, viewer.person, Some(session), "new password").await?;
    if let Some(device) = Device::of(&headers) {
        device.remember(&mut tx, viewer.person).await?;
    }
    let object = Object::new("account", viewer.person);
    notices::tell(
        &mut tx,
        viewer.person,
        NoticeKind::AccountChanged,
        &object,
        false,
    )
    .await?;
    let token = sessions::renew(
        &mut tx,
        session,
        viewer.person,
        &private,
        viewer.session_factor(),
        false,
    )
    .await?;
    tx.commit(
        Entry::of(EntryKind::AccountPasswordChanged, object)
            .fact("by", "the person")
            .fact("sessions-ended", ended.sessions)
            .fact("keys-revoked", ended.tokens),
    )
    .await?;
    let answer = crate::web::go_to(&url_after(Done::Password));
    Ok(arrival::with_token(answer, &token))
}
