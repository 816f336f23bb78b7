//! Asking for a lesson with content that is otherwise blocked: the class, the pages, the time, and
//! the risk as the teacher sees it.

use belisha_filter::lists::split_page;
use belisha_policy::controls::sensitive_lesson;
use belisha_rules::access::{Action, Kind as RecordKind, RecordFacts};
use belisha_rules::approvals::State;
use belisha_rules::ids::ApprovalId;
use belisha_ui::{Html, InsetText, Label, Select, SelectOption, TextInput, Textarea};
use jiff::Timestamp;
use serde::Deserialize;

use super::kind::{AskedFor, Between};
use super::queries::{self, Request};
use super::sensitive_lesson::{KIND, SensitiveLesson};
use super::{list, show, when};
use crate::db::Connection;
use crate::entries::Entry;
use crate::filter::{self, Judge};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::words::{read_date, read_time};
use crate::web::wrong::Wrong;

/// As many pages as one lesson needs.
const MOST_PAGES: usize = 30;

/// A lesson being asked for.
pub(super) struct AskLesson {
    id: ApprovalId,
    groups: Vec<String>,
    /// Group, class and its name, of each class that has devices of its own.
    classes: Vec<(String, String, String)>,
    judge: Judge,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    lesson: String,
    class: String,
    group: String,
    pages: String,
    on_day: String,
    on_month: String,
    on_year: String,
    from: String,
    to: String,
    aims: String,
    risk: String,
}

/// What the form says.
pub(super) struct Said {
    lesson: SensitiveLesson,
    aims: String,
    starts_at: Timestamp,
    ends_at: Timestamp,
}

impl Act for AskLesson {
    type At = ();
    type Form = Form;
    type Read = Said;

