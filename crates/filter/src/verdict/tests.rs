//! Who reaches what, when and why; and that the resolver's tables say the same.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::index::{Builder, Index, Key};
use crate::lists::{Entry, Hashed, Kind, ListInfo, Reach, What, beginnings, digest};

const SALT: [u8; 16] = [4; 16];

/// Lists, each `category` or `category allow`, with names: `=` itself only, `<` below only, `!` excepted.
fn index(folder: &Path, lists: &[(&str, &[&str])]) -> Arc<Index> {
    let mut builder = Builder::new(Key::new([2; 32]));
    for (at, (head, names)) in lists.iter().enumerate() {
        let (category, kind) = match head.split_once(' ') {
            Some((category, _)) => (category, Kind::Allow),
            None => (*head, Kind::Block),
        };
        let name = format!("list{at}");
        builder
            .begin(ListInfo {
                name,
                category: category.to_owned(),
                kind,
                entries: 0,
            })
            .expect("room");
        for name in *names {
            let bare = name.trim_start_matches(['=', '<', '!']);
            let reach = match name.trim_start_matches('!').chars().next() {
                Some('=') => Reach::Itself,
                Some('<') => Reach::Below,
                _ => Reach::Both,
            };
            let mut entry = Entry::name(bare.into(), reach);
            if let Some((host, path)) = bare.split_once('/') {
                entry.what = What::Page(host.into(), path.into());
            }
            entry.exception = name.starts_with('!');
            builder.add(&entry).expect("room");
        }
    }
    builder.add_hashed(Hashed::new(
        SALT.to_vec(),
        vec![digest(&SALT, "illegal.example")],
    ));
    let path = folder.join("index");
    builder.write(&path, 0).expect("written");
    Arc::new(Index::open(&path).expect("an index"))
}

