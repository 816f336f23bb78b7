//! Approvals: somebody asks for something, others look at what it would do and decide, it is
//! applied, tested, ends or is taken back, and another person looks at it afterwards. The machine
//! is one; each kind says by its [`Terms`] what is its own, and the machine knows no kind.

use belisha_policy::{Days, Post, Word, or};
use jiff::{SignedDuration, Timestamp};

use crate::ids::PersonId;
use crate::people::Hats;

/// Where an approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Requested,
    /// Somebody who decides has seen what it would have done.
    Previewed,
    /// The risk is written down.
    RiskNoted,
    /// One of several has agreed.
    PartAgreed,
    Agreed,
    Refused,
    Withdrawn,
    /// It is in the settings of the filter; its time may be to come.
    Applied,
    /// The filter was asked, and does what was agreed.
    Tested,
    Active,
    Ended,
    RolledBack,
    /// It is over, and another person has looked at it.
    Reviewed,
}

impl Word for State {
    const KIND: &'static str = "a state of an approval";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Requested, "requested", "waits for a decision"),
        (Self::Previewed, "previewed", "looked at, not decided"),
        (Self::RiskNoted, "risk-noted", "risk assessed, not decided"),
        (Self::PartAgreed, "part-agreed", "agreed in part"),
        (Self::Agreed, "agreed", "agreed, not applied yet"),
        (Self::Refused, "refused", "refused"),
        (Self::Withdrawn, "withdrawn", "withdrawn"),
        (Self::Applied, "applied", "applied, not tested yet"),
        (Self::Tested, "tested", "set and tested, not begun"),
        (Self::Active, "active", "in force"),
        (Self::Ended, "ended", "ended"),
        (Self::RolledBack, "rolled-back", "rolled back"),
        (Self::Reviewed, "reviewed", "over and looked at"),
    ];
}

impl State {
    /// Whether what was agreed is in the settings of the filter.
    pub fn is_set(self) -> bool {
        matches!(self, Self::Applied | Self::Tested | Self::Active)
    }

    /// Whether somebody still has to decide.
    pub fn waits(self) -> bool {
        matches!(
            self,
            Self::Requested | Self::Previewed | Self::RiskNoted | Self::PartAgreed
        )
    }
}

/// What happens to an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    Preview,
    NoteRisk,
    Agree,
    Refuse,
    Withdraw,
    Apply,
    /// The filter was asked, and did as agreed, or did not.
    Pass,
    Fail,
    /// Its time began, or ended.
    Start,
    End,
    RollBack,
    Review,
}

impl Word for Event {
    const KIND: &'static str = "a step of an approval";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Preview, "previewed", "Preview seen"),
        (Self::NoteRisk, "risk-noted", "Risk noted"),
        (Self::Agree, "agreed", "Agreed"),
        (Self::Refuse, "refused", "Refused"),
        (Self::Withdraw, "withdrawn", "Withdrawn"),
        (Self::Apply, "applied", "Applied"),
        (Self::Pass, "passed", "Tested: the filter does so"),
        (Self::Fail, "failed", "Tested: the filter does not do so"),
        (Self::Start, "started", "Begun"),
        (Self::End, "ended", "Ended"),
        (Self::RollBack, "rolled-back", "Rolled back"),
        (Self::Review, "reviewed", "Looked at by another person"),
    ];
}

/// How one kind goes under the policy in force: who decides, who applies, and which steps it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub deciders: Vec<Post>,
    /// Whether each of them must agree, or one is enough.
    pub all: bool,
    /// Whether nobody agrees to their own request where it opens something.
    pub second_person: bool,
    /// Who applies it, where it does not apply itself, and who rolls it back.
    pub managers: Vec<Post>,
    /// Whether the last agreement applies it: a lesson has its time, and nobody comes to press a
    /// button for it.
    pub applies_itself: bool,
    /// Whether whoever asked for it, and whoever decides, can stop it while it is set.
    pub can_be_stopped: bool,
    /// Whether the program asks afterwards if what was agreed is so, as it asks the filter.
    pub tested: bool,
    /// Whether another person looks at it, and how soon.
    pub reviewed_within: Option<Days>,
}

impl Terms {
    /// Whether somebody with these hats applies it and takes it back.
    pub fn manages(&self, hats: &Hats) -> bool {
        self.managers.iter().any(|post| hats.answers_for(*post))
    }

    /// The posts for which somebody with these hats can decide.
    pub fn posts_of(&self, hats: &Hats) -> Vec<Post> {
        let held = |post: &&Post| hats.answers_for(**post);
        self.deciders.iter().filter(held).copied().collect()
    }
}

