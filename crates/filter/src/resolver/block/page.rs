//! What the block page says: to children gently, to adults with a way to ask, and to both where help is.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

use crate::categories;
use crate::line::Word;
use crate::resolver::judge::Said;

static STYLE: &str = include_str!("page.css");
static HELP: LazyLock<Help> = LazyLock::new(|| {
    // The file is part of the program, and a test reads it.
    toml_edit::de::from_str(include_str!("help.toml")).unwrap_or_default()
});

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Help {
    #[serde(rename = "category")]
    categories: Vec<OfCategory>,
    #[serde(rename = "help")]
    helps: Vec<OneHelp>,
}

/// What a category means to a child, and who helps.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCategory {
    key: String,
    children: Option<String>,
    says: Option<String>,
    #[serde(default)]
    helps: Vec<String>,
    #[serde(default)]
    adults: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct OneHelp {
    key: String,
    words: String,
    phone: Option<String>,
    web: Option<String>,
}

/// Why somebody meets the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::resolver) enum Closed {
    /// A list stops it, in this category.
    Category(String),
    /// The school decided it.
    Denied,
    /// There is no internet for this group at this hour.
    Hours,
    /// Nothing but what is allowed is open for this group.
    NotAllowed,
    Illegal,
    /// A search engine that cannot be made safe.
    UnsafeSearch,
    /// An address of the school's own network, which a page from outside must not reach.
    Inside,
    /// An internet address where a name should stand.
    Address,
    /// It is open now, or there is no such site.
    Nothing,
}

impl Closed {
    pub(in crate::resolver) fn of(said: &Said) -> Self {
        match said.word {
            Word::Listed => Self::Category(said.category.clone()),
            Word::Denied => Self::Denied,
            Word::Closed => Self::Hours,
            Word::NotAllowed => Self::NotAllowed,
            Word::Illegal => Self::Illegal,
            Word::UnsafeSearch => Self::UnsafeSearch,
            Word::Rebinding => Self::Inside,
            _ => Self::Nothing,
        }
    }

    fn key(&self) -> &str {
        match self {
            Self::Category(key) => key,
            Self::Illegal => "illegal",
            _ => "",
        }
    }
}

/// One page.
#[derive(Debug, Clone)]
pub(in crate::resolver) struct Page {
    pub host: String,
    /// The group that the device belongs to.
    pub group: String,
    pub closed: Closed,
    pub adults: bool,
    /// Where staff ask for a site.
    pub ask: Option<String>,
    /// Whom adults can speak to.
    pub contact: Option<String>,
}

impl Page {
    pub(in crate::resolver) fn html(&self) -> String {
        let title = self.title();
        let mut html = format!(
            "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
             <style>{STYLE}</style></head><body class=\"{}\"><div class=\"band\"></div><main>\
             <div class=\"beacon\"></div><h1>{title}</h1>",
            if self.adults { "adults" } else { "children" }
        );
        if self.adults {
            self.for_adults(&mut html);
        } else {
            self.for_children(&mut html);
        }
        self.help(&mut html);
        if let (true, Some(contact)) = (self.adults, &self.contact) {
            let _ = write!(
                html,
                "<p class=\"muted\">Questions: {}</p>",
                escaped(contact)
            );
        }
        html += "</main></body></html>";
        html
    }

    fn title(&self) -> &'static str {
        match (&self.closed, self.adults) {
            (Closed::Nothing, _) => "There is no page here",
            (Closed::Hours, _) => "The internet is closed at this hour",
            (Closed::Illegal, true) => "This website cannot be reached",
            (_, true) => "This website is closed for your group",
            (_, false) => "This website is closed at school",
        }
    }

    fn for_children(&self, html: &mut String) {
        let why = match &self.closed {
            Closed::Category(key) => {
                let words = of(key).and_then(|one| one.children.clone());
                words.unwrap_or_else(|| format!("It is about: {}.", categories::title(key)))
            }
            Closed::Denied | Closed::Illegal | Closed::Inside => {
                "The school has decided that it stays closed.".to_owned()
            }
            Closed::Hours => "It opens again later.".to_owned(),
            Closed::NotAllowed => "It has not been opened for your class.".to_owned(),
            Closed::UnsafeSearch => "Please search with another search engine.".to_owned(),
            Closed::Address => "Websites have names. This one has only a number.".to_owned(),
            Closed::Nothing => {
                let _ = write!(
                    html,
                    "<p>The school’s filter does not stop it. Check the address, or wait ten seconds and try again.</p>"
                );
                return;
            }
        };
        let _ = write!(
            html,
            "<p>{}</p><p>You are not in trouble.</p>",
            escaped(&why)
        );
        let asks = match self.closed {
            Closed::Illegal | Closed::Hours | Closed::Inside => false,
            _ => of(self.closed.key()).is_none_or(|one| one.helps.is_empty()),
        };
        if asks {
            *html += "<p>Do you need it for your work? Ask your teacher.</p>";
        }
    }

    fn for_adults(&self, html: &mut String) {
        let host = match self.host.as_str() {
            "" => "This website".to_owned(),
            host => format!("<strong>{}</strong>", escaped(host)),
        };
        let why = match &self.closed {
            Closed::Category(key) => format!(
                "{host} is listed under: {}. The school’s policy closes these for your group.",
                escaped(categories::title(key))
            ),
            Closed::Denied => format!("The school itself decided to close {host}."),
            Closed::Hours => "The policy gives your group no internet at this hour.".to_owned(),
            Closed::NotAllowed => {
                format!(
                    "Your group reaches only what the school has opened, and {host} is not among it."
                )
            }
            Closed::Illegal => {
                "Nobody in school can open it. If you came here by accident, close the page, \
                                do not try again, and tell the designated safeguarding lead."
                    .to_owned()
            }
            Closed::UnsafeSearch => format!(
                "{host} is a search engine that cannot be made to search safely. Please use another."
            ),
            Closed::Inside => {
                format!(
                    "{host} led to an address of the school’s own network, so it was not opened."
                )
            }
            Closed::Address => {
                "Websites are reached by their names here, not by their numbers.".to_owned()
            }
            Closed::Nothing => format!(
                "The school’s filter does not stop {host}. If it was opened a moment ago, wait ten seconds and try \
                 again. If not, check the address."
            ),
        };
        let _ = write!(html, "<p>{why}</p>");
        let may_ask = matches!(
            self.closed,
            Closed::Category(_) | Closed::Denied | Closed::NotAllowed | Closed::UnsafeSearch
        );
        if let (true, Some(ask)) = (may_ask, &self.ask) {
            let sign = if ask.contains('?') { '&' } else { '?' };
            let address = format!(
                "{ask}{sign}name={}&group={}",
                in_query(&self.host),
                in_query(&self.group)
            );
            let _ = write!(
                html,
                "<p><a class=\"button\" href=\"{}\">Ask for this site</a></p>",
                escaped(&address)
            );
        }
    }

    fn help(&self, html: &mut String) {
        let Some(one) = of(self.closed.key()) else {
            return;
        };
        let keys = if self.adults { &one.adults } else { &one.helps };
        if keys.is_empty() {
            return;
        }
        *html += "<section class=\"help\"><h2>If something is wrong, there is help</h2>";
        if let (false, Some(says)) = (self.adults, &one.says) {
            let _ = write!(html, "<p>{}</p>", escaped(says));
        }
        *html += "<ul>";
        for help in HELP.helps.iter().filter(|help| keys.contains(&help.key)) {
            let _ = write!(html, "<li>{}", escaped(&help.words));
            if let Some(phone) = &help.phone {
                let digits = phone.replace(' ', "");
                let _ = write!(
                    html,
                    " <a class=\"tel\" href=\"tel:{digits}\">{}</a>",
                    escaped(phone)
                );
            }
            if let Some(web) = &help.web {
                let name = web
                    .trim_start_matches("https://")
                    .trim_start_matches("www.");
                let name = name.split('/').next().unwrap_or_default();
                let _ = write!(html, " <a href=\"{}\">{}</a>", escaped(web), escaped(name));
            }
            *html += "</li>";
        }
        *html += "</ul></section>";
    }
}

