//! The first set-up of a school.

pub(crate) fn url() -> String {
    "/set-up".to_owned()
}
