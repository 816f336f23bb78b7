//! Headings become the title, the sections, the clauses and the sub-clauses, each
//! with its number, its id and the part that it belongs to.

use super::{Draft, Reader, Title};
use crate::outline::Heading;
use crate::policy::{Clause, Depth};
use crate::prose::quoted;
use crate::slug::is_slug;

impl Reader<'_> {
    pub(super) fn title(&mut self, heading: Heading) {
        let at = heading.range.start;
        let words = heading.title.trim().to_owned();
        if let Some(first) = &self.title {
            let message = format!(
                "{} is a second title; the first stands on line {}.",
                quoted(&words),
                first.line
            );
            self.fault(at, message, "Begin a section with ## instead.");
            return;
        }
        if !self.clauses.is_empty() {
            self.fault(
                at,
                "the title stands after the first section.",
                "Move it to the top.",
            );
        }
        if words.is_empty() {
            self.fault(
                at,
                "the title has no words.",
                "Write what the policy is called.",
            );
        }
        self.title = Some(Title {
            words,
            line: self.lines.place(at).0,
        });
    }

    pub(super) fn clause(&mut self, heading: Heading, depth: Depth) {
        let at = heading.range.start;
        let title = heading.title.trim().to_owned();
        if title.is_empty() {
            self.fault(
                at,
                "this heading has no words.",
                "Write a title, or take the heading out.",
            );
        }
        let parent = self.parent(at, depth);
        let id = self.id(&heading, &title);
        let number = self.number(depth);
        self.clauses.push(Draft {
            at,
            clause: Clause {
                id,
                number,
                depth,
                title,
                words: String::new(),
                controls: Vec::new(),
                parent,
                line: self.lines.place(at).0,
            },
        });
    }

    fn parent(&mut self, at: usize, depth: Depth) -> Option<String> {
        let (over, marks) = match depth {
            Depth::Section => return None,
            Depth::Clause => (Depth::Section, "a section (##)"),
            Depth::SubClause => (Depth::Clause, "a clause (###)"),
        };
        let parent = self
            .clauses
            .iter()
            .rev()
            .map(|draft| &draft.clause)
            .find(|clause| clause.depth < depth)
            .filter(|clause| clause.depth == over)
            .map(|clause| clause.id.clone());
        if parent.is_none() {
            self.fault(
                at,
                format!("this heading belongs under {marks}, and there is none above it."),
                "Add one, or write fewer # here.",
            );
        }
        parent
    }

    fn number(&mut self, depth: Depth) -> String {
        let [section, clause, sub_clause] = &mut self.counts;
        match depth {
            Depth::Section => {
                (*section, *clause, *sub_clause) = (*section + 1, 0, 0);
                format!("{section}")
            }
            Depth::Clause => {
                (*clause, *sub_clause) = (*clause + 1, 0);
                format!("{section}.{clause}")
            }
            Depth::SubClause => {
                *sub_clause += 1;
                format!("{section}.{clause}.{sub_clause}")
            }
        }
    }

    /// The id of a heading, or a proposal with a fault where it has no proper one.
    fn id(&mut self, heading: &Heading, title: &str) -> String {
        let at = heading.range.start;
        if heading.other_attributes {
            self.fault(
                at,
                "the braces after a heading hold its id and nothing else.",
                "Write them like {#leaving-a-computer}.",
            );
        }
        let line = self.lines.place(at).0;
        let Some(id) = heading.id.as_deref() else {
            let proposed = self.ids.free(title, line);
            let message = format!("the heading {} has no id.", quoted(title));
            self.fault(
                at,
                message,
                format!(
                    "Write {{#{proposed}}} at its end. It stays the same when the title changes."
                ),
            );
            return proposed;
        };
        if !is_slug(id) {
            let proposed = self.ids.free(id, line);
            let message = format!(
                "{} cannot be an id: it takes small letters, digits and single hyphens.",
                quoted(id)
            );
            self.fault(at, message, format!("Write {{#{proposed}}}."));
            return proposed;
        }
        if let Some(first) = self.ids.taken(id) {
            let proposed = self.ids.free(title, line);
            let message = format!("the id “{id}” already stands on line {first}.");
            self.fault(
                at,
                message,
                format!("Every id is used once. Write {{#{proposed}}}."),
            );
            return proposed;
        }
        self.ids.take(id, line);
        id.to_owned()
    }
}
