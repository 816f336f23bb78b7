//! What a school needs to trust of its cases.

mod absence;
mod alert;
mod casework;
mod classifying;
mod concern;
mod evidence;
mod handling;
mod investigation;
mod named_risks;
mod need_to_know;
mod recovery;
mod reporting;
mod routes;
mod sealed;
mod search;
mod serious;
mod telling;
mod trouble;
mod twin;
mod withholding;

use belisha_policy::{Post, Standing};

use crate::db::sql;
use crate::testing::{Client, Page, TestSchool};

/// The people of a school whose posts are all held, by different people.
struct Cast {
    head: Client,
    lead: Client,
    deputy: Client,
    coordinator: Client,
    chair: Client,
    vice: Client,
    technician: Client,
    teacher: Client,
    other: Client,
}

async fn cast(app: &TestSchool) -> Cast {
    let cast = Cast {
        head: app.signed_in("Hazel Head", &[Post::Headteacher]).await,
        lead: app
            .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
            .await,
        deputy: app
            .signed_in("Dora Deputy", &[Post::DeputyDesignatedSafeguardingLead])
            .await,
        coordinator: app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await,
        chair: app
            .signed_in("Charles Chair", &[Post::ChairOfGovernors])
            .await,
        vice: app
            .signed_in("Vera Vice", &[Post::ViceChairOfGovernors])
            .await,
        technician: app.signed_in("Nils Network", &[Post::NetworkManager]).await,
        teacher: app.signed_in("Tessa Teacher", &[]).await,
        other: app.signed_in("Oscar Other", &[]).await,
    };
    app.person("Pip Pupil", Standing::Pupil, &[]).await;
    app.person("Quin Pupil", Standing::Pupil, &[]).await;
    cast
}

/// What a teacher types: about these people, each with a part.
fn typed<'a>(who: &[(&'a str, &'a str)], at_risk: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("words", "Something upsetting was sent round."),
        ("when", "now"),
        ("place", "The library"),
        ("at-risk", at_risk),
        ("told-lead", "no"),
        ("knows-how", "I saw it"),
    ];
    for (name, part) in who {
        fields.extend([("who", *name), ("part", *part), ("meant", "")]);
    }
    fields
}

/// Types a report and looks at the answers before sending.
async fn check(client: &mut Client, who: &[(&str, &str)], at_risk: &str) -> Page {
    let form = client.get("/reports/new").await;
    client.submit(&form, "Continue", &typed(who, at_risk)).await
}

/// Sends a report; the page that confirms it.
async fn report(client: &mut Client, who: &[(&str, &str)], at_risk: &str) -> Page {
    let checked = check(client, who, at_risk).await;
    client.submit(&checked, "Send the report", &[]).await
}

/// The address of the case that was opened last.
async fn newest(app: &TestSchool) -> String {
    let mut records = app.school.database.read().await.expect("records");
    let row = sql("select id from incident order by opened_at desc, id")
        .one(&mut records)
        .await
        .expect("a case");
    format!("/incidents/{}", row.get::<String>("id").expect("an id"))
}

/// The reference of a case, as people write it.
async fn reference(app: &TestSchool, url: &str) -> String {
    let id = url.rsplit('/').next().expect("an id");
    let mut records = app.school.database.read().await.expect("records");
    sql("select reference from incident where id = $1")
        .bind(id)
        .one(&mut records)
        .await
        .expect("a case")
        .get("reference")
        .expect("a reference")
}

const ACKNOWLEDGE: &str = "Acknowledge: I have this";

/// Takes a case up; the case after it.
async fn acknowledged(client: &mut Client, url: &str) -> Page {
    let case = client.get(url).await;
    client.submit(&case, ACKNOWLEDGE, &[]).await
}

/// Triages a case as a quarrel in which nobody has seen a picture.
async fn triage(client: &mut Client, url: &str, category: &str, at_risk: &str) -> Page {
    let form = client.get(&format!("{url}/triage")).await;
    client
        .submit(
            &form,
            "Save the triage",
            &[
                ("category", category),
                ("child-at-risk", at_risk),
                ("disturbing", "no"),
                ("imagery", "no"),
                ("outcome", "respond"),
                ("reason", "Two pupils fell out."),
            ],
        )
        .await
}

/// Closes a case, or is told what is missing.
async fn closed(client: &mut Client, url: &str) -> Page {
    let form = client.get(&format!("{url}/closure")).await;
    client
        .submit(&form, "Close the case", &[("outcome", "They made it up.")])
        .await
}

/// The value of the choice of a list that has these words.
pub(crate) fn choice(page: &Page, words: &str) -> String {
    page.html()
        .split("<option")
        .skip(1)
        .filter_map(|option| option.split("</option>").next())
        .find(|option| option.contains(words))
        .and_then(|option| option.split("value=\"").nth(1)?.split('"').next())
        .unwrap_or_else(|| panic!("no choice says {words}: {}", page.text()))
        .to_owned()
}

/// Records for everybody in a case that support was offered and a sanction decided, as both
/// policies ask before it closes.
pub(crate) async fn everybody_seen_to(client: &mut Client, url: &str) {
    let agreed = client.id().to_string();
    for (below, button, fields) in [
        (
            "support/new",
            "Save",
            vec![
                ("decision", "declined"),
                ("words", "Offered and not wanted."),
            ],
        ),
        (
            "sanctions/new",
            "Save the decision",
            vec![
                ("step", "talk"),
                ("agreed", &agreed),
                ("reason", "The first time."),
            ],
        ),
    ] {
        let form = client.get(&format!("{url}/{below}")).await;
        for person in people(&form) {
            let mut fields = fields.clone();
            fields.push(("person", &person));
            let form = client.get(&format!("{url}/{below}")).await;
            client.submit(&form, button, &fields).await;
        }
    }
}

/// The people whom a form offers.
fn people(form: &Page) -> Vec<String> {
    let html = form.html();
    let select = html
        .split("name=\"person\"")
        .nth(1)
        .and_then(|rest| rest.split("</select>").next())
        .unwrap_or_default();
    select
        .split("value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|value| value.len() == 36)
        .map(str::to_owned)
        .collect()
}
