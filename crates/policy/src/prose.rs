//! Small parts of English sentences that controls and faults share.

use crate::measure::Measure;
use crate::words::Post;

/// "a", "a and b", "a, b and c"; nothing for an empty list.
pub fn and<S: AsRef<str>>(items: &[S]) -> String {
    joined(items, "and")
}

/// "a", "a or b", "a, b or c".
pub fn or<S: AsRef<str>>(items: &[S]) -> String {
    joined(items, "or")
}

fn joined<S: AsRef<str>>(items: &[S], last_word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {last_word} {}", first.join(", "), last.as_ref())
        }
    }
}

/// "the headteacher and the designated safeguarding lead".
pub(crate) fn posts(posts: &[Post]) -> String {
    and(&posts
        .iter()
        .map(|post| post.with_article())
        .collect::<Vec<_>>())
}

/// "at once", "the same day" or "within 2 school days".
pub(crate) fn within(measure: Measure) -> String {
    match measure {
        Measure::AtOnce => "at once".to_owned(),
        Measure::SameDay => "the same day".to_owned(),
        Measure::Minutes(_)
        | Measure::Hours(_)
        | Measure::SchoolDays(_)
        | Measure::WorkingDays(_)
        | Measure::Days(_)
        | Measure::Weeks(_)
        | Measure::Months(_)
        | Measure::Years(_) => format!("within {measure}"),
    }
}

/// The text with a capital first letter, as a sentence begins.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// "1 clause", "3 clauses".
pub(crate) fn number_of(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// The text in quotation marks, cut where it would swamp a message and with
/// control characters made visible.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .map(|letter| if letter.is_control() { '␣' } else { letter })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("“{shown}”")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_english() {
        assert_eq!(and::<&str>(&[]), "");
        assert_eq!(and(&["a"]), "a");
        assert_eq!(or(&["a", "b"]), "a or b");
        assert_eq!(and(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn quotations_stay_short_and_on_one_line() {
        assert_eq!(quoted("a\nb"), "“a␣b”");
        assert_eq!(quoted(&"x".repeat(61)).chars().count(), 63);
        assert_eq!(quoted(&"x".repeat(60)).chars().count(), 62);
    }
}
