//! What each format means, on lines of our own making.

use std::fs;
use std::path::Path;

use super::*;

/// Reads a text and writes each entry as `text`, with `=` for itself only, `<` for below only and
/// `!` for an exception before it.
fn entries(format: Format, text: &str) -> (Vec<String>, Intake) {
    let mut found = Vec::new();
    let intake = read(text.as_bytes(), format, Limits::default(), &mut |entry| {
        let reach = match entry.reach {
            Reach::Both => "",
            Reach::Itself => "=",
            Reach::Below => "<",
        };
        let exception = if entry.exception { "!" } else { "" };
        found.push(format!("{exception}{reach}{}", entry.text()));
    });
    (found, intake.expect("readable"))
}

#[track_caller]
fn check(format: Format, text: &str, expected: &[&str]) -> Intake {
    let (found, intake) = entries(format, text);
    assert_eq!(found, expected, "{text}");
    assert_eq!(intake.entries, expected.len() as u64);
    intake
}

fn faults(intake: &Intake) -> Vec<u64> {
    intake.first_faults.iter().map(|fault| fault.line).collect()
}

#[test]
fn plain_lists_mix_names_addresses_and_pages() {
    let text = "# a remark\n\nExample.com\nwww.two.example # said twice\n*.three.example\n.four.example\r\n\
                192.0.2.9\nBücher.example\nhttps://five.example/a/\nno name\nbad..dots\n";
    let expected = [
        "example.com",
        "www.two.example",
        "<three.example",
        "four.example",
        "=192.0.2.9",
        "xn--bcher-kva.example",
        "five.example/a",
    ];
    let intake = check(Format::Plain, text, &expected);
    assert_eq!(faults(&intake), [10, 11]);
    assert_eq!(intake.lines, 11);
}

#[test]
fn hosts_files_name_names_and_nothing_below_them() {
    let text = "127.0.0.1 localhost\n::1 ip6-localhost ip6-loopback\nfe80::1%lo0 localhost\n\
                0.0.0.0 one.example Two.example # both\n0.0.0.0\n0.0.0.0 0.0.0.0\nthree.example\n";
    let intake = check(Format::Hosts, text, &["=one.example", "=two.example"]);
    assert_eq!(faults(&intake), [7]);
}

#[test]
fn adblock_lists_give_domain_rules_and_the_rest_is_counted() {
    let text = "[Adblock Plus 2.0]\n! Title: made up\n||one.example^\n||two.example^$important\n\
                @@||good.one.example^\n||*.three.example^\n||four.example^$third-party\n||five.example/ads^\n\
                six.example##.banner\n/regex/\n|https://seven.example^\n||eight*.example^\nnine.example\n0.0.0.0 ten.example\n";
    let expected = [
        "one.example",
        "two.example",
        "!good.one.example",
        "<three.example",
        "nine.example",
        "=ten.example",
    ];
    let intake = check(Format::Adblock, text, &expected);
    assert_eq!((intake.ignored, intake.faults), (6, 0));
}

#[test]
fn pages_are_hosts_with_the_beginning_of_a_path() {
    let text = "www.one.example/games\n192.0.2.4/x\ntwo.example\n10.0.0.0/8\n";
    let intake = check(
        Format::Pages,
        text,
        &["one.example/games", "192.0.2.4/x", "two.example"],
    );
    assert_eq!(faults(&intake), [4]);
}

#[test]
fn policy_zones_tell_a_name_from_what_is_below_it() {
    let text = "$TTL 60\n$ORIGIN rpz.school.example.\n@ IN SOA ns. host. (\n  1 ; serial\n  60 60 60 60 )\n  IN NS ns.\n\
                one.example CNAME .\n*.one.example 300 IN CNAME .\ntwo.example.rpz.school.example. CNAME *.\n\
                good.one.example CNAME rpz-passthru.\n32.1.2.0.192.rpz-ip CNAME .\nthree.example A 192.0.2.1\n\
                \t\tA 192.0.2.2\nbroken.example\n";
    let expected = [
        "=one.example",
        "<one.example",
        "=two.example",
        "!=good.one.example",
        "=three.example",
        "=three.example",
    ];
    let intake = check(Format::Rpz, text, &expected);
    assert_eq!((intake.ignored, faults(&intake)), (1, vec![14]));
}

#[test]
fn formats_are_guessed_from_the_first_lines() {
    let check = |text, expected| assert_eq!(guess(text), expected, "{text}");
    check("# x\none.example\ntwo.example\n", Format::Plain);
    check(
        "# x\n0.0.0.0 one.example\n0.0.0.0 two.example\n",
        Format::Hosts,
    );
    check("! x\n||one.example^\n", Format::Adblock);
    check("one.example/a\ntwo.example/b\n", Format::Pages);
    check("$TTL 1\n@ SOA a. b. 1 1 1 1 1\n", Format::Rpz);
    check("belisha-hashed 1\nsalt 00\n", Format::Hashed);
    check("", Format::Plain);
}

