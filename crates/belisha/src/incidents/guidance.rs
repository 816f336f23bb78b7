//! Guidance moves, so it is data: the areas of risk and their list, in dated editions.
//! A case keeps the key of the edition that it was opened under.

use std::sync::LazyLock;

/// A dated edition of what guidance says.
#[derive(Debug)]
pub(crate) struct Edition {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) areas: Vec<Area>,
}

/// One of the four areas of risk.
#[derive(Debug)]
pub(crate) struct Area {
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) risks: Vec<Risk>,
}

/// One line of the risk list.
#[derive(Debug)]
pub(crate) struct Risk {
    pub(crate) key: String,
    pub(crate) name: String,
    /// Whether a case of this kind always asks for a decision about the police.
    pub(crate) police_question: bool,
    /// Whether a case of this kind may be about an indecent image of a child, so that no
    /// file of any kind may be kept in it.
    pub(crate) imagery: bool,
}

const ENGLAND_2025_09: &str = include_str!("../../../../guidance/england-2025-09.toml");

static EDITIONS: LazyLock<Vec<Edition>> = LazyLock::new(|| {
    vec![read(ENGLAND_2025_09).expect("the editions are part of the program; a test reads them")]
});

/// The edition that new cases are opened under.
pub(crate) fn newest() -> &'static Edition {
    EDITIONS.last().expect("there is at least one edition")
}

/// The edition with this key; the newest where the key is of none that is known.
pub(crate) fn of(key: &str) -> &'static Edition {
    EDITIONS
        .iter()
        .find(|edition| edition.key == key)
        .unwrap_or_else(newest)
}

impl Edition {
    /// The risk with this key.
    pub(crate) fn risk(&self, key: &str) -> Option<&Risk> {
        self.areas
            .iter()
            .flat_map(|area| &area.risks)
            .find(|risk| risk.key == key)
    }
}

fn read(text: &str) -> Option<Edition> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    let word =
        |table: &dyn toml_edit::TableLike, key: &str| table.get(key)?.as_str().map(str::to_owned);
    let area = |table: &toml_edit::Table| {
        Some(Area {
            name: word(table, "name")?,
            says: word(table, "says")?,
            risks: table
                .get("risks")?
                .as_array()?
                .iter()
                .map(|value| {
                    let risk = value.as_inline_table()?;
                    let says = |key: &str| {
                        risk.get(key)
                            .and_then(toml_edit::Value::as_bool)
                            .unwrap_or(false)
                    };
                    Some(Risk {
                        key: word(risk, "key")?,
                        name: word(risk, "name")?,
                        police_question: says("police_question"),
                        imagery: says("imagery"),
                    })
                })
                .collect::<Option<_>>()?,
        })
    };
    Some(Edition {
        key: word(document.as_table(), "edition")?,
        name: word(document.as_table(), "name")?,
        areas: document
            .get("area")?
            .as_array_of_tables()?
            .iter()
            .map(area)
            .collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use belisha_policy::Word;
    use belisha_policy::controls::named_risk::Risk;

    use super::{newest, of};

    #[test]
    fn the_newest_edition_has_the_four_areas_and_keys_of_its_own() {
        let edition = newest();
        assert_eq!(edition.key, "england-2025-09");
        assert_eq!(edition.areas.len(), 4);
        let mut keys: Vec<&str> = edition
            .areas
            .iter()
            .flat_map(|area| area.risks.iter().map(|risk| risk.key.as_str()))
            .collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
        // A policy can name each of them, and nothing else.
        let mut named: Vec<&str> = Risk::all().map(Word::key).collect();
        named.sort_unstable();
        assert_eq!(named, keys);
        assert!(
            edition
                .risk("content/illegal")
                .expect("a risk")
                .police_question
        );
        assert!(
            !edition
                .risk("conduct/bullying")
                .expect("a risk")
                .police_question
        );
        assert!(edition.risk("content/nothing").is_none());
    }

    #[test]
    fn an_edition_that_is_not_known_is_answered_with_the_newest() {
        assert_eq!(of("england-1999-01").key, newest().key);
    }
}
