//! By what reports are told apart: matters in plain words, protected characteristics,
//! services and places, as data with its sources. Risks come from the edition of guidance
//! under which a case was opened, and a school may add categories of its own.

use std::sync::LazyLock;

use belisha_policy::controls::incident_category;
use belisha_policy::{Matter, Policy, Word as _};

use super::guidance;
use super::words::Part;

/// The whole list.
pub(crate) struct Classification {
    pub(crate) matters: Vec<Asked>,
    pub(crate) characteristics: Vec<Named>,
    pub(crate) services: Vec<Named>,
    pub(crate) places: Vec<String>,
}

/// A matter, and the words in which a page asks for it.
pub(crate) struct Asked {
    pub(crate) matter: Matter,
    pub(crate) asks: String,
    /// The line of the risk list that it most often comes to.
    pub(crate) risk: String,
}

/// A key and its name.
pub(crate) struct Named {
    pub(crate) key: String,
    pub(crate) name: String,
}

const DATA: &str = include_str!("../../../../guidance/classification.toml");

static LIST: LazyLock<Classification> =
    LazyLock::new(|| read(DATA).expect("the list is part of the program; a test reads it"));

/// The list that comes with the program.
pub(crate) fn list() -> &'static Classification {
    &LIST
}

/// How the category of a matter is spelled in the records.
pub(crate) fn matter_key(matter: Matter) -> String {
    format!("matter/{}", matter.key())
}

/// The matter that a category means.
pub(crate) fn matter_of(category: &str) -> Option<Matter> {
    Matter::from_key(category.strip_prefix("matter/")?)
}

/// The line of the risk list that a matter most often comes to, for the triage to begin with.
pub(crate) fn risk_of(category: &str) -> Option<&'static str> {
    let matter = matter_of(category)?;
    list()
        .matters
        .iter()
        .find(|asked| asked.matter == matter)
        .map(|asked| asked.risk.as_str())
}

/// The categories that this school added: how each is spelled in the records, and its name.
pub(crate) fn own(policy: &Policy) -> Vec<Named> {
    policy
        .all(&incident_category::CONTROL)
        .map(|bound| Named {
            key: format!("own/{}", bound.get(&incident_category::KEY)),
            name: bound.get(&incident_category::NAME),
        })
        .collect()
}

/// These categories, and beside those of the school's own that may be about a nude picture
/// of a child the matter that says so, which shuts the case to files for good.
pub(crate) fn with_pictures(mut categories: Vec<String>, policy: &Policy) -> Vec<String> {
    let nude_image = matter_key(Matter::NudeImage);
    let named = policy.all(&incident_category::CONTROL).any(|bound| {
        bound.get(&incident_category::PICTURES)
            && categories.contains(&format!("own/{}", bound.get(&incident_category::KEY)))
    });
    if named && !categories.contains(&nude_image) {
        categories.push(nude_image);
    }
    categories
}

/// Every category of an edition under this policy, with its name, in the order of pages.
pub(crate) fn categories(edition: &str, policy: &Policy) -> Vec<Named> {
    let risks = guidance::of(edition)
        .areas
        .iter()
        .flat_map(|area| &area.risks)
        .map(|risk| Named {
            key: risk.key.clone(),
            name: risk.name.clone(),
        });
    let matters = Matter::all().map(|matter| Named {
        key: matter_key(matter),
        name: matter.name().to_owned(),
    });
    let hate = list().characteristics.iter().map(|named| Named {
        key: named.key.clone(),
        name: format!("hate or abuse because of {}", named.name),
    });
    risks
        .chain(matters)
        .chain(hate)
        .chain(own(policy))
        .collect()
}

/// What a category is called; its key where the policy no longer knows it.
pub(crate) fn name_of(category: &str, edition: &str, policy: &Policy) -> String {
    categories(edition, policy)
        .into_iter()
        .find(|named| named.key == category)
        .map_or_else(|| category.to_owned(), |named| named.name)
}

/// A service by its key.
/// Every service that has a name.
pub(crate) fn services() -> impl Iterator<Item = &'static Named> {
    list().services.iter()
}

pub(crate) fn service(key: &str) -> Option<&'static Named> {
    list().services.iter().find(|service| service.key == key)
}