    async fn load(records: &mut Connection, viewer: &Viewer, (): ()) -> Result<Self, Problem> {
        viewer.require(Action::AskApproval, &RecordFacts::of(RecordKind::Approval))?;
        Ok(Self {
            id: viewer.school.new_id(),
            groups: filter::groups(&viewer.policy.policy),
            classes: filter::classes(records).await?,
            judge: filter::judge(records, &viewer.school).await?,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            list::url(),
            "Requests",
            KIND.asks,
            "Send the request",
        );
        let rule = viewer
            .policy
            .policy
            .settings(&sensitive_lesson::CONTROL)
            .map(|settings| settings.sentence())
            .unwrap_or_default();
        page.lead = Html::of(&InsetText::new(rule));
        let line = |name: &str, label: &str, hint: &str, value: &str| {
            Html::of(&TextInput {
                value: value.to_owned(),
                hint: (!hint.is_empty()).then(|| hint.to_owned()),
                error: wrong.at(name),
                ..TextInput::new(name, Label::medium(label))
            })
        };
        let words = |name: &str, label: &str, hint: &str, value: &str| {
            Html::of(&Textarea {
                value: value.to_owned(),
                rows: 4,
                hint: Some(hint.to_owned()),
                error: wrong.at(name),
                ..Textarea::new(name, Label::medium(label))
            })
        };
        let options =
            std::iter::once(SelectOption::new("", "Choose"))
                .chain(self.of_classes().map(|(group, class, name)| {
                    let value = filter::class_group(group, class);
                    SelectOption::new(value, format!("The devices of {name} ({group})"))
                }))
                .chain(self.groups.iter().map(|group| {
                    SelectOption::new(group.clone(), format!("All devices of {group}"))
                }))
                .collect();
        page.fields = vec![
            line("lesson", "What is the lesson about?", "", &form.lesson),
            line("class", "Which class?", "Such as 6B", &form.class),
            Html::of(&Select {
                chosen: Some(form.group.clone()),
                hint: Some("The class’s own, where they are written down; or else the group of the filter whose devices the class uses.".into()),
                error: wrong.at("group"),
                ..Select::new("group", Label::medium("On which devices?"), options)
            }),
            words(
                "pages",
                "Which pages?",
                "One address a line. The filter opens the whole site of each, because a resolver sees names and not pages.",
                &form.pages,
            ),
            when::date_field(
                "on",
                "On which day?",
                [&form.on_day, &form.on_month, &form.on_year],
                wrong,
            ),
            when::time_field("from", "From", &form.from, wrong),
            when::time_field("to", "Until", &form.to, wrong),
            words(
                "aims",
                "What do the pupils learn by it?",
                "Name no child.",
                &form.aims,
            ),
            words(
                "risk",
                "What could go wrong, and what do you do about it?",
                "What pupils may see or feel, who needs to know beforehand, who is in the room. Name no child.",
                &form.risk,
            ),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        let lesson = wrong.text("lesson", &form.lesson, "Say what the lesson is about");
        let class = wrong.text("class", &form.class, "Say which class it is for");
        let group = self.devices(&form.group);
        if group.is_none() {
            wrong.say("group", "Choose the devices");
        }
        let (pages, names) = self.pages(form, wrong);
        let time = time(viewer, form, wrong);
        let aims = wrong.text("aims", &form.aims, "Say what the pupils learn by it");
        let risk = wrong.text(
            "risk",
            &form.risk,
            "Assess the risk: nobody can agree without it",
        );
        let (
            Some(lesson),
            Some(class),
            Some(aims),
            Some(risk),
            Some((starts_at, ends_at)),
            Some((group, only_class)),
        ) = (lesson, class, aims, risk, time, group)
        else {
            return Ok(None);
        };
        Ok(wrong.is_empty().then_some(Said {
            lesson: SensitiveLesson {
                lesson,
                class,
                group,
                only_class,
                pages,
                names,
                risk,
            },
            aims,
            starts_at,
            ends_at,
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        let asked_for = AskedFor::new(&KIND, said.lesson)?;
        queries::ask(
            tx,
            viewer,
            &Request {
                id: self.id,
                asked_for: &asked_for,
                reason: &said.aims,
                opens: true,
                between: Between {
                    starts_at: Some(said.starts_at),
                    ends_at: Some(said.ends_at),
                },
                state: State::RiskNoted,
            },
        )
        .await
    }

    fn leads_to(&self) -> String {
        show::url(self.id)
    }
}

impl AskLesson {
    /// The classes whose group the policy still has.
    fn of_classes(&self) -> impl Iterator<Item = &(String, String, String)> {
        self.classes
            .iter()
            .filter(|(group, ..)| self.groups.contains(group))
    }

    /// The group, and the class where it is its devices alone.
    fn devices(&self, chosen: &str) -> Option<(String, Option<String>)> {
        if self.groups.iter().any(|group| group == chosen) {
            return Some((chosen.to_owned(), None));
        }
        self.of_classes()
            .find(|(group, class, _)| filter::class_group(group, class) == chosen)
            .map(|(group, class, _)| (group.clone(), Some(class.clone())))
    }

    /// The pages as typed, and their names, each once.
    fn pages(&self, form: &Form, wrong: &mut Wrong) -> (Vec<String>, Vec<String>) {
        let pages: Vec<String> = form
            .pages
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect();
        if pages.is_empty() || pages.len() > MOST_PAGES {
            wrong.say(
                "pages",
                format!("Enter from 1 to {MOST_PAGES} addresses, one a line"),
            );
        }
        wrong.no_picture("pages", &form.pages);
        let mut names: Vec<String> = Vec::new();
        for page in &pages {
            match split_page(page).map(|(host, _)| host) {
                Ok(name) if name.contains('.') => {
                    if self.judge.is_illegal(&name) {
                        wrong.say("pages", format!("Nobody at school can open {name}"));
                    }
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                _ => wrong.say("pages", format!("“{page}” is no address")),
            }
        }
        (pages, names)
    }
}

/// When the lesson is: to come, and no longer than the policy lets it be.
fn time(viewer: &Viewer, form: &Form, wrong: &mut Wrong) -> Option<(Timestamp, Timestamp)> {
    let day =
        read_date(&form.on_day, &form.on_month, &form.on_year).filter(|day| *day >= viewer.today());
    if day.is_none() {
        wrong.say("on-day", "Enter a day from today on, such as 27 3 2027");
    }
    let (from, to) = (read_time(&form.from), read_time(&form.to));
    if from.is_none() {
        wrong.say("from", "Enter when it begins, such as 10:45");
    }
    if to.is_none() {
        wrong.say("to", "Enter when it ends, such as 11:30");
    }
    let (day, from, to) = (day?, from?, to?);
    let (starts_at, ends_at) = (
        viewer.school.instant(day, from)?,
        viewer.school.instant(day, to)?,
    );
    if ends_at <= starts_at || ends_at <= viewer.now {
        wrong.say("to", "Enter a time after the beginning, and to come");
        return None;
    }
    let longest = viewer.policy.policy.get(&sensitive_lesson::LONGEST);
    if ends_at.duration_since(starts_at).as_secs() > longest.seconds() as i64 {
        wrong.say(
            "to",
            format!("The policy lets a lesson be open for {longest} at most"),
        );
        return None;
    }
    Some((starts_at, ends_at))
}
