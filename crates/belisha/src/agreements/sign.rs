//! Signing an agreement: its whole text, a statement, a name and a tick.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::controls::agreement::Asks;
use belisha_rules::access::Action;
use belisha_rules::agreements::{self as rules, DueBecause, Given, SignRefused, Signing};
use belisha_rules::ids::{PersonId, SignatureId};
use belisha_ui::{
    BackLink, Button, Checkboxes, ErrorSummary, FieldError, Frame, Html, Label, TextInput,
};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::asked::{self, Asked};
use super::{decline, own, signatures, signed, words};
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::sent::Sent;
use crate::web::words::date;

pub(crate) fn url(of: &str) -> String {
    format!("/agreements/{of}/sign")
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Form {
    pub(super) shown: String,
    pub(super) date: String,
    #[serde(default)]
    pub(super) full_name: String,
    #[serde(default)]
    pub(super) post: String,
    #[serde(default)]
    pub(super) policy_read: String,
    #[serde(default)]
    pub(super) agree: String,
    /// A name that differs from the register's, once the person has been asked about it.
    #[serde(default)]
    pub(super) name_asked: String,
}

/// One clause as the page shows it.
struct ShownClause {
    id: String,
    number: String,
    title: String,
    is_first: bool,
    changed: bool,
    words: Html,
}

#[derive(Template)]
#[template(path = "agreements/sign.html")]
struct SignPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    title: String,
    why: Option<String>,
    policy: String,
    version: i64,
    clauses: Vec<ShownClause>,
    changed: Vec<(String, String)>,
    full_name: Option<TextInput>,
    post: Option<TextInput>,
    dated: Option<String>,
    policy_read: Checkboxes,
    agree: Checkboxes,
    sign: Button,
    shown: String,
    date: String,
    name_asked: String,
    submission: String,
    decline: String,
}

pub(super) async fn get(viewer: Viewer, Path(of): Path<String>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let asked = asked::of(
        &mut records,
        &viewer.school,
        viewer.person,
        &of,
        viewer.today(),
    )
    .await?;
    if let Signing::Signed { .. } = asked.signing {
        return Err(Problem::GoTo(own::url()));
    }
    may(&viewer, &asked)?;
    let form = Form {
        full_name: viewer.name.clone(),
        post: post_of(&mut records, &viewer).await?,
        ..Form::default()
    };
    let submission = viewer.school.new_row_id();
    crate::web::page(&page(&viewer, &asked, &form, Vec::new(), submission))
}

pub(super) async fn post(
    viewer: Viewer,
    Path(of): Path<String>,
    Sent { form, submission }: Sent<Form>,
) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let asked = asked::of(
        &mut records,
        &viewer.school,
        viewer.person,
        &of,
        viewer.today(),
    )
    .await?;
    drop(records);
    let given = given(&form);
    let errors = errors(&viewer, &asked, &form, &given);
    if !errors.is_empty() {
        let mut shown = page(&viewer, &asked, &form, errors, submission);
        shown.frame.has_errors = true;
        let shown = crate::web::page(&shown)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let mut tx = viewer.write().await?;
    let id: SignatureId = tx.new_id();
    let leads_to = signed::url(id);
    tx.once(&submission, &leads_to).await?;
    may(&viewer, &asked)?;
    let entry = sign(&mut tx, viewer.person, &of, &given, id).await?;
    tx.commit(entry).await?;
    Ok(crate::web::go_to(&leads_to))
}

