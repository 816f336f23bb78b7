//! `belisha account`: who has an account, and a forgotten password without loss.

use std::io::Write as _;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::open::Of;
use super::sheets::Sheets;
use crate::accounts::recovery::{self, Listed, Recovered};
use crate::school::School;

#[derive(Args)]
pub(super) struct AccountCommand {
    #[command(subcommand)]
    act: AccountAct,
}

#[derive(Subcommand)]
enum AccountAct {
    /// List who has an account, with the address they sign in with and their id.
    List {
        #[command(flatten)]
        of: Of,
    },
    /// Give somebody who forgot their password a code that keeps their key, so that the
    /// cases sealed to them still open. Needs two sheets of the recovery kit.
    Recover {
        /// The address they sign in with, or their id. Without it, the accounts are listed
        /// and it is asked for.
        person: Option<String>,
        #[command(flatten)]
        sheets: Sheets,
        #[command(flatten)]
        of: Of,
    },
}

impl AccountCommand {
    #[expect(clippy::print_stdout, reason = "the command's answer")]
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self.act {
            AccountAct::List { of } => print!("{}", accounts(&*of.open().await?).await?),
            AccountAct::Recover { person, sheets, of } => {
                let school = of.open().await?;
                let person = match person {
                    Some(person) => person,
                    None => {
                        print!("{}", accounts(&school).await?);
                        ask()?
                    }
                };
                // Asked before the sheets are: who mistyped a name has not typed 32 groups for nothing.
                let found = recovery::find(&school, &person).await?;
                println!("The key of {} will be recovered.", found.name());
                let kit = sheets.join()?;
                let recovered = found.recover(&school, &kit).await?;
                println!("{}", farewell(&recovered, &school));
            }
        }
        Ok(())
    }
}

async fn accounts(school: &School) -> anyhow::Result<String> {
    let listed = recovery::list(&mut school.database.read().await?).await?;
    if listed.is_empty() {
        return Ok("Nobody has an account yet.\n".to_owned());
    }
    Ok(listed.iter().map(line).collect())
}

fn line(listed: &Listed) -> String {
    let without_key = match listed.has_key {
        true => "",
        false => "  (nothing kept for the recovery kit)",
    };
    format!(
        "{}  {}, {}{without_key}\n",
        listed.person, listed.name, listed.sign_in_name
    )
}

#[expect(clippy::print_stderr, reason = "the question to whoever types")]
fn ask() -> anyhow::Result<String> {
    eprint!("Whose key? Type the e-mail address or the id: ");
    std::io::stderr().flush()?;
    let mut typed = String::new();
    std::io::stdin()
        .read_line(&mut typed)
        .context("what was typed cannot be read")?;
    Ok(typed)
}

/// What is handed over, and what is to be done with it.
fn farewell(recovered: &Recovered, school: &School) -> String {
    format!(
        "\nThe key of {} is recovered. It waits under this code, once, for {}:\n\n    {}\n\n\
         Hand the code over in person. They open {}{}, type it and choose a password, which nobody \
         else sees. Their second factor stays as it is, and what was sealed to them opens as before.\n\
         Put the sheets back where they are kept.",
        recovered.name,
        recovered.lasts,
        recovered.code.shown(),
        school.address,
        crate::accounts::invitation::url(),
    )
}
