//! The rules of the house, over the house as it stands.

use belisha_tidy::house::House;
use belisha_tidy::{links, lists, requirements, sizes, tables, templates, words};

#[track_caller]
fn check(rule: fn(&House) -> Vec<String>) {
    let house = House::read(&House::root()).expect("the tree can be read");
    assert!(
        house.page("Cargo.toml").is_some(),
        "this is not the root of the tree"
    );
    let findings = rule(&house);
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn a_table_is_written_by_its_owner_alone() {
    check(tables::written_by_others);
}

#[test]
fn database_drivers_are_named_in_one_place() {
    check(tables::drivers_elsewhere);
}

#[test]
fn long_files_have_a_reason() {
    check(sizes::overlong);
}

#[test]
fn nothing_is_unfinished_hushed_or_printed_by_a_library() {
    check(words::unfinished);
}

#[test]
fn the_product_speaks_only_of_itself() {
    check(words::out_of_place);
}

#[test]
fn links_resolve() {
    check(links::dangling);
}

#[test]
fn documents_named_in_code_exist() {
    check(links::missing_documents);
}

#[test]
fn banned_crates_stay_out() {
    check(lists::banned_crates);
}

#[test]
fn migrations_are_numbered_without_gaps() {
    check(lists::misnumbered_migrations);
}

#[test]
fn templates_stand_beside_their_code() {
    check(templates::homeless);
}

#[test]
fn templates_hold_no_addresses() {
    check(templates::written_addresses);
}

#[test]
fn tests_and_packs_name_rows_that_exist() {
    check(requirements::unknown_rows);
}

#[test]
fn the_count_of_requirements_is_true() {
    check(|house| {
        let printed = house
            .page(requirements::COUNT)
            .map_or("", |page| page.text.as_str());
        let stale = printed != requirements::count(house);
        let sentence = format!(
            "{} is stale: run `{}`",
            requirements::COUNT,
            requirements::COMMAND
        );
        requirements::lost(house)
            .into_iter()
            .chain(stale.then_some(sentence))
            .collect()
    });
}

/// `cargo run -- demo`, the first command of the README, names no program: there must be one to run.
#[test]
fn a_bare_cargo_run_starts_the_product() {
    let told = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(House::root())
        .output()
        .expect("cargo runs");
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).expect("cargo tells JSON");
    let list = |value: &serde_json::Value| value.as_array().expect("a list").clone();
    let by_default = list(&told["workspace_default_members"]);
    let programs: Vec<serde_json::Value> = list(&told["packages"])
        .iter()
        .filter(|package| by_default.contains(&package["id"]))
        .flat_map(|package| list(&package["targets"]))
        .filter(|target| list(&target["kind"]).contains(&"bin".into()))
        .map(|target| target["name"].clone())
        .collect();
    assert_eq!(programs, ["belisha"]);
}
