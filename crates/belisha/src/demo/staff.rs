//! The adults who work for a made-up school or govern it, and the posts they hold.

use belisha_policy::{Post, Standing};
use belisha_rules::people::Held;
use jiff::civil::Date;

use super::Pack;
use super::cast::{Cast, Someone, mailbox};
use super::dice::Dice;
use super::names;

/// Where the people of one school have their addresses, and since when the school runs.
pub(super) struct Ground<'a> {
    pub(super) pack: Pack,
    /// `lanternfield.example`
    pub(super) domain: &'a str,
    /// The first day that the made-up life tells of.
    pub(super) from: Date,
    pub(super) today: Date,
}

/// Hires everybody for so many classes; the teachers come first in what is returned,
/// then the assistants.
pub(super) fn hire(
    cast: &mut Cast,
    ground: &Ground<'_>,
    dice: Dice<'_>,
    classes: usize,
) -> (Vec<usize>, Vec<usize>) {
    use Post::*;
    let mut add = |standing, job_title, posts: &[Held], has_account| {
        let name = loop {
            let name = format!("{} {}", names::adult(dice), names::surname(dice));
            if cast.people.iter().all(|other| other.name != name) {
                break name;
            }
        };
        cast.add(Someone {
            email: Some(format!("{}@{}", mailbox(&name), ground.domain)),
            telephone: Some(format!("01632 960{:03}", dice.below(1000))),
            name,
            standing,
            job_title,
            posts: posts.to_vec(),
            upn: None,
            born_on: None,
            starts_on: ground.from - jiff::Span::new().days(dice.between(30, 3000)),
            ends_on: None,
            has_account,
            schooling: None,
        })
    };
    let (holder, deputy) = (Held::holder, Held::deputy);
    let staff = Standing::Staff;
    match ground.pack {
        Pack::Junior => {
            add(
                staff,
                "Headteacher",
                &[holder(Headteacher), holder(SeniorInformationRiskOwner)],
                true,
            );
            add(
                staff,
                "Deputy headteacher",
                &[
                    holder(SeniorLeader),
                    deputy(Headteacher),
                    holder(DesignatedSafeguardingLead),
                ],
                true,
            );
        }
        // A small school: the headteacher is the lead as well.
        Pack::Primary => {
            add(
                staff,
                "Headteacher",
                &[holder(Headteacher), holder(DesignatedSafeguardingLead)],
                true,
            );
            add(
                staff,
                "Deputy headteacher",
                &[
                    holder(SeniorLeader),
                    deputy(Headteacher),
                    holder(SeniorInformationRiskOwner),
                ],
                true,
            );
        }
    }
    add(
        staff,
        "Inclusion lead",
        &[
            holder(DeputyDesignatedSafeguardingLead),
            deputy(DesignatedSafeguardingLead),
            holder(SpecialNeedsCoordinator),
        ],
        true,
    );
    add(staff, "Learning mentor", &[holder(PastoralLead)], true);
    add(staff, "Network manager", &[holder(NetworkManager)], true);
    add(
        staff,
        "School business manager",
        &[holder(SchoolOffice)],
        true,
    );
    add(staff, "Office administrator", &[deputy(SchoolOffice)], true);
    add(
        staff,
        "Data protection officer",
        &[holder(DataProtectionOfficer)],
        true,
    );
    let teachers = (0..classes)
        .map(|number| match number {
            0 => add(
                staff,
                "Teacher, leader for computing",
                &[holder(OnlineSafetyCoordinator)],
                true,
            ),
            1 => add(
                staff,
                "Teacher, leader for personal development",
                &[deputy(OnlineSafetyCoordinator)],
                true,
            ),
            _ => add(staff, "Teacher", &[], true),
        })
        .collect();
    let assistants = (0..classes.div_ceil(2))
        .map(|_| add(staff, "Teaching assistant", &[], true))
        .collect();
    add(staff, "Site manager", &[], false);
    for _ in 0..classes.div_ceil(2) {
        add(staff, "Lunchtime supervisor", &[], false);
    }
    let governor = Standing::Governor;
    add(
        governor,
        "Chair of governors",
        &[holder(ChairOfGovernors)],
        true,
    );
    add(
        governor,
        "Vice-chair of governors",
        &[holder(ViceChairOfGovernors)],
        true,
    );
    add(
        governor,
        "Safeguarding governor",
        &[holder(SafeguardingGovernor)],
        true,
    );
    add(governor, "Parent governor", &[], true);
    add(governor, "Co-opted governor", &[], true);
    add(Standing::StudentTeacher, "Student teacher", &[], true);
    for job in [
        "Reading volunteer",
        "Reading volunteer",
        "Gardening volunteer",
    ] {
        add(Standing::Volunteer, job, &[], false);
    }
    add(Standing::Contractor, "Music teacher", &[], false);
    let guest = add(Standing::Guest, "Supply teacher", &[], true);
    cast.people[guest].starts_on = ground.today - jiff::Span::new().days(5);
    cast.people[guest].ends_on = Some(ground.today + jiff::Span::new().days(9));
    (teachers, assistants)
}
