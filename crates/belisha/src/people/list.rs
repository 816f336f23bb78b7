//! The register as a list.

pub(crate) fn url() -> String {
    "/people".to_owned()
}
