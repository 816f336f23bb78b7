//! What surrounds every page: head, skip link, header with navigation, banner, footer.
//!
//! A page's template says `{% extends "frame.html" %}`, fills the blocks `title`, `before_main` and
//! `main`, and its struct has a field `frame: Frame`. The parts are rendered here, once compiled,
//! so that a page's own code stays small.

use askama::{Template, filters::HtmlSafe};

use crate::{ExitThisPage, HideScreen, Html, NotificationBanner, assets};

/// What surrounds a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Name of the product, in the header and at the end of every title.
    pub product: String,
    /// Address of the product's name in the header.
    pub home: String,
    /// Whose product it is here, such as the school; `None` before anybody signed in.
    pub place: Option<String>,
    /// Who is signed in.
    pub person: Option<SignedIn>,
    /// The main navigation; empty where a page stands alone.
    pub navigation: Vec<NavigationItem>,
    /// How many things wait for the person, and where they are listed.
    pub notices: Option<Notices>,
    /// What was just done, or must be known now.
    pub banner: Option<NotificationBanner>,
    /// Language of the page as a BCP 47 tag.
    pub language: String,
    /// A class on the body, such as `belisha-large` for young readers.
    pub body_class: Option<String>,
    /// How the reader may leave or cover the page at once.
    pub leaving: Leaving,
    /// Whether the page shows an error summary, which its title then says first.
    pub has_errors: bool,
    /// After how many seconds the browser asks again, for a page that shows progress.
    pub refresh_after_seconds: Option<u32>,
    /// Links in the footer: help, accessibility, cookies.
    pub footer: Vec<FooterLink>,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The person's name.
    pub name: String,
    /// The person's post or posts, in words.
    pub post: String,
    /// Address of the person's own account page.
    pub account: String,
    /// Address that a form posts to in order to sign out.
    pub sign_out: String,
}

/// One entry of a navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavigationItem {
    /// Name of the page.
    pub text: String,
    /// Its address.
    pub href: String,
    /// Whether this page, or one below it, is shown.
    pub current: bool,
}

impl NavigationItem {
    /// An entry for a page that is not shown.
    #[must_use]
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
            current: false,
        }
    }

    /// The entry of the page that is shown.
    #[must_use]
    pub fn current(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            current: true,
            ..Self::new(text, href)
        }
    }
}

/// How many things wait for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notices {
    /// How many; nothing is shown for none.
    pub count: u32,
    /// Address of the list.
    pub href: String,
}

/// A link in the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterLink {
    /// Name of the page.
    pub text: String,
    /// Its address.
    pub href: String,
}

/// How the reader may leave or cover the page at once.
#[derive(Clone, Debug)]
pub enum Leaving {
    /// No such button.
    Nothing,
    /// For staff, when somebody walks up.
    HideScreen(HideScreen),
    /// For pupils and parents, who may be watched.
    ExitThisPage(ExitThisPage),
}

impl Frame {
    /// A bare English page: name of the product and nothing else.
    #[must_use]
    pub fn new(product: impl Into<String>) -> Self {
        Self {
            product: product.into(),
            home: "/".into(),
            place: None,
            person: None,
            navigation: Vec::new(),
            notices: None,
            banner: None,
            language: "en".into(),
            body_class: None,
            leaving: Leaving::Nothing,
            has_errors: false,
            refresh_after_seconds: None,
            footer: Vec::new(),
        }
    }

    /// Style sheet, script and icon, for the `head` element.
    #[must_use]
    pub fn head(&self) -> Html {
        Html::of(&Head {
            stylesheet: assets::stylesheet_url(),
            script: assets::script_url(),
            icon: assets::icon_url(),
            refresh_after_seconds: self.refresh_after_seconds,
        })
    }

    /// Skip links and header.
    #[must_use]
    pub fn top(&self) -> Html {
        Html::of(&Top { frame: self })
    }

    /// The banner, if there is one.
    #[must_use]
    pub fn flash(&self) -> Html {
        self.banner.as_ref().map_or_else(Html::default, Html::of)
    }

    /// The footer.
    #[must_use]
    pub fn foot(&self) -> Html {
        Html::of(&Foot { frame: self })
    }

    fn notices_to_show(&self) -> Option<&Notices> {
        self.notices.as_ref().filter(|notices| notices.count > 0)
    }

    fn exit(&self) -> Option<&ExitThisPage> {
        match &self.leaving {
            Leaving::ExitThisPage(exit) => Some(exit),
            Leaving::HideScreen(_) | Leaving::Nothing => None,
        }
    }

    fn hide(&self) -> Option<&HideScreen> {
        match &self.leaving {
            Leaving::HideScreen(hide) => Some(hide),
            Leaving::ExitThisPage(_) | Leaving::Nothing => None,
        }
    }
}

#[derive(Template)]
#[template(path = "frame/head.html")]
struct Head {
    stylesheet: String,
    script: String,
    icon: String,
    refresh_after_seconds: Option<u32>,
}

#[derive(Template)]
#[template(path = "frame/top.html")]
struct Top<'a> {
    frame: &'a Frame,
}

#[derive(Template)]
#[template(path = "frame/foot.html")]
struct Foot<'a> {
    frame: &'a Frame,
}

impl HtmlSafe for Head {}
impl HtmlSafe for Top<'_> {}
impl HtmlSafe for Foot<'_> {}

#[cfg(test)]
mod tests;
