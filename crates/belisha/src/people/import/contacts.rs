//! What an import of contacts would do: one row for each child with each of their
//! adults. Adults who live apart stay apart: a household is shared only where the
//! file says so.

use std::collections::{HashMap, HashSet};

use belisha_policy::Standing;

use super::matching::{Found, Index};
use super::plan::{Added, Decision, Fate, Plan, TieDecided, Whom, refused};
use super::reading::{Particulars, RowRead, TieRead};
use super::register::{Register, Tied};
use crate::people::queries::sort_name;

pub(super) fn decide(read: &[(i64, Result<RowRead, String>)], register: &Register) -> Plan {
    let index = Index::of(register);
    let mut plan = Plan::default();
    let mut new = NewAdults::default();
    let mut tied = HashSet::new();
    for (line, row) in read {
        let decided = row
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|row| one(*line, row, register, &index, &mut new, &mut plan, &mut tied));
        let decision = decided.unwrap_or_else(|why| refused(*line, why));
        plan.decisions.push(decision);
    }
    plan
}

/// Adults whom earlier rows of the file add, by what tells them apart.
#[derive(Default)]
struct NewAdults {
    by_email: HashMap<String, usize>,
    by_telephone: HashMap<(String, String), usize>,
    names: HashMap<String, i64>,
}

fn one(
    line: i64,
    row: &RowRead,
    register: &Register,
    index: &Index<'_>,
    new: &mut NewAdults,
    plan: &mut Plan,
    tied: &mut HashSet<(String, Whom)>,
) -> Result<Decision, String> {
    let child = match index.pupil(&row.person) {
        Found::One(child) => child,
        Found::Nobody => {
            return Err(
                "The child is not in the register. Import the pupils first, then this file.".into(),
            );
        }
        Found::Unclear(why) => return Err(why),
    };
    let Some((adult, tie)) = &row.adult else {
        return Err("The adult’s name is empty. Fill it in, or take the row out.".into());
    };
    let whom = adult_of(line, &child.id, adult, register, index, new, plan)?;
    if !tied.insert((child.id.clone(), whom.clone())) {
        return Err(
            "An earlier line says the same of this child and adult. Take one of the two out."
                .into(),
        );
    }
    let name = &adult.name;
    let to = |before: Option<&Tied>| Tied {
        relation: tie.relation.clone(),
        household: household(tie, before, name),
        responsibility: tie.responsibility,
        may_be_contacted: tie.may_be_contacted,
        priority: tie.priority,
    };
    let decided = |tie: Tied| TieDecided {
        pupil: child.id.clone(),
        adult: whom.clone(),
        tie,
    };
    let before = match &whom {
        Whom::Known(id) => register.ties.get(&(child.id.clone(), id.clone())),
        Whom::New(_) => None,
    };
    let after = to(before);
    let child_name = &child.name;
    let (fate, says, tie) = match before {
        Some(before) if *before == after => (
            Fate::Unchanged,
            format!("{name} and {child_name} are as in the file."),
            None,
        ),
        Some(_) => (
            Fate::Changed,
            format!(
                "What is recorded of {name} as {} of {child_name} changes.",
                after.relation
            ),
            Some(decided(after)),
        ),
        None => (
            Fate::Added,
            format!("{name} is added as {} of {child_name}.", after.relation),
            Some(decided(after)),
        ),
    };
    Ok(Decision {
        fate,
        says,
        whom: Some(whom),
        tie,
        ..refused(line, String::new())
    })
}

fn household(tie: &TieRead, before: Option<&Tied>, name: &str) -> String {
    match (&tie.household, before) {
        (Some(said), _) => said.clone(),
        (None, Some(before)) => before.household.clone(),
        (None, None) => format!("Household of {name}"),
    }
}

/// The adult of a row: by address, else by name among the child's own adults, else by
/// name and telephone; a new one where nobody can be meant.
fn adult_of(
    line: i64,
    child: &str,
    adult: &Particulars,
    register: &Register,
    index: &Index<'_>,
    new: &mut NewAdults,
    plan: &mut Plan,
) -> Result<Whom, String> {
    let name = sort_name(&adult.name);
    if let Some(email) = &adult.email {
        if let Some(known) = index.with_email(email) {
            return if known.sort_name == name && known.standing != Standing::Pupil {
                Ok(Whom::Known(known.id.clone()))
            } else {
                Err(format!(
                    "The address belongs to {} in the register. Give this adult their own address, or leave it empty.",
                    known.name
                ))
            };
        }
        if let Some(place) = new.by_email.get(email) {
            return if sort_name(&plan.added[*place].particulars.name) == name {
                Ok(Whom::New(*place))
            } else {
                Err(
                    "An earlier line gives this address to somebody of another name. \
                     Give each adult their own address, or leave it empty."
                        .into(),
                )
            };
        }
    }
    let named: Vec<_> = index
        .named(&adult.name)
        .into_iter()
        .filter(|known| known.standing != Standing::Pupil)
        .collect();
    let of_child = named.iter().find(|known| {
        register
            .ties
            .contains_key(&(child.to_owned(), known.id.clone()))
    });
    let same_telephone = |known: &&&super::register::Known| {
        adult.telephone.is_some()
            && digits(known.telephone.as_deref()) == digits(adult.telephone.as_deref())
    };
    if let Some(known) = of_child.or_else(|| named.iter().find(same_telephone)) {
        return Ok(Whom::Known(known.id.clone()));
    }
    let by_telephone = adult
        .telephone
        .as_deref()
        .map(|telephone| (name.clone(), digits(Some(telephone))));
    if let Some(place) = by_telephone
        .as_ref()
        .and_then(|key| new.by_telephone.get(key))
    {
        return Ok(Whom::New(*place));
    }
    let can_be_told_apart = adult.email.is_some() || adult.telephone.is_some();
    if !can_be_told_apart && !named.is_empty() {
        return Err(format!(
            "Somebody called {} is in the register. Add an e-mail address or telephone to the row, \
             so that the two can be told apart.",
            adult.name
        ));
    }
    if !can_be_told_apart && let Some(first) = new.names.get(&name) {
        return Err(format!(
            "Line {first} has an adult of this name. Add an e-mail address or telephone to both rows, \
             so that it is clear whether they are one person."
        ));
    }
    let place = plan.added.len();
    plan.added.push(Added {
        standing: Standing::Parent,
        particulars: adult.clone(),
    });
    new.names.insert(name, line);
    if let Some(email) = &adult.email {
        new.by_email.insert(email.clone(), place);
    }
    if let Some(key) = by_telephone {
        new.by_telephone.insert(key, place);
    }
    Ok(Whom::New(place))
}

fn digits(telephone: Option<&str>) -> String {
    telephone
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect()
}
