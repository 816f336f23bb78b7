//! Inviting somebody: a key pair is made at once, and a code opens it to them.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::accounts::Purpose;
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, Select, SelectOption};

use super::{list, load, show, show_code};
use crate::accounts::{given, keys};
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};

/// The form.
pub(crate) fn url() -> String {
    "/accounts/invitations/new".to_owned()
}

pub(super) fn again_url(person: PersonId) -> String {
    format!("/accounts/{person}/invitation")
}

#[derive(Debug, Default, serde::Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    person: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    person: String,
}

#[derive(Template)]
#[template(path = "accounts/others/invite.html")]
struct InvitePage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    action: String,
    submission: String,
    person: Select,
    invite: Button,
}

pub(crate) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    viewer.require(Action::InviteAccount, &RecordFacts::of(Kind::Account))?;
    crate::web::page(&page(&viewer, Some(asked.person)).await?)
}

async fn page(viewer: &Viewer, chosen: Option<String>) -> Result<InvitePage, Problem> {
    let mut records = viewer.read().await?;
    // Whoever works or governs here; children and their families come in by other ways.
    let people = sql("select id, name, email from person
         where email is not null and merged_into is null
           and standing in ('staff', 'student-teachers', 'governors', 'volunteers', 'contractors')
           and (ends_on is null or ends_on >= $1)
           and not exists (select 1 from account where account.person = person.id)
         order by sort_name, id")
    .bind(viewer.today())
    .all(&mut records)
    .await?;
    let mut options = vec![SelectOption::new("", "Choose a person")];
    for row in &people {
        let (id, name, email): (String, String, String) =
            (row.get("id")?, row.get("name")?, row.get("email")?);
        options.push(SelectOption::new(id, format!("{name}, {email}")));
    }
    Ok(InvitePage {
        frame: frame::of(viewer),
        back: BackLink {
            text: "Accounts".into(),
            href: list::url(),
        },
        errors: ErrorSummary::default(),
        action: url(),
        submission: viewer.school.new_row_id(),
        person: Select {
            hint: Some(
                "People with an e-mail address in the register who have no account yet".into(),
            ),
            chosen,
            ..Select::new("person", "Who?", options)
        },
        invite: Button::submit("Make the code"),
    })
}

pub(crate) async fn post(
    viewer: Viewer,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    viewer.require(Action::InviteAccount, &RecordFacts::of(Kind::Account))?;
    let Some(invitee) = invitee(&viewer, &form.person).await? else {
        let mut page = page(&viewer, None).await?;
        let says = "Choose a person from the list.";
        page.frame.has_errors = true;
        page.person.error = Some(says.to_owned());
        page.errors = ErrorSummary::new(vec![FieldError::new("person", says)]);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, crate::web::page(&page)?).into_response());
    };
    let under_code = keys::under_code(&viewer.school, invitee.person).await?;
    let mut tx = viewer.write().await?;
    tx.once(&submission, &show::url(invitee.person)).await?;
    let entry =
        given::open_account(&mut tx, invitee.person, &invitee.email, None, &under_code).await?;
    tx.commit(entry).await?;
    show_code(
        &viewer,
        invitee.person,
        &invitee.name,
        &under_code.code,
        "seven days",
        None,
    )
}

struct Invitee {
    person: PersonId,
    name: String,
    email: String,
}

async fn invitee(viewer: &Viewer, chosen: &str) -> Result<Option<Invitee>, Fault> {
    let Ok(person) = chosen.parse::<PersonId>() else {
        return Ok(None);
    };
    let mut records = viewer.read().await?;
    sql("select name, email from person
         where id = $1 and email is not null and merged_into is null
           and standing not in ('pupils', 'parents')
           and (ends_on is null or ends_on >= $2)
           and not exists (select 1 from account where account.person = person.id)")
    .bind(person.to_string())
    .bind(viewer.today())
    .optional(&mut records)
    .await?
    .map(|row| {
        Ok(Invitee {
            person,
            name: row.get("name")?,
            email: row.get("email")?,
        })
    })
    .transpose()
}

/// A new code for somebody who has not used theirs. The key under the old code is lost
/// with it, so a new pair is made.
pub(crate) async fn post_again(
    viewer: Viewer,
    Path(person): Path<String>,
    Sent { submission, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let account = {
        let mut records = viewer.read().await?;
        load(&mut records, &viewer, &person, Action::InviteAccount).await?
    };
    let person = account.person;
    let under_code = keys::under_code(&viewer.school, person).await?;
    let mut tx = viewer.write().await?;
    tx.once(&submission, &show::url(person)).await?;
    let by_recovery = keys::for_recovery(&mut tx, person, &under_code.private).await?;
    tx.run_one(
        sql(
            "update account set public_key = $2, private_key_by_recovery = $3
             where person = $1 and state = 'invited'",
        )
        .bind(person.to_string())
        .bind(under_code.private.public().to_bytes().as_slice())
        .bind(by_recovery),
    )
    .await?;
    let closed = records::forget_reader(&mut tx, person).await?;
    given::give_code(
        &mut tx,
        person,
        Purpose::Invitation,
        Some(&under_code.wrapped),
        &under_code.code,
    )
    .await?;
    tx.commit(
        Entry::of(EntryKind::AccountInvited, Object::new("account", person))
            .fact("again", true)
            .fact("sealed-records-closed", closed),
    )
    .await?;
    show_code(
        &viewer,
        person,
        &account.name,
        &under_code.code,
        "seven days",
        None,
    )
}
