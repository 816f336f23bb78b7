//! Step four: the recovery kit. Its three sheets are shown once, to be printed, and not
//! kept; two groups typed back show that they were printed.

use axum::http::HeaderMap;
use axum::response::Response;
use belisha_ui::{BackLink, Button, ErrorSummary, Html};
use belisha_vault::{Kit, KitRecipient};
use sha2::{Digest as _, Sha256};

use super::details::StepPage;
use super::sheets::{self, Sheets};
use super::{account, begun, entry, pack, write};
use crate::clock::ForVault;
use crate::db::sql;
use crate::entries::{Entry, EntryKind, Object};
use crate::home::frame;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Here;
use crate::web::sent::Sent;

/// Which sheet's last two groups are typed back.
const ASKED_SHEET: u8 = 2;

pub(super) fn url() -> String {
    "/set-up/recovery-kit".to_owned()
}

pub(super) fn confirmation_url() -> String {
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
    let texts = sheets.iter().map(|sheet| sheet.text().to_owned());
    let shown = Sheets::new(&kit, texts);
    let mut tx = write(&here).await?;
    let id = keep(&mut tx, &kit).await?;
    tx.run_one(sql("update set_up set kit_check = $1 where only_row = 1").bind(asked))
        .await?;
    tx.commit(Entry::of(
        EntryKind::RecoveryKitMade,
        Object::new("recovery-kit", id),
    ))
    .await?;
    sheets::page(Some(&shown), String::new(), None)
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirm {
    groups: String,
    /// What the page showed, so that it can be shown again.
    #[serde(default)]
    sheet: Vec<String>,
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
        let in_use = records::recovery_recipient(&mut here.school.database.read().await?).await?;
        let shown = Sheets::sent_back(form.sheet, in_use);
        return sheets::page(
            shown.as_ref(),
            form.groups,
            Some(
                "These are not the last two groups of sheet 2. Read them from the paper. If the sheets were not \
                 printed, print this page or make the kit again.",
            ),
        );
    }
    is_printed(&mut tx).await?;
    tx.commit(entry("recovery-kit-confirmed")).await?;
    Ok(crate::web::go_to(&pack::url()))
}

/// Keeps the public half of a kit in place of what was kept before; the id of its row.
pub(super) async fn keep(tx: &mut Tx, kit: &KitRecipient) -> Result<String, Problem> {
    let (now, by, id) = (tx.now(), tx.actor().key(), tx.school().new_row_id());
    // Only the first account could have been wrapped for an earlier kit; it is opened anew for this one.
    account::forget(tx).await?;
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
