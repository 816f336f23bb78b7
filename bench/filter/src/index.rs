//! The index alone: how long it takes to make and to open, how large it is, how fast it answers.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use belisha_filter::index::Index;

use crate::load::now;
use crate::process::cpu_s_of;
use crate::{names, servers};

/// Lookups that are timed.
const LOOKUPS: u64 = 2_000_000;

pub(crate) fn measure(folder: &Path, count: u64) -> anyhow::Result<String> {
    let lists = folder.join("index-lists");
    fs::create_dir_all(&lists)?;
    fs::write(lists.join("adult.domains.txt"), names::list(count))?;
    let out = folder.join("five.index");
    let (start, before) = (now(), cpu_s_of("self")?);
    let counts = servers::compile(&lists, &out)?;
    let compiled_s = start.elapsed().as_secs_f64();
    let cpu_s = cpu_s_of("self")? - before;
    let bytes = fs::metadata(&out)?.len() as f64;
    let start = now();
    let index = Index::open(&out)?;
    let opened_ms = start.elapsed().as_secs_f64() * 1e3;
    let found = |name: fn(u64) -> String| {
        let asked: Vec<String> = (0..LOOKUPS / 10)
            .map(|number| name(number * 7919 % count))
            .collect();
        let start = now();
        let mut hits = 0usize;
        for _ in 0..10 {
            hits += asked
                .iter()
                .filter(|name| !index.hits(name).is_empty())
                .count();
        }
        (hits, start.elapsed().as_secs_f64() * 1e9 / LOOKUPS as f64)
    };
    let (hits, blocked_ns) = found(names::blocked);
    let (chance, allowed_ns) = found(names::allowed);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "index of {} names: compiled in {compiled_s:.2} s ({cpu_s:.2} s of processors), {:.1} MB, {:.2} bytes a name, opened and checked in {opened_ms:.1} ms",
        counts.names,
        bytes / 1e6,
        bytes / counts.names as f64
    );
    let _ = write!(
        text,
        "lookups with all endings: {blocked_ns:.0} ns blocked ({hits} of {LOOKUPS} found), {allowed_ns:.0} ns allowed ({chance} found by chance)"
    );
    // Files of this size are not needed for what follows.
    fs::remove_dir_all(&lists)?;
    fs::remove_file(&out)?;
    let _ = fs::remove_file(folder.join("five.index.names"));
    let _ = fs::remove_dir_all(folder.join("five.index.kept"));
    Ok(text)
}
