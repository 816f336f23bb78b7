//! People who ask for pages: one alone, many at once who read what they get, and as many
//! as there are who never pause.

use std::time::Duration;

use anyhow::ensure;
use tokio::task::JoinSet;

use crate::client::Client;
use crate::server::now;

/// Somebody signed in, with what they ask for in turn.
pub(crate) struct Somebody {
    pub(crate) client: Client,
    pub(crate) sends: Sends,
    pub(crate) turn: usize,
}

pub(crate) enum Sends {
    /// Asks for these pages.
    Pages(Vec<String>),
    /// Looks for these words in cases, one after the other.
    Searches(Vec<&'static str>),
    /// Sends one report after the other about this child.
    Reports { about: String, of: u64 },
}

/// How long each answer took, in milliseconds, sorted.
pub(crate) struct Taken(Vec<f64>);

pub(crate) struct Measured {
    pub(crate) alone: Taken,
    pub(crate) together: Taken,
    pub(crate) per_second: f64,
}

impl Taken {
    fn of(mut taken: Vec<f64>) -> Self {
        taken.sort_by(f64::total_cmp);
        Self(taken)
    }

    /// The value below which so many in a hundred lie.
    pub(crate) fn at(&self, percent: usize) -> f64 {
        let place = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(place).copied().unwrap_or_default()
    }

    pub(crate) fn in_words(&self) -> String {
        format!("{:.1} ms, {:.1} ms", self.at(50), self.at(99))
    }
}

impl Measured {
    /// The first of them alone; then all, each reading for a second on average before the
    /// next page; then all without a pause.
    pub(crate) async fn of(people: Vec<Somebody>, during: Duration) -> anyhow::Result<Self> {
        let mut people = people;
        let Some(first) = people.first_mut() else {
            anyhow::bail!("there is nobody to ask for it");
        };
        let alone = Taken::of(ask(first, during, None).await?);
        let (people, read) = all(people, during * 2, true).await?;
        let together = Taken::of(read);
        let began = now();
        let (_, hurried) = all(people, during, false).await?;
        Ok(Self {
            alone,
            together,
            per_second: hurried.len() as f64 / began.elapsed().as_secs_f64(),
        })
    }

    pub(crate) fn cells(self, name: &str, beside: String) -> [String; 5] {
        [
            name.to_owned(),
            self.alone.in_words(),
            self.together.in_words(),
            format!("{:.0} a second", self.per_second),
            beside,
        ]
    }
}

async fn all(
    people: Vec<Somebody>,
    during: Duration,
    reading: bool,
) -> anyhow::Result<(Vec<Somebody>, Vec<f64>)> {
    let mut asking = JoinSet::new();
    for (number, mut somebody) in people.into_iter().enumerate() {
        asking.spawn(async move {
            let pauses = reading.then(|| Pauses(number as u64 * 7919 + 17));
            let taken = ask(&mut somebody, during, pauses).await;
            (somebody, taken)
        });
    }
    let (mut people, mut taken) = (Vec::new(), Vec::new());
    while let Some(done) = asking.join_next().await {
        let (somebody, times) = done?;
        people.push(somebody);
        taken.extend(times?);
    }
    Ok((people, taken))
}

/// The milliseconds of each answer.
async fn ask(
    somebody: &mut Somebody,
    during: Duration,
    mut pauses: Option<Pauses>,
) -> anyhow::Result<Vec<f64>> {
    let mut taken = Vec::new();
    let began = now();
    while began.elapsed() < during || taken.is_empty() {
        if let Some(pauses) = &mut pauses {
            tokio::time::sleep(pauses.next()).await;
        }
        taken.push(somebody.once().await?);
    }
    Ok(taken)
}

impl Somebody {
    /// Asks once; the milliseconds until the answer.
    async fn once(&mut self) -> anyhow::Result<f64> {
        let turn = self.turn;
        self.turn += 1;
        let (asked, path, answer, expected) = match &self.sends {
            Sends::Pages(paths) => {
                let path = paths[turn % paths.len()].as_str();
                let asked = now();
                (asked, path, self.client.get(path).await?, 200)
            }
            Sends::Searches(words) => {
                let submission = uuid::Uuid::from_u128(turn as u128).to_string();
                let fields = [
                    ("submission", submission.as_str()),
                    ("words", words[turn % words.len()]),
                    ("person", ""),
                    ("category", ""),
                ];
                let asked = now();
                let answer = self.client.post("/incidents/search", &fields).await?;
                (asked, "/incidents/search", answer, 200)
            }
            Sends::Reports { about, of } => {
                let number = u128::from(*of) << 64 | turn as u128;
                let submission = uuid::Uuid::from_u128(number).to_string();
                let fields = report(&submission, about);
                let asked = now();
                let answer = self.client.post("/reports", &fields).await?;
                (asked, "/reports", answer, 303)
            }
        };
        let taken = asked.elapsed().as_secs_f64() * 1000.0;
        ensure!(
            answer.status == expected,
            "{path} was answered with {} {}{}",
            answer.status,
            answer.location,
            complaints(&answer.body)
        );
        Ok(taken)
    }
}

/// What a page says is wrong with what was sent to it.
fn complaints(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page);
    let summary = page
        .split_once("govuk-error-summary__list")
        .and_then(|(_, after)| after.split_once("</ul>"))
        .map_or("", |(list, _)| list);
    summary
        .split('<')
        .filter_map(|piece| piece.split_once('>').map(|(_, words)| words.trim()))
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

fn report<'a>(submission: &'a str, about: &'a str) -> [(&'a str, &'a str); 10] {
    [
        ("submission", submission),
        (
            "words",
            "A message that was not kind went round the class during the lesson.",
        ),
        ("when", "now"),
        ("place", "Classroom"),
        ("who", about),
        ("part", "harmed"),
        ("meant", ""),
        ("at-risk", "no"),
        ("told-lead", "no"),
        ("knows-how", "I was there"),
    ]
}

/// Pauses between nothing and two seconds, a second on average; the same in every run.
struct Pauses(u64);

impl Pauses {
    fn next(&mut self) -> Duration {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis((self.0 >> 33) % 2001)
    }
}
