//! An act that has a page: a heading, a few fields, a button. What every such act
//! repeats stands here once: load and ask whether it may, show the form, say what needs
//! correcting without losing a word, act once however often it is sent, commit, lead on.
//! An act's own file holds its form, its fields, its checks and the act itself.

use std::future::Future;

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{BackLink, Button, ErrorSummary, Frame, Html};
use serde::de::DeserializeOwned;

use super::path::Path;
use super::route::{self, Needs, Route};
use super::sent::SentOn;
use super::wrong::Wrong;
use crate::db::Connection;
use crate::entries::Entry;
use crate::home::frame;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;

/// An act with its page. A value of it is the act on one record, loaded for one viewer.
pub(crate) trait Act: Sized + Send + Sync {
    /// What the address says: the id, or the ids.
    type At: DeserializeOwned + Send;
    /// The fields as they are typed. Give it `#[serde(deny_unknown_fields, default)]`.
    type Form: Default + DeserializeOwned + Send + Sync;
    /// What the form says, once nothing is wrong with it.
    type Read: Send;

    /// Whether the address may fill in the form, so that another page can lead here with
    /// what it knows: "ask for this site".
    const FILLED_BY_ADDRESS: bool = false;

    /// Load, and may: what may not be seen is not found, what may not be done is refused.
    fn load(
        records: &mut Connection,
        viewer: &Viewer,
        at: Self::At,
    ) -> impl Future<Output = Result<Self, Problem>> + Send;

    /// The form as it stands before anybody typed.
    fn blank(&self) -> Self::Form {
        Self::Form::default()
    }

    /// The page with its fields, as typed and with what is wrong beside them.
    fn page(&self, viewer: &Viewer, form: &Self::Form, wrong: &Wrong) -> ActPage;

    /// Reads the form. None, with a word in `wrong`, where it needs correcting; what the
    /// page then needs to help with it may be kept in the act.
    fn read(
        &mut self,
        records: &mut Connection,
        viewer: &Viewer,
        form: &Self::Form,
        wrong: &mut Wrong,
    ) -> impl Future<Output = Result<Option<Self::Read>, Problem>> + Send;

    /// Rule, write, tell; the entry with which the frame commits it.
    fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        read: Self::Read,
    ) -> impl Future<Output = Result<Entry, Problem>> + Send;

    /// Where the act leads: to what it changed.
    fn leads_to(&self) -> String;

    /// The revision of the record, where the act must not be done on a newer one than
    /// the page was made from.
    fn revision(&self) -> Option<i64> {
        None
    }
}

/// The two routes of an act: its page, and its form.
pub(crate) fn act<A: Act + 'static>(path: &'static str, needs: Needs) -> [Route; 2] {
    [
        route::get(path, needs, shown::<A>),
        route::post(path, needs, sent::<A>),
    ]
}

async fn shown<A: Act>(
    viewer: Viewer,
    Path(at): Path<A::At>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let act = A::load(&mut viewer.read().await?, &viewer, at).await?;
    // What cannot be read fills in nothing.
    let filled = query
        .filter(|_| A::FILLED_BY_ADDRESS)
        .and_then(|query| serde_html_form::from_str(&query).ok());
    let form = filled.unwrap_or_else(|| act.blank());
    let mut page = act.page(&viewer, &form, &Wrong::default());
    page.looked_at = act.revision();
    page.answer(Wrong::default(), None)
}

async fn sent<A: Act>(
    viewer: Viewer,
    Path(at): Path<A::At>,
    sent: SentOn<A::Form>,
) -> Result<Response, Problem> {
    let mut tx = viewer.write().await?;
    let mut act = A::load(&mut tx, &viewer, at).await?;
    let mut wrong = Wrong::default();
    let read = act.read(&mut tx, &viewer, &sent.form, &mut wrong).await?;
    let (Some(read), true) = (read, wrong.is_empty()) else {
        drop(tx);
        let mut page = act.page(&viewer, &sent.form, &wrong);
        page.looked_at = sent.looked_at;
        return page.answer(wrong, Some(sent.submission));
    };
    let (leads_to, newest) = (act.leads_to(), act.revision());
    tx.once(&sent.submission, &leads_to).await?;
    let entry = act.act(&mut tx, &viewer, read).await?;
    // Last, so that a rule which explains itself is heard first; nothing is committed yet.
    if newest.is_some() && sent.looked_at != newest {
        return Err(Problem::changed_first());
    }
    tx.commit(entry).await?;
    Ok(super::go_to(&leads_to))
}

/// The page of an act.
#[derive(Template)]
#[template(path = "web/act.html")]
pub(crate) struct ActPage {
    frame: Frame,
    back: BackLink,
    caption: String,
    submission: String,
    errors: ErrorSummary,
    looked_at: Option<i64>,
    title: String,
    /// What stands between the heading and the fields.
    pub(crate) lead: Html,
    pub(crate) fields: Vec<Html>,
    pub(crate) send: Button,
    /// What else can be pressed, after the button.
    pub(crate) also: Html,
}

impl ActPage {
    /// A page for an act on what the caption names, with the way back to it.
    pub(crate) fn new(
        viewer: &Viewer,
        back: String,
        caption: impl Into<String>,
        title: impl Into<String>,
        button: &str,
    ) -> Self {
        Self {
            frame: frame::of(viewer),
            back: BackLink::to(back),
            caption: caption.into(),
            submission: viewer.school.new_row_id(),
            errors: ErrorSummary::default(),
            looked_at: None,
            title: title.into(),
            lead: Html::default(),
            fields: Vec::new(),
            send: Button::submit(button),
            also: Html::default(),
        }
    }

    /// The answer: as it is asked for the first time, or with what needs correcting
    /// and the number that it was sent with.
    pub(crate) fn answer(
        mut self,
        wrong: Wrong,
        submission: Option<String>,
    ) -> Result<Response, Problem> {
        let status = if wrong.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        self.frame.has_errors = !wrong.is_empty();
        self.errors = ErrorSummary::new(wrong.into_errors());
        if let Some(submission) = submission {
            self.submission = submission;
        }
        Ok((status, super::page(&self)?).into_response())
    }
}
