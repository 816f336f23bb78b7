//! Accounts: sign_out.

pub(crate) fn url() -> String {
    "/sign-out".to_owned()
}
