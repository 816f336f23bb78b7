//! Reports through the form, each about a child on the register, beside the database's
//! own commits.

use std::time::Duration;

use anyhow::ensure;

use crate::Bench;
use crate::client::Client;
use crate::crowd::{Measured, Sends, Somebody};
use crate::engine::School;
use crate::people::People;
use crate::reference;
use crate::server::Server;
use crate::table::Table;

pub(crate) async fn measure(
    table: &mut Table,
    server: &Server,
    people: &People,
    school: &School,
    bench: &Bench,
) -> anyhow::Result<()> {
    let during = Duration::from_millis(bench.each_ms);
    let commits = reference::commits_per_second(school, during).await?;
    let mut senders = Vec::with_capacity(bench.users);
    for (number, mut client) in people
        .sign_all_in(server, bench.users)
        .await?
        .into_iter()
        .enumerate()
    {
        // To whoever may not read the register, nobody is suggested.
        let Some(child) = child(&mut client, people).await? else {
            continue;
        };
        senders.push(Somebody {
            client,
            sends: Sends::Reports {
                about: child,
                of: number as u64,
            },
            turn: 0,
        });
    }
    ensure!(!senders.is_empty(), "no teacher may name a child");
    let measured = Measured::of(senders, during).await?;
    let beside = format!(
        "{:.2} of {commits:.0} bare commits a second",
        measured.per_second / commits
    );
    table.add(measured.cells(
        "Sending a report: routed, sealed, journaled and on the disk",
        beside,
    ));
    Ok(())
}

/// A child as the form suggests them, "Ada Lovell, Oak". Only the first few of a beginning are suggested, adults
/// among them.
async fn child(client: &mut Client, people: &People) -> anyhow::Result<Option<String>> {
    for beginning in ["an", "ba", "be", "ca", "ha", "ma", "pe", "sh", "wa"] {
        let asked = format!("/reports/people?q={beginning}");
        let suggestions = String::from_utf8(client.get(&asked).await?.body)?;
        let found = suggestions.lines().find(|line| {
            line.split_once(", ")
                .is_some_and(|(_, detail)| people.is_class(detail))
        });
        if let Some(child) = found {
            return Ok(Some(child.to_owned()));
        }
    }
    Ok(None)
}
