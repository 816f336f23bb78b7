//! How a case ends and begins again: what the policy asks before a closure,
//! what is missing, ending with no further action, and reopening.

use belisha_policy::Policy;
use belisha_policy::controls::incident_closure::{self, OwnReport, Parents as ParentsRule};

use super::{Act, Incident, Investigation, Parents, State, WrongState, in_state};
use crate::people::Identity;

/// What the policy asks before a case may close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosureRule {
    /// The parents of each pupil concerned must have been told, or held back with a reason.
    pub parents_required: bool,
    /// The name of the outside log whose reference is needed, such as the school's safeguarding system.
    pub external_record: Option<String>,
    /// A reporter must have confirmed that the record is right.
    pub reporter_confirms: bool,
    /// Somebody other than a reporter closes the case.
    pub someone_else_closes: bool,
    /// A sanction, or that there is none, must be decided for each pupil who is said to have done it.
    pub sanctions_decided: bool,
    /// Support must be planned or declined for each person concerned.
    pub support_decided: bool,
    /// What was learnt must be written down.
    pub lesson_written: bool,
}

impl ClosureRule {
    /// What this policy asks; its defaults where no clause says.
    pub fn of(policy: &Policy) -> Self {
        let log = policy.get(&incident_closure::EXTERNAL_RECORD);
        Self {
            parents_required: match policy.get(&incident_closure::PARENTS) {
                ParentsRule::Required => true,
                ParentsRule::Optional => false,
            },
            external_record: (!log.trim().is_empty()).then_some(log),
            reporter_confirms: policy.get(&incident_closure::REPORTER_CONFIRMS),
            someone_else_closes: match policy.get(&incident_closure::OWN_REPORT) {
                OwnReport::SomeoneElseCloses => true,
                OwnReport::MayClose => false,
            },
            sanctions_decided: policy.get(&incident_closure::SANCTIONS),
            support_decided: policy.get(&incident_closure::SUPPORT),
            lesson_written: policy.get(&incident_closure::LESSON),
        }
    }
}

/// One thing that must be done before a case may close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    Triage,
    OpenActions {
        count: usize,
    },
    PoliceDecision,
    Parents,
    /// The parents of so many more children.
    ParentsOfMore {
        count: usize,
    },
    Sanctions {
        count: usize,
    },
    Support {
        count: usize,
    },
    Lesson,
    /// The reference in the outside log of this name.
    ExternalReference {
        log: String,
    },
    ReporterConfirmation,
    DesignatedOfficer,
    /// It is investigated, and no finding is on record.
    Investigation,
    /// A guided review lacks these pages, or only its signature.
    Review {
        title: &'static str,
        lacks: Vec<&'static str>,
    },
    Referrals {
        count: usize,
    },
}

impl Missing {
    /// What to do about it.
    pub fn sentence(&self) -> String {
        match self {
            Self::Triage => "Complete the triage.".to_owned(),
            Self::OpenActions { count: 1 } => {
                "Complete the 1 action that is still open.".to_owned()
            }
            Self::OpenActions { count } => {
                format!("Complete the {count} actions that are still open.")
            }
            Self::PoliceDecision => {
                "Record whether the police were told, and why or why not.".to_owned()
            }
            Self::Parents => {
                "Record that the parents were told, or let the lead hold it back with a reason."
                    .to_owned()
            }
            Self::ParentsOfMore { count } => format!(
                "Record the same for the parents of {} more.",
                people(*count, "child", "children")
            ),
            Self::Sanctions { count } => format!(
                "Decide on a sanction, or that there is none, for {}.",
                people(*count, "person", "people")
            ),
            Self::Support { count } => format!(
                "Plan support, or record that it was declined, for {}.",
                people(*count, "person", "people")
            ),
            Self::Lesson => {
                "Write down what was learnt, or that there was nothing to learn.".to_owned()
            }
            Self::ExternalReference { log } => format!("Enter the reference from {log}."),
            Self::ReporterConfirmation => {
                "Ask the reporter to confirm that the record is right.".to_owned()
            }
            Self::DesignatedOfficer => {
                "Record the contact with the local authority designated officer.".to_owned()
            }
            Self::Investigation => "Write down what the investigation found.".to_owned(),
            Self::Review { title, lacks } if lacks.is_empty() => {
                format!("Sign the review “{title}”.")
            }
            Self::Review { title, lacks } => {
                let pages: Vec<String> = lacks.iter().map(|page| format!("“{page}”")).collect();
                format!(
                    "Answer {} in the review “{title}”, and sign it.",
                    belisha_policy::and(&pages)
                )
            }
            Self::Referrals { count: 1 } => "Send the 1 referral that is due.".to_owned(),
            Self::Referrals { count } => format!("Send the {count} referrals that are due."),
        }
    }
}

