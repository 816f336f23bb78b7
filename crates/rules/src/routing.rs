//! Who hears of a concern: from whom it is about, the policy's routes and who
//! holds which post today, to a plan that never contains a subject.

use std::collections::BTreeSet;

use belisha_policy::controls::incident_route::{self, Contact};
use belisha_policy::{About, Bound, Measure, Policy, Post, Word};
use jiff::Timestamp;

use crate::access::{self, Kind};
use crate::calendar::{AT_ONCE_MOVES_ON_AFTER, Deadline, SchoolCalendar};
use crate::ids::PersonId;
use crate::people::{Hats, Held, Identity};

/// What the policy says about concerns of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub about: About,
    /// Told at once, all of them.
    pub first: Vec<Post>,
    /// A report later than this after the event is marked late.
    pub within: Measure,
    /// Told for information.
    pub copies: Vec<Post>,
    /// Told in turn when nobody answers.
    pub next: Vec<Post>,
    pub moves_on_after: Measure,
    /// How soon the local authority designated officer must be contacted, if at all.
    pub contact_within: Option<Measure>,
}

impl Route {
    /// Every route that the policy states.
    pub fn all(policy: &Policy) -> Vec<Self> {
        policy.all(&incident_route::CONTROL).map(Self::of).collect()
    }

    fn of(bound: &Bound) -> Self {
        Self {
            about: bound.get(&incident_route::ABOUT),
            first: bound.get(&incident_route::FIRST),
            within: bound.get(&incident_route::WITHIN),
            copies: bound.get(&incident_route::COPIES),
            next: bound.get(&incident_route::NEXT),
            moves_on_after: bound.get(&incident_route::MOVES_ON_AFTER),
            contact_within: match bound.get(&incident_route::CONTACT) {
                Contact::None => None,
                Contact::DesignatedOfficer => Some(bound.get(&incident_route::CONTACT_WITHIN)),
            },
        }
    }
}

/// Somebody whom a concern is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A person on the register.
    Known { identity: Identity, hats: Hats },
    /// Somebody of the school whom the reporter cannot name.
    UnnamedAdult,
}

/// Somebody who holds a post or deputises for it today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub identity: Identity,
    pub held: Held,
    /// Known to be out of reach, so that the deputy is told instead.
    pub away: bool,
}

/// What is known when a report is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    pub subjects: Vec<Subject>,
    /// The reporter says that a child may be at risk of harm.
    pub at_risk: bool,
    /// Persons marked as close to a subject: family, partner, household.
    pub close_to_subjects: BTreeSet<PersonId>,
    pub sent_at: Timestamp,
}

/// Somebody to be told, and on account of which post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub person: PersonId,
    pub held: Held,
}

/// Who is told if nobody has acknowledged by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub at: Timestamp,
    pub tell: Vec<Told>,
}

/// How a case is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// Under the school's key; those with the post can read it.
    School,
    /// Sealed to the persons in the plan; nobody else can read it, not even the system.
    Sealed,
}

/// A post that should have been told and could not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub post: Post,
    pub why: GapReason,
}

/// Why a post in the route was passed over. Nothing here is shown to the
/// reporter: that somebody was passed over would say who the subject is close to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapReason {
    /// Nobody holds it and nobody deputises.
    Empty,
    /// Those who hold it are subjects or close to one.
    Excluded,
    /// Those who hold it may never read a case of this kind.
    NeverReads,
}

/// What happens with a report from the moment it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The most restrictive of the subjects decides.
    pub about: About,
    pub kind: Kind,
    pub tier: Tier,
    pub first: Vec<Told>,
    pub copies: Vec<Told>,
    pub escalation: Vec<Step>,
    /// The designated officer must be contacted by then.
    pub contact_due: Option<Deadline>,
    pub gaps: Vec<Gap>,
}

/// Nobody is left who could be told. A policy that is ready and a school whose
/// chair and vice-chair are appointed never come here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRoute {
    pub about: About,
    pub gaps: Vec<Gap>,
}

impl NoRoute {
    /// What the reporter is told: the report is kept, and where to turn now.
    pub fn sentence(&self) -> &'static str {
        "Nobody in school can be told of this through Belisha. Your report is kept. Tell the \
         local authority designated officer or, if a child is in danger, the police on 999, now."
    }
}

