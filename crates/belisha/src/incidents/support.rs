//! Support for one person: what, by whom, and when somebody asks how they are; or that it
//! was declined. Another row follows at each review, and the newest counts.

use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::respond;
use belisha_ui::{Choice, Column, DateInput, Html, Label, Radios, Select, Table, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::words::Part;
use super::{action, case, entry, giving, times};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::records::{self, OpenRecord};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::words::read_date;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/support/new")
}

/// The support for somebody in one case.
pub(super) struct Support {
    case: Case,
    affected: Vec<(PersonId, String)>,
    helpers: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    person: String,
    decision: String,
    responsible: String,
    review_day: String,
    review_month: String,
    review_year: String,
    words: String,
}

/// For whom, what was decided, who sees to it until when, and the words.
pub(super) struct Supported {
    person: PersonId,
    decision: &'static str,
    plan: Option<(PersonId, Date)>,
    words: String,
}

impl Act for Support {
    type At = IncidentId;
    type Form = Form;
    type Read = Supported;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::AddAction, &case.facts)?;
        let parts = [Part::Harmed, Part::Alleged, Part::Witness, Part::Other];
        Ok(Self {
            affected: case.with_parts(&parts),
            helpers: action::who_may(records, viewer, &case, Action::ReadCase).await?,
            case,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let plan = Html::join(&[
            Html::of(&Select {
                chosen: Some(form.responsible.clone()),
                error: wrong.at("responsible"),
                ..Select::new(
                    "responsible",
                    "Who sees to it?",
                    giving::options(&self.helpers),
                )
            }),
            Html::of(&DateInput {
                day: form.review_day.clone(),
                month: form.review_month.clone(),
                year: form.review_year.clone(),
                error: wrong.at("review-day"),
                hint: Some("They are reminded on that day to ask how things are.".into()),
                ..DateInput::new("review", "Reviewed on which day?")
            }),
        ]);
        let mut page = ActPage::of(viewer, &self.case, "Plan support", "Save");
        page.fields = vec![
            Html::of(&Select {
                chosen: Some(form.person.clone()),
                error: wrong.at("person"),
                ..Select::new(
                    "person",
                    Label::medium("For whom?"),
                    giving::options(&self.affected),
                )
            }),
            Html::of(&Radios {
                chosen: (!form.decision.is_empty()).then(|| form.decision.clone()),
                error: wrong.at("decision"),
                ..Radios::new(
                    "decision",
                    Label::medium("What is decided?"),
                    vec![
                        Choice {
                            reveals: Some(plan),
                            ..Choice::new("planned", "They get support, or go on getting it")
                        },
                        Choice::new("declined", "It was offered and declined, or is not needed"),
                        Choice::new("ended", "It has ended, and they are well"),
                    ],
                )
            }),
            Html::of(&Textarea {
                value: form.words.clone(),
                error: wrong.at("words"),
                rows: 4,
                hint: Some(
                    "What they get, what they said themselves, or why it is declined".into(),
                ),
                ..Textarea::new("words", Label::medium("In a few words"))
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
    ) -> Result<Option<Supported>, Problem> {
        let person = giving::chosen(&self.affected, &form.person);
        if person.is_none() {
            wrong.say("person", "Choose who it is for");
        }
        let decision = ["planned", "declined", "ended"]
            .into_iter()
            .find(|decision| *decision == form.decision);
        if decision.is_none() {
            wrong.say("decision", "Say what is decided");
        }
        let mut plan = None;
        if decision == Some("planned") {
            let responsible = giving::chosen(&self.helpers, &form.responsible);
            if responsible.is_none() {
                wrong.say("responsible", "Choose who sees to it");
            }
            let review = read_date(&form.review_day, &form.review_month, &form.review_year)
                .filter(|day| *day > viewer.today());
            if review.is_none() {
                wrong.say("review-day", "Enter a day after today, such as 27 3 2027");
            }
            plan = responsible.zip(review);
        }
        let words = wrong.text("words", &form.words, "Say what was decided and why");
        let (Some(person), Some(decision), Some(words)) = (person, decision, words) else {
            return Ok(None);
        };
        Ok(Some(Supported {
            person,
            decision,
            plan,
            words,
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, read: Supported) -> Result<Entry, Problem> {
        let id = self.case.id;
        // Support outlasts the case: how somebody is doing is written down after a closure too.
        if self.case.incident.state().is_open() {
            respond(&self.case.incident).map_err(|wrong| {
                Problem::refused("This cannot be planned now", wrong.sentence())
            })?;
        }
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("insert into incident_support (id, incident, person, decision, responsible, review_on,
                                               decided_at, decided_by, sealed_words, reminded_on)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null)")
            .bind(&row)
            .bind(id.to_string())
            .bind(read.person.to_string())
            .bind(read.decision)
            .bind(read.plan.map(|(responsible, _)| responsible.to_string()))
            .bind(read.plan.map(|(_, review)| review))
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("support-{row}"), 0, &read.words)),
        )
        .await?;
        entry::write(tx, &record, id, "support", &read.words, today, None).await?;
        settle(tx, id).await?;
        if let Some((responsible, _)) = read.plan
            && responsible != viewer.person
        {
            let kind = NoticeKind::IncidentActionYours;
            notices::tell(tx, responsible, kind, &object(id), false).await?;
        }
        Ok(Entry::of(EntryKind::IncidentSupportDecided, object(id))
            .fact("support", row)
            .fact("decision", read.decision))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// The support in a case that the viewer has open: the newest word for each person.
pub(super) async fn table(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
    record: &OpenRecord,
) -> Result<Option<Table>, Problem> {
    let rows = sql(
        "select incident_support.id, incident_support.person, incident_support.decision,
                incident_support.review_on, incident_support.sealed_words, person.name,
                helper.name as helper_name
         from incident_support
         join person on person.id = incident_support.person
         left join person as helper on helper.id = incident_support.responsible
         where incident_support.incident = $1
         order by person.sort_name, incident_support.decided_at desc, incident_support.id",
    )
    .bind(found.id.to_string())
    .all(connection)
    .await?;
    let mut lines = Vec::new();
    let mut seen = Vec::new();
    for row in rows {
        let person: String = row.get("person")?;
        if seen.contains(&person) {
            continue;
        }
        seen.push(person);
        let id: String = row.get("id")?;
        let words = record.read(
            &format!("support-{id}"),
            0,
            &row.get::<Vec<u8>>("sealed_words")?,
        )?;
        let what = match row.get::<String>("decision")?.as_str() {
            "planned" => "Supported",
            "declined" => "Declined",
            _ => "Ended",
        };
        let review = row
            .date_optional("review_on")?
            .map_or_else(String::new, |on| {
                let overdue = if on < viewer.today() {
                    " (overdue)"
                } else {
                    ""
                };
                format!("{}{overdue}", times::day(on))
            });
        lines.push(vec![
            row.get::<String>("name")?.into(),
            what.into(),
            row.get::<Option<String>>("helper_name")?
                .unwrap_or_default()
                .into(),
            review.into(),
            Html::paragraphs(&words),
        ]);
    }
    Ok((!lines.is_empty()).then(|| Table {
        caption_hidden: true,
        ..Table::new(
            "Support",
            ["For", "State", "By whom", "Review", "In words"]
                .map(Column::new)
                .to_vec(),
            lines,
        )
    }))
}
