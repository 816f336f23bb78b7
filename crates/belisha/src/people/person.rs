//! One person as the register has them. A household sees nothing of another: the page
//! of an adult names the other adults of their own household alone, and contact details
//! stand on the page of the person they belong to.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use belisha_policy::{Standing, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PersonId;
use belisha_rules::people::{may_mark_relations, sees_particulars};
use belisha_ui::{
    BackLink, Button, Frame, Html, InsetText, SummaryList, SummaryRow, Tag, TagColour,
};

use super::dates::in_words;
use super::families::{self, Household};
use super::posts::holdings;
use super::queries::{self, Person};
use crate::db::{Connection, sql};
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;
use crate::web::words::capital;

pub(crate) fn url(id: PersonId) -> String {
    format!("/people/{id}")
}

#[derive(Template)]
#[template(path = "people/person.html")]
struct PersonPage {
    frame: Frame,
    back: BackLink,
    name: String,
    tag: Option<Tag>,
    folded: Option<InsetText>,
    facts: SummaryList,
    posts: Vec<String>,
    households: Vec<Household>,
    children: Vec<families::Child>,
    agreements: Vec<String>,
    links: Vec<(String, String)>,
    change: Option<Button>,
}

pub(crate) async fn get(viewer: Viewer, Path(id): Path<String>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let person = queries::person(&mut records, &id).await?;
    let facts = queries::facts_of(person.id);
    let is_own = viewer
        .access
        .identity()
        .is_some_and(|identity| identity.is(person.id));
    if is_own {
        viewer.require(Action::ReadOwnEntry, &facts)?;
    } else {
        viewer.require(Action::ReadRegister, &facts)?;
    }
    let reads_register = viewer.may(Action::ReadRegister, &facts).is_allowed();
    let may_edit =
        viewer.may(Action::EditPeople, &facts).is_allowed() && person.merged_into.is_none();
    let particulars = is_own || sees_particulars(&viewer.hats);
    let today = viewer.today();
    let holds_contact = crate::agreements::holds_contact(&mut records, person.id, today).await?;
    let folded = match person.merged_into {
        None => None,
        Some(kept) => {
            let name = queries::name_of(&mut records, kept).await?;
            let link = Html::link(&name, &url(kept));
            Some(InsetText::new(Html::join(&[
                "This entry was merged into the entry of ".into(),
                link,
                ". It is kept as it was, for what was recorded under it.".into(),
            ])))
        }
    };
    let mut rows = rows(&mut records, &person, particulars).await?;
    if let Some(row) = account(&mut records, &viewer, &person).await? {
        rows.push(row);
    }
    let agreements = if is_own
        || viewer
            .may(Action::ListUnsigned, &RecordFacts::of(Kind::Agreement))
            .is_allowed()
    {
        agreements(&mut records, person.id).await?
    } else {
        Vec::new()
    };
    crate::web::page(&PersonPage {
        frame: frame::of(&viewer),
        back: BackLink::to(if reads_register {
            super::list::url()
        } else {
            crate::home::url()
        }),
        tag: tag(&person, today, holds_contact),
        folded,
        facts: SummaryList::new(rows),
        posts: holdings::of_person(&mut records, person.id, today).await?,
        households: families::households(&mut records, person.id).await?,
        children: families::children(&mut records, person.id).await?,
        agreements,
        links: links(&viewer, &person, may_edit),
        change: may_edit.then(|| Button::link("Change", super::change::url(person.id))),
        name: person.name,
    })
}

fn tag(person: &Person, today: jiff::civil::Date, holds_contact: bool) -> Option<Tag> {
    let text = if person.merged_into.is_some() {
        "Merged".to_owned()
    } else if person.has_left(today) {
        "Has left".to_owned()
    } else if person.starts_on > today {
        "Not yet here".to_owned()
    } else if holds_contact {
        super::list::NOT_CLEARED.to_owned()
    } else {
        return None;
    };
    Some(Tag {
        colour: TagColour::Grey,
        ..Tag::new(text)
    })
}

