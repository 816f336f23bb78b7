//! Fills the register of a made-up school, form by form: staff and governors one by one by
//! the school office, appointments proposed and approved, pupils and their families by
//! importing files.

use std::collections::{HashMap, HashSet};

use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::appointments::{ApprovedBy, approval_of};
use belisha_rules::ids::PersonId;
use jiff::civil::Date;

use super::cast::Someone;
use super::living::Living;
use super::visit::Browser;
use super::{Life, accounts, founding, signing};
use crate::db::sql;
use crate::jobs;
use crate::problem::{Fault, Problem};
use crate::schools::set_up::made_up::asks_for;

/// From the first people, whom the set-up wrote down, to a school with everybody in it.
pub(super) async fn fill(life: &Life<'_>, living: &mut Living) -> Result<(), Problem> {
    let founders = founding::founders(&living.cast);
    for who in &founders {
        let email = living.cast.people[*who].email.clone().unwrap_or_default();
        let row = sql("select id from person where email = $1")
            .bind(email)
            .one(&mut life.school.database.read().await?)
            .await?;
        living.know(*who, row.read("id", |text| text.parse().ok())?);
    }
    accounts::open(life, living, &founders).await?;
    for account in 0..living.accounts.len() {
        life.a_minute_passes();
        signing::sign(life, living, account).await?;
    }
    describe(life, living, &founders).await?;
    hire(life, living, &founders).await?;
    appoint(life, living, &founders).await?;
    let others: Vec<usize> = (0..living.cast.people.len())
        .filter(|who| {
            let someone = &living.cast.people[*who];
            someone.has_account && someone.standing != Standing::Guest && !founders.contains(who)
        })
        .collect();
    accounts::open(life, living, &others).await?;
    new_year(life, living, founding::school_year(life.school.today())).await?;
    teach(life, living).await
}

async fn office(life: &Life<'_>, living: &Living) -> Result<Browser, Problem> {
    living
        .sit_down(life, living.account_of(Post::SchoolOffice))
        .await
}

/// Gives the first people what the wizard does not ask.
async fn describe(life: &Life<'_>, living: &Living, founders: &[usize]) -> Result<(), Problem> {
    let mut office = office(life, living).await?;
    for who in founders {
        life.a_minute_passes();
        let path = format!("/people/{}/change", living.id(*who));
        let fields = particulars(&living.cast.people[*who]);
        // What somebody is to the school was written at set-up, and is not asked again.
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .filter(|(name, _)| *name != "standing")
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        office.post(&path, &fields).await?;
    }
    Ok(())
}

/// Writes down everybody who works at the school or governs it; guests come later.
async fn hire(life: &Life<'_>, living: &mut Living, founders: &[usize]) -> Result<(), Problem> {
    let mut office = office(life, living).await?;
    for who in 0..living.cast.people.len() {
        let someone = &living.cast.people[who];
        let elsewhere = matches!(
            someone.standing,
            Standing::Pupil | Standing::Parent | Standing::Guest
        );
        if elsewhere || founders.contains(&who) {
            continue;
        }
        life.a_minute_passes();
        let fields = particulars(someone);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let led_to = office.post("/people/add", &fields).await?.led_to;
        let id = led_to
            .rsplit('/')
            .next()
            .and_then(|id| id.parse::<PersonId>().ok())
            .ok_or_else(|| Fault::said(format!("adding a person led to {led_to}")))?;
        living.know(who, id);
    }
    Ok(())
}

fn particulars(someone: &Someone) -> Vec<(&'static str, String)> {
    let [day, month, year] = super::cases::boxes(someone.starts_on);
    vec![
        ("name", someone.name.clone()),
        ("standing", someone.standing.key().to_owned()),
        ("job-title", someone.job_title.to_owned()),
        ("email", someone.email.clone().unwrap_or_default()),
        ("telephone", someone.telephone.clone().unwrap_or_default()),
        ("starts-on-day", day),
        ("starts-on-month", month),
        ("starts-on-year", year),
    ]
}