fn people(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// Everything that is missing before the case may close, in the order of the page.
pub fn close_check(incident: &Incident, rule: &ClosureRule) -> Vec<Missing> {
    let about_a_pupil = !incident.kind.is_sealed();
    let mut missing = Vec::new();
    match incident.triage {
        None => missing.push(Missing::Triage),
        Some(triage) if triage.police_question && incident.police.is_none() => {
            missing.push(Missing::PoliceDecision);
        }
        Some(_) => {}
    }
    if incident.open_actions > 0 {
        missing.push(Missing::OpenActions {
            count: incident.open_actions,
        });
    }
    if incident.investigation == Investigation::UnderWay {
        missing.push(Missing::Investigation);
    }
    missing.extend(unsigned(incident));
    if incident.referrals_due > 0 {
        missing.push(Missing::Referrals {
            count: incident.referrals_due,
        });
    }
    if rule.parents_required && about_a_pupil && incident.parents == Parents::NotYet {
        missing.push(Missing::Parents);
    } else if rule.parents_required && about_a_pupil && incident.owed.parents > 0 {
        missing.push(Missing::ParentsOfMore {
            count: incident.owed.parents,
        });
    }
    if rule.sanctions_decided && about_a_pupil && incident.owed.sanctions > 0 {
        missing.push(Missing::Sanctions {
            count: incident.owed.sanctions,
        });
    }
    if rule.support_decided && about_a_pupil && incident.owed.support > 0 {
        missing.push(Missing::Support {
            count: incident.owed.support,
        });
    }
    if rule.lesson_written && !incident.lesson {
        missing.push(Missing::Lesson);
    }
    if incident
        .officer
        .is_some_and(|contact| contact.made_at.is_none())
    {
        missing.push(Missing::DesignatedOfficer);
    }
    // A sealed case stays out of logs that others can open.
    if let Some(log) = rule.external_record.as_ref().filter(|_| about_a_pupil)
        && incident
            .external_reference
            .as_deref()
            .is_none_or(|r| r.trim().is_empty())
    {
        missing.push(Missing::ExternalReference { log: log.clone() });
    }
    if rule.reporter_confirms && !incident.reporters.is_empty() && !incident.confirmed_by_a_reporter
    {
        missing.push(Missing::ReporterConfirmation);
    }
    missing
}

fn unsigned(incident: &Incident) -> impl Iterator<Item = Missing> {
    incident
        .reviews
        .iter()
        .filter(|review| !review.signed)
        .map(|review| Missing::Review {
            title: review.title,
            lacks: review.lacks.clone(),
        })
}

/// Why a case was not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseRefused {
    WrongState(WrongState),
    Missing(Vec<Missing>),
    /// The policy wants somebody other than a reporter to close it.
    OwnReport,
}

/// Closes a case when nothing is missing.
pub fn close(incident: &Incident, rule: &ClosureRule, who: &Identity) -> Result<(), CloseRefused> {
    in_state(incident, Act::Close, State::is_open).map_err(CloseRefused::WrongState)?;
    if rule.someone_else_closes && who.is_among(&incident.reporters) {
        return Err(CloseRefused::OwnReport);
    }
    let missing = close_check(incident, rule);
    if missing.is_empty() {
        Ok(())
    } else {
        Err(CloseRefused::Missing(missing))
    }
}

/// Why a case did not end with no further action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFurtherActionRefused {
    WrongState(WrongState),
    ReasonMissing,
    /// A case about a child ends so only by the lead or a deputy.
    OnlyTheLead,
    /// The triage says that a child is at risk or that the police question is open.
    TriageSaysOtherwise,
    /// The designated officer must still be contacted.
    DesignatedOfficer,
    /// A guided review is not signed, or a referral is due.
    ReviewOpen,
    /// It is investigated, and no finding is on record.
    InvestigationOpen,
    OwnReport,
}

/// Ends a case in which there was nothing to do.
pub fn no_further_action(
    incident: &Incident,
    rule: &ClosureRule,
    who: &Identity,
    by_the_lead: bool,
    reason: &str,
) -> Result<(), NoFurtherActionRefused> {
    in_state(incident, Act::NoFurtherAction, |state| match state {
        // What the triage itself asked for may have been found out; what is still to be
        // done is said below.
        State::Triaged | State::InReview | State::Investigating | State::Responding => {
            incident.nothing_begun()
        }
        State::Reported
        | State::Acknowledged
        | State::Closed
        | State::Reopened
        | State::NoFurtherAction
        | State::Merged => false,
    })
    .map_err(NoFurtherActionRefused::WrongState)?;
    let open_question = incident.triage.is_some_and(|triage| {
        triage.child_at_risk || (triage.police_question && incident.police.is_none())
    });
    if rule.someone_else_closes && who.is_among(&incident.reporters) {
        Err(NoFurtherActionRefused::OwnReport)
    } else if !incident.kind.is_sealed() && !by_the_lead {
        Err(NoFurtherActionRefused::OnlyTheLead)
    } else if open_question {
        Err(NoFurtherActionRefused::TriageSaysOtherwise)
    } else if incident
        .officer
        .is_some_and(|contact| contact.made_at.is_none())
    {
        Err(NoFurtherActionRefused::DesignatedOfficer)
    } else if unsigned(incident).next().is_some() || incident.referrals_due > 0 {
        Err(NoFurtherActionRefused::ReviewOpen)
    } else if incident.investigation == Investigation::UnderWay {
        Err(NoFurtherActionRefused::InvestigationOpen)
    } else if reason.trim().is_empty() {
        Err(NoFurtherActionRefused::ReasonMissing)
    } else {
        Ok(())
    }
}

/// Why a case was not reopened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReopenRefused {
    WrongState(WrongState),
    ReasonMissing,
}

/// Opens an ended case again, because something new was learnt.
pub fn reopen(incident: &Incident, reason: &str) -> Result<(), ReopenRefused> {
    in_state(incident, Act::Reopen, |state| {
        matches!(state, State::Closed | State::NoFurtherAction)
    })
    .map_err(ReopenRefused::WrongState)?;
    if reason.trim().is_empty() {
        Err(ReopenRefused::ReasonMissing)
    } else {
        Ok(())
    }
}
