//! The made-up people, and how one of them signs in: by the form and by the code, as
//! anybody would.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use totp_rs::Builder;

use crate::client::Client;
use crate::pages::several;
use crate::server::Server;

#[derive(Deserialize)]
pub(crate) struct People {
    people: Vec<Person>,
}

#[derive(Deserialize)]
pub(crate) struct Person {
    posts: Vec<String>,
    job_title: String,
    email: String,
    password: String,
    totp_secret: Option<String>,
}

pub(crate) fn read(data: &Path) -> anyhow::Result<People> {
    Ok(serde_json::from_slice(&std::fs::read(
        data.join("demo.json"),
    )?)?)
}

impl People {
    pub(crate) fn holder(&self, post: &str) -> anyhow::Result<&Person> {
        self.people
            .iter()
            .find(|person| person.posts.iter().any(|held| held == post))
            .with_context(|| format!("nobody holds the post {post}"))
    }

    /// Whether what is suggested behind a name is a class: no adult's work, nor the small words for an adult without one.
    pub(crate) fn is_class(&self, detail: &str) -> bool {
        detail.starts_with(char::is_uppercase)
            && self.people.iter().all(|person| person.job_title != detail)
    }

    pub(crate) fn without_second_factor(&self) -> impl Iterator<Item = &Person> {
        self.people
            .iter()
            .filter(|person| person.totp_secret.is_none() && person.job_title.contains("eacher"))
    }

    /// So many windows of the browsers of teachers; whoever has not signed what they must
    /// sign would not get past that page.
    pub(crate) async fn sign_all_in(
        &self,
        server: &Server,
        windows: usize,
    ) -> anyhow::Result<Vec<Client>> {
        let mut all = Vec::with_capacity(windows);
        for person in self.without_second_factor() {
            let mut client = person.sign_in(server.address, &server.host).await?;
            if client.get("/").await?.status == 200 {
                all.push(client);
            }
            if all.len() == windows {
                return Ok(all);
            }
        }
        let signed_in = all.len();
        ensure!(signed_in > 0, "no teacher could sign in");
        for number in signed_in..windows {
            let window = several(&all[number % signed_in], 1).await?;
            all.extend(window);
        }
        Ok(all)
    }
}

impl Person {
    /// The name they sign in with.
    pub(crate) fn email(&self) -> &str {
        &self.email
    }

    pub(crate) async fn sign_in(&self, server: SocketAddr, host: &str) -> anyhow::Result<Client> {
        let mut client = Client::connect(server, host).await?;
        self.send_password(&mut client).await?;
        if let Some(secret) = &self.totp_secret {
            let code = code(secret)?;
            let answer = client
                .post("/sign-in/second-factor", &[("code", &code)])
                .await?;
            ensure!(
                answer.status == 303,
                "the code of {} was not taken",
                self.job_title
            );
        }
        Ok(client)
    }

    pub(crate) async fn send_password(&self, client: &mut Client) -> anyhow::Result<()> {
        let fields = [("email", self.email.as_str()), ("password", &self.password)];
        let answer = client.post("/sign-in", &fields).await?;
        ensure!(
            answer.status == 303,
            "the password of {} was not taken",
            self.job_title
        );
        Ok(())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "one-time codes are of the machine's time"
)]
fn code(secret: &str) -> anyhow::Result<String> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let codes = Builder::new()
        .with_secret(data_encoding::BASE32_NOPAD.decode(secret.as_bytes())?)
        .build()?;
    Ok(codes.generate(seconds).to_string())
}
