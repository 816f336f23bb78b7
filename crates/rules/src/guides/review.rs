//! The life of a review, whichever guide it follows: answered group by group, signed in
//! one of the ways that the answers leave open, escalated when something new worries, and
//! closed with its case. Where it stands is worked out from what is on record.

use super::{Group, Guide, Known, LedBy, Way};

/// What is on record beside the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    pub case_is_open: bool,
    /// The way of the signature that stands; none since an answer changed after it.
    pub signed: Option<&'static str>,
    /// It was escalated after the signature that stands.
    pub escalated: bool,
    pub referrals_due: usize,
    pub referrals_sent: usize,
    pub tasks_open: usize,
}

/// Where a review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing is answered.
    Reported,
    /// The last group that is answered whole, as the guide calls the point it marks.
    At(&'static str),
    /// Some of it is answered, and no group whole.
    Open,
    /// Everything is answered; the signature is missing.
    ToSign,
    /// Signed, and a referral that it asks for has not been sent.
    ReferralDue,
    /// Signed and referred.
    Referred,
    /// Signed, to be handled in school.
    InSchool,
    /// Something new worried: a referral is due.
    Escalated,
    /// Signed, nothing to refer, tasks still open.
    FollowUp,
    Closed,
}

impl State {
    /// The words on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reported => "not begun",
            Self::At(point) => point,
            Self::Open => "begun",
            Self::ToSign => "to be signed",
            Self::ReferralDue => "signed, referral due",
            Self::Referred => "referred",
            Self::InSchool => "dealt with in school",
            Self::Escalated => "escalated",
            Self::FollowUp => "follow-up",
            Self::Closed => "closed",
        }
    }
}

/// Where the review stands.
pub fn state(guide: &'static Guide, known: &Known<'_>, standing: &Standing) -> State {
    if !standing.case_is_open {
        return State::Closed;
    }
    if standing.escalated && standing.referrals_due > 0 {
        return State::Escalated;
    }
    if standing.signed.is_some() {
        return if standing.referrals_due > 0 {
            State::ReferralDue
        } else if standing.tasks_open > 0 {
            State::FollowUp
        } else if standing.referrals_sent > 0 {
            State::Referred
        } else {
            State::InSchool
        };
    }
    if known.answers.is_empty() {
        return State::Reported;
    }
    let groups: Vec<&Group> = existing(guide, known).collect();
    if groups.iter().all(|group| group.is_answered(known)) {
        return State::ToSign;
    }
    groups
        .iter()
        .take_while(|group| group.is_answered(known))
        .last()
        .map_or(State::Open, |group| State::At(group.then))
}

fn existing<'a>(
    guide: &'static Guide,
    known: &'a Known<'a>,
) -> impl Iterator<Item = &'static Group> + 'a {
    guide.groups.iter().filter(|group| group.exists(known))
}

/// How far one group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Answered,
    Begun,
    NotBegun,
    /// Something else comes first.
    Locked(&'static str),
}

/// How far each group is, in the order of the page.
pub fn progress(guide: &'static Guide, known: &Known<'_>) -> Vec<(&'static Group, Progress)> {
    existing(guide, known)
        .map(|group| {
            let progress = if let Err(first) = (group.opens)(known) {
                Progress::Locked(first)
            } else if group.is_answered(known) {
                Progress::Answered
            } else if group
                .questions
                .iter()
                .any(|question| known.answers.contains_key(question.key))
            {
                Progress::Begun
            } else {
                Progress::NotBegun
            };
            (group, progress)
        })
        .collect()
}

/// The groups that still lack an answer, or whose answers contradict one another. While
/// there is one, the review cannot be signed.
pub fn lacks(guide: &'static Guide, known: &Known<'_>) -> Vec<&'static Group> {
    let contradicted: Vec<&str> = (guide.objections)(known)
        .into_iter()
        .map(|(question, _)| question)
        .collect();
    existing(guide, known)
        .filter(|group| {
            !group.is_answered(known)
                || (group.opens)(known).is_err()
                || group
                    .questions
                    .iter()
                    .any(|question| contradicted.contains(&question.key))
        })
        .collect()
}

/// Why a group could not be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerRefused {
    CaseHasEnded,
    /// The lead or a deputy answers this.
    OnlyTheLead,
    /// What comes first.
    Locked(&'static str),
}

/// Answers a group. A review can be answered from the moment of the triage; after a
/// signature as well, and then it must be signed again.
pub fn group_may_be_answered(
    group: &Group,
    known: &Known<'_>,
    standing: &Standing,
    is_the_lead: bool,
) -> Result<(), AnswerRefused> {
    if !standing.case_is_open {
        Err(AnswerRefused::CaseHasEnded)
    } else if group.by == LedBy::TheLead && !is_the_lead {
        Err(AnswerRefused::OnlyTheLead)
    } else {
        (group.opens)(known).map_err(AnswerRefused::Locked)
    }
}

/// Why a review was not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignRefused {
    CaseHasEnded,
    AlreadySigned,
    OnlyTheLead,
    /// These groups lack an answer.
    Unanswered(Vec<&'static str>),
    /// The answers do not leave this way open.
    NotOffered(&'static str),
    /// Each statement must be made.
    StatementMissing(&'static str),
    WordsMissing(&'static str),
}

/// Signs a review in one of its ways.
pub fn may_sign(
    guide: &'static Guide,
    known: &Known<'_>,
    standing: &Standing,
    is_the_lead: bool,
    way: &Way,
    statements: &[bool],
    words: &str,
) -> Result<(), SignRefused> {
    if !standing.case_is_open {
        return Err(SignRefused::CaseHasEnded);
    }
    if guide.led_by == LedBy::TheLead && !is_the_lead {
        return Err(SignRefused::OnlyTheLead);
    }
    if standing.signed.is_some() {
        return Err(SignRefused::AlreadySigned);
    }
    let lacking: Vec<&'static str> = lacks(guide, known)
        .iter()
        .map(|group| group.title)
        .collect();
    if !lacking.is_empty() {
        return Err(SignRefused::Unanswered(lacking));
    }
    (way.offered)(known).map_err(SignRefused::NotOffered)?;
    for (number, statement) in way.statements.iter().enumerate() {
        if !statements.get(number).copied().unwrap_or(false) {
            return Err(SignRefused::StatementMissing(statement));
        }
    }
    if !way.asks.is_empty() && words.trim().is_empty() {
        return Err(SignRefused::WordsMissing(way.asks));
    }
    Ok(())
}

/// Why a review was not escalated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EscalateRefused {
    /// This guide has nowhere to go but the case itself.
    NotThisGuide,
    OnlyTheLead,
    /// The referral that is due is the escalation.
    ReferralIsDue,
    ReasonMissing,
}

/// Takes a review to the police or to social care at any later time, after the case has
/// closed too: that opens it again.
pub fn may_escalate(
    guide: &Guide,
    standing: &Standing,
    is_the_lead: bool,
    reason: &str,
) -> Result<(), EscalateRefused> {
    if guide.escalates_to.is_empty() {
        Err(EscalateRefused::NotThisGuide)
    } else if guide.led_by == LedBy::TheLead && !is_the_lead {
        Err(EscalateRefused::OnlyTheLead)
    } else if standing.referrals_due > 0 {
        Err(EscalateRefused::ReferralIsDue)
    } else if reason.trim().is_empty() {
        Err(EscalateRefused::ReasonMissing)
    } else {
        Ok(())
    }
}
