//! Two texts word by word: what stayed, what was taken out, what was put in.

use similar::{Algorithm, ChangeTag, capture_diff_slices};

/// A run of words that share a fate. Spaces and line breaks belong to the word before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    Same(String),
    Removed(String),
    Added(String),
}

/// More words than this on both sides are told as a whole text replaced by another:
/// comparing them could take longer than anybody waits, and nobody would read it.
const MOST_WORDS: usize = 5_000;

/// The runs that lead from the old text to the new one.
pub(super) fn runs(old: &str, new: &str) -> Vec<Run> {
    let (old, new) = (Words::of(old), Words::of(new));
    let mut runs = Runs::default();
    if old.words.len() + new.words.len() > MOST_WORDS {
        runs.push_all(ChangeTag::Delete, &old);
        runs.push_all(ChangeTag::Insert, &new);
        return runs.done;
    }
    for op in capture_diff_slices(Algorithm::Myers, &old.words, &new.words) {
        for change in op.iter_changes(&old.words, &new.words) {
            // What stayed is shown as the new text breaks it into lines.
            let (words, at) = match (change.tag(), change.old_index(), change.new_index()) {
                (ChangeTag::Delete, Some(at), _) => (&old, at),
                (ChangeTag::Insert | ChangeTag::Equal, _, Some(at)) => (&new, at),
                (ChangeTag::Delete | ChangeTag::Insert | ChangeTag::Equal, _, _) => continue,
            };
            runs.push(change.tag(), words.words[at], words.gaps[at]);
        }
    }
    runs.done
}

/// The words of a text, and after each the gap that follows it: nothing at the end, a
/// space, or the line breaks that Markdown gives a meaning.
struct Words<'a> {
    words: Vec<&'a str>,
    gaps: Vec<&'static str>,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        let (mut words, mut gaps) = (Vec::new(), Vec::new());
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (word, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
            rest = after.trim_start();
            words.push(word);
            gaps.push(gap(&after[..after.len() - rest.len()], rest));
        }
        Self { words, gaps }
    }
}

fn gap(space: &str, next: &str) -> &'static str {
    let breaks = space.matches('\n').count();
    if space.is_empty() {
        ""
    } else if breaks > 1 {
        "\n\n"
    } else if breaks == 1 && begins_a_line(next) {
        "\n"
    } else {
        " "
    }
}

/// Whether this begins an item of a list, a row of a table or a quotation.
fn begins_a_line(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    let is_number =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    matches!(word, "-" | "*" | "+" | ">")
        || word.starts_with('|')
        || word.strip_suffix(['.', ')']).is_some_and(is_number)
}

#[derive(Default)]
struct Runs {
    done: Vec<Run>,
}

impl Runs {
    fn push(&mut self, tag: ChangeTag, word: &str, gap: &str) {
        match (self.done.last_mut(), tag) {
            (Some(Run::Same(text)), ChangeTag::Equal)
            | (Some(Run::Removed(text)), ChangeTag::Delete)
            | (Some(Run::Added(text)), ChangeTag::Insert) => {
                text.push_str(word);
                text.push_str(gap);
            }
            (_, tag) => {
                let text = format!("{word}{gap}");
                self.done.push(match tag {
                    ChangeTag::Equal => Run::Same(text),
                    ChangeTag::Delete => Run::Removed(text),
                    ChangeTag::Insert => Run::Added(text),
                });
            }
        }
    }

    fn push_all(&mut self, tag: ChangeTag, words: &Words<'_>) {
        for (word, gap) in words.words.iter().zip(&words.gaps) {
            self.push(tag, word, gap);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fingerprint::normal;

    fn shown(old: &str, new: &str) -> String {
        runs(old, new)
            .into_iter()
            .map(|run| match run {
                Run::Same(text) => text,
                Run::Removed(text) => format!("[-{text}-]"),
                Run::Added(text) => format!("{{+{text}+}}"),
            })
            .collect()
    }

    #[test]
    fn words_are_compared_and_breaks_are_kept_where_they_mean_something() {
        for (old, new, expected) in [
            ("a b c", "a b c", "a b c"),
            ("a b c", "a x c", "a [-b -]{+x +}c"),
            ("", "a b", "{+a b+}"),
            ("a b", "", "[-a b-]"),
            ("a\nb", "a b", "a b"),
            ("a\n\nb", "a\n\nb c", "a\n\nb {+c+}"),
            ("- a\n- b", "- a\n- c", "- a\n- [-b-]{+c+}"),
        ] {
            assert_eq!(shown(old, new), expected, "{old} / {new}");
        }
    }

    #[test]
    fn texts_too_long_to_compare_are_replaced_whole() {
        let (old, new) = ("a ".repeat(MOST_WORDS), "b ".repeat(10));
        assert_eq!(runs(&old, &new).len(), 2);
    }

    proptest! {
        #[test]
        fn each_side_can_be_read_out_of_the_runs(old in "[ab \\n]{0,30}", new in "[ab \\n]{0,30}") {
            let side = |wanted: fn(&Run) -> Option<&String>| {
                normal(&runs(&old, &new).iter().filter_map(wanted).fold(String::new(), |text, run| text + " " + run))
            };
            prop_assert_eq!(side(|run| match run { Run::Same(t) | Run::Removed(t) => Some(t), Run::Added(_) => None }), normal(&old));
            prop_assert_eq!(side(|run| match run { Run::Same(t) | Run::Added(t) => Some(t), Run::Removed(_) => None }), normal(&new));
        }
    }
}
