//! The days on which somebody who holds a post is out of reach. Concerns, and alerts that
//! nobody answers, go to those who stand in; nothing else changes, and no right is lost.

use std::collections::{BTreeMap, BTreeSet};

use belisha_policy::Post;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::appointments;
use belisha_rules::ids::PersonId;
use belisha_ui::{Html, InsetText, Label};
use jiff::civil::Date;
use serde::Deserialize;

use super::holdings;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::people::dates::{DateTyped, in_words};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

pub(crate) fn url(person: PersonId) -> String {
    format!("/people/posts/holders/{person}/absence")
}

fn return_url(id: &str) -> String {
    format!("/people/posts/absences/{id}/return")
}

/// An absence that is not over.
#[derive(Debug, Clone)]
pub(crate) struct Away {
    pub(crate) says: String,
    pub(crate) return_url: String,
}

/// Who is away on a day, under every id by which the absence was declared.
pub(crate) async fn away(
    connection: &mut Connection,
    today: Date,
) -> Result<BTreeSet<PersonId>, Fault> {
    sql("select person from post_absence
         where ended_at is null and from_on <= $1 and until_on >= $1")
    .bind(today)
    .all(connection)
    .await?
    .iter()
    .map(|row| row.read("person", |text| text.parse().ok()))
    .collect()
}

/// The absences that last or are still to come, by person, the soonest first.
pub(crate) async fn to_come(
    connection: &mut Connection,
    today: Date,
) -> Result<BTreeMap<PersonId, Vec<Away>>, Fault> {
    let mut all: BTreeMap<PersonId, Vec<Away>> = BTreeMap::new();
    let rows = sql("select id, person, from_on, until_on from post_absence
         where ended_at is null and until_on >= $1 order by from_on, id")
    .bind(today)
    .all(connection)
    .await?;
    for row in rows {
        let person = row.read("person", |text| text.parse().ok())?;
        let id: String = row.get("id")?;
        all.entry(person).or_default().push(Away {
            says: format!(
                "away from {} to {}",
                in_words(row.date("from_on")?),
                in_words(row.date("until_on")?)
            ),
            return_url: return_url(&id),
        });
    }
    Ok(all)
}

/// Whether the viewer may say when this person is away.
async fn may(
    connection: &mut Connection,
    viewer: &Viewer,
    person: PersonId,
) -> Result<String, Problem> {
    viewer.require(
        Action::ReadAppointments,
        &RecordFacts::of(Kind::Appointment),
    )?;
    let held = holdings::current(connection, viewer.today()).await?;
    let theirs: Vec<_> = held.iter().filter(|held| held.person == person).collect();
    let name = theirs.first().ok_or(Problem::NotFound)?.name.clone();
    let posts: BTreeSet<Post> = theirs.iter().map(|held| held.post).collect();
    let holder = hats::identity(connection, person).await?;
    let by = hats::identity(connection, viewer.person).await?;
    appointments::declare_absence(&posts, &holder, &by, viewer.access.roles())
        .map_err(|why| Problem::refused("This is not yours to say", why.sentence()))?;
    Ok(name)
}

/// The days on which a holder will be away.
pub(crate) struct Absence {
    person: PersonId,
    name: String,
    today: Date,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Form {
    from_on_day: String,
    from_on_month: String,
    from_on_year: String,
    until_on_day: String,
    until_on_month: String,
    until_on_year: String,
}

impl Form {
    fn from(&self) -> DateTyped {
        DateTyped {
            day: self.from_on_day.clone(),
            month: self.from_on_month.clone(),
            year: self.from_on_year.clone(),
        }
    }

    fn until(&self) -> DateTyped {
        DateTyped {
            day: self.until_on_day.clone(),
            month: self.until_on_month.clone(),
            year: self.until_on_year.clone(),
        }
    }
}

impl Act for Absence {
    type At = PersonId;
    type Form = Form;
    type Read = (Date, Date);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        person: PersonId,
    ) -> Result<Self, Problem> {
        Ok(Self {
            name: may(records, viewer, person).await?,
            person,
            today: viewer.today(),
        })
    }

    fn blank(&self) -> Form {
        let today = DateTyped::of(Some(self.today));
        Form {
            from_on_day: today.day,
            from_on_month: today.month,
            from_on_year: today.year,
            ..Form::default()
        }
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            super::url(),
            self.name.clone(),
            "Away from the post",
            "Save these days",
        );
        page.lead = Html::of(&InsetText::new(
            "On these days a concern goes to whoever deputises. What no deputy may read, such as a concern about a \
             member of staff, still goes to whoever is away, and moves on when they do not answer: for a long absence, \
             appoint an acting holder. Whoever is away keeps what they may see, and can say at any time that they are back.",
        ));
        let errors = wrong.errors();
        page.fields = vec![
            Html::of(&form.from().input(
                "from-on",
                Label::medium("First day away"),
                "For example, 27 7 2027",
                &errors,
            )),
            Html::of(&form.until().input(
                "until-on",
                Label::medium("Last day away"),
                "For example, 7 8 2027",
                &errors,
            )),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(Date, Date)>, Problem> {
        let mut day = |typed: DateTyped, name: &str, what: &str| match typed.read(name, what) {
            Ok(None) => {
                wrong.say(&format!("{name}-day"), format!("{what}: enter a day"));
                None
            }
            Ok(day) => day,
            Err(error) => {
                let field = error.field_id.unwrap_or_default();
                wrong.say(&field, error.text);
                None
            }
        };
        let from = day(form.from(), "from-on", "First day away");
        let until = day(form.until(), "until-on", "Last day away");
        let Some((from, until)) = from.zip(until) else {
            return Ok(None);
        };
        if until < from {
            wrong.say("until-on-day", "Last day away: it is before the first day");
        } else if until < viewer.today() {
            wrong.say("until-on-day", "Last day away: enter today or a later day");
        }
        Ok(Some((from, until)))
    }

    async fn act(
        self,
        tx: &mut Tx,
        _: &Viewer,
        (from, until): (Date, Date),
    ) -> Result<Entry, Problem> {
        let (row, now, by) = (tx.school().new_row_id(), tx.now(), tx.actor().key());
        tx.run_one(
            sql("insert into post_absence (id, person, from_on, until_on, declared_at, declared_by, ended_at, ended_by)
                 values ($1, $2, $3, $4, $5, $6, null, null)")
            .bind(&row)
            .bind(self.person.to_string())
            .bind(from)
            .bind(until)
            .bind(now)
            .bind(by),
        )
        .await?;
        Ok(Entry::of(
            EntryKind::PostAbsenceDeclared,
            Object::new("person", self.person),
        )
        .fact("absence", row)
        .fact("from", from)
        .fact("until", until))
    }

    fn leads_to(&self) -> String {
        super::url()
    }
}

/// The end of an absence before its last day.
pub(crate) struct Return {
    id: String,
    person: PersonId,
    name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Nothing {}

impl Act for Return {
    type At = String;
    type Form = Nothing;
    type Read = ();

    async fn load(records: &mut Connection, viewer: &Viewer, id: String) -> Result<Self, Problem> {
        let row = sql("select person from post_absence where id = $1 and ended_at is null")
            .bind(&id)
            .optional(records)
            .await?
            .ok_or(Problem::NotFound)?;
        let person = row.read("person", |text| text.parse().ok())?;
        Ok(Self {
            name: may(records, viewer, person).await?,
            id,
            person,
        })
    }

    fn page(&self, viewer: &Viewer, _: &Nothing, _: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            super::url(),
            self.name.clone(),
            "Back in the post",
            "They are back",
        );
        page.lead = Html::of(&InsetText::new(
            "From now on concerns go to them again. What went to a deputy meanwhile stays with the deputy, who can share it or hand it over.",
        ));
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        _: &Nothing,
        _: &mut Wrong,
    ) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, (): ()) -> Result<Entry, Problem> {
        let (now, by) = (tx.now(), tx.actor().key());
        tx.run_one(
            sql("update post_absence set ended_at = $2, ended_by = $3
                 where id = $1 and ended_at is null")
            .bind(&self.id)
            .bind(now)
            .bind(by),
        )
        .await?;
        Ok(Entry::of(
            EntryKind::PostAbsenceEnded,
            Object::new("person", self.person),
        )
        .fact("absence", self.id))
    }

    fn leads_to(&self) -> String {
        super::url()
    }
}
