//! From a folder of lists to an index, on a good day and on bad ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use belisha_filter::compile::{Compile, CompileRefused, Report, compile};
use belisha_filter::index::Index;
use belisha_filter::lists::{Hold, Kind, Limits};

struct School {
    folder: tempfile::TempDir,
}

impl School {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("lists")).expect("made");
        Self { folder }
    }

    fn put(&self, list: &str, text: &str) {
        let path = self.folder.path().join("lists").join(list);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn remove(&self, list: &str) {
        fs::remove_file(self.folder.path().join("lists").join(list)).expect("removed");
    }

    fn compile(&self, accept: &[&str]) -> Result<Report, CompileRefused> {
        compile(&Compile {
            lists: &self.folder.path().join("lists"),
            out: &self.index_path(),
            key: [8; 32],
            built_at: 1,
            limits: Limits::default(),
            accept: accept
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<BTreeSet<_>>(),
        })
    }

    fn index_path(&self) -> std::path::PathBuf {
        self.folder.path().join("filter.index")
    }

    fn index(&self) -> Index {
        Index::open(&self.index_path()).expect("an index")
    }

    fn holds(&self, name: &str) -> bool {
        !self.index().hits(name).is_empty()
    }
}

fn names(count: usize) -> String {
    (0..count).map(|at| format!("name{at}.example\n")).collect()
}

#[test]
fn lists_of_every_format_make_one_index() {
    let school = School::new();
    school.put("ut1/games/domains", "games.example\n");
    school.put("ut1/games/urls", "mixed.example/games\n");
    school.put("ads.hosts.txt", "0.0.0.0 ads.example\n");
    school.put(
        "tracking.adblock.txt",
        "||tracking.example^\n@@||good.tracking.example^\n",
    );
    school.put("policy.rpz", "bad.example CNAME .\n");
    let report = school.compile(&[]).expect("compiled");
    assert_eq!(report.lists.iter().map(|list| list.entries).sum::<u64>(), 6);
    for name in [
        "games.example",
        "deep.games.example",
        "ads.example",
        "x.tracking.example",
        "bad.example",
    ] {
        assert!(school.holds(name), "{name}");
    }
    assert_eq!(
        school.index().page_hits("mixed.example", "games/1").len(),
        1
    );
    assert_eq!(
        school
            .index()
            .lists()
            .iter()
            .map(|list| list.entries)
            .collect::<Vec<_>>(),
        [1, 1, 2, 2]
    );
}

#[test]
fn a_list_with_too_many_faults_keeps_its_last_good_version() {
    let school = School::new();
    school.put("games.domains.txt", &names(20));
    school.compile(&[]).expect("compiled");
    school.put("games.domains.txt", &"? ?\n".repeat(1_000));
    let report = school.compile(&[]).expect("compiled");
    assert!(matches!(report.lists[0].held, Some(Hold::Faults { .. })));
    assert_eq!(report.lists[0].first_faults[0].1.line, 1);
    assert!(
        report.lists[0].first_faults[0]
            .0
            .ends_with("games.domains.txt")
    );
    assert!(school.holds("name7.example"));
    // And again from the version that was kept.
    school.compile(&[]).expect("compiled");
    assert!(school.holds("name7.example"));
}

#[test]
fn without_a_good_version_nothing_is_compiled_and_the_old_index_stays() {
    let school = School::new();
    school.put("games.domains.txt", &names(20));
    school.compile(&[]).expect("compiled");
    let before = fs::read(school.index_path()).expect("readable");
    school.put("new.domains.txt", &"? ?\n".repeat(1_000));
    let refused = school.compile(&[]);
    assert!(matches!(refused, Err(CompileRefused::NoGoodVersion { name, .. }) if name == "new"));
    assert_eq!(fs::read(school.index_path()).expect("readable"), before);
}

#[test]
fn an_update_that_loses_most_names_waits_for_a_person() {
    let school = School::new();
    school.put("games.domains.txt", &names(1_000));
    school.compile(&[]).expect("compiled");
    school.put("games.domains.txt", &names(100));
    let report = school.compile(&[]).expect("compiled");
    assert_eq!(
        report.lists[0].held,
        Some(Hold::Shrunk {
            before: 1_000,
            now: 100
        })
    );
    assert!(school.holds("name999.example"));
    let report = school.compile(&["games"]).expect("compiled");
    assert_eq!(report.lists[0].held, None);
    assert!(!school.holds("name999.example") && school.holds("name99.example"));
    school.put("games.domains.txt", &names(5_000));
    let report = school.compile(&[]).expect("compiled");
    assert_eq!(
        report.lists[0].held,
        Some(Hold::Grown {
            before: 100,
            now: 5_000
        })
    );
}

#[test]
fn a_list_that_is_gone_stays_until_a_person_agrees() {
    let school = School::new();
    school.put("games.domains.txt", &names(20));
    school.put("ads.domains.txt", "ads.example\n");
    school.compile(&[]).expect("compiled");
    school.remove("games.domains.txt");
    let report = school.compile(&[]).expect("compiled");
    assert_eq!(
        report.lists.last().expect("a list").held,
        Some(Hold::Gone { before: 20 })
    );
    assert!(school.holds("name7.example"));
    school.compile(&["games"]).expect("compiled");
    assert!(!school.holds("name7.example"));
    school.compile(&[]).expect("compiled");
    assert!(!school.holds("name7.example"));
}

#[test]
fn what_is_illegal_is_kept_as_digests_alone() {
    let school = School::new();
    school.put("terror.domains.txt", "bad.example\n");
    school.put(
        "lists.toml",
        "[[list]]\nname = \"terror\"\nkind = \"illegal\"\n",
    );
    let report = school.compile(&[]).expect("compiled");
    assert_eq!(report.lists[0].kind, Kind::Illegal);
    let index = school.index();
    assert!(index.hits("bad.example").is_empty());
    assert!(index.hashed()[0].holds_name("deep.bad.example"));
    for file in [
        "filter.index",
        "filter.index.names",
        "filter.index.kept/terror.0",
    ] {
        let bytes = fs::read(school.folder.path().join(file)).expect("readable");
        assert!(
            !bytes.windows(11).any(|window| window == b"bad.example"),
            "{file}"
        );
    }
    // Its last good version is as good as it was.
    school.put("terror.domains.txt", &"? ?\n".repeat(1_000));
    school.compile(&[]).expect("compiled");
    assert!(school.index().hashed()[0].holds_name("deep.bad.example"));
}

#[test]
fn packed_lists_are_read_and_a_torn_one_is_held() {
    let school = School::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, names(2_000).as_bytes()).expect("packed");
    let packed = packed.finish().expect("packed");
    let place = school.folder.path().join("lists/games.domains.txt.gz");
    fs::write(&place, &packed).expect("written");
    assert_eq!(school.compile(&[]).expect("compiled").counts.names, 2_000);
    fs::write(&place, &packed[..packed.len() / 2]).expect("written");
    let report = school.compile(&["games"]).expect("compiled");
    assert!(matches!(report.lists[0].held, Some(Hold::Unreadable(_))));
    assert_eq!(report.counts.names, 2_000);
}

#[test]
fn an_empty_folder_makes_no_index() {
    let school = School::new();
    assert!(matches!(
        school.compile(&[]),
        Err(CompileRefused::NoLists(_))
    ));
    assert!(!Path::new(&school.index_path()).exists());
}