async fn rows(
    records: &mut Connection,
    person: &Person,
    particulars: bool,
) -> Result<Vec<SummaryRow>, Fault> {
    let mut rows = vec![SummaryRow::new("Kind", capital(person.standing.name()))];
    let mut add = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            rows.push(SummaryRow::new(key, value));
        }
    };
    add("Job title", Some(person.job_title.clone()));
    let classes = sql(
        "select class.name, class_member.part from class_member join class on class.id = class_member.class
         where class_member.person = $1 and class_member.until_on is null order by class.name",
    )
    .bind(person.id.to_string())
    .all(records)
    .await?;
    for row in classes {
        let name: String = row.get("name")?;
        add(
            "Class",
            Some(match row.get::<String>("part")?.as_str() {
                "pupil" => name,
                part => format!("{name}, as {part}"),
            }),
        );
    }
    add("First day", Some(in_words(person.starts_on)));
    add("Last day", person.ends_on.map(in_words));
    if particulars {
        add("Date of birth", person.born_on.map(in_words));
        add("Unique pupil number", person.upn.clone());
        add("E-mail address", person.email.clone());
        add("Telephone", person.telephone.clone());
    }
    Ok(rows)
}

/// The state of the person's account, for whoever may list accounts.
async fn account(
    records: &mut Connection,
    viewer: &Viewer,
    person: &Person,
) -> Result<Option<SummaryRow>, Fault> {
    let may_list = viewer
        .may(Action::ListAccounts, &RecordFacts::of(Kind::Account))
        .is_allowed();
    if !may_list || person.standing == Standing::Pupil {
        return Ok(None);
    }
    let row = sql("select state from account where person = $1")
        .bind(person.id.to_string())
        .optional(records)
        .await?;
    let state = row.map(|row| row.get::<String>("state")).transpose()?;
    let words = match state.as_deref() {
        None => "None yet",
        Some("active") => "In use",
        Some("invited") => "Invited, not opened yet",
        Some(_) => "Closed",
    };
    let link = Html::link("See accounts", &crate::accounts::list_url());
    Ok(Some(SummaryRow::new(
        "Account",
        Html::join(&[words.into(), ". ".into(), link]),
    )))
}

async fn agreements(records: &mut Connection, person: PersonId) -> Result<Vec<String>, Fault> {
    sql("select agreement, due_on, signed_on from agreement_due where person = $1 order by agreement")
        .bind(person.to_string())
        .all(records)
        .await?
        .iter()
        .map(|row| {
            let name = capital(&row.get::<String>("agreement")?.replace('-', " "));
            Ok(match row.date_optional("signed_on")? {
                Some(day) => format!("{name}: signed on {}", in_words(day)),
                None => format!("{name}: not signed, due on {}", in_words(row.date("due_on")?)),
            })
        })
        .collect()
}

fn links(viewer: &Viewer, person: &Person, may_edit: bool) -> Vec<(String, String)> {
    let mut links = Vec::new();
    if may_edit {
        links.push((
            "Set the last day".to_owned(),
            super::last_day::url(person.id),
        ));
        if person.standing == Standing::Pupil {
            links.push(("Record the family".to_owned(), families::url(person.id)));
        }
        let may_merge = viewer
            .may(Action::MergePeople, &queries::facts_of(person.id))
            .is_allowed();
        if may_merge {
            links.push((
                "Merge with another entry".to_owned(),
                super::merge::url(person.id),
            ));
        }
    }
    if may_mark_relations(&viewer.hats) {
        links.push((
            "Close relations".to_owned(),
            super::relations::url(person.id),
        ));
    }
    if crate::exports::may_begin_for_person(viewer, person.id, person.standing == Standing::Pupil) {
        links.push((
            "Make a pack to leave the school".to_owned(),
            crate::exports::of_person_url(person.id),
        ));
    }
    links
}
