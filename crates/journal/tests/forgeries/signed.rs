//! What is sound; what a forger can compute without the key; what the holder of the key
//! can do, whom only slips betray; and what says nothing either way.

use belisha_journal::Actor;
use uuid::Uuid;

use super::page::{Page, sound as page};
use super::story::{MINUTE_MS, Story, draft, forger, neighbour, note_over, sign, signer, story};
use super::{Vector, vector};

/// The slip handed out when the sound journal had so many entries.
fn slip(size: usize) -> String {
    story(12).slip(&signer(), size)
}

pub(super) fn sound() -> Vec<Vector> {
    let whole = || story(12).file(&signer());
    let clock_back = story(12)
        .with(5, |draft| draft.at_ms -= 90 * MINUTE_MS)
        .with(9, |draft| draft.at_ms -= 200 * MINUTE_MS);
    // Letters at the edge of what a fact may hold, and as many facts as there may be.
    let odd_letters = story(2).with(1, |draft| {
        let odd = [
            "",
            "\\\"",
            "/",
            "\u{a0}\u{ad}",
            "\u{200d}\u{feff}",
            "\u{202f}",
            "🦺",
            "\u{10ffff}",
        ];
        draft.facts = (10..26_usize)
            .map(|number| {
                (
                    format!("fact-{number}"),
                    odd[number % 8].repeat(50 * (number % 2 + 1)),
                )
            })
            .collect();
        draft.actor = Actor::Person(Uuid::max());
        draft.at_ms = 253_370_764_799_999;
        draft.clock_ms = (1 << 53) - 1;
        draft.object = "a:.-_".to_owned();
    });
    let one_checkpoint = Story {
        checkpoints: vec![12],
        ..story(12)
    };
    let no_slip = "sound entries=12 checkpoints=3 slips=0 steps-back=0";
    vec![
        vector("sound", no_slip, whole()),
        vector(
            "sound",
            "sound entries=12 checkpoints=3 slips=1 steps-back=0",
            whole(),
        )
        .beside("at-8.slip", slip(8)),
        vector(
            "sound",
            "sound entries=12 checkpoints=3 slips=4 steps-back=0",
            whole(),
        )
        .beside("at-12.slip", slip(12))
        .beside("at-0.slip", slip(0))
        .beside("at-8.slip", slip(8))
        .beside("at-5.slip", slip(5)),
        vector(
            "sound-without-entries",
            "sound entries=0 checkpoints=1 slips=0 steps-back=0",
            story(0).file(&signer()),
        ),
        vector(
            "sound-clock-back",
            "sound entries=12 checkpoints=3 slips=0 steps-back=2",
            clock_back.file(&signer()),
        ),
        vector(
            "sound-odd-letters",
            "sound entries=2 checkpoints=1 slips=0 steps-back=0",
            odd_letters.file(&signer()),
        ),
        // Earlier checkpoints are a convenience: the last one proves every entry.
        vector(
            "sound-last-checkpoint-only",
            "sound entries=12 checkpoints=1 slips=0 steps-back=0",
            one_checkpoint.file(&signer()),
        ),
    ]
}

/// Entries told otherwise and numbered and linked afresh, under the notes that were
/// signed over the true ones.
pub(super) fn rebuilt() -> Vec<Vector> {
    let true_notes = story(12).notes(&signer());
    let under_true_notes = |story: Story| story.file_under(&true_notes);
    let deleted = || {
        let mut story = story(12);
        story.drafts.remove(5);
        Story {
            checkpoints: vec![4, 7, 11],
            ..story
        }
    };
    let mut inserted = story(12);
    inserted.drafts.insert(5, draft(20));
    inserted.checkpoints = vec![4, 9, 13];
    let mut exchanged = story(12);
    exchanged.drafts[5] = draft(20);
    let mut reordered = story(12);
    reordered.drafts.swap(5, 6);
    let size_mended = Page::of(&under_true_notes(deleted())).replace(19, "8", "7");
    vec![
        vector("rebuilt-changed", "tampered root 13", {
            under_true_notes(story(12).with(1, |draft| draft.action = "incident.read".to_owned()))
        }),
        vector(
            "rebuilt-deleted",
            "tampered size 23",
            under_true_notes(deleted()),
        ),
        vector(
            "rebuilt-deleted-size-mended",
            "tampered signature 23",
            size_mended,
        ),
        vector(
            "rebuilt-inserted",
            "tampered size 25",
            under_true_notes(inserted),
        ),
        vector(
            "rebuilt-exchanged",
            "tampered root 24",
            under_true_notes(exchanged),
        ),
        vector(
            "rebuilt-reordered",
            "tampered root 24",
            under_true_notes(reordered),
        ),
    ]
}

