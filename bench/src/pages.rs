//! Pages: how long one takes, and how many a second, beside a bare page of the same server.

use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::Bench;
use crate::client::Client;
use crate::crowd::{Measured, Sends, Somebody};
use crate::people::People;
use crate::server::Server;
use crate::table::Table;

/// The page that asks for nothing but the server itself.
const BARE: &str = "/healthz";
/// So many cases are opened in turn, so that none is in a cache because it was just read.
const CASES: usize = 200;
pub(crate) const SEARCH: &str = "Search in the sealed text of all cases";
pub(crate) const SOUGHT: [&str; 4] = ["picture", "parents phoned", "headphones", "zeppelin"];

pub(crate) async fn measure(
    table: &mut Table,
    server: &Server,
    people: &People,
    bench: &Bench,
) -> anyhow::Result<()> {
    let during = Duration::from_millis(bench.each_ms);
    let everyone = people.sign_all_in(server, bench.users).await?;
    let bare = measured(&everyone, &[BARE.to_owned()], during).await?;
    let reference = bare.per_second;
    table.add(bare.cells("Bare page", "1".to_owned()));

    let mut lead = people
        .holder("designated-safeguarding-lead")?
        .sign_in(server.address, &server.host)
        .await?;
    let cases = cases(&mut lead).await?;
    let head = people
        .holder("headteacher")?
        .sign_in(server.address, &server.host)
        .await?;
    let lead = several(&lead, bench.users).await?;
    let head = several(&head, bench.users).await?;
    // These first, while the lead has only just proved who they are.
    let opened = measured(&lead, &cases, during).await?;
    let beside = format!(
        "{:.2} of the bare page's rate",
        opened.per_second / reference
    );
    table.add(opened.cells("A case, journaled before it is shown", beside));
    let searched = searches(&lead, during).await?;
    let beside = format!(
        "{:.2} of the bare page's rate",
        searched.per_second / reference
    );
    table.add(searched.cells(SEARCH, beside));
    for (name, who, paths) in [
        ("Today, everybody's", &everyone, vec!["/".to_owned()]),
        ("Today, the headteacher's", &head, vec!["/".to_owned()]),
        ("Queue of open cases", &lead, vec!["/incidents".to_owned()]),
        (
            "Closed cases, first to tenth page",
            &lead,
            (1..=10)
                .map(|page| format!("/incidents?show=closed&page={page}"))
                .collect(),
        ),
        (
            "The form of a report",
            &everyone,
            vec!["/reports/new".to_owned()],
        ),
        (
            "A clause of the policy",
            &everyone,
            vec!["/policy/clauses/leaving-a-computer".to_owned()],
        ),
        (
            "The policy with its standing",
            &everyone,
            vec!["/policy".to_owned()],
        ),
        ("Assurance", &head, vec!["/assurance".to_owned()]),
        ("People", &head, vec!["/people".to_owned()]),
        (
            "The page to sign in",
            &Vec::new(),
            vec!["/sign-in".to_owned()],
        ),
    ] {
        let nobody;
        let who = match who.is_empty() {
            true => {
                nobody = several(
                    &Client::connect(server.address, &server.host).await?,
                    bench.users,
                )
                .await?;
                &nobody
            }
            false => who,
        };
        let measured = measured(who, &paths, during)
            .await
            .with_context(|| format!("measuring {name}"))?;
        let beside = format!(
            "{:.2} of the bare page's rate",
            measured.per_second / reference
        );
        table.add(measured.cells(name, beside));
    }
    Ok(())
}

/// Everything that the lead may open is searched: for words that stand in many cases, in a
/// few, and in none.
async fn searches(lead: &[Client], during: Duration) -> anyhow::Result<Measured> {
    let mut people = Vec::with_capacity(lead.len());
    for (turn, client) in lead.iter().enumerate() {
        people.push(Somebody {
            client: client.again().await?,
            sends: Sends::Searches(SOUGHT.to_vec()),
            turn,
        });
    }
    Measured::of(people, during).await
}

/// Several windows of one browser.
pub(crate) async fn several(client: &Client, windows: usize) -> anyhow::Result<Vec<Client>> {
    let mut all = Vec::with_capacity(windows);
    for _ in 0..windows {
        all.push(client.again().await?);
    }
    Ok(all)
}

async fn measured(
    clients: &[Client],
    paths: &[String],
    during: Duration,
) -> anyhow::Result<Measured> {
    let mut people = Vec::with_capacity(clients.len());
    for (number, client) in clients.iter().enumerate() {
        let mut paths = paths.to_vec();
        let from = number * 13 % paths.len();
        paths.rotate_left(from);
        people.push(Somebody {
            client: client.again().await?,
            sends: Sends::Pages(paths),
            turn: 0,
        });
    }
    Measured::of(people, during).await
}

/// The addresses of cases, open ones first.
pub(crate) async fn cases(client: &mut Client) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for show in ["open", "closed"] {
        for page in 1..=CASES {
            let path = format!("/incidents?show={show}&page={page}");
            let queue = String::from_utf8(client.get(&path).await?.body)?;
            let before = found.len();
            for link in queue.split("href=\"/incidents/").skip(1) {
                let (id, _) = link.split_once('"').context("a link without an end")?;
                found.push(format!("/incidents/{id}"));
            }
            if found.len() == before || found.len() >= CASES {
                break;
            }
        }
    }
    ensure!(!found.is_empty(), "the queue shows no case");
    Ok(found)
}
