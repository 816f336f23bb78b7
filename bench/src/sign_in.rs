//! A wrong password for somebody who has an account, beside the same for nobody: the time of the answer
//! must not tell them apart.

use anyhow::ensure;

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
) -> anyhow::Result<()> {
    let known = people.holder("headteacher")?.email();
    let mut client = Client::connect(server.address).await?;
    let (mut of_known, mut of_nobody) = (Vec::new(), Vec::new());
    // By turns, so that what else the machine does falls on both.
    for turn in 0..GUESSES {
        of_known.push(guess(&mut client, known).await?);
        let nobody = format!("nobody{turn}@nowhere.example");
        of_nobody.push(guess(&mut client, &nobody).await?);
    }
    let (known, nobody) = (median(of_known), median(of_nobody));
    table.add(
        "Wrong password for a known name",
        format!("{known:.0} ms"),
        "1",
    );
    table.add(
        "Wrong password for an unknown name",
        format!("{nobody:.0} ms"),
        format!("{:.2} of the known name’s time", nobody / known),
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
