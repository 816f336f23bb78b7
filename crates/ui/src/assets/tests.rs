use std::path::Path;

use sha2::{Digest, Sha256};

use super::{get, icon_url, script_url, stylesheet_url};

fn served(url: &str) -> String {
    let path = url
        .strip_prefix("/assets/")
        .expect("assets have one prefix");
    let asset = get(path).expect("an address that was given out answers");
    assert!(asset.immutable);
    String::from_utf8(asset.bytes.into_owned()).expect("text")
}

#[test]
fn addresses_answer_and_change_with_the_content() {
    assert!(served(&stylesheet_url()).contains(".belisha-header"));
    assert!(served(&script_url()).contains("govuk-frontend-supported"));
    assert!(served(&icon_url()).contains("<svg"));
    let stale = get("belisha-0123456789ab.css").expect("an older page keeps its looks");
    assert!(!stale.immutable);
    assert!(get("belisha.css").is_none());
    assert!(get("../Cargo.toml").is_none());
}

#[test]
fn the_style_sheet_names_only_what_is_served_here() {
    let stylesheet = served(&stylesheet_url());
    assert!(!stylesheet.contains("GDS Transport"));
    let urls: Vec<&str> = stylesheet
        .split("url(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(|url| url.trim_matches(['"', '\'']))
        .collect();
    assert_eq!(urls.len(), 2, "two fonts, and no other request: {urls:?}");
    for url in urls {
        let path = url.strip_prefix("/assets/").expect("no third party");
        assert_eq!(
            get(path).expect("font is served").content_type,
            "font/woff2"
        );
    }
}

#[test]
fn the_own_script_stays_small() {
    let bytes = served(&script_url()).len();
    assert!(bytes < 10 * 1024, "{bytes} bytes");
}

#[test]
fn vendored_files_are_those_of_the_lock() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read(root.join(path)).expect("listed in vendor.lock");
    let lock = String::from_utf8(read("assets/vendor.lock")).expect("text");
    let mut locked = Vec::new();
    for line in lock.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["package", _name, _version, integrity] => assert!(integrity.starts_with("sha512-")),
            ["file", path, expected] => {
                let digest = Sha256::digest(read(path));
                let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(
                    &found, expected,
                    "{path} was changed by hand: run tools/frontend/vendor.sh"
                );
                locked.push((*path).to_owned());
            }
            _ => panic!("vendor.lock has a line that is neither package nor file: {line}"),
        }
    }
    for folder in ["assets/vendor", "fixtures"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("folder") {
            let path = format!("{folder}/{}", entry.expect("entry").file_name().display());
            assert!(locked.contains(&path), "{path} is not in vendor.lock");
        }
    }
}
