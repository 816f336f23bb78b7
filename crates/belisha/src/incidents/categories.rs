//! The categories of a case and of each person in it, and the services it happened on:
//! rows that patterns count, and what the case page says of them.

use belisha_policy::Word as _;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_ui::{Checkboxes, Choice, Details, Html, Select, SelectOption};

use super::queries::Case;
use super::words::Part;
use super::{classification, guidance};
use crate::db::{Connection, sql};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;
use crate::viewer::Viewer;

/// So many categories can be given at once; the page has fewer.
pub(super) const AT_MOST: usize = 40;

/// Adds categories to a case, or to one person's part in it. What is there already stays.
pub(super) async fn add(
    tx: &mut Tx,
    incident: IncidentId,
    categories: &[String],
    person: Option<PersonId>,
) -> Result<(), Problem> {
    let (now, by) = (tx.now(), tx.actor().key());
    let person = person.map(|person| person.to_string());
    for category in categories.iter().take(AT_MOST) {
        let row = tx.school().new_row_id();
        tx.run(
            sql(
                "insert into incident_category (id, incident, category, person, added_at, added_by, removed_at)
                 select $1, $2, $3, $4, $5, $6, null
                 where not exists (
                     select 1 from incident_category
                     where incident = $2 and category = $3 and removed_at is null
                       and (person = $4 or (person is null and $7)))",
            )
            .bind(row)
            .bind(incident.to_string())
            .bind(category)
            .bind(person.clone())
            .bind(now)
            .bind(&by)
            .bind(person.is_none()),
        )
        .await?;
    }
    Ok(())
}

/// Takes away the categories of a case that are not among these, and adds those that are
/// missing: what the triage says replaces what the reporter guessed. History stays.
pub(super) async fn set(
    tx: &mut Tx,
    incident: IncidentId,
    categories: &[String],
    person: Option<PersonId>,
) -> Result<(), Problem> {
    let now = tx.now();
    let of = person.map(|person| person.to_string());
    let rows = sql("select id, category from incident_category
         where incident = $1 and removed_at is null
           and (person = $2 or (person is null and $3))")
    .bind(incident.to_string())
    .bind(of.clone())
    .bind(of.is_none())
    .all(tx)
    .await?;
    for row in rows {
        let category: String = row.get("category")?;
        if !categories.contains(&category) {
            tx.run_one(
                sql("update incident_category set removed_at = $2 where id = $1")
                    .bind(row.get::<String>("id")?)
                    .bind(now),
            )
            .await?;
        }
    }
    add(tx, incident, categories, person).await
}

/// Notes the services it happened on.
pub(super) async fn add_services(
    tx: &mut Tx,
    incident: IncidentId,
    services: &[String],
) -> Result<(), Problem> {
    for service in services.iter().take(AT_MOST) {
        tx.run(
            sql(
                "insert into incident_service (incident, service) values ($1, $2)
                 on conflict (incident, service) do nothing",
            )
            .bind(incident.to_string())
            .bind(service),
        )
        .await?;
    }
    Ok(())
}

/// The categories of a case: those of the whole, or of one person.
pub(super) async fn of(
    connection: &mut Connection,
    incident: IncidentId,
) -> Result<Vec<(String, Option<PersonId>)>, Fault> {
    sql("select category, person from incident_category
         where incident = $1 and removed_at is null order by added_at, id")
    .bind(incident.to_string())
    .all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok((
            row.get("category")?,
            row.read_optional("person", |text| text.parse().ok())?,
        ))
    })
    .collect()
}

/// What the case page says of the whole case: "bullying online, hate because of race".
pub(super) async fn sentence(
    connection: &mut Connection,
    viewer: &Viewer,
    case: &Case,
) -> Result<String, Fault> {
    let named: Vec<String> = of(connection, case.id)
        .await?
        .into_iter()
        .filter(|(_, person)| person.is_none())
        .map(|(category, _)| {
            classification::name_of(&category, &case.guidance, &viewer.policy.policy)
        })
        .collect();
    Ok(belisha_policy::and(&named))
}

/// What it happened on, in words.
pub(super) async fn services(
    connection: &mut Connection,
    incident: IncidentId,
) -> Result<String, Fault> {
    let mut names = Vec::new();
    for row in sql("select service from incident_service where incident = $1 order by service")
        .bind(incident.to_string())
        .all(connection)
        .await?
    {
        let key: String = row.get("service")?;
        names.push(classification::service(&key).map_or(key.clone(), |named| named.name.clone()));
    }
    Ok(belisha_policy::and(&names))
}

