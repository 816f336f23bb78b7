//! Reports through the form, each about a child on the register, beside the database's
//! own commits.

use std::time::Duration;

use anyhow::Context as _;

use crate::Bench;
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
    let mut teachers = people.sign_all_in(server, bench.users).await?;
    let first = teachers.first_mut().context("no teacher could sign in")?;
    let suggestions = first.get("/reports/people?q=an").await?.body;
    let child = String::from_utf8(suggestions)?
        .lines()
        .find(|line| line.contains(','))
        .context("no child is called anything with “an”")?
        .to_owned();
    let mut senders = Vec::with_capacity(teachers.len());
    for (number, client) in teachers.into_iter().enumerate() {
        senders.push(Somebody {
            client,
            sends: Sends::Reports {
                about: child.clone(),
                of: number as u64,
            },
            turn: 0,
        });
    }
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
