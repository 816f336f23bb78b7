//! The controls that a policy may set, one file each. A new control is one new
//! file and its name in the two lists below.

pub mod agency_contacts;
pub mod agreement;
pub mod backup;
pub mod breach_investigation;
pub mod case_history;
pub mod case_step;
pub mod cyberbullying_steps;
pub mod data_requests;
pub mod emergency_sight;
pub mod filter_alerts;
pub mod filter_changes;
pub mod filter_everybody;
pub mod filter_group;
pub mod filter_lists;
pub mod filter_log;
pub mod filter_test;
pub mod guest_account;
pub mod idle_lock;
pub mod illegal_material;
pub mod incident_category;
pub mod incident_closure;
pub mod incident_route;
pub mod leaver_access;
pub mod mailing_permission;
pub mod matter_route;
pub mod named_post;
pub mod named_risk;
pub mod notice;
pub mod nude_image_review;
pub mod out_of_hours;
pub mod password;
pub mod policy_approval;
pub mod policy_review;
pub mod record_keeping;
pub mod reporting_advice;
pub mod sanction;
pub mod search_terms;
pub mod second_factor;
pub mod sensitive_lesson;
pub mod serious_incident;
pub mod session_limit;
pub mod tell_someone;

use crate::control::Control;

static CATALOGUE: &[&Control] = &[
    &policy_approval::CONTROL,
    &policy_review::CONTROL,
    &named_post::CONTROL,
    &agreement::CONTROL,
    &notice::CONTROL,
    &incident_route::CONTROL,
    &matter_route::CONTROL,
    &out_of_hours::CONTROL,
    &tell_someone::CONTROL,
    &reporting_advice::CONTROL,
    &incident_category::CONTROL,
    &incident_closure::CONTROL,
    &breach_investigation::CONTROL,
    &nude_image_review::CONTROL,
    &cyberbullying_steps::CONTROL,
    &illegal_material::CONTROL,
    &agency_contacts::CONTROL,
    &case_history::CONTROL,
    &case_step::CONTROL,
    &named_risk::CONTROL,
    &serious_incident::CONTROL,
    &sanction::CONTROL,
    &emergency_sight::CONTROL,
    &record_keeping::CONTROL,
    &data_requests::CONTROL,
    &password::CONTROL,
    &second_factor::CONTROL,
    &session_limit::CONTROL,
    &idle_lock::CONTROL,
    &guest_account::CONTROL,
    &leaver_access::CONTROL,
    &backup::CONTROL,
    &filter_group::CONTROL,
    &filter_everybody::CONTROL,
    &filter_lists::CONTROL,
    &filter_changes::CONTROL,
    &sensitive_lesson::CONTROL,
    &mailing_permission::CONTROL,
    &filter_log::CONTROL,
    &filter_alerts::CONTROL,
    &filter_test::CONTROL,
    &search_terms::CONTROL,
];

/// Every control, in the order of the help page.
pub fn catalogue() -> &'static [&'static Control] {
    CATALOGUE
}

/// The control with this key.
pub fn control(key: &str) -> Option<&'static Control> {
    catalogue()
        .iter()
        .copied()
        .find(|control| control.key == key)
}
