//! The children of a made-up school and their families: siblings, parents who live
//! together, apart or alone, and grandparents who bring a child up.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use belisha_policy::Standing;
use belisha_rules::upn::{NotAPupilNumber, UniquePupilNumber};
use jiff::civil::date;

use super::cast::{Cast, Class, FIRST_AGE, Schooling, Someone, Tie, mailbox};
use super::dice::Dice;
use super::names;

/// The year groups with the age that a child turns within the school year.
const YEARS: [(&str, i16); 7] = [
    ("Reception", 5),
    ("Year 1", 6),
    ("Year 2", 7),
    ("Year 3", 8),
    ("Year 4", 9),
    ("Year 5", 10),
    ("Year 6", 11),
];
const CLASS_SIZE: usize = 30;
const TREES: [&str; 21] = [
    "Alder", "Ash", "Aspen", "Beech", "Birch", "Cedar", "Cherry", "Elder", "Elm", "Fir",
    "Hawthorn", "Hazel", "Holly", "Juniper", "Larch", "Lime", "Maple", "Oak", "Pine", "Rowan",
    "Willow",
];

/// How many classes so many pupils make: at least one a year group.
pub(super) fn classes_for(pupils: usize) -> usize {
    YEARS.len() * pupils.div_ceil(CLASS_SIZE * YEARS.len()).max(1)
}

/// Enrols the pupils of all the school years from the first to the last, so many at any
/// time, with their families, and makes the classes that they go through.
pub(super) fn enrol(
    cast: &mut Cast,
    dice: Dice<'_>,
    pupils: usize,
    school_years: RangeInclusive<i16>,
    teachers: &[usize],
    assistants: &[usize],
) {
    let forms = teachers.len() / YEARS.len();
    cast.classes = teachers
        .iter()
        .enumerate()
        .map(|(number, teacher)| {
            // The youngest are taught by those hired last, so that the two who look
            // after online safety have the oldest, who need it most.
            let (year_group, age) = YEARS[YEARS.len() - 1 - number / forms];
            Class {
                name: class_name(number, forms),
                year_group,
                teacher: *teacher,
                assistant: assistants
                    .get(number / 2)
                    .copied()
                    .filter(|_| number % 2 == 0),
                age,
                form: number % forms,
            }
        })
        .collect();
    let oldest = school_years.start() + FIRST_AGE - YEARS[YEARS.len() - 1].1;
    // The places in each Reception that nobody has yet.
    let mut free: BTreeMap<i16, usize> = (oldest..=*school_years.end())
        .map(|year| {
            let one_more = usize::from(
                usize::try_from(year).unwrap_or_default() % YEARS.len() < pupils % YEARS.len(),
            );
            (year, pupils / YEARS.len() + one_more)
        })
        .collect();
    let mut enrolled = 0;
    while let Some(first) = free
        .iter()
        .find(|(_, free)| **free > 0)
        .map(|(year, _)| *year)
    {
        let siblings = match dice.below(100) {
            0..68 => 1,
            68..94 => 2,
            _ => 3,
        };
        // A brother or sister comes a year or two later.
        let mut years = vec![first];
        for _ in 1..siblings {
            let next = years[years.len() - 1] + i16::from(dice.below(2) == 0) + 1;
            if free.get(&next).is_some_and(|free| *free > 0) {
                years.push(next);
            }
        }
        for year in &years {
            if let Some(free) = free.get_mut(year) {
                *free -= 1;
            }
        }
        family(cast, dice, &years, forms, &mut enrolled);
    }
}

fn class_name(number: usize, forms: usize) -> String {
    let tree = TREES[number % TREES.len()];
    match forms * YEARS.len() > TREES.len() && number >= TREES.len() {
        true => format!("{tree} {}", number / TREES.len() + 1),
        false => tree.to_owned(),
    }
}

/// A family whose children come into Reception in these years.
fn family(cast: &mut Cast, dice: Dice<'_>, receptions: &[i16], forms: usize, enrolled: &mut usize) {
    let surname = names::surname(dice);
    let adults = adults(cast, dice, surname);
    let mut first_names: Vec<&str> = Vec::new();
    for reception in receptions {
        let first = loop {
            let first = names::child(dice);
            if !first_names.contains(&first) {
                break first;
            }
        };
        first_names.push(first);
        let pupil = cast.add(Someone {
            name: format!("{first} {surname}"),
            standing: Standing::Pupil,
            job_title: "",
            posts: Vec::new(),
            email: None,
            telephone: None,
            upn: Some(pupil_number(*reception, *enrolled)),
            born_on: Some(
                date(reception - FIRST_AGE, 9, 1) + jiff::Span::new().days(dice.between(0, 364)),
            ),
            starts_on: date(*reception, 9, 3),
            ends_on: None,
            has_account: false,
            schooling: Some(Schooling {
                reception: *reception,
                form: *enrolled % forms,
            }),
        });
        *enrolled += 1;
        for (priority, (adult, relation, household, parental_responsibility)) in (1..).zip(&adults)
        {
            cast.ties.push(Tie {
                pupil,
                adult: *adult,
                relation,
                household: *household,
                parental_responsibility: *parental_responsibility,
                priority,
            });
        }
    }
}

type Adult = (usize, &'static str, usize, bool);

fn adults(cast: &mut Cast, dice: Dice<'_>, surname: &str) -> Vec<Adult> {
    let household = cast.households;
    cast.households += 2;
    let mut add = |surname: &str| {
        let name = format!("{} {surname}", names::adult(dice));
        cast.add(Someone {
            email: Some(format!("{}@post.example", mailbox(&name))),
            telephone: Some(format!("07700 900{:03}", dice.below(1000))),
            name,
            standing: Standing::Parent,
            job_title: "",
            posts: Vec::new(),
            upn: None,
            born_on: None,
            starts_on: date(2019, 9, 1),
            ends_on: None,
            has_account: false,
            schooling: None,
        })
    };
    match dice.below(100) {
        0..58 => vec![
            (add(surname), "mother", household, true),
            (add(surname), "father", household, true),
        ],
        58..80 => vec![
            (add(surname), "mother", household, true),
            (add(names::surname(dice)), "father", household + 1, true),
        ],
        80..92 => vec![(add(surname), "mother", household, true)],
        92..96 => vec![
            (add(surname), "mother", household, true),
            (add(names::surname(dice)), "mother", household, true),
        ],
        96..98 => vec![
            (add(surname), "father", household, true),
            (add(names::surname(dice)), "step-mother", household, false),
        ],
        _ => vec![(add(surname), "grandmother", household, true)],
    }
}

/// A pupil number of an authority that does not exist, with the letter that fits it.
fn pupil_number(first_year: i16, serial: usize) -> String {
    let rest = format!(
        "0009{:03}{:02}{:03}",
        serial / 1000,
        first_year.rem_euclid(100),
        serial % 1000
    );
    match UniquePupilNumber::read(&format!("A{rest}")) {
        Ok(number) => number.as_str().to_owned(),
        Err(NotAPupilNumber::CheckLetter { expected, .. }) => format!("{expected}{rest}"),
        Err(NotAPupilNumber::Length { .. } | NotAPupilNumber::Character { .. }) => {
            unreachable!("twelve digits are in their places")
        }
    }
}
