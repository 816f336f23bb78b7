//! Sending a report without an account: from the page for pupils and from the public one.
//! Whoever sends it gets a code, and stays as unnamed as they wish.

use belisha_policy::Word as _;
use belisha_rules::access::{self, Action, Kind, RecordFacts};
use belisha_rules::ids::{PersonId, ReportId};
use belisha_rules::throttle::TryLater;
use jiff::civil::Date;

use super::answers::{self, GivenCode};
use super::arrivals::{self, What};
use super::opening;
use super::report::{Report, Source};
use crate::actor::Actor;
use crate::db::{Connection, sql};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::viewer::{self, Here};

/// What happens with a form that was sent.
pub(crate) enum Outcome {
    /// It is stored, now or the first time it was sent, and this code opens the answer.
    Sent(GivenCode),
    /// Too much came from this address; nothing typed is lost.
    Later(TryLater),
}

/// Sends it, once.
pub(crate) async fn send(
    here: &Here,
    report: &Report,
    source: &Source,
    submission: &str,
) -> Result<Outcome, Problem> {
    let school = &here.school;
    if submission.len() < 16 {
        return Err(Problem::refused(
            "This form could not be read",
            "It came without its own number. Go back, reload the page and send it again.",
        ));
    }
    if let Err(later) = arrivals::count(school, What::Report, here.address).await? {
        return Ok(Outcome::Later(later));
    }
    let code = GivenCode::of(school, submission).await?;
    let mut tx = school.write(Actor::School(source.channel.key())).await?;
    let id: ReportId = tx.new_id();
    viewer::require(
        &access::Viewer::without_account(),
        Action::RaiseConcern,
        &RecordFacts::of(Kind::NewConcern),
        tx.now(),
    )?;
    match tx.once(&answers::remembered(submission), "").await {
        Ok(()) => {}
        // It is stored already: the same code is shown again.
        Err(Problem::GoTo(_)) => return Ok(Outcome::Sent(code)),
        Err(problem) => return Err(problem),
    }
    let entry = opening::open(&mut tx, report, source, id, Some(&code)).await?;
    tx.commit(entry).await?;
    Ok(Outcome::Sent(code))
}

/// Adults of the school whom these words may mean: by their whole name, by their post, by
/// their surname ("Mrs Lovell"), or else by their first name. The page says nothing of
/// what was found; it only keeps them from hearing of a concern about themselves.
pub(crate) async fn adults_meant(
    connection: &mut Connection,
    typed: &str,
    today: Date,
) -> Result<Vec<PersonId>, Fault> {
    const TITLES: [&str; 9] = ["mr", "mrs", "miss", "ms", "mx", "dr", "sir", "the", "a"];
    let words: Vec<String> = typed
        .to_lowercase()
        .split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '-')))
        .filter(|word| !word.is_empty() && !TITLES.contains(word))
        .map(str::to_owned)
        .collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = by_post(connection, &words.join(" "), today).await?;
    if !found.is_empty() {
        return Ok(found);
    }
    let rows = sql("select id, sort_name from person
         where merged_into is null and (ends_on is null or ends_on >= $1)
           and standing <> 'pupils' and standing <> 'parents'
         order by id")
    .bind(today)
    .all(connection)
    .await?;
    let mut adults: Vec<(PersonId, String)> = Vec::new();
    for row in rows {
        adults.push((
            row.read("id", |text| text.parse().ok())?,
            row.get("sort_name")?,
        ));
    }
    let whole = words.join(" ");
    let fits: [&dyn Fn(&str) -> bool; 3] = [
        &|name: &str| name == whole,
        &|name: &str| {
            name.split(' ')
                .next_back()
                .is_some_and(|surname| words.iter().any(|word| word == surname))
        },
        &|name: &str| {
            name.split(' ')
                .next()
                .is_some_and(|first| words.iter().any(|word| word == first))
        },
    ];
    for fit in fits {
        found = adults
            .iter()
            .filter(|(_, name)| fit(name))
            .map(|(person, _)| *person)
            .collect();
        if !found.is_empty() {
            break;
        }
    }
    Ok(found)
}

async fn by_post(
    connection: &mut Connection,
    words: &str,
    today: Date,
) -> Result<Vec<PersonId>, Fault> {
    let name = match words {
        "head" | "head teacher" | "headmaster" | "headmistress" => "headteacher",
        other => other,
    };
    let Some(post) = belisha_policy::Post::from_key(name) else {
        return Ok(Vec::new());
    };
    Ok(hats::holders(connection, post, today)
        .await?
        .into_iter()
        .filter(|(_, deputy)| !deputy)
        .map(|(person, _)| person)
        .collect())
}
