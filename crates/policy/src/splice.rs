//! Puts another block in the place of one, and leaves every other letter of the policy
//! as it stands: what an editor's form does to the text.

use crate::settings::Bound;

/// The text with the block of this use of a control replaced by another block, fences
/// and all. The text is the one that `bound` was read from.
pub fn with_block(text: &str, bound: &Bound, block: &str) -> String {
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let mut written = String::with_capacity(text.len() + block.len());
    let mut lines = text.split_inclusive('\n');
    for line in lines.by_ref().take(bound.line.saturating_sub(1)) {
        written.push_str(line);
    }
    let opening = lines.next().unwrap_or_default().trim_start();
    let letter = opening.chars().next().unwrap_or('`');
    let length = opening.chars().take_while(|c| *c == letter).count();
    let closes = |line: &str| {
        let line = line.trim();
        line.chars().count() >= length && line.chars().all(|c| c == letter)
    };
    for line in lines.by_ref() {
        if closes(line) {
            break;
        }
    }
    written.push_str(block.trim_end_matches('\n'));
    written.push('\n');
    written.extend(lines);
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn only_the_block_changes() {
        let check = |before: &str, expected: &str| {
            let policy = parse(before).unwrap_or_else(|faults| panic!("{faults:?}"));
            let bound = policy.controls().next().expect("a control");
            let block = "```control idle-lock\nafter = \"5 minutes\"\n```\n";
            assert_eq!(with_block(before, bound, block), expected);
        };
        check(
            "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n```control idle-lock\nafter = \"10 minutes\"\n```\n\nx\n",
            "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n```control idle-lock\nafter = \"5 minutes\"\n```\n\nx\n",
        );
        check(
            "# P\r\n\r\n## S {#s}\n\n### C {#c}\r\n\r\nw\r\n\r\n~~~~control idle-lock\r\n~~~~\r\n",
            "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n```control idle-lock\nafter = \"5 minutes\"\n```\n",
        );
        check(
            "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n```control idle-lock\n```",
            "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n```control idle-lock\nafter = \"5 minutes\"\n```\n",
        );
    }
}
