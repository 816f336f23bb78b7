//! What whoever looks at a demonstration needs: who there is and how each signs in,
//! on the screen and as `demo.json`.

use std::path::Path;

use anyhow::Context as _;
use belisha_policy::Word as _;
use data_encoding::BASE32_NOPAD;
use serde::Serialize;

use super::accounts::Account;
use super::cast::Cast;

/// One made-up school with its people.
#[derive(Debug)]
pub(crate) struct Handout {
    pub(crate) folder: String,
    pub(crate) school: String,
    pub(crate) people: Vec<Person>,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Person {
    pub(crate) school: String,
    pub(crate) address: String,
    pub(crate) name: String,
    pub(crate) job_title: String,
    /// The keys of the posts held in their own name.
    pub(crate) posts: Vec<&'static str>,
    pub(crate) deputises_for: Vec<&'static str>,
    pub(crate) email: String,
    pub(crate) password: String,
    /// Base 32, as authenticator apps take it; none where no second factor is set.
    pub(crate) totp_secret: Option<String>,
}

#[derive(Serialize)]
struct Written<'a> {
    note: &'static str,
    address: &'a str,
    people: Vec<Person>,
}

impl Handout {
    pub(super) fn of(folder: &str, school: &str, cast: &Cast, accounts: &[Account]) -> Self {
        let people = accounts
            .iter()
            .map(|account| {
                let someone = &cast.people[account.who];
                let posts = |deputy| {
                    let held = someone
                        .posts
                        .iter()
                        .filter(move |held| held.deputy == deputy);
                    held.map(|held| held.post.key()).collect()
                };
                Person {
                    school: school.to_owned(),
                    address: String::new(),
                    name: someone.name.clone(),
                    job_title: someone.job_title.to_owned(),
                    posts: posts(false),
                    deputises_for: posts(true),
                    email: someone.email.clone().unwrap_or_default(),
                    password: account.password.clone(),
                    totp_secret: account
                        .totp_secret
                        .map(|secret| BASE32_NOPAD.encode(&secret)),
                }
            })
            .collect();
        Self {
            folder: folder.to_owned(),
            school: school.to_owned(),
            people,
        }
    }

    /// What to type to reach this school: with one school the plain address, with
    /// several its own name before it.
    pub(crate) fn address(&self, port: u16, schools: usize) -> String {
        match schools {
            1 => format!("http://localhost:{port}"),
            _ => format!("http://{}.localhost:{port}", self.folder),
        }
    }
}

/// Writes `demo.json`, whole or not at all.
pub(crate) fn write(folder: &Path, handouts: &[Handout], port: u16) -> anyhow::Result<()> {
    let addresses: Vec<String> = handouts
        .iter()
        .map(|handout| handout.address(port, handouts.len()))
        .collect();
    let people = handouts
        .iter()
        .zip(&addresses)
        .flat_map(|(handout, address)| {
            handout.people.iter().cloned().map(|person| Person {
                address: address.clone(),
                ..person
            })
        })
        .collect();
    let written = Written {
        note: "Made-up people of a made-up school, for the demonstration only.",
        address: addresses.first().map_or("", String::as_str),
        people,
    };
    let (file, half) = (folder.join(super::HANDOUT), folder.join(".demo.json.half"));
    std::fs::write(&half, serde_json::to_vec_pretty(&written)?)
        .and_then(|()| std::fs::rename(&half, &file))
        .with_context(|| format!("{} cannot be written", file.display()))
}

/// The same as a table for the screen.
pub(crate) fn table(handouts: &[Handout], port: u16) -> String {
    let mut lines = Vec::new();
    for handout in handouts {
        lines.push(format!(
            "{}: {}",
            handout.school,
            handout.address(port, handouts.len())
        ));
        lines.push(String::new());
        let width = |of: fn(&Person) -> usize| handout.people.iter().map(of).max().unwrap_or(0);
        let (job, email, password) = (
            width(|person| person.job_title.chars().count()),
            width(|person| person.email.len()),
            width(|person| person.password.len()),
        );
        for person in &handout.people {
            lines.push(format!(
                "  {:<job$}  {:<email$}  {:<password$}  {}",
                person.job_title,
                person.email,
                person.password,
                person
                    .totp_secret
                    .as_deref()
                    .unwrap_or("no second factor yet"),
            ));
        }
        lines.push(String::new());
    }
    lines.push(
        "Each line: what the person does, the e-mail address and the password to sign in with, and the \
         secret for an authenticator app."
            .to_owned(),
    );
    lines.push(
        "These people are made up and these passwords are for the demonstration only.".to_owned(),
    );
    lines.join("\n")
}
