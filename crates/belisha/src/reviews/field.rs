//! A question as a field of a form, and what was typed there as an answer.

use belisha_policy::{Post, Word as _};
use belisha_rules::guides::{Answer, Ask, NOT_ON_REGISTER, Question, Reason, When};
use belisha_ui::{
    Checkboxes, Choice, DateInput, Html, Label, Radios, Select, SelectOption, TextInput, Textarea,
};
use jiff::Zoned;
use jiff::civil::DateTime;

use crate::incidents::queries::Case;
use crate::web::words::read_date;
use crate::web::words::read_time;
use crate::web::wrong::Wrong;

/// The names and values of a form as they were typed.
#[derive(Debug, Default, Clone, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Typed(Vec<(String, String)>);

impl Typed {
    pub(super) fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// The names that were sent.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// An answer on record, as the form would have sent it.
    pub(super) fn put(&mut self, question: &Question, answer: &Answer) {
        let key = question.key;
        match question.ask {
            Ask::One(_) | Ask::Line | Ask::Words | Ask::Post => {
                self.0.push((key.to_owned(), answer.value.clone()));
            }
            Ask::Any(_) | Ask::People => {
                for part in answer.value.split(' ') {
                    self.0.push((key.to_owned(), part.to_owned()));
                }
            }
            Ask::Moment => {
                if let Ok(at) = answer.value.parse::<DateTime>() {
                    let time = format!("{:02}:{:02}", at.hour(), at.minute());
                    for (part, value) in [
                        ("day", at.day().to_string()),
                        ("month", at.month().to_string()),
                        ("year", at.year().to_string()),
                        ("time", time),
                    ] {
                        self.0.push((format!("{key}-{part}"), value));
                    }
                }
            }
        }
        self.0.push((why(question), answer.reason.clone()));
    }
}

/// The name of the field for the reason.
pub(super) fn why(question: &Question) -> String {
    format!("{}-why", question.key)
}

/// The names that the form of this question may send.
pub(super) fn names(question: &Question) -> Vec<String> {
    let mut names = vec![why(question)];
    match question.ask {
        Ask::Moment => {
            for part in ["day", "month", "year", "time"] {
                names.push(format!("{}-{part}", question.key));
            }
        }
        Ask::One(_) | Ask::Any(_) | Ask::Line | Ask::Words | Ask::People | Ask::Post => {
            names.push(question.key.to_owned());
        }
    }
    names
}

/// Reads the answer to a question. Nothing where nothing was typed.
pub(super) fn read(
    question: &Question,
    typed: &Typed,
    case: &Case,
    now: &Zoned,
    wrong: &mut Wrong,
) -> Option<Answer> {
    let key = question.key;
    let value = match question.ask {
        Ask::One(options) => {
            let value = typed.get(key);
            if !value.is_empty() && options.iter().all(|(option, _)| *option != value) {
                wrong.say(key, "Choose one of the answers");
            }
            value.to_owned()
        }
        Ask::Any(options) => {
            let chosen = typed.all(key);
            if chosen
                .iter()
                .any(|value| options.iter().all(|(option, _)| option != value))
            {
                wrong.say(key, "Choose from the answers");
            }
            if chosen.contains(&"none") && chosen.len() > 1 {
                wrong.say(key, "Choose what fits, or none of these, and not both");
            }
            chosen.join(" ")
        }
        Ask::Line | Ask::Words => {
            let value = typed.get(key).trim();
            let longest = if question.ask == Ask::Line {
                500
            } else {
                50_000
            };
            if value.chars().count() > longest {
                wrong.say(key, format!("Shorten this to {longest} characters"));
            }
            wrong.no_picture(key, value);
            value.to_owned()
        }
        Ask::Moment => read_moment(question, typed, now, wrong),
        Ask::People => {
            let chosen = typed.all(key);
            let known = |value: &&str| {
                *value == NOT_ON_REGISTER
                    || case
                        .people
                        .iter()
                        .any(|involved| involved.person.to_string() == **value)
            };
            if !chosen.iter().all(known) {
                wrong.say(key, "Choose from the people of this case");
            }
            chosen.join(" ")
        }
        Ask::Post => {
            let value = typed.get(key);
            if !value.is_empty() && Post::from_key(value).is_none() {
                wrong.say(key, "Choose a post");
            }
            value.to_owned()
        }
    };
    let reason = typed.get(&why(question)).trim();
    wrong.no_picture(&why(question), reason);
    if reason.chars().count() > 50_000 {
        wrong.say(&why(question), "Shorten this to 50,000 characters");
    }
    if value.is_empty() {
        return None;
    }
    // A reason that was typed beside another choice belongs to that choice.
    let kept = if question.needs_reason(&value) {
        reason
    } else {
        ""
    };
    Some(Answer {
        value,
        reason: kept.to_owned(),
    })
}

fn read_moment(question: &Question, typed: &Typed, now: &Zoned, wrong: &mut Wrong) -> String {
    let part = |part: &str| typed.get(&format!("{}-{part}", question.key));
    let parts = ["day", "month", "year", "time"];
    if parts.iter().all(|name| part(name).trim().is_empty()) {
        return String::new();
    }
    let Some(date) = read_date(part("day"), part("month"), part("year")) else {
        wrong.say(
            &format!("{}-day", question.key),
            "Enter the day, such as 27 3 2026",
        );
        return String::new();
    };
    let Some(time) = read_time(part("time")) else {
        wrong.say(
            &format!("{}-time", question.key),
            "Enter the time, such as 10:45",
        );
        return String::new();
    };
    let at = date.to_datetime(time);
    if at > now.datetime() {
        wrong.say(
            &format!("{}-day", question.key),
            "This is still to come. Check the day and the time",
        );
    }
    format!("{}T{:02}:{:02}", date, time.hour(), time.minute())
}

