//! An answer as a person reads it: found by heading, label, link and button.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use scraper::{ElementRef, Html, Selector};

/// An answer.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Page {
    pub(super) async fn read(path: String, response: Response) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            path,
            status: parts.status,
            location: parts
                .headers
                .get(header::LOCATION)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            headers: parts.headers,
            body: axum::body::to_bytes(body, usize::MAX)
                .await
                .expect("a body")
                .to_vec(),
        }
    }

    pub(crate) fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The words of the main part, with single spaces.
    pub(crate) fn text(&self) -> String {
        let document = Html::parse_document(&self.html());
        first(&document, "main").map_or_else(|| self.html(), |main| words(&main))
    }

    /// The words of the first heading.
    pub(crate) fn heading(&self) -> String {
        let document = Html::parse_document(&self.html());
        first(&document, "h1")
            .map(|h1| words(&h1))
            .unwrap_or_default()
    }

    /// The lines of the error summary.
    pub(crate) fn errors(&self) -> Vec<String> {
        let document = Html::parse_document(&self.html());
        document
            .select(&selector(".govuk-error-summary__list li"))
            .map(|item| words(&item))
            .collect()
    }

    /// Where the link with these words leads.
    pub(crate) fn link(&self, text: &str) -> String {
        let document = Html::parse_document(&self.html());
        document
            .select(&selector("a[href]"))
            .find(|link| words(link).contains(text))
            .and_then(|link| link.attr("href").map(str::to_owned))
            .unwrap_or_else(|| panic!("no link says “{text}” on {}:\n{}", self.path, self.text()))
    }

    pub(crate) fn has_link(&self, text: &str) -> bool {
        let document = Html::parse_document(&self.html());
        document
            .select(&selector("a[href]"))
            .any(|link| words(&link).contains(text))
    }

    /// What the first field of this name holds.
    pub(crate) fn field(&self, name: &str) -> String {
        let document = Html::parse_document(&self.html());
        let named = selector(&format!("[name=\"{name}\"]"));
        document
            .select(&named)
            .filter_map(|field| sent_value(&field))
            .map(|(_, value)| value)
            .next()
            .unwrap_or_else(|| {
                panic!(
                    "no field is called {name} on {}:\n{}",
                    self.path,
                    self.text()
                )
            })
    }

    /// The value of the first box or button of this name, ticked or not.
    pub(crate) fn field_value(&self, name: &str) -> String {
        let document = Html::parse_document(&self.html());
        document
            .select(&selector(&format!("[name=\"{name}\"]")))
            .find_map(|field| field.attr("value").map(str::to_owned))
            .unwrap_or_else(|| {
                panic!(
                    "no field is called {name} on {}:\n{}",
                    self.path,
                    self.text()
                )
            })
    }

    pub(crate) fn has_button(&self, text: &str) -> bool {
        let document = Html::parse_document(&self.html());
        document
            .select(&selector("button"))
            .any(|button| words(&button) == text)
    }

    /// Panics with the page's words unless it says this.
    pub(crate) fn says(&self, expected: &str) -> &Self {
        assert!(
            self.text().contains(expected),
            "{} ({}) does not say “{expected}”:\n{}",
            self.path,
            self.status,
            self.text()
        );
        self
    }

    /// The address of the form with this button, and the fields it would send as it stands.
    pub(crate) fn form_with(&self, button: &str) -> (String, Vec<(String, String)>) {
        let document = Html::parse_document(&self.html());
        let form = document
            .select(&selector("form"))
            .find(|form| {
                form.select(&selector("button"))
                    .any(|found| words(&found) == button)
            })
            .unwrap_or_else(|| {
                panic!(
                    "no form with the button “{button}” on {}:\n{}",
                    self.path,
                    self.text()
                )
            });
        let buttons = selector("button[formaction]");
        let own = form
            .select(&buttons)
            .find(|found| words(found) == button)
            .and_then(|found| found.attr("formaction").map(str::to_owned));
        let action = own
            .as_deref()
            .or_else(|| form.attr("action"))
            .filter(|action| !action.is_empty())
            .unwrap_or(&self.path)
            .to_owned();
        let named_buttons = selector("button[name]");
        let pressed = form
            .select(&named_buttons)
            .filter(|found| words(found) == button)
            .filter_map(|found| {
                Some((
                    found.attr("name")?.to_owned(),
                    found.attr("value").unwrap_or_default().to_owned(),
                ))
            });
        let named_fields = selector("input[name], textarea[name], select[name]");
        let fields = form
            .select(&named_fields)
            .filter_map(|field| sent_value(&field))
            .chain(pressed)
            .collect();
        (action, fields)
    }
}

fn sent_value(field: &ElementRef<'_>) -> Option<(String, String)> {
    let name = field.attr("name")?.to_owned();
    let value = match field.value().name() {
        "textarea" => field.text().collect(),
        "select" => field
            .select(&selector("option[selected]"))
            .next()
            .or_else(|| field.select(&selector("option")).next())
            .map(|option| {
                option
                    .attr("value")
                    .map_or_else(|| option.text().collect(), str::to_owned)
            })
            .unwrap_or_default(),
        _ => match field.attr("type") {
            Some("radio" | "checkbox") if field.attr("checked").is_none() => return None,
            _ => field.attr("value").unwrap_or_default().to_owned(),
        },
    };
    Some((name, value))
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

fn first<'a>(document: &'a Html, text: &str) -> Option<ElementRef<'a>> {
    document.select(&selector(text)).next()
}

fn words(element: &ElementRef<'_>) -> String {
    element
        .text()
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