/// Signs: the act itself. The entry carries the hash of the signed text.
pub(crate) async fn sign(
    tx: &mut Tx,
    person: PersonId,
    of: &str,
    given: &Given,
    id: SignatureId,
) -> Result<Entry, Problem> {
    let (school, today) = (tx.school().clone(), tx.today());
    let asked = asked::of(tx, &school, person, of, today).await?;
    rules::sign(&asked.agreement, &asked.signing, given, today)
        .map_err(|refused| Problem::refused("This was not signed", refused.sentence()))?;
    let settings = school.settings();
    let text = words::Signed {
        title: &asked.agreement.title,
        school: &settings.name,
        version: asked.in_force.number,
        in_force_on: asked.in_force.in_force_on,
        clauses: &asked.in_force.policy.agreement_text(of),
        asks: &asked.agreement.asks,
        full_name: &given.full_name,
        post: &given.post,
        on: today,
        blind: &HEXLOWER.encode(&tx.random::<16>()),
    }
    .text();
    signatures::keep(
        tx,
        signatures::New {
            id,
            person,
            version: asked.in_force.id,
            agreement: &asked.agreement,
            on: today,
            full_name: &given.full_name,
            post: &given.post,
            signed_text: &text,
            paper_place: None,
        },
    )
    .await?;
    Ok(
        Entry::of(EntryKind::AgreementSigned, Object::new("signature", id))
            .fact("agreement", of)
            .fact("version", asked.in_force.number)
            .revision(Sha256::digest(text.as_bytes()).into()),
    )
}

pub(super) fn may(viewer: &Viewer, asked: &Asked) -> Result<(), Problem> {
    viewer.require(Action::SignAgreement, &asked::facts(viewer.person))?;
    if asked.signing == Signing::NotRequired {
        return Err(Problem::refused(
            "There is nothing to sign",
            SignRefused::NotAsked.sentence(),
        ));
    }
    Ok(())
}

pub(super) fn given(form: &Form) -> Given {
    Given {
        full_name: words::one_line(&form.full_name),
        post: words::one_line(&form.post),
        date: form.date.parse().ok(),
        shown: words::read_shown(&form.shown),
        policy_opened: form.policy_read == "yes",
    }
}

/// Every field that needs correcting. The rule names one at a time, so what it named is
/// taken as given and it is asked again.
pub(super) fn errors(
    viewer: &Viewer,
    asked: &Asked,
    form: &Form,
    given: &Given,
) -> Vec<FieldError> {
    let mut given = given.clone();
    let mut errors = Vec::new();
    while let Err(refused) = rules::sign(&asked.agreement, &asked.signing, &given, viewer.today()) {
        let says = refused.sentence();
        match refused {
            SignRefused::NotAsked => break,
            SignRefused::WordsHaveChanged => {
                given.shown.clone_from(&asked.agreement.clauses);
                errors.push(FieldError {
                    field_id: None,
                    text: says.into(),
                });
            }
            SignRefused::DateIsNotToday => {
                given.date = Some(viewer.today());
                errors.push(FieldError {
                    field_id: None,
                    text: "The day has changed since you opened this page. Sign again with today’s date.".into(),
                });
            }
            SignRefused::FullNameMissing => {
                given.full_name = "Given Below".into();
                errors.push(FieldError::new("full-name", says));
            }
            SignRefused::PostMissing => {
                given.post = "given".into();
                errors.push(FieldError::new("post", says));
            }
            SignRefused::PolicyNotOpened => {
                given.policy_opened = true;
                errors.push(FieldError::new("policy-read", says));
            }
        }
    }
    if form.agree != "yes" {
        errors.push(FieldError::new(
            "agree",
            "Tick the statement if you agree to it.",
        ));
    }
    let typed = words::one_line(&form.full_name);
    let asks_name = asked.agreement.asks.contains(&Asks::FullName);
    let differs = typed.to_lowercase() != words::one_line(&viewer.name).to_lowercase();
    if asks_name && differs && errors.is_empty() && form.name_asked != typed {
        errors.push(FieldError::new(
            "full-name",
            format!(
                "The school knows you as {}. If {typed} is your full name, sign again; otherwise correct it.",
                viewer.name
            ),
        ));
    }
    errors
}