fn of(key: &str) -> Option<&'static OfCategory> {
    HELP.categories.iter().find(|one| one.key == key)
}

/// Only the style of this page is let in, and no script.
pub(super) fn content_policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let digest = data_encoding::BASE64.encode(&Sha256::digest(STYLE));
        format!(
            "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    });
    &POLICY
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

fn in_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(closed: Closed, adults: bool) -> Page {
        Page {
            host: "games.example".to_owned(),
            group: "staff".to_owned(),
            closed,
            adults,
            ask: Some("https://school.example/requests/new".to_owned()),
            contact: Some("the office".to_owned()),
        }
    }

    fn category(key: &str) -> Closed {
        Closed::Category(key.to_owned())
    }

    #[test]
    fn the_file_of_help_is_whole() {
        assert!(HELP.categories.len() > 8);
        for one in &HELP.categories {
            let known = one.key == "illegal" || categories::category(&one.key).is_some();
            assert!(known, "{}", one.key);
            for key in one.helps.iter().chain(&one.adults) {
                assert!(HELP.helps.iter().any(|help| help.key == *key), "{key}");
            }
        }
    }

    #[test]
    fn a_child_is_told_gently_and_cannot_ask_alone() {
        let html = page(category("games"), false).html();
        assert!(html.contains("It is about: Games.") && html.contains("You are not in trouble."));
        assert!(html.contains("Ask your teacher"));
        assert!(!html.contains("Ask for this site") && !html.contains("the office"));
        let html = page(category("adult"), false).html();
        assert!(!html.contains("ornography") && html.contains("It is for grown-ups."));
    }

    #[test]
    fn an_adult_hears_the_category_and_may_ask() {
        let html = page(category("games"), true).html();
        assert!(html.contains("listed under: Games.") && html.contains("Questions: the office"));
        let link = "https://school.example/requests/new?name=games.example&amp;group=staff";
        assert!(html.contains(link), "{html}");
        for closed in [
            Closed::Illegal,
            Closed::Hours,
            Closed::Inside,
            Closed::Nothing,
        ] {
            assert!(!page(closed, true).html().contains("Ask for this site"));
        }
    }

    #[test]
    fn help_stands_where_it_may_be_needed() {
        for key in ["self-harm", "extremism", "adult"] {
            let html = page(category(key), false).html();
            assert!(
                html.contains("0800 1111") && html.contains("a grown-up that you trust"),
                "{key}"
            );
            assert!(!html.contains("Ask your teacher"), "{key}");
            assert!(
                page(category(key), true)
                    .html()
                    .contains("safeguarding lead"),
                "{key}"
            );
        }
        assert!(!page(category("games"), false).html().contains("0800 1111"));
        // Of what is illegal nothing is said but that it is closed.
        assert!(!page(Closed::Illegal, true).html().contains("listed under"));
    }

    #[test]
    fn whatever_a_client_calls_the_site_it_stays_text() {
        let mut page = page(category("games"), true);
        page.host = "\"><script>alert(1)</script>".to_owned();
        let html = page.html();
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("name=%22%3E%3Cscript"), "{html}");
    }

    #[test]
    fn a_page_is_small() {
        for closed in [category("adult"), category("games"), Closed::Illegal] {
            for adults in [true, false] {
                assert!(page(closed.clone(), adults).html().len() < 5_000);
            }
        }
    }
}
