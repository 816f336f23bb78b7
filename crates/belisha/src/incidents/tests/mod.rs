//! What a school needs to trust of its cases.

mod absence;
mod alert;
pub(crate) mod casework;
mod classifying;
mod concern;
mod handling;
mod named_risks;
mod need_to_know;
mod recovery;
mod reporting;
mod routes;
mod sealed;
mod search;
mod telling;
mod trouble;
mod twin;

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
