//! Links that resolve: every relative link of a Markdown page, and every page of `docs/` that code names.

use crate::house::{House, Page};

/// Relative links in Markdown that lead nowhere.
pub fn dangling(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    for page in house.pages().filter(|page| page.is("md")) {
        for (line, target) in targets(page) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            let outside = target.contains("://") || target.starts_with("mailto:");
            if !outside && !path.is_empty() && !house.has(&resolved(page.folder(), path)) {
                findings.push(format!(
                    "{}:{line} links to {target}, which is not there",
                    page.path
                ));
            }
        }
    }
    findings
}

/// Pages of `docs/` that are named outside Markdown and do not exist.
pub fn missing_documents(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    for page in house
        .pages()
        .filter(|page| !page.is("md") && !page.path.starts_with("crates/tidy/"))
    {
        for (line, text) in page.lines() {
            for (start, _) in text.match_indices("docs/") {
                // Only a path from our root: not `pages/docs/x`, not a web address.
                let begins = text[..start]
                    .chars()
                    .next_back()
                    .is_none_or(|c| !c.is_alphanumeric() && !"/.-_".contains(c));
                let path = text[start..]
                    .split(|c: char| !c.is_ascii_alphanumeric() && !"/.-_".contains(c))
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches(['.', '/']);
                if begins && !house.has(path) {
                    findings.push(format!(
                        "{}:{line} names {path}, which is not there",
                        page.path
                    ));
                }
            }
        }
    }
    findings
}

/// The targets of `[words](target)` outside fenced blocks, with their lines.
fn targets(page: &Page) -> Vec<(usize, &str)> {
    let mut fenced = false;
    let mut found = Vec::new();
    for (line, text) in page.lines() {
        if text.trim_start().starts_with("```") || text.trim_start().starts_with("~~~") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for (start, opening) in text.match_indices("](") {
            let rest = &text[start + opening.len()..];
            if let Some((target, _)) = rest.split_once(')') {
                found.push((line, target.split(' ').next().unwrap_or_default()));
            }
        }
    }
    found
}

fn resolved(folder: &str, path: &str) -> String {
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            name => steps.push(name),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, findings: usize) {
        let house = House::of(&[("docs/GLOSSARY.md", text), ("README.md", "")]);
        assert_eq!(dangling(&house).len(), findings, "{text}");
    }

    #[test]
    fn relative_links_lead_somewhere() {
        check("[home](../README.md)", 0);
        check("[home](../README.md#two-commands) and [here](#here)", 0);
        check("[law](https://www.legislation.gov.uk/)", 0);
        check("[folder](../docs/)", 0);
        check("[gone](gone.md)", 1);
        check("[gone](gone.md \"a title\") [gone](../gone.md)", 2);
        check("```\n[gone](gone.md)\n```", 0);
    }

    #[test]
    fn documents_that_code_names_exist() {
        let check = |text, findings| {
            let house = House::of(&[("crates/rules/src/lib.rs", text), ("docs/GLOSSARY.md", "")]);
            assert_eq!(missing_documents(&house).len(), findings, "{text}");
        };
        check("//! See docs/GLOSSARY.md.", 0);
        check("//! See `docs/`.", 0);
        check("//! See `docs/gone.md`.", 1);
        check("//! See https://example.org/docs/gone.md", 0);
    }
}
