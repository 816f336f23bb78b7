//! Any number of answers, or one statement to confirm.

use askama::{Template, filters::HtmlSafe};

use crate::choice::choice_id;
use crate::field::{FieldNotes, group_class};
use crate::{Choice, Example, Fieldset, Html, Label, TextInput};

/// A question with any number of answers.
#[derive(Clone, Debug, Template)]
#[template(path = "checkboxes/checkboxes.html")]
pub struct Checkboxes {
    /// Id of the first box; error summaries link to it.
    pub id: String,
    /// Name sent with the form, once for each box that is ticked.
    pub name: String,
    /// The question; `None` for one box that says it all.
    pub legend: Option<Label>,
    /// Help that everyone may need.
    pub hint: Option<String>,
    /// What is wrong with the answer.
    pub error: Option<String>,
    /// The boxes.
    pub choices: Vec<Choice>,
    /// Values of the ticked boxes.
    pub chosen: Vec<String>,
}

impl HtmlSafe for Checkboxes {}

impl Checkboxes {
    /// A question with nothing ticked.
    #[must_use]
    pub fn new(name: &str, legend: impl Into<Label>, choices: Vec<Choice>) -> Self {
        Self {
            legend: Some(legend.into()),
            ..Self::without_legend(name, choices)
        }
    }

    /// One statement to confirm, sent as `yes`.
    #[must_use]
    pub fn confirm(name: &str, statement: impl Into<String>) -> Self {
        Self::without_legend(name, vec![Choice::new("yes", statement)])
    }

    fn without_legend(name: &str, choices: Vec<Choice>) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            legend: None,
            hint: None,
            error: None,
            choices,
            chosen: Vec::new(),
        }
    }

    fn group_class(&self) -> &'static str {
        group_class(&self.error)
    }

    fn notes(&self) -> FieldNotes<'_> {
        FieldNotes {
            id: &self.id,
            hint: &self.hint,
            error: &self.error,
        }
    }

    fn content(&self) -> Html {
        let boxes = Html::of(&CheckboxList { checkboxes: self });
        let content = Html::join(&[Html::of(&self.notes()), boxes]);
        match &self.legend {
            None => content,
            Some(legend) => Html::of(&Fieldset {
                described_by: self.notes().described_by(),
                ..Fieldset::new(legend.clone(), content)
            }),
        }
    }
}

#[derive(Template)]
#[template(path = "checkboxes/checkbox_list.html")]
struct CheckboxList<'a> {
    checkboxes: &'a Checkboxes,
}

impl HtmlSafe for CheckboxList<'_> {}

impl CheckboxList<'_> {
    fn id_at(&self, index: &usize) -> String {
        choice_id(&self.checkboxes.id, &self.checkboxes.choices, *index)
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        self.checkboxes.chosen.contains(&choice.value)
    }

    /// Without a fieldset, each box carries the notes about the whole question.
    fn described_by(&self, choice: &Choice, id: &str) -> String {
        let whole = match self.checkboxes.legend {
            Some(_) => String::new(),
            None => self.checkboxes.notes().described_by(),
        };
        let own = choice
            .hint
            .as_ref()
            .map_or(String::new(), |_| format!("{id}-item-hint"));
        format!("{whole} {own}").trim().to_owned()
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let kinds = vec![
        Choice {
            hint: Some("Unkind messages, exclusion, threats".into()),
            ..Choice::new("unkindness", "Unkindness")
        },
        Choice {
            reveals: Some(Html::of(&TextInput::new(
                "which-service",
                "Which app or site?",
            ))),
            ..Choice::new("contact", "Contact from a stranger")
        },
        Choice {
            divider: Some("or".into()),
            exclusive: true,
            ..Choice::new("none", "None of these")
        },
    ];
    vec![
        Example::new(
            "several answers",
            &Checkboxes {
                hint: Some("Choose all that apply".into()),
                chosen: vec!["contact".into()],
                ..Checkboxes::new("kinds", Label::medium("What was it?"), kinds)
            },
        ),
        Example::new(
            "one statement, with an error",
            &Checkboxes {
                error: Some("Tick the box if you want to sign".into()),
                ..Checkboxes::confirm("sign", "I have read this and I want to sign it")
            },
        ),
    ]
}