fn lists() -> Vec<(&'static str, &'static [&'static str])> {
    vec![
        (
            "games",
            &["games.example", "ttrockstars.com", "both.example"],
        ),
        (
            "adult",
            &[
                "adult.example",
                "google.com",
                "=exact.example",
                "both.example",
                "!fine.adult.example",
            ],
        ),
        ("proxies", &["sites.google.com", "<below.example"]),
        ("allowed allow", &["school.adult.example", "both.example"]),
        ("webmail", &["mail.example", "illegal.example"]),
    ]
}

const POLICY: &str = r#"
[[group]]
name = "pupils"
preset = "strict"
allow = ["webmail"]
[[group.change]]
during = ["break"]
allow = ["games"]
[[group.change]]
during = ["out-of-hours"]
closed = true

[[group]]
name = "staff"
preset = "light"

[[group]]
name = "infants"
preset = "strict"
only_allowed = true

[[own]]
name = "denied.example"
decision = "deny"
reason = "A complaint"
by = "network manager"

[[own]]
name = "lesson.denied.example"
decision = "approval"
groups = ["pupils"]
reason = "A history lesson"
by = "headteacher"
from = "2026-11-27T10:00:00Z"
until = "2026-11-27T11:00:00Z"

[[own]]
name = "games.example"
decision = "allow"
groups = ["staff"]
reason = "Research"
by = "network manager"

[[own]]
name = "illegal.example"
decision = "allow"
reason = "A mistake"
by = "network manager"
"#;

fn moment(at: &str) -> Moment {
    let zoned = format!("{at}[Europe/London]")
        .parse::<jiff::Zoned>()
        .expect("a moment");
    Moment::of(&zoned)
}

const LESSON: &str = "2026-11-27T09:10";
const APPROVED: &str = "2026-11-27T10:20";
const BREAK: &str = "2026-11-27T10:40";
const EVENING: &str = "2026-11-27T18:00";

fn live_answer(live: &Live, group: &str, name: &str) -> Answer {
    let key = live.index().key();
    let endings: Vec<_> = decide::endings(name)
        .map(|ending| key.name(ending))
        .collect();
    live.judge(live.group(group).expect("a group"), &endings)
}

#[test]
fn who_reaches_what_and_when() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = index(folder.path(), &lists());
    let policy = Policy::parse(POLICY).expect("a policy");
    let check = |name: &str, group: &str, at: &str, expected: &str| {
        let at = moment(at);
        let verdict = decide(
            &index,
            &policy,
            policy.group(group).expect("a group"),
            name,
            at,
        );
        let reason = match &verdict.reason {
            Reason::Illegal => "illegal".to_owned(),
            Reason::Own(own) => format!("{:?} {}", own.decision, own.name).to_lowercase(),
            Reason::Closed => "closed".to_owned(),
            Reason::Protected { entry } => format!("protected {entry}"),
            Reason::ListAllows { entry, .. } => format!("listed {entry}"),
            Reason::Category {
                entry, category, ..
            } => format!("{category} {entry}"),
            Reason::NotAllowed => "not allowed".to_owned(),
            Reason::Nothing => "nothing".to_owned(),
        };
        let said = format!(
            "{}: {reason}",
            if verdict.outcome == Outcome::Blocked {
                "no"
            } else {
                "yes"
            }
        );
        assert_eq!(said, expected, "{name} for {group}: {:#?}", verdict.chain);
        assert!(!verdict.chain.is_empty());
        if reason != "illegal" {
            let live = Live::new(index.clone(), &policy, at);
            let blocked = live_answer(&live, group, name).is_blocked();
            assert_eq!(
                blocked,
                verdict.outcome == Outcome::Blocked,
                "the tables on {name} for {group}"
            );
        }
    };
    check("games.example", "pupils", LESSON, "no: games games.example");
    check(
        "www.games.example",
        "pupils",
        LESSON,
        "no: games games.example",
    );
    check("www.games.example", "pupils", BREAK, "yes: nothing");
    check("games.example", "staff", LESSON, "yes: allow games.example");
    check("notgames.example", "pupils", LESSON, "yes: nothing");
    check("games.example", "pupils", EVENING, "no: closed");
    check(
        "games.example",
        "infants",
        LESSON,
        "no: games games.example",
    );
    check("anything.example", "infants", LESSON, "no: not allowed");
    check(
        "childline.org.uk",
        "infants",
        LESSON,
        "yes: protected childline.org.uk",
    );
    check("adult.example", "staff", LESSON, "no: adult adult.example");
    check("fine.adult.example", "pupils", LESSON, "yes: nothing");
    check("very.fine.adult.example", "pupils", LESSON, "yes: nothing");
    check(
        "school.adult.example",
        "pupils",
        LESSON,
        "yes: listed school.adult.example",
    );
    check("both.example", "pupils", LESSON, "yes: listed both.example");
    check("exact.example", "pupils", LESSON, "no: adult exact.example");
    check("www.exact.example", "pupils", LESSON, "yes: nothing");
    check("below.example", "pupils", LESSON, "yes: nothing");
    check(
        "www.below.example",
        "pupils",
        LESSON,
        "no: proxies below.example",
    );
    check(
        "www.google.com",
        "pupils",
        LESSON,
        "yes: protected google.com",
    );
    check(
        "sites.google.com",
        "pupils",
        LESSON,
        "no: proxies sites.google.com",
    );
    check(
        "ttrockstars.com",
        "pupils",
        LESSON,
        "yes: protected ttrockstars.com",
    );
    check("mail.example", "pupils", LESSON, "yes: nothing");
    check(
        "mail.example",
        "infants",
        LESSON,
        "no: webmail mail.example",
    );
    check(
        "www.denied.example",
        "staff",
        LESSON,
        "no: deny denied.example",
    );
    check(
        "lesson.denied.example",
        "pupils",
        LESSON,
        "no: deny denied.example",
    );
    check(
        "lesson.denied.example",
        "pupils",
        APPROVED,
        "yes: approval lesson.denied.example",
    );
    check(
        "lesson.denied.example",
        "staff",
        APPROVED,
        "no: deny denied.example",
    );
    check(
        "lesson.denied.example",
        "pupils",
        "2026-11-27T11:00",
        "no: deny denied.example",
    );
    check("illegal.example", "staff", LESSON, "no: illegal");
    check("deep.illegal.example", "pupils", LESSON, "no: illegal");
}

#[test]
fn a_page_can_be_stopped_where_its_host_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut builder = Builder::new(Key::new([2; 32]));
    let info = ListInfo {
        name: "list".into(),
        category: "games".into(),
        kind: Kind::Block,
        entries: 0,
    };
    builder.begin(info).expect("room");
    let what = What::Page("mixed.example".into(), "games".into());
    builder
        .add(&Entry {
            what,
            reach: Reach::Both,
            exception: false,
        })
        .expect("room");
    let digests = vec![digest(&SALT, "files.example/bad")];
    builder.add_hashed(Hashed::new(SALT.to_vec(), digests));
    let path = folder.path().join("index");
    builder.write(&path, 0).expect("written");
    let index = Index::open(&path).expect("an index");
    let policy = Policy::default();
    let group = policy.group("pupils").expect("a group");
    let check = |host, path, expected| {
        let verdict = decide_page(&index, &policy, group, host, path, moment(LESSON));
        assert_eq!(
            verdict.outcome == Outcome::Blocked,
            expected,
            "{host}/{path}"
        );
    };
    check("mixed.example", "games/chess", true);
    check("mixed.example", "news", false);
    check("files.example", "bad/picture", true);
    check("files.example", "good", false);
    assert_eq!(
        decide(&index, &policy, group, "mixed.example", moment(LESSON)).outcome,
        Outcome::Allowed
    );
}

