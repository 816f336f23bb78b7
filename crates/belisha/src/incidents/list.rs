//! The queue of cases.

pub(crate) fn url() -> String {
    "/incidents".to_owned()
}
