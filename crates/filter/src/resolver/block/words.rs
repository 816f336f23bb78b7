//! What a block page says, before it is drawn: to children gently, to adults with a way to ask, and to
//! both where help is. The browser extension draws its own page from the same words.

use std::sync::LazyLock;

use crate::categories;
use crate::line::Word;
use crate::resolver::judge::Said;

/// Where the words name the site itself.
pub const SITE: &str = "{site}";

static HELP: LazyLock<Help> = LazyLock::new(|| {
    // The file is part of the program, and a test reads it.
    toml_edit::de::from_str(include_str!("help.toml")).unwrap_or_default()
});

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Help {
    #[serde(rename = "category")]
    categories: Vec<OfCategory>,
    #[serde(rename = "help")]
    helps: Vec<HelpLine>,
}

/// What a category means to a child, and who helps.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCategory {
    key: String,
    children: Option<String>,
    says: Option<String>,
    #[serde(default)]
    helps: Vec<String>,
    #[serde(default)]
    adults: Vec<String>,
}

/// Why somebody meets the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::resolver) enum Closed {
    /// A list stops it, in this category.
    Category(String),
    /// The school decided it.
    Denied,
    /// There is no internet for this group at this hour.
    Hours,
    /// Nothing but what is allowed is open for this group.
    NotAllowed,
    Illegal,
    /// A search engine that cannot be made safe.
    UnsafeSearch,
    /// An address of the school's own network, which a page from outside must not reach.
    Inside,
    /// An internet address where a name should stand.
    Address,
    /// It is open now, or there is no such site.
    Nothing,
}

impl Closed {
    pub(in crate::resolver) fn of(said: &Said) -> Self {
        Self::of_word(said.word, &said.category)
    }

    /// By the word that stands in the log.
    fn of_word(word: Word, category: &str) -> Self {
        match word {
            Word::Listed => Self::Category(category.to_owned()),
            Word::Denied => Self::Denied,
            Word::Closed => Self::Hours,
            Word::NotAllowed => Self::NotAllowed,
            Word::Illegal => Self::Illegal,
            Word::UnsafeSearch => Self::UnsafeSearch,
            Word::Rebinding => Self::Inside,
            _ => Self::Nothing,
        }
    }

    fn key(&self) -> &str {
        match self {
            Self::Category(key) => key,
            Self::Illegal => "illegal",
            _ => "",
        }
    }
}

/// The words of one block page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BlockWords {
    pub title: &'static str,
    /// In adults' words, [`SITE`] stands for the site.
    pub paragraphs: Vec<String>,
    /// Whether an adult may ask for the site.
    pub may_ask: bool,
    pub help: Option<BlockHelp>,
}

/// Who helps.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BlockHelp {
    pub title: &'static str,
    pub says: Option<String>,
    pub lines: Vec<HelpLine>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpLine {
    #[serde(skip_serializing)]
    key: String,
    pub words: String,
    pub phone: Option<String>,
    pub web: Option<String>,
}

/// What is said of a site that was closed with this word of the log, in this category.
pub fn block_words(word: &str, category: &str, adults: bool) -> BlockWords {
    let closed = Word::from_key(word).map_or(Closed::Nothing, |word| Closed::of_word(word, category));
    closed.words(adults)
}

impl Closed {
    pub(super) fn words(&self, adults: bool) -> BlockWords {
        BlockWords {
            title: self.title(adults),
            paragraphs: if adults {
                vec![self.for_adults()]
            } else {
                self.for_children()
            },
            may_ask: adults
                && matches!(
                    self,
                    Self::Category(_) | Self::Denied | Self::NotAllowed | Self::UnsafeSearch
                ),
            help: self.help(adults),
        }
    }

