//! Asking for a change of the filter: "ask for this site". The block page leads here with the name
//! and the group filled in.

use belisha_filter::lists::split_page;
use belisha_policy::controls::filter_changes;
use belisha_policy::{Word as _, and};
use belisha_rules::access::{Action, Kind as RecordKind, RecordFacts};
use belisha_rules::approvals::State;
use belisha_rules::ids::ApprovalId;
use belisha_ui::{Checkboxes, Choice, Html, Label, Radios, TextInput, Textarea};
use jiff::Timestamp;
use serde::Deserialize;

use super::filter_change::{FilterChange, KIND, Wish};
use super::kind::{AskedFor, Between};
use super::queries::{self, Request};
use super::{list, show, when};
use crate::db::Connection;
use crate::entries::Entry;
use crate::filter::{self, Judge};
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::words::read_date;
use crate::web::wrong::Wrong;

/// Where somebody asks, with the name filled in.
pub(crate) fn url(name: &str, group: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (field, value) in [("name", name), ("group", group)] {
        if !value.is_empty() {
            query.append_pair(field, value);
        }
    }
    let query = query.finish();
    if query.is_empty() {
        KIND.url.to_owned()
    } else {
        format!("{}?{query}", KIND.url)
    }
}

/// A change of the filter being asked for.
pub(super) struct AskChange {
    id: ApprovalId,
    groups: Vec<String>,
    judge: Judge,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    name: String,
    group: Vec<String>,
    wish: String,
    reason: String,
    until: String,
    until_day: String,
    until_month: String,
    until_year: String,
}

/// What the form says.
pub(super) struct Said {
    change: FilterChange,
    reason: String,
    ends_at: Option<Timestamp>,
    opens: bool,
}

impl Act for AskChange {
    type At = ();
    type Form = Form;
    type Read = Said;

    const FILLED_BY_ADDRESS: bool = true;

