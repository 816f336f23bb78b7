//! The made-up people, and how one of them signs in: by the form and by the code, as
//! anybody would.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use totp_rs::Builder;

use crate::client::Client;

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

    /// The first whom people call so.
    pub(crate) fn working_as(&self, job_title: &str) -> anyhow::Result<&Person> {
        self.people
            .iter()
            .find(|person| person.job_title == job_title)
            .with_context(|| format!("nobody works as {job_title}"))
    }
}

impl Person {
    /// The name they sign in with.
    pub(crate) fn email(&self) -> &str {
        &self.email
    }

    pub(crate) async fn sign_in(&self, server: SocketAddr) -> anyhow::Result<Client> {
        let mut client = Client::connect(server).await?;
        let fields = [("email", self.email.as_str()), ("password", &self.password)];
        let answer = client.post("/sign-in", &fields).await?;
        ensure!(
            answer.status == 303,
            "the password of {} was not taken",
            self.job_title
        );
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
