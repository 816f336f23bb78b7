use std::collections::HashSet;
use std::path::Path;

use scraper::{Html as Document, Selector};

use super::{components, pages};

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("selector")
}

#[test]
fn every_component_with_examples_is_shown() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let shown: HashSet<String> = components()
        .iter()
        .map(|component| component.slug.replace('-', "_"))
        .collect();
    let mut found = 0;
    for entry in std::fs::read_dir(source).expect("source folder") {
        let folder = entry.expect("entry").path();
        let Ok(code) = std::fs::read_to_string(folder.join("mod.rs")) else {
            continue;
        };
        if code.contains("pub fn examples()") {
            found += 1;
            let name = folder
                .file_name()
                .expect("folder name")
                .to_string_lossy()
                .into_owned();
            assert!(shown.contains(&name), "{name} is not in the gallery");
        }
    }
    assert_eq!(found, shown.len());
    assert!(
        components()
            .iter()
            .all(|component| !component.examples.is_empty())
    );
}

/// What must hold for each page, whatever it shows.
fn check(page: &str, html: &str) {
    let document = Document::parse_document(html);
    let attributes = |name: &str| -> Vec<String> {
        document
            .select(&selector(&format!("[{name}]")))
            .filter_map(|element| element.attr(name).map(str::to_owned))
            .collect()
    };

    let ids = attributes("id");
    let known: HashSet<&String> = ids.iter().collect();
    assert_eq!(
        known.len(),
        ids.len(),
        "{page}: an id is used twice: {ids:?}"
    );
    for name in [
        "for",
        "aria-describedby",
        "aria-labelledby",
        "aria-controls",
        "list",
    ] {
        for value in attributes(name) {
            for id in value.split_whitespace() {
                assert!(
                    known.contains(&id.to_owned()),
                    "{page}: {name} names {id}, which is not there"
                );
            }
        }
    }
    for field in document.select(&selector("input, select, textarea")) {
        let id = field.attr("id").unwrap_or_default();
        let label = selector("label");
        let labels = document
            .select(&label)
            .filter(|label| label.attr("for") == Some(id));
        assert_eq!(labels.count(), 1, "{page}: field {id} needs one label");
        assert!(
            field.attr("required").is_none(),
            "{page}: {id}: the server says what is missing"
        );
    }
    for named in document.select(&selector(
        "a, button, label, legend, h1, h2, h3, th, summary",
    )) {
        assert!(
            named.text().any(|text| !text.trim().is_empty()),
            "{page}: nothing to read in {}",
            named.html()
        );
    }
    for element in document.select(&selector("*")) {
        for (name, _) in element.value().attrs() {
            assert!(
                name != "style" && !name.starts_with("on"),
                "{page}: {name} breaks the content policy"
            );
        }
    }
    for script in document.select(&selector("script")) {
        assert!(
            script.attr("src").is_some(),
            "{page}: a script in the page breaks the content policy"
        );
    }
}

#[test]
fn every_variant_is_sound() {
    let pages = pages("/gallery");
    assert_eq!(
        pages.len(),
        components().len() + 4,
        "contents, three whole pages, one for each component"
    );
    for page in pages {
        check(page.title, &page.html);
    }
}