    fn title(&self, adults: bool) -> &'static str {
        match (self, adults) {
            (Self::Nothing, _) => "There is no page here",
            (Self::Hours, _) => "The internet is closed at this hour",
            (Self::Illegal, true) => "This website cannot be reached",
            (_, true) => "This website is closed for your group",
            (_, false) => "This website is closed at school",
        }
    }

    fn for_children(&self) -> Vec<String> {
        let why = match self {
            Self::Category(key) => {
                let words = of(key).and_then(|one| one.children.clone());
                words.unwrap_or_else(|| format!("It is about: {}.", categories::title(key)))
            }
            Self::Denied | Self::Illegal | Self::Inside => {
                "The school has decided that it stays closed.".to_owned()
            }
            Self::Hours => "It opens again later.".to_owned(),
            Self::NotAllowed => "It has not been opened for your class.".to_owned(),
            Self::UnsafeSearch => "Please search with another search engine.".to_owned(),
            Self::Address => "Websites have names. This one has only a number.".to_owned(),
            Self::Nothing => {
                return vec![
                    "The school’s filter does not stop it. Check the address, or wait ten seconds and try again."
                        .to_owned(),
                ];
            }
        };
        let mut paragraphs = vec![why, "You are not in trouble.".to_owned()];
        let asks = match self {
            Self::Illegal | Self::Hours | Self::Inside => false,
            _ => of(self.key()).is_none_or(|one| one.helps.is_empty()),
        };
        if asks {
            paragraphs.push("Do you need it for your work? Ask your teacher.".to_owned());
        }
        paragraphs
    }

    fn for_adults(&self) -> String {
        match self {
            Self::Category(key) => format!(
                "{SITE} is listed under: {}. The school’s policy closes these for your group.",
                categories::title(key)
            ),
            Self::Denied => format!("The school itself decided to close {SITE}."),
            Self::Hours => "The policy gives your group no internet at this hour.".to_owned(),
            Self::NotAllowed => format!(
                "Your group reaches only what the school has opened, and {SITE} is not among it."
            ),
            Self::Illegal => {
                "Nobody in school can open it. If you came here by accident, close the page, \
                              do not try again, and tell the designated safeguarding lead."
                    .to_owned()
            }
            Self::UnsafeSearch => format!(
                "{SITE} is a search engine that cannot be made to search safely. Please use another."
            ),
            Self::Inside => format!(
                "{SITE} led to an address of the school’s own network, so it was not opened."
            ),
            Self::Address => {
                "Websites are reached by their names here, not by their numbers.".to_owned()
            }
            Self::Nothing => format!(
                "The school’s filter does not stop {SITE}. If it was opened a moment ago, wait ten seconds and try \
                 again. If not, check the address."
            ),
        }
    }

    fn help(&self, adults: bool) -> Option<BlockHelp> {
        let one = of(self.key())?;
        let keys = if adults { &one.adults } else { &one.helps };
        let lines: Vec<HelpLine> = HELP
            .helps
            .iter()
            .filter(|help| keys.contains(&help.key))
            .cloned()
            .collect();
        (!lines.is_empty()).then(|| BlockHelp {
            title: "If something is wrong, there is help",
            says: one.says.clone().filter(|_| !adults),
            lines,
        })
    }
}

fn of(key: &str) -> Option<&'static OfCategory> {
    HELP.categories.iter().find(|one| one.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_help_is_whole() {
        assert!(HELP.categories.len() > 8);
        for one in &HELP.categories {
            let known = one.key == "illegal" || categories::category(&one.key).is_some();
            assert!(known, "{}", one.key);
            for key in one.helps.iter().chain(&one.adults) {
                assert!(HELP.helps.iter().any(|help| help.key == *key), "{key}");
            }
        }
    }

    #[test]
    fn whoever_draws_the_page_gets_the_same_words() {
        let child = block_words("listed", "self-harm", false);
        let help = child.help.expect("help");
        assert!(
            help.lines
                .iter()
                .any(|line| line.phone.as_deref() == Some("0800 1111"))
        );
        assert!(!child.may_ask);
        let adult = block_words("denied", "", true);
        assert!(adult.may_ask && adult.paragraphs[0].contains(SITE));
        assert!(!block_words("illegal", "", true).may_ask);
    }
}
