//! Signing in, beside stretching the same password and nothing more: most of it is meant
//! to be slow.

use belisha_vault::{Cost, PasswordWrap, Person};

use crate::Bench;
use crate::client::Client;
use crate::people::People;
use crate::server::{Server, now};
use crate::table::Table;

/// Each person signs in at most so often: more at once would end earlier sessions.
const TIMES: usize = 20;

pub(crate) async fn measure(
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
    taken.sort_by(f64::total_cmp);
    let median = taken.get(taken.len() / 2).copied().unwrap_or_default();
    let nobody = Person {
        school: "bench",
        id: "",
    };
    let began = now();
    for _ in 0..5 {
        PasswordWrap::pretend(&nobody, "a password of some length", Cost::FLOOR);
    }
    let stretching = began.elapsed().as_secs_f64() * 1000.0 / 5.0;
    table.single(
        "Signing in with a password",
        &format!("{median:.0} ms"),
        &format!(
            "{:.2} of stretching it once, {stretching:.0} ms",
            median / stretching
        ),
    );
    Ok(())
}
