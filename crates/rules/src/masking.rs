//! The names of third parties in text, found by the names that the register knows, and what
//! stands in their place. Nobody's name is found by guessing: what is not on the list stays,
//! and the page shows what was found before anything leaves.

use std::collections::BTreeMap;

/// How a person appears in what leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mask {
    Named,
    Initials,
    /// "another pupil A".
    Another,
}

impl Mask {
    pub const ALL: [Self; 3] = [Self::Named, Self::Initials, Self::Another];

    /// The word in a form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Initials => "initials",
            Self::Another => "another",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mask| mask.key() == key)
    }
}

/// A person whose names are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Every name they are known by: "Pip Pupil", also earlier ones.
    pub names: Vec<String>,
    pub is_pupil: bool,
    pub mask: Mask,
}

/// The text as it may leave, and how often each person was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    pub text: String,
    /// By the person's place in the list.
    pub found: BTreeMap<usize, usize>,
    /// Places where a name may mean several people.
    pub unclear: usize,
}

/// First names that are words as well: they are names only with a capital letter.
const WORDS_TOO: &[&str] = &[
    "amber", "april", "art", "ash", "august", "autumn", "bay", "bee", "bell", "bill", "bishop",
    "black", "blue", "brook", "brown", "chance", "clay", "cook", "dale", "daisy", "dawn", "day",
    "dean", "dell", "don", "drew", "eve", "faith", "field", "finn", "frank", "gale", "gene",
    "glen", "grace", "grant", "green", "guy", "hall", "harmony", "heath", "heather", "hill",
    "holly", "hope", "hunter", "iris", "ivy", "jack", "jade", "jean", "joy", "june", "king",
    "lane", "lee", "lily", "long", "mark", "marsh", "max", "may", "melody", "mercy", "mike",
    "miles", "nick", "olive", "pat", "page", "penny", "pearl", "piper", "poppy", "rich", "river",
    "rob", "robin", "rose", "rowan", "ruby", "rusty", "sky", "star", "stone", "storm", "summer",
    "sunny", "teacher", "the", "tom", "tony", "trinity", "violet", "ward", "way", "west", "white",
    "will", "winter", "wood", "young",
];

/// What stands for each person who is masked, in the order of the list: A, B and so on.
pub fn labels(people: &[Known]) -> Vec<Option<String>> {
    let (mut pupils, mut adults) = (0, 0);
    people
        .iter()
        .map(|person| match person.mask {
            Mask::Named => None,
            Mask::Initials => Some(initials(person.names.first().map_or("", String::as_str))),
            Mask::Another if person.is_pupil => {
                pupils += 1;
                Some(format!("another pupil {}", letter(pupils)))
            }
            Mask::Another => {
                adults += 1;
                Some(format!("another adult {}", letter(adults)))
            }
        })
        .collect()
}

fn initials(name: &str) -> String {
    name.split([' ', '-'])
        .filter_map(|part| part.chars().find(|letter| letter.is_alphabetic()))
        .map(|letter| format!("{}.", letter.to_uppercase()))
        .collect()
}

/// 1 is A, 26 is Z, 27 is AA.
fn letter(mut number: u32) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(b'A' + u8::try_from(number % 26).unwrap_or(0)));
        number /= 26;
    }
    letters.iter().rev().collect()
}

/// A word of the text and where it stands, without a genitive's ending.
struct Word {
    begin: usize,
    end: usize,
    lower: String,
    capital: bool,
}

/// Puts labels in the place of names.
pub fn mask(text: &str, people: &[Known]) -> Masked {
    let labels = labels(people);
    let sought = sought(people);
    let longest = sought.keys().map(Vec::len).max().unwrap_or(0);
    let words = words(text);
    let mut masked = Masked {
        text: String::with_capacity(text.len()),
        found: BTreeMap::new(),
        unclear: 0,
    };
    let mut written = 0;
    let mut at = 0;
    while at < words.len() {
        let hit = (1..=longest.min(words.len() - at)).rev().find_map(|count| {
            let run = &words[at..at + count];
            let together = run
                .windows(2)
                .all(|two| text[two[0].end..two[1].begin].chars().all(joins));
            let key: Vec<&str> = run.iter().map(|word| word.lower.as_str()).collect();
            let who = together
                .then(|| {
                    sought
                        .iter()
                        .find(|(name, _)| name.iter().map(String::as_str).eq(key.iter().copied()))
                })
                .flatten()?;
            let alone = count == 1 && !run[0].capital;
            let doubtful =
                WORDS_TOO.contains(&run[0].lower.as_str()) || run[0].lower.chars().count() < 3;
            (!(alone && doubtful)).then_some((count, who.1))
        });
        let Some((count, who)) = hit else {
            at += 1;
            continue;
        };
        for person in who {
            *masked.found.entry(*person).or_default() += 1;
        }
        let mut stands: Vec<&str> = who
            .iter()
            .filter_map(|person| labels[*person].as_deref())
            .collect();
        stands.dedup();
        if who.len() > 1 {
            masked.unclear += 1;
        }
        // Where one of those who may be meant is masked, the name goes.
        if !stands.is_empty() {
            masked.text.push_str(&text[written..words[at].begin]);
            masked.text.push_str(&stands.join(" or "));
            written = words[at + count - 1].end;
        }
        at += count;
    }
    masked.text.push_str(&text[written..]);
    masked
}

