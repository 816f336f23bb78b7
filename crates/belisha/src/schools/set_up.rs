//! The first set-up of a school, by a one-time code that only the console shows.

use std::sync::Arc;

use crate::school::School;

pub(crate) fn url() -> String {
    "/set-up".to_owned()
}

/// Shows the one-time code on the console of a school that is not set up yet.
pub(crate) async fn say_code(_school: &Arc<School>) -> anyhow::Result<()> {
    Ok(())
}