    async fn load(records: &mut Connection, viewer: &Viewer, (): ()) -> Result<Self, Problem> {
        viewer.require(Action::AskApproval, &RecordFacts::of(RecordKind::Approval))?;
        let judge = filter::judge(records, &viewer.school).await?;
        Ok(Self {
            id: viewer.school.new_id(),
            groups: filter::groups(&viewer.policy.policy),
            judge,
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
        let groups = self
            .groups
            .iter()
            .map(|group| Choice::new(group.clone(), group.clone()))
            .collect();
        let wishes = Wish::all()
            .map(|wish| Choice::new(wish.key(), wish.name()))
            .collect();
        let a_day = Choice {
            reveals: Some(when::date_field(
                "until",
                "Which day?",
                [&form.until_day, &form.until_month, &form.until_year],
                wrong,
            )),
            ..Choice::new("day", "Until a day")
        };
        page.fields = vec![
            Html::of(&TextInput {
                value: form.name.clone(),
                hint: Some(
                    "Its name or address, such as example.org. Everything below it is meant too."
                        .into(),
                ),
                error: wrong.at("name"),
                spellcheck: Some(false),
                ..TextInput::new("name", Label::medium("Which site?"))
            }),
            Html::of(&Radios {
                chosen: Some(if form.wish.is_empty() {
                    Wish::Open.key().to_owned()
                } else {
                    form.wish.clone()
                }),
                error: wrong.at("wish"),
                ..Radios::new("wish", Label::medium("What shall happen?"), wishes)
            }),
            Html::of(&Checkboxes {
                chosen: form.group.clone(),
                error: wrong.at("group"),
                ..Checkboxes::new("group", Label::medium("For whom?"), groups)
            }),
            Html::of(&Radios {
                chosen: Some(if form.until.is_empty() {
                    "always".to_owned()
                } else {
                    form.until.clone()
                }),
                error: wrong.at("until"),
                ..Radios::new(
                    "until",
                    Label::medium("For how long?"),
                    vec![
                        Choice::new("today", "Today only"),
                        a_day,
                        Choice::new("always", "Until somebody changes it"),
                    ],
                )
            }),
            Html::of(&Textarea {
                value: form.reason.clone(),
                rows: 3,
                hint: Some(
                    "What it is for. Name no child: those who look at changes read it.".into(),
                ),
                error: wrong.at("reason"),
                ..Textarea::new("reason", Label::medium("Why?"))
            }),
        ];
        page
    }

    async fn read(
        &mut self,
        records: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        let host = split_page(form.name.trim()).map(|(host, _)| host);
        let name = host.ok().filter(|name| name.contains('.'));
        if name.is_none() {
            wrong.say("name", "Enter the name of a site, such as example.org");
        }
        let wish = match form.wish.as_str() {
            "" => Some(Wish::Open),
            word => Wish::from_key(word),
        };
        if wish.is_none() {
            wrong.say("wish", "Choose what shall happen");
        }
        let groups: Vec<String> = self
            .groups
            .iter()
            .filter(|group| form.group.contains(group))
            .cloned()
            .collect();
        if groups.is_empty() {
            wrong.say("group", "Choose for whom");
        }
        let reason = wrong.text("reason", &form.reason, "Say what it is for");
        let ends_at = self.ends_at(viewer, form, wrong);
        let (Some(name), Some(wish), Some(reason), true) = (name, wish, reason, wrong.is_empty())
        else {
            return Ok(None);
        };
        let change = FilterChange { name, groups, wish };
        if wish == Wish::Open {
            self.may_open(viewer, &change, ends_at, wrong);
        }
        if wish == Wish::AsTheListsSay && ends_at.is_some() {
            wrong.say(
                "until",
                "This is done for good, or not at all: choose “Until somebody changes it”",
            );
        }
        let opens = opens(records, &change).await?;
        Ok(wrong.is_empty().then_some(Said {
            change,
            reason,
            ends_at,
            opens,
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        let asked_for = AskedFor::new(&KIND, said.change)?;
        queries::ask(
            tx,
            viewer,
            &Request {
                id: self.id,
                asked_for: &asked_for,
                reason: &said.reason,
                opens: said.opens,
                between: Between {
                    starts_at: None,
                    ends_at: said.ends_at,
                },
                state: State::Requested,
            },
        )
        .await
    }

    fn leads_to(&self) -> String {
        show::url(self.id)
    }
}

impl AskChange {
    fn ends_at(&self, viewer: &Viewer, form: &Form, wrong: &mut Wrong) -> Option<Timestamp> {
        match form.until.as_str() {
            "today" => when::end_of(viewer, viewer.today()),
            "day" => {
                let day = read_date(&form.until_day, &form.until_month, &form.until_year)
                    .filter(|day| *day >= viewer.today());
                if day.is_none() {
                    wrong.say("until-day", "Enter a day from today on, such as 27 3 2027");
                }
                day.and_then(|day| when::end_of(viewer, day))
            }
            "" | "always" => None,
            _ => {
                wrong.say("until", "Choose for how long");
                None
            }
        }
    }

    /// Illegal content is opened by nobody, and some kinds of site only for a time.
    fn may_open(
        &self,
        viewer: &Viewer,
        change: &FilterChange,
        ends_at: Option<Timestamp>,
        wrong: &mut Wrong,
    ) {
        if self.judge.is_illegal(&change.name) {
            wrong.say("name", "Nobody at school can open this site");
            return;
        }
        if ends_at.is_some() {
            return;
        }
        let timed = viewer.policy.policy.get(&filter_changes::ONLY_FOR_A_TIME);
        let kinds = self.judge.categories(&change.name);
        let names: Vec<&str> = timed
            .iter()
            .filter(|category| kinds.iter().any(|key| key == category.key()))
            .map(|category| category.name())
            .collect();
        if !names.is_empty() {
            wrong.say(
                "until",
                format!(
                    "The policy opens {} for a stated time only: choose until when",
                    and(&names)
                ),
            );
        }
    }
}

/// Whether something becomes open that is shut: a site, or the end of the school's own ban.
async fn opens(records: &mut Connection, change: &FilterChange) -> Result<bool, Problem> {
    match change.wish {
        Wish::Open => Ok(true),
        Wish::Block => Ok(false),
        Wish::AsTheListsSay => {
            for group in &change.groups {
                let stand = filter::of_name(records, &change.name, group).await?;
                if stand
                    .iter()
                    .any(|entry| entry.decision == filter::Decision::Deny)
                {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}
