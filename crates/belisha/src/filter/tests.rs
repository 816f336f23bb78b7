//! What a school needs to trust of its side of the filter.

use axum::http::StatusCode;
use belisha_filter::compile::{Compile, compile};
use belisha_filter::index::Index;
use belisha_filter::lists::Limits;
use belisha_filter::verdict::{Moment, Outcome, Policy, decide};
use belisha_policy::Post;
use jiff::Timestamp;

use super::{set_now, settings, test_now};
use crate::testing::{JUNIOR, PRIMARY, TestSchool, covers, on_each_engine};

/// Compiles a few small lists into the school’s folder, as whoever runs the server does.
pub(crate) fn compile_lists(app: &TestSchool) {
    let folder = settings::folder(&app.school);
    let lists = folder.join("lists");
    for (category, names) in [
        ("adult", "adult.example\n"),
        ("games", "games.example\nplay.example\n"),
        ("social_networks", "social.example\n"),
        ("self-harm", "harm.example\n"),
        ("bank", "bank.example\n"),
        ("webmail", "mail.example\n"),
    ] {
        let place = lists.join(category);
        std::fs::create_dir_all(&place).expect("a folder");
        std::fs::write(place.join("domains"), names).expect("a list");
    }
    compile(&Compile {
        lists: &lists,
        out: &folder.join("filter.index"),
        key: [7; 32],
        built_at: 0,
        limits: Limits::default(),
        accept: std::collections::BTreeSet::new(),
    })
    .expect("an index");
}

/// Compiles these besides.
fn add_lists(app: &TestSchool, more: &[(&str, &str)]) {
    let lists = settings::folder(&app.school).join("lists");
    for (category, name) in more {
        std::fs::create_dir_all(lists.join(category)).expect("a folder");
        std::fs::write(lists.join(category).join("domains"), name).expect("a list");
    }
    compile_lists(app);
}

/// What the filter itself answers, from the file that the resolver follows.
pub(crate) fn asked_of_the_file(
    app: &TestSchool,
    group: &str,
    name: &str,
    at: Timestamp,
) -> Outcome {
    let text = std::fs::read_to_string(settings::file(&app.school)).expect("the file");
    let policy = Policy::parse(&text).expect("settings that the filter can read");
    let index = Index::open(&settings::folder(&app.school).join("filter.index")).expect("an index");
    let zone = app.school.settings().time_zone.clone();
    let moment = Moment::of(&at.to_zoned(zone));
    let group = policy.group(group).expect("a group");
    decide(&index, &policy, group, name, moment).outcome
}

#[test]
fn the_policy_and_nothing_else_decides_what_each_group_reaches() {
    covers(&["H-193"]);
    on_each_engine(JUNIOR, async |app| {
        compile_lists(&app);
        set_now(&app.school).await.expect("the turn");
        let now = app.school.clock.now();
        for (group, name, expected) in [
            ("pupils", "adult.example", Outcome::Blocked),
            ("pupils", "www.games.example", Outcome::Blocked),
            ("pupils", "library.example", Outcome::Allowed),
            ("guests", "games.example", Outcome::Blocked),
            ("staff", "games.example", Outcome::Allowed),
            ("staff", "social.example", Outcome::Blocked),
            ("staff", "adult.example", Outcome::Blocked),
        ] {
            let found = asked_of_the_file(&app, group, name, now);
            assert_eq!(found, expected, "{name} for {group}");
        }
        let text = std::fs::read_to_string(settings::file(&app.school)).expect("the file");
        let policy = Policy::parse(&text).expect("a policy");
        assert_eq!(policy.unknown.as_deref(), Some("pupils"));
        assert!(policy.groups.iter().all(|group| group.safe_search));
        assert_eq!(
            app.journal()
                .await
                .iter()
                .filter(|kind| *kind == "filter.set")
                .count(),
            1,
            "set once, and not again where nothing changed"
        );
        set_now(&app.school).await.expect("the turn");
    });
}

#[test]
fn each_pack_has_its_own_groups() {
    for (pack, expected) in [
        (JUNIOR, &["pupils", "guests", "staff"][..]),
        (PRIMARY, &["pupils", "year-6", "guests", "staff"][..]),
    ] {
        let policy = belisha_policy::parse(pack).expect("a pack without faults");
        assert_eq!(super::groups(&policy), expected);
    }
}

#[test]
fn the_words_of_the_policy_are_those_of_the_filter() {
    use belisha_policy::Word as _;
    let ours: Vec<&str> = belisha_policy::sites::SiteCategory::all()
        .map(|category| category.key())
        .collect();
    let theirs: Vec<&str> = belisha_filter::categories::CATEGORIES
        .iter()
        .map(|category| category.key)
        .collect();
    assert_eq!(ours, theirs);
}

