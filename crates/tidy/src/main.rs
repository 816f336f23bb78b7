//! `belisha-tidy requirements` prints `docs/requirements.md` into its place.

use std::process::ExitCode;
use std::{env, fs, io};

use belisha_tidy::house::House;
use belisha_tidy::requirements::{self, COUNT};

fn main() -> io::Result<ExitCode> {
    if env::args().skip(1).collect::<Vec<_>>() != ["requirements"] {
        eprintln!("usage: {}", requirements::COMMAND);
        return Ok(ExitCode::from(2));
    }
    let house = House::read(&House::root())?;
    let lost = requirements::lost(&house);
    if !lost.is_empty() {
        eprintln!("{}", lost.join("\n"));
        eprintln!("{COUNT} may only grow, so it is left as it was: put the tests back.");
        return Ok(ExitCode::FAILURE);
    }
    fs::write(House::root().join(COUNT), requirements::count(&house))?;
    Ok(ExitCode::SUCCESS)
}
