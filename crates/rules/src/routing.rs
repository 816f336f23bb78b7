//! Who hears of a concern: from whom it is about, the policy's routes and who
//! holds which post today, to a plan that never contains a subject.

mod about;
mod besides;
mod line;

use std::collections::BTreeSet;

use belisha_policy::controls::incident_route::{self, Contact};
use belisha_policy::{About, Bound, Measure, Policy, Post, Word};
use jiff::Timestamp;

use crate::access::Kind;
use crate::calendar::{AT_ONCE_MOVES_ON_AFTER, Deadline, SchoolCalendar};
use crate::ids::PersonId;
use crate::people::{Hats, Held, Identity};

pub use about::{about, kind_of};
pub use besides::{Besides, MatterRoute, OutOfHours, puts_a_child_at_risk};
use line::Line;

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

/// The route of a concern about this subject, or that of the wider subject where
/// the policy states none of its own.
pub fn route_for(about: About, routes: &[Route]) -> Option<&Route> {
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
    plan_with(concern, routes, &Besides::default(), holders, calendar)
}

/// The same, with what the matter of the report and the hour add. Neither touches a
/// concern about an adult: that goes to those whom its own route names and to nobody
/// else (requirements (d) 4 and 20).
pub fn plan_with(
    concern: &Concern,
    routes: &[Route],
    besides: &Besides,
    holders: &[Holder],
    calendar: &SchoolCalendar,
) -> Result<Plan, NoRoute> {
    let about = about(concern);
    let kind = kind_of(about);
    let mut line = Line::new(concern, holders, kind);
    let route = route_for(about, routes);
    let posts = Posts::of(about, route, besides);

    let mut first: Vec<Told> = Vec::new();
    for post in &posts.first {
        first.extend(line.tell(*post));
    }
    let mut waiting: Vec<Vec<Told>> = Vec::new();
    if !first.is_empty() {
        let mut deputies = Vec::new();
        for post in &posts.first {
            deputies.extend(line.deputies(*post));
        }
        waiting.push(deputies);
    }
    for post in &posts.next {
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
                gaps: line.into_gaps(),
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
    let mut copies: Vec<Told> = Vec::new();
    for told in posts.copies.iter().flat_map(|post| line.copy(*post)) {
        // Whoever has to act needs no copy; whoever is next in line still gets one.
        if !first
            .iter()
            .chain(&copies)
            .any(|known| known.person == told.person)
        {
            copies.push(told);
        }
    }
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
        gaps: line.into_gaps(),
    })
}

/// The posts of a plan, before anybody is looked up who holds them.
struct Posts {
    first: Vec<Post>,
    next: Vec<Post>,
    copies: Vec<Post>,
}

impl Posts {
    fn of(about: About, route: Option<&Route>, besides: &Besides) -> Self {
        let of_route = |list: fn(&Route) -> &Vec<Post>| route.map_or(&[][..], |route| list(route));
        let mut posts = Self {
            first: of_route(|route| &route.first).to_vec(),
            next: of_route(|route| &route.next).to_vec(),
            copies: of_route(|route| &route.copies).to_vec(),
        };
        match about {
            About::Pupil if !besides.first.is_empty() => {
                // Whoever would have heard first is next.
                let displaced = std::mem::replace(&mut posts.first, besides.first.clone());
                let next = std::mem::take(&mut posts.next);
                besides::add(&mut posts.next, &displaced);
                besides::add(&mut posts.next, &next);
            }
            About::Pupil | About::PupilAtRisk => besides::add(&mut posts.first, &besides.first),
            About::Staff
            | About::NetworkManager
            | About::OnlineSafetyCoordinator
            | About::DesignatedSafeguardingLead
            | About::Headteacher
            | About::ChairOfGovernors => return posts,
        }
        besides::add(&mut posts.first, &besides.shut);
        besides::add(&mut posts.copies, &besides.copies);
        posts
    }
}

/// What whoever is told first does at once, besides: a subject who keeps the logs could
/// change or read them while the concern is looked into (requirements (e) 4).
pub fn at_once(about: About) -> Option<&'static str> {
    match about {
        About::NetworkManager => Some(
            "Let somebody else look after the filter, its log and the accounts until this is \
             decided, and record who does.",
        ),
        About::Pupil
        | About::PupilAtRisk
        | About::Staff
        | About::OnlineSafetyCoordinator
        | About::DesignatedSafeguardingLead
        | About::Headteacher
        | About::ChairOfGovernors => None,
    }
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
mod tests;