/// What the categories say of one person, which follows their own part.
pub(super) fn of_person(
    all: &[(String, Option<PersonId>)],
    viewer: &Viewer,
    case: &Case,
    person: PersonId,
    part: Part,
) -> Vec<String> {
    all.iter()
        .filter(|(_, of)| *of == Some(person))
        .map(|(category, _)| {
            let name = classification::name_of(category, &case.guidance, &viewer.policy.policy);
            part.in_category(&name)
        })
        .collect()
}

/// The people of a case whom a category can be said of: everybody but its reporters.
pub(super) fn people(case: &Case) -> Vec<(PersonId, String, Part)> {
    let mut people: Vec<(PersonId, String, Part)> = Vec::new();
    for involved in &case.people {
        let known = people
            .iter()
            .any(|(person, _, _)| *person == involved.person);
        if involved.part != Part::Reporter && !known {
            people.push((involved.person, involved.name.clone(), involved.part));
        }
    }
    people
}

/// The fields of the triage: what else it is about, and what is said of each person, in
/// the words of their own part.
pub(super) fn fields(
    viewer: &Viewer,
    case: &Case,
    also: &[String],
    of: &[String],
    said: &[String],
) -> Html {
    let policy = &viewer.policy.policy;
    let all = classification::categories(&case.guidance, policy);
    let beyond_risks = all
        .iter()
        .filter(|named| !is_risk(case, &named.key))
        .map(|named| Choice::new(named.key.clone(), named.name.clone()))
        .collect();
    let whole = Checkboxes {
        chosen: also.to_vec(),
        ..Checkboxes::new("also", "What else is it about?", beyond_risks)
    };
    let mut pieces = vec![Html::of(&Details {
        open: !also.is_empty(),
        ..Details::new("What else it is about", Html::of(&whole))
    })];
    for (line, (person, name, part)) in people(case).into_iter().enumerate() {
        let chosen = of
            .iter()
            .position(|id| *id == person.to_string())
            .and_then(|place| said.get(place))
            .cloned()
            .unwrap_or_default();
        let options =
            std::iter::once(SelectOption::new("", "Nothing of their own"))
                .chain(all.iter().map(|named| {
                    SelectOption::new(named.key.clone(), part.in_category(&named.name))
                }))
                .collect();
        pieces.push(Html::trusted(format!(
            "<input type=\"hidden\" name=\"of\" value=\"{person}\">"
        )));
        pieces.push(Html::of(&Select {
            id: format!("said-{}", line + 1),
            chosen: Some(chosen),
            ..Select::new("said", format!("{name}, who {}", part.name()), options)
        }));
    }
    Html::join(&pieces)
}

fn is_risk(case: &Case, key: &str) -> bool {
    guidance::of(&case.guidance).risk(key).is_some()
}

/// What the triage says, as far as this school knows the categories and the case the people.
pub(super) struct Said {
    whole: Vec<String>,
    people: Vec<(PersonId, Vec<String>)>,
}

impl Said {
    pub(super) fn read(
        viewer: &Viewer,
        case: &Case,
        also: &[String],
        of: &[String],
        said: &[String],
    ) -> Self {
        let policy = &viewer.policy.policy;
        let all = classification::categories(&case.guidance, policy);
        let pictures = |categories| classification::with_pictures(categories, policy);
        let known = |key: &String| all.iter().any(|named| named.key == *key);
        Self {
            whole: pictures(also.iter().filter(|key| known(key)).cloned().collect()),
            people: people(case)
                .into_iter()
                .filter_map(|(person, _, _)| {
                    let place = of.iter().position(|id| *id == person.to_string())?;
                    let category = said.get(place)?;
                    Some((person, Some(category.clone()).filter(|key| known(key))))
                })
                .map(|(person, category)| (person, pictures(category.into_iter().collect())))
                .collect(),
        }
    }

    /// Writes it down: the triage replaces what the reporter guessed.
    pub(super) async fn write(
        &self,
        tx: &mut Tx,
        incident: IncidentId,
        category: &str,
    ) -> Result<(), Problem> {
        let mut whole = self.whole.clone();
        whole.push(category.to_owned());
        set(tx, incident, &whole, None).await?;
        for (person, categories) in &self.people {
            set(tx, incident, categories, Some(*person)).await?;
        }
        Ok(())
    }
}
