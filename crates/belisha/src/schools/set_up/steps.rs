//! The list of steps; or, in a browser that has not given the code, the question for it.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use belisha_ui::{Frame, Task, TaskList, TaskStatus};

use super::{Done, account, begun, closing, code, details, kit, pack, people, terms};
use crate::home::frame;
use crate::problem::Problem;
use crate::viewer::Here;

#[derive(Template)]
#[template(path = "schools/set_up/steps.html")]
struct StepsPage {
    frame: Frame,
    tasks: TaskList,
}

pub(super) async fn get(here: Here, headers: HeaderMap) -> Result<Response, Problem> {
    match begun(&here, &headers).await {
        Ok(()) => {}
        Err(Problem::GoTo(_)) => return code::page(String::new(), None),
        Err(problem) => return Err(problem),
    }
    let done = Done::of(&mut here.school.database.read().await?).await?;
    let task = |title: &str, url: String, is_done: bool, is_next: bool| match (is_done, is_next) {
        (true, _) => Task::new(title, url, TaskStatus::Completed),
        (false, true) => Task::new(title, url, TaskStatus::Incomplete),
        (false, false) => Task::waiting(title),
    };
    let tasks = vec![
        task("The school", details::url(), done.details, true),
        task("Terms and closures", terms::url(), done.terms, done.details),
        task(
            "People and their posts",
            people::url(),
            done.people,
            done.details,
        ),
        task("Recovery kit", kit::url(), done.kit, done.details),
        task(
            "Policy",
            pack::url(),
            done.pack,
            done.details && done.people,
        ),
        task(
            "Your own account",
            account::url(),
            done.account,
            done.before_account(),
        ),
        task("Open the school", closing::url(), false, done.all()),
    ];
    crate::web::page(&StepsPage {
        frame: frame::bare(),
        tasks: TaskList::new("set-up", tasks),
    })
}
