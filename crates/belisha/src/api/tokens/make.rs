//! Making a key: a name, what it may do, and its last day. It is shown once.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    BackLink, Button, Checkboxes, Choice, DateInput, ErrorSummary, FieldError, Frame, Panel,
    TextInput,
};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::api::scopes::SCOPES;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;

/// The longest that a key lasts: a forgotten one must not open the school for ever.
const LONGEST_DAYS: i64 = 366;

/// What a key begins with, so that one that leaked is recognised for what it is.
const MARK: &str = "belisha_";

pub(super) fn url() -> String {
    "/account/keys/new".to_owned()
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Form {
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
    ends_on_day: String,
    ends_on_month: String,
    ends_on_year: String,
}

#[derive(Template)]
#[template(path = "api/tokens/make.html")]
struct MakePage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    action: String,
    submission: String,
    name: TextInput,
    scopes: Checkboxes,
    ends_on: DateInput,
    make: Button,
}

impl MakePage {
    fn of(viewer: &Viewer, form: Form) -> Self {
        let choices = SCOPES.iter().map(|scope| {
            let mut says = scope.says.chars();
            let first = says.next().map(|first| first.to_ascii_uppercase());
            Choice::new(scope.key, first.into_iter().chain(says).collect::<String>())
        });
        Self {
            frame: frame::of(viewer),
            back: back(),
            errors: ErrorSummary::default(),
            action: url(),
            submission: viewer.school.new_row_id(),
            name: TextInput {
                hint: Some("The program that will use it".into()),
                autocomplete: Some("off".into()),
                value: form.name,
                ..TextInput::new("name", "Name")
            },
            scopes: Checkboxes {
                hint: Some("It can never do more than you can".into()),
                chosen: form.scopes,
                ..Checkboxes::new("scopes", "What may it do?", choices.collect())
            },
            ends_on: DateInput {
                hint: Some("A year from today at most".into()),
                day: form.ends_on_day,
                month: form.ends_on_month,
                year: form.ends_on_year,
                ..DateInput::new("ends-on", "Last day")
            },
            make: Button::submit("Make the key"),
        }
    }

    fn refused(mut self, wrong: Vec<(&'static str, String)>) -> Result<Response, Problem> {
        self.frame.has_errors = true;
        for (field, says) in &wrong {
            match *field {
                "name" => self.name.error = Some(says.clone()),
                "scopes" => self.scopes.error = Some(says.clone()),
                _ => self.ends_on.error = Some(says.clone()),
            }
        }
        let errors = wrong
            .into_iter()
            .map(|(field, says)| FieldError::new(field, says));
        self.errors = ErrorSummary::new(errors.collect());
        let page = crate::web::page(&self)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

fn back() -> BackLink {
    BackLink {
        text: "Keys for programs".into(),
        href: super::url(),
    }
}

fn require(viewer: &Viewer) -> Result<(), Problem> {
    viewer.require(Action::IssueApiToken, &RecordFacts::of(Kind::ApiToken))
}

pub(crate) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    require(&viewer)?;
    crate::web::page(&MakePage::of(&viewer, Form::default()))
}

pub(crate) async fn post(
    viewer: Viewer,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    require(&viewer)?;
    let wanted = match read(&viewer, &form)? {
        Ok(wanted) => wanted,
        Err(wrong) => return MakePage::of(&viewer, form).refused(wrong),
    };
    let mut tx = viewer.write().await?;
    tx.once(&submission, &super::url()).await?;
    let (key, entry) = make(&mut tx, &viewer, &wanted).await?;
    tx.commit(entry).await?;
    crate::web::page(&MadePage {
        frame: frame::of(&viewer),
        back: back(),
        name: wanted.name,
        panel: Panel::with_reference("The key is made", "Key", &key),
    })
}

/// A key as it was asked for, and found in order.
struct Wanted {
    name: String,
    scopes: String,
    expires_at: Timestamp,
}

type Wrong = Vec<(&'static str, String)>;

fn read(viewer: &Viewer, form: &Form) -> Result<Result<Wanted, Wrong>, Fault> {
    let mut wrong = Vec::new();
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        wrong.push((
            "name",
            "Enter the name of the program, in 80 characters at most.".to_owned(),
        ));
    }
    let scopes: Vec<&str> = SCOPES
        .iter()
        .map(|scope| scope.key)
        .filter(|key| form.scopes.iter().any(|asked| asked == key))
        .collect();
    if scopes.is_empty() || scopes.len() != form.scopes.len() {
        wrong.push(("scopes", "Choose what the key may do.".to_owned()));
    }
    let latest = viewer.today().saturating_add(LONGEST_DAYS.days());
    let ends_on = day(form).filter(|day| (viewer.today()..=latest).contains(day));
    if ends_on.is_none() {
        wrong.push((
            "ends-on-day",
            format!(
                "Enter a last day from today to {}.",
                latest.strftime("%-d %B %Y")
            ),
        ));
    }
    let (Some(ends_on), true) = (ends_on, wrong.is_empty()) else {
        return Ok(Err(wrong));
    };
    let expires_at = ends_on
        .tomorrow()
        .and_then(|next| next.to_zoned(viewer.school.settings().time_zone.clone()))
        .map_err(|error| Fault::at("the end of a key".into(), error))?
        .timestamp();
    Ok(Ok(Wanted {
        name: name.to_owned(),
        scopes: scopes.join(" "),
        expires_at,
    }))
}

fn day(form: &Form) -> Option<Date> {
    Date::new(
        form.ends_on_year.trim().parse().ok()?,
        form.ends_on_month.trim().parse().ok()?,
        form.ends_on_day.trim().parse().ok()?,
    )
    .ok()
}

/// Makes the key. Only its hash is kept.
async fn make(
    tx: &mut Tx,
    viewer: &Viewer,
    wanted: &Wanted,
) -> Result<(Zeroizing<String>, Entry), Problem> {
    let bytes = Zeroizing::new(tx.random::<32>());
    let key = Zeroizing::new(format!(
        "{MARK}{}",
        BASE64_URL_SAFE_NO_PAD.encode(bytes.as_slice())
    ));
    let (id, now) = (tx.school().new_row_id(), tx.now());
    tx.run_one(
        sql("insert into token (id, token_hash, person, name, scopes, made_at, expires_at, revoked_at, last_used_at)
             values ($1, $2, $3, $4, $5, $6, $7, null, null)")
        .bind(&id)
        .bind(Sha256::digest(key.as_bytes()).as_slice())
        .bind(viewer.person.to_string())
        .bind(&wanted.name)
        .bind(&wanted.scopes)
        .bind(now)
        .bind(wanted.expires_at),
    )
    .await?;
    let entry = Entry::of(EntryKind::TokenMade, Object::new("token", id))
        .fact("scopes", &wanted.scopes)
        .fact("until", wanted.expires_at);
    Ok((key, entry))
}

#[derive(Template)]
#[template(path = "api/tokens/made.html")]
struct MadePage {
    frame: Frame,
    back: BackLink,
    name: String,
    panel: Panel,
}
