//! Accounts: list.

pub(crate) fn url() -> String {
    "/accounts".to_owned()
}
