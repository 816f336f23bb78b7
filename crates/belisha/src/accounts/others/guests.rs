//! A guest account: for one named person, until a day that is set when it is opened.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::accounts::{self, GuestRefused};
use belisha_rules::ids::PersonId;
use belisha_ui::{
    BackLink, Button, DateInput, ErrorSummary, FieldError, Frame, InputKind, TextInput,
};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{list, show_code};
use crate::accounts::{given, keys, standing};
use crate::home::frame;
use crate::people::particulars::Particulars;
use crate::people::{add, last_day};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::viewer::Viewer;
use crate::web::sent::Sent;
use crate::web::words;

/// The form.
pub(crate) fn url() -> String {
    "/accounts/guests/new".to_owned()
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Form {
    name: String,
    email: String,
    ends_on_day: String,
    ends_on_month: String,
    ends_on_year: String,
}

#[derive(Template)]
#[template(path = "accounts/others/guests.html")]
struct GuestPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    action: String,
    submission: String,
    name: TextInput,
    email: TextInput,
    ends_on: DateInput,
    open: Button,
}

impl GuestPage {
    fn of(viewer: &Viewer, form: Form) -> Self {
        let longest = accounts::longest_guest_account(&viewer.policy.policy);
        Self {
            frame: frame::of(viewer),
            back: BackLink {
                text: "Accounts".into(),
                href: list::url(),
            },
            errors: ErrorSummary::default(),
            action: url(),
            submission: viewer.school.new_row_id(),
            name: TextInput {
                autocomplete: Some("off".into()),
                spellcheck: Some(false),
                value: form.name,
                ..TextInput::new("name", "Full name")
            },
            email: TextInput {
                kind: InputKind::Email,
                autocomplete: Some("off".into()),
                spellcheck: Some(false),
                value: form.email,
                hint: Some("They sign in with it".into()),
                ..TextInput::new("email", "E-mail")
            },
            ends_on: DateInput {
                hint: Some(format!(
                    "For example, {}. The policy allows {longest} at most.",
                    viewer.today().strftime("%-d %-m %Y")
                )),
                day: form.ends_on_day,
                month: form.ends_on_month,
                year: form.ends_on_year,
                ..DateInput::new("ends-on", "Last day")
            },
            open: Button::submit("Open the account"),
        }
    }

    fn refused(mut self, field: &str, says: &str) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        let at = match field {
            "name" => {
                self.name.error = Some(says.to_owned());
                "name"
            }
            "email" => {
                self.email.error = Some(says.to_owned());
                "email"
            }
            _ => {
                self.ends_on.error = Some(says.to_owned());
                "ends-on-day"
            }
        };
        self.errors = ErrorSummary::new(vec![FieldError::new(at, says)]);
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    viewer.require(Action::InviteAccount, &RecordFacts::of(Kind::Account))?;
    crate::web::page(&GuestPage::of(&viewer, Form::default()))
}

pub(crate) async fn post(
    viewer: Viewer,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    viewer.require(Action::InviteAccount, &RecordFacts::of(Kind::Account))?;
    let (name, email) = (
        form.name.trim().to_owned(),
        standing::sign_in_name(&form.email),
    );
    let ends_on = day(&form);
    let page = GuestPage::of(&viewer, form);
    let Some(ends_on) = ends_on else {
        return page.refused(
            "ends-on",
            "Enter the last day as three numbers: day, month, year.",
        );
    };
    let longest = accounts::longest_guest_account(&viewer.policy.policy);
    if let Err(refused) = accounts::open_guest_account(&name, ends_on, longest, viewer.today()) {
        let field = match refused {
            GuestRefused::NobodyNamed => "name",
            GuestRefused::EndsBeforeItBegins | GuestRefused::TooLong { .. } => "ends-on",
        };
        return page.refused(field, &refused.sentence());
    }
    let parts = email.split_once('@');
    if !parts.is_some_and(|(local, host)| !local.is_empty() && host.contains('.')) {
        return page.refused("email", "Enter an e-mail address, like name@example.org.");
    }
    let person: PersonId = viewer.school.new_id();
    let under_code = keys::under_code(&viewer.school, person).await?;
    let mut tx = viewer.write().await?;
    tx.once(&submission, &list::url()).await?;
    let guest = Particulars::of_guest(&name, &email, tx.today());
    let is_known = !guest.clashes(&mut tx, None).await?.is_empty()
        || standing::by_name(&mut tx, &email).await?.is_some();
    if is_known {
        return page.refused(
            "email",
            "Somebody in the register has this address already. Invite them instead.",
        );
    }
    // One entry stands for the whole act: that the account was opened.
    add::add(&mut tx, person, &guest).await?;
    last_day::set(&mut tx, person, Some(ends_on)).await?;
    let ends_at = midnight_after(&viewer.school, ends_on)?;
    let entry = given::open_account(&mut tx, person, &email, Some(ends_at), &under_code).await?;
    tx.commit(entry.fact("guest-until", ends_on)).await?;
    show_code(
        &viewer,
        person,
        &name,
        &under_code.code,
        "seven days",
        Some(&format!(
            "The account ends by itself when {} is over.",
            words::date(ends_on)
        )),
    )
}

fn day(form: &Form) -> Option<Date> {
    Date::new(
        form.ends_on_year.trim().parse().ok()?,
        form.ends_on_month.trim().parse().ok()?,
        form.ends_on_day.trim().parse().ok()?,
    )
    .ok()
}

fn midnight_after(school: &School, day: Date) -> Result<Timestamp, Fault> {
    day.tomorrow()
        .and_then(|next| next.to_zoned(school.settings().time_zone.clone()))
        .map(|midnight| midnight.timestamp())
        .map_err(|error| Fault::at("the end of a guest account".into(), error))
}
