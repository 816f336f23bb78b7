//! What surrounds every page: the school, the person, and the places they may go.

use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::people::Hats;
use belisha_ui::{Frame, HideScreen, Leaving, NavigationItem, Notices, SignedIn};

use crate::viewer::Viewer;

/// The product's name, on every page.
const PRODUCT: &str = "Belisha";

/// The frame a person sees, kept on the answer so that a problem page has it too.
#[derive(Clone)]
pub(crate) struct Shown(pub(crate) Frame);

/// A page before anybody signed in.
pub(crate) fn bare() -> Frame {
    Frame::new(PRODUCT)
}

/// A page of a school before anybody signed in.
pub(crate) fn of_school(name: &str) -> Frame {
    Frame {
        place: Some(name.to_owned()),
        footer: super::footer::links("/sign-in"),
        ..bare()
    }
}

/// A page for a person who is signed in.
pub(crate) fn of(viewer: &Viewer) -> Frame {
    let settings = viewer.school.settings();
    Frame {
        place: Some(settings.name.clone()),
        person: Some(SignedIn {
            name: viewer.name.clone(),
            post: posts_in_words(&viewer.hats),
            account: crate::accounts::own::url(),
            sign_out: crate::accounts::sign_out::url(),
        }),
        navigation: navigation(viewer),
        leaving: Leaving::HideScreen(HideScreen::new(crate::home::cover::url())),
        notices: Some(Notices {
            count: viewer.unread,
            href: crate::notices::url(),
        }),
        footer: super::footer::links_within(&viewer.path),
        ..bare()
    }
}

/// The places of the main navigation: the act that opens each, so that a place is
/// shown to whoever may enter it and to nobody else.
fn navigation(viewer: &Viewer) -> Vec<NavigationItem> {
    let places = [
        ("Today", crate::home::url(), None),
        ("Cases", crate::incidents::list::url(), None),
        (
            "Patterns",
            crate::patterns::url(),
            Some((Action::ReadPatterns, Kind::Assurance)),
        ),
        ("Agreements", crate::agreements::url(), None),
        (
            "Requests",
            crate::approvals::url(),
            Some((Action::AskApproval, Kind::Approval)),
        ),
        (
            "Filter",
            crate::filter::url(),
            Some((Action::ReadFilter, Kind::Filter)),
        ),
        ("Policy", crate::policies::url(), None),
        (
            "Assurance",
            crate::policies::assurance::url(),
            Some((Action::ReadAssurance, Kind::Assurance)),
        ),
        (
            "People",
            crate::people::list::url(),
            Some((Action::ReadRegister, Kind::Register)),
        ),
        (
            "Data requests",
            crate::data_requests::url(),
            Some((Action::ReadDataRequest, Kind::DataRequest)),
        ),
        (
            "Accounts",
            crate::accounts::list_url(),
            Some((Action::ListAccounts, Kind::Account)),
        ),
        (
            "Backups",
            crate::backups::url(),
            Some((Action::ReadBackups, Kind::Backup)),
        ),
        ("Journal", crate::audit::url(), None),
    ];
    places
        .into_iter()
        .filter(|(_, _, needs)| {
            needs.is_none_or(|(action, kind)| {
                viewer.may(action, &RecordFacts::of(kind)).is_allowed()
            })
        })
        .map(|(text, href, _)| {
            let below = viewer
                .path
                .strip_prefix(href.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            let current = if href == "/" {
                viewer.path == "/"
            } else {
                below
            };
            NavigationItem {
                text: text.into(),
                href,
                current,
            }
        })
        .collect()
}

/// A person's posts as the page names them: "headteacher and designated safeguarding lead".
pub(crate) fn posts_in_words(hats: &Hats) -> String {
    let posts: Vec<String> = hats
        .posts
        .iter()
        .map(|held| {
            if held.deputy {
                format!("deputy for the {}", held.post.name())
            } else {
                held.post.name().to_owned()
            }
        })
        .collect();
    if posts.is_empty() {
        hats.standings
            .iter()
            .next()
            .map_or_else(String::new, |standing| standing.name().to_owned())
    } else {
        belisha_policy::and(&posts)
    }
}
