//! A request is written down on the day it comes: who asks, about whom, for what.

use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::data_requests::{Request, RequestKind};
use belisha_rules::ids::{DataRequestId, PersonId};
use belisha_ui::{Choice, DateInput, Html, InsetText, Label, Radios, TextInput, Textarea};
use jiff::civil::Date;
use serde::Deserialize;

use super::queries::object;
use super::{list, show_url};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::problem::{Fault, Problem};
use crate::records::{self, Tier};
use crate::schools::calendar;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::words::read_date;
use crate::web::wrong::Wrong;

pub(super) fn url(kind: RequestKind) -> String {
    format!("/data-requests/new/{}", kind.key())
}

/// Chosen where nobody of the register is meant.
const NOBODY: &str = "nobody";

/// The recording of one request.
pub(super) struct NewRequest {
    id: DataRequestId,
    kind: RequestKind,
    /// Those of the register who bear the name that was typed, where it is not clear who.
    found: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    received_day: String,
    received_month: String,
    received_year: String,
    asker: String,
    reach: String,
    about: String,
    meant: String,
    words: String,
}

/// What the form says.
pub(super) struct Said {
    received_on: Date,
    /// The name, and how they are reached below it.
    asker: String,
    about: String,
    person: Option<PersonId>,
    words: String,
}

impl Act for NewRequest {
    type At = String;
    type Form = Form;
    type Read = Said;

