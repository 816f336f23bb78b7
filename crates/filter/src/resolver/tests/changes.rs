//! Files that change while a resolver runs, and their form.

use super::*;

#[test]
fn changes_are_taken_into_use_without_a_lost_question() {
    let school = School::usual();
    assert_eq!(school.address("new.example"), SITE);
    let reload = |what: &dyn Fn()| {
        let before = school.resolver.counts().reloads;
        what();
        let mut asked = 0;
        while school.resolver.counts().reloads == before {
            assert!(school.address("new.example").is_some());
            asked += 1;
            assert!(asked < 1_000_000 && school.resolver.trouble().is_none());
        }
    };
    reload(&|| index(school.folder.path(), &["games.example", "new.example"]));
    assert_eq!(school.address("new.example"), NOWHERE);
    let open = format!(
        "{POLICY}[[own]]\nname = \"new.example\"\ndecision = \"allow\"\nreason = \"r\"\nby = \"b\"\n"
    );
    reload(&|| {
        let place = school.folder.path().join("policy.new");
        std::fs::write(&place, &open).expect("written");
        std::fs::rename(&place, school.folder.path().join("policy.toml")).expect("renamed");
    });
    assert_eq!(school.address("new.example"), SITE);
}

#[test]
fn a_device_changes_its_group_while_the_resolver_runs() {
    let school = School::new(
        vec![Upstream::start(Manner::Honest)],
        "register = \"register.toml\"\n",
    );
    assert_eq!(school.address("games.example"), NOWHERE);
    let change = |text: &str| {
        let before = school.resolver.counts().reloads;
        let had_trouble = school.resolver.trouble().is_some();
        let place = school.folder.path().join("register.new");
        std::fs::write(&place, text).expect("written");
        std::fs::rename(&place, school.folder.path().join("register.toml")).expect("renamed");
        while school.resolver.counts().reloads == before
            && (school.resolver.trouble().is_none() || had_trouble)
        {
            std::thread::yield_now();
        }
    };
    let device = |group: &str| {
        format!("[[device]]\naddress = \"127.0.0.1\"\nid = \"laptop-17\"\ngroup = \"{group}\"\n")
    };
    change(&device("staff"));
    assert_eq!(school.address("games.example"), SITE);
    change(&device("nobody"));
    assert!(school.resolver.trouble().is_some());
    assert_eq!(school.address("games.example"), SITE);
    change(&device("pupils"));
    assert_eq!(school.address("games.example"), NOWHERE);
}

/// The files of `docs/filter.md`, by the text that stands above them.
fn documented(heading: &str) -> String {
    let text = include_str!("../../../../../docs/filter.md");
    let after = text
        .split_once(&format!("\n## {heading}\n"))
        .expect("its heading")
        .1;
    let from = after.split_once("```toml\n").expect("a file").1;
    from.split_once("```").expect("its end").0.to_owned()
}

#[test]
fn the_files_are_as_they_are_documented() {
    let policy = Policy::parse(&documented("filter-policy.toml")).expect("a policy");
    assert_eq!(policy.groups[0].changes.len(), 1);
    assert_eq!(policy.calendar.closed.len(), 1);
    // What the server writes is what the resolver reads.
    let written = toml_edit::ser::to_string_pretty(&policy).expect("text");
    assert_eq!(Policy::parse(&written).expect("a policy"), policy);
    let register = Register::parse(&documented("filter-register.toml")).expect("a register");
    assert_eq!(register.devices[0].id.as_deref(), Some("laptop-17"));
    let settings = Settings::parse(&documented("filter.toml")).expect("settings");
    assert_eq!(settings.upstreams.len(), 3);
}

#[test]
fn what_cannot_be_read_leaves_the_filter_as_it_was() {
    let school = School::usual();
    let place = school.folder.path().join("index.new");
    std::fs::write(&place, "damaged").expect("written");
    std::fs::rename(&place, school.folder.path().join("index")).expect("renamed");
    while school.resolver.trouble().is_none() {
        assert_eq!(school.address("games.example"), NOWHERE);
    }
    assert_eq!(school.address("games.example"), NOWHERE);
    assert_eq!(school.resolver.counts().reloads, 0);
}
