//! Accounts: how a person shows who they are, and what a session may do.

pub(crate) mod arrival;
pub(crate) mod codes;
pub(crate) mod denied_passwords;
mod devices;
mod endings;
pub(crate) mod enrolment;
pub(crate) mod given;
mod guesses;
pub(crate) mod held_form;
pub(crate) mod invitation;
pub(crate) mod keys;
pub(crate) mod made_up;
pub(crate) mod making_safe;
pub(crate) mod new_password;
mod others;
pub(crate) mod own;
pub(crate) mod passwords;
pub(crate) mod recovery;
mod second_factor;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod standing;
pub(crate) mod step_up;
pub(crate) mod then;
mod totp;
mod unlock;

#[cfg(test)]
pub(crate) mod tests;

use crate::web::route::{Needs, Route, Step, get, post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        get("/sign-in", Needs::Nothing, sign_in::get),
        post("/sign-in", Needs::Nothing, sign_in::post),
        get(
            "/sign-in/second-factor",
            Needs::Step(Step::SecondFactor),
            second_factor::get,
        ),
        post(
            "/sign-in/second-factor",
            Needs::Step(Step::SecondFactor),
            second_factor::post,
        ),
        get(
            "/sign-in/new-password",
            Needs::Step(Step::NewPassword),
            new_password::get,
        ),
        post(
            "/sign-in/new-password",
            Needs::Step(Step::NewPassword),
            new_password::post,
        ),
        get(
            "/sign-in/enrolment",
            Needs::Step(Step::Enrolment),
            enrolment::get,
        ),
        post(
            "/sign-in/enrolment",
            Needs::Step(Step::Enrolment),
            enrolment::post,
        ),
        get("/unlock", Needs::Step(Step::Unlock), unlock::get),
        post("/unlock", Needs::Step(Step::Unlock), unlock::post),
        post("/sign-out", Needs::Nothing, sign_out::post),
        get("/step-up", Needs::Session, step_up::get),
        post("/step-up", Needs::Session, step_up::post),
        get("/kept-form", Needs::Session, held_form::get),
        post("/kept-form", Needs::Session, held_form::post),
        post("/kept-form/discard", Needs::Session, held_form::discard),
        get("/invitation", Needs::Nothing, invitation::get),
        post("/invitation", Needs::Nothing, invitation::post),
        get("/account", Needs::Session, own::get),
        get("/account/password", Needs::Session, own::password::get),
        post("/account/password", Needs::Session, own::password::post),
        get("/account/second-factor", Needs::Session, own::factor::get),
        post("/account/second-factor", Needs::Session, own::factor::post),
        post(
            "/account/recovery-codes",
            Needs::SteppedUp,
            own::factor::post_codes,
        ),
        post(
            "/account/sessions/end-others",
            Needs::Session,
            own::sessions::end_others,
        ),
        post(
            "/account/sessions/{session}/end",
            Needs::Session,
            own::sessions::end,
        ),
        get("/account/password-known", Needs::Session, own::known::get),
        post("/account/password-known", Needs::Session, own::known::post),
        get("/accounts", Needs::Session, others::list::get),
        get(
            "/accounts/invitations/new",
            Needs::Session,
            others::invite::get,
        ),
        post(
            "/accounts/invitations/new",
            Needs::Session,
            others::invite::post,
        ),
        get("/accounts/guests/new", Needs::Session, others::guests::get),
        post("/accounts/guests/new", Needs::Session, others::guests::post),
        get(
            "/accounts/factor-resets",
            Needs::Session,
            others::factor_reset::list,
        ),
        post(
            "/accounts/factor-resets/{reset}/agreement",
            Needs::SteppedUp,
            others::factor_reset::agree,
        ),
        get("/accounts/{person}", Needs::Session, others::show::get),
        post(
            "/accounts/{person}/invitation",
            Needs::Session,
            others::invite::post_again,
        ),
        post(
            "/accounts/{person}/closure",
            Needs::Session,
            others::closure::post,
        ),
        post(
            "/accounts/{person}/closure/end",
            Needs::Session,
            others::closure::post_end,
        ),
        post(
            "/accounts/{person}/sessions/end",
            Needs::Session,
            others::sessions::post,
        ),
        post(
            "/accounts/{person}/password-reset",
            Needs::SteppedUp,
            others::password_reset::post,
        ),
        post(
            "/accounts/{person}/factor-reset",
            Needs::SteppedUp,
            others::factor_reset::ask,
        ),
    ]
}

/// Seals the seeds of one-time codes anew, under the school's current key.
pub(crate) use totp::rewrap as rewrap_second_factors;

/// The list of accounts.
pub(crate) fn list_url() -> String {
    others::list::url()
}

/// The resets of second factors that wait for a second person.
pub(crate) fn factor_resets_url() -> String {
    others::factor_reset::list_url()
}

/// The page of a step between password and open session.
pub(crate) fn step_url(step: Step) -> String {
    match step {
        Step::SecondFactor => "/sign-in/second-factor".to_owned(),
        Step::NewPassword => "/sign-in/new-password".to_owned(),
        Step::Enrolment => "/sign-in/enrolment".to_owned(),
        Step::Unlock => "/unlock".to_owned(),
        Step::Agreement => crate::agreements::url(),
    }
}

/// The page of a step, and where to go afterwards.
pub(crate) fn step_url_then(step: Step, then: &str) -> String {
    match step {
        Step::SecondFactor | Step::NewPassword | Step::Enrolment | Step::Unlock => {
            with_then(&step_url(step), then)
        }
        Step::Agreement => step_url(step),
    }
}

/// A page on the way in, and where to go afterwards.
fn with_then(path: &str, then: &str) -> String {
    if then.is_empty() || then == crate::home::url() {
        return path.to_owned();
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("then", then);
    format!("{path}?{}", query.finish())
}

/// Whether a path is a page of signing in, to which nobody wants to come back.
fn is_on_the_way_in(path: &str) -> bool {
    is_below(
        path,
        &[
            "/sign-in",
            "/unlock",
            "/step-up",
            "/sign-out",
            "/invitation",
        ],
    )
}

/// Whether the forms of a path hold passwords or codes, which are never kept or shown.
fn asks_for_secrets(path: &str) -> bool {
    is_on_the_way_in(path) || is_below(path, &["/account", "/kept-form", "/drafts"])
}

/// The pages for somebody who still has to enrol: raising a concern is always possible.
pub(crate) fn may_visit_unenrolled(path: &str) -> bool {
    is_below(path, &["/reports"])
}

fn is_below(path: &str, roots: &[&str]) -> bool {
    roots.iter().any(|root| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}
