//! Where to go when the sign-in, or a step of it, is done: only ever a page of this
//! site, so that nobody is led elsewhere by a link that looks like ours.

use axum::extract::Request;
use axum::http::Method;
use belisha_rules::ids::PersonId;

use super::held_form;
use crate::problem::Fault;
use crate::school::School;

/// The query of every page on the way in.
#[derive(Debug, Default, serde::Deserialize)]
pub(crate) struct Then {
    #[serde(default)]
    pub(crate) then: String,
}

/// What was asked for, to come back to it. An act is not repeated by coming back: its
/// form is kept instead, see [`held_form`].
pub(crate) fn of(request: &Request) -> String {
    let asked = request.uri().path_and_query().map(|path| path.as_str());
    match (request.method(), asked) {
        (&Method::GET, Some(asked)) if !super::is_on_the_way_in(request.uri().path()) => {
            asked.to_owned()
        }
        _ => crate::home::url(),
    }
}

/// The same, where it is a path of this site; otherwise Today.
pub(crate) fn safe(then: &str) -> String {
    let is_path = then.starts_with('/') && !then.starts_with("//");
    let is_plain = then
        .chars()
        .all(|character| character.is_ascii_graphic() && character != '\\');
    if is_path && is_plain {
        then.to_owned()
    } else {
        crate::home::url()
    }
}

/// Where a person goes who has just come in: to the form that was kept for them, if one
/// was, or to what they asked for.
pub(crate) async fn next(school: &School, person: PersonId, then: &str) -> Result<String, Fault> {
    let mut records = school.database.read().await?;
    Ok(match held_form::waits(&mut records, person).await? {
        true => held_form::url(),
        false => safe(then),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_to() {
        let check = |then: &str, expected: &str| assert_eq!(safe(then), expected, "{then}");
        check("/incidents/7?all=yes#x", "/incidents/7?all=yes#x");
        check("/", "/");
        check("", "/");
        check("//evil.example", "/");
        check("/\\evil.example", "/");
        check("https://evil.example", "/");
        check("javascript:alert(1)", "/");
        check("/\t/evil.example", "/");
        check("/a\r\nx: y", "/");
        check(" /a", "/");
    }
}