/// Whom the concern is about, as far as it decides who may hear of it: the most
/// restrictive of the subjects. An adult of the school overrides every pupil,
/// because staff misuse goes to the headteacher whatever else is true.
pub fn about(concern: &Concern) -> About {
    let pupils = if concern.at_risk {
        About::PupilAtRisk
    } else {
        About::Pupil
    };
    concern
        .subjects
        .iter()
        .map(|subject| match subject {
            Subject::UnnamedAdult => About::Staff,
            Subject::Known { hats, .. } => about_person(hats).unwrap_or(pupils),
        })
        .max()
        .unwrap_or(pupils)
}

/// A parent or a pupil is no allegation against the school; everybody else is.
fn about_person(hats: &Hats) -> Option<About> {
    let by_post = hats
        .posts
        .iter()
        .filter_map(|held| match (held.post, held.deputy) {
            (Post::ChairOfGovernors, false) => Some(About::ChairOfGovernors),
            (Post::Headteacher, false) => Some(About::Headteacher),
            (Post::DesignatedSafeguardingLead | Post::DeputyDesignatedSafeguardingLead, _) => {
                Some(About::DesignatedSafeguardingLead)
            }
            (Post::OnlineSafetyCoordinator, _) => Some(About::OnlineSafetyCoordinator),
            (Post::NetworkManager, _) => Some(About::NetworkManager),
            (
                Post::ChairOfGovernors
                | Post::Headteacher
                | Post::SeniorLeader
                | Post::SpecialNeedsCoordinator
                | Post::PastoralLead
                | Post::SeniorInformationRiskOwner
                | Post::DataProtectionOfficer
                | Post::SchoolOffice
                | Post::ViceChairOfGovernors
                | Post::SafeguardingGovernor,
                _,
            ) => None,
        });
    by_post
        .chain(hats.is_of_the_school().then_some(About::Staff))
        .max()
}

/// The kind of record that a concern opens. It may be lowered to a low-level
/// concern at triage, by whoever is in charge.
pub fn kind_of(about: About) -> Kind {
    match about {
        About::Pupil => Kind::PupilWelfare,
        About::PupilAtRisk => Kind::ChildProtection,
        About::Staff
        | About::NetworkManager
        | About::OnlineSafetyCoordinator
        | About::DesignatedSafeguardingLead => Kind::AllegationStaff,
        About::Headteacher => Kind::AllegationHead,
        About::ChairOfGovernors => Kind::AllegationChair,
    }
}

fn route_for(about: About, routes: &[Route]) -> Option<&Route> {
    let find = |about| routes.iter().find(|route| route.about == about);
    find(about).or_else(|| about.wider().and_then(find))
}

/// Plans who is told of a concern, when, and who is next.
///
/// Persons who are a subject, or close to one, are never in the plan; where
/// that or an empty post leaves nobody, the next in line is told at once, and at
/// the end of every line stand the chair and the vice-chair of governors.
/// Concerns about the headteacher go to the chair and to the designated officer
/// ("Keeping children safe in education", part four, section one).
pub fn plan(
    concern: &Concern,
    routes: &[Route],
    holders: &[Holder],
    calendar: &SchoolCalendar,
) -> Result<Plan, NoRoute> {
    let about = about(concern);
    let kind = kind_of(about);
    let mut line = Line {
        concern,
        holders,
        kind,
        told: BTreeSet::new(),
        gaps: Vec::new(),
    };
    let route = route_for(about, routes);

    let mut first: Vec<Told> = route
        .iter()
        .flat_map(|r| &r.first)
        .flat_map(|post| line.tell(*post))
        .collect();
    let mut waiting: Vec<Vec<Told>> = Vec::new();
    if !first.is_empty() {
        waiting.push(
            route
                .iter()
                .flat_map(|r| &r.first)
                .flat_map(|p| line.deputies(*p))
                .collect(),
        );
    }
    for post in route.iter().flat_map(|r| &r.next) {
        waiting.push(line.tell(*post));
    }
    for post in last_in_line(about) {
        let told = line.tell_quietly(*post);
        waiting.push(told);
    }
    let mut waiting = waiting.into_iter().filter(|tell| !tell.is_empty());
    if first.is_empty() {
        let Some(next) = waiting.next() else {
            return Err(NoRoute {
                about,
                gaps: line.gaps,
            });
        };
        first = next;
    }

    let mut at = concern.sent_at;
    let moves_on_after = match route.map(|r| r.moves_on_after) {
        None | Some(Measure::AtOnce) => AT_ONCE_MOVES_ON_AFTER,
        Some(measure) => measure,
    };
    let escalation = waiting
        .map(|tell| {
            at = calendar.passes_at(calendar.due(at, moves_on_after));
            Step { at, tell }
        })
        .collect();
    let copies = route
        .iter()
        .flat_map(|r| &r.copies)
        .flat_map(|p| line.copy(*p))
        .collect();
    let contact_due = route
        .and_then(|r| r.contact_within)
        .map(|within| calendar.due(concern.sent_at, within));
    Ok(Plan {
        about,
        kind,
        tier: if kind.is_sealed() {
            Tier::Sealed
        } else {
            Tier::School
        },
        first,
        copies,
        escalation,
        contact_due,
        gaps: line.gaps,
    })
}