impl Part {
    /// What a category says of a person, which follows their own part: to be linked to a
    /// case never makes anybody a victim.
    pub(crate) fn in_category(self, category: &str) -> String {
        match self {
            Self::Harmed => format!("harmed or upset: {category}"),
            Self::Alleged => format!("said to have done or shared: {category}"),
            Self::Witness => format!("saw or heard: {category}"),
            Self::Reporter => format!("reported: {category}"),
            Self::Other => format!("involved in another way: {category}"),
        }
    }
}

fn read(text: &str) -> Option<Classification> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    let word = |table: &toml_edit::Table, key: &str| table.get(key)?.as_str().map(str::to_owned);
    let tables = |key: &str| {
        Some(
            document
                .get(key)?
                .as_array_of_tables()?
                .iter()
                .collect::<Vec<_>>(),
        )
    };
    let named = |key: &str| {
        tables(key)?
            .into_iter()
            .map(|table| {
                Some(Named {
                    key: word(table, "key")?,
                    name: word(table, "name")?,
                })
            })
            .collect::<Option<Vec<_>>>()
    };
    Some(Classification {
        matters: tables("matter")?
            .into_iter()
            .map(|table| {
                Some(Asked {
                    matter: Matter::from_key(&word(table, "key")?)?,
                    asks: word(table, "asks")?,
                    risk: word(table, "risk")?,
                })
            })
            .collect::<Option<_>>()?,
        characteristics: named("characteristic")?,
        services: named("service")?,
        places: tables("place")?
            .into_iter()
            .map(|table| word(table, "name"))
            .collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::JUNIOR;

    #[test]
    fn the_list_is_whole_and_its_keys_are_its_own() {
        let list = list();
        // What a visitor reports is a matter by who reports it; nobody is asked for it.
        let asked: Vec<Matter> = list.matters.iter().map(|asked| asked.matter).collect();
        let all: Vec<Matter> = Matter::all()
            .filter(|matter| *matter != Matter::VisitorConcern)
            .collect();
        assert_eq!(asked, all);
        for asked in &list.matters {
            assert!(
                guidance::newest().risk(&asked.risk).is_some(),
                "{}",
                asked.risk
            );
        }
        // The nine of the Act, and gender identity.
        assert_eq!(list.characteristics.len(), 10);
        let policy = belisha_policy::parse(JUNIOR).expect("a policy");
        let mut keys: Vec<String> = categories(&guidance::newest().key, &policy)
            .into_iter()
            .map(|named| named.key)
            .collect();
        let whole = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), whole);
    }

    #[test]
    fn nobody_becomes_a_victim_by_being_linked() {
        let policy = belisha_policy::parse(JUNIOR).expect("a policy");
        for named in categories(&guidance::newest().key, &policy) {
            for part in Part::all() {
                let said = part.in_category(&named.name);
                assert!(!said.to_lowercase().contains("victim"), "{said}");
                if part != Part::Harmed {
                    assert!(!said.starts_with("harmed"), "{said}");
                }
            }
        }
    }

    #[test]
    fn a_schools_own_category_stands_beside_the_others() {
        let text = JUNIOR.replacen(
            "```control incident-closure",
            "```control incident-category\nkey = \"game-cards\"\nname = \"trading game cards\"\n```\n\n```control incident-category\nkey = \"dares\"\nname = \"dares\"\npictures = true\n```\n\n```control incident-closure",
            1,
        );
        let policy = belisha_policy::parse(&text).expect("a policy");
        let of = |key: &str| with_pictures(vec![key.to_owned()], &policy);
        assert_eq!(of("own/game-cards"), ["own/game-cards"]);
        assert_eq!(of("own/dares"), ["own/dares", "matter/nude-image"]);
        assert_eq!(of("matter/nude-image"), ["matter/nude-image"]);
        let edition = &guidance::newest().key;
        assert_eq!(
            name_of("own/game-cards", edition, &policy),
            "trading game cards"
        );
        assert_eq!(name_of("own/gone", edition, &policy), "own/gone");
        assert_eq!(
            name_of("matter/data-breach", edition, &policy),
            "personal data that was lost or reached the wrong person"
        );
        assert_eq!(matter_of("matter/data-breach"), Some(Matter::DataBreach));
        assert_eq!(matter_of("content/hate"), None);
    }
}
