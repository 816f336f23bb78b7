//! The life of a case: reported, acknowledged, triaged, responded to, closed,
//! and opened again when something new is learnt. Each act is allowed or
//! refused with its reason; closing lists exactly what is still missing.

mod closure;
mod evidence;
mod history;
mod investigation;
mod lowering;
mod merging;

use jiff::Timestamp;

use crate::access::Kind;
use crate::calendar::{Deadline, SchoolCalendar};
use crate::files::Imagery;
use crate::guides::{Guide, LedBy};
use crate::ids::PersonId;
use crate::people::Identity;

pub use closure::{
    CloseRefused, ClosureRule, Missing, NoFurtherActionRefused, ReopenRefused, close, close_check,
    no_further_action, reopen,
};
pub use evidence::{NoteRefused, note_evidence};
pub use history::asks_to_prove;
pub use investigation::{Investigation, investigate, is_breach, is_investigated};
pub use lowering::{LowerRefused, lower};
pub use merging::{MergeRefused, Other, SeparateRefused, merge, separate};

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Reported,
    Acknowledged,
    Triaged,
    /// A guided review that the triage or an answer opened is not signed yet.
    InReview,
    /// The triage asked for an investigation, or the policy does, and there is no finding yet.
    Investigating,
    /// Triaged, and something is being or has been done about it.
    Responding,
    Closed,
    /// Something new was learnt after the closure; it is triaged again.
    Reopened,
    NoFurtherAction,
    /// It was a second report of what another case is about, and lives on in that one.
    Merged,
}

impl State {
    /// Every state, in the order in which a case comes to them.
    pub const ALL: [Self; 10] = [
        Self::Reported,
        Self::Acknowledged,
        Self::Triaged,
        Self::InReview,
        Self::Investigating,
        Self::Responding,
        Self::Closed,
        Self::Reopened,
        Self::NoFurtherAction,
        Self::Merged,
    ];

    /// Whether somebody still has to do something about it.
    pub fn is_open(self) -> bool {
        match self {
            Self::Reported
            | Self::Acknowledged
            | Self::Triaged
            | Self::InReview
            | Self::Investigating
            | Self::Responding
            | Self::Reopened => true,
            Self::Closed | Self::NoFurtherAction | Self::Merged => false,
        }
    }

    /// The word on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Acknowledged => "acknowledged",
            Self::Triaged => "triaged",
            Self::InReview => "in a guided review",
            Self::Investigating => "being investigated",
            Self::Responding => "being dealt with",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::NoFurtherAction => "no further action",
            Self::Merged => "merged into another case",
        }
    }
}

/// What the triage found, as far as it binds what comes after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Triage {
    pub child_at_risk: bool,
    /// A communication that is especially disturbing or unlawful, or material that may be illegal.
    pub police_question: bool,
}

/// Whether the police are told, once the triage asked the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoliceDecision {
    Told,
    /// Not told, for a reason on the record.
    NotTold,
}

/// What was done about telling the parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parents {
    NotYet,
    Informed,
    /// Held back by the lead, with a reason, because telling could raise the risk
    /// or hinder the police.
    Withheld,
}

/// How a case last ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Closed,
    NoFurtherAction,
    /// It had ended and was opened again.
    Reopened,
    /// It lives on in another case.
    Merged,
}

/// For how many people something must still be recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owed {
    /// Children whose parents were neither told nor held back.
    pub parents: usize,
    /// People with the part alleged, for whom no sanction was decided.
    pub sanctions: usize,
    /// People harmed or alleged, for whom support was neither planned nor declined.
    pub support: usize,
}

/// Whether contact with the local authority designated officer is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficerContact {
    pub due: Deadline,
    pub made_at: Option<Timestamp>,
}

/// What is on record about one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    pub kind: Kind,
    pub reporters: Vec<PersonId>,
    pub acknowledged: bool,
    /// The triage that counts: after a reopening, only one made since.
    pub triage: Option<Triage>,
    /// Whether anything was entered after the triage: an action, a contact, an outcome.
    pub responded: bool,
    pub investigation: Investigation,
    pub open_actions: usize,
    pub parents: Parents,
    pub owed: Owed,
    /// Whether what was learnt is written down.
    pub lesson: bool,
    pub police: Option<PoliceDecision>,
    pub external_reference: Option<String>,
    pub confirmed_by_a_reporter: bool,
    pub officer: Option<OfficerContact>,
    /// Whether a picture of a child that could be indecent may be part of it.
    pub imagery: Imagery,
    /// The guided reviews that the triage or an answer opened.
    pub reviews: Vec<OpenReview>,
    /// Referrals that must be sent and have not been.
    pub referrals_due: usize,
    pub ending: Option<Ending>,
}

