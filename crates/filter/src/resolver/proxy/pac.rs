//! The file that tells browsers to use the proxy (proxy auto-config).

use std::net::SocketAddr;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Response, header};

use super::{Body, Proxy};

pub(super) fn respond(proxy: &Proxy, own: Option<SocketAddr>) -> Response<Body> {
    let own = own.map(|own| own.to_string()).unwrap_or_default();
    let at = proxy.settings.name.as_deref().unwrap_or(&own);
    let text = file(at, &proxy.inside_names);
    let body = Full::new(Bytes::from(text));
    let mut response = Response::new(body.map_err(|never| match never {}).boxed());
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/x-ns-proxy-autoconfig"),
    );
    response
}

/// Everything goes through the proxy, but for the school's own names. There is no way round it: a browser that
/// cannot reach the proxy reaches nothing.
fn file(at: &str, inside: &[String]) -> String {
    let mut text =
        String::from("function FindProxyForURL(url, host) {\n  host = host.toLowerCase();\n");
    text += "  if (isPlainHostName(host)) return \"DIRECT\";\n";
    for name in inside {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if name.bytes().all(plain) {
            text += &format!(
                "  if (host == \"{name}\" || dnsDomainIs(host, \".{name}\")) return \"DIRECT\";\n"
            );
        }
    }
    text + &format!("  return \"PROXY {at}\";\n}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_go_straight_and_the_rest_through_the_proxy() {
        let text = file(
            "10.2.0.1:3128",
            &["school.internal".into(), "\"); x(\"".into()],
        );
        assert!(text.contains("dnsDomainIs(host, \".school.internal\")) return \"DIRECT\""));
        assert!(text.ends_with("return \"PROXY 10.2.0.1:3128\";\n}\n"));
        assert!(!text.contains("x("));
    }
}
