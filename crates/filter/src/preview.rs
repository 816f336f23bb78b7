//! What another version of a list would do to names that were asked for: each list is looked at alone,
//! under the policy and beside all other lists as they are in use.

use crate::index::{Index, Member};
use crate::lists::Kind;
use crate::verdict::{Group, Moment, Outcome, Policy, Reason, decide};

/// What would become of a name for a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Blocked,
    Opened,
}

/// One list, in the version in use and in the other.
pub struct Versions<'a> {
    pub name: &'a str,
    pub category: &'a str,
    pub kind: Kind,
    /// Each version in an index of its own; none where the list is not there at all.
    pub before: Option<&'a Index>,
    pub after: Option<&'a Index>,
}

/// Whether a name, or an ending of it, stands in an index of one list.
fn holds(index: Option<&Index>, name: &str) -> bool {
    let Some(index) = index else { return false };
    let mut hits = index.hits(name).into_iter();
    hits.any(|hit| {
        let means = |member: &Member| member.reaches(hit.itself) && !member.is_exception();
        index.set(hit.set).iter().any(means)
    })
}

/// What the other version changes for a name and a group; none where nothing changes.
pub fn change(
    live: &Index,
    policy: &Policy,
    group: &Group,
    name: &str,
    at: Moment,
    list: &Versions<'_>,
) -> Option<Change> {
    let (was, will) = (holds(list.before, name), holds(list.after, name));
    if was == will {
        return None;
    }
    let now = decide(live, policy, group, name, at);
    let stops = group.stops(list.category, policy.calendar.part(at.local));
    match (list.kind, will, now.outcome, &now.reason) {
        (Kind::Block, true, Outcome::Allowed, Reason::Nothing) if stops => Some(Change::Blocked),
        (Kind::Block, false, Outcome::Blocked, Reason::Category { lists, .. })
            if lists.iter().all(|other| other == list.name) =>
        {
            Some(Change::Opened)
        }
        (Kind::Allow, true, Outcome::Blocked, Reason::Category { .. }) => Some(Change::Opened),
        (Kind::Allow, false, Outcome::Allowed, Reason::ListAllows { lists, .. })
            if lists.iter().all(|other| other == list.name) =>
        {
            Some(Change::Blocked)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::index::{Builder, Key};
    use crate::lists::{Entry, ListInfo, Reach};

    fn index(folder: &Path, file: &str, lists: &[(&str, &str, &[&str])]) -> Index {
        let mut builder = Builder::new(Key::new([3; 32]));
        for (name, category, names) in lists {
            let info = ListInfo {
                name: (*name).to_owned(),
                category: (*category).to_owned(),
                kind: Kind::Block,
                entries: 0,
            };
            builder.begin(info).expect("room");
            for name in *names {
                builder
                    .add(&Entry::name((*name).into(), Reach::Both))
                    .expect("room");
            }
        }
        builder.write(&folder.join(file), 0).expect("written");
        Index::open(&folder.join(file)).expect("an index")
    }

    #[test]
    fn another_version_changes_what_no_other_word_decides() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        let old = ["gone.example", "both.example", "stays.example"];
        let new = [
            "stays.example",
            "tables.example",
            "bbc.co.uk",
            "own.example",
        ];
        let live = index(
            folder,
            "live",
            &[
                ("games", "games", &old),
                ("other", "games", &["both.example"]),
            ],
        );
        let before = index(folder, "before", &[("games", "games", &old)]);
        let after = index(folder, "after", &[("games", "games", &new)]);
        let list = Versions {
            name: "games",
            category: "games",
            kind: Kind::Block,
            before: Some(&before),
            after: Some(&after),
        };
        let policy = Policy::parse(
            "[[group]]\nname = \"pupils\"\npreset = \"strict\"\n[[group]]\nname = \"staff\"\npreset = \"light\"\n\
             [[own]]\nname = \"own.example\"\ndecision = \"allow\"\nreason = \"r\"\nby = \"b\"\n",
        )
        .expect("a policy");
        let at = Moment::of(&"2026-11-27T10:00[Europe/London]".parse().expect("a moment"));
        let check = |group: &str, name: &str, expected| {
            let group = policy.group(group).expect("a group");
            assert_eq!(
                change(&live, &policy, group, name, at, &list),
                expected,
                "{name}"
            );
        };
        check("pupils", "www.tables.example", Some(Change::Blocked));
        check("pupils", "gone.example", Some(Change::Opened));
        check("pupils", "both.example", None);
        check("pupils", "stays.example", None);
        check("pupils", "own.example", None);
        check("pupils", "bbc.co.uk", None);
        check("pupils", "elsewhere.example", None);
        check("staff", "tables.example", None);
    }
}
