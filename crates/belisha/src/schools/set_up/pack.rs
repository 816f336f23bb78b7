//! Step five: the policy that the school begins with. It is the school's own from then
//! on: every word and every setting can be changed by a draft and an approval.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{
    BackLink, Button, Choice, ErrorSummary, FieldError, Frame, Html, Radios, TextInput,
};

use super::details::StepPage;
use super::{account, begun, entry, write};
use crate::db::sql;
use crate::home::frame;
use crate::policies::{adopt, pack, packs};
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::sent::Sent;

pub(super) fn url() -> String {
    "/set-up/policy".to_owned()
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    #[serde(default)]
    pack: String,
    minute: String,
}

fn page(form: &Form, error: Option<&str>) -> Result<Response, Problem> {
    let choices = packs()
        .iter()
        .map(|pack| Choice {
            hint: Some(pack.description.to_owned()),
            ..Choice::new(pack.key, pack.title)
        })
        .collect();
    let radios = Radios {
        chosen: (!form.pack.is_empty()).then(|| form.pack.clone()),
        error: error.map(str::to_owned),
        ..Radios::new("pack", "Which policy does the school begin with?", choices)
    };
    let minute = TextInput {
        value: form.minute.clone(),
        hint: Some("The reference of the minute in which governors agreed to it; leave it empty if there is none yet".into()),
        ..TextInput::new("minute", "Minute")
    };
    let errors = error
        .map(|says| FieldError::new("pack", says))
        .into_iter()
        .collect();
    crate::web::page(&StepPage {
        frame: Frame {
            has_errors: error.is_some(),
            ..frame::bare()
        },
        back: BackLink::to(super::url()),
        errors: ErrorSummary::new(errors),
        heading: "Policy",
        lead: "The policy is what Belisha carries out: who is told, how fast, who signs, when a screen locks. \
               It comes into force when the school opens. Choose the one that is nearer to yours; any clause can be \
               changed afterwards.",
        action: url(),
        fields: Html::join(&[Html::of(&radios), Html::of(&minute)]),
        go_on: Button::submit("Choose this policy"),
    })
}

pub(super) async fn get(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    page(&Form::default(), None)
}

pub(super) async fn post(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let refused =
        |says| Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&form, Some(says))?).into_response());
    let Some(chosen) = pack(&form.pack) else {
        return refused("Choose a policy");
    };
    if form.minute.chars().count() > 100 {
        return refused("Shorten the reference of the minute to 100 letters");
    }
    let mut tx = write(&here).await?;
    // Chosen anew before the school opens: nobody has lived under the one before.
    for statement in [
        sql("delete from agreement_due"),
        sql("delete from notice"),
        sql("delete from policy_approval"),
        sql("delete from policy_version"),
    ] {
        tx.run(statement).await?;
    }
    adopt(&mut tx, chosen, form.minute.trim()).await?;
    tx.commit(entry("policy")).await?;
    Ok(crate::web::go_to(&account::url()))
}