/// A guided review of a case, as far as it holds the closure up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReview {
    pub title: &'static str,
    /// The titles of the pages that still lack an answer.
    pub lacks: Vec<&'static str>,
    /// Signed, and no answer has changed since.
    pub signed: bool,
    pub bars_imagery: bool,
}

impl Incident {
    /// A case of this kind as it is at the moment of the report.
    pub fn reported(kind: Kind, reporters: Vec<PersonId>) -> Self {
        Self {
            kind,
            reporters,
            acknowledged: false,
            triage: None,
            responded: false,
            investigation: Investigation::NotAsked,
            open_actions: 0,
            parents: Parents::NotYet,
            owed: Owed::default(),
            lesson: false,
            police: None,
            external_reference: None,
            confirmed_by_a_reporter: false,
            officer: None,
            imagery: Imagery::NotYetKnown,
            reviews: Vec::new(),
            referrals_due: 0,
            ending: None,
        }
    }

    /// Where the case stands.
    pub fn state(&self) -> State {
        match (self.ending, self.triage) {
            (Some(Ending::Closed), _) => State::Closed,
            (Some(Ending::NoFurtherAction), _) => State::NoFurtherAction,
            (Some(Ending::Merged), _) => State::Merged,
            (Some(Ending::Reopened), None) => State::Reopened,
            (_, Some(_)) if self.reviews.iter().any(|review| !review.signed) => State::InReview,
            (_, Some(_)) if self.investigation == Investigation::UnderWay => State::Investigating,
            (_, Some(_)) if !self.nothing_begun() || self.investigation == Investigation::Found => {
                State::Responding
            }
            (_, Some(_)) => State::Triaged,
            (None, None) if self.acknowledged => State::Acknowledged,
            (None, None) => State::Reported,
        }
    }

    /// Whether nothing was begun since the triage but what the triage itself asked for.
    fn nothing_begun(&self) -> bool {
        !self.responded && self.open_actions == 0
    }
}

/// The act does not fit where the case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongState {
    pub state: State,
    pub act: Act,
}

/// What can be done with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Acknowledge,
    Triage,
    Respond,
    /// Writes down what an investigation found.
    Investigate,
    NoteEvidence,
    Lower,
    Close,
    NoFurtherAction,
    Reopen,
    Merge,
    Separate,
}

impl WrongState {
    /// The sentence for the page that says no.
    pub fn sentence(&self) -> String {
        let state = self.state.name();
        match self.act {
            Act::Acknowledge => format!("This case is {state}, so it was acknowledged before."),
            Act::Triage => {
                format!(
                    "This case is {state}. Acknowledge a new case, or reopen an ended one, first."
                )
            }
            Act::Respond => format!("This case is {state}. Triage it first."),
            Act::Investigate => format!(
                "This case is {state}. What was found out is written down in an open case that was triaged."
            ),
            Act::NoteEvidence => {
                format!("This case is {state}. Evidence is noted in an open case that was triaged.")
            }
            Act::Lower => {
                format!("This case is {state}. Only an open case that was triaged can be lowered.")
            }
            Act::Close => format!("This case is {state}, so it cannot be closed now."),
            Act::NoFurtherAction => format!(
                "This case is {state}. Only a case that was triaged, and in which nothing was \
                 begun, can end with no further action."
            ),
            Act::Merge => format!(
                "This case is {state}. Only a case that was acknowledged or triaged, and in which \
                 nothing was begun, is merged into another."
            ),
            Act::Separate => format!("This case is {state}, so there is nothing to separate."),
            Act::Reopen => format!("This case is {state}; only an ended case can be reopened."),
        }
    }
}

fn in_state(incident: &Incident, act: Act, fits: impl Fn(State) -> bool) -> Result<(), WrongState> {
    let state = incident.state();
    if fits(state) {
        Ok(())
    } else {
        Err(WrongState { state, act })
    }
}

/// Somebody in charge says that they have it. Acknowledging twice is refused, so
/// that the first name and time stand.
pub fn acknowledge(incident: &Incident) -> Result<(), WrongState> {
    in_state(incident, Act::Acknowledge, |state| {
        state == State::Reported && !incident.acknowledged
    })
}

/// Somebody in charge says what it is. A case may be triaged again while it is open.
pub fn triage(incident: &Incident) -> Result<(), WrongState> {
    in_state(incident, Act::Triage, |state| match state {
        State::Acknowledged
        | State::Triaged
        | State::InReview
        | State::Investigating
        | State::Responding
        | State::Reopened => true,
        State::Reported | State::Closed | State::NoFurtherAction | State::Merged => false,
    })
}

/// Whether a case in this state was triaged and is open.
fn is_in_hand(state: State) -> bool {
    match state {
        State::Triaged | State::InReview | State::Investigating | State::Responding => true,
        State::Reported
        | State::Acknowledged
        | State::Closed
        | State::Reopened
        | State::NoFurtherAction
        | State::Merged => false,
    }
}