/// Whole files signed anew: with a key of the forger's own, or by the holder of the key.
pub(super) fn resigned() -> Vec<Vector> {
    let rewritten = || {
        story(12)
            .with(2, |draft| draft.object = "record:another".to_owned())
            .file(&signer())
    };
    let regrown = || {
        let mut story = story(12);
        story.drafts.truncate(8);
        story.drafts.extend((20..25).map(draft));
        Story {
            checkpoints: vec![8, 13],
            ..story
        }
        .file(&signer())
    };
    let from_neighbour =
        Page::of(&story(12).file(&neighbour())).set(2, "beacon-primary.example/journal");
    let signed_over = |change: fn(&mut Vec<String>)| {
        let page = page();
        let mut lines = [page.lines(3..=6), page.lines(14..=17)].concat();
        change(&mut lines);
        sign(&signer(), &lines, &[lines.len()])
    };
    let last_note = |change: fn(&str) -> String| {
        let notes = story(12).notes(&signer());
        let (body, _) = notes[2].split_once("\n\n").expect("a note has a body");
        let mended = note_over(&change(&format!("{body}\n")));
        story(12).file_under(&[notes[0].clone(), notes[1].clone(), mended])
    };
    vec![
        vector("wrong-key", "tampered key 13", story(12).file(&forger())),
        vector(
            "wrong-journal-renamed",
            "tampered origin 13",
            from_neighbour,
        ),
        // Nothing in an older copy is false; only a slip tells that there was more.
        vector(
            "rolled-back",
            "sound entries=8 checkpoints=2 slips=0 steps-back=0",
            story(8).file(&signer()),
        ),
        vector(
            "rolled-back",
            "tampered rolled-back 25",
            story(8).file(&signer()),
        )
        .beside("at-12.slip", slip(12)),
        vector(
            "rolled-back",
            "tampered rolled-back 25",
            story(8).file(&signer()),
        )
        .beside("at-8.slip", slip(8))
        .beside("at-12.slip", slip(12)),
        vector(
            "forked",
            "sound entries=12 checkpoints=3 slips=0 steps-back=0",
            rewritten(),
        ),
        vector("forked", "tampered forked 6", rewritten()).beside("at-4.slip", slip(4)),
        vector("forked", "tampered forked 17", rewritten()).beside("at-8.slip", slip(8)),
        vector("rolled-back-and-regrown", "tampered forked 21", regrown())
            .beside("at-12.slip", slip(12))
            .beside("at-8.slip", slip(8)),
        // The holder of the key signs what is no checkpoint.
        vector("signed-impossible-time", "tampered form 35", {
            last_note(|body| body.replace("-09-01T", "-09-31T"))
        }),
        vector("signed-time-after-time", "tampered form 35", {
            last_note(|body| body.replace("2026-", "9999-"))
        }),
        vector("signed-time-before-time", "tampered form 35", {
            last_note(|body| body.replace("2026-", "1969-"))
        }),
        vector("signed-size-with-zero", "tampered form 35", {
            last_note(|body| body.replace("\n12\n", "\n012\n"))
        }),
        vector("signed-without-time", "tampered cut-short 35", {
            last_note(|body| body.split_inclusive('\n').take(3).collect())
        }),
        vector("signed-further-line", "tampered form 35", {
            last_note(|body| format!("{body}and all is well\n"))
        }),
        // The holder of the key signs a journal that breaks its own rules.
        vector(
            "signed-gap",
            "tampered sequence 5",
            signed_over(|lines| drop(lines.remove(2))),
        ),
        vector(
            "signed-exchange",
            "tampered sequence 4",
            signed_over(|lines| lines.swap(1, 2)),
        ),
        vector("signed-broken-link", "tampered link 5", {
            signed_over(|lines| lines[1] = lines[1].replace("\"s1\"", "\"s9\""))
        }),
        vector("signed-unlike-times", "tampered time 10", {
            signed_over(|lines| lines[7] = lines[7].replace("T08:07", "T09:07"))
        }),
        vector("signed-misspelling", "tampered entry 10", {
            signed_over(|lines| lines[7] = lines[7].replace("\"at\":", "\"at\": "))
        }),
    ]
}

pub(super) fn beyond_telling() -> Vec<Vector> {
    let whole = || story(12).file(&signer());
    // The first letter of line 4, and a check letter, without which the rest is whole.
    let mistyped = |at: usize| {
        let slip = slip(8);
        let at = slip.find("\n4: ").expect("a slip has a fourth line") + 4 + at;
        let other = if slip[at..].starts_with('7') {
            "8"
        } else {
            "7"
        };
        format!("{}{other}{}", &slip[..at], &slip[at + 1..])
    };
    let shortened = slip(8)
        .lines()
        .take(8)
        .map(|line| format!("{line}\n"))
        .collect::<String>();
    vec![
        vector("no-journal-empty", "cannot-tell", ""),
        vector("no-journal-one-word", "cannot-tell", "journal"),
        vector(
            "no-journal-letter",
            "cannot-tell",
            "Dear governors,\nall is well.\n",
        ),
        vector(
            "no-journal-mark-before",
            "cannot-tell",
            format!("\u{feff}{}", whole()),
        ),
        vector(
            "no-journal-line-ends",
            "cannot-tell",
            whole().replace('\n', "\r\n"),
        ),
        vector(
            "newer-format",
            "cannot-tell",
            page().set(1, "belisha-journal 2"),
        ),
        vector("wrong-journal", "cannot-tell", story(12).file(&neighbour())),
        vector("sound", "cannot-tell", whole()).beside("mistyped.slip", mistyped(0)),
        vector("sound", "cannot-tell", whole()).beside("mistyped-check.slip", mistyped(30)),
        vector("sound", "cannot-tell", whole()).beside("shortened.slip", shortened),
        vector("sound", "cannot-tell", whole())
            .beside("of-another-key.slip", story(12).slip(&forger(), 8)),
        vector("sound", "cannot-tell", whole())
            .beside("of-another-journal.slip", story(12).slip(&neighbour(), 8)),
    ]
}
