//! A withholding: whoever runs the filter, or reads its log, does neither while a case about
//! them is dealt with. It begins by an act of whoever has charge of the case, without a
//! notice to anybody; it ends by another, or with the case.

use belisha_rules::access::{self, AccountState, Action, Kind, RecordFacts};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{Button, Html, InsetText, Label, Select, SummaryRow};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Why, Wrong, why};
use super::queries::{self, Case, object, settle};
use super::words::Part;
use super::{case, entry, giving, times};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/withholding")
}

fn end_url(id: IncidentId, person: PersonId) -> String {
    format!("/incidents/{id}/withholding/{person}/end")
}

/// Whether the filter and its log are withheld from a person, under any of their ids. Asked
/// at each request, as all that decides about rights.
pub(crate) async fn is_withheld(
    connection: &mut Connection,
    identity: &belisha_rules::people::Identity,
) -> Result<bool, Fault> {
    let ids = std::iter::once(&identity.person).chain(&identity.aliases);
    for id in ids {
        let row = sql("select count(*) as count from incident_withholding
             where person = $1 and ended_at is null")
        .bind(id.to_string())
        .one(connection)
        .await?;
        if row.get::<i64>("count")? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// From whom they are withheld because of this case: the row, the person and since when.
struct Withheld {
    id: String,
    person: PersonId,
    name: String,
    from_at: jiff::Timestamp,
}

async fn of_case(connection: &mut Connection, id: IncidentId) -> Result<Vec<Withheld>, Fault> {
    sql(
        "select incident_withholding.id, incident_withholding.person, from_at, person.name
         from incident_withholding join person on person.id = incident_withholding.person
         where incident = $1 and ended_at is null order by from_at, incident_withholding.id",
    )
    .bind(id.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(Withheld {
            id: row.get("id")?,
            person: row.read("person", |text| text.parse().ok())?,
            name: row.get("name")?,
            from_at: row.instant("from_at")?,
        })
    })
    .collect()
}

/// The adults whom the case is about, who run the filter or read a log of it or of the
/// program, and from whom nothing is withheld yet.
async fn candidates(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<Vec<(PersonId, String)>, Fault> {
    let rights = [
        (Action::ApplyApproval, Kind::Approval),
        (Action::DecideApproval, Kind::Approval),
        (Action::SearchFilterLog, Kind::FilterLog),
        (Action::ReadTechnicalAlert, Kind::FilterLog),
        (Action::ReadTechnicalLines, Kind::Journal),
    ];
    let mut candidates = Vec::new();
    for (person, name) in found.with_parts(&[Part::Alleged]) {
        let worn = hats::of(connection, person, viewer.today()).await?;
        let withheld = is_withheld(connection, &worn.identity).await?;
        let asked = access::Viewer::person(worn.identity, &worn.hats, AccountState::Active);
        let has_any = rights.iter().any(|(action, kind)| {
            access::may(&asked, *action, &RecordFacts::of(*kind), viewer.now).is_allowed()
        });
        if has_any && !withheld {
            candidates.push((person, name));
        }
    }
    Ok(candidates)
}

/// What the page of a case says of it, and the buttons for it.
pub(super) async fn on_case(
    connection: &mut Connection,
    viewer: &Viewer,
    found: &Case,
) -> Result<(Vec<SummaryRow>, Vec<Button>), Problem> {
    if !found.kind.is_sealed() || !found.allows(viewer, Action::Triage) {
        return Ok((Vec::new(), Vec::new()));
    }
    let button = |text: &str, href: String| Button {
        href: Some(href),
        once: false,
        ..Button::secondary(text)
    };
    let (mut said, mut acts) = (Vec::new(), Vec::new());
    for withheld in of_case(connection, found.id).await? {
        said.push(SummaryRow::new(
            "The filter and its log",
            format!(
                "withheld from {} since {}",
                withheld.name,
                times::day(viewer.school.date_of(withheld.from_at))
            ),
        ));
        acts.push(button(
            "Give the filter and its log back",
            end_url(found.id, withheld.person),
        ));
    }
    if found.incident.state().is_open() && !candidates(connection, viewer, found).await?.is_empty()
    {
        acts.push(button("Withhold the filter and its log", url(found.id)));
    }
    Ok((said, acts))
}

/// The withholding from one person.
pub(super) struct Withholding {
    case: Case,
    people: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    person: String,
    reason: String,
}

impl Act for Withholding {
    type At = IncidentId;
    type Form = Form;
    type Read = (PersonId, String);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        if !case.kind.is_sealed() {
            return Err(Problem::NotFound);
        }
        let people = candidates(records, viewer, &case).await?;
        if people.is_empty() || !case.incident.state().is_open() {
            return Err(Problem::refused(
                "There is nothing to withhold",
                "The case has ended, or nobody whom it is about runs the filter or reads a log.",
            ));
        }
        Ok(Self { case, people })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Withhold the filter and its log";
        let mut page = ActPage::of(viewer, &self.case, title, "Withhold them");
        page.lead = Html::of(&InsetText::new(
            "From now on this person decides on no request about the filter, applies none, and reads neither \
             its log nor the technical lines of the journal. They are not told; their pages say what \
             they say to anybody whose posts do not allow it. It ends when you end it, or with the case. \
             See to it that somebody else can run the filter meanwhile.",
        ));
        let chosen = match self.people.as_slice() {
            [(only, _)] if form.person.is_empty() => only.to_string(),
            _ => form.person.clone(),
        };
        page.fields = vec![
            Html::of(&Select {
                chosen: Some(chosen),
                error: wrong.at("person"),
                ..Select::new(
                    "person",
                    Label::medium("From whom?"),
                    giving::options(&self.people),
                )
            }),
            why(&form.reason, "Why?", wrong),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<(PersonId, String)>, Problem> {
        let person = giving::chosen(&self.people, &form.person);
        if person.is_none() {
            wrong.say("person", "Choose somebody");
        }
        let reason = wrong.text("reason", &form.reason, "Say why they are withheld");
        Ok(person.zip(reason))
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (person, reason): (PersonId, String),
    ) -> Result<Entry, Problem> {
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let school = tx.school().clone();
        let (row, now, by, today) = (school.new_row_id(), tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql("insert into incident_withholding (id, incident, person, from_at, withheld_by, sealed_reason,
                                                   ended_at, ended_by)
                 values ($1, $2, $3, $4, $5, $6, null, null)")
            .bind(&row)
            .bind(id.to_string())
            .bind(person.to_string())
            .bind(now)
            .bind(by)
            .bind(record.seal(&school, &format!("withholding-{row}"), 0, &reason)),
        )
        .await?;
        let words = format!("The filter and its log are withheld. {reason}");
        entry::write(tx, &record, id, "withholding", &words, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentWithheld, object(id)).fact("from", person))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// The end of one withholding.
pub(super) struct GivenBack {
    case: Case,
    withheld: Withheld,
}

impl Act for GivenBack {
    type At = (IncidentId, PersonId);
    type Form = Why;
    type Read = String;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        (id, person): (IncidentId, PersonId),
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        let withheld = of_case(records, id)
            .await?
            .into_iter()
            .find(|withheld| withheld.person == person)
            .ok_or(Problem::NotFound)?;
        Ok(Self { case, withheld })
    }

    fn page(&self, viewer: &Viewer, form: &Why, wrong: &Wrong) -> ActPage {
        let title = "Give the filter and its log back";
        let mut page = ActPage::of(viewer, &self.case, title, "Give them back");
        page.lead = Html::of(&InsetText::new(format!(
            "{} does again what their posts allow.",
            self.withheld.name
        )));
        page.fields = form.fields("Why?", wrong);
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Why,
        wrong: &mut Wrong,
    ) -> Result<Option<String>, Problem> {
        Ok(form.read("Say why they are given back", wrong))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, reason: String) -> Result<Entry, Problem> {
        let id = self.case.id;
        let (now, by, today) = (tx.now(), tx.actor().key(), tx.today());
        tx.run_one(
            sql(
                "update incident_withholding set ended_at = $2, ended_by = $3
                 where id = $1 and ended_at is null",
            )
            .bind(&self.withheld.id)
            .bind(now)
            .bind(by),
        )
        .await?;
        let record = records::open(tx, viewer, &object(id)).await?;
        let words = format!("The filter and its log are given back. {reason}");
        entry::write(tx, &record, id, "withholding", &words, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentGivenBack, object(id)).fact("to", self.withheld.person))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// A case that ends gives everything back.
pub(super) async fn ends(tx: &mut Tx, id: IncidentId) -> Result<(), Problem> {
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run(
        sql(
            "update incident_withholding set ended_at = $2, ended_by = $3
             where incident = $1 and ended_at is null",
        )
        .bind(id.to_string())
        .bind(now)
        .bind(by),
    )
    .await?;
    Ok(())
}
