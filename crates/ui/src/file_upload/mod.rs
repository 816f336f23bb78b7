//! A file from the person's device. What may be sent and how large is said before, not after.

use askama::{Template, filters::HtmlSafe};

use crate::field::{FieldNotes, group_class};
use crate::label::LabelFor;
use crate::{Example, Label};

/// A box to choose a file; its form must say `enctype="multipart/form-data"`.
#[derive(Clone, Debug, Template)]
#[template(path = "file_upload/file_upload.html")]
pub struct FileUpload {
    /// Id of the field.
    pub id: String,
    /// Name sent with the form.
    pub name: String,
    /// The question.
    pub label: Label,
    /// Kinds and size in words: "A CSV file of up to 5 MB".
    pub hint: Option<String>,
    /// What is wrong with what was sent.
    pub error: Option<String>,
    /// Which kinds the device offers first: ".csv,text/csv"; the server must check again.
    pub accept: Option<String>,
    /// Whether several files may be chosen.
    pub multiple: bool,
}

impl HtmlSafe for FileUpload {}

impl FileUpload {
    /// One file of the kinds in `accept`, which `kinds_and_size` says in words.
    #[must_use]
    pub fn new(name: &str, label: impl Into<Label>, accept: &str, kinds_and_size: &str) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label: label.into(),
            hint: Some(kinds_and_size.to_owned()),
            error: None,
            accept: Some(accept.to_owned()),
            multiple: false,
        }
    }

    fn label_for(&self) -> LabelFor<'_> {
        LabelFor {
            label: &self.label,
            id: &self.id,
        }
    }

    fn notes(&self) -> FieldNotes<'_> {
        FieldNotes {
            id: &self.id,
            hint: &self.hint,
            error: &self.error,
        }
    }

    fn group_class(&self) -> &'static str {
        group_class(&self.error)
    }
}

/// The variants shown and tested.
#[must_use]
pub fn examples() -> Vec<Example> {
    let list = FileUpload::new(
        "staff-list",
        "Staff list",
        ".csv,text/csv",
        "A CSV file of up to 5 MB",
    );
    vec![
        Example::new("default", &list),
        Example::new(
            "several, with an error",
            &FileUpload {
                id: "staff-list-again".into(),
                error: Some("The file is larger than 5 MB: send it in two parts".into()),
                multiple: true,
                ..list
            },
        ),
    ]
}
