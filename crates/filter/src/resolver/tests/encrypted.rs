//! Questions over TLS and HTTPS, and who is known by a token.

use super::*;

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A school that also serves TLS and HTTPS, with a device that has a token.
fn encrypted() -> School {
    let more = format!(
        "[[device]]\ntoken = \"ipad7\"\ngroup = \"staff\"\n[tls]\nlisten = [\"127.0.0.1:0\"]\nhttps = [\"127.0.0.1:0\"]\n\
         name = \"filter.school.example\"\ncertificate = \"{}\"\nkey = \"{}\"\n",
        fixture("server.pem"),
        fixture("server.key")
    );
    School::new(vec![Upstream::start(Manner::Honest)], &more)
}

/// Asks through a second resolver, whose upstream is written so.
fn through(upstream: &str, name: &str) -> Option<Ipv4Addr> {
    let folder = tempfile::tempdir().expect("a folder");
    index(folder.path(), &[]);
    let text = format!(
        "index = \"index\"\nlisten = [\"127.0.0.1:0\"]\nupstreams = [\"{upstream}\"]\nupstream_authority = \"{}\"\n\
         inside = [\"example\"]\n",
        fixture("authority.pem")
    );
    let path = folder.path().join("filter.toml");
    std::fs::write(&path, text).expect("written");
    let resolver = Resolver::start(Settings::read(&path).expect("settings")).expect("a resolver");
    let school = School {
        folder,
        upstreams: Vec::new(),
        resolver,
    };
    school.address(name)
}

#[test]
fn questions_travel_over_tls_and_https_and_a_device_is_known_by_its_token() {
    let school = encrypted();
    let tls = school.resolver.addresses().tls[0];
    let https = school.resolver.addresses().https[0];
    assert_eq!(
        through(
            &format!("tls://{tls}#filter.school.example"),
            "open.example"
        ),
        SITE
    );
    assert_eq!(
        through(
            &format!("https://{https}/dns-query#filter.school.example"),
            "open.example"
        ),
        SITE
    );
    // Pupils do not play; the device with the token belongs to staff, who may.
    let games = |upstream: String| through(&upstream, "games.example");
    assert_eq!(games(format!("tls://{tls}#filter.school.example")), NOWHERE);
    assert_eq!(
        games(format!("tls://{tls}#ipad7.filter.school.example")),
        SITE
    );
    assert_eq!(
        games(format!("tls://{tls}#stranger.filter.school.example")),
        NOWHERE
    );
    assert_eq!(
        games(format!(
            "https://{https}/dns-query/ipad7#filter.school.example"
        )),
        SITE
    );
    assert_eq!(
        games(format!(
            "https://{https}/dns-query/stranger#filter.school.example"
        )),
        NOWHERE
    );
    // A server that shows another name is not asked.
    assert_eq!(
        through(&format!("tls://{tls}#other.example"), "open.example"),
        None
    );
    assert_eq!(
        through(
            &format!("https://{https}/elsewhere#filter.school.example"),
            "open.example"
        ),
        None
    );
}

#[test]
fn every_door_is_tried_as_a_group_and_one_with_another_name_is_found_shut() {
    let school = encrypted();
    let addresses = school.resolver.addresses();
    let settings = |name: &str| {
        let text = format!(
            "index = \"index\"\nlisten = [\"{}\"]\nupstreams = [\"127.0.0.1:9\"]\nupstream_authority = \"{}\"\n\
             [tls]\nlisten = [\"{}\"]\nhttps = [\"{}\"]\nname = \"{name}\"\ncertificate = \"c\"\nkey = \"k\"\n",
            addresses.plain[0],
            fixture("authority.pem"),
            addresses.tls[0],
            addresses.https[0],
        );
        let path = school.folder.path().join("doors.toml");
        std::fs::write(&path, text).expect("written");
        Settings::read(&path).expect("settings")
    };
    let tried = |name: &str, group: usize| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(try_doors(&settings(name), group, "games.example"))
    };
    let pupils = tried("filter.school.example", 0);
    assert_eq!((pupils.asked, pupils.failed), (3, Vec::new()));
    // Staff may play, which is what each door says to them.
    let staff = tried("filter.school.example", 1);
    assert_eq!(staff.failed.len(), 3, "{:?}", staff.failed);
    let other = tried("filter.other.example", 0);
    assert_eq!(other.failed.len(), 2, "{:?}", other.failed);
    assert!(
        other
            .failed
            .iter()
            .all(|says| says.contains("its certificate is not believed")),
        "{:?}",
        other.failed
    );
}
