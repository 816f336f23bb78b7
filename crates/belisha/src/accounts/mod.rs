//! Accounts: how a person shows who they are, and what a session may do.

pub(crate) mod denied_passwords;
pub(crate) mod list;
pub(crate) mod own;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod step_up;

use belisha_policy::Policy;
use belisha_rules::people::Hats;

use crate::web::route::{Route, Step};

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}

/// The page of a step between password and open session.
pub(crate) fn step_url(step: Step) -> String {
    match step {
        Step::SecondFactor => "/sign-in/second-factor",
        Step::NewPassword => "/sign-in/new-password",
        Step::Enrolment => "/sign-in/enrolment",
        Step::Unlock => "/unlock",
        Step::Agreement => "/agreements",
    }
    .to_owned()
}

/// Whether a person with these hats must have a second factor. Those who read other
/// people's records, change settings or hold any post must, whatever the policy says
/// (OWASP ASVS 5.0.0, 6.3.3); the policy may ask it of everyone.
pub(crate) fn needs_second_factor(policy: &Policy, hats: &Hats) -> bool {
    let everyone = policy.get(&belisha_policy::controls::second_factor::OF)
        == belisha_policy::controls::second_factor::Of::Everyone;
    everyone || !hats.posts.is_empty()
}
