//! From a name as it is typed to a person on the register. Where it is not clear, the
//! reporter chooses; nothing is guessed, because the route depends on it.

use axum::extract::Query;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::PersonId;
use serde::Deserialize;

use crate::db::{Connection, Row, sql};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::viewer::Viewer;

/// Chosen for a name that is not on the register.
pub(super) const OUTSIDE: &str = "outside";
/// Chosen for an adult of the school whom the reporter cannot name.
pub(super) const ADULT: &str = "adult";

/// A person as the page offers them: "Ada Lovell, Oak class".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) person: PersonId,
    pub(crate) label: String,
}

/// What a typed name turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    Person(PersonId),
    /// Nobody of the school; the name is kept as it was typed.
    Outside,
    /// Somebody of the school; the name is kept as it was typed.
    UnnamedAdult,
    /// The reporter must say: one of these, or one of the two above.
    Unclear(Vec<Candidate>),
}

pub(crate) fn url() -> String {
    "/reports/people".to_owned()
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

/// Suggestions while a name is typed, one a line; none for those who may not read the register.
pub(super) async fn get(viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let mut records = viewer.read().await?;
    let lines: Vec<String> = search(&mut records, &viewer, &asked.q)
        .await?
        .into_iter()
        .map(|candidate| candidate.label)
        .collect();
    Ok((
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        lines.join("\n"),
    )
        .into_response())
}

/// Finds whom a typed name means. `chosen` is what the reporter chose for it before.
pub(crate) async fn find(
    connection: &mut Connection,
    viewer: &Viewer,
    typed: &str,
    chosen: &str,
) -> Result<Named, Fault> {
    let holders = by_post(connection, viewer, typed).await?;
    if let [only] = holders.as_slice() {
        return Ok(Named::Person(only.person));
    }
    let mut candidates = holders;
    if candidates.is_empty() {
        candidates = search(connection, viewer, typed).await?;
    }
    if candidates.is_empty() {
        candidates = exact(connection, viewer, typed).await?;
    }
    if let Some(candidate) = candidates
        .iter()
        .find(|candidate| candidate.person.to_string() == chosen)
    {
        return Ok(Named::Person(candidate.person));
    }
    match chosen {
        OUTSIDE => return Ok(Named::Outside),
        ADULT => return Ok(Named::UnnamedAdult),
        _ => {}
    }
    let fits = |candidate: &&Candidate| {
        let label = candidate.label.to_lowercase();
        let typed = folded(typed);
        label == typed || label.split(',').next() == Some(typed.as_str())
    };
    let mut fitting = candidates.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(Named::Person(only.person)),
        _ => Ok(Named::Unclear(candidates)),
    }
}

fn may_read_register(viewer: &Viewer) -> bool {
    viewer
        .may(Action::ReadRegister, &RecordFacts::of(Kind::Register))
        .is_allowed()
}

fn folded(typed: &str) -> String {
    typed
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// What was suggested has the class or the work behind a comma.
fn before_comma(typed: &str) -> String {
    folded(typed.split(',').next().unwrap_or_default())
}

/// "The headteacher" is whoever holds the post today.
async fn by_post(
    connection: &mut Connection,
    viewer: &Viewer,
    typed: &str,
) -> Result<Vec<Candidate>, Fault> {
    let folded = folded(typed);
    let name = folded.strip_prefix("the ").unwrap_or(&folded);
    let name = match name {
        "head" | "head teacher" | "headmaster" | "headmistress" => "headteacher",
        other => other,
    };
    let Some(post) = Post::from_key(name) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (person, deputy) in hats::holders(connection, post, viewer.today()).await? {
        if !deputy {
            let row = sql("select name from person where id = $1")
                .bind(person.to_string())
                .one(connection)
                .await?;
            let name: String = row.get("name")?;
            found.push(Candidate {
                person,
                label: format!("{name}, {}", post.name()),
            });
        }
    }
    Ok(found)
}

/// Everybody on the register whose name has a word that begins so.
async fn search(
    connection: &mut Connection,
    viewer: &Viewer,
    typed: &str,
) -> Result<Vec<Candidate>, Fault> {
    let name = before_comma(typed);
    if name.chars().count() < 2 || !may_read_register(viewer) {
        return Ok(Vec::new());
    }
    let name = name
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    let rows = sql("select person.id, person.name, person.standing, person.job_title,
                (select min(class.name) from class_member join class on class.id = class_member.class
                 where class_member.person = person.id and class_member.until_on is null) as class_name
         from person
         where person.merged_into is null and (person.ends_on is null or person.ends_on >= $3)
           and (person.sort_name like $1 escape '!' or person.sort_name like $2 escape '!')
         order by person.sort_name, person.id
         limit 12")
    .bind(format!("{name}%"))
    .bind(format!("% {name}%"))
    .bind(viewer.today())
    .all(connection)
    .await?;
    candidates(&rows)
}

/// For those who may not read the register: an adult of the school by their whole
/// name, so that a concern about them still takes the right route.
async fn exact(
    connection: &mut Connection,
    viewer: &Viewer,
    typed: &str,
) -> Result<Vec<Candidate>, Fault> {
    if may_read_register(viewer) {
        return Ok(Vec::new());
    }
    let rows = sql("select person.id, person.name, person.standing, person.job_title,
                cast(null as text) as class_name
         from person
         where person.merged_into is null and (person.ends_on is null or person.ends_on >= $2)
           and person.sort_name = $1 and person.standing <> 'pupils' and person.standing <> 'parents'
         order by person.id")
    .bind(before_comma(typed))
    .bind(viewer.today())
    .all(connection)
    .await?;
    candidates(&rows)
}

fn candidates(rows: &[Row]) -> Result<Vec<Candidate>, Fault> {
    rows.iter()
        .map(|row| {
            let name: String = row.get("name")?;
            let standing = row.read("standing", Standing::from_key)?;
            let job: String = row.get("job_title")?;
            let class: Option<String> = row.get("class_name")?;
            let detail = match standing {
                Standing::Pupil => class.unwrap_or_else(|| "pupil".to_owned()),
                _ if !job.is_empty() => job,
                other => singular(other).to_owned(),
            };
            Ok(Candidate {
                person: row.read("id", |text| text.parse().ok())?,
                label: format!("{name}, {detail}"),
            })
        })
        .collect()
}

fn singular(standing: Standing) -> &'static str {
    match standing {
        Standing::Staff => "staff",
        Standing::StudentTeacher => "student teacher",
        Standing::Governor => "governor",
        Standing::Volunteer => "volunteer",
        Standing::Contractor => "contractor",
        Standing::Guest => "guest",
        Standing::Parent => "parent or carer",
        Standing::Pupil => "pupil",
    }
}
