//! What else decides who hears: the matter of the report, and whether the school is shut.

use belisha_policy::controls::{matter_route, out_of_hours};
use belisha_policy::{Matter, Policy, Post};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};

use crate::calendar::SchoolCalendar;

/// Who hears first of reports of one matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterRoute {
    pub matter: Matter,
    pub first: Vec<Post>,
    pub copies: Vec<Post>,
    /// Whether the network manager hears of the fault, without the report.
    pub technical: bool,
}

impl MatterRoute {
    /// Every route of a matter that the policy states.
    pub fn all(policy: &Policy) -> Vec<Self> {
        policy
            .all(&matter_route::CONTROL)
            .map(|bound| Self {
                matter: bound.get(&matter_route::MATTER),
                first: bound.get(&matter_route::FIRST),
                copies: bound.get(&matter_route::COPIES),
                technical: bound.get(&matter_route::TECHNICAL),
            })
            .collect()
    }
}

/// Whether a report of this matter is of a child who may come to harm, whatever the
/// reporter answers: the lead hears of it as urgently as of any child at risk.
pub fn puts_a_child_at_risk(matter: Matter) -> bool {
    match matter {
        Matter::AskedToMeet | Matter::NudeImage => true,
        Matter::Bullying
        | Matter::UpsettingMaterial
        | Matter::IllegalMaterial
        | Matter::StrangerContact
        | Matter::Hate
        | Matter::RulesBreach
        | Matter::DataBreach
        | Matter::FilterFailure
        | Matter::SuspectMessage
        | Matter::VisitorConcern => false,
    }
}

/// When nobody is there, and what holds then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfHours {
    pub opens: Time,
    pub closes: Time,
    pub told: Vec<Post>,
    /// Empty where the school has none.
    pub number: String,
}

impl OutOfHours {
    /// What the policy says; nothing where it is silent.
    pub fn of(policy: &Policy) -> Option<Self> {
        policy.all(&out_of_hours::CONTROL).next().map(|bound| Self {
            opens: bound.get(&out_of_hours::OPENS),
            closes: bound.get(&out_of_hours::CLOSES),
            told: bound.get(&out_of_hours::TOLD),
            number: bound.get(&out_of_hours::NUMBER),
        })
    }

    /// Whether the school is shut at this instant. A school that has entered no terms
    /// yet counts as open on working days: nobody is told that it is shut by our guess.
    pub fn is_shut(&self, now: Timestamp, calendar: &SchoolCalendar) -> bool {
        let here = now.to_zoned(calendar.zone.clone());
        !is_open_on(here.date(), calendar) || here.time() < self.opens || here.time() >= self.closes
    }

    /// The next day on which somebody is there, within two months.
    pub fn opens_on(&self, now: Timestamp, calendar: &SchoolCalendar) -> Option<Date> {
        let here = now.to_zoned(calendar.zone.clone());
        let today = here.date();
        let first = if here.time() < self.opens {
            today
        } else {
            today.saturating_add(1.day())
        };
        first
            .series(1.day())
            .take(62)
            .find(|day| is_open_on(*day, calendar))
    }
}

fn is_open_on(day: Date, calendar: &SchoolCalendar) -> bool {
    if calendar.terms.is_empty() {
        calendar.is_working_day(day)
    } else {
        calendar.is_school_day(day)
    }
}

/// What the matters and the hour of one report add to its route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Besides {
    /// In place of the first people of a route about a pupil.
    pub first: Vec<Post>,
    pub copies: Vec<Post>,
    /// Told at once as well, because the school is shut.
    pub shut: Vec<Post>,
    /// Whether the network manager hears of the fault.
    pub technical: bool,
}

impl Besides {
    /// For a report of these matters at this instant.
    pub fn of(
        matters: &[Matter],
        routes: &[MatterRoute],
        hours: Option<&OutOfHours>,
        now: Timestamp,
        calendar: &SchoolCalendar,
    ) -> Self {
        let mut besides = Self::default();
        for route in routes
            .iter()
            .filter(|route| matters.contains(&route.matter))
        {
            add(&mut besides.first, &route.first);
            add(&mut besides.copies, &route.copies);
            besides.technical |= route.technical;
        }
        if let Some(hours) = hours.filter(|hours| hours.is_shut(now, calendar)) {
            add(&mut besides.shut, &hours.told);
        }
        besides
    }
}

pub(super) fn add(posts: &mut Vec<Post>, more: &[Post]) {
    for post in more {
        if !posts.contains(post) {
            posts.push(*post);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Days;

    #[test]
    fn the_school_is_shut_outside_its_hours_and_its_terms() {
        let hours = OutOfHours {
            opens: Time::constant(8, 0, 0, 0),
            closes: Time::constant(17, 0, 0, 0),
            told: Vec::new(),
            number: String::new(),
        };
        let mut calendar = SchoolCalendar::of_england_and_wales();
        let check = |calendar: &SchoolCalendar, at: &str, shut: bool, opens: Option<&str>| {
            let now = at.parse().expect("an instant");
            assert_eq!(hours.is_shut(now, calendar), shut, "{at}");
            let on = hours.opens_on(now, calendar).map(|day| day.to_string());
            assert_eq!(on.as_deref(), opens, "{at}");
        };
        // Without terms, working days.
        check(
            &calendar,
            "2026-09-23T08:00:00+01:00",
            false,
            Some("2026-09-24"),
        );
        check(
            &calendar,
            "2026-09-26T12:00:00+01:00",
            true,
            Some("2026-09-28"),
        );
        calendar.terms.push(Days {
            first: "2026-09-02".parse().expect("a date"),
            last: "2026-12-18".parse().expect("a date"),
        });
        check(
            &calendar,
            "2026-09-23T07:59:59+01:00",
            true,
            Some("2026-09-23"),
        );
        check(
            &calendar,
            "2026-09-23T08:00:00+01:00",
            false,
            Some("2026-09-24"),
        );
        check(
            &calendar,
            "2026-09-23T16:59:59+01:00",
            false,
            Some("2026-09-24"),
        );
        check(
            &calendar,
            "2026-09-23T17:00:00+01:00",
            true,
            Some("2026-09-24"),
        );
        check(
            &calendar,
            "2026-09-25T17:00:00+01:00",
            true,
            Some("2026-09-28"),
        );
        check(
            &calendar,
            "2026-08-31T12:00:00+01:00",
            true,
            Some("2026-09-02"),
        );
        check(&calendar, "2026-12-21T12:00:00Z", true, None);
    }

    #[test]
    fn matters_join_and_only_those_that_were_named_count() {
        use Post::*;
        let route = |matter, first: &[Post], technical| MatterRoute {
            matter,
            first: first.to_vec(),
            copies: Vec::new(),
            technical,
        };
        let routes = [
            route(Matter::FilterFailure, &[Headteacher], true),
            route(
                Matter::DataBreach,
                &[Headteacher, DataProtectionOfficer],
                false,
            ),
        ];
        let calendar = SchoolCalendar::of_england_and_wales();
        let now = "2026-09-26T12:00:00Z".parse().expect("an instant");
        let check = |matters: &[Matter], first: &[Post], technical: bool| {
            let besides = Besides::of(matters, &routes, None, now, &calendar);
            assert_eq!(besides.first, first, "{matters:?}");
            assert_eq!(besides.technical, technical, "{matters:?}");
        };
        check(&[], &[], false);
        check(&[Matter::Bullying], &[], false);
        check(&[Matter::FilterFailure], &[Headteacher], true);
        check(
            &[Matter::DataBreach, Matter::FilterFailure],
            &[Headteacher, DataProtectionOfficer],
            true,
        );
    }
}
