//! Who in the register a row is about: by pupil number or address, else by name and
//! date of birth. Where more than one answer is possible, there is none.

use std::collections::HashMap;

use belisha_policy::{Standing, Word as _};

use super::reading::Particulars;
use super::register::{Known, Register};
use crate::people::dates::in_words;
use crate::people::queries::sort_name;

/// The register by what rows may name.
pub(super) struct Index<'a> {
    by_id: HashMap<&'a str, &'a Known>,
    by_upn: HashMap<&'a str, &'a Known>,
    by_email: HashMap<&'a str, &'a Known>,
    by_name: HashMap<&'a str, Vec<&'a Known>>,
}

/// The answer.
#[derive(Debug)]
pub(super) enum Found<'a> {
    One(&'a Known),
    Nobody,
    /// It could be more than one, or the file contradicts the register; what to do.
    Unclear(String),
}

impl<'a> Index<'a> {
    pub(super) fn of(register: &'a Register) -> Self {
        let mut by_name: HashMap<&str, Vec<&Known>> = HashMap::new();
        for known in &register.people {
            by_name.entry(&known.sort_name).or_default().push(known);
        }
        let people = || register.people.iter();
        Self {
            by_id: people().map(|known| (known.id.as_str(), known)).collect(),
            by_upn: people()
                .filter_map(|known| Some((known.upn.as_deref()?, known)))
                .collect(),
            by_email: people()
                .filter_map(|known| Some((known.email.as_deref()?, known)))
                .collect(),
            by_name,
        }
    }

    /// Somebody whom the index itself named.
    pub(super) fn known(&self, id: &str) -> &'a Known {
        self.by_id[id]
    }

    pub(super) fn with_email(&self, email: &str) -> Option<&'a Known> {
        self.by_email.get(email).copied()
    }

    /// Everybody of exactly this name, whatever their case and spaces.
    pub(super) fn named(&self, name: &str) -> Vec<&'a Known> {
        self.by_name
            .get(sort_name(name).as_str())
            .cloned()
            .unwrap_or_default()
    }

    pub(super) fn find(&self, standing: Standing, row: &Particulars) -> Found<'a> {
        match standing {
            Standing::Pupil => self.pupil(row),
            _ => self.adult(standing, row),
        }
    }

    /// The pupil of a row, by number, else by name and date of birth.
    pub(super) fn pupil(&self, row: &Particulars) -> Found<'a> {
        if let Some(known) = row.upn.as_deref().and_then(|upn| self.by_upn.get(upn)) {
            let agrees = row.name.is_empty()
                || sort_name(&row.name) == known.sort_name
                || (row.born_on.is_some() && row.born_on == known.born_on);
            return if agrees {
                Found::One(known)
            } else {
                Found::Unclear(format!(
                    "In the register this pupil number belongs to {}. Compare number and name; one is on the wrong row.",
                    known.name
                ))
            };
        }
        let named: Vec<&Known> = self
            .named(&row.name)
            .into_iter()
            .filter(|known| known.standing == Standing::Pupil)
            .collect();
        let born: Vec<&Known> = named
            .iter()
            .copied()
            .filter(|known| row.born_on.is_some() && known.born_on == row.born_on)
            .collect();
        match born[..] {
            [known] if row.upn.is_some() && known.upn.is_some() => Found::Unclear(format!(
                "{} with this date of birth has another pupil number in the register. \
                 If the number changed, change it on that person’s page first.",
                known.name
            )),
            [known] => Found::One(known),
            [] if row.born_on.is_none() && row.upn.is_none() && !named.is_empty() => Found::Unclear(
                "Somebody of this name is in the register. Add the pupil number or the date of birth to the row, \
                 so that the two can be told apart."
                    .into(),
            ),
            [] if named.iter().any(|known| known.born_on.is_none() && known.upn.is_none()) => {
                Found::Unclear(
                    "Somebody of this name is in the register without a date of birth. \
                     Add it on that person’s page if it is the same child, then read the file again."
                        .into(),
                )
            }
            [] => Found::Nobody,
            _ => Found::Unclear(
                "Two entries in the register have this name and date of birth. Merge them, or add the pupil number."
                    .into(),
            ),
        }
    }

    fn adult(&self, standing: Standing, row: &Particulars) -> Found<'a> {
        if let Some(known) = row
            .email
            .as_deref()
            .and_then(|email| self.with_email(email))
        {
            return if known.standing == standing {
                Found::One(known)
            } else {
                Found::Unclear(format!(
                    "The address belongs to {}, who is in the register among {}. A file never changes what \
                     somebody is to the school: change it on the person’s page.",
                    known.name,
                    known.standing.name()
                ))
            };
        }
        let named: Vec<&Known> = self
            .named(&row.name)
            .into_iter()
            .filter(|known| known.standing == standing)
            .collect();
        match named[..] {
            [] => Found::Nobody,
            [known] if known.email.is_none() || row.email.is_none() => Found::One(known),
            [known] => Found::Unclear(format!(
                "{} is in the register with another address. If it changed, change it on that person’s page first.",
                known.name
            )),
            _ => Found::Unclear(
                "More than one member of staff has this name. Add the e-mail address to the row."
                    .into(),
            ),
        }
    }
}

/// What a row changes about somebody: their whole new state where there is a change,
/// and each change in words. An empty cell changes nothing.
pub(super) fn difference(known: &Known, row: &Particulars) -> (Option<Particulars>, Vec<String>) {
    let mut says = Vec::new();
    let mut text = |what: &str, before: Option<&str>, after: Option<&str>| -> Option<String> {
        match after {
            Some(after) if before != Some(after) => {
                says.push(match before.filter(|before| !before.is_empty()) {
                    Some(before) => format!("{what} from {before} to {after}"),
                    None => format!("{what} {after}"),
                });
                Some(after.to_owned())
            }
            _ => before.map(str::to_owned),
        }
    };
    let name = Some(row.name.as_str()).filter(|name| !name.is_empty());
    let name = text("name", Some(&known.name), name).unwrap_or_default();
    let job_title = text(
        "job title",
        Some(&known.job_title),
        row.job_title.as_deref(),
    );
    let email = text("e-mail", known.email.as_deref(), row.email.as_deref());
    let telephone = text(
        "telephone",
        known.telephone.as_deref(),
        row.telephone.as_deref(),
    );
    let upn = text("pupil number", known.upn.as_deref(), row.upn.as_deref());
    let mut day =
        |what: &str, before: Option<jiff::civil::Date>, after: Option<jiff::civil::Date>| {
            let shown = (before.map(in_words), after.map(in_words));
            text(what, shown.0.as_deref(), shown.1.as_deref());
            after.or(before)
        };
    let born_on = day("date of birth", known.born_on, row.born_on);
    let starts_on = day("first day", Some(known.starts_on), row.starts_on);
    let ends_on = day("last day", known.ends_on, row.ends_on);
    let to = Particulars {
        name,
        email,
        telephone,
        upn,
        born_on,
        job_title,
        starts_on,
        ends_on,
    };
    if says.is_empty() {
        (None, says)
    } else {
        (Some(to), says)
    }
}
