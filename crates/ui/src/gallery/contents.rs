//! Which components the gallery shows; a test says that none is missing.

use super::GalleryComponent;
use crate::{
    back_link, breadcrumbs, button, checkboxes, date_input, details, error_message, error_summary,
    exit_this_page, fieldset, hide_screen, inset_text, notification_banner, panel, password_input,
    radios, select, skip_link, summary_list, tag, task_list, text_input, textarea, warning_text,
};

/// All components with their variants, by name.
#[must_use]
pub fn components() -> Vec<GalleryComponent> {
    let component = |slug, title, examples| GalleryComponent {
        slug,
        title,
        examples,
    };
    vec![
        component("back-link", "Back link", back_link::examples()),
        component("breadcrumbs", "Breadcrumbs", breadcrumbs::examples()),
        component("button", "Button", button::examples()),
        component("checkboxes", "Checkboxes", checkboxes::examples()),
        component("date-input", "Date input", date_input::examples()),
        component("details", "Details", details::examples()),
        component("error-message", "Error message", error_message::examples()),
        component("error-summary", "Error summary", error_summary::examples()),
        component(
            "exit-this-page",
            "Exit this page",
            exit_this_page::examples(),
        ),
        component("fieldset", "Fieldset", fieldset::examples()),
        component("hide-screen", "Hide screen", hide_screen::examples()),
        component("inset-text", "Inset text", inset_text::examples()),
        component(
            "notification-banner",
            "Notification banner",
            notification_banner::examples(),
        ),
        component("panel", "Panel", panel::examples()),
        component(
            "password-input",
            "Password input",
            password_input::examples(),
        ),
        component("radios", "Radios", radios::examples()),
        component("select", "Select", select::examples()),
        component("skip-link", "Skip link", skip_link::examples()),
        component("summary-list", "Summary list", summary_list::examples()),
        component("tag", "Tag", tag::examples()),
        component("task-list", "Task list", task_list::examples()),
        component("text-input", "Text input", text_input::examples()),
        component("textarea", "Textarea", textarea::examples()),
        component("warning-text", "Warning text", warning_text::examples()),
    ]
}
