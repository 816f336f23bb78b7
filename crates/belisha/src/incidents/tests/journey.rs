//! A case from report to closure, under either school's policy.
