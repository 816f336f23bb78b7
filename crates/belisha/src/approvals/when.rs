//! Days and times as they are typed.

use belisha_ui::{DateInput, Html, InputWidth, Label, TextInput};
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::viewer::Viewer;
use crate::web::wrong::Wrong;

/// The midnight after a day, at which what lasts until that day ends.
pub(super) fn end_of(viewer: &Viewer, date: Date) -> Option<Timestamp> {
    viewer
        .school
        .instant(date.tomorrow().ok()?, Time::midnight())
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
