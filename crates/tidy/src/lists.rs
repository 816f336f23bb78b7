//! Lists that must stay whole: no banned crate in the lock file, no gap in the migrations.

use crate::house::House;

/// Also banned in `deny.toml`, with the reasons.
const BANNED: [&str; 3] = ["aws-lc-sys", "native-tls", "openssl-sys"];

/// Banned crates that a dependency has brought in.
pub fn banned_crates(house: &House) -> Vec<String> {
    let lock = house
        .page("Cargo.lock")
        .map_or("", |page| page.text.as_str());
    let brought = |name: &&str| lock.contains(&format!("name = \"{name}\"\n"));
    let sentence = |name| {
        format!("Cargo.lock has {name}: `cargo tree --invert {name}` tells who brings it in")
    };
    BANNED.into_iter().filter(brought).map(sentence).collect()
}

/// Migrations whose number does not rise from the one before: 0001, 0002, and so on, each once. Numbers that
/// were given out and not used leave a gap.
pub fn misnumbered_migrations(house: &House) -> Vec<String> {
    let mut before = 0;
    let mut findings = Vec::new();
    let names = house
        .pages()
        .filter_map(|page| page.path.strip_prefix("crates/belisha/migrations/"))
        .filter(|name| name.ends_with(".sql"));
    for name in names {
        let number = name
            .split_once('_')
            .filter(|(digits, _)| digits.len() == 4)
            .and_then(|(digits, _)| digits.parse::<u32>().ok());
        match number {
            Some(number) if number > before => before = number,
            _ => findings.push(format!(
                "the migration {name} has no number of its own above {before:04}"
            )),
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banned_crate_is_found() {
        let check = |name: &str, findings| {
            let lock = format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n");
            assert_eq!(
                banned_crates(&House::of(&[("Cargo.lock", &lock)])).len(),
                findings,
                "{name}"
            );
        };
        check("openssl-sys", 1);
        check("aws-lc-sys", 1);
        check("rustls", 0);
    }

    #[test]
    fn migrations_have_rising_numbers() {
        let check = |names: &[&str], findings| {
            let paths: Vec<String> = names
                .iter()
                .map(|name| format!("crates/belisha/migrations/{name}"))
                .collect();
            let pages: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
            assert_eq!(
                misnumbered_migrations(&House::of(&pages)).len(),
                findings,
                "{names:?}"
            );
        };
        check(&["0001_people.sql", "0002_accounts.sql"], 0);
        check(&["0001_people.sql", "0003_accounts.sql"], 0);
        check(&["0001_people.sql", "0001_people_again.sql"], 1);
        check(&["1_people.sql"], 1);
    }
}
