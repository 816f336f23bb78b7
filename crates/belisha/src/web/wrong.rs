//! What is wrong with a form, field by field: collected while the form is read, and
//! shown at the fields and above the page.

use belisha_rules::guides::imagery::{TEXT_HOLDS_A_PICTURE, text_holds_a_picture};
use belisha_ui::FieldError;

/// As much as one field may hold: more than anybody types, less than fills a disk.
const LONGEST: usize = 50_000;

/// The corrections that a form needs; none, where it is right.
#[derive(Default, Clone)]
pub(crate) struct Wrong(Vec<FieldError>);

impl Wrong {
    /// The field needs this correction.
    pub(crate) fn say(&mut self, field: &str, says: impl Into<String>) {
        self.0.push(FieldError::new(field, says));
    }

    /// The field must not be empty.
    pub(crate) fn need(&mut self, field: &str, value: &str, says: &str) {
        if value.trim().is_empty() {
            self.say(field, says);
        } else if value.chars().count() > LONGEST {
            self.say(field, "Shorten this to 50,000 characters");
        } else {
            self.no_picture(field, value);
        }
    }

    /// No field takes a picture, whatever case it is of.
    pub(crate) fn no_picture(&mut self, field: &str, value: &str) {
        if text_holds_a_picture(value) {
            self.say(field, TEXT_HOLDS_A_PICTURE);
        }
    }

    /// The words of a field that must not be empty, without the space around them.
    pub(crate) fn text(&mut self, field: &str, value: &str, says: &str) -> Option<String> {
        let before = self.0.len();
        self.need(field, value, says);
        (self.0.len() == before).then(|| value.trim().to_owned())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is said at a field.
    pub(crate) fn at(&self, field: &str) -> Option<String> {
        self.0
            .iter()
            .find(|error| error.field_id.as_deref() == Some(field))
            .map(|error| error.text.clone())
    }

    /// The same for a component that finds its own.
    pub(crate) fn errors(&self) -> Vec<FieldError> {
        self.0.clone()
    }

    /// All of it, in the order in which it was said.
    pub(crate) fn into_errors(self) -> Vec<FieldError> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let mut wrong = Wrong::default();
        assert_eq!(wrong.text("why", " late ", "Say why"), Some("late".into()));
        assert!(wrong.is_empty());
        assert_eq!(wrong.text("why", " ", "Say why"), None);
        assert_eq!(wrong.text("what", &"x ".repeat(LONGEST), ""), None);
        assert_eq!(wrong.at("why").as_deref(), Some("Say why"));
        assert_eq!(wrong.at("who"), None);
        assert_eq!(wrong.into_errors().len(), 2);
    }
}
