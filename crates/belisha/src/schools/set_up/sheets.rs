//! The three sheets of the recovery kit: on the page that shows them once, and as a PDF to print. The
//! server keeps neither; the page sends the sheets back when it asks for the PDF.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use belisha_paper::{Block, Document, Heading, Inline, Letterhead};
use belisha_ui::{Button, ErrorSummary, FieldError, Frame, TextInput};
use belisha_vault::{Kit, KitRecipient};
use zeroize::Zeroizing;

use super::{begun, kit};
use crate::home::frame;
use crate::problem::Problem;
use crate::records;
use crate::school::School;
use crate::viewer::Here;
use crate::web::pdf;
use crate::web::sent::Sent;
use crate::web::words::date;

/// Who keeps which sheet.
const KEEPERS: [&str; 3] = [
    "For the headteacher’s safe",
    "For the chair of governors, at home",
    "For a bank, a solicitor or the trust",
];

fn pdf_url() -> String {
    "/set-up/recovery-kit/sheets.pdf".to_owned()
}

/// The sheets of one kit, as texts; wiped when dropped.
pub(super) struct Sheets {
    name: String,
    texts: Vec<Zeroizing<String>>,
}

impl Sheets {
    /// The sheets of a kit that was just made.
    pub(super) fn new(kit: &KitRecipient, texts: impl IntoIterator<Item = String>) -> Self {
        Self {
            name: kit.printed_name(),
            texts: texts.into_iter().map(Zeroizing::new).collect(),
        }
    }

    /// Sheets that the page sent back; none where they are not those of the kit in use.
    pub(super) fn sent_back(texts: Vec<String>, in_use: Option<KitRecipient>) -> Option<Self> {
        let [first, second, third] = &texts[..] else {
            return None;
        };
        let fits = |one: &str, other: &str| {
            Kit::join(one, other).is_ok_and(|kit| Some(kit.recipient()) == in_use)
        };
        let are_of_it = fits(first, second) && fits(second, third);
        in_use
            .filter(|_| are_of_it)
            .map(|kit| Self::new(&kit, texts))
    }

    fn printed(&self) -> Vec<PrintedSheet> {
        self.texts
            .iter()
            .zip(KEEPERS)
            .zip(1..)
            .map(|((text, keeper), number)| PrintedSheet {
                number,
                keeper,
                rows: text.lines().map(str::to_owned).collect(),
                text: text.to_string(),
            })
            .collect()
    }

    /// One sheet a page: what to type, the same for a camera, and what to do with it.
    fn document(&self, school: &School) -> Document {
        let settings = school.settings();
        let today = date(school.today());
        let mut blocks = Vec::new();
        for sheet in self.printed() {
            if sheet.number > 1 {
                blocks.push(Block::PageBreak);
            }
            blocks.extend(self.page(&sheet, &today));
        }
        Document {
            title: format!("Recovery kit {}", self.name),
            language: "en-GB".into(),
            letterhead: Letterhead {
                organisation: settings.name.clone(),
                address: settings.postal_address.lines().map(str::to_owned).collect(),
            },
            reference: format!("Kit {}", self.name),
            blocks,
            footer: Some(
                "Two sheets together open everything. Never keep two in one place; never send one by e-mail."
                    .into(),
            ),
            made_at: school.clock.now(),
            made_at_text: format!("Made on {today}"),
            attachments: Vec::new(),
        }
    }

    fn page(&self, sheet: &PrintedSheet, today: &str) -> Vec<Block> {
        vec![
            Block::Heading(Heading {
                level: 1,
                text: format!("Sheet {} of 3", sheet.number),
            }),
            Block::Facts(vec![
                ("Kit".into(), self.name.clone()),
                ("Made on".into(), today.to_owned()),
                ("Kept".into(), sheet.keeper.to_owned()),
            ]),
            Block::Sheet(sheet.text.split_whitespace().map(str::to_owned).collect()),
            Block::Paragraph(Inline::plain(
                "To use it, type the sixteen groups row by row. The last character of each group checks that \
                 group, and the last group checks the sheet, so a slip is found and named. O and 0 are taken \
                 as one, and so are I, L and 1.",
            )),
            Block::QrCode {
                text: sheet.text.split_whitespace().collect::<Vec<_>>().join(" "),
                caption:
                    "The same sixteen groups, for a camera. Scan it only on the day it is needed."
                        .into(),
            },
            Block::Paragraph(Inline::plain(
                "Any two of the three sheets open every backup and every sealed record of this school, and bring \
                 back the key of somebody who forgot their password. One alone opens nothing. If this sheet is \
                 lost or seen by others, ask for a new kit.",
            )),
        ]
    }
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
    pdf_action: String,
    save: Button,
    again: String,
}

struct PrintedSheet {
    number: u8,
    keeper: &'static str,
    rows: Vec<String>,
    text: String,
}

/// The page with the sheets; without them where they are gone.
pub(super) fn page(
    sheets: Option<&Sheets>,
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
        name: sheets.map(|sheets| sheets.name.clone()).unwrap_or_default(),
        sheets: sheets.map(Sheets::printed).unwrap_or_default(),
        action: kit::confirmation_url(),
        typed: TextInput {
            value: typed,
            error: error.map(str::to_owned),
            hint: Some("Ten letters and figures, at the end of the last row".into()),
            autocomplete: Some("off".into()),
            spellcheck: Some(false),
            ..TextInput::new("groups", "The last two groups of sheet 2, from the paper")
        },
        go_on: Button::submit("I have printed all three sheets"),
        pdf_action: pdf_url(),
        save: Button::secondary("Get the sheets as a PDF"),
        again: kit::url(),
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
pub(super) struct Form {
    #[serde(default)]
    sheet: Vec<String>,
}

/// The sheets as a PDF, one a page. Its name says nothing but what it is.
pub(super) async fn post_pdf(
    here: Here,
    headers: HeaderMap,
    Sent { form, .. }: Sent<Form>,
) -> Result<Response, Problem> {
    begun(&here, &headers).await?;
    let in_use = records::recovery_recipient(&mut here.school.database.read().await?).await?;
    let sheets = Sheets::sent_back(form.sheet, in_use).ok_or_else(|| {
        Problem::refused(
            "These are not the sheets of the kit in use",
            "A newer kit was made since this page was shown. Go back to the set-up, make the kit again and \
             destroy the sheets of the one before.",
        )
    })?;
    let bytes = pdf::set(sheets.document(&here.school)).await?;
    let mut answer = pdf::answer("recovery-kit-sheets.pdf", bytes);
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}
