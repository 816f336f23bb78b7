//! Step four: the recovery kit. Its three sheets are shown once, to be printed, and not
//! kept; two groups typed back show that they were printed.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, Html, TextInput};
use belisha_vault::{Kit, KitRecipient};
use sha2::{Digest as _, Sha256};

use super::details::StepPage;
use super::{begun, entry, pack, write};
use crate::clock::ForVault;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Here;
use crate::web::sent::Sent;

/// Which sheet's last two groups are typed back.
const ASKED_SHEET: u8 = 2;

pub(super) fn url() -> String {
    "/set-up/recovery-kit".to_owned()
}

fn confirmation_url() -> String {
    "/set-up/recovery-kit/confirmation".to_owned()
}

pub(super) async fn get(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let is_made = sql("select count(*) as count from recovery_kit where retired_at is null")
        .one(&mut here.school.database.read().await?)
        .await?
        .get::<i64>("count")?
        > 0;
    crate::web::page(&StepPage {
        frame: frame::bare(),
        back: BackLink::to(super::url()),
        errors: ErrorSummary::default(),
        heading: "Recovery kit",
        lead: "The next page shows three sheets, once. Print them. Any two together open every backup and \
               every sealed record of this school; one alone opens nothing.",
        action: url(),
        fields: Html::trusted(if is_made {
            "<p>A kit was made before. Making another replaces it: destroy the sheets of the first.</p>"
        } else {
            "<ul><li>One goes into the headteacher’s safe.</li><li>One goes home with the chair of governors.</li>\
             <li>One goes to a bank, a solicitor or the trust.</li></ul>\
             <p>Belisha keeps no copy. If two sheets are lost, so is the way back.</p>"
        }),
        go_on: Button::submit("Make the kit and show its sheets"),
    })
}

#[derive(Template)]
#[template(path = "schools/set_up/sheets.html")]
struct SheetsPage {
    frame: Frame,
    errors: ErrorSummary,
    name: String,
    sheets: Vec<PrintedSheet>,
    action: String,
    typed: TextInput,
    go_on: Button,
    again: String,
}

struct PrintedSheet {
    number: u8,
    keeper: &'static str,
    rows: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Make {}

pub(super) async fn post(
    here: Here,
    headers: HeaderMap,
    _sent: Sent<Make>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let (kit, sheets) = {
        let chance = &mut ForVault(&*here.school.chance);
        let kit = Kit::new(chance);
        let sheets = kit.split(chance);
        (kit.recipient(), sheets)
    };
    let asked = sheets
        .iter()
        .find(|sheet| sheet.number() == ASKED_SHEET)
        .map(|sheet| check_of(sheet.text()))
        .unwrap_or_default();
    let mut tx = write(&here).await?;
    let id = keep(&mut tx, &kit).await?;
    tx.run_one(sql("update set_up set kit_check = $1 where only_row = 1").bind(asked))
        .await?;
    tx.commit(Entry::of(
        EntryKind::RecoveryKitMade,
        Object::new("recovery-kit", id),
    ))
    .await?;
    let keepers = [
        "For the headteacher’s safe",
        "For the chair of governors, at home",
        "For a bank, a solicitor or the trust",
    ];
    let printed = sheets
        .iter()
        .zip(keepers)
        .map(|(sheet, keeper)| PrintedSheet {
            number: sheet.number(),
            keeper,
            rows: sheet.text().lines().map(str::to_owned).collect(),
        })
        .collect();
    show(kit.printed_name(), printed, String::new(), None)
}

/// Keeps the public half of a kit in place of what was kept before; the id of its row.
pub(super) async fn keep(tx: &mut Tx, kit: &KitRecipient) -> Result<String, Problem> {
    let (now, by, id) = (tx.now(), tx.actor().key(), tx.school().new_row_id());
    // Nobody has a key yet, so nothing was ever wrapped for an earlier kit.
    tx.run(sql("delete from recovery_kit")).await?;
    tx.run_one(
        sql(
            "insert into recovery_kit (id, recipient, made_at, made_by, confirmed_at, retired_at)
             values ($1, $2, $3, $4, null, null)",
        )
        .bind(&id)
        .bind(kit.to_string())
        .bind(now)
        .bind(by),
    )
    .await?;
    Ok(id)
}

/// Writes down that the sheets of the kit were printed.
pub(super) async fn is_printed(tx: &mut Tx) -> Result<(), Problem> {
    let now = tx.now();
    tx.run_one(
        sql("update recovery_kit set confirmed_at = $1 where retired_at is null and confirmed_at is null")
            .bind(now),
    )
    .await
}

fn show(
    name: String,
    sheets: Vec<PrintedSheet>,
    typed: String,
    error: Option<&str>,
) -> Result<Response, Problem> {
    let errors = error
        .map(|says| FieldError::new("groups", says))
        .into_iter()
        .collect();
    let mut page = crate::web::page(&SheetsPage {
        frame: Frame {
            has_errors: error.is_some(),
            ..frame::bare()
        },
        errors: ErrorSummary::new(errors),
        name,
        sheets,
        action: confirmation_url(),
        typed: TextInput {
            value: typed,
            error: error.map(str::to_owned),
            hint: Some("Ten letters and figures, at the end of the last row".into()),
            autocomplete: Some("off".into()),
            spellcheck: Some(false),
            ..TextInput::new("groups", "The last two groups of sheet 2, from the paper")
        },
        go_on: Button::submit("I have printed all three sheets"),
        again: url(),
    })?;
    page.headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(match error {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
        None => page,
    })
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirm {
    groups: String,
}

pub(super) async fn confirm(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Confirm>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let mut tx = write(&here).await?;
    let given = check_of(&form.groups);
    let fits = tx
        .run(
            sql("update set_up set kit_check = null where only_row = 1 and kit_check = $1")
                .bind(given),
        )
        .await?;
    if fits == 0 {
        drop(tx);
        return show(
            String::new(),
            Vec::new(),
            form.groups,
            Some(
                "These are not the last two groups of sheet 2. Read them from the paper. If the sheets were not \
                 printed, make the kit again.",
            ),
        );
    }
    is_printed(&mut tx).await?;
    tx.commit(entry("recovery-kit-confirmed")).await?;
    Ok(crate::web::go_to(&pack::url()))
}

/// The hash of the last two groups of what was typed or printed. Two groups of one
/// sheet say nothing about the key, and the hash goes when they were typed.
fn check_of(text: &str) -> Vec<u8> {
    let letters: Vec<char> = text
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric())
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let last: String = letters[letters.len().saturating_sub(10)..].iter().collect();
    Sha256::digest(last.as_bytes()).to_vec()
}
