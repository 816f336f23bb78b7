//! Incidents: from a report to a closed case. A report is a record of its own, which
//! its reporter keeps; the case is another, and who may know of it is decided at each
//! access from the people in it and those who were told.

mod acknowledgement;
mod act_page;
pub(crate) mod action;
mod answer;
mod assignment;
pub(crate) mod case;
mod categories;
mod chronology;
pub(crate) mod classification;
mod closure;
pub(crate) mod completion;
pub(crate) mod concern;
mod correction;
pub(crate) mod custody;
mod delegation;
pub(crate) mod entry;
pub(crate) mod erasing;
pub(crate) mod evidence;
mod external_record;
mod extract;
mod fields;
mod giving;
pub(crate) mod guidance;
pub(crate) mod handing_over;
mod help_lines;
mod investigation;
mod lesson;
mod linking;
pub(crate) mod list;
mod looking_after;
mod low_level;
mod lowering;
mod merging;
mod moving_on;
mod no_further_action;
mod parents;
mod part;
mod police;
pub(crate) mod queries;
mod readers;
pub(crate) mod recovery;
mod reference;
mod related;
pub(crate) mod reopening;
pub(crate) mod reports;
pub(crate) mod routing;
mod safe_account;
mod sanction;
mod search;
mod serious;
mod sharing;
mod sight;
mod support;
pub(crate) mod tell;
pub(crate) mod telling;
mod triage;
mod withdrawal;
pub(crate) mod withholding;
pub(crate) mod words;

#[cfg(test)]
pub(crate) mod tests;

use action::NewAction;
use answer::Answer;
use assignment::Assignment;
use closure::Closure;
use completion::Completion;
use correction::Correction;
use custody::{Handover, SetAside};
use delegation::Delegation;
use entry::NewEntry;
use evidence::{EvidenceCorrection, NewEvidence};
use external_record::ExternalRecord;
use extract::Extract;
use handing_over::HandingOver;
use investigation::Finding;
use lesson::Lesson;
use linking::{Linking, Unlinking};
use lowering::Lowering;
use merging::{Merging, Separation};
use no_further_action::NoFurtherAction;
use parents::ParentsTold;
use part::PeopleChange;
use police::Police;
use recovery::Recovery;
use reopening::Reopening;
use safe_account::SafeAccount;
use sanction::Sanction;
use sharing::Sharing;
use support::Support;
use triage::CaseTriage;
use withdrawal::Withdrawal;
use withholding::{GivenBack, Withholding};

use crate::web::act::act;
use crate::web::route::{Needs, Route, get, post};

pub(crate) use looking_after::LOOK_AFTER_CASES;
pub(crate) use moving_on::MOVE_ALERTS_ON;
pub(crate) use search::OpenedTexts;
pub(crate) use serious::url as serious_url;
pub(crate) use sight::judge_url as sight_url;

/// Days and instants, as every page of this room names them.
mod times {
    pub(super) use crate::web::words::{date as day, element, moment_at as moment};
}

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = reports::routes();
    routes.extend(tell::routes());
    routes.extend(concern::routes());
    routes.extend([
        get("/incidents", Needs::Session, list::get),
        get("/incidents/{id}", Needs::Session, case::get),
        get("/incidents/{id}/readers", Needs::Session, readers::get),
        get("/incidents/{id}/related", Needs::Session, related::get),
        post(
            "/incidents/{id}/acknowledgement",
            Needs::Session,
            acknowledgement::post,
        ),
        get(
            "/incidents/handing-over",
            Needs::Session,
            handing_over::list,
        ),
        get("/incidents/serious", Needs::Session, serious::get),
        get("/incidents/search", Needs::Session, search::get),
        post("/incidents/search", Needs::Session, search::post),
        get("/incidents/low-level", Needs::Session, low_level::get),
        get("/incidents/emergency-sight", Needs::Session, sight::get),
        post("/incidents/emergency-sight", Needs::Session, sight::post),
        get(
            "/incidents/emergency-sights",
            Needs::Session,
            sight::list_get,
        ),
        get(
            "/incidents/emergency-sights/{sight}",
            Needs::Session,
            sight::judge_get,
        ),
        post(
            "/incidents/emergency-sights/{sight}",
            Needs::Session,
            sight::judge_post,
        ),
    ]);
    let in_session = Needs::Session;
    for [page, form] in [
        act::<CaseTriage>("/incidents/{id}/triage", in_session),
        act::<Answer>("/incidents/{id}/answer", in_session),
        act::<NewEntry>("/incidents/{id}/entries/new", in_session),
        act::<Correction>("/incidents/{id}/entries/{entry}/correction", in_session),
        act::<NewAction>("/incidents/{id}/actions/new", in_session),
        act::<Completion>("/incidents/{id}/actions/{action}/completion", in_session),
        act::<ParentsTold>("/incidents/{id}/parents", in_session),
        act::<Police>("/incidents/{id}/police", in_session),
        act::<ExternalRecord>("/incidents/{id}/external-record", in_session),
        act::<PeopleChange>("/incidents/{id}/people", in_session),
        act::<Sharing>("/incidents/{id}/sharing", in_session),
        act::<Assignment>("/incidents/{id}/assignment", in_session),
        act::<Sanction>("/incidents/{id}/sanctions/new", in_session),
        act::<Support>("/incidents/{id}/support/new", in_session),
        act::<Lesson>("/incidents/{id}/lessons/new", in_session),
        act::<Finding>("/incidents/{id}/investigation", in_session),
        act::<Extract>("/incidents/{id}/extract", in_session),
        act::<NewEvidence>("/incidents/{id}/evidence/new", in_session),
        act::<EvidenceCorrection>("/incidents/{id}/evidence/{evidence}/correction", in_session),
        act::<Linking>("/incidents/{id}/links/new", in_session),
        act::<Unlinking>("/incidents/{id}/links/{link}/removal", in_session),
        act::<Merging>("/incidents/{id}/merging", in_session),
        act::<Separation>("/incidents/{id}/separation", in_session),
        act::<SetAside>("/incidents/{id}/devices/new", in_session),
        act::<Handover>("/incidents/{id}/devices/{custody}/handover", in_session),
        act::<SafeAccount>("/incidents/{id}/accounts/new", in_session),
        act::<Lowering>("/incidents/{id}/lowering", in_session),
        act::<Delegation>("/incidents/{id}/delegation", in_session),
        act::<HandingOver>("/incidents/{id}/handing-over", Needs::SteppedUp),
        act::<Withdrawal>("/incidents/{id}/readers/{person}/withdrawal", in_session),
        act::<Withholding>("/incidents/{id}/withholding", in_session),
        act::<GivenBack>("/incidents/{id}/withholding/{person}/end", in_session),
        act::<Recovery>("/incidents/{id}/recovery", Needs::SteppedUp),
        act::<Closure>("/incidents/{id}/closure", in_session),
        act::<NoFurtherAction>("/incidents/{id}/no-further-action", in_session),
        act::<Reopening>("/incidents/{id}/reopening", in_session),
    ] {
        routes.extend([page, form]);
    }
    routes
}
