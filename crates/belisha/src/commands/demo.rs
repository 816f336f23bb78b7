//! `belisha demo`: makes a school up and serves it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};

use super::open::{Where, open_schools};
use super::serve::{Listening, serve, start_logging};
use crate::clock::{Clock as _, MachineClock};
use crate::demo::{self, HANDOUT, MOST_SCHOOLS, Pack, Plan};

#[derive(Args)]
pub(super) struct Demo {
    /// The folder of the made-up school. An earlier demonstration in it is replaced;
    /// a folder that holds anything else is left alone.
    #[arg(long, default_value = "belisha-demo", value_name = "DIR")]
    data: PathBuf,
    /// How many pupils each school has.
    #[arg(long, default_value_t = 210, value_parser = clap::value_parser!(u16).range(1..=2000))]
    pupils: u16,
    /// How many years of life are made up; one is the last twelve weeks.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    years: u8,
    /// How many schools; they follow the two policies by turns.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=(MOST_SCHOOLS as i64)))]
    schools: u8,
    /// The same number makes the same school on the same day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which of the two policies the schools follow; by default the junior school's,
    /// and both by turns where there are several schools.
    #[arg(long)]
    pack: Option<Packs>,
    /// Make the school and stop.
    #[arg(long)]
    no_serve: bool,
    /// Keep the records in PostgreSQL instead of in files: postgres://user:password@host/database.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// The address and port to answer on.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
}

#[derive(Clone, Copy, ValueEnum)]
enum Packs {
    Junior,
    Primary,
    Both,
}

impl Demo {
    #[expect(clippy::print_stdout, reason = "the command's answer")]
    pub(super) async fn run(self) -> anyhow::Result<()> {
        start_logging();
        let mut at = Where {
            postgres: self.postgres.clone(),
            ..Where::here(&self.data, self.listen.port())
        };
        make_room(&at).await?;
        let plan = Plan {
            pupils: usize::from(self.pupils),
            years: self.years,
            packs: self.packs(),
            seed: self.seed,
            now: MachineClock::start().now(),
        };
        println!("Making a school up in {} …", self.data.display());
        let handouts = demo::make(&at, &plan).await?;
        let data = self.data.display().to_string();
        if self.no_serve {
            demo::write_handout(&at.data, &handouts, self.listen.port())?;
            println!("{}", demo::table(&handouts, self.listen.port()));
            println!("Serve it with: belisha serve --data {data}");
            return Ok(());
        }
        let listening = Listening {
            listen: self.listen,
            tls_certificate: None,
            tls_key: None,
            proxy: Vec::new(),
        };
        // Written before anybody can find the server in good health.
        demo::write_handout(&at.data, &handouts, self.listen.port())?;
        at.address = handouts.first().map_or(at.address, |first| {
            first.address(self.listen.port(), handouts.len())
        });
        serve(open_schools(&at).await?, &listening, |address| {
            println!("{}", demo::table(&handouts, address.port()));
            println!(
                "Ctrl+C stops it. To go on with this school later: belisha serve --data {data}"
            );
        })
        .await
    }

    fn packs(&self) -> Vec<Pack> {
        let both = [Pack::Junior, Pack::Primary];
        let (turns, at_least): (&[Pack], u8) = match self.pack {
            None => (&both, 1),
            Some(Packs::Junior) => (&both[..1], 1),
            Some(Packs::Primary) => (&both[1..], 1),
            Some(Packs::Both) => (&both, 2),
        };
        let schools = usize::from(self.schools.max(at_least));
        turns.iter().copied().cycle().take(schools).collect()
    }
}

/// Makes the folder empty, if what is in it is a demonstration and nothing else.
async fn make_room(at: &Where) -> anyhow::Result<()> {
    let is_empty = std::fs::read_dir(&at.data).map_or(true, |mut entries| entries.next().is_none());
    if is_empty {
        return Ok(());
    }
    let refuse = |why: &str| {
        format!(
            "{} {why}, so it is left as it is. Name another folder with --data.",
            at.data.display()
        )
    };
    if !at.data.join(HANDOUT).exists() {
        bail!(refuse("holds something that is not a demonstration"));
    }
    let mut made_up = Vec::new();
    for school in open_schools(at)
        .await
        .with_context(|| refuse("holds schools that cannot be opened"))?
    {
        if !school.settings().demonstration {
            bail!(refuse("holds a real school"));
        }
        made_up.push(school);
    }
    for school in &made_up {
        school.database.forget().await?;
    }
    for school in &made_up {
        school.database.close().await;
    }
    for folder in [&at.data, &at.keys_folder()] {
        remove(folder)?;
    }
    Ok(())
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    std::fs::remove_dir_all(folder)
        .with_context(|| format!("{} cannot be removed", folder.display()))
}
