//! Text as it can be set: characters no face can draw are named, and long runs get places where a line may break.

use crate::fonts;

const BREAK_HERE: char = '\u{200B}';

/// The text with every character that can be drawn kept, and the rest replaced by its number, such as `[U+4E2D]`.
///
/// A document must not fail, and must not silently lose a part of a name, because of one letter: PDF/UA-1 forbids the
/// empty box that would otherwise be drawn. Characters that turn the reading direction are named too, since they can
/// make a line read differently from what it says.
pub(crate) fn drawable(text: &str) -> String {
    let mut drawn = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\r' => {
                // A line ends with "\r", "\n" or both, according to where the text was typed.
                if rest.peek() != Some(&'\n') {
                    drawn.push('\n');
                }
            }
            '\u{2028}' | '\u{2029}' => drawn.push('\n'),
            '\n' | '\t' => drawn.push(character),
            '\u{00AD}'
            | BREAK_HERE
            | '\u{200C}'
            | '\u{200D}'
            | '\u{2060}'
            | '\u{FEFF}'
            | '\u{FE00}'..='\u{FE0F}' => {}
            _ if is_turning(character)
                || character.is_control()
                || is_private(character)
                || !fonts::draws(character) =>
            {
                drawn.push_str(&format!("[U+{:04X}]", u32::from(character)));
            }
            _ => drawn.push(character),
        }
    }
    drawn
}

/// Text for a line `width` wide, in units of the type's size: drawable, and with places to break in longer words.
pub(crate) fn wrappable(text: &str, width: f64) -> String {
    broken(text, width, fonts::width_of)
}

/// The same for the face of fixed width and lines of `columns` characters.
pub(crate) fn wrappable_fixed(text: &str, columns: usize) -> String {
    broken(text, columns as f64, |_| 1.0)
}

fn broken(text: &str, width: f64, width_of: impl Fn(char) -> f64) -> String {
    let text = drawable(text);
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if measure(word, &width_of) > width {
            break_up(word, width, &width_of, &mut out);
            out.push_str(&piece[word.len()..]);
        } else {
            out.push_str(piece);
        }
    }
    out
}

fn measure(text: &str, width_of: impl Fn(char) -> f64) -> f64 {
    text.chars().map(width_of).sum()
}

/// Addresses break after their punctuation; whatever is still too long breaks at every quarter of a line, because
/// each place for a break costs time.
fn break_up(word: &str, width: f64, width_of: impl Fn(char) -> f64, out: &mut String) {
    for part in word.split_inclusive(['@', '.', '/', '-', '_', ':', '?', '&', '=', ',', ';']) {
        let quarter = if measure(part, &width_of) > width {
            width / 4.0
        } else {
            f64::INFINITY
        };
        let mut so_far = 0.0;
        for character in part.chars() {
            let next = width_of(character);
            if so_far > 0.0 && so_far + next > quarter {
                out.push(BREAK_HERE);
                so_far = 0.0;
            }
            so_far += next;
            out.push(character);
        }
        out.push(BREAK_HERE);
    }
    if out.ends_with(BREAK_HERE) {
        out.pop();
    }
}

fn is_turning(character: char) -> bool {
    matches!(character, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_private(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_cannot_be_drawn_is_named() {
        fn check(text: &str, expected: &str) {
            assert_eq!(drawable(text), expected, "{text:?}");
        }
        check("Zoë Ștefănescu", "Zoë Ștefănescu");
        check("中", "[U+4E2D]");
        check("ok\u{1F600}", "ok[U+1F600]");
        check("a\r\nb\rc\nd\u{2028}e", "a\nb\nc\nd\ne");
        check("bell\u{7}", "bell[U+0007]");
        check("\u{FEFF}soft\u{00AD}ly\u{200B}", "softly");
        check("abc\u{202E}fed", "abc[U+202E]fed");
        check("\u{E000}", "[U+E000]");
        check("tab\there", "tab\there");
    }

    #[test]
    fn long_words_may_break() {
        fn check(text: &str, columns: usize, expected: &str) {
            assert_eq!(
                wrappable_fixed(text, columns).replace(BREAK_HERE, "|"),
                expected,
                "{text:?}"
            );
        }
        check("a short line", 10, "a short line");
        check("head@school.example", 10, "head@|school.|example");
        check("abcdefgh", 5, "a|b|c|d|e|f|g|h");
        check("abcdefghijklm", 12, "abc|def|ghi|jkl|m");
        check("abcdefgh ij\nk", 5, "a|b|c|d|e|f|g|h ij\nk");
        check("abc", 0, "a|b|c");
    }

    #[test]
    fn breaking_goes_by_width_and_not_by_count() {
        assert_eq!(wrappable("iiiiiiii", 4.0), "iiiiiiii");
        assert!(wrappable("WWWWWWWW", 4.0).contains(BREAK_HERE));
    }

    proptest! {
        #[test]
        fn breaking_adds_nothing_that_prints(text in "\\PC{0,80}", width in 0.0..30.0) {
            let broken = wrappable(&text, width);
            prop_assert_eq!(broken.replace(BREAK_HERE, ""), drawable(&text));
        }

        #[test]
        fn everything_kept_can_be_drawn(text in any::<String>()) {
            for character in drawable(&text).chars() {
                prop_assert!(matches!(character, '\n' | '\t') || fonts::draws(character), "{:?}", character);
            }
        }
    }
}