#[test]
fn an_illegal_name_is_never_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = index(folder.path(), &lists());
    let policy = Policy::parse(POLICY).expect("a policy");
    let group = policy.group("staff").expect("a group");
    let verdict = decide(&index, &policy, group, "illegal.example", moment(LESSON));
    assert_eq!(verdict.chain.len(), 1);
    assert!(!format!("{:?}", verdict.chain).contains("list4"));
}

#[test]
fn who_is_unknown_belongs_to_the_strictest_group() {
    let policy = Policy::parse(POLICY).expect("a policy");
    assert_eq!(policy.unknown_group().name, "infants");
    assert_eq!(Policy::default().unknown_group().name, "pupils");
}

#[test]
fn policies_that_cannot_be_carried_out_are_refused() {
    let check = |text: &str, says: &str| {
        let why = Policy::parse(text).expect_err(text).to_string();
        assert!(why.contains(says), "{why}");
    };
    let group = "[[group]]\nname = \"pupils\"\npreset = \"strict\"\n";
    check("", "group");
    check("group = []", "from 1 to 64");
    check(&group.repeat(2), "two groups");
    check("[[group]]\nname = \"a\"\npreset = \"severe\"\n", "severe");
    check(&format!("{group}colour = 1\n"), "colour");
    check(
        &format!("unknown = \"nobody\"\n{group}"),
        "there are: pupils",
    );
    check(&format!("zone = \"Mars/Olympus\"\n{group}"), "Mars/Olympus");
    check(&format!("protected = [\"a..b\"]\n{group}"), "a..b");
    let own = |rest: &str| format!("{group}[[own]]\nname = \"a.example\"\n{rest}");
    check(
        &own("decision = \"approval\"\nreason = \"r\"\nby = \"b\"\n"),
        "needs an end",
    );
    check(
        &own("decision = \"deny\"\nreason = \" \"\nby = \"b\"\n"),
        "needs a reason",
    );
    check(
        &own("decision = \"deny\"\nreason = \"r\"\nby = \"b\"\ngroups = [\"x\"]\n"),
        "no group",
    );
}

fn own() -> impl Strategy<Value = Own> {
    let decision = prop_oneof![
        Just(Decision::Approval),
        Just(Decision::Deny),
        Just(Decision::Allow)
    ];
    let groups = prop_oneof![
        Just(vec![]),
        Just(vec!["staff".to_owned()]),
        Just(vec!["pupils".to_owned()])
    ];
    ("[a-c](\\.[a-c]){0,2}", decision, groups).prop_map(|(name, decision, groups)| Own {
        name,
        decision,
        groups,
        reason: "r".into(),
        by: "b".into(),
        from: None,
        until: None,
    })
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_tables_of_the_resolver_give_the_verdicts_of_the_law(
        games in prop::collection::vec("!?[=<]?[a-c](\\.[a-c]){0,3}(/x(/y)?)?", 0..12),
        adult in prop::collection::vec("!?[=<]?[a-c](\\.[a-c]){0,3}", 0..12),
        allowed in prop::collection::vec("[=<]?[a-c](\\.[a-c]){0,3}(/x)?", 0..4),
        own in prop::collection::vec(own(), 0..4),
        protected in prop::collection::vec("[a-c](\\.[a-c]){0,2}", 0..3),
        asked in prop::collection::vec("[a-c](\\.[a-c]){0,4}", 30),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let (games, adult, allowed) = (borrowed(&games), borrowed(&adult), borrowed(&allowed));
        let index = index(folder.path(), &[("games", &games), ("adult", &adult), ("allowed allow", &allowed)]);
        let mut policy = Policy::parse(POLICY).expect("a policy");
        policy.own = own;
        policy.protected = protected;
        for at in [LESSON, BREAK, EVENING] {
            let at = moment(at);
            let live = Live::new(index.clone(), &policy, at);
            for group in &policy.groups {
                for name in &asked {
                    let verdict = decide(&index, &policy, group, name, at);
                    let blocked = live_answer(&live, &group.name, name).is_blocked();
                    prop_assert_eq!(blocked, verdict.outcome == Outcome::Blocked, "{} for {}: {:#?}", name, &group.name, verdict.chain);
                    let verdict = decide_page(&index, &policy, group, name, "x/y", at);
                    let key = index.key();
                    let endings: Vec<_> = decide::endings(name).map(|name| key.name(name)).collect();
                    let pages: Vec<_> = beginnings("x/y").map(|path| key.page(key.name(name), path)).collect();
                    let id = live.group(&group.name).expect("a group");
                    let blocked = live.judge_page(id, &endings, &pages).is_blocked();
                    prop_assert_eq!(blocked, verdict.outcome == Outcome::Blocked, "{}/x/y for {}: {:#?}", name, &group.name, verdict.chain);
                }
            }
        }
    }
}
