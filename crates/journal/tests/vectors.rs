//! Both verifiers on the same sound and forged files, which are kept in `vectors/`.

mod forgeries;

use std::path::PathBuf;
use std::process::Command;
use std::thread;

use belisha_journal::{Checkpoint, Verdict, verify};
use forgeries::{Vector, all, folder, path, pinned_key};

fn check(vector: &Vector) -> Result<(), String> {
    let key = pinned_key();
    let slips = vector
        .slips
        .iter()
        .map(|(_, slip)| Checkpoint::from_slip(slip, &key));
    let verdict = match slips.collect::<Result<Vec<_>, _>>() {
        Ok(slips) => verify(vector.file.as_slice(), &key, &slips),
        Err(refused) => Verdict::CannotTell {
            why: refused.to_string(),
        },
    };
    same(vector, &verdict.headline(), i32::from(verdict.exit_code()))
}

fn same(vector: &Vector, headline: &str, exit_code: i32) -> Result<(), String> {
    let Vector { name, slips, .. } = vector;
    let expected = (vector.headline, i32::from(vector.exit_code));
    if (headline, exit_code) == expected {
        return Ok(());
    }
    let slips: Vec<&str> = slips.iter().map(|(name, _)| *name).collect();
    Err(format!(
        "{name} {slips:?}: {headline}, exit {exit_code}; expected {expected:?}"
    ))
}

fn no_complaint(complaints: impl Iterator<Item = Result<(), String>>) {
    let complaints: Vec<String> = complaints.filter_map(Result::err).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn this_verifier_reaches_every_verdict() {
    no_complaint(all().iter().map(check));
}

fn second_verifier() -> Command {
    let tools = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tools");
    let mut command = Command::new("python3");
    // Isolated: nothing that happens to be installed changes the answer.
    command
        .args(["-I", "-S"])
        .arg(tools.join("verify-journal/verify_journal.py"));
    command
}

/// The first line said, the exit code, and what went to the error stream.
fn answer(command: &mut Command) -> (String, i32, String) {
    let output = command
        .output()
        .expect("these tests need python3 on the path");
    let said = String::from_utf8_lossy(&output.stdout);
    (
        said.lines().next().unwrap_or_default().to_owned(),
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn the_second_verifier_refuses_what_it_cannot_use() {
    let key = pinned_key().to_string();
    let check = |arguments: &[&str], code: i32, headline: &str| {
        let mut command = second_verifier();
        command.current_dir(path()).args(arguments);
        let (said, exit_code, fault) = answer(&mut command);
        assert_eq!(
            (said.as_str(), exit_code),
            (headline, code),
            "{arguments:?} {fault}"
        );
    };
    let sound = "sound entries=12 checkpoints=3 slips=0 steps-back=0";
    check(&["sound.journal", "--key", &key], 0, sound);
    check(&["missing.journal", "--key", &key], 2, "cannot-tell");
    check(&["sound.journal", "--key", &key[1..]], 2, "cannot-tell");
    check(
        &["sound.journal", "--key", &key[..key.len() - 2]],
        2,
        "cannot-tell",
    );
    check(&["sound.journal", "--key", "beacon"], 2, "cannot-tell");
    check(
        &[
            "sound.journal",
            "--key",
            &key,
            "--origin",
            "crossing.example",
        ],
        2,
        "cannot-tell",
    );
    check(
        &["sound.journal", "--key", &key, "--slip", "no slip"],
        2,
        "cannot-tell",
    );
    check(&["sound.journal"], 2, "");
    // A point of order four: with such a key anybody could sign.
    check(&["sound.journal", "--key", &weak_key()], 2, "cannot-tell");
    assert!(weak_key().parse::<belisha_journal::VerifierKey>().is_err());
}

fn weak_key() -> String {
    let named = [b"a.example\n\x01".as_slice(), &[0; 32]].concat();
    let number = &belisha_journal::Hash::of(&named).to_string()[..8];
    let key = [&[1], &[0; 32][..]].concat();
    format!("a.example+{number}+{}", data_encoding::BASE64.encode(&key))
}

#[test]
fn the_second_verifier_reaches_every_verdict() {
    let key = pinned_key();
    let ask = |vector: &Vector| {
        let mut command = second_verifier();
        command.arg(path().join(format!("{}.journal", vector.name)));
        command.args(["--key", &key.to_string(), "--origin", key.origin().as_str()]);
        for (name, _) in &vector.slips {
            command.arg("--slip").arg(path().join(name));
        }
        let (headline, exit_code, fault) = answer(&mut command);
        same(vector, &headline, exit_code).map_err(|complaint| complaint + &fault)
    };
    // Each run is short and starts an interpreter, so two go side by side.
    let vectors = all();
    let (one, other) = vectors.split_at(vectors.len() / 2);
    thread::scope(|scope| {
        scope.spawn(|| no_complaint(one.iter().map(ask)));
        no_complaint(other.iter().map(ask));
    });
}

#[test]
fn the_vectors_kept_are_the_vectors_made() {
    let made = folder();
    for (name, bytes) in &made {
        let kept = std::fs::read(path().join(name)).unwrap_or_default();
        assert!(
            kept == *bytes,
            "vectors/{name} is not what the generator makes. If the change is meant, run \
             `cargo run -p belisha-journal --example forge-vectors` and read the difference."
        );
    }
    let kept = std::fs::read_dir(path()).expect("the folder is there");
    let kept: Vec<String> = kept
        .map(|file| {
            file.expect("a name")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let strays: Vec<&String> = kept
        .iter()
        .filter(|name| !made.iter().any(|(made, _)| made == *name))
        .collect();
    assert!(
        strays.is_empty(),
        "nothing makes these any more: {strays:?}"
    );
}

#[test]
fn every_kind_of_breach_has_a_forgery() {
    use belisha_journal::Breach::*;
    // A new kind must be added here and, by that, forged.
    let kinds = [
        Form, Entry, Time, Sequence, Link, Origin, Key, Signature, Size, Root, CutShort, Unproven,
        RolledBack, Forked,
    ];
    let forgeries = all();
    for kind in kinds {
        let headline = format!("tampered {} ", kind.key());
        let forged = forgeries
            .iter()
            .any(|vector| vector.headline.starts_with(&headline));
        assert!(forged, "no forgery shows {kind:?}");
    }
}

#[test]
fn the_verdict_is_said_in_plain_words() {
    let key = pinned_key();
    for vector in all().iter().filter(|vector| vector.slips.is_empty()) {
        let said = verify(vector.file.as_slice(), &key, &[]).to_string();
        assert!(
            said.starts_with("The journal ") || said.starts_with("Nothing can "),
            "{said}"
        );
        assert!(said.ends_with('.'), "{said}");
    }
}
