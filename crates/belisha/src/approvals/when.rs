//! Days and times as they are typed.

use belisha_ui::{DateInput, Html, InputWidth, Label, TextInput};
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::viewer::Viewer;
use crate::web::wrong::Wrong;

/// "10:45", "9.05"; none where it is no time.
pub(crate) fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once([':', '.'])?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// The instant at which the school's clock shows this.
pub(super) fn instant(viewer: &Viewer, date: Date, time: Time) -> Option<Timestamp> {
    let zone = viewer.school.settings().time_zone.clone();
    let at = date.to_datetime(time).to_zoned(zone).ok()?;
    Some(at.timestamp())
}

/// The midnight after a day, at which what lasts until that day ends.
pub(super) fn end_of(viewer: &Viewer, date: Date) -> Option<Timestamp> {
    instant(viewer, date.tomorrow().ok()?, Time::midnight())
}

pub(super) fn date_field(
    name: &str,
    question: &str,
    [day, month, year]: [&str; 3],
    wrong: &Wrong,
) -> Html {
    Html::of(&DateInput {
        day: day.to_owned(),
        month: month.to_owned(),
        year: year.to_owned(),
        error: wrong.at(&format!("{name}-day")),
        ..DateInput::new(name, Label::medium(question))
    })
}

pub(super) fn time_field(name: &str, question: &str, value: &str, wrong: &Wrong) -> Html {
    Html::of(&TextInput {
        value: value.to_owned(),
        hint: Some("Such as 10:45".into()),
        width: Some(InputWidth::Five),
        error: wrong.at(name),
        ..TextInput::new(name, Label::medium(question))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let check = |text, expected: Option<&str>| {
            assert_eq!(time(text).map(|time| time.to_string()).as_deref(), expected);
        };
        check("10:45", Some("10:45:00"));
        check(" 9.05 ", Some("09:05:00"));
        check("25:00", None);
        check("ten", None);
        check("", None);
    }
}
