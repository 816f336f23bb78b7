//! Fields that several acts of this room ask for: a line, and a moment up to now.

use belisha_ui::{DateInput, Html, Label, TextInput};
use jiff::Timestamp;

use super::act_page::Wrong;
use crate::viewer::Viewer;
use crate::web::words::{read_date, read_time};

/// A day and a time up to now, as they were typed.
pub(super) fn moment(
    viewer: &Viewer,
    [day, month, year, time]: [&str; 4],
    wrong: &mut Wrong,
) -> Option<Timestamp> {
    let at = read_date(day, month, year).zip(read_time(time));
    let at = at
        .and_then(|(date, time)| viewer.school.instant(date, time))
        .filter(|at| *at <= viewer.now);
    if at.is_none() {
        wrong.say(
            "at-day",
            "Enter the day and the time, up to now, such as 27 3 2026 and 10:45",
        );
    }
    at
}

/// The fields for a day and a time.
pub(super) fn moment_fields(question: &str, parts: [&str; 4], wrong: &Wrong) -> [Html; 2] {
    let [day, month, year, time] = parts.map(str::to_owned);
    [
        Html::of(&DateInput {
            day,
            month,
            year,
            error: wrong.at("at-day"),
            ..DateInput::new("at", Label::medium(question))
        }),
        Html::of(&TextInput {
            value: time,
            hint: Some("Such as 10:45".into()),
            width: Some(belisha_ui::InputWidth::Five),
            ..TextInput::new("at-time", "At what time?")
        }),
    ]
}

/// A field of one line.
pub(super) fn line(name: &str, label: &str, hint: &str, value: &str, wrong: &Wrong) -> Html {
    Html::of(&TextInput {
        value: value.to_owned(),
        error: wrong.at(name),
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
        ..TextInput::new(name, Label::medium(label))
    })
}
