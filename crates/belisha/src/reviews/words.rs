//! Answers as people read them.

use belisha_policy::{Post, Word as _};
use belisha_rules::guides::{Answer, Ask, Question};
use belisha_ui::Html;
use jiff::civil::DateTime;

use crate::incidents::queries::Case;
use crate::web::words::date;

/// The answer in words.
pub(super) fn shown(question: &Question, value: &str, case: &Case) -> String {
    match question.ask {
        Ask::One(options) | Ask::Any(options) => value
            .split(' ')
            .map(|part| {
                options
                    .iter()
                    .find(|(key, _)| *key == part)
                    .map_or(part, |(_, name)| name)
            })
            .collect::<Vec<_>>()
            .join("; "),
        Ask::Line | Ask::Words => value.to_owned(),
        Ask::Moment => value.parse::<DateTime>().map_or_else(
            |_| value.to_owned(),
            |at| format!("{} at {:02}:{:02}", date(at.date()), at.hour(), at.minute()),
        ),
        Ask::People => value
            .split(' ')
            .map(|part| {
                case.people
                    .iter()
                    .find(|involved| involved.person.to_string() == part)
                    .map_or("somebody who is not on the register", |involved| {
                        involved.name.as_str()
                    })
            })
            .collect::<Vec<_>>()
            .join(", "),
        Ask::Post => {
            Post::from_key(value).map_or_else(|| value.to_owned(), |post| post.name().to_owned())
        }
    }
}

/// The answer with its reason.
pub(super) fn with_reason(question: &Question, answer: &Answer, case: &Case) -> Html {
    let words = Html::paragraphs(&shown(question, &answer.value, case));
    if answer.reason.is_empty() {
        words
    } else {
        Html::join(&[words, Html::paragraphs(&answer.reason)])
    }
}
