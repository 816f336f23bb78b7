//! A made-up person at a browser. What they do goes through the same door as what
//! everybody does: the address, the form, the rules, the journal. Nothing here knows
//! how an act is done, only which button a person would press.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use belisha_rules::ids::PersonId;
use belisha_rules::sessions::SessionRule;
use belisha_vault::PersonPrivate;
use tower::ServiceExt as _;

use crate::accounts::sessions;
use crate::actor::{Actor, Factor};
use crate::entries::{Entry, EntryKind, Object};
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::web::cookies::SESSION as COOKIE;
use crate::web::sent::SUBMISSION;

/// The largest page that is read.
const LARGEST: usize = 8 * 1024 * 1024;

/// A browser in which somebody is signed in.
pub(super) struct Browser {
    router: Router,
    cookie: String,
    school: Arc<School>,
}

/// A page as it came back.
pub(super) struct Page {
    pub(super) status: StatusCode,
    /// Where an act led to.
    pub(super) led_to: String,
    html: String,
}

impl Browser {
    /// A browser in which nobody is signed in.
    pub(super) fn of_nobody(router: &Router, school: &Arc<School>) -> Self {
        Self {
            router: router.clone(),
            cookie: String::new(),
            school: Arc::clone(school),
        }
    }

    /// Somebody sits down and signs in, with the key that their password would open.
    pub(super) async fn open(
        router: &Router,
        school: &Arc<School>,
        person: PersonId,
        key: &PersonPrivate,
    ) -> Result<Self, Problem> {
        let mut records = school.database.read().await?;
        let in_force = school.in_force(&mut records).await?;
        let worn = crate::people::hats::of(&mut records, person, school.today()).await?;
        drop(records);
        let factor = match worn.hats.posts.is_empty() {
            true => Factor::Password,
            false => Factor::SecondFactor,
        };
        let actor = Actor::Person {
            person,
            session: None,
            factor,
        };
        let mut tx = school.write(actor).await?;
        let rule = SessionRule::of(&in_force.policy, &worn.hats);
        let (token, session) = sessions::start(
            &mut tx,
            person,
            key,
            factor,
            "Browser at school",
            "192.0.2.10",
            rule,
        )
        .await?;
        tx.commit(Entry::of(
            EntryKind::SessionStarted,
            Object::new("session", session),
        ))
        .await?;
        Ok(Self {
            router: router.clone(),
            cookie: format!("{COOKIE}={}", *token.text()),
            school: Arc::clone(school),
        })
    }

    /// Asks for a page that may not be for this person.
    pub(super) async fn try_get(&mut self, path: &str) -> Result<Page, Problem> {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Asks for a page that must be there.
    pub(super) async fn get(&mut self, path: &str) -> Result<Page, Problem> {
        let page = self.send(Request::get(path), Body::empty()).await?;
        match page.status {
            StatusCode::OK => Ok(page),
            status => Err(unexpected(path, status, &page)),
        }
    }

    /// Sends a form, which must lead on to another page.
    pub(super) async fn post(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Page, Problem> {
        let page = self.send_form(path, fields).await?;
        match page.status {
            StatusCode::SEE_OTHER => Ok(page),
            status => Err(unexpected(path, status, &page)),
        }
    }

    /// Sends a form that a rule may refuse: then nothing has happened, as in life.
    pub(super) async fn ask(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<(), Problem> {
        let page = self.send_form(path, fields).await?;
        match page.status {
            StatusCode::SEE_OTHER | StatusCode::FORBIDDEN => Ok(()),
            status => Err(unexpected(path, status, &page)),
        }
    }

    /// Uploads a file of people.
    pub(super) async fn upload(
        &mut self,
        path: &str,
        kind: &str,
        file: &[u8],
    ) -> Result<Page, Problem> {
        const BOUNDARY: &str = "a-line-that-no-made-up-file-has";
        let part = |name: &str, value: &str| {
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
        };
        let mut body = part(SUBMISSION, &self.school.new_row_id()).into_bytes();
        body.extend(part("kind", kind).into_bytes());
        body.extend(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{kind}.csv\"\r\n\
                 Content-Type: text/csv\r\n\r\n"
            )
            .into_bytes(),
        );
        body.extend(file);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            );
        let page = self.send(request, Body::from(body)).await?;
        match page.status {
            StatusCode::SEE_OTHER => Ok(page),
            status => Err(unexpected(path, status, &page)),
        }
    }

    /// Sends a form, whatever the answer.
    pub(super) async fn send_form(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Page, Problem> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair(SUBMISSION, &self.school.new_row_id());
        form.extend_pairs(fields);
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(form.finish())).await
    }