/// What to say where an answer or its reason is missing.
pub(super) fn missing(question: &Question, answer: Option<&Answer>) -> Option<(String, String)> {
    match answer {
        None => {
            let field = match question.ask {
                Ask::Moment => format!("{}-day", question.key),
                Ask::One(_) | Ask::Any(_) | Ask::Line | Ask::Words | Ask::People | Ask::Post => {
                    question.key.to_owned()
                }
            };
            let asks = match question.ask {
                Ask::One(_) | Ask::Any(_) | Ask::People | Ask::Post => "Choose an answer",
                Ask::Line | Ask::Words => "Write an answer",
                Ask::Moment => "Enter the day and the time",
            };
            Some((field, format!("{asks}: {}", question.asks)))
        }
        Some(answer) if question.needs_reason(&answer.value) && answer.reason.is_empty() => {
            Some((why(question), format!("Give the reason: {}", question.asks)))
        }
        Some(_) => None,
    }
}

/// The question as a field, with those that follow it revealed beneath their answer.
pub(super) fn field(
    question: &Question,
    followers: &[&'static Question],
    typed: &Typed,
    case: &Case,
    wrong: &Wrong,
) -> Html {
    let key = question.key;
    let at = |field: &str| wrong.at(field);
    let label = Label::medium(question.asks);
    let hint = (!question.hint.is_empty()).then(|| question.hint.to_owned());
    let reason = |label: &str| {
        Html::of(&Textarea {
            value: typed.get(&why(question)).to_owned(),
            error: at(&why(question)),
            rows: 3,
            ..Textarea::new(&why(question), label.to_owned())
        })
    };
    // What one answer alone asks for stands beneath that answer.
    let beneath = |value: &str| {
        let mut parts = Vec::new();
        if let Reason::On([only]) = question.reason
            && *only == value
        {
            parts.push(reason("Say more"));
        }
        for follower in followers {
            if let When::Follows { on: [only], .. } = follower.when
                && *only == value
            {
                parts.push(field(follower, &[], typed, case, wrong));
            }
        }
        (!parts.is_empty()).then(|| Html::join(&parts))
    };
    let mut parts = vec![match question.ask {
        Ask::One(options) => {
            let typed_value = typed.get(key);
            let chosen = if typed_value.is_empty() && typed.0.is_empty() {
                question.normally
            } else {
                typed_value
            };
            Html::of(&Radios {
                hint,
                error: at(key),
                chosen: (!chosen.is_empty()).then(|| chosen.to_owned()),
                ..Radios::new(
                    key,
                    label,
                    options
                        .iter()
                        .map(|&(value, text)| Choice {
                            reveals: beneath(value),
                            ..Choice::new(value, text)
                        })
                        .collect(),
                )
            })
        }
        Ask::Any(options) => Html::of(&Checkboxes {
            hint,
            error: at(key),
            chosen: typed.all(key).into_iter().map(str::to_owned).collect(),
            ..Checkboxes::new(
                key,
                label,
                options
                    .iter()
                    .map(|&(value, text)| Choice {
                        exclusive: value == "none",
                        divider: (value == "none").then(|| "or".to_owned()),
                        ..Choice::new(value, text)
                    })
                    .collect(),
            )
        }),
        Ask::People => {
            let mut choices: Vec<Choice> = Vec::new();
            for involved in &case.people {
                let id = involved.person.to_string();
                if choices.iter().all(|choice| choice.value != id) {
                    choices.push(Choice::new(id, involved.name.clone()));
                }
            }
            choices.push(Choice::new(
                NOT_ON_REGISTER,
                "Somebody who is not on the register, or not known",
            ));
            Html::of(&Checkboxes {
                hint,
                error: at(key),
                chosen: typed.all(key).into_iter().map(str::to_owned).collect(),
                ..Checkboxes::new(key, label, choices)
            })
        }
        Ask::Line => Html::of(&TextInput {
            hint,
            error: at(key),
            value: typed.get(key).to_owned(),
            ..TextInput::new(key, label)
        }),
        Ask::Words => Html::of(&Textarea {
            hint,
            error: at(key),
            value: typed.get(key).to_owned(),
            rows: 4,
            ..Textarea::new(key, label)
        }),
        Ask::Moment => {
            let part = |part: &str| typed.get(&format!("{key}-{part}")).to_owned();
            let time = format!("{key}-time");
            Html::join(&[
                Html::of(&DateInput {
                    hint,
                    error: at(&format!("{key}-day")),
                    day: part("day"),
                    month: part("month"),
                    year: part("year"),
                    ..DateInput::new(key, label)
                }),
                Html::of(&TextInput {
                    hint: Some("Such as 10:45".into()),
                    error: at(&time),
                    value: part("time"),
                    width: Some(belisha_ui::InputWidth::Five),
                    ..TextInput::new(&time, "At what time?")
                }),
            ])
        }
        Ask::Post => Html::of(&Select {
            hint,
            error: at(key),
            chosen: Some(typed.get(key).to_owned()),
            ..Select::new(
                key,
                label,
                std::iter::once(SelectOption::new("", "Choose"))
                    .chain(Post::all().map(|post| SelectOption::new(post.key(), post.name())))
                    .collect(),
            )
        }),
    }];
    match question.reason {
        Reason::Never | Reason::On([_]) => {}
        Reason::Always => parts.push(reason("Why?")),
        Reason::On(_) => parts.push(reason("Why? (not needed for every answer)")),
    }
    for follower in followers {
        if let When::Follows { on, .. } = follower.when
            && on.len() != 1
        {
            parts.push(field(follower, &[], typed, case, wrong));
        }
    }
    Html::join(&parts)
}
