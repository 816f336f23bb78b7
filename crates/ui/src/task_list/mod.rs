//! What is to be done and how far each part has come.

use askama::{Template, filters::HtmlSafe};

use crate::{Example, Tag, TagColour};

/// Tasks with their states; the whole row is the link.
#[derive(Clone, Debug, Template)]
#[template(path = "task_list/task_list.html")]
pub struct TaskList {
    /// What the ids of hints and states begin with.
    pub id_prefix: String,
    /// The tasks, in the order in which to do them.
    pub tasks: Vec<Task>,
}

/// One task.
#[derive(Clone, Debug)]
pub struct Task {
    /// What is to be done.
    pub title: String,
    /// Where it is done; `None` while it cannot start.
    pub href: Option<String>,
    /// One short sentence without a full stop.
    pub hint: Option<String>,
    /// How far it has come.
    pub status: TaskStatus,
}

/// How far a task has come. Only what needs action is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskStatus {
    /// Nothing left to do.
    Completed,
    /// To do.
    Incomplete,
    /// Begun.
    InProgress,
    /// Waits for another task.
    CannotStartYet,
    /// Done, but something about it is wrong.
    Problem,
}

impl TaskStatus {
    fn words(self) -> &'static str {
        match self {
            Self::Completed => "Completed",
            Self::Incomplete => "Incomplete",
            Self::InProgress => "In progress",
            Self::CannotStartYet => "Cannot start yet",
            Self::Problem => "There is a problem",
        }
    }

    fn tag(self) -> Option<Tag> {
        let colour = match self {
            Self::Completed | Self::CannotStartYet => return None,
            Self::Incomplete => TagColour::Plain,
            Self::InProgress => TagColour::Amber,
            Self::Problem => TagColour::Red,
        };
        Some(Tag {
            colour,
            ..Tag::new(self.words())
        })
    }

    fn cannot_start(self) -> bool {
        self == Self::CannotStartYet
    }
}

impl Task {
    /// A task that can be opened.
    #[must_use]
    pub fn new(title: impl Into<String>, href: impl Into<String>, status: TaskStatus) -> Self {
        Self {
            title: title.into(),
            href: Some(href.into()),
            hint: None,
            status,
        }
    }

    /// A task that waits for another.
    #[must_use]
    pub fn waiting(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            href: None,
            hint: None,
            status: TaskStatus::CannotStartYet,
        }
    }
}

impl HtmlSafe for TaskList {}

impl TaskList {
    /// A list of these tasks; `id_prefix` must differ from other lists on the page.
    #[must_use]
    pub fn new(id_prefix: &str, tasks: Vec<Task>) -> Self {
        Self {
            id_prefix: id_prefix.to_owned(),
            tasks,
        }
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let tasks = vec![
        Task::new("Name the school", "#", TaskStatus::Completed),
        Task {
            hint: Some("Who is told first".into()),
            ..Task::new("Give out the posts", "#", TaskStatus::InProgress)
        },
        Task::new("Print the recovery kit", "#", TaskStatus::Incomplete),
        Task::new("Mail server", "#", TaskStatus::Problem),
        Task::waiting("Bring the policy into force"),
    ];
    vec![Example::new("every state", &TaskList::new("set-up", tasks))]
}
