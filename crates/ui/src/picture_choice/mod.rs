//! One answer out of a few, each with a picture: for people who read with effort.

use askama::{Template, filters::HtmlSafe};

use crate::field::{FieldNotes, group_class};
use crate::{Example, Html};

/// A question whose answers are big cards with pictures.
#[derive(Clone, Debug, Template)]
#[template(path = "picture_choice/picture_choice.html")]
pub struct PictureChoice {
    /// Id of the first answer; error summaries link to it.
    pub id: String,
    /// Name sent with the form.
    pub name: String,
    /// The question, as the page's heading.
    pub question: String,
    /// Help that everyone may need.
    pub hint: Option<String>,
    /// What is wrong with the answer.
    pub error: Option<String>,
    /// The answers.
    pub pictures: Vec<Picture>,
    /// Value of the chosen answer.
    pub chosen: Option<String>,
}

/// One answer with its picture.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Value sent with the form.
    pub value: String,
    /// The answer in a few words.
    pub text: String,
    /// A drawing of our own, as SVG. It says nothing that the words do not say.
    pub drawing: Html,
}

impl Picture {
    /// An answer with its words and its drawing.
    #[must_use]
    pub fn new(value: impl Into<String>, text: impl Into<String>, drawing: Html) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
            drawing,
        }
    }
}

impl HtmlSafe for PictureChoice {}

impl PictureChoice {
    /// A question with nothing chosen.
    #[must_use]
    pub fn new(name: &str, question: impl Into<String>, pictures: Vec<Picture>) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            question: question.into(),
            hint: None,
            error: None,
            pictures,
            chosen: None,
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

    fn id_at(&self, index: &usize) -> String {
        match *index {
            0 => self.id.clone(),
            index => format!("{}-{}", self.id, index + 1),
        }
    }

    fn is_chosen(&self, picture: &Picture) -> bool {
        self.chosen.as_deref() == Some(picture.value.as_str())
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let face = |mouth: &str| {
        Html::trusted(format!(
            "<svg viewBox=\"0 0 64 64\" aria-hidden=\"true\" focusable=\"false\"><circle cx=\"32\" cy=\"32\" r=\"26\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"4\"/><circle cx=\"23\" cy=\"27\" r=\"3\" fill=\"currentColor\"/><circle cx=\"41\" cy=\"27\" r=\"3\" fill=\"currentColor\"/><path d=\"{mouth}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"4\" stroke-linecap=\"round\"/></svg>"
        ))
    };
    let safe = vec![
        Picture::new("yes", "Yes", face("M22 40q10 9 20 0")),
        Picture::new("no", "No", face("M22 45q10 -9 20 0")),
        Picture::new("not-sure", "I don’t know", face("M22 43h20")),
    ];
    vec![
        Example::new(
            "faces",
            &PictureChoice::new("safe", "Do you feel safe now?", safe.clone()),
        ),
        Example::new(
            "with a choice made, and an error",
            &PictureChoice {
                id: "safe-now".into(),
                chosen: Some("yes".into()),
                error: Some("Choose a picture".into()),
                hint: Some("You can choose one".into()),
                ..PictureChoice::new("safe-now", "Are you safe?", safe)
            },
        ),
    ]
}
