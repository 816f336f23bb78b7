//! The block page as it is drawn over plain HTTP, from its words.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

use super::words::{BlockHelp, BlockWords, Closed, SITE};

static STYLE: &str = include_str!("page.css");
/// Stands before the link that a child follows. The browser extension says the same.
const WORRIED: &str = "Is something worrying you?";

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
    /// Where a child tells somebody what worries them.
    pub tell: Option<String>,
    /// Whom adults can speak to.
    pub contact: Option<String>,
}

impl Page {
    pub(in crate::resolver) fn html(&self) -> String {
        let words = self.closed.words(self.adults);
        let title = words.title;
        let mut html = format!(
            "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
             <style>{STYLE}</style></head><body class=\"{}\"><div class=\"band\"></div><main>\
             <div class=\"beacon\"></div><h1>{title}</h1>",
            if self.adults { "adults" } else { "children" }
        );
        self.paragraphs(&words, &mut html);
        if let Some(of) = &words.help {
            help(of, &mut html);
        }
        if let (false, Some(tell)) = (self.adults, &self.tell) {
            let _ = write!(
                html,
                "<p>{WORRIED} <a class=\"button\" href=\"{}\">Tell someone</a></p>",
                escaped(tell)
            );
        }
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

    /// The words, with the site in its place.
    fn paragraphs(&self, words: &BlockWords, html: &mut String) {
        let host = match self.host.as_str() {
            "" => "This website".to_owned(),
            host => format!("<strong>{}</strong>", escaped(host)),
        };
        for paragraph in &words.paragraphs {
            let said = escaped(paragraph).replace(SITE, &host);
            let _ = write!(html, "<p>{said}</p>");
        }
        if let (true, Some(ask)) = (words.may_ask, &self.ask) {
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
}

fn help(of: &BlockHelp, html: &mut String) {
    let _ = write!(html, "<section class=\"help\"><h2>{}</h2>", of.title);
    if let Some(says) = &of.says {
        let _ = write!(html, "<p>{}</p>", escaped(says));
    }
    *html += "<ul>";
    for line in &of.lines {
        let _ = write!(html, "<li>{}", escaped(&line.words));
        if let Some(phone) = &line.phone {
            let digits = phone.replace(' ', "");
            let _ = write!(
                html,
                " <a class=\"tel\" href=\"tel:{digits}\">{}</a>",
                escaped(phone)
            );
        }
        if let Some(web) = &line.web {
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
            tell: Some("https://school.example/tell".to_owned()),
            contact: Some("the office".to_owned()),
        }
    }

    fn category(key: &str) -> Closed {
        Closed::Category(key.to_owned())
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
    fn a_child_can_tell_someone_from_every_page_and_an_adult_is_not_asked() {
        let link = "<a class=\"button\" href=\"https://school.example/tell\">Tell someone</a>";
        for closed in [
            category("games"),
            category("adult"),
            Closed::Hours,
            Closed::Illegal,
        ] {
            assert!(page(closed.clone(), false).html().contains(link));
            assert!(!page(closed, true).html().contains("Tell someone"));
        }
        let mut page = page(category("games"), false);
        page.tell = None;
        assert!(!page.html().contains("Tell someone"));
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
