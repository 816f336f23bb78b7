//! An action: something to be done by somebody by a day.

use belisha_rules::access::{self, AccountState, Action};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::respond;
use belisha_ui::{Column, DateInput, Html, Label, Select, Table, Tag, TagColour, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::case::{self, read_optional};
use super::queries::{self, Case, object, settle};
use super::{completion, giving, times};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::words::read_date;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/actions/new")
}

/// The setting of one action.
pub(super) struct NewAction {
    case: Case,
    owners: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    words: String,
    owner: String,
    due_day: String,
    due_month: String,
    due_year: String,
}

/// What, by whom, by when.
pub(super) struct Task {
    words: String,
    owner: PersonId,
    due: Date,
}

impl Act for NewAction {
    type At = IncidentId;
    type Form = Form;
    type Read = Task;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::AddAction, &case.facts)?;
        let owners = who_may(records, viewer, &case, Action::ReadCase).await?;
        Ok(Self { case, owners })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::of(viewer, &self.case, "Set an action", "Set the action");
        page.fields = vec![
            Html::of(&Textarea {
                value: form.words.clone(),
                error: wrong.at("words"),
                rows: 3,
                ..Textarea::new("words", Label::medium("What is to be done?"))
            }),
            Html::of(&Select {
                chosen: Some(form.owner.clone()),
                error: wrong.at("owner"),
                hint: Some(
                    "Those who can read this case. Share it first if somebody is missing.".into(),
                ),
                ..Select::new(
                    "owner",
                    Label::medium("By whom?"),
                    giving::options(&self.owners),
                )
            }),
            Html::of(&DateInput {
                day: form.due_day.clone(),
                month: form.due_month.clone(),
                year: form.due_year.clone(),
                error: wrong.at("due-day"),
                ..DateInput::new("due", Label::medium("By which day?"))
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
    ) -> Result<Option<Task>, Problem> {
        let words = wrong.text("words", &form.words, "Say what is to be done");
        let owner = giving::chosen(&self.owners, &form.owner);
        if owner.is_none() {
            wrong.say("owner", "Choose who does it");
        }
        let due = read_date(&form.due_day, &form.due_month, &form.due_year)
            .filter(|due| *due >= viewer.today());
        if due.is_none() {
            wrong.say("due-day", "Enter a day from today on, such as 27 3 2027");
        }
        Ok((|| {
            Some(Task {
                words: words?,
                owner: owner?,
                due: due?,
            })
        })())
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, task: Task) -> Result<Entry, Problem> {
        let Task { words, owner, due } = task;
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("An action cannot be set now", wrong.sentence()))?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
        tx.run_one(
            sql("insert into incident_action (id, incident, owner, due_on, made_at, made_by, sealed_words,
                                              kind, done_at, done_by, sealed_outcome)
                 values ($1, $2, $3, $4, $5, $6, $7, 'action', null, null, null)")
            .bind(&row)
            .bind(id.to_string())
            .bind(owner.to_string())
            .bind(due)
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("action-{row}"), 0, &words)),
        )
        .await?;
        settle(tx, id).await?;
        if owner != viewer.person {
            let kind = NoticeKind::IncidentActionYours;
            notices::tell(tx, owner, kind, &object(id), false).await?;
        }
        Ok(Entry::of(EntryKind::IncidentActionSet, object(id))
            .fact("action", row)
            .fact("due", due))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// Those who may do this with the case now: whom it can be given to, or something to do in it.
pub(super) async fn who_may(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    action: Action,
) -> Result<Vec<(PersonId, String)>, Fault> {
    let rows = sql(
        "select distinct person.id, person.name, person.sort_name from person
         where person.merged_into is null
           and (person.id in (select person from post_holding
                  where from_on <= $2 and (until_on is null or until_on >= $2))
                or person.id in (select person from incident_reader where incident = $1))
         order by person.sort_name, person.id",
    )
    .bind(found.id.to_string())
    .bind(viewer.today())
    .all(connection)
    .await?;
    let mut owners = Vec::new();
    for row in rows {
        let person: PersonId = row.read("id", |text| text.parse().ok())?;
        let worn = hats::of(connection, person, viewer.today()).await?;
        let asked = access::Viewer::person(worn.identity, &worn.hats, AccountState::Active);
        if access::may(&asked, action, &found.facts, viewer.now).is_allowed() {
            owners.push((person, row.get("name")?));
        }
    }
    Ok(owners)
}

/// Sets an action that a rule asks for, unless the case has had it: its kind says which.
pub(crate) async fn set_once(
    tx: &mut Tx,
    record: &OpenRecord,
    case: &Case,
    kind: &str,
    owner: PersonId,
    due: Date,
    words: &str,
) -> Result<(), Problem> {
    let school = tx.school().clone();
    let (row, now, by) = (school.new_row_id(), tx.now(), tx.actor().key());
    tx.run(
        sql("insert into incident_action (id, incident, owner, due_on, made_at, made_by, sealed_words,
                                          kind, done_at, done_by, sealed_outcome)
             select $1, $2, $3, $4, $5, $6, $7, $8, null, null, null
             where not exists (select 1 from incident_action where incident = $2 and kind = $8)")
        .bind(&row)
        .bind(case.id.to_string())
        .bind(owner.to_string())
        .bind(due)
        .bind(now)
        .bind(by)
        .bind(record.seal(&school, &format!("action-{row}"), 0, words))
        .bind(kind),
    )
    .await?;
    Ok(())
}

/// The actions of a case that the viewer has open.
pub(super) async fn table(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    record: &OpenRecord,
) -> Result<Option<Table>, Problem> {
    let rows = sql(
        "select incident_action.id, incident_action.due_on, incident_action.done_at,
                incident_action.sealed_words, incident_action.sealed_outcome, person.name
         from incident_action join person on person.id = incident_action.owner
         where incident_action.incident = $1
         order by incident_action.due_on, incident_action.id",
    )
    .bind(found.id.to_string())
    .all(connection)
    .await?;
    let may_complete = found.incident.state().is_open() && found.allows(viewer, Action::AddAction);
    let mut lines = Vec::new();
    for row in rows {
        let id: String = row.get("id")?;
        let words = read_optional(record, &format!("action-{id}"), row.get("sealed_words")?)?;
        let outcome = read_optional(record, &format!("outcome-{id}"), row.get("sealed_outcome")?)?;
        let due = row.date("due_on")?;
        let state = match row.instant_optional("done_at")? {
            Some(at) => Html::join(&[
                Html::of(&Tag {
                    colour: TagColour::Green,
                    ..Tag::new("Done")
                }),
                format!(" {}", times::moment(&viewer.school, at)).into(),
                Html::paragraphs(&outcome),
            ]),
            None if may_complete => Html::link("Complete this", &completion::url(found.id, &id)),
            None => "Open".into(),
        };
        let overdue = due < viewer.today() && row.instant_optional("done_at")?.is_none();
        let by = if overdue {
            Html::join(&[
                Html::of(&Tag {
                    colour: TagColour::Red,
                    ..Tag::new("Overdue")
                }),
                format!(" {}", times::day(due)).into(),
            ])
        } else {
            times::day(due).into()
        };
        lines.push(vec![
            Html::paragraphs(&words),
            row.get::<String>("name")?.into(),
            by,
            state,
        ]);
    }
    Ok((!lines.is_empty()).then(|| Table {
        caption_hidden: true,
        ..Table::new(
            "Actions",
            ["To do", "By whom", "By when", "State"]
                .map(Column::new)
                .to_vec(),
            lines,
        )
    }))
}
