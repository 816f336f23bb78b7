//! Answering whoever reported without an account: what is written here is all that they
//! ever see of the case, under the code that they were given.

use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, ReportId};
use belisha_ui::{Html, InsetText, Label, Textarea, Timeline, TimelineItem};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::reports::answers;
use super::{case, entry, times};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/answer")
}

/// The answering of those who reported a case without an account.
pub(super) struct Answer {
    case: Case,
    reports: Vec<ReportId>,
    so_far: Option<Timeline>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    words: String,
}

impl Act for Answer {
    type At = IncidentId;
    type Form = Form;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::AddEntry, &case.facts)?;
        // Where nobody has a code, nobody can be answered.
        let reports = answers::with_code(records, id).await?;
        if reports.is_empty() {
            return Err(Problem::NotFound);
        }
        let so_far = messages(records, viewer, id).await?;
        Ok(Self {
            case,
            reports,
            so_far,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Answer whoever reported";
        let mut page = ActPage::of(viewer, &self.case, title, "Send the answer");
        let lead = Html::of(&InsetText::new(
            "They may be a child, and they may read this with somebody looking on. Write kindly \
             and plainly. Name nobody, and say what happens next and whom they can talk to.",
        ));
        let so_far = self.so_far.as_ref().map_or_else(Html::default, Html::of);
        page.lead = Html::join(&[lead, so_far]);
        page.fields = vec![Html::of(&Textarea {
            value: form.words.clone(),
            error: wrong.at("words"),
            rows: 6,
            hint: Some("They see this and nothing else of the case.".into()),
            ..Textarea::new("words", Label::medium("Your answer"))
        })];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<String>, Problem> {
        let says = "Write what they should read under their code";
        Ok(wrong.text("words", &form.words, says))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, words: String) -> Result<Entry, Problem> {
        for report in &self.reports {
            answers::answer(tx, viewer, *report, &words).await?;
        }
        let (id, today) = (self.case.id, tx.today());
        let record = records::open(tx, viewer, &object(id)).await?;
        entry::write(tx, &record, id, "answer", &words, today, None).await?;
        let kind = NoticeKind::IncidentWroteBack;
        notices::settled(tx, viewer.person, kind, &object(id)).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentAnswered, object(id)))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// What was written so far, for the case page too; nothing where nobody can be answered.
pub(super) async fn messages(
    connection: &mut Connection,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<Option<Timeline>, Problem> {
    let mut items = Vec::new();
    for report in answers::with_code(connection, id).await? {
        for message in answers::for_viewer(connection, viewer, report).await? {
            let title = match (message.from_school, message.read_at) {
                (true, Some(at)) => {
                    format!("We wrote; read {}", times::moment(&viewer.school, at))
                }
                (true, None) => "We wrote; not read yet".to_owned(),
                (false, _) => "They wrote".to_owned(),
            };
            items.push((
                message.at,
                TimelineItem {
                    description: Some(Html::paragraphs(&message.words)),
                    ..TimelineItem::new(title, times::element(&viewer.school, message.at))
                },
            ));
        }
    }
    items.sort_by_key(|(at, _)| *at);
    Ok((!items.is_empty())
        .then(|| Timeline::new(items.into_iter().map(|(_, item)| item).collect())))
}
