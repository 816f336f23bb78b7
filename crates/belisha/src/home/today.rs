//! Today: the way to report first, then what a person owes, what waits for them, and
//! for those whose post it is, how the school stands.

use askama::Template;
use axum::response::Response;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::assurance::Status;
use belisha_ui::{BigNumber, Button, EmptyState, Frame, InsetText, TaskList};

use super::frame;
use crate::db::Connection;
use crate::incidents::list;
use crate::incidents::queries::{self, Show};
use crate::notices::{self, MailStanding, Waiting};
use crate::policies::assurance;
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::words::{counted, date, moment};

#[derive(Template)]
#[template(path = "home/today.html")]
struct TodayPage {
    frame: Frame,
    date: String,
    /// What all of it comes to.
    says: String,
    report: Button,
    serious: String,
    cases: Vec<BigNumber>,
    owed: Option<TaskList>,
    waiting: Vec<Waiting>,
    more: Option<u32>,
    all_notices: String,
    nothing: Option<EmptyState>,
    numbers: Vec<BigNumber>,
    server: Vec<InsetText>,
}

/// So many notices stand on the page itself.
const SHOWN: usize = 5;

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let owed = crate::agreements::today(&mut records, &viewer).await?;
    let waiting = notices::waiting(&mut records, &viewer, SHOWN).await?;
    let shown = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
    let more = viewer.unread.saturating_sub(shown);
    let numbers = numbers(&mut records, &viewer).await?;
    let server = server(&mut records, &viewer).await?;
    let mut cases = cases(&mut records, &viewer).await?;
    cases.extend(crate::data_requests::numbers(&mut records, &viewer).await?);
    let acted = cases.iter().any(|number| number.needs_action);
    crate::web::page(&TodayPage {
        frame: frame::of(&viewer),
        says: says(owed.len(), viewer.unread, acted),
        date: date(viewer.today()),
        serious: crate::incidents::serious_url(),
        report: Button::link("Report a concern", crate::incidents::reports::new_url()),
        nothing: (owed.is_empty() && waiting.is_empty() && cases.is_empty()).then(|| {
            EmptyState::new(
                "Nothing waits for you today",
                "Agreements to sign, reports that need you and things you were asked to do stand here when there are any.",
            )
        }),
        cases,
        owed: (!owed.is_empty()).then(|| TaskList::new("owed", owed)),
        waiting,
        more: (more > 0).then_some(more),
        all_notices: notices::url(),
        numbers,
        server,
    })
}

/// What the page comes to, for a glance on the way to the classroom.
fn says(owed: usize, waiting: u32, cases_need_you: bool) -> String {
    let waiting = i64::from(waiting);
    let owed = i64::try_from(owed).unwrap_or(i64::MAX);
    let mut said = Vec::new();
    if cases_need_you {
        said.push("cases need you".to_owned());
    }
    if owed > 0 {
        said.push(format!(
            "you owe {}",
            counted(owed, "signature", "signatures")
        ));
    }
    if waiting > 0 {
        said.push(counted(waiting, "notice is unread", "notices are unread"));
    }
    let said = belisha_policy::and(&said);
    let mut letters = said.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => "Nothing is asked of you just now.".to_owned(),
    }
}

/// The cases that wait for the person; nothing where none does.
async fn cases(records: &mut Connection, viewer: &Viewer) -> Result<Vec<BigNumber>, Problem> {
    let waiting = queries::waiting_for(records, viewer).await?;
    let number = |count: u32, label: &str, show: Show, needs_action: bool| {
        (count > 0).then(|| BigNumber {
            href: Some(list::url_of(show)),
            needs_action,
            ..BigNumber::new(u64::from(count), label)
        })
    };
    Ok([
        number(waiting.new, "new, to acknowledge", Show::New, true),
        number(waiting.mine, "cases of mine", Show::Mine, false),
        number(waiting.overdue, "overdue", Show::Overdue, true),
        number(waiting.actions_due, "actions to do", Show::Mine, false),
    ]
    .into_iter()
    .flatten()
    .collect())
}

/// How the school keeps its word, for those who answer for it.
async fn numbers(records: &mut Connection, viewer: &Viewer) -> Result<Vec<BigNumber>, Problem> {
    let Some(numbers) = assurance::numbers(records, viewer).await? else {
        return Ok(Vec::new());
    };
    Ok(vec![
        BigNumber {
            href: Some(assurance::url_of(Status::NotMet)),
            needs_action: numbers.not_met > 0,
            ..BigNumber::new(numbers.not_met, "clauses not met")
        },
        BigNumber {
            href: Some(assurance::url_of(Status::DueSoon)),
            ..BigNumber::new(numbers.due_soon, "due soon")
        },
        BigNumber {
            href: Some(assurance::url()),
            ..BigNumber::new(numbers.met, "met")
        },
    ])
}

/// How the program itself does, for those who look after it.
async fn server(records: &mut Connection, viewer: &Viewer) -> Result<Vec<InsetText>, Problem> {
    let operations = RecordFacts::of(Kind::Operations);
    if !viewer.may(Action::ReadOperations, &operations).is_allowed() {
        return Ok(Vec::new());
    }
    let zone = viewer.school.settings().time_zone.clone();
    let said = match notices::mail_standing(records, &viewer.school).await? {
        MailStanding::NoServer { unread } => {
            let waiting = counted(unread, "unread notice waits", "unread notices wait");
            vec![format!(
                "No mail server is configured, so nobody is told by mail when something waits for them. \
                 {waiting} on people’s own pages. Start the program with a mail server to change that."
            )]
        }
        MailStanding::Leaving {
            retrying,
            given_up,
            oldest,
            without_address,
        } => {
            let mut said = Vec::new();
            if retrying > 0 {
                let since = oldest.map_or_else(String::new, |oldest| {
                    format!(" since {}", moment(oldest, &zone))
                });
                said.push(format!(
                    "Mail is late: {} could not be sent{since} and will be tried again. Look at the mail server.",
                    counted(retrying, "notice", "notices")
                ));
            }
            if given_up > 0 {
                said.push(format!(
                    "Mail about {} was given up after many attempts. Look at the mail server and tell the people concerned.",
                    counted(given_up, "notice", "notices")
                ));
            }
            if without_address > 0 {
                said.push(format!(
                    "{} for people without a mail address. Add their addresses to the register.",
                    counted(without_address, "unread notice is", "unread notices are")
                ));
            }
            said
        }
    };
    Ok(said.into_iter().map(InsetText::new).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_day_is_told_in_a_sentence() {
        let check = |owed, waiting, cases, expected| {
            assert_eq!(super::says(owed, waiting, cases), expected);
        };
        check(0, 0, false, "Nothing is asked of you just now.");
        check(1, 0, false, "You owe 1 signature.");
        check(0, 1, false, "1 notice is unread.");
        check(
            2,
            3,
            true,
            "Cases need you, you owe 2 signatures and 3 notices are unread.",
        );
    }
}
