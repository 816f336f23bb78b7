//! One answer out of a few.

use askama::{Template, filters::HtmlSafe};

use crate::choice::choice_id;
use crate::field::{FieldNotes, group_class};
use crate::{Choice, Example, Fieldset, Html, Label, TextInput};

/// A question with one answer out of a few.
#[derive(Clone, Debug, Template)]
#[template(path = "radios/radios.html")]
pub struct Radios {
    /// Id of the first answer; error summaries link to it.
    pub id: String,
    /// Name sent with the form.
    pub name: String,
    /// The question.
    pub legend: Label,
    /// Help that everyone may need.
    pub hint: Option<String>,
    /// What is wrong with the answer.
    pub error: Option<String>,
    /// The answers.
    pub choices: Vec<Choice>,
    /// Value of the chosen answer.
    pub chosen: Option<String>,
    /// Whether the answers stand side by side: for two short ones.
    pub inline: bool,
}

impl HtmlSafe for Radios {}

impl Radios {
    /// A question with nothing chosen.
    #[must_use]
    pub fn new(name: &str, legend: impl Into<Label>, choices: Vec<Choice>) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            legend: legend.into(),
            hint: None,
            error: None,
            choices,
            chosen: None,
            inline: false,
        }
    }

    /// A question answered by yes or no (values `yes` and `no`), side by side.
    #[must_use]
    pub fn yes_or_no(name: &str, legend: impl Into<Label>) -> Self {
        let choices = vec![Choice::new("yes", "Yes"), Choice::new("no", "No")];
        Self {
            inline: true,
            ..Self::new(name, legend, choices)
        }
    }

    fn group_class(&self) -> &'static str {
        group_class(&self.error)
    }

    fn fieldset(&self) -> Fieldset {
        let notes = FieldNotes {
            id: &self.id,
            hint: &self.hint,
            error: &self.error,
        };
        Fieldset {
            described_by: notes.described_by(),
            ..Fieldset::new(
                self.legend.clone(),
                Html::join(&[Html::of(&notes), Html::of(&RadioList { radios: self })]),
            )
        }
    }
}

#[derive(Template)]
#[template(path = "radios/radio_list.html")]
struct RadioList<'a> {
    radios: &'a Radios,
}

impl HtmlSafe for RadioList<'_> {}

impl RadioList<'_> {
    fn id_at(&self, index: &usize) -> String {
        choice_id(&self.radios.id, &self.radios.choices, *index)
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        self.radios.chosen.as_deref() == Some(choice.value.as_str())
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let when = vec![
        Choice::new("today", "Today"),
        Choice::new("yesterday", "Yesterday"),
        Choice {
            divider: Some("or".into()),
            reveals: Some(Html::of(&TextInput::new("other-day", "Which day?"))),
            ..Choice::new("other", "Another day")
        },
    ];
    let who = vec![
        Choice {
            hint: Some("A parent, carer, visitor or volunteer".into()),
            ..Choice::new("adult", "An adult outside the staff")
        },
        Choice::new("unknown", "I do not know"),
    ];
    vec![
        Example::new(
            "yes or no",
            &Radios::yes_or_no("again", "Has it happened before?"),
        ),
        Example::new(
            "with a question that an answer opens",
            &Radios {
                chosen: Some("other".into()),
                ..Radios::new("when", Label::page_heading("When did it happen?"), when)
            },
        ),
        Example::new(
            "with hints and an error",
            &Radios {
                hint: Some("Choose the nearest".into()),
                error: Some("Say who it is about, or choose \"I do not know\"".into()),
                ..Radios::new("who", Label::medium("Who is it about?"), who)
            },
        ),
    ]
}