/// What a triage sets in motion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUp {
    /// The lead is told, and the record becomes a child protection record.
    TellTheLead,
    /// Somebody must decide whether the police are told.
    DecideOnPolice,
}

/// What must follow from the answers of a triage, and from the guides that it calls for: a
/// review that the lead conducts waits for the lead, whoever has the case. A concern about an adult stays
/// where it is: it is sealed, and whoever is in charge decides whom to tell.
pub fn follow_ups(kind: Kind, triage: Triage, guides: &[&Guide]) -> Vec<FollowUp> {
    let mut follow_ups = Vec::new();
    let leads = guides.iter().any(|guide| guide.led_by == LedBy::TheLead);
    if (triage.child_at_risk && kind == Kind::PupilWelfare) || (leads && !kind.is_sealed()) {
        follow_ups.push(FollowUp::TellTheLead);
    }
    if triage.police_question {
        follow_ups.push(FollowUp::DecideOnPolice);
    }
    follow_ups
}

/// Adds an action, an entry or a contact with an outcome. Urgent things do not
/// wait for the triage, so this is open from the acknowledgement on.
pub fn respond(incident: &Incident) -> Result<(), WrongState> {
    in_state(incident, Act::Respond, |state| match state {
        State::Acknowledged
        | State::Triaged
        | State::InReview
        | State::Investigating
        | State::Responding
        | State::Reopened => true,
        State::Reported | State::Closed | State::NoFurtherAction | State::Merged => false,
    })
}

/// Why an action could not be ticked off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompleteActionRefused {
    AlreadyDone,
    CaseHasEnded,
}

/// Ticks off an action, once, while the case is open.
pub fn complete_action(
    incident: &Incident,
    already_done: bool,
) -> Result<(), CompleteActionRefused> {
    if already_done {
        Err(CompleteActionRefused::AlreadyDone)
    } else if incident.state().is_open() {
        Ok(())
    } else {
        Err(CompleteActionRefused::CaseHasEnded)
    }
}

/// Why telling the parents could not be recorded or held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParentsRefused {
    /// Concerns about adults do not go to parents by this step.
    NotAPupilsCase,
    CaseHasEnded,
    /// Only the lead or a deputy may hold it back.
    OnlyTheLeadWithholds,
    ReasonMissing,
    AlreadyInformed,
}

/// Records that the parents were told.
pub fn inform_parents(incident: &Incident) -> Result<(), ParentsRefused> {
    parents_step(incident)
}

/// Holds back telling the parents. Only the lead or a deputy may, and only with a
/// reason ("Sharing nudes and semi-nudes", UKCIS 2024, gives the manner: parents
/// are told early unless that puts the child at risk, and reasons are recorded).
pub fn withhold_from_parents(
    incident: &Incident,
    by_the_lead: bool,
    reason: &str,
) -> Result<(), ParentsRefused> {
    parents_step(incident)?;
    if incident.parents == Parents::Informed {
        Err(ParentsRefused::AlreadyInformed)
    } else if !by_the_lead {
        Err(ParentsRefused::OnlyTheLeadWithholds)
    } else if reason.trim().is_empty() {
        Err(ParentsRefused::ReasonMissing)
    } else {
        Ok(())
    }
}

fn parents_step(incident: &Incident) -> Result<(), ParentsRefused> {
    if incident.kind.is_sealed() {
        Err(ParentsRefused::NotAPupilsCase)
    } else if !incident.state().is_open() {
        Err(ParentsRefused::CaseHasEnded)
    } else {
        Ok(())
    }
}

/// Why a confirmation of the record was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmRefused {
    NotAReporter,
    AlreadyConfirmed,
}

/// A reporter says that what is recorded is what they reported.
pub fn confirm_record(incident: &Incident, who: &Identity) -> Result<(), ConfirmRefused> {
    if !who.is_among(&incident.reporters) {
        Err(ConfirmRefused::NotAReporter)
    } else if incident.confirmed_by_a_reporter {
        Err(ConfirmRefused::AlreadyConfirmed)
    } else {
        Ok(())
    }
}

/// How the contact with the designated officer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficerStanding {
    Due(Deadline),
    Overdue(Deadline),
    InTime,
    Late,
}

/// How the contact stands now. Local safeguarding procedures ask for it within
/// one working day; the policy says how soon, and may ask for less.
pub fn officer_standing(
    contact: OfficerContact,
    now: Timestamp,
    calendar: &SchoolCalendar,
) -> OfficerStanding {
    match contact.made_at {
        Some(at) if calendar.is_overdue(contact.due, at) => OfficerStanding::Late,
        Some(_) => OfficerStanding::InTime,
        None if calendar.is_overdue(contact.due, now) => OfficerStanding::Overdue(contact.due),
        None => OfficerStanding::Due(contact.due),
    }
}

#[cfg(test)]
mod machine;
#[cfg(test)]
mod tests;
