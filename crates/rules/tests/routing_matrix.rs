//! Who hears of what, in every case that a person should review: whom the concern is
//! about, under each pack, with posts empty and their holders away. The whole table
//! stands in `routing.txt`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use belisha_policy::{Matter, Policy, Post, Standing, Word};
use belisha_rules::PersonId;
use belisha_rules::calendar::{Days, SchoolCalendar};
use belisha_rules::people::{Hats, Held, Identity};
use belisha_rules::routing::{
    Besides, Concern, Holder, MatterRoute, NoRoute, OutOfHours, Plan, Route, Subject, Tier, Told,
    plan_with, puts_a_child_at_risk,
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/routing.txt");

/// The posts that a route may lean on.
const ROUTED: [Post; 7] = [
    Post::Headteacher,
    Post::DesignatedSafeguardingLead,
    Post::DeputyDesignatedSafeguardingLead,
    Post::OnlineSafetyCoordinator,
    Post::ChairOfGovernors,
    Post::ViceChairOfGovernors,
    Post::NetworkManager,
];

/// A Wednesday in term.
const MORNING: &str = "2026-09-23T10:00:00+01:00";
const EVENING: &str = "2026-09-23T20:00:00+01:00";

fn pack(name: &str) -> Policy {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../packs")
        .join(name);
    let text = std::fs::read_to_string(&path).expect("the pack is there");
    belisha_policy::parse(&text).expect("the pack has no faults")
}

fn calendar() -> SchoolCalendar {
    let mut calendar = SchoolCalendar::of_england_and_wales();
    calendar.terms.push(Days {
        first: "2026-09-02".parse().expect("a date"),
        last: "2026-12-18".parse().expect("a date"),
    });
    calendar
}

/// The person who holds a post; the deputy of it has a hundred more.
fn person(post: Post) -> u128 {
    let place = Post::all().position(|listed| listed == post);
    place.expect("every post is listed") as u128 + 1
}

fn holder(person: u128, post: Post, deputy: bool, away: bool) -> Holder {
    Holder {
        identity: Identity::of(PersonId::new(person)),
        held: if deputy {
            Held::deputy(post)
        } else {
            Held::holder(post)
        },
        away,
    }
}

/// Who holds what.
#[derive(Clone, Copy)]
enum Staffing {
    All,
    Without(Post),
    /// The holder is away, and somebody deputises.
    Away(Post),
    /// One person is headteacher and lead.
    HeadIsLead,
}

impl Staffing {
    fn name(self) -> String {
        match self {
            Self::All => "all posts are held".to_owned(),
            Self::Without(post) => format!("nobody is {}", post.name()),
            Self::Away(post) => format!("the {} is away and has a deputy", post.name()),
            Self::HeadIsLead => "one person is headteacher and lead".to_owned(),
        }
    }

    fn holders(self) -> Vec<Holder> {
        let mut holders: Vec<Holder> = ROUTED
            .into_iter()
            .filter(|post| !matches!(self, Self::Without(empty) if empty == *post))
            .map(|post| {
                let who = match (self, post) {
                    (Self::HeadIsLead, Post::DesignatedSafeguardingLead) => {
                        person(Post::Headteacher)
                    }
                    _ => person(post),
                };
                let away = matches!(self, Self::Away(absent) if absent == post);
                holder(who, post, false, away)
            })
            .collect();
        if let Self::Away(post) = self {
            holders.push(holder(person(post) + 100, post, true, false));
        }
        holders
    }
}

/// Whom a concern is about.
enum Whom {
    Pupil,
    UnnamedAdult,
    Teacher,
    Holder(Post),
    PupilAnd(Post),
}

impl Whom {
    fn name(&self) -> String {
        match self {
            Self::Pupil => "a pupil".to_owned(),
            Self::UnnamedAdult => "an adult nobody can name".to_owned(),
            Self::Teacher => "a teacher".to_owned(),
            Self::Holder(post) => post.with_article().to_owned(),
            Self::PupilAnd(post) => format!("a pupil and {}", post.with_article()),
        }
    }

    fn subjects(&self, holders: &[Holder]) -> Vec<Subject> {
        let known = |bits: u128, standing: Standing| {
            let mut hats = Hats::new([standing], []);
            hats.posts.extend(
                holders
                    .iter()
                    .filter(|holder| holder.identity.person == PersonId::new(bits))
                    .map(|holder| holder.held),
            );
            Subject::Known {
                identity: Identity::of(PersonId::new(bits)),
                hats,
            }
        };
        match self {
            Self::Pupil => vec![known(900, Standing::Pupil)],
            Self::UnnamedAdult => vec![Subject::UnnamedAdult],
            Self::Teacher => vec![known(901, Standing::Staff)],
            Self::Holder(post) => vec![known(person(*post), Standing::Staff)],
            Self::PupilAnd(post) => vec![
                known(900, Standing::Pupil),
                known(person(*post), Standing::Staff),
            ],
        }
    }
}

fn planned(
    policy: &Policy,
    whom: &Whom,
    at_risk: bool,
    matters: &[Matter],
    staffing: Staffing,
    at: &str,
) -> Result<Plan, NoRoute> {
    let holders = staffing.holders();
    let calendar = calendar();
    let sent_at = at.parse().expect("an instant");
    let besides = Besides::of(
        matters,
        &MatterRoute::all(policy),
        OutOfHours::of(policy).as_ref(),
        sent_at,
        &calendar,
    );
    let concern = Concern {
        subjects: whom.subjects(&holders),
        at_risk,
        close_to_subjects: BTreeSet::new(),
        sent_at,
    };
    plan_with(&concern, &Route::all(policy), &besides, &holders, &calendar)
}

fn told(told: &[Told]) -> String {
    let names: Vec<String> = told
        .iter()
        .map(|told| match told.held.deputy {
            true => format!("deputy of {}", told.held.post.name()),
            false => told.held.post.name().to_owned(),
        })
        .collect();
    names.join(" + ")
}

fn line(plan: &Result<Plan, NoRoute>) -> String {
    let plan = match plan {
        Ok(plan) => plan,
        Err(_) => return "NOBODY IN SCHOOL".to_owned(),
    };
    let mut line = told(&plan.first);
    for step in &plan.escalation {
        let _ = write!(line, " > {}", told(&step.tell));
    }
    if !plan.copies.is_empty() {
        let _ = write!(line, "; copy {}", told(&plan.copies));
    }
    if plan.contact_due.is_some() {
        line.push_str("; designated officer");
    }
    match plan.tier {
        Tier::Sealed => line.push_str("; sealed"),
        Tier::School => {}
    }
    line
}

fn row(table: &mut String, about: &str, plan: &Result<Plan, NoRoute>) {
    let _ = writeln!(table, "  {about:<47}{}", line(plan));
}

fn subjects() -> Vec<(Whom, bool)> {
    let mut all = vec![
        (Whom::Pupil, false),
        (Whom::Pupil, true),
        (Whom::UnnamedAdult, false),
        (Whom::Teacher, true),
        (Whom::PupilAnd(Post::Headteacher), true),
    ];
    all.extend(ROUTED.map(|post| (Whom::Holder(post), false)));
    all
}

fn about(whom: &Whom, at_risk: bool) -> String {
    let risk = if at_risk { ", a child at risk" } else { "" };
    format!("{}{risk}", whom.name())
}

#[test]
fn the_whole_of_who_hears_of_what_is_as_reviewed() {
    let mut table = String::from(
        "Who hears of a concern: first > next > next; who is copied. Sealed means that nobody else can open it.\n\
         UPDATE=1 cargo test -p belisha-rules --test routing_matrix rewrites this; read the difference before you keep it.\n",
    );
    let mut staffings = vec![Staffing::All, Staffing::HeadIsLead];
    staffings.extend(ROUTED[..6].iter().map(|post| Staffing::Without(*post)));
    staffings.extend(ROUTED[..6].iter().map(|post| Staffing::Away(*post)));
    for name in ["junior.md", "primary.md"] {
        let policy = pack(name);
        for staffing in &staffings {
            let _ = writeln!(table, "\n{name}, {}:", staffing.name());
            for (whom, at_risk) in subjects() {
                let plan = planned(&policy, &whom, at_risk, &[], *staffing, MORNING);
                row(&mut table, &about(&whom, at_risk), &plan);
            }
        }
        let _ = writeln!(table, "\n{name}, by matter, about a pupil:");
        for matter in Matter::all() {
            let plan = planned(
                &policy,
                &Whom::Pupil,
                puts_a_child_at_risk(matter),
                &[matter],
                Staffing::All,
                MORNING,
            );
            row(&mut table, matter.key(), &plan);
        }
        let _ = writeln!(table, "\n{name}, in the evening:");
        for (whom, at_risk) in subjects() {
            let plan = planned(&policy, &whom, at_risk, &[], Staffing::All, EVENING);
            row(&mut table, &about(&whom, at_risk), &plan);
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, &table).expect("the file");
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert_eq!(
        kept, table,
        "run UPDATE=1 cargo test -p belisha-rules --test routing_matrix and review the difference"
    );
}

#[test]
fn no_plan_of_the_table_holds_a_subject_and_none_is_empty_while_governors_are_there() {
    for name in ["junior.md", "primary.md"] {
        let policy = pack(name);
        for at in [MORNING, EVENING] {
            for (whom, at_risk) in subjects() {
                let plan = planned(&policy, &whom, at_risk, &[], Staffing::All, at)
                    .expect("somebody is told");
                for subject in whom.subjects(&Staffing::All.holders()) {
                    let Subject::Known { identity, .. } = subject else {
                        continue;
                    };
                    assert!(
                        plan.everybody().all(|told| told.person != identity.person),
                        "{name}: {}",
                        whom.name()
                    );
                }
            }
        }
    }
}