#[test]
fn a_few_faults_are_forgiven_and_many_are_not() {
    let check = |lines, faults, expected| {
        let intake = Intake {
            lines,
            faults,
            ..Intake::default()
        };
        assert_eq!(
            intake.is_within(Limits::default()),
            expected,
            "{faults} of {lines}"
        );
    };
    check(10, 100, true);
    check(10, 101, false);
    check(1_000_000, 20_000, true);
    check(1_000_000, 20_001, false);
}

#[test]
fn a_million_bad_lines_are_not_all_read() {
    let text = "??\n".repeat(1_000_000);
    let (_, intake) = entries(Format::Plain, &text);
    assert!(intake.lines < 5_000 && !intake.is_within(Limits::default()));
    assert_eq!(intake.first_faults.len(), 10);
}

fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

#[test]
fn a_folder_says_which_lists_it_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "README.md", "about");
    put(folder.path(), "ut1/games/domains", "one.example\n");
    put(folder.path(), "ut1/games/urls", "two.example/x\n");
    put(folder.path(), "ut1/games/usage", "# how\nblack\n");
    put(folder.path(), "ut1/games/expressions", "teen\n");
    put(folder.path(), "ut1/child/domains", "three.example\n");
    put(folder.path(), "ut1/child/usage", "white child\n");
    put(folder.path(), "ads.hosts.txt", "0.0.0.0 four.example\n");
    put(folder.path(), "own.txt", "||five.example^\n");
    put(folder.path(), "agency.hashed", "belisha-hashed 1\n");
    put(
        folder.path(),
        "lists.toml",
        "[[list]]\nname = \"own\"\ncategory = \"games\"\nkind = \"allow\"\n",
    );
    let found = scan(folder.path()).expect("lists");
    let lists: Vec<_> = found
        .lists
        .iter()
        .map(|list| {
            (
                list.name.as_str(),
                list.category.as_str(),
                list.kind,
                list.files.len(),
            )
        })
        .collect();
    let expected = [
        ("ads", "advertising", Kind::Block, 1),
        ("agency", "agency", Kind::Illegal, 1),
        ("own", "games", Kind::Allow, 1),
        ("ut1/child", "children", Kind::Allow, 1),
        ("ut1/games", "games", Kind::Block, 2),
    ];
    assert_eq!(lists, expected);
    assert_eq!(found.lists[2].files[0].1, Format::Adblock);
    let left: Vec<_> = found
        .left
        .iter()
        .map(|(path, _)| path.file_name().expect("a name"))
        .collect();
    assert_eq!(left, ["README.md", "expressions"]);
}

#[test]
fn a_hashed_list_cannot_be_made_harmless_by_a_setting() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "agency.hashed", "belisha-hashed 1\n");
    put(
        folder.path(),
        "lists.toml",
        "[[list]]\nname = \"agency\"\nkind = \"allow\"\n",
    );
    assert_eq!(
        scan(folder.path()).expect("lists").lists[0].kind,
        Kind::Illegal
    );
}

#[test]
fn settings_that_name_no_list_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "a.domains.txt", "one.example\n");
    put(folder.path(), "lists.toml", "[[list]]\nname = \"b\"\n");
    assert!(matches!(scan(folder.path()), Err(FolderRefused::NoSuchList(_, name)) if name == "b"));
    put(
        folder.path(),
        "lists.toml",
        "[[list]]\nname = \"a\"\nkid = \"off\"\n",
    );
    assert!(matches!(
        scan(folder.path()),
        Err(FolderRefused::Settings(..))
    ));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_a_reader_stumble(bytes: Vec<u8>, which in 0..5usize) {
        let formats = [Format::Plain, Format::Hosts, Format::Adblock, Format::Pages, Format::Rpz];
        let mut texts = Vec::new();
        let intake = read(bytes.as_slice(), formats[which], Limits::default(), &mut |entry| {
            texts.push(entry.text().into_owned());
        });
        proptest::prop_assert_eq!(intake.expect("bytes can be read").entries, texts.len() as u64);
        for text in texts {
            proptest::prop_assert!(!text.is_empty() && !text.contains(' '));
        }
    }

    #[test]
    fn what_is_a_name_stays_the_same_name(text in "[a-zA-Z0-9äß例.-]{1,40}") {
        if let Ok(name) = crate::name::normal(&text) {
            let again = crate::name::normal(&name);
            proptest::prop_assert_eq!(again.as_deref(), Ok(&*name));
            proptest::prop_assert!(name.is_ascii() && !name.bytes().any(|byte| byte.is_ascii_uppercase()));
        }
    }
}
