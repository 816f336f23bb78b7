//! Signing in, beside stretching the same password and nothing more: most of it is meant to
//! be slow. And a wrong password for somebody who has an account, beside the same for nobody:
//! the time of the answer must not tell them apart.

use anyhow::ensure;
use belisha_vault::{Cost, PasswordWrap, Person};

use crate::Bench;
use crate::client::Client;
use crate::people::People;
use crate::server::{Server, now};
use crate::table::Table;

/// Below the guesses that an account may be asked before it slows down.
const GUESSES: usize = 8;

pub(crate) async fn measure(
    table: &mut Table,
    server: &Server,
    people: &People,
    bench: &Bench,
) -> anyhow::Result<()> {
    right(table, server, people, bench).await?;
    wrong(table, server, people).await
}

/// Each of the first so many teachers signs in once.
const TIMES: usize = 20;

async fn right(
    table: &mut Table,
    server: &Server,
    people: &People,
    bench: &Bench,
) -> anyhow::Result<()> {
    let times = if bench.quick { 3 } else { TIMES };
    let mut taken = Vec::new();
    for person in people.without_second_factor().take(times) {
        let mut client = Client::connect(server.address, &server.host).await?;
        let began = now();
        person.send_password(&mut client).await?;
        taken.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    let nobody = Person {
        school: "bench",
        id: "",
    };
    let began = now();
    for _ in 0..5 {
        PasswordWrap::pretend(&nobody, "a password of some length", Cost::FLOOR);
    }
    let (signing_in, stretching) = (median(taken), began.elapsed().as_secs_f64() * 1000.0 / 5.0);
    table.single(
        "Signing in with a password",
        &format!("{signing_in:.0} ms"),
        &format!(
            "{:.2} of stretching it once, {stretching:.0} ms",
            signing_in / stretching
        ),
    );
    Ok(())
}

async fn wrong(table: &mut Table, server: &Server, people: &People) -> anyhow::Result<()> {
    let known = people.holder("headteacher")?.email();
    let mut client = Client::connect(server.address, &server.host).await?;
    let (mut of_known, mut of_nobody) = (Vec::new(), Vec::new());
    // By turns, so that what else the machine does falls on both.
    for turn in 0..GUESSES {
        of_known.push(guess(&mut client, known).await?);
        let nobody = format!("nobody{turn}@nowhere.example");
        of_nobody.push(guess(&mut client, &nobody).await?);
    }
    let (known, nobody) = (median(of_known), median(of_nobody));
    table.single(
        "Wrong password for a known name",
        &format!("{known:.0} ms"),
        "1",
    );
    table.single(
        "Wrong password for an unknown name",
        &format!("{nobody:.0} ms"),
        &format!("{:.2} of the known name’s time", nobody / known),
    );
    Ok(())
}

/// The milliseconds of one wrong guess.
async fn guess(client: &mut Client, email: &str) -> anyhow::Result<f64> {
    let fields = [
        ("email", email),
        ("password", "not the password of anybody"),
    ];
    let asked = now();
    let answer = client.post("/sign-in", &fields).await?;
    ensure!(
        answer.status == 422,
        "a wrong guess was answered with {}",
        answer.status
    );
    Ok(asked.elapsed().as_secs_f64() * 1000.0)
}

fn median(mut taken: Vec<f64>) -> f64 {
    taken.sort_by(f64::total_cmp);
    taken.get(taken.len() / 2).copied().unwrap_or_default()
}
