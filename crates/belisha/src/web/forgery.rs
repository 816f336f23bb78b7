//! Another site cannot make a person's browser act here. Refused once, for every
//! route, so that forms carry no hidden token.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Lets an act pass only where the browser says that this very site sent it.
/// Browsers that do not send `Sec-Fetch-Site` send `Origin`; a program with a
/// token sends neither, and has no cookie that another site could misuse. No more has the
/// browser extension, which shows its key: another site cannot make a browser send one.
pub(crate) async fn refuse(request: Request, next: Next) -> Response {
    let acts = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if acts && !from_here(request.headers()) {
        return Problem::refused(
            "This did not come from Belisha",
            "Your browser says that another site sent this form, so nothing was done. \
             Open Belisha in a new tab and do it there. If that is where you were, \
             an extension or a proxy changes what your browser sends: tell the network manager.",
        )
        .into_response();
    }
    next.run(request).await
}

fn from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key(header::AUTHORIZATION) && !headers.contains_key(header::COOKIE) {
        return true;
    }
    if let Some(site) = text("sec-fetch-site".parse().unwrap_or(header::ORIGIN)) {
        return site == "same-origin";
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from == host),
        (None, _) => !headers.contains_key(header::COOKIE),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_site_acts() {
        let check = |given: &[(&'static str, &'static str)], expected: bool| {
            let mut headers = HeaderMap::new();
            for (name, value) in given {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(from_here(&headers), expected, "{given:?}");
        };
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "cross-site")], false);
        check(&[("sec-fetch-site", "none")], false);
        check(
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://here"),
                ("host", "here"),
            ],
            false,
        );
        check(&[("origin", "http://here:1"), ("host", "here:1")], true);
        check(&[("origin", "http://there"), ("host", "here")], false);
        check(&[("origin", "null"), ("host", "here")], false);
        check(&[("host", "here"), ("cookie", "x=y")], false);
        check(&[("host", "here"), ("authorization", "Bearer x")], true);
        check(
            &[("sec-fetch-site", "none"), ("authorization", "Bearer x")],
            true,
        );
        check(
            &[
                ("sec-fetch-site", "cross-site"),
                ("authorization", "Bearer x"),
                ("cookie", "x=y"),
            ],
            false,
        );
    }
}
