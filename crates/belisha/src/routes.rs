//! The table of contents: one line a feature.

use crate::web::route::Route;

/// Every route there is. Each says who may come in; see [`crate::web::route::Needs`].
pub fn routes() -> Vec<Route> {
    [
        crate::home::routes(),
        crate::schools::routes(),
        crate::accounts::routes(),
        crate::people::routes(),
        crate::policies::routes(),
        crate::agreements::routes(),
        crate::incidents::routes(),
        crate::patterns::routes(),
        crate::files::routes(),
        crate::exports::routes(),
        crate::retention::routes(),
        crate::data_requests::routes(),
        crate::reviews::routes(),
        crate::referrals::routes(),
        crate::agencies::routes(),
        crate::approvals::routes(),
        crate::filter::routes(),
        crate::notices::routes(),
        crate::backups::routes(),
        crate::audit::routes(),
        crate::api::routes(),
        crate::api::tokens::routes(),
        crate::operations::routes(),
        crate::drafts::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