/// Everything that somebody holds and the set-up did not write: one proposes, another
/// approves.
async fn appoint(life: &Life<'_>, living: &Living, founders: &[usize]) -> Result<(), Problem> {
    let (head, chair) = (
        living.account_of(Post::Headteacher),
        living.account_of(Post::ChairOfGovernors),
    );
    for (who, someone) in living.cast.people.iter().enumerate() {
        for held in &someone.posts {
            if founders.contains(&who) && !held.deputy {
                continue;
            }
            debug_assert!(held.deputy || !asks_for(held.post));
            let (proposer, approver) = match approval_of(held.post) {
                ApprovedBy::Head => (chair, head),
                ApprovedBy::Chair | ApprovedBy::ViceChairOrHead => (head, chair),
            };
            life.a_minute_passes();
            let mut browser = living.sit_down(life, proposer).await?;
            let person = living.id(who).to_string();
            let [day, month, year] = super::cases::boxes(life.school.today());
            let mut fields = vec![
                ("person", person.as_str()),
                ("post", held.post.key()),
                ("from-on-day", &day),
                ("from-on-month", &month),
                ("from-on-year", &year),
            ];
            if held.deputy {
                fields.push(("deputy", "yes"));
            }
            browser.post("/people/posts/appoint", &fields).await?;
            let row = sql("select id from post_proposal where person = $1 and decided_at is null")
                .bind(&person)
                .one(&mut life.school.database.read().await?)
                .await?;
            let proposal: String = row.get("id")?;
            life.a_minute_passes();
            let mut browser = living.sit_down(life, approver).await?;
            browser
                .post(
                    &format!("/people/posts/proposals/{proposal}"),
                    &[("decision", "approve")],
                )
                .await?;
        }
    }
    Ok(())
}

/// The office imports the roll of a school year and the families: who is new is added,
/// everybody moves up a class, and those who have left are marked.
pub(super) async fn new_year(
    life: &Life<'_>,
    living: &mut Living,
    school_year: i16,
) -> Result<(), Problem> {
    let mut office = office(life, living).await?;
    let stay: HashSet<usize> = on_roll(living, school_year);
    let left: Vec<String> = living
        .cast
        .roll(school_year - 1)
        .into_iter()
        .filter(|(who, _)| living.is_known(*who) && !stay.contains(who))
        .map(|(who, _)| living.id(who).to_string())
        .collect();
    let mut confirmed: Vec<(&str, &str)> = Vec::new();
    let [day, month, year] = super::cases::boxes(jiff::civil::date(school_year, 7, 20));
    if !left.is_empty() {
        confirmed.extend(left.iter().map(|id| ("leaver", id.as_str())));
        confirmed.extend([
            ("left-on-day", day.as_str()),
            ("left-on-month", &month),
            ("left-on-year", &year),
        ]);
    }
    let pupils = pupils_file(living, school_year)?;
    import(life, &mut office, "pupils", &PUPILS, &pupils, &confirmed).await?;
    let families = families_file(living, school_year)?;
    import(life, &mut office, "contacts", &CONTACTS, &families, &[]).await?;
    let rows = sql("select id, upn from person where upn is not null")
        .all(&mut life.school.database.read().await?)
        .await?;
    let places: HashMap<String, usize> = living
        .cast
        .people
        .iter()
        .enumerate()
        .filter_map(|(who, someone)| Some((someone.upn.clone()?, who)))
        .collect();
    for row in rows {
        if let Some(who) = places.get(&row.get::<String>("upn")?) {
            living.know(*who, row.read("id", |text| text.parse().ok())?);
        }
    }
    Ok(())
}

/// The fields of a file, in the order of its columns.
const PUPILS: [&str; 6] = [
    "upn",
    "full-name",
    "born-on",
    "class",
    "year-group",
    "starts-on",
];
const CONTACTS: [&str; 10] = [
    "upn",
    "full-name",
    "adult-name",
    "relation",
    "email",
    "telephone",
    "household",
    "responsibility",
    "may-be-contacted",
    "priority",
];

