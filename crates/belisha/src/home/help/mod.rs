//! Help: a short text for each part of the program, the handbook of controls, and who can
//! see what, which is made from the one table that decides it.

mod topics;

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts, Role, who_may};
use belisha_ui::{BackLink, Column, Frame, Html, Table};

use super::footer::around;
use crate::problem::Problem;
use crate::viewer::Here;
use crate::web::path::Path;
use crate::web::words::capital;

pub(super) const URL: &str = "/help";
pub(super) const WHO_URL: &str = "/help/who-can-see-what";

/// The help for a page: its own topic, or all of them.
pub(super) fn url_for(path: &str) -> String {
    topics::of(path).map_or_else(|| URL.to_owned(), |topic| topic_url(topic.slug))
}

fn topic_url(slug: &str) -> String {
    format!("{URL}/{slug}")
}

#[derive(Template)]
#[template(path = "home/help/index.html")]
struct HelpPage {
    frame: Frame,
    topics: Vec<(String, &'static str)>,
    who: &'static str,
    controls: Option<String>,
}

pub(super) async fn index(here: Here) -> Result<Response, Problem> {
    let may_read_policy = here.viewer.as_ref().is_some_and(|viewer| {
        viewer
            .may(Action::ReadPolicy, &RecordFacts::of(Kind::PolicyDocument))
            .is_allowed()
    });
    crate::web::page(&HelpPage {
        frame: around(&here),
        topics: topics::TOPICS
            .iter()
            .map(|topic| (topic_url(topic.slug), topic.title))
            .collect(),
        who: WHO_URL,
        controls: may_read_policy.then(crate::policies::controls_url),
    })
}

#[derive(Template)]
#[template(path = "home/help/topic.html")]
struct TopicPage {
    frame: Frame,
    back: BackLink,
    title: &'static str,
    says: &'static [&'static str],
    answers: &'static [(&'static str, &'static str)],
    who: &'static str,
}

pub(super) async fn topic(here: Here, Path(slug): Path<String>) -> Result<Response, Problem> {
    let topic = topics::named(&slug).ok_or(Problem::NotFound)?;
    crate::web::page(&TopicPage {
        frame: around(&here),
        back: all(),
        title: topic.title,
        says: topic.says,
        answers: topic.answers,
        who: WHO_URL,
    })
}

fn all() -> BackLink {
    BackLink {
        text: "All help".into(),
        href: URL.into(),
    }
}

#[derive(Template)]
#[template(path = "home/help/who.html")]
struct WhoPage {
    frame: Frame,
    back: BackLink,
    kinds: Vec<(&'static str, String, Table)>,
}

pub(super) async fn who(here: Here) -> Result<Response, Problem> {
    crate::web::page(&WhoPage {
        frame: around(&here),
        back: all(),
        kinds: Kind::ALL
            .into_iter()
            .map(|kind| (kind.name(), format!("{kind:?}").to_lowercase(), table(kind)))
            .collect(),
    })
}

fn table(kind: Kind) -> Table {
    let rows = kind
        .actions()
        .iter()
        .map(|action| vec![action.name().into(), in_words(kind, *action)])
        .collect();
    Table {
        caption_hidden: true,
        first_cell_names_row: true,
        ..Table::new(
            format!("{}: who may do what", kind.name()),
            ["What", "Who"].map(Column::new).to_vec(),
            rows,
        )
    }
}

/// Who may do it: those who always may, and those who may if.
fn in_words(kind: Kind, action: Action) -> Html {
    let who = who_may(kind, action);
    if who.is_nobody() {
        return "Nobody".into();
    }
    let mut lines = Vec::new();
    if who.always.len() == Role::ALL.len() {
        lines.push("Everybody".to_owned());
    } else if !who.always.is_empty() {
        lines.push(capital(&names(&who.always)));
    }
    for (relation, roles) in &who.related {
        let roles = if roles.len() + who.always.len() == Role::ALL.len() {
            "anybody".to_owned()
        } else {
            names(roles)
        };
        lines.push(format!("{} {}", capital(&roles), relation.when()));
    }
    let lines: Vec<Html> = lines
        .into_iter()
        .map(|line| Html::trusted(format!("<li>{}</li>", Html::from(line))))
        .collect();
    Html::trusted(format!(
        r#"<ul class="belisha-plain-list">{}</ul>"#,
        Html::join(&lines)
    ))
}

fn names(roles: &[Role]) -> String {
    let names: Vec<String> = roles.iter().map(|role| role.name().to_owned()).collect();
    belisha_policy::and(&names)
}

#[cfg(test)]
mod tests {
    use crate::web::route::Needs;

    #[test]
    fn every_page_has_its_help() {
        for route in crate::routes::routes() {
            let is_page = route.method == "GET"
                && matches!(
                    route.needs,
                    Needs::Session | Needs::SteppedUp | Needs::Step(_)
                )
                && !route.path.starts_with("/drafts");
            assert!(
                !is_page || super::topics::of(route.path).is_some(),
                "no topic in home/help/topics.rs is about {}: add its address to one, or write one",
                route.path
            );
        }
    }

    #[test]
    fn the_nearest_topic_is_the_one_that_is_meant() {
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(
                super::topics::of(path).map(|topic| topic.slug),
                expected,
                "{path}"
            );
        };
        check("/", Some("today"));
        check("/incidents/7/closure", Some("cases"));
        check("/reports/new", Some("reporting"));
        check("/account/keys", Some("your-account"));
        check("/accounts", Some("accounts"));
        check("/peoples", None);
    }
}
