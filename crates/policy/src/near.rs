//! "Did you mean": the word from a list that somebody probably meant.

/// The candidate nearest to `text`, if one is near enough to be a slip of the keys.
pub(crate) fn nearest<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // A pasted page is not a misspelt word, and comparing it would take long.
    const LONGEST: usize = 64;
    if text.len() > LONGEST {
        return None;
    }
    let folded = text.trim().to_lowercase().replace([' ', '_'], "-");
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&folded, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "Did you mean “idle-lock”?", where something is near.
pub(crate) fn did_you_mean<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(text, candidates).map(|near| format!("Did you mean “{near}”?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let keys = ["idle-lock", "password", "backup"];
        for (text, expected) in [
            ("idle-lok", Some("idle-lock")),
            ("Idle Lock", Some("idle-lock")),
            ("pasword", Some("password")),
            ("bakcup", Some("backup")),
            ("screen", None),
            ("", None),
        ] {
            assert_eq!(nearest(text, keys), expected, "{text}");
        }
        assert_eq!(nearest(&"backup".repeat(100), keys), None);
    }
}