#[test]
fn the_filter_explains_itself_to_whoever_may_read_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut coordinator = app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        let mut teacher = app.signed_in("Tessa Teacher", &[]).await;
        let question = "/filter/check?name=www.games.example&group=pupils";
        coordinator
            .get(question)
            .await
            .says("No lists are compiled yet");
        compile_lists(&app);
        let page = coordinator.get(question).await;
        page.says("games.example is blocked for pupils")
            .says("games.example stands in games; Games is stopped for pupils")
            .says("no list of illegal content is loaded");
        assert!(
            page.link("Ask for this site")
                .contains("name=games.example")
        );
        coordinator
            .get("/filter/check?name=games.example&group=staff&on-day=25&on-month=12&on-year=2026&at=11.00")
            .await
            .says("games.example is open for staff on 25 December 2026 at 11:00am");
        let wrong = coordinator
            .get("/filter/check?name=&group=nobody&at=late")
            .await;
        assert_eq!(wrong.errors().len(), 2);
        let refused = teacher.get(question).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        coordinator
            .get("/filter")
            .await
            .says("the duty to block it is not met by this filter alone")
            .says("The school has judged no site itself");
    });
}

#[test]
fn the_evidence_says_what_is_met_here_and_what_is_not() {
    on_each_engine(JUNIOR, async |app| {
        let mut coordinator = app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        coordinator
            .get("/filter/evidence")
            .await
            .says("No list of illegal content is loaded here. The duty is not met by this filter")
            .says("No list of gambling is in use.")
            .says("Not tested yet: nothing shows that a resolver answers.");
        compile_lists(&app);
        test_now(&app.school).await.expect("a test");
        let page = coordinator.get("/filter/evidence").await;
        page.says(
            "Stopped for every group but those of adults: Self-harm, suicide and eating disorders.",
        )
        .says("No list of gambling is in use.")
        .says("none of the best known names is blocked")
        .says("No resolver is set up on this server");
        let tests = "select count(*) as count from filter_test";
        let groups = app.count(tests).await;
        assert_eq!(groups, 3, "one line for each group");
        // It is not due again at once.
        test_now(&app.school).await.expect("a test");
        assert_eq!(app.count(tests).await, groups);
    });
}

/// An upstream that knows an address for every name.
fn upstream() -> std::net::SocketAddr {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let address = socket.local_addr().expect("an address");
    std::thread::spawn(move || {
        let mut packet = [0; 1500];
        while let Ok((_, from)) = socket.recv_from(&mut packet) {
            let mut end = 12;
            while packet[end] != 0 {
                end += 1 + usize::from(packet[end]);
            }
            let is_a = packet[end + 1..end + 3] == [0, 1];
            let mut answer = packet[..end + 5].to_vec();
            answer[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, u8::from(is_a), 0, 0, 0, 0]);
            if is_a {
                answer.extend([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
            }
            let _ = socket.send_to(&answer, from);
        }
    });
    address
}

/// A resolver of the school's own, over its folder.
fn resolver(app: &TestSchool, upstream: &str) -> belisha_filter::resolver::Resolver {
    let folder = settings::folder(&app.school);
    let text = |listen: &str| {
        format!(
            "index = \"filter.index\"\npolicy = \"filter-policy.toml\"\nlog = \"log\"\n\
             listen = [\"{listen}\"]\nupstreams = [\"{upstream}\"]\n"
        )
    };
    let file = folder.join("filter.toml");
    std::fs::write(&file, text("127.0.0.1:0")).expect("written");
    let read = belisha_filter::resolver::Settings::read(&file).expect("settings");
    // It has a runtime of its own, which begins in no other.
    let start = move || belisha_filter::resolver::Resolver::start(read).expect("a resolver");
    let resolver = std::thread::spawn(start).join().expect("started");
    let listens = resolver.addresses().plain[0].to_string();
    std::fs::write(&file, text(&listens)).expect("written");
    resolver
}

#[test]
fn the_test_asks_the_resolver_itself_and_one_that_is_down_fails_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut coordinator = app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        let mut governor = app
            .signed_in("Greta Governor", &[Post::SafeguardingGovernor])
            .await;
        compile_lists(&app);
        set_now(&app.school).await.expect("the turn");
        let down = resolver(&app, "127.0.0.1:9");
        let page = coordinator.get("/filter/evidence").await;
        assert!(
            !governor
                .get("/filter/evidence")
                .await
                .has_button("Test it now")
        );
        let refused = governor.post_only("/filter/test", &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let tested = coordinator.submit(&page, "Test it now", &[]).await;
        // What is blocked is blocked by the resolver too; without an upstream nothing else is answered.
        let text = tested.text();
        assert!(!text.contains("must be blocked"), "{text}");
        assert!(!text.contains("must be refused"), "{text}");
        tested.says("gov.uk must be open and could not be asked");
        assert!(!text.contains("does not answer"), "{text}");
        // Names that the resolver answered are in no log of the school.
        crate::filter::take_log_now(&app.school)
            .await
            .expect("taken");
        assert_eq!(
            app.count("select count(*) as count from filter_log_segment")
                .await,
            0
        );
        drop(down);
        let page = coordinator.get("/filter/evidence").await;
        let down = coordinator.submit(&page, "Test it now", &[]).await;
        down.says("does not answer");
        let journal = app.journal().await;
        assert_eq!(
            journal
                .iter()
                .filter(|kind| *kind == "filter.tested")
                .count(),
            2
        );
    });
}

