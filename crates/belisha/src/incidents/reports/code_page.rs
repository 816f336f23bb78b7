//! The page behind a secret code: the answer, and a box to write back. One page for
//! pupils and one for everybody else, which differ in their words and their size.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::Word as _;
use belisha_rules::guides::imagery::{NO_PICTURES, text_holds_a_picture};
use belisha_ui::{
    Button, ErrorSummary, FieldError, Frame, Html, Label, TextInput, Textarea, Timeline,
    TimelineItem,
};
use serde::Deserialize;

use super::answers::{self, Opened};
use super::arrivals::{self, What};
use super::report::Channel;
use crate::actor::Actor;
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::{self, object};
use crate::incidents::times;
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::sent::Sent;

/// Longer messages are two messages.
const WORDS_AT_MOST: usize = 5_000;

/// For whom the page speaks.
pub(crate) struct Voice {
    pub(crate) channel: Channel,
    pub(crate) frame: Frame,
    /// Where the form is sent.
    pub(crate) url: String,
    pub(crate) write_url: String,
    pub(crate) title: &'static str,
    pub(crate) ask: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) wait: &'static str,
    pub(crate) nothing_yet: &'static str,
    pub(crate) read: &'static str,
    pub(crate) from_school: &'static str,
    pub(crate) from_you: &'static str,
    pub(crate) more: &'static str,
    pub(crate) send: &'static str,
    pub(crate) thanks: &'static str,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Form {
    code: String,
    words: String,
}

#[derive(Template)]
#[template(path = "incidents/reports/code.html")]
struct CodePage {
    frame: Frame,
    errors: ErrorSummary,
    title: &'static str,
    here: String,
    code: TextInput,
    open: Button,
}

#[derive(Template)]
#[template(path = "incidents/reports/messages.html")]
struct MessagesPage {
    frame: Frame,
    errors: ErrorSummary,
    title: &'static str,
    state: String,
    messages: Option<Timeline>,
    nothing_yet: &'static str,
    thanks: Option<&'static str>,
    here: String,
    code: String,
    submission: String,
    words: Textarea,
    send: Button,
}

