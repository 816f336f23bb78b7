//! Signing in with name and password.

/// The page.
pub(crate) fn url() -> String {
    "/sign-in".to_owned()
}

/// The page, and where to go afterwards.
pub(crate) fn url_then(then: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("then", then);
    format!("/sign-in?{}", query.finish())
}