fn page(
    viewer: &Viewer,
    asked: &Asked,
    form: &Form,
    errors: Vec<FieldError>,
    submission: String,
) -> SignPage {
    let agreement = &asked.agreement;
    let (why, changed) = match &asked.signing {
        Signing::Due {
            why: DueBecause::Changed { clauses },
            ..
        } => (
            Some("You have signed this agreement before. Since then these parts of it have changed or are new:".to_owned()),
            clauses.iter().cloned().collect::<BTreeSet<_>>(),
        ),
        Signing::Due {
            why: DueBecause::RunOut { on },
            ..
        } => (
            Some(format!("Your last signature held until {}. The agreement is signed anew from time to time.", date(*on))),
            BTreeSet::new(),
        ),
        Signing::Due {
            why: DueBecause::NeverSigned,
            ..
        }
        | Signing::NotRequired
        | Signing::Signed { .. } => (None, BTreeSet::new()),
    };
    let clauses: Vec<ShownClause> = asked
        .in_force
        .policy
        .agreement_text(&agreement.of)
        .into_iter()
        .enumerate()
        .map(|(at, clause)| ShownClause {
            id: clause.id.clone(),
            number: clause.number.clone(),
            title: clause.title.clone(),
            is_first: at == 0,
            changed: changed.contains(&clause.id),
            words: Html::trusted(clause.words_as_html()),
        })
        .collect();
    let error = |field: &str| {
        errors
            .iter()
            .find(|error| error.field_id.as_deref() == Some(field))
            .map(|error| error.text.clone())
    };
    let asks = |wanted| agreement.asks.contains(&wanted);
    let ticked = |value: &str| {
        if value == "yes" {
            vec!["yes".to_owned()]
        } else {
            Vec::new()
        }
    };
    let typed = words::one_line(&form.full_name);
    SignPage {
        frame: frame::of(viewer),
        back: BackLink::to(own::url()),
        title: agreement.title.clone(),
        why,
        policy: crate::policies::url(),
        version: asked.in_force.number,
        changed: clauses
            .iter()
            .filter(|clause| clause.changed)
            .map(|clause| {
                (
                    clause.id.clone(),
                    format!("{} {}", clause.number, clause.title),
                )
            })
            .collect(),
        clauses,
        full_name: asks(Asks::FullName).then(|| TextInput {
            value: form.full_name.clone(),
            error: error("full-name"),
            autocomplete: Some("name".into()),
            spellcheck: Some(false),
            ..TextInput::new("full-name", "Your full name")
        }),
        post: asks(Asks::Post).then(|| TextInput {
            value: form.post.clone(),
            error: error("post"),
            hint: Some("Such as class teacher, governor or site manager.".into()),
            autocomplete: Some("organization-title".into()),
            ..TextInput::new("post", "Your post")
        }),
        dated: asks(Asks::Date).then(|| date(viewer.today())),
        policy_read: Checkboxes {
            error: error("policy-read"),
            chosen: ticked(&form.policy_read),
            ..Checkboxes::confirm("policy-read", "I have opened the policy and read it")
        },
        agree: Checkboxes {
            error: error("agree"),
            chosen: ticked(&form.agree),
            legend: Some(Label::medium("Your signature")),
            ..Checkboxes::confirm("agree", words::STATEMENT)
        },
        sign: Button::submit("Sign the agreement"),
        shown: words::shown(&agreement.clauses),
        date: viewer.today().to_string(),
        // Kept only where the page has asked about this very name.
        name_asked: match error("full-name") {
            Some(_) if typed.contains(' ') => typed,
            Some(_) | None => String::new(),
        },
        submission,
        decline: decline::url(&agreement.of),
        errors: ErrorSummary::new(errors),
    }
}

async fn post_of(records: &mut crate::db::Connection, viewer: &Viewer) -> Result<String, Problem> {
    let title: String = crate::db::sql("select job_title from person where id = $1")
        .bind(viewer.person.to_string())
        .one(records)
        .await?
        .get("job_title")?;
    Ok(if title.is_empty() && !viewer.hats.posts.is_empty() {
        frame::posts_in_words(&viewer.hats)
    } else {
        title
    })
}