#[test]
fn safe_search_is_forced_for_pupils_as_the_resolver_itself_answers() {
    covers(&["C-041", "H-178"]);
    on_each_engine(JUNIOR, async |app| {
        let mut coordinator = app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        // Lists that hold what the test asks for.
        compile_lists(&app);
        let more = [
            ("proxies", "proxies.example"),
            ("vpn", "nordvpn.com"),
            ("encrypted-dns", "dns.google"),
            ("gambling", "gambling.example"),
        ];
        add_lists(&app, &more);
        set_now(&app.school).await.expect("the turn");
        let upstream = upstream().to_string();
        let resolver = resolver(&app, &upstream);
        let at = resolver.addresses().plain[0];
        let pupils = 0;
        let google = belisha_filter::resolver::ask(at, pupils, "www.google.co.uk").await;
        let belisha_filter::resolver::Heard::Answer { aliases, .. } = google else {
            panic!("{google:?}");
        };
        assert_eq!(aliases, ["forcesafesearch.google.com"]);
        // An engine that cannot be made safe is blocked for them.
        let unsafe_one = belisha_filter::resolver::engines()
            .iter()
            .find(|engine| engine.strict.is_none())
            .and_then(|engine| engine.names.first())
            .expect("an engine without a safe form");
        let heard = belisha_filter::resolver::ask(at, pupils, unsafe_one).await;
        assert_eq!(heard, belisha_filter::resolver::Heard::Blocked);
        test_now(&app.school).await.expect("a test");
        let page = coordinator.get("/filter/evidence").await;
        let failed = "select count(*) as count from filter_test where failed > 0";
        assert_eq!(app.count(failed).await, 0, "{}", page.text());
        page.says("Forced for every group, where an engine publishes a means.");
    });
}

#[test]
fn personal_mail_is_blocked_for_the_groups_that_the_policy_names() {
    covers(&["H-242"]);
    on_each_engine(PRIMARY, async |app| {
        compile_lists(&app);
        set_now(&app.school).await.expect("the turn");
        let now = app.school.clock.now();
        for (group, expected) in [
            ("pupils", Outcome::Blocked),
            ("year-6", Outcome::Blocked),
            ("staff", Outcome::Allowed),
        ] {
            let found = asked_of_the_file(&app, group, "mail.example", now);
            assert_eq!(found, expected, "{group}");
        }
    });
}

#[test]
fn what_nobody_reaches_is_blocked_for_staff_too() {
    // Personal mail is open to staff by their own clause.
    let before = "block = [\"violence-and-hate\", \"gambling\"]";
    assert!(PRIMARY.contains(before));
    let pack = PRIMARY.replace(
        before,
        "block = [\"gambling\", \"violence-and-hate\", \"webmail\"]",
    );
    on_each_engine(&pack, async |app| {
        let more = [
            ("agressif", "hate.example"),
            ("drogue", "drugs.example"),
            ("gambling", "gambling.example"),
        ];
        add_lists(&app, &more);
        set_now(&app.school).await.expect("the turn");
        let now = app.school.clock.now();
        for name in [
            "adult.example",
            "hate.example",
            "drugs.example",
            "gambling.example",
            "mail.example",
        ] {
            for group in ["pupils", "year-6", "guests", "staff"] {
                let found = asked_of_the_file(&app, group, name, now);
                assert_eq!(found, Outcome::Blocked, "{name} for {group}");
            }
        }
    });
}