/// Who is told when the policy's own line has ended.
fn last_in_line(about: About) -> &'static [Post] {
    match about {
        About::Pupil | About::PupilAtRisk => &[
            Post::DesignatedSafeguardingLead,
            Post::DeputyDesignatedSafeguardingLead,
            Post::Headteacher,
            Post::ChairOfGovernors,
            Post::ViceChairOfGovernors,
        ],
        About::Staff
        | About::NetworkManager
        | About::OnlineSafetyCoordinator
        | About::DesignatedSafeguardingLead
        | About::Headteacher => &[Post::ChairOfGovernors, Post::ViceChairOfGovernors],
        About::ChairOfGovernors => &[Post::ViceChairOfGovernors, Post::Headteacher],
    }
}

/// The holders as they are gone through: nobody is told twice.
struct Line<'a> {
    concern: &'a Concern,
    holders: &'a [Holder],
    kind: Kind,
    told: BTreeSet<PersonId>,
    gaps: Vec<Gap>,
}

impl Line<'_> {
    /// Those to tell on account of a post, noting why if there is nobody.
    fn tell(&mut self, post: Post) -> Vec<Told> {
        let told = self.tell_quietly(post);
        self.note_gap(post, &told);
        told
    }

    fn note_gap(&mut self, post: Post, told: &[Told]) {
        let someone_was_told_already = self
            .of(post, |_| true)
            .any(|holder| self.told.contains(&holder.identity.person));
        if told.is_empty() && !someone_was_told_already {
            let gap = Gap {
                post,
                why: self.reason(post),
            };
            if !self.gaps.contains(&gap) {
                self.gaps.push(gap);
            }
        }
    }

    /// The same for posts that nobody promised to tell.
    ///
    /// A deputy stands in for a holder who is away, or for none. Where the holder
    /// is a subject of a concern about an adult the deputy does not stand in:
    /// they answer to the holder.
    fn tell_quietly(&mut self, post: Post) -> Vec<Told> {
        let holders: Vec<&Holder> = self.of(post, |held| !held.deputy).collect();
        let excluded = holders.iter().any(|holder| self.excludes(holder));
        let present: Vec<Told> = holders
            .iter()
            .filter(|holder| !holder.away && self.can_take(holder))
            .map(|holder| holder.told())
            .collect();
        let chosen = if !present.is_empty() || (excluded && self.kind.is_sealed()) {
            present
        } else {
            let deputies: Vec<Told> = self
                .of(post, |held| held.deputy)
                .filter(|deputy| !deputy.away && self.can_take(deputy))
                .map(Holder::told)
                .collect();
            if deputies.is_empty() {
                // Everybody is away: the holder is still told.
                holders
                    .iter()
                    .filter(|h| self.can_take(h))
                    .map(|h| h.told())
                    .collect()
            } else {
                deputies
            }
        };
        self.keep_new(chosen)
    }

    /// The deputies of a post, who are the first to be told when its holder does not answer.
    fn deputies(&mut self, post: Post) -> Vec<Told> {
        if self.kind.is_sealed() && self.of(post, |held| !held.deputy).any(|h| self.excludes(h)) {
            return Vec::new();
        }
        let deputies = self
            .of(post, |held| held.deputy)
            .filter(|deputy| self.can_take(deputy))
            .map(Holder::told)
            .collect();
        self.keep_new(deputies)
    }

    /// Those to tell for information on account of a post.
    fn copy(&mut self, post: Post) -> Vec<Told> {
        let copies: Vec<Told> = self
            .of(post, |held| !held.deputy)
            .filter(|holder| !self.excludes(holder))
            .filter(|holder| access::may_be_informed(holder.held, self.kind))
            .map(Holder::told)
            .collect();
        let told = self.keep_new(copies);
        self.note_gap(post, &told);
        told
    }

    fn keep_new(&mut self, chosen: Vec<Told>) -> Vec<Told> {
        chosen
            .into_iter()
            .filter(|told| self.told.insert(told.person))
            .collect()
    }

    fn of(&self, post: Post, which: impl Fn(Held) -> bool) -> impl Iterator<Item = &Holder> {
        self.holders
            .iter()
            .filter(move |holder| holder.held.post == post && which(holder.held))
    }

    fn can_take(&self, holder: &Holder) -> bool {
        !self.excludes(holder) && access::may_take_charge(holder.held, self.kind)
    }

    fn excludes(&self, holder: &Holder) -> bool {
        holder.identity.is_among(&self.concern.close_to_subjects)
            || self.concern.subjects.iter().any(|subject| match subject {
                Subject::UnnamedAdult => false,
                Subject::Known { identity, .. } => {
                    identity.is(holder.identity.person)
                        || holder.identity.is(identity.person)
                        || holder.identity.is_among(&identity.aliases)
                }
            })
    }

    fn reason(&self, post: Post) -> GapReason {
        let mut holders = self.of(post, |_| true).peekable();
        if holders.peek().is_none() {
            GapReason::Empty
        } else if holders.any(|holder| self.excludes(holder)) {
            GapReason::Excluded
        } else {
            GapReason::NeverReads
        }
    }
}

