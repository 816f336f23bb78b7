//! One line of the resolver's log: when, which device, which group, which name, what was done, and
//! by which list.

/// A decision as the resolver wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub(crate) at_ms: i64,
    /// Its id in the register, or else its address.
    pub(crate) device: &'a str,
    pub(crate) group: &'a str,
    pub(crate) name: &'a str,
    pub(crate) word: &'a str,
    pub(crate) list: &'a str,
    /// The key of what the site is about; empty where no list spoke.
    pub(crate) category: &'a str,
    /// Who was signed in to the browser, where its extension knows; else empty.
    pub(crate) who: &'a str,
}

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said<'a> {
    Decision(Line<'a>),
    /// So many decisions were not written.
    Gap {
        at_ms: i64,
        lost: u64,
    },
}

/// Reads a line; none where it is torn.
pub(crate) fn read(line: &str) -> Option<Said<'_>> {
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
        who: parts.next().unwrap_or_default(),
    }))
}

impl Line<'_> {
    /// Whether the device got no answer that leads anywhere.
    pub(crate) fn is_blocked(&self) -> bool {
        matches!(
            self.word,
            "listed"
                | "denied"
                | "closed"
                | "not-allowed"
                | "illegal"
                | "unsafe-search"
                | "rebinding"
        )
    }

    pub(crate) fn is_illegal(&self) -> bool {
        self.word == "illegal"
    }

    /// What was done, for pages and numbers.
    pub(crate) fn outcome(&self) -> &'static str {
        match self.word {
            _ if self.is_blocked() => "blocked",
            "safe-search" => "safe search",
            "watched" => "watched word",
            "failed" | "canary" => "not answered",
            _ => "open",
        }
    }

    /// The line as it is kept, without its end.
    pub(crate) fn written(&self) -> String {
        let Self {
            at_ms,
            device,
            group,
            name,
            word,
            list,
            category,
            who,
        } = self;
        let end = if who.is_empty() {
            String::new()
        } else {
            format!("\t{who}")
        };
        format!("{at_ms}\t\t{device}\t{group}\t{name}\t1\t{word}\t{list}\t{category}{end}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_the_resolver_writes_it() {
        let text = "1790000000123\t10.2.0.17\tlaptop-17\tstaff\twww.example.com\t1\tlisted\tut1/games\tgames\tsam@school.example\tmore";
        let Some(Said::Decision(line)) = read(text) else {
            panic!("not a decision");
        };
        assert_eq!((line.device, line.group), ("laptop-17", "staff"));
        assert_eq!((line.name, line.category), ("www.example.com", "games"));
        assert!(line.is_blocked() && !line.is_illegal());
        assert_eq!(line.who, "sam@school.example");
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
    fn what_was_done_is_said_in_a_few_words() {
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
        check("watched", "watched word", false);
    }
}
