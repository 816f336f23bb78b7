//! No picture enters, by any door.

use super::super::imagery::{of, text_holds_a_picture};
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