/// What is known of an approval when something is to happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    pub state: State,
    pub asked_by: PersonId,
    /// Whether it opens something that is shut.
    pub opens: bool,
    /// Who agreed, and for which post.
    pub agreed: Vec<(Post, PersonId)>,
    pub applied_by: Option<PersonId>,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub reviewed: bool,
}

/// Who does it.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    Person(PersonId, &'a Hats),
    /// The program by its clock.
    Clock,
}

/// Why nothing happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It does not stand where this could happen.
    NotNow(State),
    /// Whoever asks does not agree to it.
    OwnRequest,
    /// The person has agreed already; another post needs another person.
    AgreedAlready,
    /// Those who may.
    NotTheirs(Vec<Post>),
    /// Only whoever asked withdraws a request.
    NotTheAsker,
    /// Whoever applied it does not look at it.
    OwnWork,
    /// Its time has passed before it was agreed.
    TooLate,
    /// Its time has not come.
    TooEarly,
    ReviewedAlready,
}

impl Refusal {
    /// Why not, and what can be done instead.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotNow(state) => format!(
                "It {} now. Go back and reload the page to see what has happened.",
                match state {
                    State::Requested | State::Previewed | State::RiskNoted | State::PartAgreed =>
                        "waits for a decision".to_owned(),
                    State::Agreed => "is agreed".to_owned(),
                    State::Applied | State::Tested | State::Active => "is set".to_owned(),
                    State::Refused
                    | State::Withdrawn
                    | State::Ended
                    | State::RolledBack
                    | State::Reviewed => format!("is {}", state.name()),
                }
            ),
            Self::OwnRequest => {
                "What opens something is agreed by another person than whoever asks \
                                 for it. Ask somebody else who decides."
                    .to_owned()
            }
            Self::AgreedAlready => {
                "You have agreed to this already. Each agreement comes from a person of its own."
                    .to_owned()
            }
            Self::NotTheirs(posts) => {
                let names: Vec<&str> = posts.iter().map(|post| post.with_article()).collect();
                format!("Only {} can do this.", or(&names))
            }
            Self::NotTheAsker => "Only whoever asked can withdraw a request.".to_owned(),
            Self::OwnWork => "You applied this yourself. Somebody else looks at it.".to_owned(),
            Self::TooLate => {
                "The time for which it was asked has passed. Ask again for another time.".to_owned()
            }
            Self::TooEarly => "Its time has not come yet.".to_owned(),
            Self::ReviewedAlready => "Somebody has looked at this already.".to_owned(),
        }
    }
}

/// Where an approval stands after an event, or why it cannot happen.
pub fn after(
    approval: &Approval,
    terms: &Terms,
    event: Event,
    by: By<'_>,
    now: Timestamp,
) -> Result<State, Refusal> {
    let next = fits(approval, terms, event).ok_or(Refusal::NotNow(approval.state))?;
    match event {
        Event::Preview | Event::NoteRisk | Event::Refuse => {
            decides(terms, by)?;
            Ok(next)
        }
        Event::Agree => agree(approval, terms, by, now),
        Event::Withdraw => withdraw(approval, terms, by).map(|()| next),
        Event::Apply => {
            not_over(approval, now)?;
            if !terms.applies_itself {
                manages(terms, by)?;
            }
            Ok(next)
        }
        Event::Pass | Event::Fail => Ok(next),
        Event::Start => match approval.starts_at {
            Some(starts_at) if now < starts_at => Err(Refusal::TooEarly),
            _ => Ok(next),
        },
        Event::End => match approval.ends_at {
            Some(ends_at) if ends_at <= now => Ok(next),
            _ => Err(Refusal::TooEarly),
        },
        Event::RollBack => manages(terms, by).map(|()| next),
        Event::Review => review(approval, by).map(|()| next),
    }
}

