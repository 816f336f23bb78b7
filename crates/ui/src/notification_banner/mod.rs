//! News that is not about what the page is for: above the main heading, once.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Html};

/// A banner above the page's heading.
#[derive(Clone, Debug, Template)]
#[template(path = "notification_banner/notification_banner.html")]
pub struct NotificationBanner {
    /// Whether it tells of something to know or of something done.
    pub kind: BannerKind,
    /// What it says.
    pub content: Html,
    /// Id of its title; two banners on a page need two.
    pub title_id: String,
}

/// What a banner tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerKind {
    /// Something to know.
    Important,
    /// Something that was just done; read out at once by screen readers.
    Success,
}

impl HtmlSafe for NotificationBanner {}

impl NotificationBanner {
    /// Something to know, in one sentence.
    #[must_use]
    pub fn important(sentence: &str) -> Self {
        Self::new(BannerKind::Important, heading(sentence))
    }

    /// Something that was just done, in one sentence.
    #[must_use]
    pub fn success(sentence: &str) -> Self {
        Self::new(BannerKind::Success, heading(sentence))
    }

    /// A banner with more than a sentence.
    #[must_use]
    pub fn new(kind: BannerKind, content: Html) -> Self {
        Self {
            kind,
            content,
            title_id: "govuk-notification-banner-title".into(),
        }
    }

    fn is_success(&self) -> bool {
        self.kind == BannerKind::Success
    }
}

fn heading(sentence: &str) -> Html {
    Html::trusted(format!(
        r#"<p class="govuk-notification-banner__heading">{}</p>"#,
        Html::from(sentence)
    ))
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    vec![
        Example::new(
            "important",
            &NotificationBanner::important(
                "A new version of the policy is in force from 1 September.",
            ),
        ),
        Example::new(
            "success",
            &NotificationBanner {
                title_id: "second-banner".into(),
                ..NotificationBanner::success("You have signed the agreement.")
            },
        ),
    ]
}
