//! What an editor is told about each kind of slip, word for word, with its place.

use belisha_policy::{LONGEST_POLICY, parse};

/// Checks the faults of a whole policy, in order.
fn check(policy: &str, expected: &[&str]) {
    let found: Vec<String> = match parse(policy) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(found, expected, "\n--- in this policy:\n{policy}");
}

/// Checks the faults of one block, whose fence stands on line 9.
fn check_block(block: &str, expected: &[&str]) {
    let policy = format!("# P\n\n## S {{#s}}\n\nw\n\n### C {{#c}}\nw\n```{block}\n```\n");
    check(&policy, expected);
}

#[test]
fn the_outline() {
    check("# P\n\nWelcome.\n\n## S {#s}\n\nw\n", &[]);
    check("P\n=\n\n## S {#s}\n### C {#c}\nw\n#### D {#d}\nw\n", &[]);
    check(
        "",
        &["1:1: this policy has no title. Begin it with one: # Online safety policy"],
    );
    check(
        "\n\n## S {#s}\n\nw\n",
        &["3:1: this policy has no title. Begin it with one: # Online safety policy"],
    );
    check(
        "# P\n",
        &["2:1: this policy has no clauses. Add a section (##) and a clause (###)."],
    );
    check(
        "w\n\n# P\n\n## S {#s}\n\nw\n",
        &["1:1: these words stand before the title. Move them below it."],
    );
    check(
        "# P\n\n## S {#s}\n\nw\n\n# Q\n",
        &[
            "7:1: “Q” is a second title; the first stands on line 1. Begin a section with ## instead.",
        ],
    );
    check(
        "## S {#s}\n\nw\n\n# P\n",
        &["5:1: the title stands after the first section. Move it to the top."],
    );
    check(
        "#\n\n##\n",
        &[
            "1:1: the title has no words. Write what the policy is called.",
            "3:1: the heading “” has no id. Write {#clause} at its end. It stays the same when the title changes.",
            "3:1: this heading has no words. Write a title, or take the heading out.",
        ],
    );
    check(
        "# P\n\n## Walking away\n\nw\n\n## Walking away\n\nw\n",
        &[
            "3:1: the heading “Walking away” has no id. Write {#walking-away} at its end. It stays the same when the title changes.",
            "7:1: the heading “Walking away” has no id. Write {#walking-away-2} at its end. It stays the same when the title changes.",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\nw\n\n## T {#s}\n\nw\n",
        &["7:1: the id “s” already stands on line 3. Every id is used once. Write {#t}."],
    );
    check(
        "# P\n\n## S {#Big_Id}\n\nw\n",
        &[
            "3:1: “Big_Id” cannot be an id: it takes small letters, digits and single hyphens. Write {#big-id}.",
        ],
    );
    check(
        "# P\n\n## S {#s .loud}\n\nw\n",
        &[
            "3:1: the braces after a heading hold its id and nothing else. Write them like {#leaving-a-computer}.",
        ],
    );
    check(
        "# P\n\n### C {#c}\n\nw\n",
        &[
            "3:1: this heading belongs under a section (##), and there is none above it. Add one, or write fewer # here.",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\n#### D {#d}\n\nw\n",
        &[
            "3:1: 1 “S” has no words. Write what it says, or take the heading out: a heading alone cannot be approved.",
            "5:1: this heading belongs under a clause (###), and there is none above it. Add one, or write fewer # here.",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\n##### Deep {#deep}\n\nw\n",
        &[
            "5:1: the heading “Deep” stands too deep. A policy has sections (##), clauses (###) and sub-clauses (####), and nothing below.",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\n### Complaints {#complaints}\n\n### Lessons {#lessons}\n\nw\n",
        &[
            "5:1: 1.1 “Complaints” has no words. Write what it says, or take the heading out: a heading alone cannot be approved.",
        ],
    );
}

#[test]
fn the_block() {
    check_block("rust\nlet x = 1;", &[]);
    check_block("control idle-lock", &[]);
    check_block(
        "control idle-lok",
        &["9:12: there is no control called “idle-lok”. Did you mean “idle-lock”?"],
    );
    let keys: Vec<&str> = belisha_policy::catalogue()
        .iter()
        .map(|control| control.key)
        .collect();
    let all = belisha_policy::and(&keys);
    check_block(
        "control screen",
        &[&format!(
            "9:12: there is no control called “screen”. There are {all}."
        )],
    );
    check_block(
        "control",
        &[
            "9:1: this control block does not say which control it sets. Write its key after the word “control”, such as “control idle-lock”.",
        ],
    );
    check_block(
        "control idle-lock backup",
        &[
            "9:1: “control idle-lock backup” is not the name of one control. Write one key after the word “control”, and each control in a block of its own.",
        ],
    );
    check_block(
        "controll idle-lock",
        &["9:1: “controll” is not the word “control”. Write “control idle-lock” after the fence."],
    );
    check_block(
        "idle-lock",
        &[
            "9:1: this block names “idle-lock” without the word “control”. Write “control idle-lock” after the fence.",
        ],
    );
    check_block(
        "control idle-lock\n  afer = \"5 minutes\"",
        &["10:3: “idle-lock” has no parameter called “afer”. Did you mean “after”?"],
    );
    check_block(
        "control leaver-access\nat = 1",
        &[
            "10:1: “leaver-access” has no parameter called “at”. It takes none: leave the block empty.",
        ],
    );
    check_block(
        "control idle-lock\nscreen = 1",
        &["10:1: “idle-lock” has no parameter called “screen”. It has “after”."],
    );
    check_block(
        "control idle-lock\nafter = 10 minutes",
        &[
            "10:9: this line cannot be read: string values must be quoted, expected literal string. Each line of a control is a name, an equals sign and a value, such as after = \"10 minutes\".",
        ],
    );
    check_block(
        "control idle-lock\nafter = \"5 minutes",
        &[
            "10:19: this line cannot be read: invalid basic string, expected `\"`. Each line of a control is a name, an equals sign and a value, such as after = \"10 minutes\".",
        ],
    );
    check_block(
        "control idle-lock\nafter = \"5 minutes\"\nafter = \"6 minutes\"",
        &[
            "11:1: this line cannot be read: duplicate key. Each line of a control is a name, an equals sign and a value, such as after = \"10 minutes\".",
        ],
    );
    check_block(
        "control idle-lock\nafter = “5 minutes”",
        &[
            "10:9: this line cannot be read: string values must be quoted, expected literal string. Quotation marks are straight here: \" and not “ or ”.",
        ],
    );
    check_block(
        "control idle-lock\n[after]\nx = 1",
        &[
            "10:1: “after” takes a length of time in minutes, in quotation marks, not a table. Write after = \"10 minutes\", or another such value.",
        ],
    );
}

#[test]
fn the_value() {
    check_block(
        "control idle-lock\nafter = 10",
        &[
            "10:9: “after” takes a length of time in minutes, in quotation marks, not a number. Write after = \"10 minutes\".",
        ],
    );
    check_block(
        "control idle-lock\nafter = 99999999999",
        &[
            "10:9: “after” takes a length of time in minutes, in quotation marks, not a number. Write after = \"10 minutes\", or another such value.",
        ],
    );
    check_block(
        "control idle-lock\nafter = \"10 days\"",
        &["10:9: “after” is counted in minutes; “10 days” does not fit."],
    );
    check_block(
        "control idle-lock\nafter = \"0 minutes\"",
        &["10:9: “0 minutes” is no time at all. Write a number above zero."],
    );
    check_block(
        "control idle-lock\nafter = \"31 minutes\"",
        &["10:9: “after” must be from 1 minute to 30 minutes, and “31 minutes” is not."],
    );
    check_block(
        "control idle-lock\nafter = \"soon\"",
        &[
            "10:9: “soon” is not a length of time. Write a number and a unit, such as “10 minutes”, “2 school days”, “1 working day” or “12 months”, or “at once” or “same day”.",
        ],
    );
    check_block(
        "control idle-lock\nafter = [\"5 minutes\"]",
        &[
            "10:9: “after” takes a length of time in minutes, in quotation marks, not a list. Write after = \"10 minutes\", or another such value.",
        ],
    );
    check_block(
        "control password\nlength = 8",
        &["10:10: “length” must be from 12 to 64, and 8 is not."],
    );
    check_block(
        "control password\nlength = \"14\"",
        &[
            "10:10: “length” takes a whole number, not words in quotation marks. Write length = 14, without quotation marks.",
        ],
    );
    check_block(
        "control password\nlength = -1",
        &["10:10: “length” must be from 12 to 64, and -1 is not."],
    );
    check_block(
        "control password\nlength = 12.5",
        &[
            "10:10: “length” takes a whole number, not a number with a decimal point. Write length = 12, or another such value.",
        ],
    );
    check_block(
        "control second-factor\nof = \"everybody\"",
        &[
            "10:6: “everybody” is not a group of account holders. It can be “those-who-read-records” or “everyone”.",
        ],
    );
    check_block("control second-factor\nof = \"Everyone\"", &[]);
    check_block(
        "control second-factor\nof = \"pupils\"",
        &[
            "10:6: “pupils” is not a group of account holders. It can be “those-who-read-records” or “everyone”.",
        ],
    );
    check_block(
        "control policy-approval\nby = [\"governors\"]\nminute = \"yes\"",
        &[
            "11:10: “minute” takes true or false, not words in quotation marks. Write minute = true, without quotation marks.",
        ],
    );
    check_block(
        "control policy-approval\nby = [\"governor\"]",
        &["10:7: “governor” is not a body that approves. Did you mean “governors”?"],
    );
    check_block(
        "control policy-approval\nby = []",
        &[
            "10:6: “by” is empty. It takes a list in square brackets, each item a body that approves: “senior-leaders”, “governors” or “full-governing-body”.",
        ],
    );
    check_block(
        "control policy-approval\nby = \"governors\"",
        &[
            "10:6: “by” takes a list, each item a body that approves, not words in quotation marks. Write by = [\"governors\"].",
        ],
    );
    check_block(
        "control policy-approval\nby = [\n  \"governors\",\n  \"governors\",\n  1,\n]",
        &[
            "12:3: “governors” stands twice in “by”.",
            "13:3: each item of “by” is a body that approves in quotation marks, not a number.",
        ],
    );
    check_block(
        "control policy-approval\nby = [1]",
        &["10:7: each item of “by” is a body that approves in quotation marks, not a number."],
    );
    check_block(
        "control policy-review\nevery = \"0 days\"",
        &["10:9: “0 days” is no time at all. Write a number above zero."],
    );
    check_block(
        "control policy-review\nevery = \"13 months\"",
        &["10:9: “every” may be 12 months at most, and “13 months” is longer."],
    );
    check_block("control policy-review\nevery = \"1 year\"", &[]);
    check_block(
        "control policy-review\nevery = \"2 school days\"",
        &[
            "10:9: “every” is counted in days, weeks, months or years; “2 school days” does not fit.",
        ],
    );
    check_block(
        "control policy-review\nevery = \"never\"",
        &[
            "10:9: “never” is not a length of time. Write a number and a unit, such as “10 minutes”, “2 school days”, “1 working day” or “12 months”, or “at once” or “same day”.",
        ],
    );
    check_block(
        "control policy-review\nevery = \"1 month\"",
        &[
            "9:1: a notice of 6 weeks is not shorter than the review cycle of 1 month. Choose a shorter notice.",
        ],
    );
    check_block(
        "control policy-review\nevery = \"99999 days\"",
        &["10:9: “99999 days” is longer than any calendar."],
    );
    check_block(
        "control backup\nat = \"2:00\"",
        &["10:6: “2:00” is not a time of day. Write at = \"02:00\", with hours from 00 to 23."],
    );
    check_block(
        "control backup\nat = \"24:00\"",
        &["10:6: “24:00” is not a time of day. Write at = \"02:00\", with hours from 00 to 23."],
    );
    check_block(
        "control backup\nat = 02:00:00",
        &[
            "10:6: “at” takes a time of day in quotation marks, not a date or time without quotation marks. Write at = \"02:00\", or another such value.",
        ],
    );
    check_block(
        "control backup\nalarm_after = \"24 hours\"",
        &[
            "10:15: an alarm after 24 hours would sound before the next backup, which is made every 24 hours. Make it longer than 24 hours.",
        ],
    );
    check_block(
        "control named-post",
        &[
            "9:1: “named-post” must say “post”: the post that somebody must hold. It takes a post: “headteacher”, “designated-safeguarding-lead”, “deputy-designated-safeguarding-lead”, “online-safety-co-ordinator”, “senior-leader”, “special-needs-co-ordinator”, “pastoral-lead”, “network-manager”, “senior-information-risk-owner”, “data-protection-officer”, “school-office”, “chair-of-governors”, “vice-chair-of-governors” or “safeguarding-governor”.",
        ],
    );
    check_block(
        "control named-post\npost = \"head-teacher\"",
        &["10:8: “head-teacher” is not a post. Did you mean “headteacher”?"],
    );
    check_block("control named-post\npost = \"Chair of governors\"", &[]);
    check_block(
        "control agreement\nof = \"Staff Agreement\"\ntitle = \"\"\nsigned_by = [\"staff\"]\nasks = []\nagain = \"6 years\"",
        &[
            "10:6: “of” cannot be “Staff Agreement”: it takes up to 60 small letters, digits and single hyphens. Write \"staff-agreement\".",
            "11:9: “title” is empty. It takes one line of words in quotation marks, 200 characters at most.",
            "14:9: “again” may be 5 years at most, and “6 years” is longer.",
        ],
    );
    check_block(
        "control agreement\nof = \"staff\"\ntitle = \"T\"\nsigned_by = [\"staff\"]\nasks = []\nagain = \"never\"",
        &[
            "13:8: a signature needs something that the person gives. Write asks = [\"full-name\"], or leave the line out.",
        ],
    );
    check_block(
        "control agreement\nof = \"staff\"\ntitle = \"a\\nb\"\nsigned_by = [\"staff\"]\nwithin = \"3 years\"",
        &[
            "11:9: “title” must stand on one line, without tabs.",
            "13:10: “within” is counted in school days, working days, days, weeks or months, or “at once”, or “same day”; “3 years” does not fit.",
        ],
    );
    check_block(
        "control incident-route\nabout = \"headteacher\"\nfirst = [\"headteacher\"]\ncopies = [\"school-office\"]\nnext = [\"chair-of-governors\", \"headteacher\"]",
        &[
            "11:9: a concern about the headteacher may not go to the headteacher, and “first” names that post. Take “headteacher” out of “first”.",
            "13:8: a concern about the headteacher may not go to the headteacher, and “next” names that post. Take “headteacher” out of “next”.",
        ],
    );
    check_block(
        "control incident-route\nabout = \"pupil\"\nfirst = [\"headteacher\"]\nmoves_on_after = \"at once\"",
        &[
            "12:18: “moves_on_after” is counted in minutes, hours, school days, working days or days; “at once” does not fit.",
        ],
    );
    check_block(
        "control incident-route\nabout = \"pupil\"\nfirst = [\"headteacher\"]\nwithin = \"2 weeks\"",
        &[
            "12:10: “within” is counted in minutes, hours, school days, working days or days, or “at once”, or “same day”; “2 weeks” does not fit.",
        ],
    );
}

#[test]
fn the_place_of_a_block() {
    check(
        "# P\n\n```control idle-lock\n```\n\n## S {#s}\n\nw\n\n```control password\n```\n",
        &[
            "3:1: the control “idle-lock” stands outside any clause. Put it under a clause (###) or a sub-clause (####), so that the clause says what it sets.",
            "10:1: the control “password” stands outside any clause. Put it under a clause (###) or a sub-clause (####), so that the clause says what it sets.",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n- a\n\n  ```control idle-lock\n  ```\n\n> ```control password\n> ```\n",
        &[
            "11:3: this control stands in a list or a quotation. A control stands on its own, at the start of the line, with an empty line before it.",
            "14:3: this control stands in a list or a quotation. A control stands on its own, at the start of the line, with an empty line before it.",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n```control idle-lock\nafter = \"5 minutes\"\n\n### D {#d}\n",
        &[
            "9:1: this control block is never closed, so the rest of the policy is taken as part of it. Write ``` on a line of its own below its last value.",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n    ```control idle-lock\n    ```\n\n<div>\n```control backup\n```\n</div>\n\n```control idle-lock after = 1```\n",
        &[
            "9:5: this looks like a control, but it is indented, inside HTML or all on one line, so it would set nothing. Put the fence at the start of a line, with an empty line before it, and each value on its own line.",
            "13:1: this looks like a control, but it is indented, inside HTML or all on one line, so it would set nothing. Put the fence at the start of a line, with an empty line before it, and each value on its own line.",
            "17:1: this looks like a control, but it is indented, inside HTML or all on one line, so it would set nothing. Put the fence at the start of a line, with an empty line before it, and each value on its own line.",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n```control idle-lock\n```\n\n### D {#d}\n\nw\n\n```control idle-lock\nafter = \"5 minutes\"\n```\n",
        &[
            "16:1: clause 1.2 sets “idle-lock”, which clause 1.1 has already set on line 9. Keep one of the two.",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n```control named-post\npost = \"headteacher\"\n```\n```control named-post\npost = \"school-office\"\n```\n```control named-post\npost = \"headteacher\"\n```\n",
        &[
            "15:1: clause 1.1 sets “named-post” with post = \"headteacher\", which clause 1.1 has already set on line 9. Keep one of the two.",
        ],
    );
}

#[test]
fn places_hold_for_every_way_of_writing_a_line() {
    check(
        "\u{feff}# P\r\n\r\n## S {#s}\r\n\r\n### C {#c}\r\nw\r\n```control idle-lock\r\nafter =\t\"é\" \r\n```\r\n",
        &[
            "8:9: “é” is not a length of time. Write a number and a unit, such as “10 minutes”, “2 school days”, “1 working day” or “12 months”, or “at once” or “same day”.",
        ],
    );
    check(
        "# P\r\r## S {#s}\r\r### C {#c}\rw\r```control idle-lock\rafter = 1\r```\r",
        &[
            "8:9: “after” takes a length of time in minutes, in quotation marks, not a number. Write after = \"1 minute\".",
        ],
    );
    check(
        "# P\n\n## S {#s}\n\n### C {#c}\n\nw\n\n~~~~control idle-lock\nafter = 1\n~~~~\n",
        &[
            "10:9: “after” takes a length of time in minutes, in quotation marks, not a number. Write after = \"1 minute\".",
        ],
    );
}

#[test]
fn a_policy_that_is_too_long_is_refused_at_once() {
    let long = "# P\n\n## S {#s}\n\nw\n\n".to_owned() + &"w ".repeat(LONGEST_POLICY / 2);
    check(&long[..LONGEST_POLICY], &[]);
    check(
        &long,
        &[
            "1:1: this policy has 1000019 bytes, and the longest that can be read has 1000000. Is it the right file?",
        ],
    );
}

#[test]
fn a_text_full_of_faults_is_told_the_first_thousand() {
    let faults = parse(&format!("# P\n\n{}", "## a\n".repeat(2_000))).unwrap_err();
    assert_eq!(faults.len(), 1_000);
    assert!(faults.is_sorted());
    let last = faults.last().unwrap().to_string();
    assert!(
        last.ends_with("more than 1000 faults. Mend those above first."),
        "{last}"
    );
}