/// The state that an event leads to, where it fits at all.
fn fits(approval: &Approval, terms: &Terms, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    let stops = terms.can_be_stopped;
    match (approval.state, event) {
        (S::Requested, E::Preview) => Some(S::Previewed),
        (S::Previewed, E::NoteRisk) => Some(S::RiskNoted),
        (S::RiskNoted | S::PartAgreed, E::Agree) => Some(S::Agreed),
        (state, E::Refuse) if state.waits() => Some(S::Refused),
        (state, E::Withdraw) if state.waits() || state == S::Agreed => Some(S::Withdrawn),
        (state, E::Withdraw) if stops && state.is_set() => Some(S::Withdrawn),
        (S::Agreed, E::Apply) => Some(S::Applied),
        (S::Applied, E::Pass) if terms.tested => Some(S::Tested),
        (S::Applied, E::Fail) if terms.tested => Some(S::Applied),
        (S::Applied, E::Start) if !terms.tested => Some(S::Active),
        (S::Tested, E::Start) => Some(S::Active),
        (state, E::End) if state.is_set() => Some(S::Ended),
        (state, E::RollBack) if state.is_set() => Some(S::RolledBack),
        (_, E::Review) if terms.reviewed_within.is_none() => None,
        (S::Active, E::Review) => Some(S::Active),
        (S::Ended | S::RolledBack, E::Review) => Some(S::Reviewed),
        // Taken back while it was set: there is something to look at.
        (S::Withdrawn, E::Review) if approval.applied_by.is_some() || stops => Some(S::Reviewed),
        _ => None,
    }
}

fn decides(terms: &Terms, by: By<'_>) -> Result<PersonId, Refusal> {
    match by {
        By::Person(person, hats) if !terms.posts_of(hats).is_empty() => Ok(person),
        By::Person(..) | By::Clock => Err(Refusal::NotTheirs(terms.deciders.clone())),
    }
}

fn manages(terms: &Terms, by: By<'_>) -> Result<(), Refusal> {
    match by {
        By::Person(_, hats) if terms.manages(hats) => Ok(()),
        By::Person(..) | By::Clock => Err(Refusal::NotTheirs(terms.managers.clone())),
    }
}

fn not_over(approval: &Approval, now: Timestamp) -> Result<(), Refusal> {
    match approval.ends_at {
        Some(ends_at) if ends_at <= now => Err(Refusal::TooLate),
        _ => Ok(()),
    }
}

fn agree(approval: &Approval, terms: &Terms, by: By<'_>, now: Timestamp) -> Result<State, Refusal> {
    let post = agrees_as(approval, terms, by)?;
    not_over(approval, now)?;
    let agreed: Vec<Post> = approval
        .agreed
        .iter()
        .map(|(post, _)| *post)
        .chain([post])
        .collect();
    let complete = !terms.all || terms.deciders.iter().all(|post| agreed.contains(post));
    Ok(if complete {
        State::Agreed
    } else {
        State::PartAgreed
    })
}

/// The post for which somebody agrees: the first of theirs that has not.
pub fn agrees_as(approval: &Approval, terms: &Terms, by: By<'_>) -> Result<Post, Refusal> {
    let By::Person(person, hats) = by else {
        return Err(Refusal::NotTheirs(terms.deciders.clone()));
    };
    let own = terms.posts_of(hats);
    if own.is_empty() {
        return Err(Refusal::NotTheirs(terms.deciders.clone()));
    }
    if terms.second_person && approval.opens && approval.asked_by == person {
        return Err(Refusal::OwnRequest);
    }
    if approval.agreed.iter().any(|(_, other)| *other == person) {
        return Err(Refusal::AgreedAlready);
    }
    let open = |post: &Post| approval.agreed.iter().all(|(agreed, _)| agreed != post);
    own.into_iter().find(open).ok_or_else(|| {
        let missing = terms.deciders.iter().copied().filter(open).collect();
        Refusal::NotTheirs(missing)
    })
}

fn withdraw(approval: &Approval, terms: &Terms, by: By<'_>) -> Result<(), Refusal> {
    let By::Person(person, hats) = by else {
        return Err(Refusal::NotTheAsker);
    };
    if approval.asked_by == person {
        return Ok(());
    }
    if terms.can_be_stopped && !terms.posts_of(hats).is_empty() {
        Ok(())
    } else {
        Err(Refusal::NotTheAsker)
    }
}

/// How long before the time for a look is over those who look are told.
const NOTICE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Whether it is time to ask for somebody who looks at a change: a week before the time for it is over, and
/// at half of it where that is later.
pub fn review_is_due(applied_at: Timestamp, within: Days, now: Timestamp) -> bool {
    let time = SignedDuration::from_hours(24 * i64::from(within.0));
    now.duration_since(applied_at) >= (time - NOTICE).max(time / 2)
}

fn review(approval: &Approval, by: By<'_>) -> Result<(), Refusal> {
    let By::Person(person, _) = by else {
        return Err(Refusal::OwnWork);
    };
    if approval.reviewed {
        return Err(Refusal::ReviewedAlready);
    }
    if approval.applied_by == Some(person) || approval.asked_by == person {
        return Err(Refusal::OwnWork);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