/// Asks for the code.
pub(crate) fn ask(voice: Voice, typed: &str, wrong: Option<&str>) -> Result<Response, Problem> {
    let status = match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = CodePage {
        errors: ErrorSummary::new(
            wrong
                .iter()
                .map(|wrong| FieldError::new("code", *wrong))
                .collect(),
        ),
        title: voice.title,
        here: voice.url.clone(),
        code: TextInput {
            value: typed.to_owned(),
            error: wrong.map(str::to_owned),
            hint: Some(voice.hint.into()),
            spellcheck: Some(false),
            autocomplete: Some("off".into()),
            ..TextInput::new("code", Label::medium(voice.ask))
        },
        open: Button::submit(voice.read),
        frame: Frame {
            has_errors: wrong.is_some(),
            ..voice.frame
        },
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

/// Shows what is behind the code.
pub(crate) async fn read(here: Here, voice: Voice, sent: Sent<Form>) -> Result<Response, Problem> {
    let opened = match open(&here, &voice, &sent.form.code).await? {
        Ok(opened) => opened,
        Err(says) => return ask(voice, &sent.form.code, Some(says)),
    };
    let mut tx = here
        .school
        .write(Actor::School(voice.channel.key()))
        .await?;
    // That it was read is worth an entry once, not each time a child looks again.
    if opened.seen(&mut tx).await? {
        tx.commit(Entry::of(
            EntryKind::IncidentAnswerRead,
            object(opened.incident),
        ))
        .await?;
    } else {
        drop(tx);
    }
    page(&here, voice, &opened, &sent.form, None, false).await
}

/// Writes back, and shows the whole again.
pub(crate) async fn write_back(
    here: Here,
    voice: Voice,
    sent: Sent<Form>,
) -> Result<Response, Problem> {
    let form = &sent.form;
    let opened = match open(&here, &voice, &form.code).await? {
        Ok(opened) => opened,
        Err(says) => return ask(voice, &form.code, Some(says)),
    };
    let words = form.words.trim();
    if words.is_empty() {
        let says = "Write something first";
        return page(&here, voice, &opened, form, Some(says), false).await;
    }
    if words.chars().count() > WORDS_AT_MOST {
        let says = "This is too long for one message. Send a part of it, then the rest";
        return page(&here, voice, &opened, form, Some(says), false).await;
    }
    if text_holds_a_picture(words) {
        return page(&here, voice, &opened, form, Some(NO_PICTURES), false).await;
    }
    if arrivals::count(&here.school, What::Report, here.address)
        .await?
        .is_err()
    {
        let says = voice.wait;
        return page(&here, voice, &opened, form, Some(says), false).await;
    }
    let mut tx = here
        .school
        .write(Actor::School(voice.channel.key()))
        .await?;
    match tx.once(&answers::remembered(&sent.submission), "").await {
        Ok(()) => {
            opened.write_back(&mut tx, words).await?;
            tell(&mut tx, &opened).await?;
            tx.commit(Entry::of(
                EntryKind::IncidentWroteBack,
                object(opened.incident),
            ))
            .await?;
        }
        Err(Problem::GoTo(_)) => drop(tx),
        Err(problem) => return Err(problem),
    }
    let empty = Form {
        code: form.code.clone(),
        words: String::new(),
    };
    page(&here, voice, &opened, &empty, None, true).await
}

async fn open(
    here: &Here,
    voice: &Voice,
    typed: &str,
) -> Result<Result<Opened, &'static str>, Problem> {
    let school = &here.school;
    if answers::folded(typed).is_empty() {
        return Ok(Err(voice.wrong));
    }
    let Ok(arrival) = arrivals::count(school, What::Code, here.address).await? else {
        return Ok(Err(voice.wait));
    };
    match answers::open_by_code(school, typed, school.clock.now()).await? {
        Some(opened) => {
            arrival.take_back(school).await?;
            Ok(Ok(opened))
        }
        None => {
            let tx = school.write(Actor::School(voice.channel.key())).await?;
            tx.commit(
                Entry::of(
                    EntryKind::AccessRefused,
                    crate::entries::Object::new("answer-code", "unknown"),
                )
                .refused(),
            )
            .await?;
            Ok(Err(voice.wrong))
        }
    }
}

/// Tells whoever has the case that something came back.
async fn tell(tx: &mut crate::tx::Tx, opened: &Opened) -> Result<(), Problem> {
    let case = queries::find(tx, opened.incident)
        .await?
        .ok_or(Problem::NotFound)?;
    let now = tx.now();
    let told: Vec<_> = match case.acknowledged_by {
        Some(by) => vec![by],
        None => case
            .readers
            .iter()
            .filter(|reading| matches!(reading.why.as_str(), "first" | "next"))
            .filter(|reading| reading.from_at <= now)
            .map(|reading| reading.person)
            .collect(),
    };
    for person in told {
        notices::tell(
            tx,
            person,
            NoticeKind::IncidentWroteBack,
            &object(opened.incident),
            true,
        )
        .await?;
    }
    Ok(())
}

async fn page(
    here: &Here,
    voice: Voice,
    opened: &Opened,
    form: &Form,
    wrong: Option<&str>,
    thanks: bool,
) -> Result<Response, Problem> {
    let school = &here.school;
    let mut records = school.database.read().await?;
    let items: Vec<TimelineItem> = opened
        .messages(&mut records)
        .await?
        .into_iter()
        .map(|message| {
            let title = if message.from_school {
                voice.from_school
            } else {
                voice.from_you
            };
            TimelineItem {
                description: Some(Html::paragraphs(&message.words)),
                ..TimelineItem::new(title, times::element(school, message.at))
            }
        })
        .collect();
    let state = format!(
        "{} {}",
        times::moment(school, opened.reported_at),
        if opened.acknowledged {
            "Somebody is looking after it."
        } else {
            "It is on its way to somebody."
        }
    );
    let status = match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = MessagesPage {
        errors: ErrorSummary::new(
            wrong
                .iter()
                .map(|wrong| FieldError::new("words", *wrong))
                .collect(),
        ),
        title: voice.title,
        state: format!("You told us on {state}"),
        messages: (!items.is_empty()).then(|| Timeline::new(items)),
        nothing_yet: voice.nothing_yet,
        thanks: thanks.then_some(voice.thanks),
        here: voice.write_url.clone(),
        code: answers::folded(&form.code),
        submission: school.new_row_id(),
        words: Textarea {
            value: form.words.clone(),
            error: wrong.map(str::to_owned),
            rows: 5,
            ..Textarea::new("words", Label::medium(voice.more))
        },
        send: Button::submit(voice.send),
        frame: Frame {
            has_errors: wrong.is_some(),
            ..voice.frame
        },
    };
    Ok((status, crate::web::page(&page)?).into_response())
}
