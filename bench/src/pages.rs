//! Pages: how long one takes, and how many a second, beside a bare page of the same server.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::task::JoinSet;

use crate::Bench;
use crate::client::Client;
use crate::people::People;
use crate::server::{Server, now};
use crate::table::Table;

/// The page that asks for nothing but the server itself.
const BARE: &str = "/healthz";

pub(crate) async fn measure(
    table: &mut Table,
    server: &Server,
    people: &People,
    bench: &Bench,
) -> anyhow::Result<()> {
    let for_how_long = Duration::from_millis(bench.each_ms);
    let bare = Client::connect(server.address).await?;
    let reference = Measured::of(bare, BARE, bench.browsers, for_how_long).await?;
    table.add("Bare page", reference.in_words(), "1");
    let mut lead = people
        .holder("designated-safeguarding-lead")?
        .sign_in(server.address)
        .await?;
    let case = first_case(&mut lead).await?;
    for (name, path) in [
        ("Today", "/".to_owned()),
        ("Queue of cases", "/incidents".to_owned()),
        ("A case", case),
        (
            "A clause of the policy",
            "/policy/clauses/leaving-a-computer".to_owned(),
        ),
        ("The policy with its standing", "/policy".to_owned()),
    ] {
        let measured = Measured::of(lead.again().await?, &path, bench.browsers, for_how_long)
            .await
            .with_context(|| format!("measuring {name}"))?;
        let ratio = measured.per_second / reference.per_second;
        table.add(
            name,
            measured.in_words(),
            format!("{ratio:.2} of the bare page's rate"),
        );
    }
    Ok(())
}

/// The address of the first case in the queue.
async fn first_case(client: &mut Client) -> anyhow::Result<String> {
    let queue = String::from_utf8(client.get("/incidents").await?.body)?;
    let (_, link) = queue
        .split_once("href=\"/incidents/")
        .context("the queue shows no case")?;
    let (id, _) = link.split_once('"').context("a link without an end")?;
    Ok(format!("/incidents/{id}"))
}

struct Measured {
    median_ms: f64,
    late_ms: f64,
    per_second: f64,
}

impl Measured {
    /// One browser alone says how long a page takes; several at once how many there can be.
    async fn of(
        client: Client,
        path: &str,
        browsers: usize,
        during: Duration,
    ) -> anyhow::Result<Self> {
        let mut alone = ask(client.again().await?, path.to_owned(), during).await?;
        alone.sort_by(f64::total_cmp);
        let began = now();
        let mut all = JoinSet::new();
        for _ in 0..browsers {
            all.spawn(ask(client.again().await?, path.to_owned(), during));
        }
        let mut answers = 0;
        while let Some(done) = all.join_next().await {
            answers += done??.len();
        }
        Ok(Self {
            median_ms: at(&alone, 50),
            late_ms: at(&alone, 95),
            per_second: answers as f64 / began.elapsed().as_secs_f64(),
        })
    }

    fn in_words(&self) -> String {
        format!(
            "median {:.1} ms, 95th percentile {:.1} ms, {:.0} a second",
            self.median_ms, self.late_ms, self.per_second
        )
    }
}

/// The milliseconds of each answer.
async fn ask(mut client: Client, path: String, during: Duration) -> anyhow::Result<Vec<f64>> {
    let mut taken = Vec::new();
    let began = now();
    while began.elapsed() < during || taken.is_empty() {
        let asked = now();
        let answer = client.get(&path).await?;
        ensure!(
            answer.status == 200,
            "{path} was answered with {}",
            answer.status
        );
        taken.push(asked.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(taken)
}

/// The value below which so many in a hundred lie.
fn at(sorted: &[f64], percent: usize) -> f64 {
    sorted
        .get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}
