//! Says that people are told the words of this clause: when they sign an agreement, on the page
//! to sign in, or both. With the words go the sanctions that the clause lists. Enforced by
//! `agreements` and `accounts`.

use super::sanction;
use crate::control::{Assurance, Control, Objection};
use crate::kind::{ListOf, Slug};
use crate::param::{Param, Required};
use crate::policy::{Clause, Policy};
use crate::prose;
use crate::settings::Settings;
use crate::words::{Post, Word};

/// Where people meet the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    Agreements,
    SignIn,
}

impl Word for Place {
    const KIND: &'static str = "a place for a notice";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Agreements, "agreements", "in every agreement"),
        (Self::SignIn, "sign-in", "on the page to sign in"),
    ];
}

const USUALLY: &[Place] = &[Place::Agreements];

/// By what the notice is known from version to version.
pub static NAME: Required<Slug> = Required::new(
    &CONTROL,
    "name",
    "A short name that stays the same from version to version.",
);

/// Where it stands.
pub static SHOWN: Param<ListOf<Place>> = Param::new(
    &CONTROL,
    "shown",
    "Where people are told. In an agreement it becomes part of what they sign.",
    USUALLY,
);

pub static CONTROL: Control = Control {
    key: "notice",
    title: "Notice",
    about: "The words of the clause are shown to people: at the end of every agreement, where they are \
            signed with the rest, or on the page to sign in. Sanctions that stand in the same clause are \
            listed below its words.",
    params: &[&NAME, &SHOWN],
    repeats_by: Some(&NAME),
    sentence: |set| {
        let places: Vec<&str> = set.get(&SHOWN).iter().map(|place| place.name()).collect();
        format!("Everyone is told this {}.", prose::and(&places))
    },
    objections: Some(objections),
    needs: None,
    owner: Post::Headteacher,
    feature: "agreements",
    assurance: Assurance::Enforced,
    source: None,
};

fn objections(set: &Settings) -> Vec<Objection> {
    if !set.get(&SHOWN).is_empty() {
        return Vec::new();
    }
    vec![Objection {
        param: "shown",
        message: "This notice is shown nowhere".to_owned(),
        help: Some("Name a place, or take the notice out.".to_owned()),
    }]
}

impl Policy {
    /// The clauses that people are told in this place, in the order of the document. Their
    /// words end with the sanctions that stand in the clause.
    pub fn notices(&self, place: Place) -> impl Iterator<Item = Clause> {
        self.clauses
            .iter()
            .filter(move |clause| {
                clause.controls.iter().any(|bound| {
                    bound.control().key == CONTROL.key && bound.get(&SHOWN).contains(&place)
                })
            })
            .map(|clause| {
                let mut told = clause.clone();
                for (at, sanction) in clause
                    .controls
                    .iter()
                    .filter(|bound| bound.control().key == sanction::CONTROL.key)
                    .enumerate()
                {
                    told.words.push_str(if at == 0 { "\n\n- " } else { "\n- " });
                    told.words.push_str(&sanction.sentence());
                }
                told
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
# Online safety

## Rules {#rules}

### Consequences {#consequences}

It can lead to the law.

```control notice
name = \"consequences\"
shown = [\"agreements\", \"sign-in\"]
```

### Sanctions {#sanctions}

There is a table.

```control notice
name = \"sanctions\"
```

```control sanction
step = \"talk\"
title = \"a talk\"
```

```control sanction
step = \"letter\"
title = \"a letter home\"
grade = 2
```
";

    #[test]
    fn a_place_has_its_notices_with_the_sanctions_of_the_clause() {
        let policy = crate::parse(DOCUMENT).expect("reads");
        let words = |place| -> Vec<String> {
            policy
                .notices(place)
                .map(|clause| clause.words.trim().to_owned())
                .collect()
        };
        assert_eq!(words(Place::SignIn), ["It can lead to the law."]);
        assert_eq!(
            words(Place::Agreements),
            [
                "It can lead to the law.",
                "There is a table.\n\n- Step 1 for pupils: a talk.\n- Step 2 for pupils: a letter home."
            ]
        );
    }

    #[test]
    fn a_notice_without_a_place_is_refused() {
        let nowhere = DOCUMENT.replace("[\"agreements\", \"sign-in\"]", "[]");
        let faults = crate::parse(&nowhere).expect_err("shown nowhere");
        assert!(
            faults
                .iter()
                .any(|fault| fault.to_string().contains("shown nowhere"))
        );
    }
}
