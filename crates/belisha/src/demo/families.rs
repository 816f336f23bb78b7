//! The children of a made-up school and their families: siblings, parents who live
//! together, apart or alone, and grandparents who bring a child up.

use belisha_policy::Standing;
use belisha_rules::upn::{NotAPupilNumber, UniquePupilNumber};
use jiff::civil::{Date, date};

use super::cast::{Cast, Class, Someone, Tie, mailbox};
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

/// Enrols so many pupils with their families, and puts them into classes.
pub(super) fn enrol(
    cast: &mut Cast,
    dice: Dice<'_>,
    pupils: usize,
    today: Date,
    teachers: &[usize],
    assistants: &[usize],
) {
    let forms = teachers.len() / YEARS.len();
    cast.classes = teachers
        .iter()
        .enumerate()
        .map(|(number, teacher)| Class {
            name: class_name(number, forms),
            // The youngest are taught by those hired last, so that the two who look
            // after online safety have the oldest, who need it most.
            year_group: YEARS[YEARS.len() - 1 - number / forms].0,
            teacher: *teacher,
            assistant: assistants
                .get(number / 2)
                .copied()
                .filter(|_| number % 2 == 0),
            pupils: Vec::new(),
        })
        .collect();
    let mut enrolled = 0;
    while enrolled < pupils {
        let siblings = match dice.below(100) {
            0..68 => 1,
            68..94 => 2,
            _ => 3,
        }
        .min(pupils - enrolled);
        family(cast, dice, siblings, enrolled, today);
        enrolled += siblings;
    }
}

fn class_name(number: usize, forms: usize) -> String {
    let tree = TREES[number % TREES.len()];
    match forms * YEARS.len() > TREES.len() && number >= TREES.len() {
        true => format!("{tree} {}", number / TREES.len() + 1),
        false => tree.to_owned(),
    }
}

fn family(cast: &mut Cast, dice: Dice<'_>, siblings: usize, enrolled: usize, today: Date) {
    let surname = names::surname(dice);
    let adults = adults(cast, dice, surname);
    let mut first_names: Vec<&str> = Vec::new();
    for sibling in 0..siblings {
        let first = loop {
            let first = names::child(dice);
            if !first_names.contains(&first) {
                break first;
            }
        };
        first_names.push(first);
        // Classes fill evenly: pupil by pupil round the school.
        let class = (enrolled + sibling) % cast.classes.len();
        let year = cast.classes[class].year_group;
        let age = YEARS
            .iter()
            .find(|(name, _)| *name == year)
            .map_or(5, |(_, age)| *age);
        let school_year = school_year_of(today);
        let pupil = cast.add(Someone {
            name: format!("{first} {surname}"),
            standing: Standing::Pupil,
            job_title: "",
            posts: Vec::new(),
            email: None,
            telephone: None,
            upn: Some(pupil_number(school_year - (age - 5), enrolled + sibling)),
            born_on: Some(
                date(school_year - age, 9, 1) + jiff::Span::new().days(dice.between(0, 364)),
            ),
            starts_on: date(school_year - (age - 5), 9, 3),
            ends_on: None,
            has_account: false,
        });
        cast.classes[class].pupils.push(pupil);
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

/// The year in which the school year of a day began.
fn school_year_of(today: Date) -> i16 {
    if today.month() >= 9 {
        today.year()
    } else {
        today.year() - 1
    }
}

type Adult = (usize, &'static str, usize, bool);

fn adults(cast: &mut Cast, dice: Dice<'_>, surname: &str) -> Vec<Adult> {
    let household = cast
        .ties
        .iter()
        .map(|tie| tie.household + 1)
        .max()
        .unwrap_or(0);
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