    async fn load(_: &mut Connection, viewer: &Viewer, kind: String) -> Result<Self, Problem> {
        let kind = RequestKind::from_key(&kind).ok_or(Problem::NotFound)?;
        viewer.require(
            Action::RecordDataRequest,
            &RecordFacts::of(Kind::DataRequest),
        )?;
        Ok(Self {
            id: viewer.school.new_id(),
            kind,
            found: Vec::new(),
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            list::url(),
            format!("Requests: {}", self.kind.name()),
            "Record a request",
            "Save",
        );
        page.lead = Html::of(&InsetText::new(self.kind.time()));
        page.fields = vec![
            Html::of(&DateInput {
                day: form.received_day.clone(),
                month: form.received_month.clone(),
                year: form.received_year.clone(),
                error: wrong.at("received-day"),
                hint: Some("The day it reached anybody at the school, open or closed".into()),
                ..DateInput::new("received", Label::medium("When did it come?"))
            }),
            Html::of(&TextInput {
                value: form.asker.clone(),
                error: wrong.at("asker"),
                spellcheck: Some(false),
                ..TextInput::new("asker", Label::medium("Who asks?"))
            }),
            Html::of(&TextInput {
                value: form.reach.clone(),
                error: wrong.at("reach"),
                hint: Some("How they asked, and where the answer goes".into()),
                ..TextInput::new("reach", Label::medium("How are they reached?"))
            }),
        ];
        if self.kind.is_about_a_person() {
            page.fields.push(Html::of(&TextInput {
                value: form.about.clone(),
                error: wrong.at("about"),
                hint: Some("The full name of a pupil or an adult. It may be whoever asks.".into()),
                spellcheck: Some(false),
                ..TextInput::new("about", Label::medium("About whom?"))
            }));
            if !self.found.is_empty() {
                let mut choices: Vec<Choice> = self
                    .found
                    .iter()
                    .map(|(person, label)| Choice::new(person.to_string(), label.clone()))
                    .collect();
                choices.push(Choice::new(NOBODY, "Nobody of these"));
                page.fields.push(Html::of(&Radios {
                    error: wrong.at("meant"),
                    chosen: (!form.meant.is_empty()).then(|| form.meant.clone()),
                    ..Radios::new("meant", Label::medium("Who is meant?"), choices)
                }));
            }
        }
        page.fields.push(Html::of(&Textarea {
            value: form.words.clone(),
            error: wrong.at("words"),
            rows: 4,
            hint: Some("In their words, as far as you have them".into()),
            ..Textarea::new("words", Label::medium("What do they ask for?"))
        }));
        page
    }

    async fn read(
        &mut self,
        records: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        let received_on = read_date(
            &form.received_day,
            &form.received_month,
            &form.received_year,
        )
        .filter(|day| *day <= viewer.today());
        if received_on.is_none() {
            wrong.say("received-day", "Enter a day up to today, such as 27 3 2026");
        }
        let asker = wrong.text("asker", &form.asker, "Say who asks");
        let reach = wrong.text("reach", &form.reach, "Say how they are reached");
        let words = wrong.text("words", &form.words, "Say what they ask for");
        let (mut about, mut person) = (Some("The school".to_owned()), None);
        if self.kind.is_about_a_person() {
            about = wrong.text("about", &form.about, "Name whom it is about");
            if let Some(name) = &about {
                self.found = bearers(records, name).await?;
            }
            let chosen = self
                .found
                .iter()
                .find(|(person, _)| person.to_string() == form.meant);
            person = match (chosen, self.found.as_slice()) {
                (Some((person, _)), _) => Some(*person),
                (None, _) if form.meant == NOBODY => None,
                (None, [(only, _)]) => Some(*only),
                (None, []) => None,
                (None, _) => {
                    wrong.say("meant", "Choose who is meant");
                    None
                }
            };
        }
        let said = || {
            Some(Said {
                received_on: received_on?,
                asker: format!("{}\n{}", asker?, reach?),
                about: about?,
                person,
                words: words?,
            })
        };
        Ok(said())
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        let (school, today) = (tx.school().clone(), tx.today());
        let days = calendar::of(tx, &school).await?;
        let request = Request {
            kind: self.kind,
            received_on: said.received_on,
            steps: Vec::new(),
        };
        let (record, _) = records::create(tx, &object(self.id), &Tier::School).await?;
        let (now, by) = (tx.now(), viewer.actor().key());
        tx.run_one(
            sql("insert into data_request (id, kind, person, received_on, recorded_at, recorded_by, revision,
                                           due_on, ended_on, sealed_asker, sealed_about, sealed_words)
                 values ($1, $2, $3, $4, $5, $6, 1, $7, null, $8, $9, $10)")
            .bind(self.id.to_string())
            .bind(self.kind.key())
            .bind(said.person.map(|person| person.to_string()))
            .bind(said.received_on)
            .bind(now)
            .bind(by)
            .bind(request.due_on(today, &days))
            .bind(record.seal(&school, "asker", 0, &said.asker))
            .bind(record.seal(&school, "about", 0, &said.about))
            .bind(record.seal(&school, "words", 0, &said.words)),
        )
        .await?;
        Ok(Entry::of(EntryKind::DataRequestRecorded, object(self.id))
            .fact("kind", self.kind.key())
            .fact("received-on", said.received_on))
    }

    fn leads_to(&self) -> String {
        show_url(self.id)
    }
}

/// Those of the register who bear this name, with what tells them apart.
async fn bearers(
    connection: &mut Connection,
    name: &str,
) -> Result<Vec<(PersonId, String)>, Fault> {
    let folded = name.to_lowercase();
    let folded: Vec<&str> = folded.split_whitespace().collect();
    let rows = sql(
        "select person.id, person.name, person.standing, class.name as class from person
         left join class_member on class_member.person = person.id
              and class_member.until_on is null and class_member.part = 'pupil'
         left join class on class.id = class_member.class
         where person.sort_name = $1 and person.merged_into is null
         order by person.starts_on, person.id limit 20",
    )
    .bind(folded.join(" "))
    .all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let standing = row.read("standing", belisha_policy::Standing::from_key)?;
            let class = row.get::<Option<String>>("class")?;
            Ok((
                row.read("id", |text| text.parse().ok())?,
                format!(
                    "{}, {}",
                    row.get::<String>("name")?,
                    class.unwrap_or_else(|| standing.name().to_owned())
                ),
            ))
        })
        .collect()
}
