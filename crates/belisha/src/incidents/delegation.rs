//! Delegation: the headteacher lets the lead read one concern about an adult, for a time.

use belisha_rules::access::{Action, Relation, may_be_given};
use belisha_rules::calendar::Deadline;
use belisha_rules::giving::{self as law, GiveRefused};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{DateInput, Html, Label, Select, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::{entry, giving, readers};
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::words::read_date;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/delegation")
}

/// The delegation of one case.
pub(super) struct Delegation {
    case: Case,
    receivers: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    person: String,
    until_day: String,
    until_month: String,
    until_year: String,
    reason: String,
}

/// To whom, until the end of which day, and why.
pub(super) struct Given {
    person: PersonId,
    until: Date,
    reason: String,
}

impl Act for Delegation {
    type At = IncidentId;
    type Form = Form;
    type Read = Given;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::DelegateCase, &case.facts)?;
        let receivers = giving::receivers(records, viewer, |worn| {
            let how = Relation::Delegated;
            may_be_given(&worn.identity, &worn.hats, &case.facts, how).is_ok()
        })
        .await?;
        Ok(Self { case, receivers })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Delegate the case";
        let mut page = ActPage::of(viewer, &self.case, title, title);
        page.lead = Html::paragraphs(
            "The safeguarding lead or a deputy reads the case until a day that you choose, and you go on handling it. They cannot write in it, share it or pass it on.",
        );
        page.fields = vec![
            Html::of(&Select {
                chosen: Some(form.person.clone()),
                error: wrong.at("person"),
                ..Select::new(
                    "person",
                    Label::medium("To whom?"),
                    giving::options(&self.receivers),
                )
            }),
            Html::of(&DateInput {
                day: form.until_day.clone(),
                month: form.until_month.clone(),
                year: form.until_year.clone(),
                error: wrong.at("until-day"),
                hint: Some(format!(
                    "The last day, at most {} days from now. You can end it sooner.",
                    law::DELEGATED_AT_MOST
                )),
                ..DateInput::new("until", Label::medium("Until when?"))
            }),
            Html::of(&Textarea {
                value: form.reason.clone(),
                error: wrong.at("reason"),
                rows: 3,
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
    ) -> Result<Option<Given>, Problem> {
        let reason = wrong.text("reason", &form.reason, "Say why it is delegated");
        let Ok(person) = form.person.parse::<PersonId>() else {
            wrong.say("person", "Choose somebody");
            return Ok(None);
        };
        let worn = hats::of(records, person, viewer.today()).await?;
        let typed = read_date(&form.until_day, &form.until_month, &form.until_year);
        let until = law::delegate(
            &worn.identity,
            &worn.hats,
            &self.case.facts,
            typed,
            viewer.today(),
        );
        match until {
            Ok(until) => Ok(reason.map(|reason| Given {
                person,
                until,
                reason,
            })),
            Err(late @ GiveRefused::Until { .. }) => {
                wrong.say("until-day", late.sentence());
                Ok(None)
            }
            Err(why) => Err(giving::refused("The case was not delegated", &why)),
        }
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, given: Given) -> Result<Entry, Problem> {
        let (id, person) = (self.case.id, given.person);
        giving::give_keys(tx, viewer, &self.case, person).await?;
        let calendar = crate::schools::calendar::of(tx, &viewer.school).await?;
        let until = calendar.passes_at(Deadline::EndOf(given.until));
        giving::insert_reader(tx, &self.case, person, "delegated", Some(until)).await?;
        let record = records::open(tx, viewer, &object(id)).await?;
        let today = tx.today();
        entry::write(tx, &record, id, "sharing", &given.reason, today, None).await?;
        settle(tx, id).await?;
        let kind = NoticeKind::IncidentCopied;
        notices::tell(tx, person, kind, &object(id), false).await?;
        Ok(Entry::of(EntryKind::IncidentDelegated, object(id))
            .fact("to", person)
            .fact("until", given.until))
    }

    fn leads_to(&self) -> String {
        readers::url(self.case.id)
    }
}
