//! A browser of few words: one request a connection, one cookie jar, forms found by their button.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};

use scraper::{Html, Selector};

#[derive(Clone)]
pub(crate) struct Browser {
    address: SocketAddr,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) location: Option<String>,
}

/// The fields of a form as they would be sent.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// The same with these fields filled.
    pub(crate) fn with(mut self, filled: &[(&str, &str)]) -> Vec<(String, String)> {
        self.0
            .retain(|(name, _)| !filled.iter().any(|(given, _)| given == name));
        self.0.extend(
            filled
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        self.0
    }
}

impl Browser {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            cookies: Arc::default(),
        }
    }

    /// The same browser, asking another server.
    pub(crate) fn at(&self, address: SocketAddr) -> Self {
        Self {
            address,
            ..self.clone()
        }
    }

    /// None where the server was gone before it had answered.
    pub(crate) fn get(&self, path: &str) -> Option<Answer> {
        self.ask("GET", path, "")
    }

    pub(crate) fn post(&self, path: &str, fields: &[(String, String)]) -> Option<Answer> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.ask("POST", path, &body)
    }

    /// The form with this button on a page.
    pub(crate) fn form(&self, path: &str, button: &str) -> Option<Form> {
        let page = self.get(path)?;
        Some(form_on(&page, button))
    }

    /// Fills the form with this button and sends it; the page where it leads.
    pub(crate) fn submit(&self, path: &str, button: &str, filled: &[(&str, &str)]) -> Answer {
        let page = self.get(path).expect("a page");
        let (action, form) = (action_of(&page, button), form_on(&page, button));
        let action = if action.is_empty() {
            path.to_owned()
        } else {
            action
        };
        let answer = self.post(&action, &form.with(filled)).expect("an answer");
        match &answer.location {
            Some(location) => self.get(location).expect("a page"),
            None => answer,
        }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Option<Answer> {
        let cookies = {
            let cookies = self.cookies.lock().expect("cookies");
            let pairs: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            pairs.join("; ")
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: {cookies}\r\n\
             sec-fetch-site: same-origin\r\naccept-encoding: identity\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.write_all(request.as_bytes()).ok()?;
        let mut whole = Vec::new();
        stream.read_to_end(&mut whole).ok()?;
        let text = String::from_utf8_lossy(&whole);
        // An answer counts when its head came whole: it is sent after the commit.
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut location = None;
        for line in head.lines() {
            let Some((name, value)) = line.split_once(": ") else {
                continue;
            };
            if name.eq_ignore_ascii_case("location") {
                location = Some(value.to_owned());
            }
            if name.eq_ignore_ascii_case("set-cookie") {
                let pair = value.split(';').next().unwrap_or_default();
                if let Some((name, value)) = pair.split_once('=') {
                    let mut cookies = self.cookies.lock().expect("cookies");
                    cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        Some(Answer {
            status,
            body: body.to_owned(),
            location,
        })
    }
}

fn action_of(page: &Answer, button: &str) -> String {
    let document = Html::parse_document(&page.body);
    let forms = Selector::parse("form").expect("a selector");
    document
        .select(&forms)
        .find(|form| form.text().collect::<String>().contains(button))
        .unwrap_or_else(|| panic!("no form has the button “{button}”:\n{}", page.body))
        .attr("action")
        .unwrap_or_default()
        .to_owned()
}

fn form_on(page: &Answer, button: &str) -> Form {
    let document = Html::parse_document(&page.body);
    let forms = Selector::parse("form").expect("a selector");
    let fields = Selector::parse("input[name], textarea[name], select[name]").expect("a selector");
    let form = document
        .select(&forms)
        .find(|form| form.text().collect::<String>().contains(button))
        .unwrap_or_else(|| panic!("no form has the button “{button}”:\n{}", page.body));
    Form(
        form.select(&fields)
            .filter(|field| {
                !matches!(field.attr("type"), Some("radio" | "checkbox"))
                    || field.attr("checked").is_some()
            })
            .map(|field| {
                let name = field.attr("name").unwrap_or_default().to_owned();
                let value = match field.value().name() {
                    "textarea" => field.text().collect(),
                    _ => field.attr("value").unwrap_or_default().to_owned(),
                };
                (name, value)
            })
            .collect(),
    )
}
