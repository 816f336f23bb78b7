//! Step six: whoever sets the school up opens their own account here, password and second factor, so that
//! a school never opens to nobody. Only then do the others get their codes.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Policy;
use belisha_rules::ids::PersonId;
use belisha_ui::{BackLink, Button, Choice, ErrorSummary, FieldError, Frame, Html, Radios};

use super::details::StepPage;
use super::{Done, SYSTEM, begun, second_factor};
use crate::accounts::passwords::{self, Password};
use crate::accounts::{arrival, given, keys, new_password};
use crate::actor::{Actor, Factor};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::people::hats;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Here;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/set-up/account".to_owned()
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    #[serde(default)]
    person: String,
    new_password: Password,
}

/// Somebody who holds a post.
struct Holder {
    id: PersonId,
    name: String,
    email: String,
    posts: String,
}

async fn holders(here: &Here, connection: &mut Connection) -> Result<Vec<Holder>, Problem> {
    let today = here.school.today();
    let rows =
        sql("select id, name, email from person where email is not null order by sort_name, id")
            .all(connection)
            .await?;
    let mut holders = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.read("id", |text| text.parse().ok())?;
        let worn = hats::of(connection, id, today).await?;
        holders.push(Holder {
            id,
            name: row.get("name")?,
            email: row.get("email")?,
            posts: frame::posts_in_words(&worn.hats),
        });
    }
    Ok(holders)
}

/// Takes the account away again: a step before it was done anew, on which it rests.
pub(super) async fn forget(tx: &mut Tx) -> Result<(), Problem> {
    for statement in [
        sql("delete from account_device"),
        sql("delete from session"),
        sql("delete from account_recovery_code"),
        sql("delete from account"),
    ] {
        tx.run(statement).await?;
    }
    Ok(())
}

fn page(
    holders: &[Holder],
    policy: &Policy,
    chosen: Option<String>,
    wrong: Option<(&str, String)>,
) -> Result<Response, Problem> {
    let choices = holders
        .iter()
        .map(|holder| Choice {
            hint: Some(format!("{}, {}", holder.posts, holder.email)),
            ..Choice::new(holder.id.to_string(), &holder.name)
        })
        .collect();
    let says = |field: &str| {
        wrong
            .as_ref()
            .filter(|(at, _)| *at == field)
            .map(|(_, says)| says.clone())
    };
    let who = Radios {
        chosen,
        error: says("person"),
        ..Radios::new("person", "Who are you?", choices)
    };
    let mut password = new_password::input(policy);
    password.error = says("new_password");
    let errors = wrong
        .into_iter()
        .map(|(field, says)| FieldError::new(field, says))
        .collect::<Vec<_>>();
    crate::web::page(&StepPage {
        frame: Frame {
            has_errors: !errors.is_empty(),
            ..frame::bare()
        },
        back: BackLink::to(super::url()),
        errors: ErrorSummary::new(errors),
        heading: "Your own account",
        lead: "You sign in with your e-mail address, a password that nobody else knows, and your telephone as \
               second factor. The others choose theirs with the codes that you print at the end.",
        action: url(),
        fields: Html::join(&[Html::of(&who), Html::of(&password)]),
        go_on: Button::submit("Continue"),
    })
}

pub(super) async fn get(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let mut records = here.school.database.read().await?;
    if !Done::of(&mut records).await?.before_account() {
        return Err(Problem::GoTo(super::url()));
    }
    let holders = holders(&here, &mut records).await?;
    let policy = here.school.in_force(&mut records).await?;
    page(&holders, &policy.policy, None, None)
}

pub(super) async fn post(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let school = &here.school;
    let (holders, policy) = {
        let mut records = school.database.read().await?;
        if !Done::of(&mut records).await?.before_account() {
            return Err(Problem::GoTo(super::url()));
        }
        let policy = school.in_force(&mut records).await?;
        (holders(&here, &mut records).await?, policy)
    };
    let refused = |field, says: String| {
        let chosen = Some(form.person.clone());
        let page = page(&holders, &policy.policy, chosen, Some((field, says)))?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let chosen = holders
        .iter()
        .find(|holder| holder.id.to_string() == form.person);
    let Some(holder) = chosen else {
        return refused("person", "Choose who you are".to_owned());
    };
    let accepted = passwords::accept_from(
        school,
        &policy.policy,
        &holder.name,
        &holder.email,
        &form.new_password,
    );
    if let Err(why) = accepted {
        return refused("new_password", why.sentence());
    }
    let private = keys::new(school);
    let (private, wrap) = passwords::wrap(school, holder.id, private, &form.new_password).await?;
    let mut tx = school
        .write(Actor::Person {
            person: holder.id,
            session: None,
            factor: Factor::Password,
        })
        .await?;
    // Done a second time, by the same person or another: the first time counts no longer.
    forget(&mut tx).await?;
    let entry =
        given::open_with_password(&mut tx, holder.id, &holder.email, &private, &wrap).await?;
    let arrival = arrival::begin(&mut tx, &here, &headers, holder.id, &private).await?;
    tx.commit(entry.fact("by", SYSTEM)).await?;
    Ok(arrival.on(crate::web::go_to(&second_factor::url())))
}
