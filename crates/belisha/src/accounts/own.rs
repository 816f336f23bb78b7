//! Accounts: own.

pub(crate) fn url() -> String {
    "/account".to_owned()
}