/// Uploads a file, says what its columns are, confirms what it would do and waits for it.
async fn import(
    life: &Life<'_>,
    office: &mut Browser,
    kind: &str,
    columns: &[&str],
    file: &[u8],
    confirmed: &[(&str, &str)],
) -> Result<(), Problem> {
    life.a_minute_passes();
    let uploaded = office.upload("/people/import", kind, file).await?.led_to;
    let path = uploaded.replace("/columns", "/check");
    let numbered: Vec<(String, String)> = columns
        .iter()
        .enumerate()
        .map(|(number, field)| (format!("column-{field}"), number.to_string()))
        .collect();
    let mut fields: Vec<(&str, &str)> = numbered
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.extend(confirmed);
    life.a_minute_passes();
    office.post(&path, &fields).await?;
    jobs::work_until_idle(life.school).await?;
    Ok(())
}

fn pupils_file(living: &Living, school_year: i16) -> Result<Vec<u8>, Fault> {
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    let rows = living
        .cast
        .roll(school_year)
        .into_iter()
        .map(|(who, class)| {
            let pupil = &living.cast.people[who];
            vec![
                pupil.upn.clone().unwrap_or_default(),
                pupil.name.clone(),
                day(pupil.born_on),
                class.name.clone(),
                class.year_group.to_owned(),
                day(Some(pupil.starts_on)),
            ]
        });
    file(&PUPILS, rows)
}

fn families_file(living: &Living, school_year: i16) -> Result<Vec<u8>, Fault> {
    let on_roll = on_roll(living, school_year);
    let yes = |yes: bool| if yes { "Yes" } else { "No" }.to_owned();
    let ties = living.cast.ties.iter();
    let rows = ties.filter(|tie| on_roll.contains(&tie.pupil)).map(|tie| {
        let (pupil, adult) = (
            &living.cast.people[tie.pupil],
            &living.cast.people[tie.adult],
        );
        vec![
            pupil.upn.clone().unwrap_or_default(),
            pupil.name.clone(),
            adult.name.clone(),
            tie.relation.to_owned(),
            adult.email.clone().unwrap_or_default(),
            adult.telephone.clone().unwrap_or_default(),
            format!("Household {}", tie.household + 1),
            yes(tie.parental_responsibility),
            yes(true),
            tie.priority.to_string(),
        ]
    });
    file(&CONTACTS, rows)
}

fn on_roll(living: &Living, school_year: i16) -> HashSet<usize> {
    let roll = living.cast.roll(school_year);
    roll.into_iter().map(|(who, _)| who).collect()
}

fn file(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, Fault> {
    let writing = |error: csv::Error| Fault::at("writing a made-up file".into(), error);
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(columns).map_err(writing)?;
    for row in rows {
        file.write_record(row).map_err(writing)?;
    }
    file.into_inner()
        .map_err(|error| Fault::said(format!("writing a made-up file: {error}")))
}

/// Puts the adults into their classes.
async fn teach(life: &Life<'_>, living: &Living) -> Result<(), Problem> {
    let mut office = office(life, living).await?;
    for class in &living.cast.classes {
        let row = sql("select id from class where name = $1")
            .bind(&class.name)
            .optional(&mut life.school.database.read().await?)
            .await?;
        // A very small school has no child for some of its classes.
        let Some(row) = row else { continue };
        let path = format!("/people/classes/{}/join", row.get::<String>("id")?);
        let adults = [
            (Some(class.teacher), "teacher"),
            (class.assistant, "assistant"),
        ];
        for (who, part) in adults {
            let Some(who) = who else { continue };
            life.a_minute_passes();
            let person = living.id(who).to_string();
            office
                .post(&path, &[("person", &person), ("part", part)])
                .await?;
        }
    }
    Ok(())
}
