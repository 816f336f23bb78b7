//! Confirming again who you are, before something that matters.

/// The page.
pub(crate) fn url() -> String {
    "/step-up".to_owned()
}

/// The page, and where to go afterwards.
pub(crate) fn url_then(then: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("then", then);
    format!("/step-up?{}", query.finish())
}