impl Holder {
    fn told(&self) -> Told {
        Told {
            person: self.identity.person,
            held: self.held,
        }
    }
}

impl Plan {
    /// Everybody who may ever be told under this plan.
    pub fn everybody(&self) -> impl Iterator<Item = &Told> {
        self.first
            .iter()
            .chain(&self.copies)
            .chain(self.escalation.iter().flat_map(|step| &step.tell))
    }

    /// Who will receive the concern, in words for the reporter before sending.
    pub fn sentence(&self) -> String {
        let mut text = format!("This will go to {}", titles(&self.first));
        if !self.copies.is_empty() {
            text.push_str(&format!(
                ", and to {} for information",
                titles(&self.copies)
            ));
        }
        text.push('.');
        match self.tier {
            Tier::Sealed => {
                text.push_str(" Nobody else in school can open it");
                match self.escalation.first() {
                    None => text.push('.'),
                    Some(step) => text.push_str(&format!(
                        "; only if nobody answers does it also go to {}.",
                        titles(&step.tell)
                    )),
                }
            }
            Tier::School => text.push_str(
                " Only those who look after the safety of pupils, and those they share it with, \
                 can open it.",
            ),
        }
        text
    }
}

fn titles(told: &[Told]) -> String {
    let mut titles: Vec<String> = Vec::new();
    for told in told {
        let title = match told.held.deputy {
            false => format!("the {}", told.held.post.name()),
            true => format!("the deputy of the {}", told.held.post.name()),
        };
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    match titles.as_slice() {
        [] => "nobody".to_owned(),
        [only] => only.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// Whether a report came later after the event than the policy allows.
pub fn is_late(
    route: &Route,
    happened_at: Timestamp,
    sent_at: Timestamp,
    calendar: &SchoolCalendar,
) -> bool {
    let within = match route.within {
        Measure::AtOnce => AT_ONCE_MOVES_ON_AFTER,
        within => within,
    };
    calendar.is_overdue(calendar.due(happened_at, within), sent_at)
}

#[cfg(test)]
#[path = "routing_tests.rs"]
mod tests;