/// Whether two words with this between them may be one name.
fn joins(between: char) -> bool {
    between == ' ' || between == '-' || between == '\u{a0}' || between == '\n' || between == '\r'
}

/// Every name and every part of one, with whom it may mean.
fn sought(people: &[Known]) -> BTreeMap<Vec<String>, Vec<usize>> {
    let mut sought: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    let mut add = |name: Vec<String>, person: usize| {
        let who = sought.entry(name).or_default();
        if !who.contains(&person) {
            who.push(person);
        }
    };
    for (person, known) in people.iter().enumerate() {
        for name in &known.names {
            let parts: Vec<String> = words(name).into_iter().map(|word| word.lower).collect();
            for part in &parts {
                if part.chars().count() >= 2 {
                    add(vec![part.clone()], person);
                }
            }
            if parts.len() > 2 {
                add(
                    vec![parts[0].clone(), parts[parts.len() - 1].clone()],
                    person,
                );
            }
            if parts.len() > 1 {
                add(parts, person);
            }
        }
    }
    sought
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut begin: Option<usize> = None;
    let mut close = |begin: usize, end: usize| {
        let whole = &text[begin..end];
        let core = ["'s", "’s", "'S", "’S", "'", "’"]
            .iter()
            .find_map(|ending| whole.strip_suffix(ending))
            .unwrap_or(whole);
        if !core.is_empty() {
            words.push(Word {
                begin,
                end: begin + core.len(),
                lower: core.to_lowercase().replace('’', "'"),
                capital: core.chars().next().is_some_and(char::is_uppercase),
            });
        }
    };
    for (at, letter) in text.char_indices() {
        let inside = letter.is_alphabetic() || (begin.is_some() && matches!(letter, '\'' | '’'));
        match (inside, begin) {
            (true, None) => begin = Some(at),
            (false, Some(from)) => {
                close(from, at);
                begin = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    if let Some(from) = begin {
        close(from, text.len());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pupil(name: &str, mask: Mask) -> Known {
        Known {
            names: vec![name.into()],
            is_pupil: true,
            mask,
        }
    }

    #[track_caller]
    fn check(text: &str, people: &[Known], expected: &str) {
        assert_eq!(mask(text, people).text, expected);
    }

    #[test]
    fn names_go_in_every_form_in_which_people_write_them() {
        let people = [
            pupil("Pip Pupil", Mask::Named),
            pupil("Quin Ann O’Hara-Lee", Mask::Another),
            pupil("Rosa Reed", Mask::Initials),
        ];
        check("Quin hit Pip.", &people, "another pupil A hit Pip.");
        check("quin's phone", &people, "another pupil A's phone");
        check("QUIN ANN O'HARA-LEE ran", &people, "another pupil A ran");
        check(
            "Quin  Lee and Rosa Reed",
            &people,
            "another pupil A and R.R.",
        );
        check("Quin\nO’Hara", &people, "another pupil A\nanother pupil A");
        check("Rosa’s", &people, "R.R.’s");
        check("(Quin)", &people, "(another pupil A)");
        check("Quinn and Harlequin", &people, "Quinn and Harlequin");
        check("", &people, "");
    }

    #[test]
    fn a_name_that_is_a_word_is_one_only_with_a_capital() {
        let people = [
            pupil("Will Hope", Mask::Another),
            pupil("Jo Ng", Mask::Another),
        ];
        check("I will do so", &people, "I will do so");
        check("Will said so", &people, "another pupil A said so");
        check("will hope came", &people, "another pupil A came");
        check("jo", &people, "jo");
        check("Jo", &people, "another pupil B");
    }

    #[test]
    fn a_name_of_several_people_goes_where_one_of_them_is_masked() {
        let people = [
            pupil("Sam Able", Mask::Named),
            pupil("Sam Baker", Mask::Another),
            pupil("Sam Cook", Mask::Another),
        ];
        let masked = mask("Sam saw Sam Able.", &people);
        assert_eq!(
            masked.text,
            "another pupil A or another pupil B saw Sam Able."
        );
        assert_eq!(masked.unclear, 1);
        assert_eq!(masked.found.get(&0), Some(&2));
        assert_eq!(masked.found.get(&1), Some(&1));
    }

    #[test]
    fn adults_and_pupils_are_counted_apart() {
        let adult = Known {
            is_pupil: false,
            ..pupil("Ada Adult", Mask::Another)
        };
        let many: Vec<Known> = std::iter::once(adult)
            .chain((0..28).map(|number| pupil(&format!("P{number}"), Mask::Another)))
            .collect();
        let labels = labels(&many);
        assert_eq!(labels[0].as_deref(), Some("another adult A"));
        assert_eq!(labels[1].as_deref(), Some("another pupil A"));
        assert_eq!(labels[26].as_deref(), Some("another pupil Z"));
        assert_eq!(labels[27].as_deref(), Some("another pupil AA"));
    }

    proptest::proptest! {
        /// Whatever the text, nobody who is masked is named in what comes out.
        #[test]
        fn no_masked_name_is_left(before in ".{0,40}", after in ".{0,40}") {
            let people = [pupil("Zebulon Quirke", Mask::Another)];
            let text = format!("{before} Zebulon Quirke {after} Zebulon");
            let masked = mask(&text, &people);
            proptest::prop_assert!(!masked.text.contains(" Zebulon Quirke "));
            proptest::prop_assert_eq!(mask(&masked.text, &people).found.len(), 0);
        }
    }
}
