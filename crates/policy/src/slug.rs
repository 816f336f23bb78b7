//! Slugs: the short names by which clauses and agreements are known from version
//! to version and in addresses.

/// The longest id of a clause or of an agreement, in letters.
pub(crate) const LONGEST_SLUG: usize = 60;

/// Whether a text is small letters, digits and single hyphens, and begins with a letter.
pub(crate) fn is_slug(text: &str) -> bool {
    text.len() <= LONGEST_SLUG
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        })
}

/// The slug that a title suggests: "Leaving a computer" gives `leaving-a-computer`.
/// Empty where the title has no letter to begin with.
pub(crate) fn slug(title: &str) -> String {
    let mut slug = String::new();
    let folded = title
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|letter| !matches!(letter, '\'' | '’'));
    for letter in folded {
        if slug.len() >= LONGEST_SLUG {
            break;
        }
        match letter {
            'a'..='z' => slug.push(letter),
            '0'..='9' if !slug.is_empty() => slug.push(letter),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_suggests_its_slug() {
        for (title, expected) in [
            ("Leaving a computer", "leaving-a-computer"),
            ("Parents’ and carers' phones", "parents-and-carers-phones"),
            ("  2: E-mail & post!", "e-mail-post"),
            ("Year 6", "year-6"),
            ("École", "cole"),
            ("…", ""),
        ] {
            assert_eq!(slug(title), expected, "{title}");
        }
    }

    #[test]
    fn what_is_no_slug_is_recognised() {
        for text in [
            "",
            "A",
            "-a",
            "a-",
            "a--b",
            "1a",
            "a b",
            "é",
            "a_b",
            &"a".repeat(61),
        ] {
            assert!(!is_slug(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_suggested_is_a_slug(title in ".{0,80}") {
            let slug = slug(&title);
            prop_assert!(slug.is_empty() || is_slug(&slug), "{slug}");
        }
    }
}
