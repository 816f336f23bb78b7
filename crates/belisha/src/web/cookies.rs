//! The product's two cookies: the session's token, and a value by which an account
//! knows a browser again. Both belong to this host alone and no script reads them.

use axum::http::{HeaderMap, HeaderValue, header};

/// The cookie that holds the session's token. It goes when the browser is closed.
pub(crate) const SESSION: &str = "__Host-belisha";
/// The cookie by which an account knows a browser again.
pub(crate) const DEVICE: &str = "__Host-belisha-device";

/// The cookie of the browser that sets a school up.
pub(crate) const SET_UP: &str = "__Host-belisha-set-up";

/// Browsers keep no cookie for longer than 400 days.
const DEVICE_LASTS_SECONDS: u32 = 400 * 24 * 60 * 60;

/// The value of a cookie that a browser sent.
pub(crate) fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// Sets the session's cookie. `Lax`, not `Strict`: a link in a mail must find its
/// reader signed in, and acts are refused from other sites anyway.
pub(crate) fn session(token: &str) -> HeaderValue {
    set(SESSION, token, "")
}

/// Takes the session's cookie away.
pub(crate) fn no_session() -> HeaderValue {
    set(SESSION, "", "; Max-Age=0")
}

/// Sets the device's cookie.
pub(crate) fn device(value: &str) -> HeaderValue {
    set(DEVICE, value, &format!("; Max-Age={DEVICE_LASTS_SECONDS}"))
}

/// Sets the cookie of the browser that sets a school up; it lasts for three days.
pub(crate) fn set_up(token: &str) -> HeaderValue {
    set(SET_UP, token, "; Max-Age=259200")
}

fn set(name: &str, value: &str, more: &str) -> HeaderValue {
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{more}"
    ))
    .expect("names and values are letters, figures and dashes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let check = |sent: &'static str, expected: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(sent));
            assert_eq!(value(&headers, SESSION), expected, "{sent}");
        };
        check("__Host-belisha=abc", Some("abc"));
        check("x=y; __Host-belisha=abc; z=w", Some("abc"));
        check("__Host-belisha-device=abc", None);
        check("belisha=abc", None);
        check("", None);
    }

    #[test]
    fn cookies_are_this_hosts_own_and_closed_to_scripts() {
        for cookie in [session("abc"), no_session(), device("abc")] {
            let text = cookie.to_str().unwrap();
            for word in ["__Host-", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
                assert!(text.contains(word), "{text} lacks {word}");
            }
            assert!(!text.contains("Domain"));
        }
    }
}
