//! Reports a second through the form, beside the database's own commits.

use std::path::Path;

use anyhow::ensure;

use crate::people::People;
use crate::reference;
use crate::server::{Server, now};
use crate::table::Table;

pub(crate) async fn measure(
    table: &mut Table,
    server: &Server,
    people: &People,
    data: &Path,
    for_ms: u64,
) -> anyhow::Result<()> {
    let commits = reference::commits_per_second(data, for_ms).await?;
    let mut teacher = people
        .working_as("Teacher")?
        .sign_in(server.address)
        .await?;
    let (began, mut sent) = (now(), 0_u32);
    while began.elapsed().as_millis() < u128::from(for_ms) {
        let submission = uuid::Uuid::from_u128(u128::from(sent)).to_string();
        let fields = [
            ("submission", submission.as_str()),
            (
                "words",
                "A message that was not kind went round the class during the lesson.",
            ),
            ("when", "now"),
            ("place", "Classroom"),
            ("at-risk", "no"),
            ("told-lead", "no"),
            ("knows-how", "I was there"),
        ];
        let answer = teacher.post("/reports", &fields).await?;
        ensure!(
            answer.status == 303 && !answer.location.is_empty(),
            "a report was answered with {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        sent += 1;
    }
    let reports = f64::from(sent) / began.elapsed().as_secs_f64();
    table.add(
        "Reports, each routed, sealed, journaled and on the disk",
        format!("{reports:.0} a second"),
        format!(
            "{:.2} of {commits:.0} bare commits a second",
            reports / commits
        ),
    );
    Ok(())
}
