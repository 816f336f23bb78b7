//! No picture enters, by any door.

use belisha_policy::{Matter, Word as _};

use super::super::imagery::{
    OnRecord, is_named_by, may_link, of, speaks_of_one, text_holds_a_picture,
};
use super::*;
use crate::files::Imagery;
use crate::incidents::{Incident, OpenReview};

#[test]
fn a_review_of_such_pictures_shuts_every_door_for_good() {
    let check = |imagery, bars: &[bool], expected| {
        let incident = Incident {
            imagery,
            reviews: bars
                .iter()
                .map(|bars_imagery| OpenReview {
                    title: "A review",
                    lacks: Vec::new(),
                    signed: true,
                    bars_imagery: *bars_imagery,
                })
                .collect(),
            ..Incident::reported(Kind::PupilWelfare, Vec::new())
        };
        assert_eq!(of(&incident), expected, "{imagery:?} {bars:?}");
    };
    for imagery in [
        Imagery::NotYetKnown,
        Imagery::NotExpected,
        Imagery::CouldBeIndecent,
    ] {
        check(imagery, &[], imagery);
        check(imagery, &[false], imagery);
        check(imagery, &[true], Imagery::CouldBeIndecent);
        check(imagery, &[false, true], Imagery::CouldBeIndecent);
    }
    for guide in catalogue() {
        let bars = matches!(
            guide.key,
            "nude-image" | "indecent-image" | "illegal-content"
        );
        assert_eq!(guide.bars_imagery, bars, "{}", guide.key);
    }
}

/// Who classified it, how, and whether that shuts the case to files.
#[test]
fn however_a_case_was_classified_one_voice_shuts_it() {
    use OnRecord::{Category, Review, Risk, Triage};
    let risk = |key, imagery| Risk { key, imagery };
    let table = [
        // A report: by its matter.
        (Category("matter/nude-image"), true),
        (Category("matter/illegal-material"), true),
        (Category("matter/bullying"), false),
        (Category("matter/upsetting-material"), false),
        (Category("matter/made-up"), false),
        // The triage: what else it is about, of the case or of a person.
        (Category("conduct/nude-image"), true),
        (Category("content/illegal"), true),
        (Category("content/inappropriate"), false),
        (Category("hate/race"), false),
        (Category("own/nude-image"), false),
        (Category(""), false),
        // The triage: its risk, also one that a later edition adds.
        (risk("conduct/nude-image", true), true),
        (risk("conduct/nude-image", false), true),
        (risk("conduct/made-by-a-machine", true), true),
        (risk("conduct/rules", false), false),
        // The triage: its question. Not sure is not no, and neither is a word unknown.
        (Triage("yes"), true),
        (Triage("unknown"), true),
        (Triage(""), true),
        (Triage("no"), false),
    ];
    for (on_record, expected) in table {
        assert_eq!(speaks_of_one(on_record), expected, "{on_record:?}");
    }
    for guide in catalogue() {
        assert_eq!(speaks_of_one(Review(guide)), guide.bars_imagery);
    }
    let shutting: Vec<Matter> = Matter::all()
        .filter(|matter| is_named_by(&format!("matter/{}", matter.key())))
        .collect();
    assert_eq!(shutting, [Matter::IllegalMaterial, Matter::NudeImage]);
}

/// What one case says holds for the other, or the two are not linked.
#[test]
fn a_link_leaves_no_door_open_and_tells_nobody_of_a_sealed_case() {
    let kinds = [
        Kind::PupilWelfare,
        Kind::ChildProtection,
        Kind::LowLevelConcern,
        Kind::AllegationStaff,
        Kind::AllegationHead,
        Kind::AllegationChair,
    ];
    let shut = Imagery::CouldBeIndecent;
    for from in kinds {
        for to in kinds {
            for open in [Imagery::NotYetKnown, Imagery::NotExpected] {
                let refused = from.is_sealed() && !to.is_sealed();
                assert_eq!(
                    may_link((from, shut), (to, open)).is_err(),
                    refused,
                    "{from:?} {to:?}"
                );
                assert_eq!(may_link((to, open), (from, shut)).is_err(), refused);
                assert_eq!(may_link((from, open), (to, open)), Ok(()));
            }
            assert_eq!(may_link((from, shut), (to, shut)), Ok(()));
        }
    }
}

/// What a report named opens the same reviews as what the triage named.
#[test]
fn a_matter_that_a_report_named_opens_its_review() {
    let opened = |category| applies(PRIMARY, Kind::PupilWelfare, category, false, false);
    for (matter, guide) in [
        ("matter/nude-image", "indecent-image"),
        ("matter/illegal-material", "illegal-content"),
        ("matter/bullying", "cyberbullying"),
        ("matter/data-breach", "data-breach"),
        ("matter/stranger-contact", "grooming"),
        ("matter/asked-to-meet", "grooming"),
    ] {
        assert_eq!(opened(matter), [guide], "{matter}");
    }
    assert_eq!(
        applies(
            JUNIOR,
            Kind::PupilWelfare,
            "matter/nude-image",
            false,
            false
        ),
        ["nude-image"]
    );
    for nothing in [
        "matter/hate",
        "matter/rules-breach",
        "matter/",
        "nude-image",
        "",
    ] {
        assert!(opened(nothing).is_empty(), "{nothing}");
    }
}

#[test]
fn a_text_that_carries_a_picture_is_known_by_its_shape() {
    let bytes = "A1b2C3d4".repeat(40);
    for text in [
        "Look: data:image/png;base64,AAAA".to_owned(),
        "DATA:IMAGE/JPEG;base64,xx".to_owned(),
        "data:video/mp4;base64,xx".to_owned(),
        "<img src=x>".to_owned(),
        "before <IMG SRC='x'> after".to_owned(),
        "<picture><source></picture>".to_owned(),
        format!("iVBORw0KGgo{}", "A".repeat(120)),
        format!("It is:\n/9j/{}", "4AAQ".repeat(40)),
        bytes,
    ] {
        assert!(text_holds_a_picture(&text), "{text}");
    }
    for text in [
        "He sent a picture; I did not look at it.",
        "See https://www.childline.org.uk/info-advice/bullying-abuse-safety/online-mobile-safety/report-remove/",
        "Bag B-00412, case K7M2 Q4, reference CAD 1234/23SEP26.",
        "Она отправила это всем 😟 وقال إنه مزاح",
        "The data: images were mentioned in the lesson. <3",
        "",
    ] {
        assert!(!text_holds_a_picture(text), "{text}");
    }
}
