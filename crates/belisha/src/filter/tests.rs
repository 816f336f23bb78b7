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
            .says("Not tested yet: there are no lists to test.");
        compile_lists(&app);
        test_now(&app.school).await.expect("a test");
        let page = coordinator.get("/filter/evidence").await;
        page.says(
            "Stopped for every group but those of adults: Self-harm, suicide and eating disorders.",
        )
        .says("No list of gambling is in use.")
        .says("none of the best known names is blocked");
        let tests = "select count(*) as count from filter_test";
        let groups = app.count(tests).await;
        assert_eq!(groups, 3, "one line for each group");
        // It is not due again at once.
        test_now(&app.school).await.expect("a test");
        assert_eq!(app.count(tests).await, groups);
    });
}
