//! Templates stand beside the code that renders them, and hold no address of a page: an address is a
//! function beside its route, so that a link to a page that has moved does not compile.

use crate::house::{House, Page};

const SOURCE: &str = "crates/belisha/src/";

/// What an address in a template may begin with. Assets have no route of their own.
const ASSETS: &str = "/assets/";

/// Templates that no Rust file in their folder renders, and no other template builds on.
pub fn homeless(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    for template in templates(house) {
        let name = &template.path[SOURCE.len()..];
        let quoted = format!("\"{name}\"");
        let rendered = |page: &Page| {
            page.is("rs") && page.folder() == template.folder() && page.text.contains(&quoted)
        };
        let built_on = |page: &Page| {
            page.is("html") && page.path != template.path && page.text.contains(&quoted)
        };
        if !house.pages().any(|page| rendered(page) || built_on(page)) {
            findings.push(format!(
                "{} is rendered by no .rs file beside it",
                template.path
            ));
        }
    }
    findings
}

/// Addresses of pages written out in templates.
pub fn written_addresses(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    for template in templates(house) {
        for (line, text) in template.lines() {
            for attribute in ["href", "action", "formaction", "src"] {
                for quote in ['"', '\''] {
                    let opening = format!(" {attribute}={quote}/");
                    for (start, _) in text.match_indices(&opening) {
                        let address = &text[start + opening.len() - 1..];
                        if !address.starts_with(ASSETS) {
                            findings.push(format!(
                                "{}:{line} writes out an address, {}: call the function beside its route",
                                template.path,
                                address.split(quote).next().unwrap_or_default()
                            ));
                        }
                    }
                }
            }
        }
    }
    findings
}

/// The product's own; the components of `ui` know no route, and their gallery's addresses are made up.
fn templates(house: &House) -> impl Iterator<Item = &Page> {
    house
        .pages()
        .filter(|page| page.path.starts_with(SOURCE) && page.is("html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_rendered_beside_it() {
        let template = ("crates/belisha/src/incidents/closure.html", "");
        let render = "#[template(path = \"incidents/closure.html\")]";
        let check = |path, text, homeless_closure| {
            let findings = homeless(&House::of(&[template, (path, text)]));
            let found = findings
                .iter()
                .any(|finding| finding.contains("closure.html"));
            assert_eq!(found, homeless_closure, "{path}");
        };
        check("crates/belisha/src/incidents/closure.rs", render, false);
        check("crates/belisha/src/home/mod.rs", render, true);
        check("crates/belisha/src/incidents/closure.rs", "", true);
        check(
            "crates/belisha/src/home/today.html",
            "{% include \"incidents/closure.html\" %}",
            false,
        );
    }

    #[test]
    fn a_template_holds_no_address_of_a_page() {
        let check = |text, findings| {
            let house = House::of(&[("crates/belisha/src/home/today.html", text)]);
            assert_eq!(written_addresses(&house).len(), findings, "{text}");
        };
        check("<a href=\"/incidents\">", 1);
        check("<form method='post' action='/incidents'>", 1);
        check("<a class=\"link\" href=\"{{ incident.url }}\">", 0);
        check("<a href=\"#main\">", 0);
        check("<a href=\"https://www.gov.uk/\">", 0);
        check("<link rel=\"icon\" href=\"/assets/icon.svg\">", 0);
    }
}
