//! The kind *mailing*: advertisements that go to many people who did not ask for them. The program sends
//! none and stops none; what it keeps is who permitted which, and until when.

use belisha_policy::controls::mailing_permission;
use belisha_rules::access::{Action, Kind as RecordKind, RecordFacts};
use belisha_rules::approvals::{State, Terms};
use belisha_rules::ids::ApprovalId;
use belisha_ui::{Html, InsetText, Label, SummaryRow, TextInput, Textarea};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kind::{Asked, AskedFor, Between, Kind};
use super::queries::{self, Request};
use super::{list, show, when};
use crate::db::Connection;
use crate::entries::Entry;
use crate::problem::Problem;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage, act};
use crate::web::route::Needs;
use crate::web::words::read_date;
use crate::web::wrong::Wrong;

pub(super) static KIND: Kind = Kind {
    key: "mailing",
    url: "/approvals/new/mailing",
    name: "mailing",
    asks: "Ask to send a mailing",
    why: "Why the school should",
    risk: "Whose addresses are used and whether they agreed to that, and whether families will think that the school recommends it.",
    terms: |policy| Terms {
        deciders: policy.get(&mailing_permission::DECIDED_BY),
        all: false,
        second_person: true,
        managers: Vec::new(),
        applies_itself: true,
        can_be_stopped: true,
        tested: false,
        reviewed_within: None,
    },
    is_offered: |policy| policy.bound(&mailing_permission::CONTROL).is_some(),
    read: AskedFor::read::<Mailing>,
    routes: |path| act::<AskMailing>(path, Needs::Session),
};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mailing {
    about: String,
    from: String,
    to: String,
    how: String,
}

impl Asked for Mailing {
    fn title(&self) -> String {
        format!("{}, to {}", self.about, self.to)
    }

    fn rows(&self) -> Vec<SummaryRow> {
        vec![
            SummaryRow::new("What it advertises", self.about.clone()),
            SummaryRow::new("On behalf of", self.from.clone()),
            SummaryRow::new("To", self.to.clone()),
            SummaryRow::new("By", self.how.clone()),
        ]
    }
}

/// A mailing being asked for.
struct AskMailing {
    id: ApprovalId,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Form {
    about: String,
    from: String,
    to: String,
    how: String,
    until_day: String,
    until_month: String,
    until_year: String,
    reason: String,
}

/// What the form says.
struct Said {
    mailing: Mailing,
    reason: String,
    ends_at: Timestamp,
}

impl Act for AskMailing {
    type At = ();
    type Form = Form;
    type Read = Said;

    async fn load(_: &mut Connection, viewer: &Viewer, (): ()) -> Result<Self, Problem> {
        viewer.require(Action::AskApproval, &RecordFacts::of(RecordKind::Approval))?;
        if !(KIND.is_offered)(&viewer.policy.policy) {
            return Err(Problem::NotFound);
        }
        Ok(Self {
            id: viewer.school.new_id(),
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
            .settings(&mailing_permission::CONTROL)
            .map(|settings| settings.sentence())
            .unwrap_or_default();
        page.lead = Html::of(&InsetText::new(rule));
        let line = |name: &str, label: &str, hint: &str, value: &str| {
            Html::of(&TextInput {
                value: value.to_owned(),
                hint: Some(hint.to_owned()),
                error: wrong.at(name),
                ..TextInput::new(name, Label::medium(label))
            })
        };
        page.fields = vec![
            line(
                "about",
                "What does it advertise?",
                "Such as a holiday club",
                &form.about,
            ),
            line(
                "from",
                "On whose behalf?",
                "The club, firm or person who gains by it",
                &form.from,
            ),
            line("to", "To whom?", "Such as all families of Year 4", &form.to),
            line(
                "how",
                "By which way?",
                "Such as e-mail, a text message, a leaflet in book bags",
                &form.how,
            ),
            when::date_field(
                "until",
                "Until which day may it be sent?",
                [&form.until_day, &form.until_month, &form.until_year],
                wrong,
            ),
            Html::of(&Textarea {
                value: form.reason.clone(),
                rows: 3,
                error: wrong.at("reason"),
                ..Textarea::new("reason", Label::medium("Why should the school send it?"))
            }),
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
        let about = wrong.text("about", &form.about, "Say what it advertises");
        let from = wrong.text("from", &form.from, "Say on whose behalf it is sent");
        let to = wrong.text("to", &form.to, "Say to whom it goes");
        let how = wrong.text("how", &form.how, "Say by which way it is sent");
        let until = read_date(&form.until_day, &form.until_month, &form.until_year)
            .filter(|day| *day >= viewer.today())
            .and_then(|day| when::end_of(viewer, day));
        if until.is_none() {
            wrong.say("until-day", "Enter a day from today on, such as 27 3 2027");
        }
        let reason = wrong.text("reason", &form.reason, "Say why the school should send it");
        Ok((|| {
            Some(Said {
                mailing: Mailing {
                    about: about?,
                    from: from?,
                    to: to?,
                    how: how?,
                },
                reason: reason?,
                ends_at: until?,
            })
        })())
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        let asked_for = AskedFor::new(&KIND, said.mailing)?;
        queries::ask(
            tx,
            viewer,
            &Request {
                id: self.id,
                asked_for: &asked_for,
                reason: &said.reason,
                opens: true,
                between: Between {
                    starts_at: None,
                    ends_at: Some(said.ends_at),
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
