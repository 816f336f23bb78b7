//! Says who hears of a report while the school is shut, and which number the reporter
//! sees then. Enforced by `incidents`.

use jiff::civil::{Time, time};

use crate::control::{Assurance, Control, Objection};
use crate::kind::{ListOf, Text, TimeOfDay};
use crate::param::Param;
use crate::prose;
use crate::settings::Settings;
use crate::words::Post;

/// When somebody is there in the morning.
pub static OPENS: Param<TimeOfDay> = Param::new(
    &CONTROL,
    "opens",
    "From when on a school day somebody is there to answer.",
    time(8, 0, 0, 0),
);

/// Until when somebody is there.
pub static CLOSES: Param<TimeOfDay> = Param::new(
    &CONTROL,
    "closes",
    "Until when on a school day somebody is there to answer.",
    time(17, 0, 0, 0),
);

const NOBODY: &[Post] = &[];

/// Who is told while the school is shut.
pub static TOLD: Param<ListOf<Post>> = Param::new(
    &CONTROL,
    "told",
    "Who is told at once of a report that comes while the school is shut, besides those whom its \
     route names.",
    NOBODY,
);

/// The number that the reporter sees.
pub static NUMBER: Param<Text> = Param::new(
    &CONTROL,
    "number",
    "The telephone number that the reporter sees while the school is shut; empty where there is \
     none.",
    "",
);

pub static CONTROL: Control = Control {
    key: "out-of-hours",
    title: "Out of hours",
    about: "Children are hurt at weekends and in holidays too. A report that comes while the \
            school is shut goes where its route says, and to those named here as well; whoever \
            sends it is told honestly that the school is shut, and whom to ring instead of \
            waiting.",
    params: &[&OPENS, &CLOSES, &TOLD, &NUMBER],
    repeats_by: None,
    sentence,
    objections: Some(objections),
    needs: None,
    owner: Post::DesignatedSafeguardingLead,
    feature: "incidents",
    assurance: Assurance::Enforced,
    source: None,
};

fn sentence(set: &Settings) -> String {
    let clock = |time: Time| time.strftime("%-H:%M").to_string();
    let mut said = format!(
        "The school is shut before {}, after {}, at weekends and in holidays.",
        clock(set.get(&OPENS)),
        clock(set.get(&CLOSES)),
    );
    let told = set.get(&TOLD);
    if !told.is_empty() {
        let are = if told.len() == 1 { "is" } else { "are" };
        said.push_str(&format!(
            " Of a report that comes then, {} {are} told at once as well.",
            prose::posts(&told)
        ));
    }
    let number = set.get(&NUMBER);
    if number.is_empty() {
        said.push_str(" The reporter is shown whom to ring in an emergency.");
    } else {
        said.push_str(&format!(" The reporter is shown the number {number}."));
    }
    said
}

fn objections(set: &Settings) -> Vec<Objection> {
    if set.get(&OPENS) < set.get(&CLOSES) {
        return Vec::new();
    }
    vec![Objection {
        param: "closes",
        message: "the school closes before it opens.".to_owned(),
        help: Some("Write a time for “closes” that is later than “opens”.".to_owned()),
    }]
}
