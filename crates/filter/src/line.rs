//! One line of the log of decisions: its words and its reader, for the writer and for whoever takes the
//! log in. `docs/filter.md` has the fields.

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Allowed,
    /// Answered because the school allowed or approved the name.
    Opened,
    SafeSearch,
    Listed,
    Denied,
    Closed,
    NotAllowed,
    Illegal,
    UnsafeSearch,
    /// A device asked whether it may go round the resolver, and was told no.
    Canary,
    Rebinding,
    /// The proxy was asked for a number in place of a name.
    Number,
    /// No upstream answered.
    Failed,
}

impl Word {
    const ALL: [Self; 13] = [
        Self::Allowed,
        Self::Opened,
        Self::SafeSearch,
        Self::Listed,
        Self::Denied,
        Self::Closed,
        Self::NotAllowed,
        Self::Illegal,
        Self::UnsafeSearch,
        Self::Canary,
        Self::Rebinding,
        Self::Number,
        Self::Failed,
    ];

    /// As it stands in a line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Opened => "opened",
            Self::SafeSearch => "safe-search",
            Self::Listed => "listed",
            Self::Denied => "denied",
            Self::Closed => "closed",
            Self::NotAllowed => "not-allowed",
            Self::Illegal => "illegal",
            Self::UnsafeSearch => "unsafe-search",
            Self::Canary => "canary",
            Self::Rebinding => "rebinding",
            Self::Number => "number",
            Self::Failed => "failed",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|word| word.key() == key)
    }

    /// Whether the device got no answer that leads anywhere.
    pub const fn is_blocked(self) -> bool {
        match self {
            Self::Listed
            | Self::Denied
            | Self::Closed
            | Self::NotAllowed
            | Self::Illegal
            | Self::UnsafeSearch
            | Self::Rebinding
            | Self::Number => true,
            Self::Allowed | Self::Opened | Self::SafeSearch | Self::Canary | Self::Failed => false,
        }
    }

    /// The same in four words, for pages and numbers.
    pub const fn outcome(self) -> &'static str {
        match self {
            Self::SafeSearch => "safe search",
            Self::Failed | Self::Canary => "not answered",
            Self::Allowed | Self::Opened => "open",
            _ => "blocked",
        }
    }
}

/// A decision as the resolver wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    pub at_ms: i64,
    /// Its id in the register, or else its address.
    pub device: &'a str,
    pub group: &'a str,
    pub name: &'a str,
    /// The key of a [`Word`]; one of a newer resolver stays as it is.
    pub word: &'a str,
    pub list: &'a str,
    /// The key of what the site is about; empty where no list spoke.
    pub category: &'a str,
}

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    Decision(Line<'a>),
    /// So many decisions were not written.
    Gap {
        at_ms: i64,
        lost: u64,
    },
}

/// Reads a line; none where it is torn.
pub fn read(line: &str) -> Option<Said<'_>> {
    let mut parts = line.split('\t');
    let at_ms = parts.next()?.parse().ok()?;
    let address = parts.next()?;
    if address == "gap" {
        let lost = parts.next()?.parse().ok()?;
        return Some(Said::Gap { at_ms, lost });
    }
    let (id, group, name) = (parts.next()?, parts.next()?, parts.next()?);
    let (_kind, word) = (parts.next()?, parts.next()?);
    let (list, category) = (parts.next()?, parts.next()?);
    Some(Said::Decision(Line {
        at_ms,
        device: if id.is_empty() { address } else { id },
        group,
        name,
        word,
        list,
        category,
    }))
}

impl Line<'_> {
    /// Whether the device got no answer that leads anywhere.
    pub fn is_blocked(&self) -> bool {
        Word::from_key(self.word).is_some_and(Word::is_blocked)
    }

    pub fn is_illegal(&self) -> bool {
        self.word == Word::Illegal.key()
    }

    /// What was done, for pages and numbers.
    pub fn outcome(&self) -> &'static str {
        Word::from_key(self.word).map_or("open", Word::outcome)
    }

    /// The line as it is kept, without its end.
    pub fn written(&self) -> String {
        let Self {
            at_ms,
            device,
            group,
            name,
            word,
            list,
            category,
        } = self;
        format!("{at_ms}\t\t{device}\t{group}\t{name}\t1\t{word}\t{list}\t{category}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_the_resolver_writes_it() {
        let text = "1790000000123\t10.2.0.17\tlaptop-17\tstaff\twww.example.com\t1\tlisted\tut1/games\tgames\tmore";
        let Some(Said::Decision(line)) = read(text) else {
            panic!("not a decision");
        };
        assert_eq!((line.device, line.group), ("laptop-17", "staff"));
        assert_eq!((line.name, line.category), ("www.example.com", "games"));
        assert!(line.is_blocked() && !line.is_illegal());
        // What is kept is read back as the same.
        assert_eq!(read(&line.written()), Some(Said::Decision(line)));
        let unknown = "5\t10.2.0.9\t\tpupils\texample.org\t1\tallowed\t\t";
        let Some(Said::Decision(line)) = read(unknown) else {
            panic!("not a decision");
        };
        assert_eq!(line.device, "10.2.0.9");
        let gap = Said::Gap {
            at_ms: 5,
            lost: 1204,
        };
        assert_eq!(read("5\tgap\t1204"), Some(gap));
        for torn in [
            "",
            "x",
            "17",
            "17\t10.2.0.9\t\tpupils",
            "now\t10.2.0.9\t\ta\tb\t1\tlisted\t\t",
        ] {
            assert_eq!(read(torn), None, "{torn}");
        }
    }

    #[test]
    fn what_was_done_is_said_in_four_words() {
        let check = |word: &str, outcome, blocked| {
            let text = format!("1\t10.0.0.1\t\tpupils\texample.org\t1\t{word}\t\t");
            let Some(Said::Decision(line)) = read(&text) else {
                panic!("not a decision");
            };
            assert_eq!(
                (line.outcome(), line.is_blocked()),
                (outcome, blocked),
                "{word}"
            );
        };
        check("allowed", "open", false);
        check("opened", "open", false);
        check("denied", "blocked", true);
        check("illegal", "blocked", true);
        check("rebinding", "blocked", true);
        check("unsafe-search", "blocked", true);
        check("safe-search", "safe search", false);
        check("failed", "not answered", false);
        check("number", "blocked", true);
        check("of a newer resolver", "open", false);
    }

    #[test]
    fn every_word_has_a_spelling_of_its_own_and_blocks_where_its_outcome_says_so() {
        for word in Word::ALL {
            assert_eq!(Word::from_key(word.key()), Some(word));
            assert_eq!(word.is_blocked(), word.outcome() == "blocked", "{word:?}");
        }
    }
}