    async fn send(
        &mut self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Result<Page, Problem> {
        let request = request
            .header(header::HOST, "localhost")
            .header(header::COOKIE, &self.cookie)
            .body(body)
            .map_err(|error| Fault::at("asking for a page".into(), error))?;
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let text = |value: &header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            if let Some(renewed) = text(cookie)
                .split(';')
                .next()
                .filter(|pair| pair.starts_with(COOKIE))
            {
                self.cookie = renewed.to_owned();
            }
        }
        let status = response.status();
        let led_to = response
            .headers()
            .get(header::LOCATION)
            .map(text)
            .unwrap_or_default();
        let bytes = to_bytes(response.into_body(), LARGEST)
            .await
            .map_err(|error| Fault::at("reading a page".into(), error))?;
        Ok(Page {
            status,
            led_to,
            html: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }
}

impl Page {
    /// The code of sixteen letters in four groups that the page shows.
    pub(super) fn code(&self) -> Option<String> {
        let is_group = |group: &&str| {
            group.len() == 4
                && group
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte))
        };
        self.html
            .split(['<', '>'])
            .map(|piece| piece.split_whitespace().collect::<Vec<_>>())
            .find(|groups| groups.len() == 4 && groups.iter().all(is_group))
            .map(|groups| groups.join(" "))
    }

    /// What a hidden field of the page holds.
    pub(super) fn hidden(&self, name: &str) -> Option<String> {
        let field = format!("name=\"{name}\"");
        self.html
            .split("<input")
            .filter_map(|input| input.split_once('>').map(|(attributes, _)| attributes))
            .find(|attributes| attributes.contains("hidden") && attributes.contains(&field))
            .and_then(|attributes| attributes.split_once("value=\""))
            .and_then(|(_, value)| value.split_once('"'))
            .map(|(value, _)| {
                value
                    .replace("&#34;", "\"")
                    .replace("&quot;", "\"")
                    .replace("&amp;", "&")
            })
    }
}

/// Says what a page said that was not awaited, without its markup.
fn unexpected(path: &str, status: StatusCode, page: &Page) -> Problem {
    let main = page
        .html
        .split_once("<main")
        .map_or(page.html.as_str(), |(_, main)| main);
    let words: Vec<&str> = main
        .split('<')
        .filter_map(|piece| piece.split_once('>').map(|(_, words)| words.trim()))
        .filter(|words| !words.is_empty())
        .take(12)
        .collect();
    Fault::said(format!(
        "{path} answered {status} {}: {}",
        page.led_to,
        words.join(" / ")
    ))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_field_is_found_by_its_name() {
        let page = Page {
            status: StatusCode::OK,
            led_to: String::new(),
            html: r#"<form><input type="text" name="shown" value="x">
                     <input type="hidden" name="shown" value="a &amp; &#34;b&#34;"><input name="other" type="hidden" value=""></form>"#
                .into(),
        };
        assert_eq!(page.hidden("shown").as_deref(), Some("a & \"b\""));
        assert_eq!(page.hidden("other").as_deref(), Some(""));
        assert_eq!(page.hidden("more"), None);
    }
}
