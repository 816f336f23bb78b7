//! The page of one act on a case: a heading, a few fields, a button. Each act brings
//! its own fields; what surrounds them is the same.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use belisha_ui::{BackLink, Button, ErrorSummary, FieldError, Frame, Html};

use super::case;
use super::queries::Case;
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Viewer;

#[derive(Template)]
#[template(path = "incidents/act_page.html")]
pub(super) struct ActPage {
    frame: Frame,
    back: BackLink,
    reference: String,
    submission: String,
    errors: ErrorSummary,
    pub(super) title: &'static str,
    /// What stands between the heading and the fields.
    pub(super) lead: Html,
    pub(super) fields: Vec<Html>,
    /// The revision of the case that the page was made from, where the act must not
    /// be done on a newer one.
    pub(super) revision: Option<i64>,
    pub(super) send: Button,
}

/// What is wrong with a form, field by field.
#[derive(Default, Clone)]
pub(super) struct Wrong(Vec<FieldError>);

impl Wrong {
    /// The field needs this correction.
    pub(super) fn say(&mut self, field: &str, says: impl Into<String>) {
        self.0.push(FieldError::new(field, says));
    }

    /// The field must not be empty.
    pub(super) fn need(&mut self, field: &str, value: &str, says: &str) {
        if value.trim().is_empty() {
            self.say(field, says);
        } else if value.chars().count() > 50_000 {
            self.say(field, "Shorten this to 50,000 characters");
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of it, for the top of the page.
    pub(super) fn summary(&self) -> ErrorSummary {
        ErrorSummary::new(self.0.clone())
    }

    /// What is said at a field.
    pub(super) fn at(&self, field: &str) -> Option<String> {
        self.0
            .iter()
            .find(|error| error.field_id.as_deref() == Some(field))
            .map(|error| error.text.clone())
    }
}

impl ActPage {
    /// A page for an act on this case.
    pub(super) fn of(viewer: &Viewer, case: &Case, title: &'static str, button: &str) -> Self {
        Self {
            frame: frame::of(viewer),
            back: BackLink::to(case::url(case.id)),
            reference: case.reference.clone(),
            submission: viewer.school.new_row_id(),
            errors: ErrorSummary::default(),
            title,
            lead: Html::default(),
            fields: Vec::new(),
            revision: None,
            send: Button::submit(button),
        }
    }

    /// Leads back somewhere else than to the case, which this viewer cannot open yet.
    pub(super) fn back_to(&mut self, url: String) {
        self.back = BackLink::to(url);
    }

    /// The answer: as it is asked for the first time, or with what needs correcting
    /// and the number that it was sent with.
    pub(super) fn answer(
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
        self.errors = ErrorSummary::new(wrong.0);
        if let Some(submission) = submission {
            self.submission = submission;
        }
        Ok((status, crate::web::page(&self)?).into_response())
    }
}
