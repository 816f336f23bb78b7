//! A step of a request: who asks was checked, they were asked what they mean, the time was
//! extended, others were masked, it was sent or refused.

use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::data_requests::{RequestStep, StepRefused, may_take};
use belisha_rules::ids::DataRequestId;
use belisha_ui::{DateInput, Html, InsetText, Label, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::queries::{Asked, load, object};
use super::show_url;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::notices::{NoticeKind, settled_for_all};
use crate::problem::Problem;
use crate::records;
use crate::schools::calendar;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::words::read_date;
use crate::web::wrong::Wrong;

pub(super) fn url(id: DataRequestId, step: RequestStep) -> String {
    format!("/data-requests/{id}/steps/{}", step.key())
}

/// One step of one request.
pub(super) struct StepTaken {
    asked: Asked,
    step: RequestStep,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    on_day: String,
    on_month: String,
    on_year: String,
    words: String,
}

/// What is recorded, as the button and the heading name it.
pub(super) fn title(step: RequestStep) -> &'static str {
    match step {
        RequestStep::IdentityChecked => "Record that it was checked who asks",
        RequestStep::ClarificationAsked => "They were asked what they mean",
        RequestStep::ClarificationAnswered => "They said what they mean",
        RequestStep::Extended => "Take two months more",
        RequestStep::Masked => "Record that other people were masked",
        RequestStep::Sent => "Record that it was sent",
        RequestStep::Refused => "Refuse it, with a reason",
        RequestStep::Withdrawn => "They no longer ask",
    }
}

fn asks(step: RequestStep) -> (&'static str, &'static str, &'static str) {
    match step {
        RequestStep::IdentityChecked => (
            "How was it checked?",
            "What was shown or asked, and why they may ask for this: themselves, a parent, with consent. Never copy a document into this.",
            "Say how it was checked",
        ),
        RequestStep::ClarificationAsked => (
            "What were they asked?",
            "Ask only what you need in order to find it. The clock stands still until they answer.",
            "Say what they were asked",
        ),
        RequestStep::ClarificationAnswered => (
            "What did they say?",
            "The clock goes on from this day.",
            "Say what they answered",
        ),
        RequestStep::Extended => (
            "Why does it take longer?",
            "Because it is complex, or because they ask for much. Say also how and when they were told: it must be within the first month.",
            "Say why it takes longer and that they were told",
        ),
        RequestStep::Masked => (
            "Who was masked, and how?",
            "Other people’s names and words, or why something of theirs is left in. The pack asks for each name.",
            "Say how other people were masked",
        ),
        RequestStep::Sent => (
            "What was sent, and how?",
            "What it was, to whom it went and by which way",
            "Say what was sent and how",
        ),
        RequestStep::Refused => (
            "Why is it refused?",
            "The ground, and that they were told of it, of their right to complain to the school and to the Information Commissioner, and to go to court",
            "Say why it is refused",
        ),
        RequestStep::Withdrawn => (
            "What did they say?",
            "Who took it back, and how",
            "Say what they said",
        ),
    }
}

impl Act for StepTaken {
    type At = (DataRequestId, String);
    type Form = Form;
    type Read = (Date, String);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, step): (DataRequestId, String),
    ) -> Result<Self, Problem> {
        let step = RequestStep::from_key(&step).ok_or(Problem::NotFound)?;
        let asked = load(records, viewer, id, Action::AnswerDataRequest).await?;
        let days = calendar::of(records, &viewer.school).await?;
        let today = viewer.today();
        may_take(&asked.request, step, today, today, &days).map_err(refused)?;
        Ok(Self { asked, step })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let caption = format!("Request: {}", self.asked.request.kind.name());
        let back = show_url(self.asked.id);
        let mut page = ActPage::new(viewer, back, caption, title(self.step), "Save");
        if self.step == RequestStep::Refused {
            page.lead = Html::of(&InsetText::new(
                "Ask the data protection officer before a request is refused.",
            ));
        }
        let (question, hint, _) = asks(self.step);
        page.fields = vec![
            Html::of(&DateInput {
                day: form.on_day.clone(),
                month: form.on_month.clone(),
                year: form.on_year.clone(),
                error: wrong.at("on-day"),
                ..DateInput::new("on", Label::medium("On which day?"))
            }),
            Html::of(&Textarea {
                value: form.words.clone(),
                error: wrong.at("words"),
                rows: 4,
                hint: Some(hint.into()),
                ..Textarea::new("words", Label::medium(question))
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
    ) -> Result<Option<(Date, String)>, Problem> {
        let words = wrong.text("words", &form.words, asks(self.step).2);
        let on = read_date(&form.on_day, &form.on_month, &form.on_year);
        let days = calendar::of(records, &viewer.school).await?;
        match on {
            None => wrong.say("on-day", "Enter a day, such as 27 3 2026"),
            Some(day) => {
                let fits = may_take(&self.asked.request, self.step, day, viewer.today(), &days);
                if let Err(why) = fits {
                    wrong.say("on-day", why.sentence());
                }
            }
        }
        Ok(on.zip(words))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        said: (Date, String),
    ) -> Result<Entry, Problem> {
        let (on, words) = said;
        let (school, today) = (tx.school().clone(), tx.today());
        let days = calendar::of(tx, &school).await?;
        let mut request = self.asked.request.clone();
        may_take(&request, self.step, on, today, &days).map_err(refused)?;
        let id = self.asked.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let (row, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
        tx.run_one(
            sql("insert into data_request_step (id, request, number, step, taken_on, made_at, made_by, sealed_words)
                 values ($1, $2, (select count(*) + 1 from data_request_step where request = $2), $3, $4, $5, $6, $7)")
            .bind(&row)
            .bind(id.to_string())
            .bind(self.step.key())
            .bind(on)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("step-{row}"), 0, &words)),
        )
        .await?;
        request.steps.push((self.step, on));
        tx.run_one(
            sql("update data_request set revision = revision + 1, due_on = $2, ended_on = $3 where id = $1")
                .bind(id.to_string())
                .bind(request.due_on(today, &days))
                .bind(self.step.ends().then_some(on)),
        )
        .await?;
        if self.step.ends() {
            settled_for_all(tx, NoticeKind::DataRequestDue, &object(id)).await?;
        }
        Ok(Entry::of(EntryKind::DataRequestStep, object(id))
            .fact("step", self.step.key())
            .fact("on", on))
    }

    fn leads_to(&self) -> String {
        show_url(self.asked.id)
    }

    /// What somebody else recorded meanwhile may change what fits.
    fn revision(&self) -> Option<i64> {
        Some(self.asked.revision)
    }
}

fn refused(why: StepRefused) -> Problem {
    Problem::refused("This does not fit where the request stands", why.sentence())
}
